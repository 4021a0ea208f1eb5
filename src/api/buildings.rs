//! Buildings and addresses.

use fengtu_wire::buildings::{Building, BuildingPoints};
use fengtu_wire::ids::PlaceId;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, Keyed, Listed};

/// Searches buildings by address, name or code.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BuildingsQuery {
    /// Part of an address, a name or a code.
    pub text: Option<String>,
    /// Only those in this node.
    pub place: Option<PlaceId>,
    /// Most rows.
    pub limit: Option<u32>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

impl Question for BuildingsQuery {
    type Answer = Listed<Building>;
    const RESOURCE: Resource = Resource::Buildings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/buildings")
                .with("q", self.text.as_ref())
                .with("place", self.place.as_ref())
                .with("limit", self.limit)
                .with("cursor", self.cursor.as_ref())),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::page("buildings", response).map(|mut list: Listed<Building>| {
                list.items.iter_mut().for_each(|building| lenient::off_earth(&mut building.at));
                list
            }),
        }
    }
}

/// Asks for every building of a node in columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildingPointsQuery {
    /// The node; absent: all of the district.
    pub place: Option<PlaceId>,
}

impl Question for BuildingPointsQuery {
    type Answer = BuildingPoints;
    const RESOURCE: Resource = Resource::Buildings;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/buildings/points").with("place", self.place.as_ref())),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("building points", response).and_then(even).map(on_map),
        }
    }
}

impl Keyed for Building {
    fn key(&self) -> &str {
        self.code.as_str()
    }
}

/// Counts the buildings that do not lie on the earth as "not on the map", and takes them out of the columns.
fn on_map(points: BuildingPoints) -> BuildingPoints {
    let is_sound = |(lon, lat): (&f64, &f64)| lenient::is_on_earth([*lon, *lat]);
    if points.lon.iter().zip(&points.lat).all(is_sound) {
        return points;
    }
    let mut sound = BuildingPoints { not_on_map: points.not_on_map, ..BuildingPoints::default() };
    let places = points.lon.into_iter().zip(points.lat);
    for ((code, (lon, lat)), people) in points.codes.into_iter().zip(places).zip(points.population) {
        if !lenient::is_on_earth([lon, lat]) {
            sound.not_on_map = sound.not_on_map.saturating_add(1);
            continue;
        }
        sound.codes.push(code);
        sound.lon.push(lon);
        sound.lat.push(lat);
        sound.population.push(people);
    }
    sound
}

/// Refuses columns of different lengths: a shifted column would put people into the wrong house.
fn even(points: BuildingPoints) -> Result<BuildingPoints, ApiError> {
    let n = points.codes.len();
    if points.lon.len() == n && points.lat.len() == n && points.population.len() == n {
        return Ok(points);
    }
    Err(ApiError::decode("building points", "the columns differ in length"))
}
