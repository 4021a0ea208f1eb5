//! One box that finds places, stations, buildings, addresses and cases, and goes there.

mod cases;
pub mod matching;

use fengtu_wire::ids::{BuildingCode, CaseNumber, PlaceId, StationId};
use leptos::prelude::*;

use self::cases::cases;
use self::matching::{Found, Kind, Typed, places, stations};
use crate::api::buildings::BuildingsQuery;
use crate::api::dialect::Resource;
use crate::browser::{clock, page};
use crate::desk::camera;
use crate::desk::context::{MapContext, use_map};
use crate::desk::offers;
use crate::desk::scope::{asked, lon_lat};
use crate::desk::words;
use crate::reactive::effect;
use crate::routes::Selection;
use crate::state::{DistrictStore, StationsStore, ViewStore, spawn_scoped, use_store};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::message::error_words;
use crate::{say, tr};

/// Milliseconds without a key after which the server is asked.
const PAUSE_MS: u32 = 250;
/// The id of the box.
const ID: &str = "desk-search";
/// Rows of each kind.
const ROWS: usize = 4;

/// The search box: the combobox of the ARIA practices with its results in groups.
#[component]
pub fn Search() -> impl IntoView {
    let (text, open, active) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(0_usize));
    let results = results(text);
    let shown = Signal::derive(move || open.get() && !matching::normal(&text.get()).is_empty());
    let (map, view) = (use_map(), use_store::<ViewStore>());
    let choose = Callback::new(move |index: usize| {
        if let Some(found) = results.found.with(|f| f.get(index).cloned()) {
            open.set(false);
            go(map, view, &found);
        }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let last = results.found.with(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if open.get_untracked() => active.update(|a| *a = (*a + 1).min(last)),
            "ArrowDown" => active.set(0),
            "ArrowUp" => active.update(|a| *a = a.saturating_sub(1)),
            "Enter" if shown.get_untracked() => {
                event.prevent_default();
                return choose.run(active.get_untracked());
            }
            "Escape" if shown.get_untracked() => {
                event.prevent_default();
                return open.set(false);
            }
            _ => return,
        }
        event.prevent_default();
        open.set(true);
        let id = format!("{ID}-{}", active.get_untracked());
        clock::next_frame(move || page::reveal(&id));
    };
    let option =
        move || (shown.get() && results.found.with(|f| !f.is_empty())).then(|| format!("{ID}-{}", active.get()));
    view! {
        <div class="search" role="search">
            <Glyph icon=Icon::Search />
            <input class="search-input" id=ID type="text" role="combobox" autocomplete="off" spellcheck="false" enterkeyhint="search"
                aria-label=label placeholder=label aria-autocomplete="list"
                aria-expanded=move || shown.get().to_string() aria-controls=format!("{ID}-list") aria-activedescendant=option
                prop:value=text
                on:input:target=move |event| { text.set(event.target().value()); active.set(0); open.set(true); }
                on:keydown=on_key on:blur=move |_| open.set(false) />
            <List shown active results choose />
        </div>
    }
}

/// What can be found in front of these backends.
fn label() -> String {
    let all = [
        (true, tr!(desk.finder_places)),
        (offers::reads(Resource::Stations), tr!(desk.finder_stations)),
        (offers::reads(Resource::Buildings), tr!(desk.finder_buildings)),
        (offers::one(Resource::Cases), tr!(desk.finder_case_number)),
    ];
    let names: Vec<&str> = all.iter().filter(|(is_there, _)| *is_there).map(|(_, name)| *name).collect();
    if names.len() == all.len() {
        return tr!(desk.finder_label).to_owned();
    }
    tr!(desk.finder_only, names = names.join(tr!(desk.map_comma)))
}

/// What was found so far, and how the asking goes.
#[derive(Clone, Copy)]
struct Results {
    found: Memo<Vec<Found>>,
    note: Signal<Option<String>>,
}

