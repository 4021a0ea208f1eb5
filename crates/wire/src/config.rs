//! What a district may do differently, served by its backend and never a constant in a view.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::cases::{Channel, Class, ClockKind, Sensitivity};
use crate::geojson::Bounds;
use crate::ids::{CategoryId, PlaceId};
use crate::json::{FromJson, Json, Unreadable};
use crate::orders::{OrderKind, Rank};
use crate::places::PlaceLevel;
use crate::session::Role;
use crate::stations::CircleKind;
use crate::text::{LocalText, UnknownName};
use crate::warnings::Signal;

/// `GET /config`: the district's own settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Config {
    /// The server's clock when it answered.
    pub server_time: DateTime<FixedOffset>,
    /// What the district is called.
    pub name: LocalText,
    /// The top of the organisation tree; absent while nothing has been imported.
    pub root: Option<PlaceId>,
    /// The levels that this tree has, from the top.
    pub levels: Vec<PlaceLevel>,
    /// Where the map opens; absent while nothing has been imported.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub bounds: Option<Bounds>,
    /// Seconds east of UTC in which days begin and times are shown; 28,800 in China.
    pub utc_offset_s: i32,
    /// Whether everything here is invented; every screen then says 演示数据.
    pub demo: bool,
    /// The accounts to try, in demo mode only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demo_accounts: Vec<DemoAccount>,
    /// The category tree, parents before children.
    pub categories: Vec<Category>,
    /// The channels in use.
    pub channels: Vec<Named<Channel>>,
    /// The clocks of each class.
    pub classes: Vec<ClassRule>,
    /// What each kind of order asks for, by class.
    #[serde(default)]
    pub orders: Vec<OrderRule>,
    /// Seconds within which a judicial confirmation shall be made; absent: no such target.
    #[serde(default)]
    pub confirmation_s: Option<u32>,
    /// The service circles.
    pub circles: Vec<CircleRule>,
    /// Scores at which a warning turns blue, yellow, red; ascending.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>))]
    pub warning_thresholds: [f64; 3],
    /// What a warning's score is made of; for staff alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning_rules: Option<WarningRules>,
    /// How the heat layer is drawn.
    pub heat: HeatRule,
    /// Fewest cases that a cell or a count may show to a wall or to the public.
    pub k_anonymity: u32,
    /// Days off and make-up working days.
    pub calendar: Calendar,
    /// What must stand at the foot of every map.
    pub map_notice: MapNotice,
}

/// `GET /config`, as far as a page about stations reads it: a small page does not carry readers of the rest.
#[derive(Debug, Clone, PartialEq, FromJson)]
pub struct Essentials {
    /// The server's clock when it answered.
    pub server_time: DateTime<FixedOffset>,
    /// What the district is called.
    pub name: LocalText,
    /// Seconds east of UTC in which days begin and times are shown.
    pub utc_offset_s: i32,
    /// Whether everything here is invented.
    pub demo: bool,
    /// The service circles.
    pub circles: Vec<CircleRule>,
    /// Days off and make-up working days.
    pub calendar: Calendar,
}

/// A value with its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Named<T> {
    /// The value on the wire.
    pub id: T,
    /// What people read.
    pub name: LocalText,
}

/// An account that exists in demo mode only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoAccount {
    /// The login name.
    pub name: String,
    /// The password, which is no secret in a demo.
    pub password: String,
    /// Its role.
    pub role: Role,
    /// Who that is, such as 光明街道 综治办.
    pub title: LocalText,
}

/// One category of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// The first-level category above it; absent for those.
    pub parent: Option<CategoryId>,
    /// What people read.
    pub name: LocalText,
    /// The least sensitivity of its cases: domestic violence, mental health and minors are restricted.
    pub sensitivity: Sensitivity,
}

/// The clocks that run for a class of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassRule {
    /// The class.
    pub class: Class,
    /// What people read.
    pub name: LocalText,
    /// Its clocks.
    pub clocks: Vec<ClockRule>,
}

/// How long one step of a class may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockRule {
    /// The step.
    pub kind: ClockKind,
    /// Its time limit.
    pub limit: Limit,
}

