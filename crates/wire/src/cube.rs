//! The leaders' board 领导研判看板: the figures of a node and period cut by cause × place × time, each cut by all the others.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::ids::{CategoryId, PlaceId};
use crate::json::FromJson;
use crate::statistics::{DayCount, Figures, Lawsuits};

/// `GET /statistics/cube`: the figures of what the brushes leave, and beside them what each brush chooses from.
///
/// `categories` are counted under every brush but that of categories, `days` under every brush but that of days, and so on: so
/// each shows what else could be chosen. `figures`, `before` and `year_before` are counted under all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cube {
    /// The place.
    pub place: PlaceId,
    /// Start of the period, inclusive; days outside the brushed ones belong to it.
    pub from: DateTime<FixedOffset>,
    /// End of the period, exclusive.
    pub to: DateTime<FixedOffset>,
    /// When it was computed.
    pub at: DateTime<FixedOffset>,
    /// Whether counts are exact. If not, those under `k` are withheld, nothing can be brushed, and `week`, `cross` and `areas` are empty.
    pub exact: bool,
    /// The figures.
    pub figures: Figures,
    /// The same for the period before (that of the brushed days): as many days earlier as it touches, to the same time of day. Where the
    /// cases do not cover it, nothing that is made of cases.
    pub before: Figures,
    /// The same a year before; absent where the data does not reach back. Where the courts' figures alone do, it has nothing else.
    pub year_before: Option<Figures>,
    /// Group matters 群体性: cases received that five or more people came with.
    pub groups: Option<u64>,
    /// The same for the period before.
    pub groups_before: Option<u64>,
    /// Of the cases received, those that are overdue as it is computed; the figure of the same name is of the period's end, and of
    /// all that were open then.
    #[serde(default)]
    pub overdue_left: Option<u64>,
    /// Of the group matters, those that are open as it is computed.
    #[serde(default)]
    pub groups_left: Option<u64>,
    /// By second-level category, as the district lists them; restricted kinds are never among them.
    pub categories: Vec<CategoryCell>,
    /// By local day.
    pub days: Vec<DayCount>,
    /// By hour of the week when it was accepted: Monday 0–1 h first, 168 counts.
    pub week: Vec<Option<u64>>,
    /// By node below.
    pub places: Vec<PlaceCell>,
    /// Received by place and cause, under the brushes of days and hours: a row for each of `places`, in it a count for each
    /// of `categories`.
    pub cross: Vec<Vec<u64>>,
    /// Received by the smallest places that have ground, under every brush but that of places: what an area drawn on a map
    /// chooses from.
    #[serde(default)]
    pub areas: Areas,
}

/// Counts of many places in columns: a district has thousands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Areas {
    /// The places, those with no case left out.
    pub places: Vec<PlaceId>,
    /// Cases received, one count for each.
    pub received: Vec<u64>,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryCell {
    /// The category.
    pub category: CategoryId,
    /// Cases received.
    pub received: Option<u64>,
    /// In the period before.
    pub before: Option<u64>,
}

/// One node below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceCell {
    /// The place.
    pub place: PlaceId,
    /// Its figures; psychological services are not told of it here, nor lawsuits that are not known.
    pub figures: Figures,
    /// Received in the period before.
    pub before: Option<u64>,
    /// Group matters received.
    pub groups: Option<u64>,
    /// Lawsuits of as many months before.
    #[serde(default)]
    pub lawsuits_before: Option<Lawsuits>,
    /// Lawsuits of a year before.
    #[serde(default)]
    pub lawsuits_year_before: Option<Lawsuits>,
}
