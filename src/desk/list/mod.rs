//! The list: for every layer that is on, exactly what it shows, to read, sort, narrow and walk without a pointer.

pub mod data;
pub mod rows;
pub mod sheet;

use leptos::prelude::*;

use self::data::Lists;
use self::sheet::{Cell, Column, Order, PAGE, Row, Sheet, name, pages};
use super::scope::{name_of, use_scope};
use crate::browser::{clock, page};
use crate::routes::Layer;
use crate::state::{DistrictStore, HoverStore, SessionStore, ViewStore, use_store};
use crate::ui::button::{Button, IconButton};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::level::LevelBadge;
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::number::grouped;
use crate::{say, tr};

/// The list panel; closed it is one button.
#[component]
pub fn ListPanel() -> impl IntoView {
    let (lists, view) = (expect_context::<Lists>(), use_store::<ViewStore>());
    let open = Memo::new(move |_| view.with(|v| v.state.list));
    let number = RwSignal::new(0_usize);
    Effect::new(move |before: Option<Option<Layer>>| {
        let layer = open.get();
        if before.is_some_and(|before| before != layer) {
            lists.order.set(None);
            lists.text.set(String::new());
        }
        number.set(0);
        layer
    });
    let show = move |()| {
        let first = lists.layers().first().copied();
        view.update(|v| v.state.list = first.or(Some(Layer::Warnings)));
    };
    move || {
        match open.get() {
        None => view! { <div class="list-closed"><Button label=|| tr!(desk.list_open) on_press=show icon=Icon::List /></div> }.into_any(),
        Some(layer) => view! { <Open lists layer number /> }.into_any(),
    }
    }
}

#[component]
fn Open(lists: Lists, layer: Layer, number: RwSignal<usize>) -> impl IntoView {
    let sheet = Memo::new(move |_| lists.shown(layer));
    let total = Memo::new(move |_| lists.whole(layer).map_or(0, |s| s.rows.len()));
    view! {
        <section class="list-panel" aria-label=say!(desk.list_label)>
            <Top lists layer number />
            <Caption sheet total layer />
            <div class="list-body" id="list-body" role="tabpanel" tabindex="0" aria-label=move || name(layer).unwrap_or_default()>
                {move || body(lists, layer, sheet, number)}
            </div>
            <Foot lists layer sheet number />
        </section>
    }
}

/// Loading, failed, nothing to list, or the rows.
fn body(lists: Lists, layer: Layer, sheet: Memo<Option<Sheet>>, number: RwSignal<usize>) -> AnyView {
    let rows = move || view! { <Rows lists sheet number /> };
    if layer != Layer::Heat {
        return rows().into_any();
    }
    if !use_store::<SessionStore>().with(SessionStore::sees_cases) {
        return view! { <EmptyMessage text=|| tr!(desk.detail_cases_hidden) /> }.into_any();
    }
    let offset = use_store::<DistrictStore>().with_untracked(DistrictStore::utc_offset_s);
    lists.cases.answer.with(|c| loaded(c, offset, lists.cases.again, |_| rows()))
}

/// Tabs, the filter, and the button that closes.
#[component]
fn Top(lists: Lists, layer: Layer, number: RwSignal<usize>) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let text = lists.text;
    let close = Callback::new(move |()| view.update(|v| v.state.list = None));
    let warned = (layer == Layer::Warnings).then(|| {
        let turn = move |_| lists.warned.update(|w| *w = !*w);
        view! { <label class="check"><input type="checkbox" prop:checked=lists.warned on:change=turn />{say!(desk.list_warned)}</label> }
    });
    view! {
        <div class="list-head">
            <Tabs lists layer />
            <div class="list-end">
                {warned}
                <input class="field-input" type="search" aria-label=say!(desk.list_filter) placeholder=say!(desk.list_filter)
                    prop:value=text on:input:target=move |event| { text.set(event.target().value()); number.set(0); } />
                <IconButton icon=Icon::Close label=say!(desk.list_close) on_press=close />
            </div>
        </div>
    }
}

