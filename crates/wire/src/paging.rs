//! Lists in pages: `limit`, an opaque `cursor`, the total on request.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

/// The rows of a page when the request names no `limit`.
pub const DEFAULT_LIMIT: u32 = 100;

/// The most rows that one page may hold.
pub const MAX_LIMIT: u32 = 1000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one. Also sent as `Link: rel="next"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many rows there are in all, if `total=true` was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}
