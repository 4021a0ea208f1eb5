//! The state now, and its position in the stream of events: snapshot + events is exact.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::events::{CaseDot, WarningLevel};
use crate::json::FromJson;
use crate::statistics::Figures;

/// `GET /snapshot`: what a live screen starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snapshot {
    /// The last event that this state contains, `epoch:sequence`; events go on after it.
    pub position: String,
    /// The server's clock.
    pub server_time: DateTime<FixedOffset>,
    /// Today's figures of the viewer's node.
    pub today: Figures,
    /// Every warning above `none` that the viewer may see.
    pub warnings: Vec<WarningLevel>,
    /// The newest cases, newest first, at most 200; empty for those who may see aggregates only.
    pub recent: Vec<CaseDot>,
}
