//! The organisation tree 组织树.

use serde::{Deserialize, Serialize};

use crate::geojson::{Bounds, Position};
use crate::ids::PlaceId;
use crate::json::FromJson;

crate::wire_enum!(
    /// A level of the tree, from the top; a district may lack any of them.
    PlaceLevel {
        /// District 区.
        District = "district",
        /// Street 街道.
        Street = "street",
        /// Community 社区.
        Community = "community",
        /// Comprehensive grid 网格.
        Grid = "grid",
        /// Red party sub-grid 红色小分格.
        SubGrid = "sub_grid",
    }
);

/// `GET /places`: a node of the tree, the properties of a feature. Geometry comes with `geometry=true`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// Its level.
    pub level: PlaceLevel,
    /// The node above; absent at the top.
    pub parent: Option<PlaceId>,
    /// Its name in Chinese.
    pub name: String,
    /// Its name in English or pinyin, where there is one.
    pub name_en: Option<String>,
    /// People who live there.
    pub population: Option<u32>,
    /// Ground area in m².
    pub area_m2: Option<f64>,
    /// Where its label stands.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub centre: Option<Position>,
    /// Its extent.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub bounds: Option<Bounds>,
}
