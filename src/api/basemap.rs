//! The built-in base map.

use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::geojson::FeatureCollection;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient;

/// Asks for the built-in base map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasemapQuery;

impl Question for BasemapQuery {
    type Answer = FeatureCollection<BaseFeature>;
    const RESOURCE: Resource = Resource::Basemap;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/basemap")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("basemap", response).map(|mut map: Self::Answer| {
                for feature in &mut map.features {
                    feature.geometry = feature.geometry.take().filter(lenient::is_drawable);
                }
                map
            }),
        }
    }
}
