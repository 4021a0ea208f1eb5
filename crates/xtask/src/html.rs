//! Finds elements in the documents that Trunk writes. Not a general parser: the input is our own `index.html`.

/// One element of a document: where it stands, its start tag and what it holds.
pub struct Element<'a> {
    /// The element with its tags.
    pub whole: &'a str,
    /// The start tag.
    pub tag: &'a str,
    /// What stands between the tags; empty for a void element.
    pub body: &'a str,
}

impl Element<'_> {
    /// Returns the value of an attribute; empty for one that has no value.
    pub fn attribute(&self, name: &str) -> Option<String> {
        attributes(self.tag).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// Removes comments.
pub fn without_comments(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Lists the `script` elements.
pub fn scripts(html: &str) -> Vec<Element<'_>> {
    elements(html, "<script", Some("</script>"))
}

/// Lists the `link` elements.
pub fn links(html: &str) -> Vec<Element<'_>> {
    elements(html, "<link", None)
}

fn elements<'a>(html: &'a str, open: &str, close: Option<&str>) -> Vec<Element<'a>> {
    let mut found = vec![];
    let mut rest = html;
    while let Some(at) = rest.find(open) {
        let from = rest.split_at(at).1;
        let Some(element) = element(from, close) else {
            break;
        };
        rest = from.split_at(element.whole.len()).1;
        found.push(element);
    }
    found
}

fn element<'a>(from: &'a str, close: Option<&str>) -> Option<Element<'a>> {
    let (tag, after) = from.split_at(from.find('>')? + 1);
    let Some(close) = close else {
        return Some(Element { whole: tag, tag, body: "" });
    };
    let (body, _) = after.split_at(after.find(close)?);
    let (whole, _) = from.split_at(tag.len() + body.len() + close.len());
    Some(Element { whole, tag, body })
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let inner = tag.trim_start_matches('<').trim_end_matches(['>', '/']);
    let mut rest = inner.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
    let mut all = vec![];
    while let Some((attribute, after)) = attribute(rest.trim_start()) {
        all.push(attribute);
        rest = after;
    }
    all
}

fn attribute(text: &str) -> Option<((String, String), &str)> {
    let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    let Some(value) = after.strip_prefix('=') else {
        return Some(((name.to_owned(), String::new()), after));
    };
    let (value, after) = value_of(value);
    Some(((name.to_owned(), value.to_owned()), after))
}

fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_found_with_their_bodies() {
        let html = "<p><script type=\"module\">let a = 1 < 2;</script><script src='/a.js' defer></script>";
        let found = scripts(html);
        let bodies: Vec<_> = found.iter().map(|s| s.body).collect();
        assert_eq!(bodies, ["let a = 1 < 2;", ""]);
        let sources: Vec<_> = found.iter().map(|s| s.attribute("src")).collect();
        assert_eq!(sources, [None, Some("/a.js".to_owned())]);
        assert_eq!(found.last().and_then(|s| s.attribute("defer")), Some(String::new()));
    }

    #[test]
    fn links_know_their_attributes() {
        let html =
            "<link rel=\"stylesheet\" href=\"/a-1.css\" integrity=\"sha384-x=\"/>\n<link rel=preload href=/b.wasm>";
        let all: Vec<_> = links(html)
            .iter()
            .map(|l| (l.attribute("rel").unwrap_or_default(), l.attribute("href").unwrap_or_default()))
            .collect();
        let wanted = [("stylesheet", "/a-1.css"), ("preload", "/b.wasm")];
        assert_eq!(all, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn comments_go_even_when_they_never_end() {
        assert_eq!(without_comments("a<!-- <script> -->b<!-- c"), "ab");
    }
}