/// One tab for each layer that is on; the arrow keys move among them.
#[component]
fn Tabs(lists: Lists, layer: Layer) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let go = move |to: Layer| {
        view.update(|v| v.state.list = Some(to));
        clock::next_frame(move || page::focus(&tab_id(to)));
    };
    let tabs = Memo::new(move |_| {
        let mut on = lists.layers();
        if !on.contains(&layer) {
            // A link may open the list of a layer that is off.
            on.insert(0, layer);
        }
        on
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let all = tabs.get_untracked();
        let here = all.iter().position(|l| *l == layer).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % all.len(),
            "ArrowLeft" => (here + all.len() - 1) % all.len(),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = all.get(next) {
            go(*next);
        }
    };
    let tab = move |to: Layer| {
        let chosen = to == layer;
        view! {
            <button type="button" role="tab" id=tab_id(to) aria-selected=chosen.to_string() aria-controls="list-body"
                tabindex=if chosen { "0" } else { "-1" } on:click=move |_| go(to)>{move || name(to)}</button>
        }
    };
    view! {
        <div class="list-tabs" role="tablist" aria-label=say!(desk.list_label) on:keydown=on_key>
            {move || tabs.get().into_iter().map(tab).collect_view()}
        </div>
    }
}

fn tab_id(layer: Layer) -> String {
    format!("list-tab-{}", layer.as_str())
}

/// Says what the list shows, and how many of it are not on the map.
#[component]
fn Caption(sheet: Memo<Option<Sheet>>, total: Memo<usize>, layer: Layer) -> impl IntoView {
    let (district, place) = (use_store::<DistrictStore>(), use_scope().place);
    let words = move || {
        let place = place.get().map(|id| district.with(|d| name_of(d, &id))).unwrap_or_default();
        let (n, m) = (sheet.with(|s| s.as_ref().map_or(0, |s| s.rows.len())), total.get());
        let what = name(layer).unwrap_or_default();
        if n == m {
            tr!(desk.list_caption, place = place, what = what, n = grouped(n as u64))
        } else {
            tr!(desk.list_caption_filtered, place = place, what = what, n = grouped(n as u64), m = grouped(m as u64))
        }
    };
    let missing = move || {
        let n = sheet.with(|s| s.as_ref().map_or(0, Sheet::not_on_map));
        (n > 0).then(|| format!("；{}", tr!(desk.list_not_on_map, n = grouped(n as u64))))
    };
    view! { <p class="list-caption" role="status">{words}{missing}</p> }
}

