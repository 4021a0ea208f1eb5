//! Risk warnings, now and over time.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, Warning, WarningHistory};

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, Keyed, Listed};

/// Asks for warnings with their reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WarningsQuery {
    /// Only those of this node and below.
    pub place: Option<PlaceId>,
    /// Only those of these levels; empty: all above `none`.
    pub levels: Vec<Level>,
    /// Only places of this level of the tree.
    pub place_level: Option<PlaceLevel>,
    /// As it was then; absent: now.
    pub at: Option<DateTime<FixedOffset>>,
    /// Most rows.
    pub limit: Option<u32>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

impl Question for WarningsQuery {
    type Answer = Listed<Warning>;
    const RESOURCE: Resource = Resource::Warnings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/warnings")
                .with("place", self.place.as_ref())
                .with_each("level", &self.levels)
                .with("place_level", self.place_level)
                .with("at", self.at.map(|t| t.to_rfc3339()))
                .with("limit", self.limit)
                .with("cursor", self.cursor.as_ref())),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::page("warnings", response),
        }
    }
}

/// Asks for the levels of many places over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WarningHistoryQuery {
    /// Only this node and below.
    pub place: Option<PlaceId>,
    /// Places of this level.
    pub level: Option<PlaceLevel>,
    /// The first frame.
    pub from: Option<DateTime<FixedOffset>>,
    /// No frame is later than this.
    pub to: Option<DateTime<FixedOffset>>,
    /// Seconds between frames.
    pub step_s: Option<u32>,
}

impl Question for WarningHistoryQuery {
    type Answer = WarningHistory;
    const RESOURCE: Resource = Resource::Warnings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/warnings/history")
                .with("place", self.place.as_ref())
                .with("level", self.level)
                .with("from", self.from.map(|t| t.to_rfc3339()))
                .with("to", self.to.map(|t| t.to_rfc3339()))
                .with("step_s", self.step_s)),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("warning history", response).and_then(whole),
        }
    }
}

impl Keyed for Warning {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}

/// Refuses frames that do not fit their places: a shifted digit would colour the wrong grid.
fn whole(history: WarningHistory) -> Result<WarningHistory, ApiError> {
    let n = history.places.len();
    let fits = |frame: &String| frame.len() == n && frame.bytes().all(|b| (b'0'..=b'3').contains(&b));
    if history.step_s > 0 && history.frames.iter().all(fits) {
        return Ok(history);
    }
    Err(ApiError::decode("warning history", "a frame does not fit the places"))
}
