//! What is done about warnings, what came of earlier ones, and thresholds tried on the past.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{WarningEpisode, WarningOrder, WarningRecord, WarningTrial};

use super::dialect::{Dialect, Method, Question, Request, Resource, Response, encode};
use super::error::ApiError;
use super::lenient;

/// Does something about a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningCommand {
    /// Whose warning.
    pub place: PlaceId,
    /// The version that this is based on.
    pub version: u32,
    /// The request's own name: sent twice, it is done once.
    pub key: String,
    /// What.
    pub order: WarningOrder,
}

impl Question for WarningCommand {
    type Answer = WarningRecord;
    const RESOURCE: Resource = Resource::Warnings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::new(Method::Post, path(&self.place, "actions"))
                .header("if-match", format!("\"{}\"", self.version))
                .header("idempotency-key", self.key.clone())
                .json(&self.order)),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("warning action", response),
        }
    }
}

/// Asks what was done about a place's warnings, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningRecordsQuery(pub PlaceId);

impl Question for WarningRecordsQuery {
    type Answer = Vec<WarningRecord>;
    const RESOURCE: Resource = Resource::Warnings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get(path(&self.0, "actions"))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("warning actions", response),
        }
    }
}

/// Asks for the times in the last year at which a place had a warning, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodesQuery(pub PlaceId);

impl Question for EpisodesQuery {
    type Answer = Vec<WarningEpisode>;
    const RESOURCE: Resource = Resource::Warnings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get(path(&self.0, "episodes"))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("warning episodes", response),
        }
    }
}

/// Tries thresholds on the past year.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialQuery {
    /// Only inside this node.
    pub place: Option<PlaceId>,
    /// The level of the places.
    pub level: PlaceLevel,
    /// Least scores of blue, yellow, red.
    pub thresholds: [f64; 3],
}

impl Question for TrialQuery {
    type Answer = WarningTrial;
    const RESOURCE: Resource = Resource::Warnings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        let [blue, yellow, red] = self.thresholds;
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/warnings/trial")
                .with("place", self.place.as_ref())
                .with("level", Some(self.level))
                .with("blue", Some(blue))
                .with("yellow", Some(yellow))
                .with("red", Some(red))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("warning trial", response),
        }
    }
}

fn path(place: &PlaceId, part: &str) -> String {
    format!("/warnings/{}/{part}", encode(place.as_str()))
}
