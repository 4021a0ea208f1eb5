//! What is typed and what is stored, folded alike, so that 光明花园３栋, 光明花园 3 栋 and 光明花园3栋 are the same.

/// The most words of a query that are looked at.
const MAX_WORDS: usize = 6;

/// Folds a text: lower case, full-width letters and digits to half-width, spaces left out.
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(half_width).flat_map(char::to_lowercase).collect()
}

/// Joins the folded parts of a record, so that no match runs across two of them.
pub fn of_parts(parts: &[&str]) -> String {
    parts.iter().map(|part| fold(part)).collect::<Vec<_>>().join("\n")
}

/// Splits a query into `LIKE` patterns (escape character `\`), all of which must match.
pub fn patterns(query: &str) -> Vec<String> {
    let words = query.split_whitespace().map(fold).filter(|word| !word.is_empty());
    words.take(MAX_WORDS).map(|word| format!("%{}%", escape(&word))).collect()
}

/// Escapes what `LIKE` would take for a wildcard.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_cases_and_spaces_fold_alike() {
        assert_eq!(fold("光明花园　３ 栋Ａ座"), "光明花园3栋a座");
        assert_eq!(fold("GM-0３"), fold("gm-03"));
    }

    #[test]
    fn wildcards_are_only_letters() {
        assert_eq!(patterns("100% a_b"), ["%100\\%%", "%a\\_b%"]);
        assert!(patterns(" 　 ").is_empty());
    }
}
