//! The built-in vector base map: drawn by the client, no tile server at all.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

/// `GET /basemap`: what a feature of the base map is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BaseFeature {
    /// How it is drawn.
    pub class: BaseClass,
    /// Its label, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

crate::wire_enum!(
    /// A class of the base map, in drawing order.
    BaseClass {
        /// Green ground (polygon).
        Green = "green",
        /// A lake or reservoir (polygon).
        Water = "water",
        /// A river (line).
        River = "river",
        /// A lane (line).
        Minor = "minor",
        /// A street (line).
        Secondary = "secondary",
        /// A main road (line).
        Primary = "primary",
        /// A railway or metro (line).
        Rail = "rail",
        /// A label of a well-known spot (point).
        Label = "label",
    }
);
