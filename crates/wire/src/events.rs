//! What travels on the stream `GET /events` (Server-Sent Events).
//!
//! The SSE `event` field carries [`Event::name`], `data` the JSON of the [`Event`] (`{"kind":…,"data":…}`), `id` the
//! position `epoch:sequence`.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::cases::{CaseState, Class};
use crate::geojson::Position;
use crate::ids::{CaseNumber, CategoryId, PlaceId};
use crate::json::FromJson;
use crate::statistics::Figures;
use crate::walls::WallCommand;
use crate::warnings::Level;

/// Seconds within which a heartbeat comes if nothing else does.
pub const HEARTBEAT_S: u32 = 15;

/// A place in the stream: the epoch names one history of the database, the sequence counts within it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StreamPosition {
    /// Names the history; changes when it is lost.
    pub epoch: String,
    /// Counts from 1.
    pub sequence: u64,
}

impl core::fmt::Display for StreamPosition {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}", self.epoch, self.sequence)
    }
}

impl core::str::FromStr for StreamPosition {
    type Err = crate::text::UnknownName;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let parsed = s.rsplit_once(':').and_then(|(epoch, seq)| {
            (!epoch.is_empty()).then_some(())?;
            Some(Self { epoch: epoch.to_owned(), sequence: seq.parse().ok()? })
        });
        parsed.ok_or_else(|| crate::text::UnknownName { what: "StreamPosition", name: s.to_owned() })
    }
}

/// One event, already cut to what this viewer may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "each is read as it comes: none are kept by the thousand")]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Event {
    /// A case came or changed; only for those who may see it.
    Case(CaseDot),
    /// A place's warning level changed.
    Warning(WarningLevel),
    /// Today's figures of the viewer's node, at most once a second.
    Figures(Figures),
    /// A wall is told something; only to that wall.
    Wall(WallCommand),
    /// Nothing happened; the stream is alive.
    Heartbeat(Heartbeat),
    /// The position asked for is gone: take a new snapshot.
    Reset(Heartbeat),
}

impl Event {
    /// Returns the SSE `event` field.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::Warning(_) => "warning",
            Self::Figures(_) => "figures",
            Self::Wall(_) => "wall",
            Self::Heartbeat(_) => "heartbeat",
            Self::Reset(_) => "reset",
        }
    }
}

/// The server's clock on the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Heartbeat {
    /// The server's clock.
    pub server_time: DateTime<FixedOffset>,
}

/// What the map needs of a case that came or changed. Restricted cases are never sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseDot {
    /// Its number.
    pub number: CaseNumber,
    /// What it is about.
    pub category: CategoryId,
    /// Its class.
    pub class: Class,
    /// Where it is in the loop.
    pub state: CaseState,
    /// The grid it is in.
    pub place: Option<PlaceId>,
    /// Where it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub at: Option<Position>,
    /// When it was reported.
    pub reported_at: DateTime<FixedOffset>,
    /// Its weight in the heat.
    pub weight: u8,
    /// What it says, in a line.
    pub title: String,
}

/// A place's level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningLevel {
    /// The place.
    pub place: PlaceId,
    /// Its level.
    pub level: Level,
    /// Its score.
    pub score: f64,
}
