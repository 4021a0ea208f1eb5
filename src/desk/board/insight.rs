//! Cards that compare: what grew beyond chance, repeats and groups, orders, coverage.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::ranking::is_beyond_chance;
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::Share;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::measures::is_part;
use super::period::{midnight, period};
use super::told;
use crate::reactive::part;
use crate::routes::{Brush, Layer, Page, ViewState};
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

/// Where the map tells more: what is not covered, the cases behind the figures, their heat.
pub fn elsewhere(board: Board) -> AnyView {
    let coverage = move || board.view.with(|v| to_map(&v.state, board.scope.now.get(), Layer::Coverage, None));
    let heat = move || board.view.with(|v| to_map(&v.state, board.scope.now.get(), Layer::Heat, None));
    view! {
        <section class="card" aria-labelledby="elsewhere-title">
            <h2 id="elsewhere-title">{move || tr!(board.elsewhere)}</h2>
            <p class="card-says">{move || tr!(board.elsewhere_says)}</p>
            <ul class="elsewhere">
                <li>{part(move || behind(board))}</li>
                <li><a class="button" href=coverage>{move || tr!(board.to_coverage)}</a></li>
                <li><a class="button" href=heat>{move || tr!(board.to_heat)}</a></li>
            </ul>
            {part(move || wider(board))}
        </section>
    }
    .into_any()
}

/// The way to the cases behind; of several places one for each.
fn behind(board: Board) -> AnyView {
    let (links, is_wider) =
        board.view.with(|v| (cases_behind(&v.state, board.scope.now.get()), is_wider(&v.state.brush)));
    let word = if is_wider { tr!(board.to_cases_wider) } else { tr!(board.to_cases) };
    if let [(_, href)] = links.as_slice() {
        return view! { <a class="button" href=href.clone()>{word}</a> }.into_any();
    }
    let each = links.iter().map(|(place, href)| {
        let name = place.as_ref().map(|id| board.place(id)).unwrap_or_default();
        view! { <li><a href=href.clone()>{name}</a></li> }
    });
    let head = tr!(board.to_cases_each, what = word, n = links.len());
    view! { <details class="elsewhere-each"><summary>{head}</summary><ul>{each.collect_view()}</ul></details> }
        .into_any()
}

/// Says what the map cannot narrow down as far as the board does.
fn wider(board: Board) -> AnyView {
    let brush = board.view.with(|v| v.state.brush.clone());
    let place = board.scope.place.get().map(|id| board.place(&id)).unwrap_or_default();
    let hours = is_wider(&brush).then(|| view! { <p class="quiet">{tr!(board.map_all_hours)}</p> });
    let places = (brush.within.len() > 1).then(|| view! { <p class="quiet">{tr!(board.map_whole, place = place)}</p> });
    view! { {hours}{places} }.into_any()
}

/// Whether the map would show more than what is chosen: it knows days, and neither weekdays nor hours.
fn is_wider(brush: &Brush) -> bool {
    !brush.weekdays.is_empty() || !brush.hours.is_empty()
}

/// The cases behind the figures, in the list of the period: the map looks at one place, so of several each has an address.
fn cases_behind(state: &ViewState, now: DateTime<FixedOffset>) -> Vec<(Option<PlaceId>, String)> {
    let to = |state: &ViewState| to_map(state, now, Layer::Cases, Some(Layer::Heat));
    let each = |place: &PlaceId| {
        let mut one = state.clone();
        one.brush.within = [place.clone()].into();
        (Some(place.clone()), to(&one))
    };
    let within = &state.brush.within;
    if within.is_empty() { vec![(None, to(state))] } else { within.iter().map(each).collect() }
}

