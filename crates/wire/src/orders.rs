//! Orders 发令/吹哨: a community orders departments to come, and they check in.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::cases::{Class, Clock, Holder};
use crate::geojson::Position;
use crate::ids::{CaseNumber, OrderNumber, PlaceId};
use crate::json::FromJson;

crate::wire_enum!(
    /// A kind of order; with the class it fixes how soon who must come.
    OrderKind {
        /// Quick 快捷哨.
        Quick = "quick",
        /// Emergency 应急哨.
        Emergency = "emergency",
        /// Tough 攻坚哨: for what one department cannot settle.
        Tough = "tough",
    }
);

crate::wire_enum!(
    /// How far an order has come.
    OrderState {
        /// 已发令: not everyone who was ordered has come.
        Issued = "issued",
        /// 已报到: all have checked in.
        CheckedIn = "checked_in",
        /// 已反馈: all have reported what they did.
        Reported = "reported",
        /// 已评分: the community has scored all of them.
        Scored = "scored",
    }
);

crate::wire_enum!(
    /// How high in a department somebody stands; ascending.
    Rank {
        /// 工作人员.
        Staff = "staff",
        /// 科室负责人.
        SectionHead = "section_head",
        /// 分管领导.
        DeputyHead = "deputy_head",
        /// 主要负责人.
        Head = "head",
    }
);

/// `GET /orders`: one order with who was ordered, already cut to what this viewer may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// Its number.
    pub number: OrderNumber,
    /// Its kind.
    pub kind: OrderKind,
    /// How urgent it is.
    pub class: Class,
    /// How far it has come.
    pub state: OrderState,
    /// The place whose matter it is.
    pub place: PlaceId,
    /// Who ordered.
    pub by: Holder,
    /// What for, in a line.
    pub title: String,
    /// The case behind it; absent: there is none, or the viewer may not see it.
    pub case: Option<CaseNumber>,
    /// When it was given.
    pub issued_at: DateTime<FixedOffset>,
    /// Seconds within which everyone must check in.
    pub check_in_s: u32,
    /// The least rank of whoever comes.
    pub least_rank: Rank,
    /// How many of each department must come.
    pub people: u32,
    /// Until all had checked in.
    pub clock: Clock,
    /// Who was ordered to come.
    pub departments: Vec<Summons>,
}

/// One department that was ordered to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summons {
    /// The department, such as 区人力资源局.
    pub department: String,
    /// How it checked in; absent: it has not.
    pub check_in: Option<CheckIn>,
    /// What it did; absent: it has not reported.
    pub report: Option<Report>,
    /// The community's score, 1–5.
    pub score: Option<u8>,
}

/// A department's people are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckIn {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Whether inside the order's minutes.
    pub in_time: bool,
    /// Where, in words.
    pub spot: String,
    /// Where, if it was given and the viewer may know it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub position: Option<Position>,
    /// The rank of the highest who came.
    pub rank: Rank,
    /// Their name; absent: the viewer may not know it.
    pub person: Option<String>,
    /// How many came.
    pub people: u32,
}

/// What a department did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// When it reported.
    pub at: DateTime<FixedOffset>,
    /// What it did.
    pub text: String,
}
