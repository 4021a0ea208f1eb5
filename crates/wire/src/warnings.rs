//! Risk warnings 红黄蓝分级预警 and the reasons they were given.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::ids::{PlaceId, WarningId};

crate::wire_enum!(
    /// A warning's level; ascending. Colours are never alone: each has a word, a shape and a hatch.
    Level {
        /// No warning.
        None = "none",
        /// 蓝 ●.
        Blue = "blue",
        /// 黄 ◆.
        Yellow = "yellow",
        /// 红 ▲.
        Red = "red",
    }
);

crate::wire_enum!(
    /// What adds to a score.
    Signal {
        /// Open cases per 1,000 people.
        OpenCases = "open_cases",
        /// Overdue clocks per 1,000 people.
        OverdueClocks = "overdue_clocks",
        /// Class-1 cases in 24 h.
        UrgentCases = "urgent_cases",
        /// The same parties or cause again within 30 days.
        Repeats = "repeats",
        /// Five or more people in one appeal.
        GroupMatters = "group_matters",
        /// More cases than in the last four weeks.
        Growth = "growth",
        /// Amount in dispute.
        Amount = "amount",
        /// Failed mediations.
        FailedMediations = "failed_mediations",
        /// Reopened after the end.
        Rebounds = "rebounds",
    }
);

crate::wire_enum!(
    /// What has been done about a warning.
    WarningState {
        /// Nobody has answered it.
        Open = "open",
        /// Somebody has seen it.
        Acknowledged = "acknowledged",
        /// It was dealt with.
        Handled = "handled",
        /// It is over.
        Closed = "closed",
    }
);

/// `GET /warnings`: one warning with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    /// Its id.
    pub id: WarningId,
    /// The grid, community or street that it is about.
    pub place: PlaceId,
    /// Its level.
    pub level: Level,
    /// Its score; the thresholds are in the config.
    pub score: f64,
    /// Why: each signal with its share, largest first. Empty for those who may see aggregates only.
    pub reasons: Vec<Reason>,
    /// When it was computed.
    pub at: DateTime<FixedOffset>,
    /// Since when it has had this level.
    pub since: DateTime<FixedOffset>,
    /// What has been done about it.
    pub state: WarningState,
}

/// One signal's part in a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The signal.
    pub signal: Signal,
    /// What was measured, in the signal's own unit.
    pub value: f64,
    /// Points it adds to the score.
    pub points: f64,
    /// Its share of the score, 0–1.
    pub share: f64,
    /// How many cases stand behind it.
    pub cases: u32,
}

/// `GET /warnings/history`: the levels of many places over time, one frame per step, for playback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningHistory {
    /// The time of the first frame.
    pub from: DateTime<FixedOffset>,
    /// Seconds between frames.
    pub step_s: u32,
    /// The places, in the order of the digits of a frame.
    pub places: Vec<PlaceId>,
    /// One digit a place: 0 none, 1 blue, 2 yellow, 3 red.
    pub frames: Vec<String>,
}
