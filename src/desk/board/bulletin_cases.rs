//! The cases of note of a bulletin: which they are, and what is said of each. A bulletin is read by more people than a desk: it
//! names no title, which residents write and whose names no mask finds, and nothing sensitive, neither the case nor its kind.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::sight::treated_as;
use fengtu_domain::states::is_open;
use fengtu_domain::statistics::GROUP;
use fengtu_wire::cases::{CaseSummary, Class, Sensitivity};
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::paging::MAX_LIMIT;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::Signal;

use crate::api::cases::CasesQuery;
use crate::api::cube::CubeQuery;
use crate::api::lenient::Listed;
use crate::desk::scope::name_of;
use crate::desk::words;
use crate::i18n;
use crate::state::{DistrictStore, Loadable};
use crate::tr;

/// Cases that a bulletin names.
const CASES: usize = 6;

/// Asks for the cases of a class of a period.
pub fn by_class(query: &CubeQuery, class: Class) -> CasesQuery {
    CasesQuery { classes: vec![class], ..of(query) }
}

/// Asks for the group matters of a period.
pub fn by_people(query: &CubeQuery) -> CasesQuery {
    CasesQuery { people_from: Some(GROUP), ..of(query) }
}

fn of(query: &CubeQuery) -> CasesQuery {
    CasesQuery {
        place: query.place.clone(),
        from: query.from,
        to: query.to,
        limit: Some(MAX_LIMIT),
        ..CasesQuery::default()
    }
}

/// What is known of the cases of note.
#[derive(Debug, Clone, PartialEq)]
pub struct Notable {
    /// The cases, the gravest first.
    pub cases: Vec<CaseSummary>,
    /// Whether there are more than were looked through.
    pub is_part: bool,
}

/// Chooses among what came; `None`: a list could not be had.
pub fn notable(
    lists: [&Loadable<Listed<CaseSummary>>; 3],
    least: &dyn Fn(&CategoryId) -> Option<Sensitivity>,
) -> Option<Notable> {
    let [major, urgent, by_people] = lists.map(Loadable::value);
    let lists = [major?, urgent?, by_people?];
    let mut seen = BTreeSet::new();
    let all = lists.iter().flat_map(|list| &list.items).filter(|case| may_be_told(case, least));
    let all = all.filter(|case| seen.insert(case.number.clone())).cloned().collect();
    Some(Notable { cases: chosen(all), is_part: lists.iter().any(|list| list.next.is_some()) })
}

/// A kind that the settings do not know may be any: it is not told.
fn may_be_told(case: &CaseSummary, least: &dyn Fn(&CategoryId) -> Option<Sensitivity>) -> bool {
    let treated = least(&case.category).map(|least| treated_as(case.sensitivity, least));
    matches!(treated, Some(Sensitivity::Public | Sensitivity::Internal))
}

/// In turn the gravest of each kind, so that the many people of a group do not leave the urgent ones out.
fn chosen(mut left: Vec<CaseSummary>) -> Vec<CaseSummary> {
    fengtu_geo::order::sort_by(&mut left, |a, b| (b.people, b.amount_fen).cmp(&(a.people, a.amount_fen)));
    let kinds: [fn(&CaseSummary) -> bool; 3] =
        [|case| case.class == Class::Major, |case| case.class == Class::Urgent, |case| case.people >= GROUP];
    let mut found = Vec::new();
    for kind in kinds.into_iter().cycle().take(CASES * kinds.len()) {
        if let Some(at) = left.iter().position(kind).filter(|_| found.len() < CASES) {
            found.push(left.remove(at));
        }
    }
    found
}

/// Says each case in a line; `None`: they could not be had, or, where nobody asked, are not for this reader.
pub fn lines(found: Option<&Notable>, is_asked: bool, cube: &Cube, district: &DistrictStore) -> Vec<String> {
    let Some(found) = found else {
        return vec![if is_asked { tr!(board.cases_unknown) } else { tr!(board.cases_unseen) }.to_owned()];
    };
    // Whoever gets counts from k up may see few cases or none: what they see is not all that there is.
    let unseen = (!cube.exact).then(|| tr!(board.cases_unseen));
    let none = found.cases.is_empty().then(|| unseen.unwrap_or(tr!(board.no_cases)).to_owned());
    let told = (1..).zip(&found.cases).map(|(n, case)| format!("{n}. {}", line(case, cube.at, district)));
    none.into_iter().chain(told).chain(found.is_part.then(|| tr!(board.cases_part, n = MAX_LIMIT))).collect()
}

fn line(case: &CaseSummary, now: DateTime<FixedOffset>, district: &DistrictStore) -> String {
    let named = district.category(&case.category).map(|category| i18n::local(&category.name));
    let place = case.place.as_ref().map(|id| name_of(district, &community(district, id)));
    let group = (case.people >= GROUP).then(|| words::signal(Signal::GroupMatters));
    let classed = std::iter::once(words::class(case.class)).chain(group).collect::<Vec<_>>().join(tr!(board.and));
    tr!(
        board.case_line,
        number = case.number.to_string(),
        place = place.unwrap_or_else(|| tr!(board.case_nowhere).to_owned()),
        cause = named.unwrap_or_else(|| case.category.to_string()),
        class = classed,
        end = end(case, now)
    )
}