fn results(text: RwSignal<String>) -> Results {
    let typed = paused(text);
    let has_buildings = offers::reads(Resource::Buildings);
    let buildings = asked(move || {
        let text = typed.get()?.normal;
        let is_asked = has_buildings && text.chars().count() > 1;
        is_asked.then(|| BuildingsQuery { text: Some(text), limit: Some(8), ..BuildingsQuery::default() })
    });
    let is_empty = move || buildings.answer.with(|b| b.value().is_some_and(|l| l.items.is_empty()));
    let cases = cases(typed, Memo::new(move |_| !has_buildings || is_empty()));
    let (district, all) = (use_store::<DistrictStore>(), use_store::<StationsStore>());
    let found = Memo::new(move |_| {
        let text = text.get();
        let mut found = district.with(|d| d.tree.value().map(|tree| places(tree, &text, ROWS)).unwrap_or_default());
        found.extend(all.with(|s| stations(s.all.value().map_or(&[][..], Vec::as_slice), &text, ROWS)));
        let normal = matching::normal(&text);
        if typed.with(|typed| typed.as_ref().is_some_and(|typed| typed.normal == normal)) {
            found.extend(buildings.answer.with(|b| {
                b.value().map(|l| l.items.iter().map(matching::building).collect::<Vec<_>>()).unwrap_or_default()
            }));
            found.extend(cases.found(&normal));
        }
        found
    });
    let note = Signal::derive(move || {
        let now = Typed::read(&text.get());
        let of_buildings = has_buildings
            && now.as_ref().is_some_and(|now| now.normal.chars().count() > 1)
            && buildings.answer.with(|b| b.is_loading() && b.error().is_none());
        let waits = typed.with(|typed| *typed != now) || of_buildings || cases.waits();
        let error = buildings.answer.with(|b| b.error().map(|e| tr!(desk.finder_failed, why = error_words(e))));
        let error = error.or_else(|| cases.error().map(|e| tr!(desk.finder_cases_failed, why = error_words(&e))));
        match (waits, error, found.with(Vec::len)) {
            (true, _, _) => Some(tr!(desk.finder_searching).to_owned()),
            (_, Some(error), _) => Some(error),
            (_, _, 0) => Some(tr!(desk.finder_none, text = text.get())),
            _ => None,
        }
    });
    Results { found, note }
}

/// Follows a text after a pause in typing.
fn paused(text: RwSignal<String>) -> RwSignal<Option<Typed>> {
    let settled = RwSignal::new(None);
    effect(move || {
        let typed = Typed::read(&text.get());
        spawn_scoped(async move {
            clock::sleep(PAUSE_MS).await;
            settled.set(typed);
        });
    });
    settled
}

fn go(map: MapContext, view: RwSignal<ViewStore>, found: &Found) {
    let key = found.key.clone();
    let thing = match found.kind {
        Kind::Place => return view.update(|v| v.go_to(Some(PlaceId(key)))),
        Kind::Station => Selection::Station(StationId(key)),
        Kind::Building => Selection::Building(BuildingCode(key)),
        Kind::Case => Selection::Case(CaseNumber(key)),
    };
    camera::show(map, view, thing, found.at.map(lon_lat));
}

#[component]
fn List(shown: Signal<bool>, active: RwSignal<usize>, results: Results, choose: Callback<usize>) -> impl IntoView {
    let groups = move || {
        let found = results.found.get();
        let all: Vec<(usize, Found)> = found.into_iter().enumerate().collect();
        let of = |kind: Kind| all.iter().filter(|(_, f)| f.kind == kind).cloned().collect::<Vec<_>>();
        let groups = Kind::ALL.into_iter().map(|kind| (kind, of(kind))).filter(|(_, rows)| !rows.is_empty());
        groups.map(|(kind, rows)| view! { <Group kind rows active choose /> }).collect_view()
    };
    let count = move || results.note.get().unwrap_or_else(|| tr!(desk.finder_found, n = results.found.with(Vec::len)));
    view! {
        <div class="search-list" hidden=move || !shown.get()>
            <div id=format!("{ID}-list") role="listbox" aria-label=say!(desk.finder_label) hidden=move || results.found.with(Vec::is_empty)>{groups}</div>
            <p class="search-note" role="status">{count}</p>
        </div>
    }
}

#[component]
fn Group(kind: Kind, rows: Vec<(usize, Found)>, active: RwSignal<usize>, choose: Callback<usize>) -> impl IntoView {
    let (title, icon) = match kind {
        Kind::Place => (tr!(desk.finder_places), Icon::Pin),
        Kind::Station => (tr!(desk.finder_stations), Icon::Person),
        Kind::Building => (tr!(desk.finder_buildings), Icon::Building),
        Kind::Case => (tr!(desk.finder_cases), Icon::Case),
    };
    let option = move |(index, found): (usize, Found)| {
        let note = found.level.map_or(found.note.clone(), |level| words::place_level(level).to_owned());
        view! {
            <div class="search-option" id=format!("{ID}-{index}") role="option" aria-selected=move || (active.get() == index).to_string()
                on:mousedown=move |event| { event.prevent_default(); choose.run(index); }>
                <Glyph icon /><span>{found.label}</span><small>{note}</small>
            </div>
        }
    };
    view! {
        <div role="group" aria-label=title>
            <p class="search-group" aria-hidden="true">{title}</p>
            {rows.into_iter().map(option).collect_view()}
        </div>
    }
}
