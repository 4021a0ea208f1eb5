//! Cards that compare: what grew beyond chance, repeats and groups, orders, coverage.

use std::sync::Arc;

use fengtu_domain::ranking::is_beyond_chance;
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::statistics::Share;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::measures::is_part;
use super::told;
use crate::state::figures::rate;
use crate::tr;
use crate::ui::number::{self, grouped};

/// Rows of a short table.
const ROWS: usize = 8;

/// Something that grew or fell.
#[derive(Debug, Clone, PartialEq)]
struct Grown {
    name: String,
    now: u64,
    before: u64,
}

impl Grown {
    /// How far beyond chance, in standard deviations; below 0: it fell.
    fn force(&self) -> f64 {
        (self.now as f64 - self.before as f64) / (self.now + self.before).max(1) as f64
            * ((self.now + self.before) as f64).sqrt()
    }
}

fn grown(board: Board, cube: &Cube) -> Vec<Grown> {
    if is_part(cube) {
        return Vec::new();
    }
    let make = |name: String, now: Option<u64>, before: Option<u64>| Some(Grown { name, now: now?, before: before? });
    let places =
        cube.places.iter().filter_map(|cell| make(board.place(&cell.place), cell.figures.received, cell.before));
    let causes =
        cube.categories.iter().filter_map(|cell| make(board.category(&cell.category), cell.received, cell.before));
    let mut all: Vec<Grown> = places.chain(causes).filter(|one| is_beyond_chance(one.now, one.before)).collect();
    fengtu_geo::order::sort_by(&mut all, |a, b| b.force().abs().total_cmp(&a.force().abs()));
    all
}

/// How many are not compared, as either of their counts is withheld.
fn uncompared(cube: &Cube) -> usize {
    let places = cube.places.iter().filter(|cell| cell.figures.received.is_none() || cell.before.is_none());
    let causes = cube.categories.iter().filter(|cell| cell.received.is_none() || cell.before.is_none());
    places.count() + causes.count()
}

/// A table of the first rows; more are in the table behind.
pub fn short(heads: &[&'static str], mut rows: Vec<Vec<String>>, caption: &'static str) -> AnyView {
    let left_out = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    if rows.is_empty() {
        // The sentence above says that there is none, or that it is withheld.
        return ().into_any();
    }
    let table = Grid { heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows }.view(caption.to_owned());
    let more = (left_out > 0).then(|| view! { <p class="quiet">{tr!(board.rows_below, n = left_out)}</p> });
    view! { {table}{more} }.into_any()
}

/// What grew or fell by more than chance.
pub fn growth(board: Board) -> AnyView {
    let rows = move || {
        let row = |one: Grown| {
            let arrow = if one.now > one.before { "↑" } else { "↓" };
            vec![
                one.name,
                grouped(one.now),
                grouped(one.before),
                format!("{arrow} {}", grouped(one.now.abs_diff(one.before))),
            ]
        };
        board.answer().map(|cube| grown(board, &cube).into_iter().map(row).collect::<Vec<_>>()).unwrap_or_default()
    };
    let heads = || [tr!(board.what), tr!(board.now), tr!(board.before), tr!(board.change)];
    let says = move || {
        let told = |cube: Arc<Cube>| {
            if is_part(&cube) {
                return tr!(board.growth_part).to_owned();
            }
            let found = grown(board, &cube);
            let up = found.iter().filter(|one| one.now > one.before).count();
            tr!(board.growth_says, up = up, down = found.len() - up) + &told::hidden(uncompared(&cube))
        };
        board.answer().map(told).unwrap_or_default()
    };
    card(
        "",
        Parts {
            id: "growth",
            sheet: None,
            controls: None,
            title: || tr!(board.growth),
            says: Arc::new(says),
            chart: Arc::new(move || short(&heads(), rows(), tr!(board.growth))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: rows() }),
            file: None,
        },
    )
}

