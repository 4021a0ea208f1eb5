//! Masking of what names a person: 张**, 138****1234, an address cut to what the viewer may see.
//!
//! The masks have a fixed length, so that they do not tell how long the name was. Identity numbers are not
//! masked but left out: no function here returns a part of one.

/// What stands for what was left out of a text.
const GAP: &str = "***";
/// Digits in a row from which a run can be a telephone or identity number.
const LONG_RUN: usize = 7;

/// Returns a name with its first character only, such as 张**; empty for a name with no letter in it.
pub fn name(full: &str) -> String {
    full.chars().find(|c| c.is_alphanumeric()).map(|first| format!("{first}**")).unwrap_or_default()
}

/// Returns a telephone number with its head and its last four digits, such as 138****1234.
///
/// A number that is shorter than a mobile's shows less, as there is less of it to hide behind.
pub fn phone(full: &str) -> String {
    let all: Vec<char> = full.chars().filter_map(ascii_digit).collect();
    let digits = all.strip_prefix(&['8', '6']).filter(|rest| rest.len() == 11).unwrap_or(&all);
    let (head, tail) = match digits.len() {
        11.. => (3, 4),
        8..=10 => (0, 4),
        _ => (0, 0),
    };
    let text = |part: &[char]| part.iter().collect::<String>();
    let (Some(head), Some(tail)) = (digits.get(..head), digits.get(digits.len() - tail..)) else {
        return GAP.to_owned();
    };
    format!("{}****{}", text(head), text(tail))
}

/// Returns a number plate with its province, city and last character, such as 粤B****5.
pub fn plate(full: &str) -> String {
    let all: Vec<char> = full.chars().filter(|c| c.is_alphanumeric()).collect();
    match all.as_slice() {
        [province, city, .., last] if all.len() >= 7 => format!("{province}{city}****{last}"),
        _ => "****".to_owned(),
    }
}

/// How much of an address is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressCut {
    /// None of it.
    Nothing,
    /// Down to the community or grid.
    Community,
    /// Down to the building: no unit, floor or room.
    Building,
    /// All of it.
    Full,
}

/// Returns an address cut to a level; `None`: nothing of it can be shown safely.
///
/// What is returned is always a beginning of the address. An address whose building or community cannot be told is
/// cut at the next higher level that can.
pub fn address(full: &str, cut: AddressCut) -> Option<&str> {
    match cut {
        AddressCut::Full => Some(full),
        AddressCut::Building => to_building(full).or_else(|| to_community(full)),
        AddressCut::Community => to_community(full),
        AddressCut::Nothing => None,
    }
}

/// Cuts after the first building mark that follows a number or letter, such as 3栋, A座, 28号.
fn to_building(full: &str) -> Option<&str> {
    let end = first_end(full, &["号楼", "栋", "幢", "座"]).or_else(|| first_end(full, &["号"]))?;
    let head = full.get(..end)?;
    let names_a_home = first_end(head, &["单元", "室", "房", "层", "楼"]).is_some_and(|inner| inner < end);
    (!names_a_home).then_some(head)
}

/// Cuts after the first 社区; failing that after the street, the town, the district.
fn to_community(full: &str) -> Option<&str> {
    let end = ["社区", "街道", "镇"].iter().find_map(|mark| Some(full.find(mark)? + mark.len()));
    let end = end.or_else(|| district_end(full))?;
    let head = full.get(..end)?;
    // A digit this early means that the mark is part of something else, such as 3区12栋.
    (!head.chars().any(is_digit)).then_some(head)
}

/// Returns the end of the first 区 that is a district and no estate, park or works.
fn district_end(full: &str) -> Option<usize> {
    let mut marks = full.match_indices('区').filter(|(at, _)| {
        let before = full.get(..*at).and_then(|head| head.chars().next_back());
        before.is_some_and(|c| !"小园业校厂片库".contains(c))
    });
    marks.next().map(|(at, mark)| at + mark.len())
}

/// Returns the end of the first of these marks that a number or letter stands before.
fn first_end(text: &str, marks: &[&str]) -> Option<usize> {
    let ends = marks.iter().filter_map(|mark| {
        let mut found = text.match_indices(mark).filter(|(at, _)| numbered(text, *at));
        found.next().map(|(at, _)| at + mark.len())
    });
    ends.min()
}

fn numbered(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    before.is_some_and(|c| is_digit(c) || c.is_ascii_alphabetic() || "十甲乙丙丁".contains(c))
}

/// Returns a free text without the telephone, identity and account numbers in it.
///
/// A run of seven digits or more goes, however it is written: full-width, Chinese or circled digits, with blanks,
/// hyphens or invisible characters between. Dates such as 2025-09-28 stay.
pub fn scrub(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        let (before, from_digit) = rest.split_at(start);
        out.push_str(before);
        let kept = date_len(from_digit);
        let run = if kept > 0 { kept } else { run_len(from_digit) };
        let (run, after) = from_digit.split_at(run);
        let is_long = kept == 0 && run.chars().filter(|&c| is_digit(c)).count() >= LONG_RUN;
        out.push_str(if is_long { GAP } else { run });
        // The check digit of an identity number may be an X.
        rest = if is_long { after.strip_prefix(['X', 'x', 'X', 'x']).unwrap_or(after) } else { after };
    }
    out.push_str(rest);
    out
}

/// Returns the bytes of a date at the start, such as 2025-09-28, 2025.9.28 or 2025/09/28; 0: there is none.
fn date_len(text: &str) -> usize {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "-./".contains(c))).unwrap_or(text.len());
    let Some(candidate) = text.get(..end) else { return 0 };
    let mut parts = candidate.split(['-', '.', '/']);
    let mut part = |lengths: core::ops::RangeInclusive<usize>, values: core::ops::RangeInclusive<u16>| {
        parts.next().is_some_and(|part| {
            lengths.contains(&part.len()) && part.parse().is_ok_and(|value: u16| values.contains(&value))
        })
    };
    let is_date = part(4..=4, 1900..=2099) && part(1..=2, 1..=12) && part(1..=2, 1..=31) && parts.next().is_none();
    if is_date { end } else { 0 }
}

/// Returns the bytes of the digits at the start, with what stands between two of them.
fn run_len(text: &str) -> usize {
    let mut end = 0;
    let mut gap = 0;
    for (at, c) in text.char_indices() {
        if is_digit(c) {
            end = at + c.len_utf8();
            gap = 0;
        } else if is_invisible(c) {
        } else if gap < 2 && is_separator(c) {
            gap += 1;
        } else {
            break;
        }
    }
    end
}

fn is_digit(c: char) -> bool {
    c.is_numeric() || "零一二三四五六七八九幺".contains(c)
}

/// Returns the ASCII form of a digit that is written half-width or full-width.
fn ascii_digit(c: char) -> Option<char> {
    let offset = u32::from(c).checked_sub(u32::from('0')).filter(|&offset| offset < 10);
    let digit = if c.is_ascii_digit() { c.to_digit(10) } else { offset }?;
    char::from_digit(digit, 10)
}

/// Returns whether a character shows nothing, so that any number of them may hide between digits.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{20d0}'..='\u{20ff}')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "-‐‑‒–—−-_.··・•()()/\\*".contains(c)
}