/// How long it has been open, or how it ended.
fn end(case: &CaseSummary, now: DateTime<FixedOffset>) -> String {
    let span = |to: DateTime<FixedOffset>| words::span((to - case.reported_at).num_seconds().max(0));
    match case.resolved_at {
        Some(at) => tr!(board.case_settled, span = span(at), state = words::state(case.state)),
        None if is_open(case.state) => tr!(board.case_open, span = span(now), state = words::state(case.state)),
        None => words::state(case.state).to_owned(),
    }
}

/// The community that a place lies in; itself where it is one, or larger.
fn community(district: &DistrictStore, id: &PlaceId) -> PlaceId {
    let above = |id: &PlaceId| {
        let Some(place) = district.place(id) else {
            let grids = district.grids.value().map(Vec::as_slice).unwrap_or_default();
            return grids.iter().find(|grid| grid.properties.id == *id)?.properties.parent.clone();
        };
        matches!(place.level, PlaceLevel::Grid | PlaceLevel::SubGrid).then(|| place.parent.clone()).flatten()
    };
    // A part of a grid lies two steps below; a cycle in bad data ends here.
    let way = std::iter::successors(Some(id.clone()), |id| above(id)).take(4);
    way.last().unwrap_or_else(|| id.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::desk::drawer::signals::tests::case;

    fn list(items: Vec<CaseSummary>) -> Loadable<Listed<CaseSummary>> {
        let list = Listed {
            items,
            refused: crate::api::lenient::Refused::default(),
            next: None,
            total: None,
            applied_here: Vec::new(),
        };
        Loadable::Ready { value: list, at: DateTime::UNIX_EPOCH }
    }

    fn of(number: &str, class: Class, people: u32) -> CaseSummary {
        CaseSummary { class, people, sensitivity: Sensitivity::Internal, category: "open".into(), ..case(number) }
    }

    fn least(id: &CategoryId) -> Option<Sensitivity> {
        match id.as_str() {
            "open" => Some(Sensitivity::Public),
            "closed" => Some(Sensitivity::Restricted),
            _ => None,
        }
    }

    fn numbers(found: &Notable) -> Vec<&str> {
        found.cases.iter().map(|case| case.number.as_str()).collect()
    }

    #[test]
    fn urgent_and_group_matters_are_of_note_beside_the_major_ones() {
        let many: Vec<_> = (0..9).map(|n| of(&format!("G{n}"), Class::Ordinary, 90 - n)).collect();
        let (urgent, major) = (vec![of("U", Class::Urgent, 1)], vec![of("M", Class::Major, 2), many[0].clone()]);
        let found = notable([&list(major), &list(urgent), &list(many)], &least).unwrap();
        assert_eq!(numbers(&found), ["M", "U", "G0", "G1", "G2", "G3"]);
    }

    #[test]
    fn a_restricted_kind_is_as_a_restricted_case_and_a_list_that_failed_is_not_an_empty_one() {
        let kind = |category: &str| CaseSummary { category: category.into(), ..of(category, Class::Major, 9) };
        let secret = CaseSummary { sensitivity: Sensitivity::Sensitive, ..of("secret", Class::Major, 9) };
        let all = list(vec![kind("closed"), kind("unheard-of"), secret, kind("open")]);
        assert_eq!(numbers(&notable([&all, &list(Vec::new()), &list(Vec::new())], &least).unwrap()), ["open"]);
        assert_eq!(notable([&all, &list(Vec::new()), &Loadable::Loading], &least), None);
    }

    #[test]
    fn a_line_has_no_title_and_says_how_long_it_is_open_or_how_it_ended() {
        let cube: Cube = serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap();
        let reported_at = cube.at - chrono::TimeDelta::days(3);
        let open = CaseSummary {
            title: "张三与李四".to_owned(),
            reported_at,
            resolved_at: None,
            state: fengtu_wire::cases::CaseState::Handling,
            ..of("N1", Class::Urgent, 9)
        };
        let ended = CaseSummary {
            resolved_at: Some(reported_at + chrono::TimeDelta::days(1)),
            state: fengtu_wire::cases::CaseState::Rated,
            ..open.clone()
        };
        let found = Notable { cases: vec![open, ended], is_part: true };
        let said = |found: Option<&Notable>, is_asked: bool, cube: &Cube| {
            lines(found, is_asked, cube, &DistrictStore::default())
        };
        let told = said(Some(&found), true, &cube);
        assert!(told.iter().all(|line| !line.contains("张三")), "{told:?}");
        assert!(told[0].contains("N1") && told[0].contains("一级（紧急）") && told[0].contains("3 天"), "{told:?}");
        assert!(told[1].contains("1 天") && !told[1].contains("3 天"), "{told:?}");
        assert_eq!(told.len(), 3, "that there are more is said: {told:?}");
        let none = Notable { cases: Vec::new(), is_part: true };
        assert_eq!(said(Some(&none), true, &cube).len(), 2, "none among those, and there are more");
        let unseen = Cube { exact: false, ..cube.clone() };
        let nothing = Notable { cases: Vec::new(), is_part: false };
        assert_eq!(said(Some(&nothing), true, &unseen), [tr!(board.cases_unseen)], "what they see is not all there is");
        for cube in [&cube, &unseen] {
            assert_eq!(said(None, false, cube), [tr!(board.cases_unseen)]);
            assert_eq!(said(None, true, cube), [tr!(board.cases_unknown)], "a failure is told as one, whoever reads");
        }
        assert_eq!(said(Some(&nothing), true, &cube), [tr!(board.no_cases)]);
    }
}
