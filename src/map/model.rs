//! What goes into the map and what comes out of it, in plain values.

use std::collections::HashMap;
use std::sync::Arc;

use fengtu_geo::{BBox, Datum, LonLat, MultiPolygon};
use fengtu_wire::basemap::BaseClass;
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::{BuildingCode, CaseNumber, PlaceId, StationId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, StationLevel};
use fengtu_wire::warnings::Level;

mod crowd;
mod heat;

pub use crowd::{CaseSpot, Cluster, Many};
pub use heat::{CasePoints, Heat, HeatCell, HeatHere, HeatLegend, HeatStop, HeatTrouble, LiveCases, MOST_LIVE, PIECE};

/// Says where the map shall look; a new value moves it, whatever the user did since.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ViewTarget {
    /// What shall be in view.
    pub place: ViewPlace,
    /// Whether the map flies there; reduced motion overrules it.
    pub animate: bool,
    /// Counts up to go to the same place once more.
    pub turn: u32,
}

/// Says what shall be in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ViewPlace {
    /// All of a box, at a zoom that the wheel rests at.
    Bounds(BBox),
    /// All of a box, as large as the frame takes it.
    Whole(BBox),
    /// A centre at a zoom, which may be a fraction.
    At {
        /// The centre.
        center: LonLat,
        /// The zoom.
        zoom: f64,
    },
}

/// Holds what the map shows now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The ground in view.
    pub bounds: BBox,
    /// Its centre.
    pub center: LonLat,
    /// The zoom, in quarters.
    pub zoom: f64,
    /// Metres on the ground of one CSS pixel at the centre.
    pub metres_per_pixel: f64,
}

/// Holds one feature of the built-in base map.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseShape {
    /// How it is drawn.
    pub class: BaseClass,
    /// Its label.
    pub name: Option<String>,
    /// Where it is.
    pub geometry: BaseGeometry,
}

/// Holds where a feature of the base map is.
#[derive(Debug, Clone, PartialEq)]
pub enum BaseGeometry {
    /// A spot.
    Point(LonLat),
    /// One line or several.
    Lines(Vec<Vec<LonLat>>),
    /// Ground.
    Area(MultiPolygon),
}

/// Holds the built-in base map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BaseMap {
    /// Its features, in any order.
    pub shapes: Vec<BaseShape>,
}

/// Says how a tile server numbers its tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileScheme {
    /// Row 0 in the north: `{z}/{x}/{y}`.
    Xyz,
    /// Row 0 in the south: `{z}/{x}/{y}` with `y` turned over.
    Tms,
    /// OGC WMTS by key-value pairs or a REST template: `{TileMatrix}`, `{TileCol}`, `{TileRow}` or `{z}`, `{x}`, `{y}`.
    Wmts,
}

/// Holds a tile server of a district's own choice.
#[derive(Debug, Clone, PartialEq)]
pub struct TileSource {
    /// How tiles are numbered; always in the square Web Mercator grid of EPSG:3857.
    pub scheme: TileScheme,
    /// The address with its placeholders; `{s}` is one of `subdomains`.
    pub template: String,
    /// What `{s}` stands for in turn.
    pub subdomains: Vec<String>,
    /// The datum that the tiles are drawn in.
    pub datum: Datum,
    /// Greatest zoom that the server has; beyond it tiles are enlarged.
    pub max_zoom: u8,
    /// Whether the server lets pages read its tiles (CORS), so that an exported picture may hold them. If it does not and
    /// this says so, no tile comes at all.
    pub cors: bool,
    /// Whose tiles they are, as plain text.
    pub attribution: String,
}

/// Holds an area that warnings shade: a grid, community, street or district.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its id.
    pub id: PlaceId,
    /// Its level in the tree.
    pub level: PlaceLevel,
    /// Its ground.
    pub shape: MultiPolygon,
    /// Its name, as a label.
    pub name: String,
    /// Where its label and symbol stand; absent: a point inside is computed.
    pub label_at: Option<LonLat>,
}

/// The warning level of each place that has one.
pub type Levels = HashMap<PlaceId, Level>;

/// Holds a station.
#[derive(Debug, Clone, PartialEq)]
pub struct StationMark {
    /// Its id.
    pub id: StationId,
    /// Its name, as a label at high zoom.
    pub name: String,
    /// How high it stands: sets the size.
    pub level: StationLevel,
    /// What it stands in: sets the glyph of a site.
    pub site: Option<LandUse>,
    /// Where it is; a mobile one: where it is now.
    pub at: LonLat,
    /// Whether it is open now; unknown draws like closed with a dashed edge.
    pub open: Option<bool>,
}

/// Holds a service circle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CircleMark {
    /// What it is for: sets the hue.
    pub kind: CircleKind,
    /// Its centre.
    pub center: LonLat,
    /// Radius in metres on the ground.
    pub radius_m: f64,
}

