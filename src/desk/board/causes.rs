//! Cards of causes: how many of each against before, and causes by place; both are brushes.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengtu_domain::ranking::is_beyond_chance;
use fengtu_wire::cube::{CategoryCell, Cube};
use fengtu_wire::ids::{CategoryId, PlaceId};
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::charts::{self, Row};
use super::context::Board;
use super::measures::is_part;
use super::prose::first_three;
use super::told::{self, Told};
use crate::tr;
use crate::ui::drawing::{Anchor, Drawing, Ink};
use crate::ui::number::{self, grouped};

/// Causes of a table beside places; more are in the table behind.
const COLUMNS: usize = 8;
/// Places of it.
const ROWS: usize = 16;

/// How many came of each cause.
pub fn causes(board: Board) -> AnyView {
    let file = move || board.answer().map_or_else(Drawing::default, |cube| legended(&rows(board, &cube)));
    card(
        "",
        Parts {
            id: "causes",
            sheet: Some("causes"),
            controls: None,
            title: || tr!(board.causes),
            says: Arc::new(move || {
                board.answer().map(|cube| causes_sentence(&cube, &|id| board.category(id))).unwrap_or_default()
            }),
            chart: Arc::new(move || board.answer().map(|cube| causes_chart(board, &cube)).into_any()),
            grid: Arc::new(move || board.answer().map(|cube| grid(&rows(board, &cube))).unwrap_or_default()),
            file: Some(Arc::new(file)),
        },
    )
}

/// The bars with what their ticks are, which the page says below.
fn legended(rows: &[Row]) -> Drawing {
    let mut drawing = charts::bars(rows, 640.0);
    drawing.text((12.0, drawing.size.1 + 12.0), Anchor::Start, Ink::Muted, tr!(board.tick));
    drawing.size.1 += 20.0;
    drawing
}

/// Most received first; withheld ones last.
fn sorted(cube: &Cube) -> Vec<&CategoryCell> {
    let mut cells: Vec<&CategoryCell> = cube.categories.iter().collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| {
        b.received.cmp(&a.received).then_with(|| a.category.cmp(&b.category))
    });
    cells
}

fn rows(board: Board, cube: &Cube) -> Vec<Row> {
    named(cube, &|id| board.category(id))
}

/// Returns the causes by name, now and before, the most frequent first.
pub fn named(cube: &Cube, name: &dyn Fn(&CategoryId) -> String) -> Vec<Row> {
    let row = |cell: &CategoryCell| Row { label: name(&cell.category), counts: [cell.received, cell.before] };
    sorted(cube).into_iter().map(row).collect()
}

fn causes_chart(board: Board, cube: &Cube) -> AnyView {
    let chosen = board.view.with(|v| v.state.categories.clone());
    let most = cube.categories.iter().flat_map(|c| [c.received, c.before]).flatten().max().unwrap_or(0).max(1) as f64;
    let length = |n: Option<u64>| format!("{:.1}%", n.unwrap_or(0) as f64 / most * 100.0);
    let one = |cell: &CategoryCell| {
        let (id, on) = (cell.category.clone(), chosen.contains(&cell.category));
        let press = move |_| choose(board, &id);
        let name = board.category(&cell.category);
        view! {
            <li><button type="button" class="cause" class:others=!chosen.is_empty() && !on id=format!("cause-{}", cell.category)
                aria-pressed=on.to_string() disabled=!cube.exact on:click=press>
                <span class="cause-name">{name}</span>
                <span class="cause-track" aria-hidden="true">
                    <i class="cause-fill" style:width=length(cell.received)></i>
                    <i class="cause-before" style:inset-inline-start=length(cell.before)></i>
                </span>
                <span class="cause-count">{count(cell.received)}</span>
                <span class="cause-change">{change(cell).filter(|_| !is_part(cube))}</span>
            </button></li>
        }
    };
    view! { <ul class="causes">{sorted(cube).into_iter().map(one).collect_view()}</ul><p class="quiet">{tr!(board.causes_hint)}</p> }
        .into_any()
}

fn choose(board: Board, id: &CategoryId) {
    board.change(|state| {
        if !state.categories.remove(id) {
            state.categories.insert(id.clone());
        }
    });
}

fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "—".to_owned(), grouped)
}

/// Only what is more than chance is told.
fn change(cell: &CategoryCell) -> Option<String> {
    let (now, before) = cell.received.zip(cell.before).filter(|&(now, before)| is_beyond_chance(now, before))?;
    let arrow = if now > before { "↑" } else { "↓" };
    Some(format!("{arrow} {}", grouped(now.abs_diff(before))))
}

