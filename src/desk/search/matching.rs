//! What a typed text means: normalised, matched against what is known here, ranked.

use fengtu_wire::buildings::Building;
use fengtu_wire::cases::CaseSummary;
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::Station;

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

/// Makes a typed text comparable: full-width letters and digits narrow, lower case, no space.
pub fn normal(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    let kept = text.chars().map(narrow).filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\'' && *c != '’');
    kept.flat_map(char::to_lowercase).take(100).collect()
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

/// Makes results of the cases whose number has a normalised text in it: a list found by it may have it in a title alone.
pub fn numbered(cases: &[CaseSummary], text: &str, count: usize) -> Vec<Found> {
    cases.iter().filter(|one| normal(one.number.as_str()).contains(text)).take(count).map(case).collect()
}

#[cfg(test)]
mod tests {
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

    proptest! {
        #[test]
        fn any_text_is_normalised_once_and_for_all(text in "\\PC{0,80}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
