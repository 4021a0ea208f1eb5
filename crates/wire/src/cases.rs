//! Cases 诉求/案件: what is read of them. Moving one on comes with the closed loop; its shape is here.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::geojson::Position;
use crate::ids::{BuildingCode, CaseNumber, CategoryId, PlaceId};
use crate::json::FromJson;

crate::wire_enum!(
    /// How a case came in.
    Channel {
        /// Hall 大厅.
        Hall = "hall",
        /// QR code 扫码.
        QrCode = "qr_code",
        /// Mini-program 小程序/公众号.
        MiniProgram = "mini_program",
        /// i深圳 app.
        CityApp = "city_app",
        /// Hotline 12345 or a station's telephone.
        Hotline = "hotline",
        /// Grid patrol 网格巡查.
        GridPatrol = "grid_patrol",
        /// Secretary Online 书记在线.
        SecretaryOnline = "secretary_online",
        /// Transfer from another system 转办.
        Transfer = "transfer",
    }
);

crate::wire_enum!(
    /// How urgent and how far a case is beyond the community; decides its clocks.
    Class {
        /// Class 1, urgent: answered in 10 minutes, accepted in 30.
        Urgent = "urgent",
        /// Ordinary: settled the same day in the community.
        Ordinary = "ordinary",
        /// Beyond the community's powers: to street or district departments.
        Departmental = "departmental",
        /// Major and difficult: 3 working days at street or district.
        Major = "major",
    }
);

crate::wire_enum!(
    /// Who may know of a case at all; ascending.
    Sensitivity {
        /// 公开.
        Public = "public",
        /// 内部.
        Internal = "internal",
        /// 敏感.
        Sensitive = "sensitive",
        /// 特敏: domestic violence, mental health, minors. Never on a layer, wall, list, export or notification.
        Restricted = "restricted",
    }
);

crate::wire_enum!(
    /// Where a case is in the closed loop.
    CaseState {
        /// 草稿.
        Draft = "draft",
        /// 已上报.
        Reported = "reported",
        /// 已退回: the resident may amend it.
        Returned = "returned",
        /// 已受理.
        Accepted = "accepted",
        /// 化解中.
        Handling = "handling",
        /// 已发令: departments were ordered to come.
        Ordered = "ordered",
        /// 调解中.
        Mediating = "mediating",
        /// 已转介.
        Referred = "referred",
        /// 已转办 to another node, which has yet to accept.
        Transferred = "transferred",
        /// 已提级 to the level above, which has yet to accept.
        Escalated = "escalated",
        /// 已化解.
        Resolved = "resolved",
        /// 已确认 by the resident.
        Confirmed = "confirmed",
        /// 已评价.
        Rated = "rated",
        /// 已归档.
        Archived = "archived",
        /// 重新办理: the resident disagreed, or a revisit found a rebound.
        Reopened = "reopened",
        /// 已撤回 by the resident.
        Withdrawn = "withdrawn",
    }
);

crate::wire_enum!(
    /// What a clock measures.
    ClockKind {
        /// Answered 响应.
        Answer = "answer",
        /// Accepted 受理.
        Accept = "accept",
        /// Settled 化解.
        Settle = "settle",
        /// Checked in to an order 报到.
        CheckIn = "check_in",
    }
);

crate::wire_enum!(
    /// How a clock stands, by the server's time.
    ClockState {
        /// Running, more than a fifth of its time left.
        Running = "running",
        /// Due soon: in its last fifth.
        DueSoon = "due_soon",
        /// Past due, whether it still runs or was stopped late.
        Overdue = "overdue",
        /// Stopped in time.
        Met = "met",
    }
);

/// One clock of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clock {
    /// What it measures.
    pub kind: ClockKind,
    /// When it began.
    pub started_at: DateTime<FixedOffset>,
    /// When it runs out; absent: the calendar of that year is not announced yet.
    pub due_at: Option<DateTime<FixedOffset>>,
    /// When it was stopped, if it was.
    pub stopped_at: Option<DateTime<FixedOffset>>,
    /// How it stood when the server answered.
    pub state: ClockState,
}

/// `GET /cases`: one case in a list, already cut to what this viewer may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseSummary {
    /// Its number.
    pub number: CaseNumber,
    /// How it came in.
    pub channel: Channel,
    /// What it is about.
    pub category: CategoryId,
    /// Its class.
    pub class: Class,
    /// Its sensitivity.
    pub sensitivity: Sensitivity,
    /// Where it is in the loop.
    pub state: CaseState,
    /// The place of the tree it happened in (the lowest known); absent: outside the district or not known.
    pub place: Option<PlaceId>,
    /// Its address, cut to what this viewer may see.
    pub address: Option<String>,
    /// Where it is; absent: not on the map.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>))]
    pub at: Option<Position>,
    /// When it was reported.
    pub reported_at: DateTime<FixedOffset>,
    /// When it was settled, if it was.
    pub resolved_at: Option<DateTime<FixedOffset>>,
    /// What it says, in a line.
    pub title: String,
    /// People who are part of it.
    pub people: u32,
    /// Amount in dispute, in fen.
    pub amount_fen: i64,
    /// Who has it now.
    pub holder: Option<Holder>,
    /// Its clocks.
    pub clocks: Vec<Clock>,
}

/// `GET /cases/{number}`: one case in full, already cut to what this viewer may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Case {
    /// What the list shows of it.
    #[serde(flatten)]
    pub summary: CaseSummary,
    /// What happened, in the resident's words.
    pub description: String,
    /// The building it happened in.
    pub building: Option<BuildingCode>,
    /// The parties, masked.
    pub parties: Vec<Party>,
    /// An earlier case of the same parties or cause, where this one repeats it.
    pub repeat_of: Option<CaseNumber>,
    /// The resident's rating, 1–5.
    pub rating: Option<u8>,
    /// Counts up with each change; the `ETag` of the case.
    pub version: u64,
}

/// A party to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Party {
    /// The name, masked such as 张**.
    pub name: String,
    /// The telephone, masked such as 138****1234.
    pub telephone: Option<String>,
    /// What they are to the case.
    pub side: PartySide,
}

crate::wire_enum!(
    /// What a party is to a case.
    PartySide {
        /// Who appeals 申请人.
        Applicant = "applicant",
        /// Whom it is about 被申请人.
        Respondent = "respondent",
        /// Anyone else 第三人.
        Other = "other",
    }
);

/// Who has a case now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holder {
    /// The node of the tree whose turn it is.
    pub place: PlaceId,
    /// The office or department, such as 综治办.
    pub office: String,
}

/// `GET /cases/{number}/events`: one step on a case's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseEvent {
    /// Counts from 1 within the case.
    pub sequence: u32,
    /// When it happened.
    pub at: DateTime<FixedOffset>,
    /// The state before; absent for the first.
    pub from: Option<CaseState>,
    /// The state after.
    pub to: CaseState,
    /// Who did it, as this viewer may read it.
    pub by: String,
    /// The reason or note that it carries.
    pub note: Option<String>,
    /// Who has the case after it.
    pub holder: Option<Holder>,
}
