//! The organisation tree.

use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, Keyed, Listed};

/// Asks for nodes of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlacesQuery {
    /// Only those of this level.
    pub level: Option<PlaceLevel>,
    /// Only those right below this node.
    pub parent: Option<PlaceId>,
    /// Whether outlines come along.
    pub geometry: bool,
}

impl Question for PlacesQuery {
    type Answer = Listed<Feature<Place>>;
    const RESOURCE: Resource = Resource::Places;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/places")
                .with("level", self.level)
                .with("parent", self.parent.as_ref())
                .with("geometry", self.geometry.then_some(true))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::features("places", response),
        }
    }
}

impl Keyed for Place {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}
