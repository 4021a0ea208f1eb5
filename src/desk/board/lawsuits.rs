//! The community without lawsuits 无讼社区: lawsuits per 10,000 people 万人成讼率, and what keeps matters out of court.

use std::sync::Arc;

use fengtu_domain::lawsuits::When;
use fengtu_domain::statistics::lawsuit_rate;
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::{Figures, Lawsuits, Share};
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::insight::{Led, count, led, plain, shared, short};
use super::measures::Value;
use crate::api::cube::CubeQuery;
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
            chart: Arc::new(move || short("lawsuits-", &heads(), rows(), tr!(board.lawsuits))),
            grid: Arc::new(move || board.answer().map(|cube| grid(board, &cube)).unwrap_or_default()),
            file: None,
        },
    )
}

/// Places of a brush that the sentence names; more are in the table.
const NAMED: usize = 3;

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

/// The table with the months of each place, for which the card has no room.
fn grid(board: Board, cube: &Cube) -> Grid {
    let months =
        |cell: &&PlaceCell| value(cell.figures.lawsuits).months(cube, When::Now).unwrap_or_else(|| "—".to_owned());
    let mut heads = heads().map(str::to_owned).to_vec();
    heads.push(tr!(board.lawsuit_months).to_owned());
    let mut rows = plain(rows(board, cube));
    for (row, months) in rows.iter_mut().zip(sorted(cube).iter().map(months)) {
        row.push(months);
    }
    Grid { heads, rows }
}

/// The places, those first from which most goes to court.
fn sorted(cube: &Cube) -> Vec<&PlaceCell> {
    let mut cells: Vec<&PlaceCell> = cube.places.iter().collect();
    let known = |cell: &PlaceCell| crate::state::figures::rate(lawsuit_rate(cell.figures.lawsuits)).unwrap_or(-1.0);
    fengtu_geo::order::sort_by(&mut cells, |a, b| known(b).total_cmp(&known(a)));
    cells
}

fn rows(board: Board, cube: &Cube) -> Vec<Led> {
    let row = |cell: &&PlaceCell| {
        let f = &cell.figures;
        let figures = [
            value(f.lawsuits).text(),
            change(f.lawsuits, cell.lawsuits_before),
            change(f.lawsuits, cell.lawsuits_year_before),
            shared(f.mediated),
            shared(Share { part: f.settled, whole: f.received }),
            shared(Share { part: f.rebounds, whole: f.received }),
            shared(f.confirmed_in_time),
        ];
        led(board, cell, figures.to_vec())
    };
    sorted(cube).iter().map(row).collect()
}

fn value(lawsuits: Option<Lawsuits>) -> Value {
    Value::Lawsuits(lawsuits)
}

fn change(now: Option<Lawsuits>, before: Option<Lawsuits>) -> String {
    let (now, before) = (value(now), value(before));
    let Some(change) = now.change_from(before) else { return now.why_not_compared(before).unwrap_or("—").to_owned() };
    match change.up {
        1 => format!("↑ {}", change.text),
        -1 => format!("↓ {}", change.text),
        _ => tr!(board.even).to_owned(),
    }
}

fn sentence(board: Board, cube: &Cube) -> String {
    let name = |id: &PlaceId| board.place(id);
    let courts = board.query.with(|query| courts(cube, query.as_ref(), &name));
    tr!(
        board.lawsuits_say,
        mediated = shared(cube.figures.mediated),
        confirmations = count(cube.figures.confirmations),
        courts = courts
    )
}

/// Says the rate and how it has moved, or why there is none: nothing is guessed.
fn courts(cube: &Cube, query: Option<&CubeQuery>, name: &dyn Fn(&PlaceId) -> String) -> String {
    let cut = query.filter(|query| query.is_cut());
    match (cube.figures.lawsuits, cut) {
        (None, _) if !cube.exact => tr!(board.lawsuits_withheld).to_owned(),
        (None, Some(query)) => by_place(cube, &query.within, name),
        (None, None) => tr!(board.lawsuits_none).to_owned(),
        (Some(Lawsuits { ended: 0, .. }), _) => tr!(board.lawsuits_no_month).to_owned(),
        (Some(Lawsuits { filed: None, .. }), _) => tr!(board.lawsuits_uncovered).to_owned(),
        (Some(known), _) => told(known, cube),
    }
}

/// Says what the table has of the places that are chosen: places may lie in one another, so there is no sum of them. Under
/// any other brush there is nothing in the table either.
fn by_place(cube: &Cube, within: &[PlaceId], name: &dyn Fn(&PlaceId) -> String) -> String {
    let is_known = |cell: &PlaceCell| value(cell.figures.lawsuits).is_known();
    if !cube.places.iter().any(is_known) {
        return tr!(board.lawsuits_cut).to_owned();
    }
    let chosen: Vec<&PlaceCell> = cube.places.iter().filter(|cell| within.contains(&cell.place)).collect();
    if !chosen.iter().any(|cell| is_known(cell)) {
        return tr!(board.lawsuits_by_place).to_owned();
    }
    let parts: Vec<String> = chosen.iter().take(NAMED).map(|cell| of_place(cube, cell, name)).collect();
    let mut text = tr!(board.lawsuits_places, parts = parts.join(tr!(board.lawsuits_between)));
    if chosen.len() > NAMED {
        text.push_str(&tr!(board.lawsuits_more, n = chosen.len() - NAMED));
    }
    text
}

