//! What figures tell of few people, on districts of a few dozen cases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use chrono::{DateTime, FixedOffset};
use fengtu_domain::statistics::{Period, lawsuit_rate};
use fengtu_wire::cases::{CaseState, Channel, Class, Sensitivity};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::{Figures, Lawsuits, Share};

use super::figures::{Question, answer, today};
use super::lawsuits::Filings;
use super::tree::Node;
use super::{Board, Scope, heat};
use crate::dataset::LawsuitRow;
use crate::store::cases::CaseFact;

const NOW: &str = "2026-03-11T10:00:00+08:00";

fn at(text: &str) -> DateTime<FixedOffset> {
    text.parse().unwrap()
}

/// A case of street 1 that was accepted in the morning of a day.
fn case(number: usize, category: &str, day: &str) -> CaseFact {
    let accepted = at(&format!("{day}T08:00:00+08:00")).timestamp_millis();
    let is_restricted = category.starts_with("psychological");
    CaseFact {
        number: format!("C{number:03}").into(),
        channel: Channel::Hall,
        category: category.into(),
        class: Class::Ordinary,
        sensitivity: if is_restricted { Sensitivity::Restricted } else { Sensitivity::Internal },
        state: CaseState::Accepted,
        place: Some("1".into()),
        at: None,
        title: String::new(),
        people: 1,
        amount_fen: 0,
        repeat_of: None,
        rating: None,
        reported_at: accepted,
        answered_at: Some(accepted),
        accepted_at: Some(accepted),
        resolved_at: None,
        steps: vec![(accepted, CaseState::Reported), (accepted, CaseState::Accepted)],
    }
}

fn cases(category: &str, count: usize, day: &str, first: usize) -> Vec<CaseFact> {
    (first..first + count).map(|number| case(number, category, day)).collect()
}

fn mediated(mut cases: Vec<CaseFact>, count: usize) -> Vec<CaseFact> {
    cases.iter_mut().take(count).for_each(|case| {
        let then = case.reported_at + 60_000;
        case.steps.push((then, CaseState::Mediating));
        case.state = CaseState::Mediating;
    });
    cases
}

/// Settles so many cases, and rates so many of these.
fn settled(mut cases: Vec<CaseFact>, settled: usize, rated: usize) -> Vec<CaseFact> {
    for (n, case) in cases.iter_mut().take(settled).enumerate() {
        let then = case.reported_at + 60_000;
        case.steps.push((then, CaseState::Resolved));
        (case.state, case.resolved_at) = (CaseState::Resolved, Some(then));
        case.rating = (n < rated).then_some(5);
    }
    cases
}

fn board(cases: &[CaseFact]) -> Board {
    let node = |id: &str, level, parent: Option<&str>, population| Node {
        id: id.into(),
        level,
        parent: parent.map(Into::into),
        population,
    };
    let nodes = vec![
        node("d", PlaceLevel::District, None, 200_000),
        node("1", PlaceLevel::Street, Some("d"), 120_000),
        node("2", PlaceLevel::Street, Some("d"), 80_000),
    ];
    let config = fengtu_domain::defaults::config(at(NOW));
    Board::new(&config, nodes, cases, at(NOW).timestamp())
}

fn figures(board: &Board, place: &str, period: [&str; 2], k: Option<u32>) -> Figures {
    answer(board, &question(board, place, period, k)).figures
}

fn question(board: &Board, place: &str, [from, to]: [&str; 2], k: Option<u32>) -> Question {
    let midnight = |day: &str| at(&format!("{day}T00:00:00+08:00")).timestamp();
    Question {
        scope: Scope::of(&board.tree, &place.into()).unwrap(),
        place: place.into(),
        period: Period { from: midnight(from), to: midnight(to) },
        level: None,
        now: at(NOW),
        k,
    }
}

const MARCH: [&str; 2] = ["2026-03-01", "2026-03-12"];

const fn share(part: u64, whole: u64) -> Share {
    Share { part: Some(part), whole: Some(whole) }
}

