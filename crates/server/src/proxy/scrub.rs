//! What an entry sets is taken out of the addresses that go to a page, however the other server spells it.

/// Addresses within addresses that are looked into.
const DEPTH: usize = 4;

/// Returns whether a parameter is one that an entry sets.
type IsSet<'a> = &'a dyn Fn(&str) -> bool;

/// Takes what is set out of an address.
pub fn address(text: &str, is_set: IsSet<'_>) -> String {
    let start = text.find(['?', '#']).unwrap_or(text.len());
    let (place, rest) = text.split_at(start);
    let (query, fragment) = rest.split_once('#').map_or((rest, None), |(query, fragment)| (query, Some(fragment)));
    let query = query.strip_prefix('?').map(|query| kept('?', query, is_set));
    let fragment = fragment.map(|fragment| kept('#', fragment, is_set));
    [Some(place.to_owned()), query, fragment].into_iter().flatten().collect()
}

/// Takes what is set out of the addresses of a `Link`: those in angle brackets, and those in quotes behind them.
pub fn links(text: &str, is_set: IsSet<'_>) -> String {
    text.split_inclusive(['<', '>']).flat_map(inner_pieces).map(|piece| piece_cleaned(piece, is_set)).collect()
}

/// Within angle brackets a quote is part of the address.
fn inner_pieces(piece: &str) -> Vec<&str> {
    if piece.ends_with('>') { vec![piece] } else { piece.split_inclusive('"').collect() }
}

fn piece_cleaned(piece: &str, is_set: IsSet<'_>) -> String {
    let inside = piece.trim_end_matches(['<', '>', '"']);
    address(inside, is_set) + piece.strip_prefix(inside).unwrap_or_default()
}

fn kept(mark: char, parts: &str, is_set: IsSet<'_>) -> String {
    let kept: Vec<&str> = parts.split('&').filter(|part| !holds(part, is_set, DEPTH)).collect();
    if kept.is_empty() { String::new() } else { format!("{mark}{}", kept.join("&")) }
}

/// Whether a part is a parameter that is set, or has an address in it with such a one.
fn holds(part: &str, is_set: IsSet<'_>, depth: usize) -> bool {
    part.split(['?', '#', '&', ';']).any(|part| {
        let Some((name, value)) = form_urlencoded::parse(part.as_bytes()).next() else { return false };
        let mut inner = value.split(['?', '#', '&', ';']).filter(|inner| inner.contains('='));
        is_set(&name) || depth > 0 && inner.any(|inner| holds(inner, is_set, depth - 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_key(name: &str) -> bool {
        name == "key"
    }

    #[test]
    fn what_is_set_is_taken_out_in_every_spelling_and_the_rest_stays_as_written() {
        for (text, left) in [
            ("/a?b=1&c=%2f", "/a?b=1&c=%2f"),
            ("/a?key=s", "/a"),
            ("/a?key=s&b=1", "/a?b=1"),
            ("/a?b=1&k%65y=%73#x", "/a?b=1#x"),
            ("/a?b=1;key=s&c=2", "/a?c=2"),
            ("/a?b=1&amp;key=s", "/a?b=1"),
            ("/a?b=a b\"&key=s", "/a?b=a b\""),
            ("/a?b=1?key=s", "/a"),
            ("/a#b=1&key=s", "/a#b=1"),
            ("/a#/b?key=s", "/a"),
            ("/a?next=%2Fb%3Fkey%3Ds&c=1", "/a?c=1"),
            ("/a?next=%2Fb%3Fnext%3D%252Fc%253Fkey%253Ds", "/a"),
            ("/a?b=key", "/a?b=key"),
            ("/key", "/key"),
            ("/a?", "/a?"),
        ] {
            assert_eq!(address(text, &is_key), left, "{text}");
        }
        let deep = format!("/a?{}", "b=".repeat(30_000));
        assert_eq!(address(&deep, &is_key), deep);
    }

    #[test]
    fn every_address_of_a_link_is_cleaned() {
        assert_eq!(
            links(
                "</x?key=s&page=2>; rel=\"next\"; title=\"what?\", </x?page=1&key=s>; anchor=\"/y?key=s\", </x?key=s>",
                &is_key
            ),
            "</x?page=2>; rel=\"next\"; title=\"what?\", </x?page=1>; anchor=\"/y\", </x>"
        );
        assert_eq!(links("</x?a=\"&key=s>", &is_key), "</x?a=\">");
    }
}
