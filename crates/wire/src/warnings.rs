//! Risk warnings 红黄蓝分级预警 and the reasons they were given.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::ids::{PlaceId, WarningId};
use crate::json::FromJson;
use crate::session::Role;

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

crate::wire_enum!(
    /// What can be done about a warning.
    WarningAction {
        /// 签收: it was seen.
        Acknowledge = "acknowledge",
        /// 交办: a place below whoever does it is to deal with it.
        HandDown = "hand_down",
        /// 处置: it was dealt with, and how.
        Handle = "handle",
        /// 办结: it is over, and why.
        Close = "close",
        /// 重启: it is not over after all.
        Reopen = "reopen",
    }
);

/// `GET /warnings`: one warning with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
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
    /// Counts what was done; names the state in `If-Match` as `"N"`.
    #[serde(default)]
    pub version: u32,
    /// The place that it was handed down to.
    #[serde(default)]
    pub handed_to: Option<PlaceId>,
    /// What this viewer can do about it now.
    #[serde(default)]
    pub actions: Vec<WarningAction>,
}

/// `POST /warnings/{id}/actions`: does something about a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningOrder {
    /// What.
    pub action: WarningAction,
    /// Why, or what was done; at most 500 characters. All but `acknowledge` need one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
    /// To which place it is handed down: the warning's own, one inside it, or one that it lies in; below one's own.
    #[serde(default)]
    pub to: Option<PlaceId>,
}

/// `GET /warnings/{id}/actions`: one thing that was done about a warning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningRecord {
    /// Counts from 1 for each place: the version that this led to.
    pub version: u32,
    /// When.
    pub at: DateTime<FixedOffset>,
    /// What.
    pub action: WarningAction,
    /// The level that the warning had.
    pub level: Level,
    /// The score that it had.
    pub score: f64,
    /// Who.
    pub by: String,
    /// In what role.
    pub role: Role,
    /// Why, or what was done.
    pub note: Option<String>,
    /// To which place it was handed down.
    pub to: Option<PlaceId>,
}

/// `GET /warnings/{id}/episodes`: a time in the last year at which a place had a warning, and what came after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningEpisode {
    /// The day on which it began.
    pub from: DateTime<FixedOffset>,
    /// The day on which it was over; absent: it goes on.
    pub to: Option<DateTime<FixedOffset>>,
    /// The highest level within it.
    pub level: Level,
    /// Grave things within 30 days after it began: group matters, urgent and major cases, failed mediations, rebounds.
    pub grave: u32,
    /// Whether it was right: whether there was any; absent: too early to say.
    pub right: Option<bool>,
}

/// `GET /warnings/trial`: thresholds tried on the past year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningTrial {
    /// The first day.
    pub from: DateTime<FixedOffset>,
    /// The day after the last.
    pub to: DateTime<FixedOffset>,
    /// How many places were tried.
    pub places: u32,
    /// Days after a warning within which it is judged.
    pub horizon_days: u32,
    /// The level red.
    pub red: TrialOutcome,
    /// Yellow or above.
    pub yellow: TrialOutcome,
    /// Blue or above.
    pub blue: TrialOutcome,
    /// The part of all places and days, 0–1, that would have been right by chance; absent where none can be judged.
    pub chance: Option<f64>,
}

/// How warnings of one level, or above it, would have fared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrialOutcome {
    /// The threshold that was tried.
    pub threshold: f64,
    /// Warnings that would have been given.
    pub given: u32,
    /// Of those, how many are old enough to be judged.
    pub judged: u32,
    /// Of those judged, how many were right: something grave followed within the horizon.
    pub right: u32,
    /// How many there would be on a day, in the mean.
    pub daily: f64,
}

/// One signal's part in a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
