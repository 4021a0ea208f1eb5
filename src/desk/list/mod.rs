//! The list: for every layer that is on, exactly what it shows, to read, sort, narrow and walk without a pointer.

mod case_rows;
pub mod data;
mod remark;
pub mod rows;
pub mod sheet;
mod table;

use std::sync::Arc;

use leptos::prelude::*;

use self::data::Lists;
use self::remark::remark;
use self::sheet::{PAGE, Sheet, name, pages};
use self::table::Rows;
use super::offers;
use super::scope::{name_of, use_scope};
use crate::api::dialect::Resource;
use crate::browser::{clock, page};
use crate::reactive::part;
use crate::routes::{Layer, Only};
use crate::state::{DistrictStore, ViewStore, use_store};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::message::{error_words, loaded};
use crate::ui::number::grouped;
use crate::{say, tr};

/// Where somebody is in the list.
#[derive(Clone, Copy)]
pub(in crate::desk::list) struct Walk {
    /// The page, from 0.
    page: RwSignal<usize>,
    /// The row that the Tab key reaches; the arrow keys move it.
    row: RwSignal<usize>,
}

impl Walk {
    fn to_page(self, page: usize) {
        self.page.set(page);
        self.row.set(page * PAGE);
    }
}

/// The list panel; closed it is one button.
#[component]
pub fn ListPanel() -> impl IntoView {
    let (lists, view) = (expect_context::<Lists>(), use_store::<ViewStore>());
    let open = Memo::new(move |_| view.with(|v| v.state.list));
    let walk = Walk { page: RwSignal::new(0), row: RwSignal::new(0) };
    Effect::new(move |before: Option<Option<Layer>>| {
        let layer = open.get();
        walk.to_page(0);
        match (before, layer) {
            // The button that was pressed is gone now: the focus goes on in what took its place.
            (Some(None), Some(layer)) => clock::next_frame(move || page::focus(&tab_id(layer))),
            (Some(Some(_)), None) => clock::next_frame(|| page::focus(OPEN)),
            _ => {}
        }
        layer
    });
    let show = move |_| {
        let first = lists.layers().first().copied();
        view.update(|v| v.open_list(first.or(Some(Layer::Heat))));
    };
    let closed = move || {
        view! {
            <div class="list-closed" id=LIST tabindex="-1">
                <button type="button" class="button" id=OPEN on:click=show><Glyph icon=Icon::List />{tr!(desk.list_open)}</button>
            </div>
        }
    };
    move || match open.get() {
        None => closed().into_any(),
        Some(layer) => view! { <Open lists layer walk /> }.into_any(),
    }
}

/// The id of the list, open or closed, to which a link at the top of the page leads.
pub const LIST: &str = "list";
/// The id of the button that opens it.
const OPEN: &str = "list-open";

#[component]
fn Open(lists: Lists, layer: Layer, walk: Walk) -> impl IntoView {
    let whole = Memo::new(move |_| lists.whole(layer).map(Arc::new));
    let sheet = Memo::new(move |_| Some(lists.narrowed(whole.get()?)));
    let total = Memo::new(move |_| whole.with(|s| s.as_ref().map_or(0, |s| s.rows.len())));
    view! {
        <section class="list-panel" id=LIST tabindex="-1" aria-label=say!(desk.list_label)>
            <Top lists layer walk />
            <Caption lists sheet total layer />
            <div class="list-body" id="list-body" role="tabpanel" tabindex="0" aria-label=move || name(layer).unwrap_or_default()>
                {move || body(lists, layer, sheet, walk)}
            </div>
            <Foot lists layer sheet walk />
        </section>
    }
}

/// Loading, failed, nothing to list, or the rows.
fn body(lists: Lists, layer: Layer, sheet: Memo<Option<Arc<Sheet>>>, walk: Walk) -> AnyView {
    let rows = move || view! { <Rows lists layer sheet walk /> };
    if layer != Layer::Heat || !lists.sees_cases() {
        return rows().into_any();
    }
    let offset = use_store::<DistrictStore>().with_untracked(DistrictStore::utc_offset_s);
    lists.cases.answer.with(|c| loaded(c, offset, lists.cases.again, |_| rows()))
}

