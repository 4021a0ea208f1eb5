//! What a typed text means: normalised, matched against what is known here, ranked.

use fengtu_wire::buildings::Building;
use fengtu_wire::cases::CaseSummary;
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::Station;

use crate::api::capabilities::Capabilities;
use crate::state::district::Tree;

/// What sort of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A node of the tree.
    Place,
    /// A station.
    Station,
    /// A building or an address.
    Building,
    /// A case.
    Case,
}

impl Kind {
    /// Every kind, in the order of the groups.
    pub const ALL: [Self; 4] = [Self::Place, Self::Station, Self::Building, Self::Case];
}

/// One result.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its id.
    pub key: String,
    /// What people read.
    pub label: String,
    /// What tells it from others of the same name.
    pub note: String,
    /// Its level, where it is a place.
    pub level: Option<PlaceLevel>,
    /// Where the map goes; a place is shown whole instead.
    pub at: Option<Position>,
}

/// A text as it was typed, and as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// To the letter, without the blanks around it.
    pub text: String,
    /// Normalised.
    pub normal: String,
}

impl Typed {
    /// Reads a text; nothing where there is nothing in it.
    pub fn read(text: &str) -> Option<Self> {
        let normal = normal(text);
        (!normal.is_empty()).then(|| Self { text: text.trim().chars().take(MAX_CHARS).collect(), normal })
    }
}

/// Most characters that are looked for.
const MAX_CHARS: usize = 100;

/// Makes a typed text comparable: full-width letters and digits narrow, lower case, no space.
pub fn normal(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    let kept = text.chars().map(narrow).filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\'' && *c != '’');
    kept.flat_map(char::to_lowercase).take(MAX_CHARS).collect()
}

/// Ranks how well a name answers a normalised text: 0 the same, 1 begins with it, 2 a word in it does, 3 contains it;
/// `None`: not at all.
pub fn rank(name: &str, text: &str) -> Option<u8> {
    if text.is_empty() {
        return None;
    }
    let whole = normal(name);
    if whole == text {
        return Some(0);
    }
    if whole.starts_with(text) || initials(name) == text {
        return Some(1);
    }
    if name.split_whitespace().any(|word| normal(word).starts_with(text)) {
        return Some(2);
    }
    whole.contains(text).then_some(3)
}

/// The first letters of a name of several Latin words: `gm` finds Guang Ming.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() < 2 {
        return String::new();
    }
    words
        .iter()
        .filter_map(|w| w.chars().next())
        .filter(char::is_ascii_alphabetic)
        .flat_map(char::to_lowercase)
        .collect()
}

fn best(names: &[Option<&str>], text: &str) -> Option<u8> {
    names.iter().flatten().filter_map(|name| rank(name, text)).min()
}

/// Finds places by name in either language or by code; the higher ones first.
pub fn places(tree: &Tree, text: &str, count: usize) -> Vec<Found> {
    let text = normal(text);
    let ranked = tree.iter().filter_map(|f| {
        let place = &f.properties;
        let rank = best(&[Some(&place.name), place.name_en.as_deref(), Some(place.id.as_str())], &text)?;
        Some(((rank, place.level, place.name.as_str()), place))
    });
    let mut ranked: Vec<_> = ranked.collect();
    fengtu_geo::order::sort_by(&mut ranked, |a, b| a.0.cmp(&b.0));
    let found = ranked.into_iter().take(count).map(|(_, place)| Found {
        kind: Kind::Place,
        key: place.id.to_string(),
        label: [Some(place.name.as_str()), place.name_en.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        note: String::new(),
        level: Some(place.level),
        at: None,
    });
    found.collect()
}

/// Finds stations by name, address or id.
pub fn stations(stations: &[Feature<Station>], text: &str, count: usize) -> Vec<Found> {
    let text = normal(text);
    let ranked = stations.iter().filter_map(|f| {
        let s = &f.properties;
        let by_name = best(&[Some(&s.name), Some(s.id.as_str())], &text);
        // An address is a worse answer than any name.
        let rank = by_name.or_else(|| rank(&s.address, &text).map(|r| r + 4))?;
        let at = if let Some(Geometry::Point(at)) = f.geometry { Some(at) } else { None };
        Some(((rank, s.level, s.name.as_str()), s, at))
    });
    let mut ranked: Vec<_> = ranked.collect();
    fengtu_geo::order::sort_by(&mut ranked, |a, b| a.0.cmp(&b.0));
    let found = ranked.into_iter().take(count).map(|(_, s, at)| Found {
        kind: Kind::Station,
        key: s.id.to_string(),
        label: s.name.clone(),
        note: s.address.clone(),
        level: None,
        at,
    });
    found.collect()
}

/// Makes a result of a building.
pub fn building(building: &Building) -> Found {
    Found {
        kind: Kind::Building,
        key: building.code.to_string(),
        label: building.name.clone(),
        note: format!("{} · {}", building.address, building.code),
        level: None,
        at: building.at,
    }
}

/// Makes a result of a case.
pub fn case(case: &CaseSummary) -> Found {
    Found {
        kind: Kind::Case,
        key: case.number.to_string(),
        label: case.title.clone(),
        note: case.number.to_string(),
        level: None,
        at: case.at,
    }
}

/// Reads a normalised text as a case number: letters, digits and dashes with at least five digits.
pub fn case_number(text: &str) -> Option<CaseNumber> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && digits >= 5;
    fits.then(|| CaseNumber(text.to_ascii_uppercase()))
}

