//! Figures of supervision 督查督办: any node, any period, against the one before.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::ids::{CategoryId, PlaceId};
use crate::json::FromJson;
use crate::warnings::Level;

/// `GET /statistics`: the figures of one place in one period. A count that is withheld for being under `k` is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// The place.
    pub place: PlaceId,
    /// Start of the period, inclusive.
    pub from: DateTime<FixedOffset>,
    /// End of the period, exclusive.
    pub to: DateTime<FixedOffset>,
    /// When it was computed.
    pub at: DateTime<FixedOffset>,
    /// The period's figures.
    pub figures: Figures,
    /// The same for the period before: as many days earlier as the period touches, to the same time of day. Where the cases do not
    /// cover it, nothing that is made of cases.
    pub before: Figures,
    /// The same a year before; absent where the data does not reach back. Where the courts' figures alone do, it has nothing else.
    pub year_before: Option<Figures>,
    /// Cases received by second-level category, most first; restricted kinds are never among them.
    pub categories: Vec<CategoryCount>,
    /// Cases received and settled by local day.
    pub days: Vec<DayCount>,
    /// Cases received by local hour of the day, 24 rows.
    pub hours: Vec<Option<u64>>,
    /// The nodes below, at the level asked for (`level=`; else the next level).
    pub children: Vec<PlaceFigures>,
    /// When the next clocks run out; told to walls, of the whole district as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextClocks>,
}

/// When the next clocks run out, to the minute before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextClocks {
    /// Any clock of an open case; `null`: none runs, or too few are open.
    pub case: Option<DateTime<FixedOffset>>,
    /// The minutes of an order that nobody has answered; `null` as above.
    pub order: Option<DateTime<FixedOffset>>,
}

/// Counts of a place in a period. `null`: withheld because fewer than `k`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Received 受理量: cases accepted in the period.
    pub received: Option<u64>,
    /// Settled 化解量: of those, settled by now.
    pub settled: Option<u64>,
    /// Open at the end of the period.
    pub open: Option<u64>,
    /// Open with an overdue clock at the end of the period.
    pub overdue: Option<u64>,
    /// Open and not overdue, with a clock that runs out within a day; `null` of a period that is over.
    #[serde(default)]
    pub due_soon: Option<u64>,
    /// Answered in time, of those whose answer clock has ended or run out.
    pub answered: Share,
    /// Accepted in time.
    pub accepted: Share,
    /// Settled in time.
    pub settled_in_time: Share,
    /// People served 服务人次.
    pub people: Option<u64>,
    /// Amount in fen.
    pub amount_fen: Option<i64>,
    /// Ratings 4–5 over all ratings.
    pub satisfied: Share,
    /// Reported by QR code 扫码上报.
    pub self_reported: Option<u64>,
    /// Repeats of an earlier case.
    pub repeats: Option<u64>,
    /// Reopened after the end.
    pub rebounds: Option<u64>,
    /// Orders 发令 given in the period; `null` where none are kept.
    #[serde(default)]
    pub orders: Option<u64>,
    /// Orders answered inside their minutes 按时报到, of those that were answered or whose minutes are over.
    #[serde(default)]
    pub checked_in: Share,
    /// Disputes received that a mediation was opened for 调解介入, of all disputes received; `null` where none ever was.
    #[serde(default)]
    pub mediated: Share,
    /// Judicial confirmations 司法确认 applied for in the period; `null` where none are kept.
    #[serde(default)]
    pub confirmations: Option<u64>,
    /// Confirmed within their time (half an hour), of those confirmed or whose time is over.
    #[serde(default)]
    pub confirmed_in_time: Share,
    /// Psychological services 心理服务: the same for everybody, of local months that are over and ended in the period, else of the
    /// last that was over when it ended, each in steps of `k`; `null` below `k`, below a street, in a place of fewer than 100,000 people, and in what is live.
    #[serde(default)]
    pub psychological: Option<u64>,
    /// Cases received and settled that were rated, of those that could be.
    #[serde(default)]
    pub rated: Share,
    /// Civil lawsuits that the courts took in 民事立案, exact; `null` where none are connected, to those who get counts from
    /// `k` up, under a brush, and in what is live.
    #[serde(default)]
    pub lawsuits: Option<Lawsuits>,
}

/// Civil lawsuits from a place, of local months that are over and ended in a period; lawsuits per 10,000 people 万人成讼率
/// follow from it. Before it stand as many months before, and the same months of a year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lawsuits {
    /// How many; `null`: the courts' figures cover none of these months.
    pub filed: Option<u64>,
    /// Of how many of these months the courts' figures are there.
    pub months: u32,
    /// How many such months there are.
    pub ended: u32,
    /// People who live there.
    pub people: u64,
}

/// A part of a whole, kept as both so that rates can be added up; either is `null` where withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// How many did.
    pub part: Option<u64>,
    /// How many there were.
    pub whole: Option<u64>,
}

/// Cases of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryCount {
    /// The category.
    pub category: CategoryId,
    /// Cases received.
    pub received: Option<u64>,
}

/// Cases of one local day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// The day.
    #[serde(with = "crate::times::date")]
    pub day: NaiveDate,
    /// Cases received.
    pub received: Option<u64>,
    /// Cases settled on that day.
    pub settled: Option<u64>,
}

/// A place below, with what a map or a ranking shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceFigures {
    /// The place.
    pub place: PlaceId,
    /// Its own warning level at the end of the period.
    pub level: Level,
    /// Grids below it at red, yellow, blue.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub grids: [u32; 3],
    /// Received in the period.
    pub received: Option<u64>,
    /// Of those, settled by now.
    pub settled: Option<u64>,
    /// Open at the end of the period.
    pub open: Option<u64>,
    /// Open with an overdue clock at the end of the period.
    pub overdue: Option<u64>,
}
