//! Cards that compare: what grew beyond chance, how concentrated it is, repeats and groups, orders, coverage.

use std::sync::Arc;

use fengtu_domain::ranking::{concentration, is_beyond_chance};
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::Share;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use crate::routes::{Brush, Layer, Page, ViewState};
use crate::state::figures::rate;
use crate::tr;
use crate::ui::number::{grouped, percent};

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
    let make = |name: String, now: Option<u64>, before: Option<u64>| Some(Grown { name, now: now?, before: before? });
    let places =
        cube.places.iter().filter_map(|cell| make(board.place(&cell.place), cell.figures.received, cell.before));
    let causes =
        cube.categories.iter().filter_map(|cell| make(board.category(&cell.category), cell.received, cell.before));
    let mut all: Vec<Grown> = places.chain(causes).filter(|one| is_beyond_chance(one.now, one.before)).collect();
    fengtu_geo::order::sort_by(&mut all, |a, b| b.force().abs().total_cmp(&a.force().abs()));
    all
}

/// A table of the first rows.
pub fn short(heads: &[&'static str], mut rows: Vec<Vec<String>>, caption: &'static str) -> AnyView {
    rows.truncate(ROWS);
    if rows.is_empty() {
        return view! { <p class="quiet">{tr!(board.nothing_beyond)}</p> }.into_any();
    }
    Grid { heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows }.view(caption.to_owned())
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
        let found = board.answer().map(|cube| grown(board, &cube)).unwrap_or_default();
        let up = found.iter().filter(|one| one.now > one.before).count();
        tr!(board.growth_says, up = up, down = found.len() - up)
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

/// How unevenly cases lie over the places.
pub fn concentrated(board: Board) -> AnyView {
    let rows = move || board.answer().map(|cube| cumulated(board, &cube)).unwrap_or_default();
    let heads = || [tr!(board.place), tr!(board.received), tr!(board.share), tr!(board.cumulated)];
    card(
        "",
        Parts {
            id: "concentration",
            sheet: None,
            controls: None,
            title: || tr!(board.concentration),
            says: Arc::new(move || board.answer().map(|cube| concentration_sentence(&cube)).unwrap_or_default()),
            chart: Arc::new(move || short(&heads(), rows(), tr!(board.concentration))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: rows() }),
            file: None,
        },
    )
}

/// Writes a rate to a tenth of a per cent.
pub fn tenth(rate: f64) -> String {
    percent((rate * 1_000.0).round() / 1_000.0)
}

fn cumulated(board: Board, cube: &Cube) -> Vec<Vec<String>> {
    let mut cells: Vec<(u64, &PlaceCell)> =
        cube.places.iter().filter_map(|cell| Some((cell.figures.received?, cell))).collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| b.0.cmp(&a.0));
    let total = cells.iter().map(|(n, _)| n).sum::<u64>().max(1) as f64;
    let mut sum = 0;
    let row = |(n, cell): &(u64, &PlaceCell)| {
        sum += n;
        vec![board.place(&cell.place), grouped(*n), tenth(*n as f64 / total), tenth(sum as f64 / total)]
    };
    cells.iter().map(row).collect()
}

fn concentration_sentence(cube: &Cube) -> String {
    let counts: Vec<u64> = cube.places.iter().filter_map(|cell| cell.figures.received).collect();
    let Some(found) = concentration(&counts) else { return tr!(board.nothing).to_owned() };
    let gini = format!("{:.2}", found.gini);
    tr!(board.concentration_says, half = found.half, n = counts.len(), fifth = tenth(found.top_fifth), gini = gini)
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
    let says = move || {
        let told = |cube: Arc<Cube>| match cube.figures.orders {
            Some(n) => tr!(board.orders_say, n = grouped(n), rate = shared(cube.figures.checked_in)),
            None => tr!(board.withheld).to_owned(),
        };
        board.answer().map(told).unwrap_or_default()
    };
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

/// Writes a count; a dash where it is withheld.
pub fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "—".to_owned(), grouped)
}

/// Writes a share as a rate; a dash where it is withheld.
pub fn shared(share: Share) -> String {
    rate(share).map_or_else(|| "—".to_owned(), tenth)
}

/// Where the map tells more: what is not covered, the cases behind the figures, their heat.
pub fn elsewhere(board: Board) -> AnyView {
    let coverage = move || to_map(&board.view.with(|v| v.state.clone()), Layer::Coverage, None);
    let cases = move || to_map(&board.view.with(|v| v.state.clone()), Layer::Cases, Some(Layer::Cases));
    let heat = move || to_map(&board.view.with(|v| v.state.clone()), Layer::Heat, None);
    view! {
        <section class="card" aria-labelledby="elsewhere-title">
            <h2 id="elsewhere-title">{move || tr!(board.elsewhere)}</h2>
            <p class="card-says">{move || tr!(board.elsewhere_says)}</p>
            <ul class="elsewhere">
                <li><a class="button" href=cases>{move || tr!(board.to_cases)}</a></li>
                <li><a class="button" href=coverage>{move || tr!(board.to_coverage)}</a></li>
                <li><a class="button" href=heat>{move || tr!(board.to_heat)}</a></li>
            </ul>
        </section>
    }
    .into_any()
}

/// The address of the map for what the board shows: the chosen place, its days and causes.
pub fn to_map(state: &ViewState, layer: Layer, list: Option<Layer>) -> String {
    let mut map = ViewState {
        place: only(&state.brush).or_else(|| state.place.clone()),
        from: state.from,
        to: state.to,
        categories: state.categories.clone(),
        covered_by: state.covered_by.clone(),
        camera: state.camera,
        theme: state.theme,
        lang: state.lang,
        list,
        ..ViewState::default()
    };
    map.layers.insert(layer);
    format!("{}?{}", Page::Map.path(), map.to_query())
}

/// Returns the chosen place, if it is one alone.
fn only(brush: &Brush) -> Option<PlaceId> {
    let mut all = brush.within.iter();
    all.next().filter(|_| all.next().is_none()).cloned()
}
