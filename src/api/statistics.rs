//! Figures of supervision.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::Statistics;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient;

/// Asks for the figures of a node in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatisticsQuery {
    /// The node; absent: the viewer's own.
    pub place: Option<PlaceId>,
    /// Start of the period, inclusive.
    pub from: Option<DateTime<FixedOffset>>,
    /// End of the period, exclusive.
    pub to: Option<DateTime<FixedOffset>>,
    /// The level of the nodes below; absent: the next.
    pub level: Option<PlaceLevel>,
}

impl Question for StatisticsQuery {
    type Answer = Statistics;
    const RESOURCE: Resource = Resource::Statistics;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/statistics")
                .with("place", self.place.as_ref())
                .with("from", self.from.map(|t| t.to_rfc3339()))
                .with("to", self.to.map(|t| t.to_rfc3339()))
                .with("level", self.level)),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("statistics", response),
        }
    }
}
