//! Grids with their polygons.

use fengtu_wire::geojson::Feature;
use fengtu_wire::grids::Grid;
use fengtu_wire::ids::PlaceId;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, Keyed, Listed};

/// Asks for the grids of a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridsQuery {
    /// The node; absent: all that the viewer may see.
    pub place: Option<PlaceId>,
}

impl Question for GridsQuery {
    type Answer = Listed<Feature<Grid>>;
    const RESOURCE: Resource = Resource::Grids;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/grids").with("place", self.place.as_ref())),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::features("grids", response),
        }
    }
}

impl Keyed for Grid {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}