#[test]
fn ratings_are_told_where_settled_is() {
    let of = |done, rated| {
        let board = board(&settled(cases("complaints.traffic", 30, "2026-03-02", 0), done, rated));
        let figures = figures(&board, "d", MARCH, Some(5));
        (figures.received, figures.settled, figures.rated, figures.satisfied)
    };
    let none = Share::default();
    assert_eq!(of(20, 10), (Some(30), Some(20), share(10, 20), share(10, 10)));
    assert_eq!(of(28, 10), (Some(30), None, none, none), "two are not settled");
    assert_eq!(of(20, 18), (Some(30), Some(20), none, none), "two are not rated");
}

#[test]
fn disputes_are_told_where_all_their_categories_and_the_rest_are() {
    let of = |wages: usize, land: usize, traffic: usize| {
        let mut all = mediated(cases("mediation.wages", wages, "2026-03-02", 0), wages / 2);
        all.extend(cases("mediation.land", land, "2026-03-02", 100));
        all.extend(cases("complaints.traffic", traffic, "2026-03-02", 200));
        let board = board(&all);
        let live = today(&board, Scope::All, at("2026-03-02T20:00:00+08:00"), Some(5));
        let figures = figures(&board, "d", MARCH, Some(5));
        assert_eq!(live.mediated, figures.mediated);
        (figures.received, figures.mediated)
    };
    assert_eq!(of(20, 10, 20), (Some(50), share(10, 30)));
    assert_eq!(of(20, 2, 20), (Some(42), Share::default()), "two about land");
    assert_eq!(of(20, 10, 2), (Some(32), Share::default()), "two are no disputes");
}

#[test]
fn where_nothing_is_known_of_mediations_none_is_not_a_nought() {
    let wages = cases("mediation.wages", 20, "2026-03-02", 0);
    assert_eq!(figures(&board(&wages), "d", MARCH, None).mediated, Share::default());
    let mut known = wages;
    known.extend(mediated(cases("mediation.wages", 1, "2026-01-02", 100), 1));
    assert_eq!(figures(&board(&known), "d", MARCH, None).mediated, share(0, 20));
}

fn file(board: &mut Board, rows: &[(&str, &str, u32)]) {
    let row = |&(place, month, filed): &(&str, &str, u32)| LawsuitRow {
        place: place.into(),
        month: format!("{month}-01").parse().unwrap(),
        filed,
    };
    board.lawsuits = Filings::new(&board.tree, &rows.iter().map(row).collect::<Vec<_>>());
}

const fn lawsuits(filed: Option<u64>, months: u32, ended: u32, people: u64) -> Lawsuits {
    Lawsuits { filed, months, ended, people }
}

#[test]
fn lawsuits_are_of_whole_months_and_a_sum_where_every_place_has_them() {
    let mut board = board(&cases("mediation.wages", 20, "2026-03-02", 0));
    let spring = ["2026-01-01", "2026-03-12"];
    assert_eq!(figures(&board, "d", spring, None).lawsuits, None, "none are connected");
    file(&mut board, &[("1", "2026-01", 30), ("1", "2026-02", 24), ("2", "2026-01", 10), ("gone", "2026-01", 9)]);
    let of = |board: &Board, place: &str, period| figures(board, place, period, None).lawsuits;
    let first = of(&board, "1", spring);
    assert_eq!(first, Some(lawsuits(Some(54), 2, 2, 120_000)), "March is not over");
    let rate = lawsuit_rate(first);
    assert_eq!((rate.part, rate.whole), (Some(54), Some(20_000)), "27 per 10,000 and year");
    assert_eq!(of(&board, "2", spring), Some(lawsuits(Some(10), 1, 2, 80_000)));
    assert_eq!(of(&board, "d", spring), Some(lawsuits(Some(40), 1, 2, 200_000)), "street 2 lacks February");
    assert_eq!(of(&board, "d", ["2026-02-10", "2026-03-12"]), Some(lawsuits(None, 0, 1, 200_000)));
    assert_eq!(
        of(&board, "1", ["2026-02-10", "2026-03-01"]),
        Some(lawsuits(Some(24), 1, 1, 120_000)),
        "it ends with February"
    );
    assert_eq!(of(&board, "1", ["2026-03-01", "2026-03-12"]), Some(lawsuits(None, 0, 0, 120_000)));
    assert_eq!(lawsuit_rate(of(&board, "1", MARCH)), Share::default());
    file(&mut board, &[("1", "2026-01", 30), ("2", "2026-01", 10), ("d", "2026-01", 41), ("d", "2026-02", 7)]);
    assert_eq!(of(&board, "d", spring), Some(lawsuits(Some(48), 2, 2, 200_000)), "the district's own count goes first");
    assert_eq!(figures(&board, "d", spring, Some(5)).lawsuits, None, "exact ones are not for everybody");
    assert_eq!(today(&board, Scope::All, at(NOW), None).lawsuits, None);
}

