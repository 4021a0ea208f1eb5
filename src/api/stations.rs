//! Service stations.

use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::stations::Station;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, Keyed, Listed};

/// Asks for the stations of a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StationsQuery {
    /// The node; absent: all of the district.
    pub place: Option<PlaceId>,
}

impl Question for StationsQuery {
    type Answer = Listed<Feature<Station>>;
    const RESOURCE: Resource = Resource::Stations;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/stations").with("place", self.place.as_ref())),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::features("stations", response),
        }
    }
}

impl Keyed for Station {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}
