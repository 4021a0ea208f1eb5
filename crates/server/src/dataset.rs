//! What a district is made of, as rows ready for the store.
//!
//! Both ways in — the demo generator and the importer — build these, and `store::write` takes nothing else,
//! so that invented and real districts go through one door. Rows are not wire types: they hold what the
//! database keeps (unmasked, with every instant), and are cut down per viewer on the way out.

use chrono::{DateTime, NaiveDate, Utc};
use fengtu_domain::orders::Progress;
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::cases::{CaseState, Channel, Class, PartySide, Sensitivity};
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::{BuildingCode, CaseNumber, CategoryId, OrderNumber, PlaceId};
use fengtu_wire::mediations::{MediationKind, MediationOutcome};
use fengtu_wire::orders::{OrderKind, Rank};
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
    /// Orders with their departments.
    pub orders: Vec<OrderRow>,
    /// Attempts to mediate.
    pub mediations: Vec<MediationRow>,
    /// Judicial confirmations.
    pub confirmations: Vec<ConfirmationRow>,
    /// Civil lawsuits by place and month.
    pub lawsuits: Vec<LawsuitRow>,
    /// Counts of lawsuits to take out: of a place and the first day of a local month.
    pub lawsuits_out: Vec<(PlaceId, NaiveDate)>,
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

/// Who took the steps that came with a file.
pub const IMPORTED_BY: &str = "数据导入";

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

/// An order with everything that has happened to it; its state follows from its departments.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRow {
    /// Its number.
    pub number: OrderNumber,
    /// Its kind.
    pub kind: OrderKind,
    /// How urgent it is.
    pub class: Class,
    /// The place whose matter it is.
    pub place: PlaceId,
    /// The node that ordered, and its office.
    pub by: (PlaceId, String),
    /// The case behind it.
    pub case: Option<CaseNumber>,
    /// That of the case behind it.
    pub sensitivity: Sensitivity,
    /// What for, in a line.
    pub title: String,
    /// Seconds within which everyone must check in.
    pub check_in_s: u32,
    /// The least rank of whoever comes.
    pub least_rank: Rank,
    /// How many of each department must come.
    pub people: u32,
    /// When it was given.
    pub issued_at: DateTime<Utc>,
    /// Who was ordered to come.
    pub departments: Vec<SummonsRow>,
}

impl OrderRow {
    /// Returns how far each of its departments has come.
    pub fn progress(&self) -> Vec<Progress> {
        self.departments.iter().map(SummonsRow::progress).collect()
    }
}

/// A department that was ordered to come.
#[derive(Debug, Clone, PartialEq)]
pub struct SummonsRow {
    /// The department, as an account's office names it.
    pub department: String,
    /// The node that it belongs to.
    pub place: PlaceId,
    /// How it checked in.
    pub check_in: Option<CheckInRow>,
    /// What it did.
    pub report: Option<ReportRow>,
    /// What the community thought of it.
    pub score: Option<ScoreRow>,
}

impl SummonsRow {
    /// Returns how far it has come, in Unix milliseconds.
    pub fn progress(&self) -> Progress {
        Progress {
            checked_in_at: self.check_in.as_ref().map(|check_in| check_in.at.timestamp_millis()),
            reported: self.report.is_some(),
            scored: self.score.is_some(),
        }
    }
}

/// A department's people are there.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Where, in words.
    pub spot: String,
    /// Where, if it was given.
    pub position: Option<Position>,
    /// The rank of the highest who came.
    pub rank: Rank,
    /// Their name.
    pub person: String,
    /// How many came.
    pub people: u32,
}

/// What a department did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// When it reported.
    pub at: DateTime<Utc>,
    /// What it did.
    pub text: String,
}

/// What the community thought of a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoreRow {
    /// When it scored.
    pub at: DateTime<Utc>,
    /// 1–5.
    pub score: u8,
}

/// One attempt to mediate a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediationRow {
    /// The case.
    pub case: CaseNumber,
    /// Counts from 1 within the case.
    pub attempt: u32,
    /// Its kind.
    pub kind: MediationKind,
    /// The level of the place whose mediators try.
    pub tier: PlaceLevel,
    /// Who mediates.
    pub mediator: Option<String>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When and how it ended; absent: it goes on.
    pub ended: Option<(DateTime<Utc>, MediationOutcome)>,
}

/// A judicial confirmation of what the parties to a case agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmationRow {
    /// The case.
    pub case: CaseNumber,
    /// Counts from 1 within the case.
    pub sequence: u32,
    /// The room in which the parties sat.
    pub room: Option<String>,
    /// When it was applied for.
    pub applied_at: DateTime<Utc>,
    /// When it was made; absent: it has not been.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Civil lawsuits that the courts took in from a place, all below it included, in one local month: a count, and nobody's case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawsuitRow {
    /// The place.
    pub place: PlaceId,
    /// The first day of the month.
    pub month: NaiveDate,
    /// How many.
    pub filed: u32,
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
    /// An order was given, or moved on: as it is now.
    Order(Box<OrderRow>),
    /// An attempt to mediate began or ended: as it is now.
    Mediation(MediationRow),
    /// A judicial confirmation was applied for or made: as it is now.
    Confirmation(ConfirmationRow),
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
