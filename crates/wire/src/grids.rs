//! Grids 网格: the polygons that warnings shade.

use serde::{Deserialize, Serialize};

use crate::ids::PlaceId;
use crate::json::FromJson;

/// `GET /grids`: one grid, the properties of a polygon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grid {
    /// Its id in the tree.
    pub id: PlaceId,
    /// The node above it.
    pub parent: Option<PlaceId>,
    /// Its name.
    pub name: String,
    /// What the ground is mostly used for.
    pub land_use: LandUse,
    /// People who live there.
    pub population: u32,
    /// Buildings in it.
    pub buildings: u32,
    /// Ground area in m².
    pub area_m2: f64,
    /// The grid member 网格员 on duty, for those who may see names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The grid's telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
}

crate::wire_enum!(
    /// What a grid's ground is mostly used for.
    LandUse {
        /// Housing estate 住宅小区.
        Estate = "estate",
        /// Urban village 城中村.
        UrbanVillage = "urban_village",
        /// Industrial park 工业园.
        IndustrialPark = "industrial_park",
        /// Commercial 商业.
        Commercial = "commercial",
        /// School 学校.
        School = "school",
        /// Hospital 医院.
        Hospital = "hospital",
        /// Building site 工地.
        BuildingSite = "building_site",
        /// Park or forest 公园林地.
        Green = "green",
        /// Farmland 农地.
        Farmland = "farmland",
        /// Anything else or not known.
        Other = "other",
    }
);
