//! Case heat: aggregated cells for anyone, points for those who may see them.
//!
//! Points come as `GeoJSON`, or by `Accept: application/vnd.fengtu.points` in columns ([`columns`]).

pub mod columns;

use serde::{Deserialize, Serialize};

use crate::geojson::Position;
use crate::ids::{CaseNumber, CategoryId, PlaceId};
use crate::json::FromJson;

pub use columns::{BYTES_PER_CASE, HEADER, PointColumns, PointsError, PointsView};

/// The media type of the columnar form.
pub const POINTS_MEDIA_TYPE: &str = "application/vnd.fengtu.points";

/// `GET /heat`: counts per cell, safe for a wall and for the public.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatCells {
    /// Side of a cell in metres.
    pub cell_m: f64,
    /// Fewest cases that a cell shows; smaller ones were merged into a neighbour or withheld.
    pub k: u32,
    /// The cells.
    pub cells: Vec<HeatCell>,
    /// Cases that no cell shows.
    pub withheld: u64,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatCell {
    /// Its centre.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>))]
    pub at: Position,
    /// Cases in it.
    pub count: u32,
}

/// `GET /heat/points` as `GeoJSON`: the properties of one case's point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatPoint {
    /// The case.
    pub number: CaseNumber,
    /// What it is about.
    pub category: CategoryId,
    /// The grid it is in.
    pub place: Option<PlaceId>,
    /// When it was reported, Unix seconds.
    pub t: i64,
    /// Its weight.
    pub weight: u8,
}

/// Says how case points are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsForm {
    /// The columnar form, read by [`PointsView::read`].
    Columns,
    /// A `GeoJSON` `FeatureCollection` whose properties are [`HeatPoint`]s.
    GeoJson,
}

/// The name that categories share in the columns for which there is no number left: no id that anybody gives.
pub const OTHER_CATEGORIES: &str = "…";

/// Holds one point a case as a server sent them: a million of them are read where nobody waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsAsSent<Bytes> {
    /// How they are written.
    pub form: PointsForm,
    /// The points.
    pub bytes: Bytes,
}
