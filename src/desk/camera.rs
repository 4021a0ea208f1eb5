//! Where the map looks, and at which level: pure rules, and the one effect that follows the address.

use fengtu_geo::coord::nearest;
use fengtu_geo::{BBox, LonLat};
use fengtu_wire::places::PlaceLevel;
use leptos::prelude::*;

use super::context::MapContext;
use crate::map::model::{Seen, ViewPlace, ViewTarget};
use crate::routes::{Camera, MapLevel, Selection};
use crate::scene::geometry;
use crate::state::{DistrictStore, ViewStore, use_store};

/// Ground pixels of one metre at which each level begins to read: a grid of 300 m is then 5 pixels wide, enough for a colour.
const GRID_BELOW_M_PER_PX: f64 = 60.0;
const COMMUNITY_BELOW_M_PER_PX: f64 = 120.0;
const BUILDING_BELOW_M_PER_PX: f64 = 1.6;

/// Returns the level that a scale shows best, for who has chosen none.
pub fn level_for_scale(metres_per_pixel: f64) -> MapLevel {
    match metres_per_pixel {
        scale if scale < BUILDING_BELOW_M_PER_PX => MapLevel::Building,
        scale if scale < GRID_BELOW_M_PER_PX => MapLevel::Grid,
        scale if scale < COMMUNITY_BELOW_M_PER_PX => MapLevel::Community,
        _ => MapLevel::Street,
    }
}

/// Returns the level of the areas that are shaded at a level of the switch.
pub const fn areas_of(level: MapLevel) -> PlaceLevel {
    match level {
        MapLevel::District => PlaceLevel::District,
        MapLevel::Street => PlaceLevel::Street,
        MapLevel::Community => PlaceLevel::Community,
        MapLevel::Grid | MapLevel::Building => PlaceLevel::Grid,
    }
}

/// Returns the level to show after going into a place.
pub const fn below(place: PlaceLevel) -> MapLevel {
    match place {
        PlaceLevel::District => MapLevel::Street,
        PlaceLevel::Street => MapLevel::Community,
        PlaceLevel::Community => MapLevel::Grid,
        PlaceLevel::Grid | PlaceLevel::SubGrid => MapLevel::Building,
    }
}

/// Returns the camera that shows what is seen.
pub const fn camera_of(seen: &Seen) -> Camera {
    Camera { lon: seen.center.lon, lat: seen.center.lat, zoom: seen.zoom }
}

/// Returns what a camera of the address shows.
pub const fn place_of(camera: Camera) -> ViewPlace {
    ViewPlace::At { center: LonLat { lon: camera.lon, lat: camera.lat }, zoom: camera.zoom }
}

/// Whether two cameras show the same, as exactly as an address says it.
pub fn is_same(a: Camera, b: Camera) -> bool {
    nearest(a.lon - b.lon, 0.0).abs() < 2e-5 && (a.lat - b.lat).abs() < 2e-5 && (a.zoom - b.zoom).abs() < 0.02
}

/// Returns what must come into view: the camera of the address, else the place, else everything.
pub fn wanted(camera: Option<Camera>, place: Option<BBox>, all: Option<BBox>) -> Option<ViewPlace> {
    camera.map(place_of).or_else(|| place.or(all).map(ViewPlace::Bounds))
}

/// Zoom at which a station is shown among its neighbours; it has its name on the map from 14.5 on.
const STATION_ZOOM: f64 = 15.5;
/// Zoom at which a single case or door is shown; both are drawn one by one from 16 on.
const SPOT_ZOOM: f64 = 16.5;
/// Share of the map that an area takes that somebody chose.
const AREA_SHARE: f64 = 0.6;

/// Returns the camera that shows a thing at a spot, no farther away than it is seen from now.
pub fn at_spot(thing: &Selection, at: LonLat, zoom_now: f64) -> Camera {
    let near = if matches!(thing, Selection::Station(_)) { STATION_ZOOM } else { SPOT_ZOOM };
    Camera { lon: at.lon, lat: at.lat, zoom: near.max(zoom_now) }
}

/// Returns the camera in which an area takes most of what the map shows now, in quarters of a zoom.
pub fn around(area: &BBox, seen: &Seen) -> Camera {
    let (all, center) = (&seen.bounds, area.center());
    let wide = (all.east - all.west) / (area.east - area.west).max(1e-6);
    let high = (all.north - all.south) / (area.north - area.south).max(1e-6);
    let zoom = seen.zoom + (wide.min(high) * AREA_SHARE).log2();
    Camera { lon: center.lon, lat: center.lat, zoom: ((zoom * 4.0).floor() / 4.0).clamp(4.0, SPOT_ZOOM) }
}

/// Selects a thing that a list or a search names, and flies to it; without a spot it is selected alone.
pub fn show(map: MapContext, view: RwSignal<ViewStore>, thing: Selection, at: Option<LonLat>) {
    let camera = map.seen.get_untracked().and_then(|seen| match &thing {
        Selection::Place(id) => map.atlas.with_untracked(|a| a.bounds(id)).map(|area| around(&area, &seen)),
        spot => at.map(|at| at_spot(spot, at, seen.zoom)),
    });
    let level = map.level.get_untracked();
    view.update(|v| {
        if let (Some(camera), Selection::Place(_), None) = (camera, &thing, v.state.level) {
            v.state.level = kept_level(camera, level);
        }
        v.state.camera = camera.or(v.state.camera);
        v.select(Some(thing));
    });
}