#[component]
fn Rows(lists: Lists, sheet: Memo<Option<Sheet>>, number: RwSignal<usize>) -> impl IntoView {
    move || {
        let Some(sheet) = sheet.get() else {
            return view! { <EmptyMessage text=|| tr!(desk.list_empty) /> }.into_any();
        };
        if sheet.rows.is_empty() {
            let narrowed = !lists.text.with(String::is_empty);
            let text = move || if narrowed { tr!(desk.list_no_match) } else { tr!(desk.list_empty) };
            return view! { <EmptyMessage text /> }.into_any();
        }
        let from = number.get().min(pages(sheet.rows.len()) - 1) * PAGE;
        let count = sheet.rows.len();
        let heads = sheet
            .columns
            .iter()
            .cloned()
            .enumerate()
            .map(|(i, column)| view! { <Head lists column index=i /> })
            .collect_view();
        let columns = sheet.columns;
        let rows = sheet.rows.into_iter().enumerate().skip(from).take(PAGE);
        let rows = rows.map(|(index, row)| view! { <Line row columns=columns.clone() index /> }).collect_view();
        view! {
            <table class="table" aria-rowcount=count + 1>
                <caption class="sr-only">{name(sheet.layer)}</caption>
                <thead><tr aria-rowindex="1">{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    }
}

#[component]
fn Head(lists: Lists, column: Column, index: usize) -> impl IntoView {
    let order = lists.order;
    let state = move || match order.get().filter(|o| o.column == index) {
        Some(Order { descending: true, .. }) => "descending",
        Some(_) => "ascending",
        None => "none",
    };
    view! {
        <th scope="col" class:figure=column.is_figure aria-sort=state>
            <button type="button" class="table-sort" title=say!(common.sort_by) on:click=move |_| order.update(|o| *o = Some(Order::pressed(*o, index)))>
                {column.head}<Glyph icon=Icon::Up />
            </button>
        </th>
    }
}

/// A row: pointing at it points at the thing on the map, Enter selects it, the arrow keys walk.
#[component]
fn Line(row: Row, columns: Vec<Column>, index: usize) -> impl IntoView {
    let (view, hover, district) = (use_store::<ViewStore>(), use_store::<HoverStore>(), use_store::<DistrictStore>());
    let offset = district.with_untracked(DistrictStore::utc_offset_s);
    let off_map = row.at.is_none();
    let id = StoredValue::new(row.id.clone());
    let select = move || view.update(|v| v.select(Some(id.get_value())));
    let point = move || hover.update(|h| h.in_list(Some(id.get_value())));
    let chosen = Memo::new(move |_| view.with(|v| id.with_value(|id| v.state.selection.as_ref() == Some(id))));
    let cells = row.cells.into_iter().zip(columns).enumerate().map(|(i, (cell, column))| {
        let note = (i == 0 && off_map).then(|| view! { <span class="badge">{tr!(desk.list_no_position)}</span> });
        view! { <td class:figure=column.is_figure>{shown(&cell, offset)}{note}</td> }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let to = match event.key().as_str() {
            "Enter" | " " => {
                select();
                None
            }
            "ArrowDown" => Some(index + 1),
            "ArrowUp" => index.checked_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            page::focus(&format!("list-row-{to}"));
        }
    };
    view! {
        <tr id=format!("list-row-{index}") tabindex="0" class:off-map=off_map aria-rowindex=index + 2 aria-selected=move || chosen.get().to_string()
            on:click=move |_| select() on:keydown=on_key on:focus=move |_| point() on:mouseenter=move |_| point()
            on:mouseleave=move |_| hover.update(|h| h.in_list(None))>
            {cells.collect_view()}
        </tr>
    }
}

fn shown(cell: &Cell, offset: i32) -> AnyView {
    match cell {
        Cell::Level(level) => view! { <LevelBadge level=*level /> }.into_any(),
        other => other.text(offset).into_any(),
    }
}

/// Pages, and reading on where the server has more.
#[component]
fn Foot(lists: Lists, layer: Layer, sheet: Memo<Option<Sheet>>, number: RwSignal<usize>) -> impl IntoView {
    let count = Memo::new(move |_| pages(sheet.with(|s| s.as_ref().map_or(0, |s| s.rows.len()))));
    let paging = move || {
        (count.get() > 1).then(|| view! {
            <button type="button" class="button" prop:disabled=move || number.get() == 0 on:click=move |_| number.update(|n| *n = n.saturating_sub(1))>{tr!(desk.list_previous)}</button>
            <span>{move || tr!(desk.list_page, n = number.get().min(count.get() - 1) + 1, m = count.get())}</span>
            <button type="button" class="button" prop:disabled=move || { number.get() + 1 >= count.get() } on:click=move |_| number.update(|n| *n += 1)>{tr!(desk.list_next)}</button>
        })
    };
    let more = move || {
        let (read, total, next) = lists.progress().filter(|_| layer == Layer::Heat)?;
        let cursor = next?;
        let label = tr!(desk.list_more, n = grouped(read as u64), m = grouped(total));
        Some(
            view! { <button type="button" class="button" on:click=move |_| lists.read_on(cursor.clone())>{label}</button> },
        )
    };
    view! { <div class="list-foot">{paging}{more}</div> }
}
