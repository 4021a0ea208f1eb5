//! The path of a request to another server: passed on as written, or refused where two readers could read it differently.

/// Returns the path if every server reads it as the same place below the base.
///
/// Refused: dot segments however they are encoded, empty segments, encoded slashes, backslashes, characters of
/// control, escapes that are none, and escapes of escapes that a careless server would decode a second time.
pub fn checked(path: &str) -> Option<&str> {
    let inside = path.strip_prefix('/')?;
    // A last empty segment is a trailing slash, which some servers insist on.
    let trimmed = inside.strip_suffix('/').unwrap_or(inside);
    let fine = inside.is_empty() || trimmed.split('/').all(is_plain);
    (fine && path.is_ascii()).then_some(path)
}

/// Returns the segments of a path, decoded; nothing if [`checked`] refuses it. A trailing slash makes no segment.
pub fn segments(path: &str) -> Option<Vec<Vec<u8>>> {
    let inside = checked(path)?.trim_matches('/');
    inside.split('/').filter(|segment| !segment.is_empty()).map(decode).collect()
}

fn is_plain(segment: &str) -> bool {
    let Some(decoded) = decode(segment) else { return false };
    // What comes after a semicolon is a parameter to some servers: `..;` is a dot segment there.
    let name = decoded.split(|byte| *byte == b';').next().unwrap_or_default();
    let traverses = name == b"." || name == b"..";
    !decoded.is_empty()
        && !traverses
        && !decoded.iter().any(|byte| is_unsafe(*byte))
        && !is_escaped_again(&decoded)
        && !is_overlong(&decoded)
}

const fn is_unsafe(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f || byte == b'/' || byte == b'\\'
}

fn is_escaped_again(decoded: &[u8]) -> bool {
    decoded.windows(3).any(|part| matches!(part, [b'%', high, low] if hex(*high).is_some() && hex(*low).is_some()))
}

/// A dot or a slash in two bytes, which careless decoders still read as such.
fn is_overlong(decoded: &[u8]) -> bool {
    decoded.windows(2).any(|pair| matches!(pair, [0xc0, 0xae | 0xaf]))
}

fn decode(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = segment.bytes();
    let mut out = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        out.push(if byte == b'%' { hex(bytes.next()?)? << 4 | hex(bytes.next()?)? } else { byte });
    }
    Some(out)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_pass_as_written() {
        for path in
            ["/", "/collections/grids/items", "/services.json", "/%E7%BD%91%E6%A0%BC", "/a/", "/..a/b..", "/a;v=1"]
        {
            assert_eq!(checked(path), Some(path));
        }
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_refused() {
        for path in [
            "",
            "a",
            "/..",
            "/a/../b",
            "/./a",
            "/%2e%2e/a",
            "/%2E./a",
            "/.%2e",
            "//evil.example/",
            "/a//b",
            "/a%2fb",
            "/a%5Cb",
            "/a\\b",
            "/..;/a",
            "/%2e%2e;x=1/a",
            "/%252e%252e/a",
            "/a%25%32%66",
            "/%2574_gd",
            "/a%2f..%2fb",
            "/a/..%2f",
            "/a;x/../b",
            "/.;a/b",
            "/a/%2e%2e%2f%2e%2e",
            "/a\r\nHost: evil",
            "/a%0D%0aSet-Cookie:x",
            "/a\0",
            "/%C0%AE%C0%AE/a",
            "/a%c0%afb",
            "/网格",
            "/%00",
            "/%0d%0a",
            "/%",
            "/%2",
            "/%zz",
            "/a%7f",
        ] {
            assert_eq!(checked(path), None, "{path}");
        }
    }
}
