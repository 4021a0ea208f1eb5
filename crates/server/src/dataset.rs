//! What a district is made of, as rows ready for the store.
//!
//! Both ways in — the demo generator and the importer — build these, and `store::write` takes nothing else,
//! so that invented and real districts go through one door. Rows are not wire types: they hold what the
//! database keeps (unmasked, with every instant), and are cut down per viewer on the way out.

use chrono::{DateTime, Utc};
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::cases::{CaseState, Channel, Class, PartySide, Sensitivity};
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::{BuildingCode, CaseNumber, CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::stations::Station;
use fengtu_wire::text::LocalText;

/// A district, or the part of one that a file held.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Nodes of the tree, parents before children.
    pub places: Vec<PlaceRow>,
    /// Stations; the geometry is the point where each stands.
    pub stations: Vec<Feature<Station>>,
    /// Buildings.
    pub buildings: Vec<BuildingRow>,
    /// Cases with their events.
    pub cases: Vec<CaseRow>,
    /// The built-in base map.
    pub basemap: Vec<Feature<BaseFeature>>,
}

/// A node of the tree; a grid carries what only grids have in `grid`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// Its id: the official code where it has one.
    pub id: PlaceId,
    /// Its level.
    pub level: PlaceLevel,
    /// The node above; absent at the top.
    pub parent: Option<PlaceId>,
    /// Chinese name.
    pub name: String,
    /// English or pinyin name.
    pub name_en: Option<String>,
    /// People who live there.
    pub population: u32,
    /// Its shape (Polygon or `MultiPolygon`), if known.
    pub geometry: Option<Geometry>,
    /// What only grids have.
    pub grid: Option<GridDetail>,
}

/// What only a grid has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridDetail {
    /// What its ground is mostly used for.
    pub land_use: LandUse,
    /// The grid member's full name.
    pub member: Option<String>,
    /// The grid's telephone.
    pub telephone: Option<String>,
}

/// A building.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingRow {
    /// The code on its door.
    pub code: BuildingCode,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// The lowest place it stands in.
    pub place: Option<PlaceId>,
    /// Where it stands; absent: not on the map.
    pub at: Option<Position>,
    /// Storeys.
    pub floors: Option<u16>,
    /// People who live there.
    pub population: u32,
    /// What it is used for.
    pub land_use: LandUse,
}

/// A case with everything that has happened to it.
///
/// Its state, holder, version and instants (answered, accepted, resolved …) follow from `events`;
/// clocks are computed from them, the class rules and the calendar, and are not stored.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// Its number.
    pub number: CaseNumber,
    /// How it came in.
    pub channel: Channel,
    /// Second-level category where known.
    pub category: CategoryId,
    /// Its class.
    pub class: Class,
    /// Its sensitivity, at least its category's.
    pub sensitivity: Sensitivity,
    /// The lowest place known.
    pub place: Option<PlaceId>,
    /// Its address.
    pub address: Option<String>,
    /// The building it happened in.
    pub building: Option<BuildingCode>,
    /// Where it is; absent: not on the map.
    pub at: Option<Position>,
    /// One line.
    pub title: String,
    /// The resident's words.
    pub description: String,
    /// People who are part of it.
    pub people: u32,
    /// Amount in fen.
    pub amount_fen: i64,
    /// The parties, unmasked.
    pub parties: Vec<PartyRow>,
    /// An earlier case of the same parties or cause.
    pub repeat_of: Option<CaseNumber>,
    /// The resident's rating, 1–5.
    pub rating: Option<u8>,
    /// What happened, in order; the first one is the report.
    pub events: Vec<CaseEventRow>,
}

/// A party, unmasked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PartyRow {
    /// Full name.
    pub name: String,
    /// Full telephone number.
    pub telephone: Option<String>,
    /// What they are to the case.
    pub side: PartySide,
}

/// One step on a case's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEventRow {
    /// When.
    pub at: DateTime<Utc>,
    /// The state after it.
    pub to: CaseState,
    /// Who did it: a role or an office, never a resident's name.
    pub by: String,
    /// Reason or note.
    pub note: Option<String>,
    /// The node that has the case after it, and its office.
    pub holder: Option<(PlaceId, String)>,
}

/// Something that happened: what the live simulator and, later, the desk's actions hand to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A case came in.
    NewCase(Box<CaseRow>),
    /// A case moved on.
    Step {
        /// Which one.
        number: CaseNumber,
        /// What happened to it.
        event: CaseEventRow,
        /// The rating that came with it.
        rating: Option<u8>,
    },
}

/// An account to be made; the password is hashed on the way in and kept nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// The login name.
    pub name: String,
    /// What to call them.
    pub display_name: String,
    /// Staff number, shown in the watermark.
    pub staff_number: Option<String>,
    /// Their role.
    pub role: Role,
    /// The top of the part of the tree that they see.
    pub place: Option<PlaceId>,
    /// The office they belong to, as a case's holder names it; decides which cases are theirs.
    pub office: Option<String>,
    /// Who that is, such as 光明街道 综治办.
    pub title: LocalText,
    /// The password.
    pub password: String,
}