/// Returns the level to hold on to where flying nearer would shade other areas than the list has that somebody chose from.
fn kept_level(camera: Camera, now: MapLevel) -> Option<MapLevel> {
    let scale = fengtu_geo::mercator::metres_per_pixel(camera.lat, camera.zoom);
    (areas_of(level_for_scale(scale)) != areas_of(now)).then_some(now)
}

/// Moves the map when the address says so, and only then: the user's own moves are already shown.
pub fn follow(map: MapContext) {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let camera = Memo::new(move |_| view.with(|v| v.state.camera));
    let all = Memo::new(move |_| {
        let config = district.with(|d| d.config.value().and_then(|c| c.bounds).map(geometry::bounds));
        config.or_else(|| map.atlas.with(|atlas| atlas.extent()))
    });
    // Nobody gives any ground, and no case says where it is.
    let is_nowhere = Memo::new(move |_| district.with(|d| d.tree.value().is_some() && d.grids.value().is_some()));
    let anywhere = move || is_nowhere.get().then_some(ANYWHERE);
    let place = Memo::new(move |_| {
        let place = map.place.get()?;
        map.atlas.with(|atlas| atlas.bounds(&place))
    });
    let goal = Memo::new(move |_| wanted(camera.get(), place.get(), all.get().or_else(anywhere)));
    Effect::new(move |before: Option<u32>| {
        let turn = before.unwrap_or(0);
        let Some(place) = goal.get() else { return turn };
        let shown = map.seen.with_untracked(|seen| seen.as_ref().map(camera_of));
        let already = camera.get_untracked().zip(shown).is_some_and(|(wanted, shown)| is_same(wanted, shown));
        if !already {
            map.target.set(Some(ViewTarget { place, animate: turn > 0, turn: turn + 1 }));
        }
        turn + 1
    });
}

/// China: where to look when there is nothing to look at.
const ANYWHERE: BBox = BBox { west: 73.5, south: 18.0, east: 135.0, north: 53.5 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_is_finer() {
        let levels = [200.0, 90.0, 40.0, 1.0].map(level_for_scale);
        assert_eq!(levels, [MapLevel::Street, MapLevel::Community, MapLevel::Grid, MapLevel::Building]);
    }

    #[test]
    fn going_into_a_place_goes_one_level_down() {
        assert_eq!(below(PlaceLevel::District), MapLevel::Street);
        assert_eq!(areas_of(below(PlaceLevel::Street)), PlaceLevel::Community);
        assert_eq!(below(PlaceLevel::Grid), MapLevel::Building);
    }

    #[test]
    fn the_address_is_obeyed_before_the_place_and_the_place_before_all() {
        let small = BBox { west: 113.9, south: 22.7, east: 114.0, north: 22.8 };
        let all = small.padded(0.1);
        let camera = Camera { lon: 113.95, lat: 22.75, zoom: 14.0 };
        assert_eq!(wanted(Some(camera), Some(small), Some(all)), Some(place_of(camera)));
        assert_eq!(wanted(None, Some(small), Some(all)), Some(ViewPlace::Bounds(small)));
        assert_eq!(wanted(None, None, Some(all)), Some(ViewPlace::Bounds(all)));
        assert_eq!(wanted(None, None, None), None);
    }

    fn seen(zoom: f64) -> Seen {
        let bounds = BBox { west: 113.8, south: 22.6, east: 114.0, north: 22.8 };
        let metres_per_pixel = fengtu_geo::mercator::metres_per_pixel(22.7, zoom);
        Seen { bounds, center: bounds.center(), zoom, metres_per_pixel }
    }

    #[test]
    fn a_chosen_area_fills_the_map_and_a_spot_is_never_left_behind() {
        let area = BBox { west: 113.90, south: 22.70, east: 113.925, north: 22.71 };
        let camera = around(&area, &seen(12.0));
        // An eighth of the view, of which it may take 0.6: 8 × 0.6 = 2^2.26.
        assert_eq!((camera.zoom, camera.lon), (14.25, 113.9125));
        let tiny = BBox { west: 113.9, south: 22.7, east: 113.9, north: 22.7 };
        assert!((around(&tiny, &seen(12.0)).zoom - SPOT_ZOOM).abs() < 1e-9);
        let at = LonLat { lon: 113.9, lat: 22.7 };
        let zoom = |thing: &Selection, now| at_spot(thing, at, now).zoom;
        let (station, case) = (Selection::Station("s".into()), Selection::Case("c".into()));
        let tenths = [zoom(&station, 12.0), zoom(&case, 12.0), zoom(&station, 18.0)].map(|zoom| (zoom * 10.0) as u32);
        assert_eq!(tenths, [155, 165, 180]);
    }

    #[test]
    fn choosing_an_area_keeps_the_level_of_its_list() {
        let near = Camera { lon: 113.9, lat: 22.7, zoom: 16.0 };
        assert_eq!(kept_level(near, MapLevel::Community), Some(MapLevel::Community));
        assert_eq!(kept_level(near, MapLevel::Grid), None);
        assert_eq!(kept_level(Camera { zoom: 17.0, ..near }, MapLevel::Grid), None, "doors stand in the same grids");
    }

    #[test]
    fn a_camera_that_went_through_the_address_is_the_same() {
        let camera = Camera { lon: 113.951_234_56, lat: 22.751_234_56, zoom: 14.253 };
        let written = Camera { lon: 113.951_23, lat: 22.751_23, zoom: 14.25 };
        let turned = Camera { lon: camera.lon + 360.0, ..camera };
        assert!(is_same(turned, written), "the map has gone round the world");
        assert!(is_same(camera, written) && !is_same(camera, Camera { zoom: 14.5, ..camera }));
    }
}
