//! The table of a list: heads that sort, rows that are walked with the arrow keys.

use std::ops::Range;
use std::sync::Arc;

use fengtu_geo::LonLat;
use leptos::prelude::*;

use super::Walk;
use super::data::Lists;
use super::sheet::{Cell, Column, PAGE, Row, Sheet, name, pages};
use crate::browser::page as document;
use crate::desk::camera;
use crate::desk::context::use_map;
use crate::desk::scope::lon_lat;
use crate::reactive::effect;
use crate::routes::{Layer, Order, Selection};
use crate::state::{DistrictStore, HoverStore, ViewStore, use_store};
use crate::tr;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::level::level_badge;
use crate::ui::message::{EmptyMessage, ErrorMessage};
use crate::ui::panel::Skeleton;

/// The rows of one page, or why there are none.
#[component]
pub(super) fn Rows(lists: Lists, layer: Layer, sheet: Memo<Option<Arc<Sheet>>>, walk: Walk) -> impl IntoView {
    let marks = Marks::new(walk);
    move || {
        let Some(sheet) = sheet.get().filter(|sheet| !sheet.rows.is_empty()) else {
            return no_rows(lists, layer);
        };
        let count = sheet.rows.len();
        let from = walk.page.get().min(pages(count) - 1) * PAGE;
        let page = from..count.min(from + PAGE);
        let order = lists.narrow.with(|n| n.order);
        let heads = sheet.columns.iter().enumerate().map(|(i, column)| head(column, i, order)).collect_view();
        let rows = sheet.rows.get(page.clone()).unwrap_or_default();
        let mark = marks.of_page(&page);
        let line = |(index, row): (usize, &Row)| line(row, &sheet.columns, index, mark);
        let lines = (from..).zip(rows).map(line).collect_view();
        let things = rows.iter().map(|row| (row.id.clone(), row.at.map(lon_lat))).collect();
        view! {
            <table class="table" aria-rowcount=count + 1>
                <caption class="sr-only">{name(sheet.layer)}</caption>
                <thead><tr aria-rowindex="1">{heads}</tr></thead>
                {body(lines, StoredValue::new(things), page, walk)}
            </table>
        }
        .into_any()
    }
}

/// Which row is chosen, and which the Tab key reaches.
#[derive(Clone, PartialEq, Default)]
struct Mark {
    chosen: Option<Selection>,
    stop: usize,
}

/// Tells the rows that are shown which of them is marked. Each table has a signal of its own: a signal keeps whoever has read
/// it until it changes, even when that is long gone, and in a flood rows are made anew ten times a second.
#[derive(Clone, Copy)]
struct Marks {
    now: Memo<(Option<Selection>, usize)>,
    shown: StoredValue<Option<(RwSignal<Mark>, Range<usize>)>>,
}

impl Marks {
    fn new(walk: Walk) -> Self {
        let view = use_store::<ViewStore>();
        let now = Memo::new(move |_| (view.with(|v| v.state.selection.clone()), walk.row.get()));
        let marks = Self { now, shown: StoredValue::new(None) };
        effect(move || {
            let (chosen, walked) = marks.now.get();
            if let Some((mark, page)) = marks.shown.get_value() {
                // The table that it is of may be gone.
                let _ = mark.try_set(Mark { chosen, stop: tab_stop(walked, &page) });
            }
        });
        marks
    }

    fn of_page(self, page: &Range<usize>) -> RwSignal<Mark> {
        let (chosen, walked) = self.now.get_untracked();
        let mark = RwSignal::new(Mark { chosen, stop: tab_stop(walked, page) });
        self.shown.set_value(Some((mark, page.clone())));
        mark
    }
}

/// What the rows of a page stand for, and where it is.
type Things = StoredValue<Vec<(Selection, Option<LonLat>)>>;