/// The address of the map for what the board shows: the chosen place, its days and causes.
pub fn to_map(state: &ViewState, now: DateTime<FixedOffset>, layer: Layer, list: Option<Layer>) -> String {
    let (from, to) = days_of(state, now);
    let mut map = ViewState {
        place: only(&state.brush).or_else(|| state.place.clone()),
        // Said even where nobody chose it: left alone, the map counts its days from another hour.
        from: Some(from.to_utc()),
        to: to.map(|to| to.to_utc()),
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

/// The period of the board, of it the days that are chosen; its end is absent while it goes on.
fn days_of(state: &ViewState, now: DateTime<FixedOffset>) -> (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>) {
    let (from, to) = period(state, now);
    let Some((first, last)) = state.brush.days else { return (from, to) };
    let offset = *now.offset();
    let (begins, ends) = (midnight(first, offset), midnight(last.succ_opt().unwrap_or(last), offset));
    let until = to.unwrap_or(now);
    if begins >= until || ends <= from {
        // None of them is in the period: the board has no answer, and the map is not to show all of it.
        return (begins, Some(ends));
    }
    (begins.max(from), if ends > until { to } else { Some(ends) })
}

/// Returns the chosen place, if it is one alone.
fn only(brush: &Brush) -> Option<PlaceId> {
    let mut all = brush.within.iter();
    all.next().filter(|_| all.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::desk::scope;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    fn day(month: u32, day: u32) -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    /// What the map shows at an address: the start and the end of its period, and the rest.
    fn shown(address: &str) -> (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>, ViewState) {
        let (state, ignored) = ViewState::from_query(address.trim_start_matches("/?"));
        assert_eq!(ignored, 0, "{address}");
        let (from, to) = scope::period(&state, at("2026-03-29T13:00:00+08:00"));
        (from, to, state)
    }

    fn behind(state: &ViewState) -> Vec<(DateTime<FixedOffset>, Option<DateTime<FixedOffset>>, ViewState)> {
        let links = cases_behind(state, at("2026-03-29T12:00:00+08:00"));
        links.iter().map(|(_, address)| shown(address)).collect()
    }

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

    #[test]
    fn the_cases_behind_are_all_of_the_boards_period_and_not_the_newest_alone() {
        let (from, to, state) = behind(&ViewState::default()).remove(0);
        assert_eq!((from, to), (at("2026-03-02T00:00:00+08:00"), None), "the board's 28 days, from their midnight");
        assert_eq!(state.list, Some(Layer::Heat), "the list of the period");
        let past = ViewState { at: Some(at("2026-03-10T00:00:00+08:00").to_utc()), ..ViewState::default() };
        let (from, to, _) = behind(&past).remove(0);
        assert_eq!((from, to), (at("2026-02-11T00:00:00+08:00"), Some(at("2026-03-10T00:00:00+08:00"))));
    }

    #[test]
    fn days_that_are_chosen_are_the_days_of_the_cases_behind() {
        let mut state = ViewState::default();
        state.brush.days = Some((day(3, 10), day(3, 12)));
        let (from, to, _) = behind(&state).remove(0);
        assert_eq!((from, to), (at("2026-03-10T00:00:00+08:00"), Some(at("2026-03-13T00:00:00+08:00"))));
        state.brush.days = Some((day(2, 1), day(3, 29)));
        let (from, to, _) = behind(&state).remove(0);
        assert_eq!((from, to), (at("2026-02-01T00:00:00+08:00"), None), "the period reaches back; today goes on");
        // A brush of an older link, which the period of today would not reach back to by itself.
        state.brush.days = Some((day(1, 1), day(1, 2)));
        let (from, to, _) = behind(&state).remove(0);
        assert_eq!((from, to), (at("2026-01-01T00:00:00+08:00"), Some(at("2026-01-03T00:00:00+08:00"))));
    }

    #[test]
    fn of_several_places_each_has_its_own_cases_behind() {
        let mut state = ViewState { place: Some("d".into()), ..ViewState::default() };
        state.brush.within = ["a", "b", "c"].map(PlaceId::from).into();
        let places: Vec<_> = behind(&state).into_iter().map(|(_, _, state)| state.place).collect();
        assert_eq!(places, ["a", "b", "c"].map(|id| Some(PlaceId::from(id))));
        state.brush.within.clear();
        assert_eq!(behind(&state).remove(0).2.place, Some("d".into()));
    }
}