#[test]
fn a_morning_is_beside_the_morning_before() {
    let mut all = cases("mediation.wages", 9, "2026-03-10", 0);
    all.extend(cases("mediation.wages", 7, "2026-03-11", 100));
    let board = board(&all);
    let until = |time: &str| {
        let mut question = question(&board, "d", ["2026-03-11", "2026-03-12"], None);
        question.period.to = at(&format!("2026-03-11T{time}+08:00")).timestamp();
        let told = answer(&board, &question);
        (told.figures.received, told.before.received)
    };
    // All are accepted at eight.
    assert_eq!(until("09:00:00"), (Some(7), Some(9)));
    assert_eq!(until("07:00:00"), (Some(0), Some(0)));
}

#[test]
fn a_period_is_beside_the_one_before_only_where_cases_cover_that() {
    let mut all = cases("mediation.wages", 9, "2026-02-03", 0);
    all.extend(cases("mediation.wages", 7, "2026-03-11", 100));
    let board = board(&all);
    let of = |from: &str, k| {
        let told = answer(&board, &question(&board, "d", [from, "2026-03-12"], k));
        (told.figures.received, told.before.received)
    };
    for k in [None, Some(5)] {
        assert_eq!(of("2026-02-06", k), (Some(7), None), "34 days before it, of which 27 have cases");
        assert_eq!(of("2026-02-12", k), (Some(7), None), "28 days before it, of which there are 19");
    }
    assert_eq!(of("2026-03-01", None), (Some(7), Some(0)), "eleven days that all are covered");
    assert_eq!(of("2026-02-21", None), (Some(7), Some(9)), "19 days before it, from 2 February on");
}

#[test]
fn lawsuits_are_beside_those_of_as_many_months_before() {
    let mut board = board(&cases("mediation.wages", 20, "2026-03-02", 0));
    file(&mut board, &[("1", "2025-11", 20), ("1", "2025-12", 22), ("1", "2026-01", 30), ("1", "2026-02", 24)]);
    let before = |from| answer(&board, &question(&board, "1", [from, "2026-03-10"], None)).before.lawsuits;
    // The days before hold the end of no month, and of two.
    assert_eq!(before("2026-02-25"), Some(lawsuits(Some(30), 1, 1, 120_000)));
    assert_eq!(before("2026-01-20"), Some(lawsuits(Some(42), 2, 2, 120_000)));
    assert_eq!(before("2026-03-02"), Some(lawsuits(None, 0, 0, 120_000)));
}

#[test]
fn three_months_over_the_turn_of_a_year_tell_how_many_of_them_are_known_and_so_do_those_beside_them() {
    let mut board = board(&cases("mediation.wages", 20, "2026-03-02", 0));
    let known = [("2024-12", 9), ("2025-08", 5), ("2025-09", 6), ("2025-10", 7), ("2025-12", 20), ("2026-02", 24)];
    file(&mut board, &known.map(|(month, filed)| ("1", month, filed)));
    let told = answer(&board, &question(&board, "1", ["2025-12-01", "2026-03-01"], None));
    let of = |filed, months| Some(lawsuits(Some(filed), months, 3, 120_000));
    assert_eq!(told.figures.lawsuits, of(44, 2), "January is missing");
    assert_eq!(told.before.lawsuits, of(13, 2), "September to November, without the last");
    assert_eq!(told.year_before.unwrap().lawsuits, of(9, 1), "December 2024 alone");
}