/// Pointing at a row points at the thing on the map, Enter selects it and flies there, the arrow keys walk. The body listens
/// for all its rows: in a flood of events they are all made anew ten times a second.
fn body(lines: impl IntoView + 'static, things: Things, page: Range<usize>, walk: Walk) -> AnyView {
    let (view, hover, map) = (use_store::<ViewStore>(), use_store::<HoverStore>(), use_map());
    let from = page.start;
    let thing = move |index: usize| things.with_value(|things| things.get(index.checked_sub(from)?).cloned());
    let select = move |index| {
        if let Some((id, at)) = thing(index) {
            camera::show(map, view, id, at);
        }
    };
    let point = move |row: Option<usize>| {
        let over = row.and_then(thing).map(|(id, _)| id);
        if hover.with_untracked(|h| h.over != over) {
            hover.update(|h| h.in_list(over));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let (key, Some(index)) = (event.key(), row_of(&event)) else { return };
        match step(&key, index, &page) {
            Some(to) => document::focus(&row_id(to)),
            None if key == "Enter" || key == " " => select(index),
            None => return,
        }
        event.prevent_default();
    };
    let focused = move |event: leptos::ev::FocusEvent| {
        if let Some(index) = row_of(&event) {
            walk.row.set(index);
            point(Some(index));
        }
    };
    view! {
        <tbody on:click=move |event| row_of(&event).into_iter().for_each(select) on:keydown=on_key on:focusin=focused
            on:mouseover=move |event| point(row_of(&event)) on:mouseleave=move |_| point(None)>
            {lines}
        </tbody>
    }
    .into_any()
}

/// The id of a row's element.
fn row_id(index: usize) -> String {
    format!("list-row-{index}")
}

/// Returns the row that an event happened in.
fn row_of(event: &leptos::ev::Event) -> Option<usize> {
    document::id_around(event, "tr")?.strip_prefix("list-row-")?.parse().ok()
}

/// Says why there is no row: none has come, none could be had, none is left, or there is none.
fn no_rows(lists: Lists, layer: Layer) -> AnyView {
    if let Some(error) = lists.error(layer) {
        return view! { <ErrorMessage error /> }.into_any();
    }
    if lists.is_loading(layer) {
        return view! { <Skeleton lines=6 /> }.into_any();
    }
    let narrowed = lists.only.get().is_some() || lists.narrow.with(|n| n.warned || !n.text.is_empty());
    let text = move || if narrowed { tr!(desk.list_no_match) } else { tr!(desk.list_empty) };
    view! { <EmptyMessage text /> }.into_any()
}

/// The head of a column. What it tells is no closure: it is made anew with the rows.
fn head(column: &Column, index: usize, order: Option<Order>) -> AnyView {
    let view = use_store::<ViewStore>();
    let state = match order.filter(|o| o.column == index) {
        Some(Order { descending: true, .. }) => "descending",
        Some(_) => "ascending",
        None => "none",
    };
    let turn = move |_| view.update(|v| v.state.narrow.order = Some(Order::pressed(v.state.narrow.order, index)));
    view! {
        <th scope="col" class:figure=column.is_figure aria-sort=state>
            <button type="button" class="table-sort" title=tr!(common.sort_by) on:click=turn>
                {column.head.clone()}<Glyph icon=Icon::Up />
            </button>
        </th>
    }
    .into_any()
}

/// Returns the one row of a page that the Tab key reaches: the one walked to last, else the first.
fn tab_stop(walked: usize, page: &Range<usize>) -> usize {
    if page.contains(&walked) { walked } else { page.start }
}

/// Returns the row that a key leads to from another of the same page; `None`: it is no key that walks.
fn step(key: &str, index: usize, page: &Range<usize>) -> Option<usize> {
    let last = page.end.saturating_sub(1);
    match key {
        "ArrowDown" => Some((index + 1).min(last)),
        "ArrowUp" => Some(index.saturating_sub(1).max(page.start)),
        "Home" => Some(page.start),
        "End" => Some(last),
        _ => None,
    }
}

fn line(row: &Row, columns: &[Column], index: usize, mark: RwSignal<Mark>) -> AnyView {
    let offset = use_store::<DistrictStore>().with_untracked(DistrictStore::utc_offset_s);
    let off_map = row.at.is_none();
    let cells = row.cells.iter().zip(columns).enumerate().map(|(i, (cell, column))| {
        let note = (i == 0 && off_map).then(|| view! { <span class="badge">{tr!(desk.list_no_position)}</span> });
        view! { <td class:figure=column.is_figure>{shown(cell, offset)}{note}</td> }
    });
    let id = StoredValue::new(row.id.clone());
    // Attributes that follow by themselves: one that is taken off and put on again would take the focus away.
    let stops = move || if mark.with(|mark| mark.stop) == index { "0" } else { "-1" };
    let is_chosen = move || id.with_value(|id| mark.with(|mark| mark.chosen.as_ref() == Some(id))).to_string();
    view! {
        <tr id=row_id(index) tabindex=stops class:off-map=off_map aria-rowindex=index + 2 aria-selected=is_chosen>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

fn shown(cell: &Cell, offset: i32) -> AnyView {
    match cell {
        Cell::Level(level) => level_badge(*level),
        other => other.text(offset).into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_within_the_page() {
        let page = 100..130;
        let to = |key, from| step(key, from, &page);
        assert_eq!([to("ArrowDown", 100), to("ArrowDown", 129)], [Some(101), Some(129)]);
        assert_eq!([to("ArrowUp", 101), to("ArrowUp", 100)], [Some(100), Some(100)]);
        assert_eq!([to("Home", 120), to("End", 120), to("x", 120)], [Some(100), Some(129), None]);
        assert_eq!([tab_stop(110, &page), tab_stop(7, &page)], [110, 100]);
    }
}