/// Tabs, the filter, and the button that closes.
#[component]
fn Top(lists: Lists, layer: Layer, walk: Walk) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let close = Callback::new(move |()| view.update(|v| v.open_list(None)));
    let narrow = move |text: String| {
        view.update(|v| v.state.narrow.text = text);
        walk.to_page(0);
    };
    let warned = (layer == Layer::Warnings && offers::reads(Resource::Warnings)).then(|| {
        let on = move || lists.narrow.with(|n| n.warned);
        let turn = move |_| {
            view.update(|v| v.state.narrow.warned = !v.state.narrow.warned);
            walk.to_page(0);
        };
        view! { <label class="check"><input type="checkbox" prop:checked=on on:change=turn />{say!(desk.list_warned)}</label> }
    });
    let of_cases = matches!(layer, Layer::Heat | Layer::Cases) && offers::kinds_of_cases();
    let only = of_cases.then(|| view! { <Kind walk /> });
    view! {
        <div class="list-head">
            <Tabs lists layer />
            <div class="list-end">
                {warned}
                {only}
                <input class="field-input" type="search" aria-label=say!(desk.list_filter) placeholder=say!(desk.list_filter)
                    prop:value=move || lists.narrow.with(|n| n.text.clone()) on:input:target=move |event| narrow(event.target().value()) />
                <IconButton icon=Icon::Close label=say!(desk.list_close) on_press=close />
            </div>
        </div>
    }
}

/// Which kind of cases is listed.
#[component]
fn Kind(walk: Walk) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let chosen = move || view.with(|v| v.state.narrow.only);
    let choose = move |event: leptos::ev::Event| {
        view.update(|v| v.state.narrow.only = Only::from_name(&event_target_value(&event)));
        walk.to_page(0);
    };
    let option = |only: Only| {
        let word = match only {
            Only::Groups => say!(desk.list_groups),
            Only::Repeats => say!(desk.list_repeats),
        };
        view! { <option value=only.as_str() prop:selected=move || chosen() == Some(only)>{word}</option> }
    };
    view! {
        <select class="field-input" aria-label=say!(desk.list_case_kind) on:change=choose>
            <option value="" prop:selected=move || chosen().is_none()>{say!(desk.list_all_kinds)}</option>
            {Only::ALL.into_iter().map(option).collect_view()}
        </select>
    }
}

/// One tab for each layer that is on; the arrow keys move among them.
#[component]
fn Tabs(lists: Lists, layer: Layer) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let go = move |to: Layer| {
        view.update(|v| v.open_list(Some(to)));
        clock::next_frame(move || page::focus(&tab_id(to)));
    };
    let tabs = Memo::new(move |_| {
        let mut on = lists.layers();
        if !on.contains(&layer) {
            // A link may open the list of a layer that is off, or that no backend gives.
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
fn Caption(lists: Lists, sheet: Memo<Option<Arc<Sheet>>>, total: Memo<usize>, layer: Layer) -> impl IntoView {
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
        let n = sheet.with(|s| s.as_ref().map_or(0, |s| s.not_on_map()));
        (n > 0).then(|| format!("{}{}", tr!(desk.semicolon), tr!(desk.list_not_on_map, n = grouped(n as u64))))
    };
    view! {
        <div class="list-caption">
            <p role="status">{words}{missing}</p>
            {part(move || remark(&lists.remark(layer), lists.district.with(DistrictStore::utc_offset_s)))}
        </div>
    }
}

/// Pages, and reading on where the server has more.
#[component]
fn Foot(lists: Lists, layer: Layer, sheet: Memo<Option<Arc<Sheet>>>, walk: Walk) -> impl IntoView {
    let number = walk.page;
    let count = Memo::new(move |_| pages(sheet.with(|s| s.as_ref().map_or(0, |s| s.rows.len()))));
    let paging = move || {
        (count.get() > 1).then(|| view! {
            <button type="button" class="button" prop:disabled=move || number.get() == 0 on:click=move |_| walk.to_page(number.get_untracked().saturating_sub(1))>{tr!(desk.list_previous)}</button>
            <span>{move || tr!(desk.list_page, n = number.get().min(count.get() - 1) + 1, m = count.get())}</span>
            <button type="button" class="button" prop:disabled=move || { number.get() + 1 >= count.get() } on:click=move |_| walk.to_page(number.get_untracked() + 1)>{tr!(desk.list_next)}</button>
        })
    };
    let more = move || {
        let (read, total, next) = lists.progress().filter(|_| matches!(layer, Layer::Heat | Layer::Cases))?;
        let cursor = next?;
        let (busy, error) = lists.rest.with(|rest| (rest.busy, rest.error.clone()));
        let label = if busy {
            tr!(common.loading).to_owned()
        } else {
            tr!(desk.list_more, n = grouped(read as u64), m = grouped(total))
        };
        Some(view! {
            {error.map(|error| view! { <span class="note" role="alert">{error_words(&error)}</span> })}
            <button type="button" class="button" prop:disabled=busy on:click=move |_| lists.more.run(cursor.clone())>{label}</button>
        })
    };
    view! { <div class="list-foot">{paging}{more}</div> }
}