/// How soon who must come to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderRule {
    /// The kind.
    pub kind: OrderKind,
    /// What people read.
    pub name: LocalText,
    /// The class of the matter.
    pub class: Class,
    /// Seconds to check in.
    pub check_in_s: u32,
    /// The least rank of whoever comes.
    pub least_rank: Rank,
    /// How many of each department must come.
    pub people: u32,
}

/// A time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", rename_all = "snake_case", try_from = "RawLimit")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Limit {
    /// So many seconds by the clock, day and night.
    Seconds {
        /// Seconds.
        count: u32,
    },
    /// By the end of the same day.
    SameDay,
    /// By the end of the n-th working day after.
    WorkingDays {
        /// Days.
        count: u32,
    },
}

#[derive(Deserialize, FromJson)]
struct RawLimit {
    unit: String,
    #[serde(default)]
    count: Option<u32>,
}

impl FromJson for Limit {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        json.read::<RawLimit>()?.try_into().map_err(|unknown: UnknownName| Unreadable::unknown(&unknown.name))
    }
}

impl TryFrom<RawLimit> for Limit {
    type Error = UnknownName;

    fn try_from(raw: RawLimit) -> Result<Self, UnknownName> {
        match (raw.unit.as_str(), raw.count) {
            ("seconds", Some(count)) => Ok(Self::Seconds { count }),
            ("same_day", _) => Ok(Self::SameDay),
            ("working_days", Some(count)) => Ok(Self::WorkingDays { count }),
            _ => Err(UnknownName { what: "Limit", name: raw.unit }),
        }
    }
}

/// One kind of service circle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CircleRule {
    /// The kind.
    pub kind: CircleKind,
    /// What people read.
    pub name: LocalText,
    /// Radius in metres on the ground.
    pub radius_m: f64,
}

/// What the score of a warning is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningRules {
    /// What each signal weighs; the points sum to 100.
    pub weights: Vec<SignalWeight>,
    /// How far back the signals look.
    pub windows: WarningWindows,
}

/// How much one signal can add to a score: nothing at 0, half its points at `half`, never all of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignalWeight {
    /// The signal.
    pub signal: Signal,
    /// The most points it can come near.
    pub points: f64,
    /// The value at which it earns half of them in a grid, in the signal's own unit.
    pub half: f64,
    /// What 1,000 people have as a rule, in the signal's own unit; the larger a place, the more this is the measure.
    pub usual: f64,
}

/// Lengths of time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WarningWindows {
    /// A class-1 case counts for so long after its report.
    pub urgent_s: u32,
    /// Repeats, group matters, failed mediations and rebounds count for so long.
    pub recent_s: u32,
    /// The time whose cases are compared …
    pub growth_s: u32,
    /// … with those of so long before it.
    pub before_s: u32,
}

/// How live heat cools and spreads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatRule {
    /// Seconds after which a case counts half; absent: it does not cool.
    pub half_life_s: Option<u32>,
    /// Kernel radius in metres on the ground.
    pub radius_m: f64,
    /// Side of an aggregated cell in metres, for those who may not see points.
    pub cell_m: f64,
}

/// Days that are not what their weekday says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calendar {
    /// The years for which the State Council has announced its days; a date outside them is "not known".
    pub years: Vec<i32>,
    /// The exceptions, ascending.
    pub days: Vec<CalendarDay>,
}

/// One exceptional day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarDay {
    /// The date.
    #[serde(with = "crate::times::date")]
    pub date: NaiveDate,
    /// Off, or worked though its weekday is off.
    pub kind: DayKind,
    /// The holiday it belongs to, such as 春节.
    pub name: String,
}

crate::wire_enum!(
    /// Kind of an exceptional day.
    DayKind {
        /// A day off.
        Holiday = "holiday",
        /// A make-up working day 调休.
        MakeupWorkday = "makeup_workday",
    }
);

/// The lines that stay visible on every map, printed and on the wall too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapNotice {
    /// The review number 审图号, where the map has one.
    pub review_number: Option<String>,
    /// Where the map comes from.
    pub source: LocalText,
}