fn causes_sentence(cube: &Cube, name: &dyn Fn(&CategoryId) -> String) -> String {
    let cells = sorted(cube);
    let parts: Vec<Option<u64>> = cells.iter().map(|cell| cell.received).collect();
    told::of_parts(cube, &parts, 2, &|Told { whole, most, is_led, of }| {
        let Some(first) = most.and_then(|at| cells.get(at)) else {
            return if is_led { first_three(&cells, (whole, of), name) } else { told::no_most(whole, of) };
        };
        let share = |n: u64| number::share(n as f64 / whole as f64);
        let three = share(parts.iter().take(3).flatten().sum());
        tr!(
            board.causes_say,
            name = name(&first.category),
            of = of,
            share = share(first.received.unwrap_or(0)),
            three = three
        )
    })
}

/// The table behind causes.
pub fn grid(rows: &[Row]) -> Grid {
    let row = |row: &Row| vec![row.label.clone(), count(row.counts[0]), count(row.counts[1])];
    Grid {
        heads: [tr!(board.cause), tr!(board.received), tr!(board.before)].map(str::to_owned).to_vec(),
        rows: rows.iter().map(row).collect(),
    }
}

/// Causes by place.
pub fn cross(board: Board) -> AnyView {
    card(
        "wide",
        Parts {
            id: "cross",
            sheet: Some("cross"),
            controls: None,
            title: || tr!(board.cross),
            says: Arc::new(move || board.answer().map(|cube| cross_sentence(board, &cube)).unwrap_or_default()),
            chart: Arc::new(move || match board.answer() {
                Some(cube) if cube.exact => cross_chart(board, &cube),
                // The sentence above says why there is none.
                _ => ().into_any(),
            }),
            grid: Arc::new(move || board.answer().map(|cube| cross_grid(board, &cube)).unwrap_or_default()),
            file: None,
        },
    )
}

/// The causes and places that have most, as numbers of columns and rows.
fn largest(cube: &Cube) -> (Vec<usize>, Vec<usize>) {
    let column = |at: usize| cube.cross.iter().filter_map(|row| row.get(at)).sum::<u64>();
    let mut columns: Vec<usize> = (0..cube.categories.len()).collect();
    fengtu_geo::order::sort_by(&mut columns, |a, b| column(*b).cmp(&column(*a)));
    let total = |at: usize| cube.cross.get(at).map_or(0, |row| row.iter().sum::<u64>());
    let mut rows: Vec<usize> = (0..cube.places.len()).collect();
    fengtu_geo::order::sort_by(&mut rows, |a, b| total(*b).cmp(&total(*a)));
    columns.truncate(COLUMNS);
    rows.truncate(ROWS);
    (columns, rows)
}

fn cell_of(cube: &Cube, row: usize, column: usize) -> u64 {
    cube.cross.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
}

fn cross_chart(board: Board, cube: &Arc<Cube>) -> AnyView {
    let (columns, rows) = largest(cube);
    let most = rows.iter().flat_map(|&row| columns.iter().map(move |&column| (row, column)));
    let most = most.map(|(row, column)| cell_of(cube, row, column)).max().unwrap_or(0).max(1);
    let names: Vec<(CategoryId, String)> = columns
        .iter()
        .filter_map(|&at| cube.categories.get(at))
        .map(|c| (c.category.clone(), board.category(&c.category)))
        .collect();
    let heads = names.iter().map(|(_, name)| view! { <th scope="col">{name.clone()}</th> }).collect_view();
    let state = board.view.with(|v| (v.state.categories.clone(), v.state.brush.within.clone()));
    let line = |&row: &usize| {
        let place = cube.places.get(row)?.place.clone();
        let cells = columns.iter().zip(&names).map(|(&column, (cause, _))| {
            let n = cell_of(cube, row, column);
            let on = is_one(&state.0, cause) && is_one(&state.1, &place);
            cross_cell(board, (&place, cause), n, (n * 5).div_ceil(most), on)
        });
        let cells: Vec<AnyView> = cells.collect();
        Some(view! { <tr><th scope="row">{board.place(&place)}</th>{cells}</tr> })
    };
    view! {
        <div class="card-scroll" tabindex="0" role="group" aria-label=tr!(board.cross)>
            <table class="cross">
                <caption class="sr-only">{tr!(board.cross)}</caption>
                <thead><tr><th scope="col">{tr!(board.place)}</th>{heads}</tr></thead>
                <tbody>{rows.iter().filter_map(line).collect_view()}</tbody>
            </table>
        </div>
        <p class="quiet">{tr!(board.cross_hint, n = columns.len(), m = rows.len())}</p>
    }
    .into_any()
}

fn is_one<T: Ord>(set: &BTreeSet<T>, only: &T) -> bool {
    set.len() == 1 && set.contains(only)
}

