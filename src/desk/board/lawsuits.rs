//! The community without lawsuits 无讼社区: lawsuits per 10,000 people 万人成讼率, and what keeps matters out of court.

use std::sync::Arc;

use fengtu_domain::statistics::lawsuit_rate;
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::statistics::{Figures, Lawsuits, Share};
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::insight::{count, shared, short};
use super::measures::Value;
use crate::tr;

/// Shows it.
pub fn lawsuits(board: Board) -> AnyView {
    let rows = move || board.answer().map(|cube| rows(board, &cube)).unwrap_or_default();
    card(
        "wide",
        Parts {
            id: "lawsuits",
            sheet: None,
            controls: None,
            title: || tr!(board.lawsuits),
            says: Arc::new(move || board.answer().map(|cube| sentence(board, &cube)).unwrap_or_default()),
            chart: Arc::new(move || short(&heads(), rows(), tr!(board.lawsuits))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: rows() }),
            file: None,
        },
    )
}

fn heads() -> [&'static str; 8] {
    [
        tr!(board.place),
        tr!(board.lawsuit_rate),
        tr!(board.vs_before),
        tr!(board.vs_year),
        tr!(board.mediated),
        tr!(board.rate),
        tr!(board.rebound_rate),
        tr!(board.confirmed),
    ]
}

/// The places, those first from which most goes to court.
fn rows(board: Board, cube: &Cube) -> Vec<Vec<String>> {
    let mut cells: Vec<&PlaceCell> = cube.places.iter().collect();
    let known = |cell: &PlaceCell| crate::state::figures::rate(lawsuit_rate(cell.figures.lawsuits)).unwrap_or(-1.0);
    fengtu_geo::order::sort_by(&mut cells, |a, b| known(b).total_cmp(&known(a)));
    let row = |cell: &&PlaceCell| {
        let f = &cell.figures;
        vec![
            board.place(&cell.place),
            value(f.lawsuits).text(),
            change(f.lawsuits, cell.lawsuits_before),
            change(f.lawsuits, cell.lawsuits_year_before),
            shared(f.mediated),
            shared(Share { part: f.settled, whole: f.received }),
            shared(Share { part: f.rebounds, whole: f.received }),
            shared(f.confirmed_in_time),
        ]
    };
    cells.iter().map(row).collect()
}

fn value(lawsuits: Option<Lawsuits>) -> Value {
    Value::PerTenThousand(lawsuit_rate(lawsuits))
}

fn change(now: Option<Lawsuits>, before: Option<Lawsuits>) -> String {
    let Some(change) = value(now).change_from(value(before)) else { return "—".to_owned() };
    match change.up {
        1 => format!("↑ {}", change.text),
        -1 => format!("↓ {}", change.text),
        _ => tr!(board.even).to_owned(),
    }
}

fn sentence(board: Board, cube: &Cube) -> String {
    let is_cut = board.query.with(|query| query.as_ref().is_some_and(crate::api::cube::CubeQuery::is_cut));
    tr!(
        board.lawsuits_say,
        mediated = shared(cube.figures.mediated),
        confirmations = count(cube.figures.confirmations),
        courts = courts(cube, is_cut)
    )
}

/// Says the rate and how it has moved, or why there is none: nothing is guessed.
fn courts(cube: &Cube, is_cut: bool) -> String {
    match cube.figures.lawsuits {
        None if !cube.exact => tr!(board.lawsuits_withheld).to_owned(),
        None if is_cut => tr!(board.lawsuits_cut).to_owned(),
        None => tr!(board.lawsuits_none).to_owned(),
        Some(Lawsuits { ended: 0, .. }) => tr!(board.lawsuits_no_month).to_owned(),
        Some(Lawsuits { filed: None, .. }) => tr!(board.lawsuits_uncovered).to_owned(),
        Some(known) => told(known, cube),
    }
}

fn told(known: Lawsuits, cube: &Cube) -> String {
    let of = |figures: Option<&Figures>| change(Some(known), figures.and_then(|figures| figures.lawsuits));
    let (before, year) = (of(Some(&cube.before)), of(cube.year_before.as_ref()));
    let rate = value(Some(known)).text();
    let filed = count(known.filed);
    let mut text =
        tr!(board.lawsuits_told, rate = rate, months = known.months, filed = filed, before = before, year = year);
    if known.months < known.ended {
        text.push_str(&tr!(board.lawsuits_missing, n = known.ended - known.months));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn cube(now: Option<Lawsuits>) -> Cube {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        (cube.exact, cube.figures.lawsuits) = (true, now);
        cube.before.lawsuits = Some(Lawsuits { filed: Some(800), months: 1, ended: 1, people: 1_200_000 });
        cube
    }

    #[test]
    fn the_rate_is_told_or_why_there_is_none() {
        let of = |filed, months, ended| Some(Lawsuits { filed, months, ended, people: 1_200_000 });
        let told = courts(&cube(of(Some(600), 1, 1)), false);
        assert!(told.contains("60.0") && told.contains("↓ 20.0") && told.contains("600"), "{told}");
        let part = courts(&cube(of(Some(1_200), 2, 3)), false);
        assert!(part.contains("60.0") && part.contains("1 个月"), "{part}");
        let all = [of(Some(600), 1, 1), of(None, 0, 1), of(None, 0, 0), None].map(|now| courts(&cube(now), false));
        let mut said = all.to_vec();
        said.push(courts(&cube(None), true));
        said.push(courts(&Cube { exact: false, ..cube(None) }, false));
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), 6, "each has its own words: {said:?}");
        assert!(all[3].contains("尚未接入"));
    }
}
