//! Who is looking: roles, accounts, sessions.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, PlaceId, SessionId};
use crate::json::FromJson;

crate::wire_enum!(
    /// What an account is for; sight is by place × role × sensitivity.
    Role {
        /// Nobody has signed in.
        Public = "public",
        /// Grid member 网格员.
        GridMember = "grid_member",
        /// Community clerk 社区经办.
        CommunityClerk = "community_clerk",
        /// Community secretary 社区书记.
        CommunitySecretary = "community_secretary",
        /// Street officer 街道.
        Street = "street",
        /// Department clerk 部门.
        Department = "department",
        /// District leader 区领导.
        DistrictLeader = "district_leader",
        /// Mediator 调解员.
        Mediator = "mediator",
        /// Counsellor 心理咨询师.
        Counsellor = "counsellor",
        /// Court clerk 法院.
        CourtClerk = "court_clerk",
        /// A wall 大屏: a device, not a person.
        Wall = "wall",
        /// System administrator.
        SystemAdmin = "system_admin",
        /// Security administrator.
        SecurityAdmin = "security_admin",
        /// Auditor.
        Auditor = "auditor",
    }
);

/// `POST /session`: signing in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The login name.
    pub name: String,
    /// The password; never logged.
    pub password: String,
}

impl core::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SignIn").field("name", &self.name).field("password", &"***").finish()
    }
}

/// `GET /session`: who is signed in, and what they may see. With nobody signed in the role is `public`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The role that decides what is sent.
    pub role: Role,
    /// Who it is; absent for the public.
    pub account: Option<Account>,
    /// The part of the tree that they see; absent: nothing or everything, as the role has it.
    pub place: Option<PlaceId>,
    /// Whether single cases are sent to them; if not, aggregates only.
    pub sees_cases: bool,
    /// When the session ends whatever happens; absent for the public.
    pub ends_at: Option<DateTime<FixedOffset>>,
}

/// The person or device behind a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The login name.
    pub name: String,
    /// What to call them.
    pub display_name: String,
    /// Staff number, shown in the watermark.
    pub staff_number: Option<String>,
}

/// `GET /sessions`: one of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSession {
    /// Names it, for ending it.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it began.
    pub started_at: DateTime<FixedOffset>,
    /// When it was last used.
    pub seen_at: DateTime<FixedOffset>,
    /// What browser it said it was.
    pub user_agent: String,
}
