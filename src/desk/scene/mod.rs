//! Stores to what the map draws: one memo per layer, so that a change redraws that layer alone.
//!
//! [`crate::scene`] makes the values, natively tested; this module only wires them.

pub mod things;

use std::sync::Arc;

use fengtu_geo::BBox;
use fengtu_wire::places::PlaceLevel;
use leptos::prelude::*;

use super::camera;
use super::context::MapContext;
use crate::browser::media;
use crate::map::MapScene;
use crate::map::model::{Area, BaseMap, ExportRequest, Hit, Levels, Shared, TileSource};
use crate::routes::{Layer, Selection};
use crate::scene::follow::{self, differs, of_areas, words};
use crate::scene::{base, geometry};
use crate::state::screen::MapCommand;
use crate::state::{DistrictStore, HoverStore, ScreenStore, SessionStore, ViewStore, WarningsStore, use_store};

/// Wires the stores to a scene.
pub fn scene(map: MapContext) -> MapScene {
    let shown = shown(map);
    let (labels, hover) = (layer(Layer::Labels), use_store::<HoverStore>());
    MapScene {
        view: map.target.into(),
        limits: limits(map).into(),
        theme: theme(),
        words: words().into(),
        base: base_map(map, labels).into(),
        tiles: tiles().into(),
        areas: named(labels, Memo::new_with_compare(move |_| map.atlas.with(|a| a.areas(shown.get())), differs)).into(),
        outlines: named(labels, Memo::new_with_compare(move |_| map.atlas.with(|a| a.outlines(shown.get())), differs))
            .into(),
        levels: levels(map, shown).into(),
        focus: focus(map).into(),
        selected: selected().into(),
        hovered: Memo::new(move |_| hover.with(|hover| hover.over.as_ref().map(hit_of))).into(),
        measure: map.measure.into(),
        located: map.located.into(),
        export: export().into(),
        pulses: map.pulses.into(),
        ..things::scene(map)
    }
}

/// Returns whether a layer is on.
pub fn layer(layer: Layer) -> Memo<bool> {
    let view = use_store::<ViewStore>();
    Memo::new(move |_| view.with(|v| v.has_layer(layer)))
}

/// Returns the level of the areas that are shaded: what the district lacks is shown by what it has.
pub fn shown(map: MapContext) -> Memo<PlaceLevel> {
    Memo::new(move |_| map.atlas.with(|atlas| atlas.nearest(camera::areas_of(map.level.get()))))
}

/// Takes the names off areas where labels are switched off.
fn named(labels: Memo<bool>, areas: Memo<Shared<Area>>) -> Memo<Shared<Area>> {
    let bare = |area: &Area| Area { name: String::new(), ..area.clone() };
    Memo::new_with_compare(
        move |_| if labels.get() { areas.get() } else { areas.with(|a| Arc::new(a.iter().map(bare).collect())) },
        differs,
    )
}

fn limits(map: MapContext) -> Memo<Option<BBox>> {
    let district = use_store::<DistrictStore>();
    let served = move || district.with(|d| d.config.value().and_then(|c| c.bounds).map(geometry::bounds));
    Memo::new(move |_| {
        let drawn = map.atlas.with(|atlas| atlas.extent());
        match (served(), drawn) {
            (Some(a), Some(b)) => Some(a.union(&b)),
            (a, b) => a.or(b),
        }
    })
}

fn base_map(map: MapContext, labels: Memo<bool>) -> Memo<Option<Arc<BaseMap>>> {
    let all = follow::base_map(map.base);
    let bare = |base: &BaseMap| {
        let mut base = base.clone();
        base.shapes.iter_mut().for_each(|shape| shape.name = None);
        Arc::new(base)
    };
    Memo::new_with_compare(
        move |_| if labels.get() { all.get() } else { all.with(|all| all.as_deref().map(bare)) },
        |_, _| true,
    )
}

fn tiles() -> Memo<Option<TileSource>> {
    let (view, session) = (use_store::<ViewStore>(), use_store::<SessionStore>());
    Memo::new(move |_| {
        let chosen = view.with(|v| v.state.base.clone())?;
        let (choices, _) = session.with(|s| base::choices(s.public().backends()));
        choices.into_iter().find(|choice| choice.id == chosen).map(|choice| choice.source)
    })
}

/// The level of each area that is shown, now or at the moment of the time bar.
fn levels(map: MapContext, shown: Memo<PlaceLevel>) -> Memo<Arc<Levels>> {
    let (view, warnings) = (use_store::<ViewStore>(), use_store::<WarningsStore>());
    let (on, at) = (layer(Layer::Warnings), Memo::new(move |_| view.with(|v| v.state.at)));
    Memo::new(move |_| {
        if !on.get() {
            return Arc::default();
        }
        let (at, areas) = (at.get(), map.atlas.with(|atlas| atlas.areas(shown.get())));
        Arc::new(warnings.with(|w| of_areas(w, &areas, at)))
    })
}

/// Everything outside the place in view is dimmed, unless that is the whole district.
fn focus(map: MapContext) -> Memo<Option<fengtu_wire::ids::PlaceId>> {
    let district = use_store::<DistrictStore>();
    Memo::new(move |_| {
        let place = map.place.get()?;
        let is_root = district.with(|d| d.config.value().is_some_and(|c| c.root.as_ref() == Some(&place)));
        (!is_root && map.atlas.with(|atlas| atlas.area(&place).is_some())).then_some(place)
    })
}

fn selected() -> Memo<Option<Hit>> {
    let view = use_store::<ViewStore>();
    Memo::new(move |_| view.with(|v| v.state.selection.as_ref().map(hit_of)))
}

/// Returns what a selection is on the map.
pub fn hit_of(selection: &Selection) -> Hit {
    match selection {
        Selection::Place(id) => Hit::Area(id.clone()),
        Selection::Station(id) => Hit::Station(id.clone()),
        Selection::Building(code) => Hit::Building(code.clone()),
        Selection::Case(number) => Hit::Case(number.clone()),
    }
}

/// Returns the selection that a click makes; the ground selects nothing.
pub fn selection_of(hit: Hit) -> Option<Selection> {
    match hit {
        Hit::Area(id) => Some(Selection::Place(id)),
        Hit::Station(id) => Some(Selection::Station(id)),
        Hit::Building(code) => Some(Selection::Building(code)),
        Hit::Case(number) => Some(Selection::Case(number)),
        Hit::Ground(_) | Hit::Cluster(_) | Hit::CaseSpot(_) => None,
    }
}

/// The picture that somebody asked for.
fn export() -> Memo<Option<ExportRequest>> {
    let screen = use_store::<ScreenStore>();
    let request = |c: &MapCommand| ExportRequest { turn: c.turn, lines: c.lines.clone() };
    Memo::new(move |_| screen.with(|s| s.picture.as_ref().map(request)))
}

/// Any text that changes when the colours do.
fn theme() -> Signal<String> {
    let view = use_store::<ViewStore>();
    let dark = RwSignal::new(media::prefers_dark());
    let listener = StoredValue::new_local(media::watch("(prefers-color-scheme: dark)", move |is| dark.set(is)));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
    Memo::new(move |_| format!("{} {}", view.with(|v| v.state.theme.as_str()), dark.get())).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_click_selects_what_it_hit_and_the_ground_nothing() {
        let station = Selection::Station("s".into());
        assert_eq!(selection_of(hit_of(&station)), Some(station));
        assert_eq!(selection_of(Hit::Ground(fengtu_geo::LonLat { lon: 1.0, lat: 2.0 })), None);
    }
}
