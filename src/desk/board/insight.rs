//! Cards that compare: what grew beyond chance, repeats and groups, orders, coverage.

use std::sync::Arc;

use fengtu_domain::ranking::is_beyond_chance;
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::statistics::Share;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::{Board, use_board};
use super::down::{To, link};
use super::frame::{address, lack};
use super::measures::is_part;
use super::told;
use crate::routes::Page;
use crate::state::figures::rate;
use crate::state::{SessionStore, use_store};
use crate::tr;
use crate::ui::number::{self, grouped};

/// Rows of a short table.
const ROWS: usize = 8;

/// Something that grew or fell.
#[derive(Debug, Clone, PartialEq)]
struct Grown {
    to: To,
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
    let make = |to: To, name: String, now: Option<u64>, before: Option<u64>| {
        Some(Grown { to, name, now: now?, before: before? })
    };
    let places = cube.places.iter().filter_map(|cell| {
        make(To::Place(cell.place.clone()), board.place(&cell.place), cell.figures.received, cell.before)
    });
    let causes = cube.categories.iter().filter_map(|cell| {
        make(To::Cause(cell.category.clone()), board.category(&cell.category), cell.received, cell.before)
    });
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

/// A row of a short table, with what its name leads to.
pub type Led = (To, Vec<String>);

/// The rows without their ways.
pub fn plain(rows: Vec<Led>) -> Vec<Vec<String>> {
    rows.into_iter().map(|(_, cells)| cells).collect()
}

/// A table of the first rows, whose names lead on; more are in the table behind. `card`: where it stands.
pub fn short(card: &'static str, heads: &[&'static str], mut rows: Vec<Led>, caption: &'static str) -> AnyView {
    let board = use_board();
    let left_out = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    if rows.is_empty() {
        // The sentence above says that there is none, or that it is withheld.
        return ().into_any();
    }
    let (ways, rows): (Vec<To>, Vec<Vec<String>>) = rows.into_iter().unzip();
    let led = |at: usize, name: String| match ways.get(at) {
        Some(to) => link(board, card, to.clone(), name),
        None => name.into_any(),
    };
    let grid = Grid { heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows };
    let table = grid.view_led(caption.to_owned(), &led);
    let more = (left_out > 0).then(|| view! { <p class="quiet">{tr!(board.rows_below, n = left_out)}</p> });
    view! { {table}{more} }.into_any()
}

/// What grew or fell by more than chance.
pub fn growth(board: Board) -> AnyView {
    let rows = move || {
        let row = |one: Grown| {
            let arrow = if one.now > one.before { "↑" } else { "↓" };
            let change = format!("{arrow} {}", grouped(one.now.abs_diff(one.before)));
            (one.to, vec![one.name, grouped(one.now), grouped(one.before), change])
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
            chart: Arc::new(move || short("growth-", &heads(), rows(), tr!(board.growth))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: plain(rows()) }),
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
            chart: Arc::new(move || short("again-", &heads(), rows(), tr!(board.again))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: plain(rows()) }),
            file: None,
        },
    )
}

fn repeated(board: Board, cube: &Cube) -> Vec<Led> {
    let weight = |cell: &PlaceCell| {
        cell.figures.repeats.unwrap_or(0) + cell.figures.rebounds.unwrap_or(0) + cell.groups.unwrap_or(0)
    };
    let mut cells: Vec<&PlaceCell> = cube.places.iter().filter(|cell| weight(cell) > 0).collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| weight(b).cmp(&weight(a)));
    let row = |cell: &&PlaceCell| {
        let counts = [cell.figures.repeats, cell.figures.rebounds, cell.groups].map(count);
        led(board, cell, counts.to_vec())
    };
    cells.iter().map(row).collect()
}

/// Orders and check-ins by place.
pub fn orders(board: Board) -> AnyView {
    let rows = move || {
        let row =
            |cell: &PlaceCell| led(board, cell, vec![count(cell.figures.orders), shared(cell.figures.checked_in)]);
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
            chart: Arc::new(move || {
                view! { {short("orders-", &heads(), rows(), tr!(board.orders_title))}{one_by_one(board)} }.into_any()
            }),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: plain(rows()) }),
            file: None,
        },
    )
}

/// The way to the orders themselves, for those who may see them.
fn one_by_one(board: Board) -> AnyView {
    let session = use_store::<SessionStore>();
    if session.with_untracked(|s| lack(Page::Orders, s)).is_some() {
        return ().into_any();
    }
    let href = board.view.with(|v| address(&v.state, Page::Orders));
    view! { <p><a class="button" href=href>{tr!(board.orders_each)}</a></p> }.into_any()
}

/// A row of a place, whose name leads to it.
pub fn led(board: Board, cell: &PlaceCell, figures: Vec<String>) -> Led {
    let name = vec![board.place(&cell.place)];
    (To::Place(cell.place.clone()), [name, figures].concat())
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