#[test]
fn a_year_before_the_first_case_is_that_of_the_courts_alone() {
    let mut board = board(&cases("mediation.wages", 20, "2026-03-02", 0));
    file(&mut board, &[("1", "2025-02", 36), ("1", "2026-02", 24)]);
    let year = |place: &str, k| {
        let question = question(&board, place, ["2026-02-10", "2026-03-12"], k);
        answer(&board, &question).year_before
    };
    let lawsuits = Some(lawsuits(Some(36), 1, 1, 120_000));
    assert_eq!(year("1", None), Some(Figures { lawsuits, ..Figures::default() }));
    assert_eq!((year("2", None), year("1", Some(5))), (None, None));
}

#[test]
fn what_is_left_of_a_period_that_is_over_is_what_stands_now() {
    let mut all = cases("mediation.wages", 8, "2026-02-02", 0);
    for case in &mut all {
        case.people = 5;
    }
    // Three are settled at once, three in March, long after their time; two never.
    for (case, day) in all.iter_mut().zip(["2026-02-02", "2026-03-09"].into_iter().cycle().take(6)) {
        let then = at(&format!("{day}T09:00:00+08:00")).timestamp_millis();
        case.steps.push((then, CaseState::Resolved));
        (case.state, case.resolved_at) = (CaseState::Resolved, Some(then));
    }
    let board = board(&all);
    let Question { scope, place, period, now, .. } = question(&board, "d", ["2026-02-01", "2026-03-01"], None);
    let brush = super::cube::Brush::default();
    let asked = super::cube::Question { scope, place, period, level: None, brush, now, k: None };
    let cube = super::cube::answer(&board, &asked);
    assert_eq!((cube.figures.settled, cube.figures.overdue, cube.groups), (Some(6), Some(5), Some(8)));
    assert_eq!((cube.overdue_left, cube.groups_left), (Some(2), Some(2)));
    let masked = super::cube::answer(&board, &super::cube::Question { k: Some(5), ..asked });
    assert_eq!((masked.overdue_left, masked.groups_left), (None, None));
}

#[test]
fn psychological_services_are_of_months_that_are_over_and_of_large_places() {
    let mut all = cases("psychological.counselling", 7, "2026-01-31", 0);
    all.extend(cases("psychological.crisis", 13, "2026-02-01", 100));
    all.extend(cases("psychological.crisis", 3, "2025-12-31", 200));
    all.extend(cases("psychological.crisis", 30, "2026-03-02", 300));
    let board = board(&all);
    for k in [None, Some(5)] {
        let of = |place: &str, period| figures(&board, place, period, k).psychological;
        assert_eq!(of("d", ["2026-01-01", "2026-03-12"]), Some(15), "5 and 10, and March is not over");
        assert_eq!(of("1", ["2026-02-10", "2026-03-12"]), Some(10), "February ended in it");
        assert_eq!(of("d", ["2025-12-01", "2026-01-01"]), None, "three are few");
        assert_eq!(of("d", ["2025-10-01", "2025-12-01"]), None, "and none is not told from few");
        assert_eq!(of("d", ["2026-03-01", "2026-04-02"]), Some(10), "it is March: February is the last that is over");
        assert_eq!(of("d", ["2026-02-01", "2026-02-28"]), Some(5), "which ended with the day after: January");
        assert_eq!(of("2", ["2025-01-01", "2026-03-12"]), None, "80,000 people are few");
        assert_eq!(today(&board, Scope::All, at(NOW), k).psychological, None);
    }
}

/// The column has room for 256 names.
#[test]
fn no_point_has_another_categorys_name_however_many_there_are() {
    let place = |case: CaseFact| CaseFact { at: Some([113.9, 22.7]), ..case };
    let all: Vec<_> = (0..300).map(|n| place(case(n, &format!("c{n}"), "2026-03-02"))).collect();
    let board = board(&all);
    let filter = heat::Filter { scope: Scope::All, reported: 0..i64::MAX, categories: None };
    let columns = heat::columns(&board, &filter, |_, _| true);
    let features = heat::features(&board, &filter, |_, _| true);
    let names = columns.category.iter().map(|&at| &columns.categories[usize::from(at)]);
    let (own, others): (Vec<_>, Vec<_>) =
        names.zip(&features).partition(|(name, feature)| **name == feature.properties.category);
    assert_eq!((own.len(), others.len()), (255, 45));
    assert!(
        others.iter().all(|(name, _)| name.as_str() == fengtu_wire::heat::OTHER_CATEGORIES),
        "no name of a category"
    );
}
