//! The state now, and its position in the stream of events.

use fengtu_wire::snapshot::Snapshot;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient;

/// Asks for what a live screen starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotQuery;

impl Question for SnapshotQuery {
    type Answer = Snapshot;
    const RESOURCE: Resource = Resource::Live;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/snapshot")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("snapshot", response).map(|mut snapshot: Snapshot| {
                snapshot.recent.iter_mut().for_each(|dot| lenient::off_earth(&mut dot.at));
                snapshot
            }),
        }
    }
}
