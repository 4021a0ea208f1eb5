//! One box that finds places, stations, buildings, addresses and cases, and goes there.

pub mod matching;

use fengtu_wire::ids::{BuildingCode, CaseNumber, PlaceId, StationId};
use leptos::prelude::*;

use self::matching::{Found, Kind, places, stations};
use crate::api::ApiError;
use crate::api::buildings::BuildingsQuery;
use crate::api::cases::{CaseQuery, CasesQuery};
use crate::api::dialect::Resource;
use crate::browser::{clock, page};
use crate::desk::camera;
use crate::desk::context::{MapContext, use_map};
use crate::desk::offers;
use crate::desk::scope::{asked, lon_lat};
use crate::desk::words;
use crate::reactive::effect;
use crate::routes::Selection;
use crate::state::{DistrictStore, SessionStore, StationsStore, ViewStore, spawn_scoped, use_store};
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

/// Whether cases come from a backend of our own contract, which looks for a part of a number itself.
fn is_ours() -> bool {
    use_store::<SessionStore>().with_untracked(|s| !s.public().backends().of(Resource::Cases).is_foreign)
}

/// What was found so far, and how the asking goes.
#[derive(Clone, Copy)]
struct Results {
    found: Memo<Vec<Found>>,
    note: Signal<Option<String>>,
}

fn results(text: RwSignal<String>) -> Results {
    let asked_text = paused(text);
    let (has_buildings, has_cases) = (offers::reads(Resource::Buildings), offers::one(Resource::Cases));
    let buildings = asked(move || {
        let text = asked_text.get().filter(|t| has_buildings && t.chars().count() > 1)?;
        Some(BuildingsQuery { text: Some(text), limit: Some(8), ..BuildingsQuery::default() })
    });
    let no_building =
        move || !has_buildings || buildings.answer.with(|b| b.value().is_some_and(|l| l.items.is_empty()));
    let case = asked(move || {
        let text = asked_text.get()?;
        // A row of digits is the code of a door or a place first.
        let is_code = text.chars().all(|c| c.is_ascii_digit());
        matching::case_number(&text).filter(|_| has_cases && (!is_code || no_building())).map(CaseQuery)
    });
    // Imported numbers are of any shape, and one that is asked for by itself must be right to the letter.
    let finds_parts = has_cases && is_ours();
    let part = move || {
        let text = asked_text.get().filter(|text| finds_parts && matching::is_number_like(text) && no_building())?;
        let is_other = matching::case_number(&text).is_none() || case.answer.with(|c| c.error().is_some());
        is_other.then(|| CasesQuery { text: Some(text), limit: Some(20), ..CasesQuery::default() })
    };
    let parts = asked(part);
    let (district, all) = (use_store::<DistrictStore>(), use_store::<StationsStore>());
    let found = Memo::new(move |_| {
        let text = text.get();
        let mut found = district.with(|d| d.tree.value().map(|tree| places(tree, &text, ROWS)).unwrap_or_default());
        found.extend(all.with(|s| stations(s.all.value().map_or(&[][..], Vec::as_slice), &text, ROWS)));
        let current = asked_text.with(|asked| asked.as_deref() == Some(matching::normal(&text).as_str()));
        if current {
            found.extend(buildings.answer.with(|b| {
                b.value().map(|l| l.items.iter().map(matching::building).collect::<Vec<_>>()).unwrap_or_default()
            }));
            found.extend(case.answer.with(|c| c.value().map(|c| matching::case(&c.case.summary))));
            found.extend(parts.answer.with(|p| {
                p.value().map(|l| matching::numbered(&l.items, &matching::normal(&text), ROWS)).unwrap_or_default()
            }));
        }
        found
    });
    let note = Signal::derive(move || {
        let typed = matching::normal(&text.get());
        let waits = asked_text.with(|a| a.as_deref() != Some(typed.as_str()))
            || (has_buildings
                && typed.chars().count() > 1
                && buildings.answer.with(|b| b.is_loading() && b.error().is_none()))
            || (part().is_some() && parts.answer.with(|p| p.is_loading() && p.error().is_none()));
        let failed = |e: &ApiError| tr!(desk.finder_failed, why = error_words(e));
        let of_buildings = buildings.answer.with(|b| b.error().map(failed));
        let error = of_buildings.or_else(|| parts.answer.with(|p| p.error().map(failed)));
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
fn paused(text: RwSignal<String>) -> RwSignal<Option<String>> {
    let settled = RwSignal::new(None);
    effect(move || {
        let normal = matching::normal(&text.get());
        spawn_scoped(async move {
            clock::sleep(PAUSE_MS).await;
            settled.set((!normal.is_empty()).then_some(normal));
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
