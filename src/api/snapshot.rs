//! The state now, and its position in the stream of events.

use fengtu_wire::snapshot::Snapshot;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::json::{self, Unreadable};
use super::lenient::{self, Silent};

/// Asks for what a live screen starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotQuery;

/// The state, and which of the backends that it is made of did not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The state.
    pub snapshot: Snapshot,
    /// They; none of ours.
    pub silent: Vec<Silent>,
}

impl Question for SnapshotQuery {
    type Answer = Told;
    const RESOURCE: Resource = Resource::Live;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/snapshot")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => told(&response.body).map_err(|error| ApiError::decode("snapshot", error)),
        }
    }
}

fn told(body: &[u8]) -> Result<Told, Unreadable> {
    let read = json::parse(body)?;
    let mut snapshot: Snapshot = read.read()?;
    snapshot.recent.iter_mut().for_each(|dot| lenient::off_earth(&mut dot.at));
    Ok(Told { snapshot, silent: lenient::silent(&read) })
}