/// Whether a normalised text may be a part of a case number of any shape: it has a digit, and is not too short to tell.
pub fn is_number_like(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().count() > 2
}

/// How the backend of the cases can be asked for what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// A case can be asked for by its number.
    by_number: bool,
    /// Cases can be asked for by text.
    by_text: bool,
    /// It speaks another dialect: its numbers are of any shape, and right to the letter.
    pub is_foreign: bool,
}

impl Way {
    /// Reads it from what the backend can do: where no case can be opened, none is looked for.
    pub const fn of(can: &Capabilities, is_foreign: bool) -> Self {
        Self { by_number: can.one, by_text: can.one && can.searched, is_foreign }
    }

    /// Returns the numbers that a text may be: of a foreign backend as it was typed, then in capitals.
    pub fn numbers(self, typed: &Typed) -> Vec<CaseNumber> {
        let has_digit = typed.normal.chars().any(char::is_numeric);
        match (self.by_number, self.is_foreign) {
            (false, _) => Vec::new(),
            (true, false) => case_number(&typed.normal).into_iter().collect(),
            (true, true) if !has_digit => Vec::new(),
            (true, true) => {
                let capitals = typed.normal.to_ascii_uppercase();
                let other = (capitals != typed.text).then_some(capitals);
                std::iter::once(typed.text.clone()).chain(other).map(CaseNumber).collect()
            }
        }
    }

    /// Whether cases are asked for by a text. What may be a number is worth a question to a foreign backend even where there is a
    /// building of that text.
    pub fn looks_for(self, typed: &Typed, no_building: bool) -> bool {
        let is_number = is_number_like(&typed.normal);
        let is_worth = if self.is_foreign { is_number || no_building } else { is_number && no_building };
        self.by_text && is_worth && typed.normal.chars().count() > 1
    }

    /// Returns the words to ask by: only our own backend compares as we do.
    pub fn words(self, typed: Typed) -> String {
        if self.is_foreign { typed.text } else { typed.normal }
    }

    /// Makes results of the cases that were found by text: what a foreign backend found is shown, wherever it has looked.
    pub fn rows(self, cases: &[CaseSummary], text: &str, count: usize) -> Vec<Found> {
        if self.is_foreign { cases.iter().take(count).map(case).collect() } else { numbered(cases, text, count) }
    }
}