/// Repeats, rebounds and group matters by place.
pub fn again(board: Board) -> AnyView {
    let rows = move || board.answer().map(|cube| repeated(board, &cube)).unwrap_or_default();
    let heads = || [tr!(board.place), tr!(board.repeats), tr!(board.rebounds), tr!(board.groups)];
    let says = move || {
        let count = |n: Option<u64>| n.map_or_else(|| "—".to_owned(), grouped);
        let told = |cube: Arc<Cube>| {
            let f = &cube.figures;
            tr!(
                board.again_says,
                repeats = count(f.repeats),
                rebounds = count(f.rebounds),
                groups = count(cube.groups),
                before = count(cube.groups_before)
            ) + &told::hidden(
                [f.repeats, f.rebounds, cube.groups, cube.groups_before].iter().filter(|n| n.is_none()).count(),
            )
        };
        board.answer().map(told).unwrap_or_default()
    };
    card(
        "",
        Parts {
            id: "again",
            sheet: None,
            controls: None,
            title: || tr!(board.again),
            says: Arc::new(says),
            chart: Arc::new(move || short(&heads(), rows(), tr!(board.again))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: rows() }),
            file: None,
        },
    )
}

fn repeated(board: Board, cube: &Cube) -> Vec<Vec<String>> {
    let weight = |cell: &PlaceCell| {
        cell.figures.repeats.unwrap_or(0) + cell.figures.rebounds.unwrap_or(0) + cell.groups.unwrap_or(0)
    };
    let mut cells: Vec<&PlaceCell> = cube.places.iter().filter(|cell| weight(cell) > 0).collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| weight(b).cmp(&weight(a)));
    let count = |n: Option<u64>| n.map_or_else(|| "—".to_owned(), grouped);
    let row = |cell: &&PlaceCell| {
        vec![board.place(&cell.place), count(cell.figures.repeats), count(cell.figures.rebounds), count(cell.groups)]
    };
    cells.iter().map(row).collect()
}

/// Orders and check-ins by place.
pub fn orders(board: Board) -> AnyView {
    let rows = move || {
        let row = |cell: &PlaceCell| {
            vec![board.place(&cell.place), count(cell.figures.orders), shared(cell.figures.checked_in)]
        };
        let given = |cell: &&PlaceCell| cell.figures.orders.is_some_and(|n| n > 0);
        board.answer().map(|cube| cube.places.iter().filter(given).map(row).collect::<Vec<_>>()).unwrap_or_default()
    };
    let heads = || [tr!(board.place), tr!(board.orders), tr!(board.checked_in)];
    let says = move || board.answer().map(|cube| of_orders(&cube)).unwrap_or_default();
    card(
        "",
        Parts {
            id: "orders",
            sheet: None,
            controls: None,
            title: || tr!(board.orders_title),
            says: Arc::new(says),
            chart: Arc::new(move || short(&heads(), rows(), tr!(board.orders_title))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: rows() }),
            file: None,
        },
    )
}

/// Where nothing is withheld and none are told, none are kept; where something is, nobody says which.
fn of_orders(cube: &Cube) -> String {
    match cube.figures.orders {
        Some(n) => tr!(board.orders_say, n = grouped(n), rate = shared(cube.figures.checked_in)),
        None if cube.exact => tr!(board.orders_none).to_owned(),
        None => tr!(board.orders_unknown).to_owned(),
    }
}

/// Writes a count; a dash where it is withheld.
pub fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "—".to_owned(), grouped)
}

/// Writes a share as a rate; a dash where it is withheld.
pub fn shared(share: Share) -> String {
    rate(share).map_or_else(|| "—".to_owned(), number::share)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_backend_without_orders_withholds_none() {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        let mut said = |orders, exact| {
            (cube.exact, cube.figures.orders) = (exact, orders);
            of_orders(&cube)
        };
        assert!(said(Some(9), true).starts_with("发令 9 次"));
        assert_eq!(said(None, true), "该后端没有发令记录。");
        assert!(said(None, false).contains("，或按隐私规则"));
    }
}
