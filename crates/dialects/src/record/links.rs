//! Addresses of pictures and papers: those that may be shown to somebody to press, and how many may not.

use serde_json::{Value, json};

use crate::mapping::expression::Expr;

/// Most addresses of one record.
const MAX_LINKS: usize = 20;
/// Most characters of an address.
const MAX_LENGTH: usize = 2_000;

/// Reads the addresses of a record, against the address that its answer came from; a record is none the worse for one that may not
/// be shown: that is counted.
pub(super) fn read(expr: &Expr, found: &Value, address: &str) -> Option<Value> {
    let said = said(expr, found);
    let mut links: Vec<String> = said.iter().filter_map(|text| link(text.as_deref()?, address)).collect();
    links.truncate(MAX_LINKS);
    let refused = said.len() - links.len();
    (!said.is_empty()).then(|| json!({"links": links, "refused": refused}))
}

/// Everything that stands there, as text where it is any; empty text is nothing.
fn said(expr: &Expr, found: &Value) -> Vec<Option<String>> {
    let text = |text: &str| Some(text.trim().to_owned());
    let said: Vec<Option<String>> = match (found, &expr.split) {
        (Value::Array(list), _) => list.iter().map(|one| text(one.as_str()?)).collect(),
        (Value::String(all), Some(split)) => all.split(split.as_str()).map(text).collect(),
        (Value::String(all), None) => vec![text(all)],
        _ => vec![None],
    };
    said.into_iter().filter(|text| text.as_deref() != Some("")).collect()
}

/// Returns the whole address, by http(s), if it may be shown.
fn link(text: &str, address: &str) -> Option<String> {
    if !is_clean(text) {
        return None;
    }
    let whole = match by_http(text) {
        Some((scheme, rest)) => format!("{scheme}{rest}"),
        None => resolved(text, address)?,
    };
    is_link(&whole).then_some(whole)
}

/// Splits an address after its scheme, however that is written.
fn by_http(text: &str) -> Option<(&'static str, &str)> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (head, rest) = text.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some((scheme, rest))
    })
}

/// Returns where a relative address leads from the one of its answer. Behind a proxy of our own origin that is not known: there,
/// the other server's root is somewhere below ours.
fn resolved(text: &str, address: &str) -> Option<String> {
    let (scheme, rest) = by_http(address)?;
    if let Some(host) = text.strip_prefix("//") {
        return Some(format!("{scheme}{host}"));
    }
    let way = rest.split(['?', '#']).next().unwrap_or_default();
    let host = way.split('/').next().unwrap_or_default();
    if text.starts_with('/') {
        return Some(format!("{scheme}{host}{text}"));
    }
    let folder = way.rsplit_once('/').map_or(host, |(folder, _)| folder);
    is_path(text).then(|| format!("{scheme}{folder}/{text}"))
}

/// Whether a text is a path rather than a word such as “none” or another scheme.
fn is_path(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or_default();
    text.contains(['/', '.']) && !first.contains(':') && !text.starts_with(['?', '#'])
}

/// Whether it leads to a server and looks like it: `https://good@evil` does not.
fn is_link(whole: &str) -> bool {
    let host = by_http(whole).and_then(|(_, rest)| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.contains('@') && whole.len() <= MAX_LENGTH
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control() || turns_text(c) || "\\\"<>".contains(c))
}

/// Whether a character turns the direction of text, so that a link would look like another.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