fn cross_cell(board: Board, (place, cause): (&PlaceId, &CategoryId), n: u64, shade: u64, on: bool) -> AnyView {
    let (at, what) = (place.clone(), cause.clone());
    let press = move |_| {
        board.change(|state| {
            let same = is_one(&state.brush.within, &at) && is_one(&state.categories, &what);
            state.categories.clear();
            state.brush.within.clear();
            if !same {
                state.categories.insert(what.clone());
                state.brush.within.insert(at.clone());
            }
        });
    };
    let id = format!("cross-{place}-{cause}");
    view! {
        <td class=format!("shade-{}", shade.min(5))><button type="button" id=id aria-pressed=on.to_string() on:click=press>{grouped(n)}</button></td>
    }
    .into_any()
}

/// The cell that stands out most from what its row and column alone would make of it.
fn cross_sentence(board: Board, cube: &Cube) -> String {
    let total: u64 = cube.cross.iter().flatten().sum();
    if total == 0 {
        return told::nothing(cube, cube.exact);
    }
    let row_sum = |row: usize| cube.cross.get(row).map_or(0, |row| row.iter().sum::<u64>()) as f64;
    let column_sum = |at: usize| cube.cross.iter().filter_map(|row| row.get(at)).sum::<u64>() as f64;
    let all = (0..cube.places.len()).flat_map(|row| (0..cube.categories.len()).map(move |column| (row, column)));
    let usual = |row: usize, column: usize| row_sum(row) * column_sum(column) / total as f64;
    // Pearson's residual: how many standard deviations above the usual.
    let stands =
        |row, column| (cell_of(cube, row, column) as f64 - usual(row, column)) / usual(row, column).max(1.0).sqrt();
    let best = all.map(|(row, column)| (stands(row, column), row, column)).max_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, row, column)) = best.filter(|best| best.0 > 3.0) else { return tr!(board.cross_even).to_owned() };
    let (Some(place), Some(cause)) = (cube.places.get(row), cube.categories.get(column)) else { return String::new() };
    let (n, usual) = (grouped(cell_of(cube, row, column)), format!("{:.0}", usual(row, column)));
    tr!(
        board.cross_says,
        place = board.place(&place.place),
        cause = board.category(&cause.category),
        n = n,
        usual = usual
    )
}

fn cross_grid(board: Board, cube: &Cube) -> Grid {
    let names = cube.categories.iter().map(|cell| board.category(&cell.category));
    let row = |(cell, counts): (&fengtu_wire::cube::PlaceCell, &Vec<u64>)| {
        std::iter::once(board.place(&cell.place)).chain(counts.iter().map(|&n| grouped(n))).collect()
    };
    Grid {
        heads: std::iter::once(tr!(board.place).to_owned()).chain(names).collect(),
        rows: cube.places.iter().zip(&cube.cross).map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// Says what there is of so many received, of which causes have so many.
    fn said(exact: bool, received: Option<u64>, parts: &[Option<u64>]) -> String {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        (cube.exact, cube.figures.received) = (exact, received);
        let cell = |(n, &received): (usize, &Option<u64>)| CategoryCell {
            category: format!("c{n}").as_str().into(),
            received,
            before: Some(0),
        };
        cube.categories = parts.iter().enumerate().map(cell).collect();
        causes_sentence(&cube, &ToString::to_string)
    }

    #[test]
    fn shares_are_of_all_that_was_received_and_what_is_withheld_is_said() {
        let sure = said(false, Some(200), &[Some(60), Some(50), Some(40), Some(30), None, None]);
        assert!(sure.contains("“c0”最多，占 30%；前三类合计 75%"), "{sure}");
        assert!(sure.ends_with("另有 2 项按隐私规则不显示。"), "{sure}");
        let unsure = said(false, Some(200), &[Some(60), Some(20), None, None]);
        assert!(unsure.contains("最多（仅就所显示的），占 30%"), "{unsure}");
        assert_eq!(said(false, None, &[]), tr!(board.withheld));
        let brushed = said(true, Some(3), &[Some(60), Some(40)]);
        assert!(brushed.contains("占 60%；前三类合计 100%") && !brushed.contains("另有"), "{brushed}");
    }

    #[test]
    fn of_few_and_of_equals_none_is_most_and_where_nothing_came_that_is_said() {
        assert_eq!(said(true, Some(4), &[Some(1); 4]), told::no_most(4, ""));
        assert_eq!(said(true, Some(4), &[Some(3), Some(1)]), told::no_most(4, ""));
        assert_eq!(said(true, Some(80), &[Some(20); 4]), told::no_most(80, ""));
        let alike = said(true, Some(80), &[Some(30), Some(30), Some(20)]);
        assert_eq!(alike, "居前的是c0 30 件（37.5%）、c1 30 件（37.5%）、c2 20 件（25%）。");
        let mostly_withheld = said(false, Some(35), &[Some(0), None, None]);
        assert_eq!(mostly_withheld, told::no_most(35, tr!(board.of_shown)) + "另有 2 项按隐私规则不显示。");
        assert_eq!(said(true, Some(0), &[]), tr!(board.none_received));
        assert_eq!(said(false, Some(0), &[]), tr!(board.none_received));
    }
}