/// Holds what no circle reaches.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Uncovered {
    /// The ground, as boxes that do not overlap.
    pub ground: Vec<BBox>,
    /// The buildings.
    pub buildings: Vec<LonLat>,
}

/// Holds where the next station would cover most.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Where.
    pub at: LonLat,
    /// Radius in metres on the ground.
    pub radius_m: f64,
    /// A word beside it, such as how many people it would reach.
    pub label: String,
}

/// Holds a case at its place, for those who may see places of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseMark {
    /// Its number.
    pub number: CaseNumber,
    /// Where.
    pub at: LonLat,
    /// Whether it is of class 1.
    pub urgent: bool,
}

/// Holds a building's door.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingMark {
    /// The code on the door.
    pub code: BuildingCode,
    /// Where.
    pub at: LonLat,
}

/// Announces a new case: drawn once, then forgotten.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// Greater than that of every pulse before; a pulse seen once is not drawn again.
    pub id: u64,
    /// Where.
    pub at: LonLat,
}

/// Holds where the user is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Located {
    /// Where.
    pub at: LonLat,
    /// Accuracy in metres.
    pub accuracy_m: f64,
}

/// Says what the next clicks measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MeasureMode {
    /// Nothing: a click selects.
    #[default]
    Off,
    /// A path.
    Distance,
    /// A ring.
    Area,
}

/// Holds what has been measured so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measured {
    /// The corners.
    pub points: Vec<LonLat>,
    /// Geodesic length of the path (of the closed ring when an area is measured), metres.
    pub length_m: f64,
    /// Area on the ellipsoid, m²; none for a path.
    pub area_m2: Option<f64>,
    /// Whether the last corner was set (Enter on it again, or a double click).
    pub done: bool,
}

/// Holds the words that the map itself shows or speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MapWords {
    /// What the map is, for a screen reader.
    pub label: String,
    /// How it is used by keyboard, for a screen reader.
    pub keys: String,
    /// The line at the foot: source, review number, demo mark.
    pub notice: String,
    /// The word for north.
    pub north: String,
    /// What the zoom-in button is called.
    pub zoom_in: String,
    /// What the zoom-out button is called.
    pub zoom_out: String,
    /// The datum, such as CGCS2000.
    pub datum: String,
}

/// Names the thing under a point.
#[derive(Debug, Clone, PartialEq)]
pub enum Hit {
    /// A shaded area.
    Area(PlaceId),
    /// A station.
    Station(StationId),
    /// A building.
    Building(BuildingCode),
    /// A case.
    Case(CaseNumber),
    /// A case out of many.
    CaseSpot(CaseSpot),
    /// Many things.
    Cluster(Cluster),
    /// Nothing but ground.
    Ground(LonLat),
}

/// Tells the page what happened on the map.
#[derive(Debug, Clone, PartialEq)]
pub enum MapEvent {
    /// The map is there and has its first view.
    Ready(Seen),
    /// The map has come to rest.
    Moved {
        /// What it shows.
        view: Seen,
        /// Whether a person moved it, not the page.
        user: bool,
    },
    /// The pointer, or the cross-hair of the keys, is over another thing than before, or has left the map.
    Hover {
        /// The thing; `None` when the pointer has left.
        hit: Option<Hit>,
        /// CSS pixels from the left edge of the map.
        x: f64,
        /// CSS pixels from its top edge.
        y: f64,
        /// Whether the map's keys brought it under the cross-hair.
        by_key: bool,
    },
    /// A thing was clicked, or chosen with Enter under the cross-hair.
    Click {
        /// The thing.
        hit: Hit,
        /// Where.
        at: LonLat,
    },
    /// The measured path has changed.
    Measure(Measured),
    /// The heat picture was drawn anew.
    HeatLegend(HeatLegend),
    /// What the heat is where the pointer or the cross-hair has rested, or that it has moved on.
    HeatHere {
        /// The heat; `None` when the pointer has moved on.
        here: Option<HeatHere>,
        /// CSS pixels from the left edge of the map.
        x: f64,
        /// CSS pixels from its top edge.
        y: f64,
        /// Whether the map's keys brought it under the cross-hair.
        by_key: bool,
    },
    /// All cases of the choice were counted; `None`: there are none to count.
    CasesCounted(Option<u64>),
    /// The picture that was asked for.
    Exported(Exported),
    /// A tile did not come; at most once per source until one comes.
    TileError,
}

/// Asks for the view as a picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportRequest {
    /// Counts up with every request; a picture is made once for each.
    pub turn: u32,
    /// What stands under the map: legend, source and review number, demo mark, time.
    pub lines: Vec<String>,
}

/// Says what became of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// It is there.
    Png {
        /// The file.
        png: Vec<u8>,
        /// Whether tiles had to be left out because their server does not let them be read.
        tiles_left_out: bool,
    },
    /// The browser could not make it.
    Failed,
}

/// A list that signals hand about without copying it.
pub type Shared<T> = Arc<Vec<T>>;
