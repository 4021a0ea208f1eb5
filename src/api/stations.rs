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
            Dialect::Fengtu => lenient::features("stations", response).map(stops_on_earth),
        }
    }
}

/// Leaves out the stops that do not lie on the earth, and counts them.
fn stops_on_earth(mut list: Listed<Feature<Station>>) -> Listed<Feature<Station>> {
    for station in list.items.iter_mut().map(|feature| &mut feature.properties) {
        let (sound, off): (Vec<_>, Vec<_>) =
            std::mem::take(&mut station.stops).into_iter().partition(|stop| lenient::is_on_earth(stop.at));
        station.stops = sound;
        for stop in off {
            list.refused.add(&format!("{}: {} is not on the earth", station.id, stop.name));
        }
    }
    list
}

impl Keyed for Station {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}
