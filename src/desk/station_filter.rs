//! Which stations the map shows: by level, and sites by the kind of ground they stand in; each with how many are open.

use std::sync::Arc;

use fengtu_wire::grids::LandUse;
use fengtu_wire::stations::StationLevel;
use leptos::prelude::*;

use super::context::MapContext;
use super::legend::{SiteMarkLegend, StationMarkLegend};
use super::scene::things;
use super::words;
use crate::map::model::{Shared, StationMark};
use crate::routes::{StationSort, sorts};
use crate::scene::follow::calendar;
use crate::scene::stations;
use crate::state::{StationsStore, ViewStore, use_store};
use crate::tr;

/// The filter.
#[component]
pub fn StationFilter(
    /// What the parts of the page share.
    map: MapContext,
) -> impl IntoView {
    let all = all_marks(map);
    let levels = StationLevel::ALL.iter().map(|level| view! { <LevelRow level=*level all /> }).collect_view();
    view! { <ul class="layer-legend">{levels}</ul> }
}

/// Every station that is on the map, whatever is left out.
fn all_marks(map: MapContext) -> Memo<Shared<StationMark>> {
    let (store, at, calendar) = (use_store::<StationsStore>(), things::moment(map), calendar());
    Memo::new(move |_| {
        let marks = |s: &StationsStore| {
            stations::marks(s.all.value().map_or(&[][..], Vec::as_slice), &[], at.get(), &calendar.read())
        };
        Arc::new(store.with(marks))
    })
}

#[component]
fn LevelRow(level: StationLevel, all: Memo<Shared<StationMark>>) -> impl IntoView {
    let sort = StationSort::Level(level);
    let hidden = things::hidden_stations();
    let kinds = Memo::new(move |_| {
        if level == StationLevel::Site && hidden.with(|h| !h.contains(&sort)) {
            all.with(|all| kinds_of(all))
        } else {
            Vec::new()
        }
    });
    let below = move || {
        let rows = kinds.get().into_iter().map(|land| {
            view! { <li><SortRow sort=StationSort::Site(land) all><SiteMarkLegend land /></SortRow></li> }
        });
        kinds.with(|k| !k.is_empty()).then(|| view! { <ul class="layer-kinds">{rows.collect_view()}</ul> })
    };
    view! { <li><SortRow sort all><StationMarkLegend level /></SortRow>{below}</li> }
}

/// The kinds of ground that sites stand in, in the order of the protocol.
fn kinds_of(all: &[StationMark]) -> Vec<LandUse> {
    LandUse::ALL.iter().copied().filter(|land| all.iter().any(|mark| mark.site == Some(*land))).collect()
}

/// One sort: its switch, its mark, its word, and how many of them are open.
#[component]
fn SortRow(sort: StationSort, all: Memo<Shared<StationMark>>, children: Children) -> impl IntoView {
    let (view, hidden) = (use_store::<ViewStore>(), things::hidden_stations());
    let on = move || hidden.with(|hidden| !hidden.contains(&sort));
    let set = move |e| view.update(|v| sorts::show(&mut v.state.hidden, sort, event_target_checked(&e)));
    let count = move || {
        let (open, all) = all.with(|all| count(all, sort));
        tr!(desk.stations_open, open = open, all = all)
    };
    view! {
        <label class="layer-sub">
            <input type="checkbox" prop:checked=on on:change=set />
            {children()}<span>{move || sort_word(sort)}</span><span class="figure">{count}</span>
        </label>
    }
}

/// Counts the open ones of a sort, and all of it.
fn count(all: &[StationMark], sort: StationSort) -> (usize, usize) {
    let is_of = |mark: &&StationMark| match sort {
        StationSort::Level(level) => mark.level == level,
        StationSort::Site(land) => mark.site == Some(land),
    };
    let (mut open, mut whole) = (0, 0);
    for mark in all.iter().filter(is_of) {
        whole += 1;
        open += usize::from(mark.open == Some(true));
    }
    (open, whole)
}

/// Returns the word of a sort.
fn sort_word(sort: StationSort) -> &'static str {
    match sort {
        StationSort::Level(StationLevel::District) => tr!(desk.station_district),
        StationSort::Level(StationLevel::Street) => tr!(desk.station_street),
        StationSort::Level(StationLevel::Community) => tr!(desk.station_community),
        StationSort::Level(StationLevel::Site) => tr!(desk.station_site),
        StationSort::Level(StationLevel::Mobile) => tr!(desk.station_mobile),
        StationSort::Site(land) => words::land(land),
    }
}

#[cfg(test)]
mod tests {
    use fengtu_geo::LonLat;

    use super::*;

    fn mark(level: StationLevel, site: Option<LandUse>, open: Option<bool>) -> StationMark {
        StationMark { id: "s".into(), name: String::new(), level, site, at: LonLat { lon: 113.9, lat: 22.7 }, open }
    }

    #[test]
    fn sorts_are_counted_and_only_kinds_that_there_are_can_be_chosen() {
        let school = Some(LandUse::School);
        let all = [
            mark(StationLevel::Site, school, Some(true)),
            mark(StationLevel::Site, school, None),
            mark(StationLevel::Site, Some(LandUse::Estate), Some(false)),
            mark(StationLevel::Street, None, Some(true)),
        ];
        assert_eq!(count(&all, StationSort::Level(StationLevel::Site)), (1, 3));
        assert_eq!(count(&all, StationSort::Site(LandUse::School)), (1, 2));
        assert_eq!(kinds_of(&all), [LandUse::Estate, LandUse::School]);
    }
}
