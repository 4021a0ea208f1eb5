//! What the map tells: moves, pointing, clicks; and what the page does about it.

use fengtu_geo::LonLat;
use fengtu_wire::ids::PlaceId;
use leptos::prelude::*;

use super::camera;
use super::context::MapContext;
use super::crowd::{self, Asked};
use super::scene::selection_of;
use crate::browser::{clock, save as files};
use crate::map::model::{Exported, Seen};
use crate::map::{Hit, MapEvent};
use crate::routes::Camera;
use crate::state::hover::HeatHere;
use crate::state::screen::Outcome;
use crate::state::{HoverStore, ScreenStore, ViewStore, use_store};

/// Two clicks within this many milliseconds on the same thing are a double click.
const DOUBLE_MS: f64 = 400.0;

/// The click before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastClick {
    hit: Option<Hit>,
    at_ms: f64,
}

impl LastClick {
    /// Takes a click; returns whether it is the second one of a double click.
    pub fn take(&mut self, hit: &Hit, now_ms: f64) -> bool {
        let double = self.hit.as_ref() == Some(hit) && now_ms - self.at_ms <= DOUBLE_MS;
        // A third click is a first one again.
        self.hit = (!double).then(|| hit.clone());
        self.at_ms = now_ms;
        double
    }
}

/// Returns what the map calls.
pub fn handler(map: MapContext) -> Callback<MapEvent> {
    let (view, hover, screen) = (use_store::<ViewStore>(), use_store::<HoverStore>(), use_store::<ScreenStore>());
    let show = move |seen: Seen| {
        map.seen.set(Some(seen));
        screen.update(|screen| {
            screen.bounds = Some([seen.bounds.west, seen.bounds.south, seen.bounds.east, seen.bounds.north]);
        });
    };
    let open = crowd::opener(map);
    let last = StoredValue::new(LastClick::default());
    // What was clicked while the drawer was closed: it opens beside the map, which then must not hide it.
    let clicked = StoredValue::new(None::<LonLat>);
    Callback::new(move |event| match event {
        MapEvent::Ready(seen) => show(seen),
        MapEvent::Moved { view: seen, user } => {
            show(seen);
            let hidden = clicked.try_update_value(Option::take).flatten().filter(|at| !seen.bounds.contains(*at));
            if user || hidden.is_some() {
                let center = hidden.unwrap_or(seen.center);
                view.update(|v| v.state.camera = Some(Camera { lon: center.lon, lat: center.lat, zoom: seen.zoom }));
            }
        }
        MapEvent::Hover { hit, x, y, by_key } => {
            let many = hit.as_ref().and_then(crowd::many_of);
            hover.update(|hover| hover.on_map(hit.and_then(selection_of), many, [x, y], by_key));
        }
        MapEvent::HeatHere { here, x, y, by_key } => {
            let named = |(name, count): (String, u32)| (name.as_str().into(), count);
            let here = here.map(|here| HeatHere {
                per_km2: here.per_km2,
                cases: here.cases,
                causes: here.causes.into_iter().map(named).collect(),
            });
            hover.update(|hover| hover.on_heat(here, [x, y], by_key));
        }
        MapEvent::CasesCounted(count) => map.all_cases.set(count),
        MapEvent::Click { hit: Hit::Cluster(cluster), .. } => open.run(Asked::Cluster(cluster)),
        MapEvent::Click { hit: Hit::CaseSpot(spot), .. } => open.run(Asked::Case(spot)),
        MapEvent::Click { hit, at } => {
            map.found.set(None);
            let is_closed = view.with_untracked(|v| v.state.selection.is_none());
            clicked.set_value(Some(at).filter(|_| is_closed && !matches!(hit, Hit::Ground(_))));
            let double = last.try_update_value(|last| last.take(&hit, clock::monotonic_ms())).unwrap_or(false);
            click(map, view, hit, double);
        }
        MapEvent::Measure(measured) => map.measured.set(measured),
        MapEvent::HeatLegend(legend) => map.heat_legend.set(legend),
        MapEvent::Exported(exported) => screen.update(|screen| screen.outcome = Some(save(screen, &exported))),
        MapEvent::TileError => map.tiles_fail.set(true),
    })
}

fn click(map: MapContext, view: RwSignal<ViewStore>, hit: Hit, double: bool) {
    if let (Hit::Area(place), true) = (&hit, double) {
        return enter(map, view, place);
    }
    view.update(|v| v.select(selection_of(hit)));
}

/// Hands the picture over under the name that was asked for.
fn save(screen: &ScreenStore, exported: &Exported) -> Outcome {
    let name = screen.picture.as_ref().map_or("map.png", |picture| picture.file_name.as_str());
    match exported {
        Exported::Png { png, tiles_left_out } if files::file(name, "image/png", png) => {
            if *tiles_left_out {
                Outcome::WithoutTiles
            } else {
                Outcome::Saved
            }
        }
        _ => Outcome::Failed,
    }
}

/// Goes into a place: the camera flies there, and a chosen level goes one down.
pub fn enter(map: MapContext, view: RwSignal<ViewStore>, place: &PlaceId) {
    let level = map.atlas.with_untracked(|atlas| atlas.area(place).map(|area| area.level));
    view.update(|v| {
        let chosen = v.state.level.is_some();
        v.go_to(Some(place.clone()));
        v.state.level = level.filter(|_| chosen).map(camera::below);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clicks_on_one_thing_soon_after_another_are_a_double_click() {
        let (a, b) = (Hit::Area("a".into()), Hit::Area("b".into()));
        let mut last = LastClick::default();
        assert!(!last.take(&a, 1_000.0));
        assert!(last.take(&a, 1_300.0) && !last.take(&a, 1_400.0), "a third click is a first one");
        assert!(!last.take(&b, 1_500.0) && !last.take(&b, 2_500.0));
    }
}
