//! Buildings 楼栋 and the unified address base.

use serde::{Deserialize, Serialize};

use crate::geojson::Position;
use crate::grids::LandUse;
use crate::ids::{BuildingCode, PlaceId};
use crate::json::FromJson;

/// `GET /buildings`: one building; searched by `q` (address, name, code), `bbox`, `place`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Building {
    /// The code on its door.
    pub code: BuildingCode,
    /// Its name, such as 光明花园 3 栋.
    pub name: String,
    /// Its address in the unified address base.
    pub address: String,
    /// The grid it stands in.
    pub place: Option<PlaceId>,
    /// Where it stands; absent: not on the map.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub at: Option<Position>,
    /// Storeys.
    pub floors: Option<u16>,
    /// People who live there.
    pub population: u32,
    /// What it is used for.
    pub land_use: LandUse,
}

/// `GET /buildings/points`: every building of a node in columns, for layers and coverage.
///
/// All columns have the same length. Buildings that are not on the map are left out and counted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BuildingPoints {
    /// Codes on the doors.
    pub codes: Vec<BuildingCode>,
    /// Longitudes in degrees, rounded to 6 decimals.
    pub lon: Vec<f64>,
    /// Latitudes in degrees, rounded to 6 decimals.
    pub lat: Vec<f64>,
    /// People who live in each.
    pub population: Vec<u32>,
    /// How many have no usable coordinate.
    pub not_on_map: u32,
}
