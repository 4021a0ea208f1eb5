//! What is many: clusters, and single cases out of them.

use fengtu_geo::{BBox, LonLat};
use fengtu_wire::ids::{CategoryId, PlaceId};

/// Holds a cluster: things that stand too near to one another to be told apart, drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// What they are.
    pub of: Many,
    /// Where it is drawn: the mean of its things.
    pub at: LonLat,
    /// How many they are.
    pub count: u32,
    /// The box around them.
    pub reach: BBox,
    /// The shaded area that it stands in.
    pub area: Option<PlaceId>,
}

/// Names what a cluster is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// Cases.
    Cases,
    /// Buildings.
    Buildings,
}

/// Holds a single case out of many, of which the map knows no number.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseSpot {
    /// Where.
    pub at: LonLat,
    /// When it was reported, Unix seconds.
    pub time: i64,
    /// What it is about.
    pub category: CategoryId,
}