/// Makes results of the cases whose number has a normalised text in it: a list found by it may have it in a title alone.
pub fn numbered(cases: &[CaseSummary], text: &str, count: usize) -> Vec<Found> {
    cases.iter().filter(|one| normal(one.number.as_str()).contains(text)).take(count).map(case).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::places::Place;
    use proptest::prelude::*;

    use super::*;

    fn place(id: &str, level: PlaceLevel, name: &str, name_en: &str) -> Feature<Place> {
        let place = Place {
            id: id.into(),
            level,
            parent: None,
            name: name.to_owned(),
            name_en: Some(name_en.to_owned()),
            population: None,
            area_m2: None,
            centre: None,
            bounds: None,
        };
        Feature::new(None, place)
    }

    fn keys(found: &[Found]) -> Vec<&str> {
        found.iter().map(|f| f.key.as_str()).collect()
    }

    #[test]
    fn full_width_and_spaces_do_not_matter() {
        assert_eq!(normal("　ＡＢ１２ 栋 "), "ab12栋");
        assert_eq!(normal("Xi'an"), "xian");
    }

    #[test]
    fn a_place_is_found_in_chinese_in_pinyin_and_by_code() {
        let tree = Tree::new(vec![
            place("440311001", PlaceLevel::Street, "光明街道", "Guang Ming"),
            place("440311", PlaceLevel::District, "光明区", "Guangming District"),
            place("440311001003", PlaceLevel::Community, "东周社区", "Dongzhou"),
        ]);
        assert_eq!(keys(&places(&tree, "光明", 9)), ["440311", "440311001"]);
        assert_eq!(keys(&places(&tree, "光明街道", 9)), ["440311001"]);
        // Initials come before a name that happens to have the letters inside.
        assert_eq!(keys(&places(&tree, "gm", 9)), ["440311001", "440311"]);
        assert_eq!(keys(&places(&tree, "DONG", 9)), ["440311001003"]);
        assert_eq!(keys(&places(&tree, "４４０３１１００１００３", 9)), ["440311001003"]);
        assert!(places(&tree, "  ", 9).is_empty() && places(&tree, "深圳", 9).is_empty());
    }

    #[test]
    fn the_better_match_comes_first() {
        let ranks = ["东周", "东周社区", "下 东周", "大东周里", "西周"].map(|name| rank(name, "东周"));
        assert_eq!(ranks, [Some(0), Some(1), Some(2), Some(3), None]);
    }

    #[test]
    fn only_what_may_be_a_case_number_is_asked_for() {
        assert_eq!(case_number("gm-2026-000123"), Some(CaseNumber("GM-2026-000123".to_owned())));
        assert_eq!((case_number("3栋1001"), case_number("b12"), case_number("../1/12345")), (None, None, None));
    }

    #[test]
    fn numbers_of_any_shape_are_looked_for_by_a_part_of_them() {
        let typed = ["信访〔２０２６〕12号", "A-123", "sr-00012a"].map(normal);
        assert!(typed.iter().all(|text| is_number_like(text)), "{typed:?}");
        assert!(typed[..2].iter().all(|text| case_number(text).is_none()));
        assert!(!is_number_like("12") && !is_number_like("光明街道"));
        let cases = ["信访〔2026〕12号", "sr-00012a", "x"].map(crate::desk::drawer::signals::tests::case);
        let found = typed.map(|text| numbered(&cases, &text, 9));
        assert_eq!(found.each_ref().map(|found| keys(found)), [vec!["信访〔2026〕12号"], vec![], vec!["sr-00012a"]]);
    }

    const OURS: Way = Way { by_number: true, by_text: true, is_foreign: false };
    const THEIRS: Way = Way { is_foreign: true, ..OURS };

    #[test]
    fn a_number_of_another_backend_is_asked_for_as_it_was_typed() {
        let numbers = |way: Way, text: &str| {
            let numbers = way.numbers(&Typed::read(text).unwrap());
            numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(THEIRS, " N301 "), ["N301"]);
        assert_eq!(numbers(THEIRS, "n301"), ["n301", "N301"], "in capitals only after that");
        assert_eq!(numbers(THEIRS, "信访〔2026〕7号"), ["信访〔2026〕7号"]);
        assert_eq!(numbers(THEIRS, "sr-12345b").first().map(String::as_str), Some("sr-12345b"));
        assert!(numbers(THEIRS, "光明街道").is_empty(), "no number without a digit");
        assert_eq!(numbers(OURS, "gm-2026-000123"), ["GM-2026-000123"]);
        assert!(numbers(OURS, "N301").is_empty());
        assert!(numbers(Way { by_number: false, ..THEIRS }, "N301").is_empty());
    }

    #[test]
    fn another_backend_is_asked_by_text_where_it_is_searched() {
        let [number, words, one] = ["N301", "拖欠工资", "工"].map(|text| Typed::read(text).unwrap());
        let asks = |way: Way| [&number, &words, &one].map(|typed| way.looks_for(typed, true));
        assert_eq!(asks(THEIRS), [true, true, false]);
        assert_eq!(asks(OURS), [true, false, false], "ours by a part of a number alone");
        assert_eq!(asks(Way { by_text: false, ..THEIRS }), [false; 3]);
        assert!(THEIRS.looks_for(&number, false) && !THEIRS.looks_for(&words, false), "a building goes before words");
        assert_eq!((THEIRS.words(number.clone()), OURS.words(number)), ("N301".to_owned(), "n301".to_owned()));
        let can = |one, searched| Capabilities { one, searched, ..Capabilities::UNKNOWN };
        assert_eq!(Way::of(&can(true, true), true), THEIRS);
        assert!([can(false, true), can(true, false)].iter().all(|can| !Way::of(can, true).looks_for(&words, true)));
    }

    #[test]
    fn what_another_backend_found_is_shown_whatever_its_number_is() {
        let cases = ["信访7号", "N301"].map(crate::desk::drawer::signals::tests::case);
        assert_eq!(keys(&THEIRS.rows(&cases, "噪声", 9)), ["信访7号", "N301"], "by its title");
        assert_eq!(keys(&OURS.rows(&cases, "n3", 9)), ["N301"]);
        assert!(OURS.rows(&cases, "噪声", 9).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_normalised_once_and_for_all(text in "\\PC{0,80}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