fn of_place(cube: &Cube, cell: &PlaceCell, name: &dyn Fn(&PlaceId) -> String) -> String {
    let (place, now) = (name(&cell.place), cell.figures.lawsuits);
    let Some(months) = value(now).months(cube, When::Now) else { return format!("{place} —") };
    tr!(
        board.lawsuits_of,
        place = place,
        rate = value(now).text(),
        months = months,
        filed = count(now.and_then(|known| known.filed)),
        before = change(now, cell.lawsuits_before),
        year = change(now, cell.lawsuits_year_before)
    )
}

fn told(known: Lawsuits, cube: &Cube) -> String {
    let of = |figures: Option<&Figures>| change(Some(known), figures.and_then(|figures| figures.lawsuits));
    let (before, year) = (of(Some(&cube.before)), of(cube.year_before.as_ref()));
    let (rate, filed) = (value(Some(known)).text(), count(known.filed));
    let months = value(Some(known)).months(cube, When::Now).unwrap_or_default();
    tr!(board.lawsuits_told, rate = rate, months = months, filed = filed, before = before, year = year)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const fn of(filed: Option<u64>, months: u32, ended: u32) -> Lawsuits {
        Lawsuits { filed, months, ended, people: 1_200_000 }
    }

    /// The answer of a September that is over.
    fn cube(now: Option<Lawsuits>) -> Cube {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        (cube.exact, cube.at, cube.figures.lawsuits) = (true, cube.to, now);
        cube.before.lawsuits = Some(of(Some(800), 1, 1));
        cube
    }

    fn said(cube: &Cube, query: Option<&CubeQuery>) -> String {
        courts(cube, query, &|id| format!("P{id}"))
    }

    fn brush(within: &[&str], weekdays: &[u8]) -> CubeQuery {
        let within = within.iter().map(|&id| id.into()).collect();
        CubeQuery { within, weekdays: weekdays.to_vec(), ..CubeQuery::default() }
    }

    #[test]
    fn the_rate_is_told_or_why_there_is_none() {
        let told = said(&cube(Some(of(Some(600), 1, 1))), None);
        assert!(told.contains("60.0") && told.contains("↓ 20.0") && told.contains("600"), "{told}");
        assert!(told.contains("2025年9月，共 1 个自然月"), "of which months: {told}");
        let all = [Some(of(Some(600), 1, 1)), Some(of(None, 0, 1)), Some(of(None, 0, 0)), None]
            .map(|now| said(&cube(now), None));
        let mut each = all.to_vec();
        each.push(said(&cube(None), Some(&brush(&[], &[1]))));
        each.push(said(&Cube { exact: false, ..cube(None) }, None));
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), 6, "each has its own words: {each:?}");
        assert!(all[3].contains("尚未接入"));
    }

    #[test]
    fn no_change_is_told_from_another_number_of_months_and_why_not_is_said() {
        let quarter = |known| {
            let mut cube = cube(Some(of(Some(1_200), known, 3)));
            cube.from = "2025-07-01T00:00:00+08:00".parse().unwrap();
            cube.before.lawsuits = Some(of(Some(2_400), 3, 3));
            said(&cube, None)
        };
        let whole = quarter(3);
        assert!(whole.contains("2025年7月至9月，共 3 个自然月") && whole.contains("↓ 40.0"), "{whole}");
        let part = quarter(2);
        assert!(part.contains("60.0") && part.contains("其中 1 个月的数据未到"), "{part}");
        assert!(part.contains("环比 月数不同") && !part.contains('↓') && part.contains("同比 —"), "{part}");
    }

    #[test]
    fn under_a_brush_of_places_alone_the_sentence_says_what_the_table_does() {
        let mut cube = cube(None);
        let template = cube.places[0].clone();
        let cell = |id: &str, filed| PlaceCell {
            place: id.into(),
            figures: Figures { lawsuits: Some(of(filed, 1, 1)), ..template.figures },
            lawsuits_before: Some(of(Some(800), 1, 1)),
            lawsuits_year_before: None,
            ..template.clone()
        };
        cube.places = vec![cell("a", Some(600)), cell("b", None), cell("c", Some(900))];
        let one = said(&cube, Some(&brush(&["a"], &[])));
        for part in ["Pa 60.0", "2025年9月，共 1 个自然月", "600", "环比 ↓ 20.0", "同比 —"] {
            assert!(one.contains(part), "{part}: {one}");
        }
        let two = said(&cube, Some(&brush(&["a", "b"], &[])));
        assert!(two.contains("Pa 60.0") && two.contains("Pb —") && !two.contains("Pc"), "{two}");
        let below = said(&cube, Some(&brush(&["a-1"], &[])));
        assert!(below.contains("见表") && !below.contains("Pa"), "its own level is not in the table: {below}");
        cube.places = ["a", "b", "c", "d", "e"].map(|id| cell(id, Some(600))).to_vec();
        let many = said(&cube, Some(&brush(&["a", "b", "c", "d", "e"], &[])));
        assert!(many.contains("Pc 60.0") && !many.contains("Pd") && many.contains("2 个"), "{many}");
        cube.places.clear();
        assert!(said(&cube, Some(&brush(&["a"], &[1]))).contains("筛选时不计"));
    }
}
