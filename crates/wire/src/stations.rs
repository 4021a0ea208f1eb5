//! Service stations 诉求服务站 and their circles.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::geojson::Position;
use crate::grids::LandUse;
use crate::ids::{PlaceId, StationId};
use crate::json::FromJson;

crate::wire_enum!(
    /// How high a station stands.
    StationLevel {
        /// District hall.
        District = "district",
        /// Street hall.
        Street = "street",
        /// Community hall.
        Community = "community",
        /// A site in an estate, park, school, hospital or building site.
        Site = "site",
        /// A mobile station 流动站 with a timetable.
        Mobile = "mobile",
    }
);

crate::wire_enum!(
    /// What a station does for people.
    Service {
        /// Dispute mediation 纠纷调处.
        Mediation = "mediation",
        /// Complaints and suggestions 投诉建议.
        Complaints = "complaints",
        /// Assistance 帮扶救助.
        Assistance = "assistance",
        /// Legal service 法律服务.
        Legal = "legal",
        /// Psychological service 心理服务.
        Psychological = "psychological",
    }
);

crate::wire_enum!(
    /// A kind of 500 m service circle.
    CircleKind {
        /// Appeal circle 诉求服务圈.
        Appeal = "appeal",
        /// Public legal service circle 公共法律服务圈.
        Legal = "legal",
        /// Psychological service circle 心理服务圈.
        Psychological = "psychological",
    }
);

crate::wire_enum!(
    /// Who is on duty at a station.
    StaffKind {
        /// Grid member 网格员.
        GridMember = "grid_member",
        /// Mediator 调解员.
        Mediator = "mediator",
        /// Police 民警.
        Police = "police",
        /// Counsellor 心理咨询师.
        Counsellor = "counsellor",
        /// Lawyer 律师.
        Lawyer = "lawyer",
    }
);

/// `GET /stations`: one station, the properties of a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its name.
    pub name: String,
    /// How high it stands.
    pub level: StationLevel,
    /// What kind of site it stands in; absent for halls.
    pub site: Option<LandUse>,
    /// The place it belongs to.
    pub place: Option<PlaceId>,
    /// Its address.
    pub address: String,
    /// Its telephone.
    pub telephone: Option<String>,
    /// What it does.
    pub services: Vec<Service>,
    /// The circles it is the centre of.
    pub circles: Vec<CircleKind>,
    /// How many of each kind are on duty.
    pub staff: Vec<StaffOnDuty>,
    /// When it is open; a station that never closes has one row from 00:00 to 24:00 on all days.
    pub hours: Vec<OpeningHours>,
    /// Where a mobile station stops; empty for the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<Stop>,
}

/// Staff of one kind at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffOnDuty {
    /// The kind.
    pub kind: StaffKind,
    /// How many.
    pub count: u32,
    /// Their names, already masked for this viewer; may be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// A span of the day on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningHours {
    /// ISO weekdays, 1 = Monday … 7 = Sunday.
    pub weekdays: Vec<u8>,
    /// Opens at, local time.
    #[serde(with = "crate::times::time_of_day")]
    pub from: NaiveTime,
    /// Closes at, local time; equal to `from`: open all day; before it: after midnight.
    #[serde(with = "crate::times::time_of_day")]
    pub to: NaiveTime,
    /// Whether it also opens on public holidays.
    pub on_holidays: bool,
}

/// One stop of a mobile station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stop {
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>))]
    pub at: Position,
    /// What people call that spot.
    pub name: String,
    /// ISO weekday, 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// Arrives at, local time.
    #[serde(with = "crate::times::time_of_day")]
    pub from: NaiveTime,
    /// Leaves at, local time.
    #[serde(with = "crate::times::time_of_day")]
    pub to: NaiveTime,
}
