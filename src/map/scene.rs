//! What the page gives the map: one signal per layer, so that a change redraws that layer alone.

use std::sync::Arc;

use fengtu_geo::BBox;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::stations::CircleKind;
use leptos::prelude::Signal;

use super::foot::BAR_PX;
use super::model::{
    Area, BaseMap, BuildingMark, Candidate, CaseMark, CasePoints, CircleMark, ExportRequest, Heat, Hit, Levels,
    Located, MapWords, MeasureMode, Pulse, Shared, StationMark, TileSource, Uncovered, ViewTarget,
};

/// Holds the signals that the map draws; [`Default`] is an empty map, to be filled by field.
#[derive(Debug, Clone, Copy)]
pub struct MapScene {
    /// Where to look; `None` leaves the map where it is.
    pub view: Signal<Option<ViewTarget>>,
    /// What the map may not leave (it is padded by half its size); `None`: the whole world.
    pub limits: Signal<Option<BBox>>,
    /// Any text that changes with the theme: the colours are then read anew from the custom properties.
    pub theme: Signal<String>,
    /// Greatest width of the scale bar, CSS pixels.
    pub bar_px: Signal<f64>,
    /// The words on and of the map.
    pub words: Signal<MapWords>,
    /// The built-in base map.
    pub base: Signal<Option<Arc<BaseMap>>>,
    /// A tile server under it; the built-in ground is then left out, its labels too.
    pub tiles: Signal<Option<TileSource>>,
    /// The areas of the shown level, which are shaded, named and hit.
    pub areas: Signal<Shared<Area>>,
    /// The areas of the levels above, whose borders are drawn stronger and whose names come first.
    pub outlines: Signal<Shared<Area>>,
    /// The warning level of each area; a change recolours without touching geometry.
    pub levels: Signal<Arc<Levels>>,
    /// The place that the page is about: everything outside it is dimmed a little.
    pub focus: Signal<Option<PlaceId>>,
    /// What is chosen: outlined in the accent.
    pub selected: Signal<Option<Hit>>,
    /// What is pointed at, here or in a list.
    pub hovered: Signal<Option<Hit>>,
    /// The stations.
    pub stations: Signal<Shared<StationMark>>,
    /// All circles.
    pub circles: Signal<Shared<CircleMark>>,
    /// The kinds of circle that are switched on.
    pub circle_kinds: Signal<Vec<CircleKind>>,
    /// What no circle reaches, where that is switched on.
    pub uncovered: Signal<Option<Arc<Uncovered>>>,
    /// Where the next station would cover most.
    pub candidate: Signal<Option<Candidate>>,
    /// The heat.
    pub heat: Signal<Heat>,
    /// New cases; each is drawn once.
    pub pulses: Signal<Shared<Pulse>>,
    /// The newest cases, of which numbers are known, drawn from zoom 15.
    pub cases: Signal<Shared<CaseMark>>,
    /// All cases of the period, gathered into clusters where they stand too near to one another.
    pub all_cases: Signal<Option<CasePoints>>,
    /// Doors of buildings, drawn one by one from zoom 16, in clusters before.
    pub buildings: Signal<Shared<BuildingMark>>,
    /// What clicks measure.
    pub measure: Signal<MeasureMode>,
    /// Where the user is.
    pub located: Signal<Option<Located>>,
    /// Asks for the view as a picture.
    pub export: Signal<Option<ExportRequest>>,
}

impl Default for MapScene {
    fn default() -> Self {
        Self {
            view: Signal::stored(None),
            limits: Signal::stored(None),
            theme: Signal::stored(String::new()),
            bar_px: Signal::stored(BAR_PX),
            words: Signal::stored(MapWords::default()),
            base: Signal::stored(None),
            tiles: Signal::stored(None),
            areas: Signal::stored(Arc::default()),
            outlines: Signal::stored(Arc::default()),
            levels: Signal::stored(Arc::default()),
            focus: Signal::stored(None),
            selected: Signal::stored(None),
            hovered: Signal::stored(None),
            stations: Signal::stored(Arc::default()),
            circles: Signal::stored(Arc::default()),
            circle_kinds: Signal::stored(Vec::new()),
            uncovered: Signal::stored(None),
            candidate: Signal::stored(None),
            heat: Signal::stored(Heat::Off),
            pulses: Signal::stored(Arc::default()),
            cases: Signal::stored(Arc::default()),
            all_cases: Signal::stored(None),
            buildings: Signal::stored(Arc::default()),
            measure: Signal::stored(MeasureMode::Off),
            located: Signal::stored(None),
            export: Signal::stored(None),
        }
    }
}
