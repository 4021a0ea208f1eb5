//! Identifiers as newtypes: a station's id cannot be taken for a place's.

/// Declares one identifier: text on the wire, its own type in code.
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub String);

        impl $name {
            /// Returns the id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl crate::json::FromJson for $name {
            fn from_json(json: &crate::json::Json<'_>) -> Result<Self, crate::json::Unreadable> {
                json.read().map(Self)
            }
        }

        impl From<&str> for $name {
            fn from(s: &str) -> Self { Self(s.to_owned()) }
        }

        impl From<String> for $name {
            fn from(s: String) -> Self { Self(s) }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(&self.0) }
        }
    };
}

id!(
    /// A node of the organisation tree (district, street, community, grid, sub-grid): its official code where it has one.
    PlaceId
);
id!(
    /// A service station.
    StationId
);
id!(
    /// The code on a building's door; what a QR code carries.
    BuildingCode
);
id!(
    /// The number of a case, as people read it out.
    CaseNumber
);
id!(
    /// The number of an order, as people read it out.
    OrderNumber
);
id!(
    /// A category of cases, at either of its two levels.
    CategoryId
);
id!(
    /// A risk warning.
    WarningId
);
id!(
    /// An account of a member of staff or a device.
    AccountId
);
id!(
    /// A session of an account; names it in the list of one's own sessions, and is not the secret token.
    SessionId
);
id!(
    /// A remote that is paired with a wall.
    RemoteId
);
