//! Walls that are signed in, how a remote is paired with one, and what it can tell the wall.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::ids::{PlaceId, RemoteId, SessionId};
use crate::json::FromJson;

crate::wire_enum!(
    /// What a wall can be told to speak of.
    WallScene {
        /// The whole district.
        District = "district",
        /// One street; it is named beside it.
        Street = "street",
        /// Where cases are dense.
        Heat = "heat",
        /// Every warning.
        Warnings = "warnings",
        /// Stations and coverage.
        Stations = "stations",
        /// Mediation.
        Mediation = "mediation",
        /// Psychological services.
        Psychological = "psychological",
    }
);

crate::wire_enum!(
    /// What a wall can be told to do.
    WallAction {
        /// Speak of `scene`; of a street: of `place`.
        Show = "show",
        /// Give the figures of the last `days`.
        Period = "period",
        /// Go on to the next scene.
        Next = "next",
        /// Go back to the scene before.
        Back = "back",
        /// Stay with what is on.
        Pause = "pause",
        /// Go on by itself.
        Resume = "resume",
        /// Show nothing.
        Blank = "blank",
        /// Show something again.
        Light = "light",
        /// Sound at a new red warning.
        Sound = "sound",
        /// Be silent.
        Mute = "mute",
        /// Show a code for pairing; told by the server alone.
        Code = "code",
        /// A remote was paired; told by the server alone.
        Paired = "paired",
    }
);

impl WallAction {
    /// Whether a remote may ask for it; the others come from the server.
    pub const fn is_for_remotes(self) -> bool {
        !matches!(self, Self::Code | Self::Paired)
    }
}

/// Days that a wall can give figures of.
pub const PERIODS: [u16; 3] = [7, 30, 90];

/// What a wall is told: the body of `POST /walls/remotes/{id}/commands`, and what the wall hears on its stream.
///
/// A server takes no member but these; a wall passes over what a newer server adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WallCommand {
    /// What to do.
    pub action: WallAction,
    /// What to speak of, with `show`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<WallScene>,
    /// Which street, with `show` and `street`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// One of [`PERIODS`], with `period`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
}

impl WallCommand {
    /// Builds a command that needs nothing beside it.
    pub const fn of(action: WallAction) -> Self {
        Self { action, scene: None, place: None, days: None }
    }
}

/// `POST /walls/pairings`: a code that pairs a remote with the wall that asked, for a short time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pairing {
    /// Six digits.
    pub code: String,
    /// When it is no longer good.
    pub ends_at: DateTime<FixedOffset>,
    /// The page of the remote with the code in it; what the QR code says.
    pub address: String,
    /// The address as a QR code.
    pub qr: Qr,
}

/// A QR code as a drawing: `size` modules each way, the dark ones as an SVG path in units of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Qr {
    /// Modules each way, without the quiet zone of four that must stay around them.
    pub size: u16,
    /// The dark modules.
    pub path: String,
}

/// `POST /walls/remotes`: the code that the wall shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Six digits.
    pub code: String,
}

/// `GET /walls/remotes`: a wall that the viewer's session may tell what to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remote {
    /// Names it, for commands and for ending it.
    pub id: RemoteId,
    /// What the wall is called.
    pub wall: String,
    /// When it was paired.
    pub started_at: DateTime<FixedOffset>,
    /// When it ends whatever happens.
    pub ends_at: DateTime<FixedOffset>,
}

/// `GET /walls`: a wall that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallSession {
    /// Names its session, for ending it.
    pub id: SessionId,
    /// What the wall is called.
    pub name: String,
    /// When it was signed in.
    pub started_at: DateTime<FixedOffset>,
    /// When it last asked for something.
    pub seen_at: DateTime<FixedOffset>,
    /// What browser it said it was.
    pub user_agent: String,
    /// How many remotes are paired with it.
    pub remotes: u32,
}
