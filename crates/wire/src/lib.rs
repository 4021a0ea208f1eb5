//! The protocol between a Fengtu client and a Fengtu server: plain data, one module per resource.
//!
//! Conventions (`docs/API.md` tells them at length): JSON; places as `GeoJSON` (RFC 7946, longitude first);
//! instants RFC 3339 with offset; durations in seconds; money in fen; errors RFC 9457; lists with `limit`
//! and an opaque `cursor`. Nothing here does I/O, reads a clock, or knows a database row.
//!
//! Reading order: what everything is made of (`ids`, `text`, `times`, `geojson`), how it is read (`json`), how an answer is wrapped
//! (`problem`, `paging`), then the resources.

#![forbid(unsafe_code)]

// The derived readers name this crate as others do.
extern crate self as fengtu_wire;

pub mod geojson;
pub mod ids;
pub mod json;
pub mod text;
mod times;

pub mod paging;
pub mod problem;

pub mod basemap;
pub mod buildings;
pub mod cases;
pub mod config;
pub mod cube;
pub mod events;
pub mod grids;
pub mod heat;
pub mod mediations;
pub mod orders;
pub mod places;
pub mod session;
pub mod snapshot;
pub mod stations;
pub mod statistics;
pub mod walls;
pub mod warnings;

/// Declares a wire enum: `snake_case` in JSON, schema for `OpenAPI`, and `ALL`/`as_str`/`FromStr` for tables and queries.
macro_rules! wire_enum {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the name used on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        // Written out: the derive does not see names that a macro has handed on.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let names = Self::ALL.iter().map(|value| value.as_str());
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!($($doc),+).trim()))
                    .enum_values(Some(names))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::json::FromJson for $name {
            fn from_json(json: &$crate::json::Json<'_>) -> Result<Self, $crate::json::Unreadable> {
                json.text(stringify!($name))?.parse().map_err(|unknown: $crate::text::UnknownName| $crate::json::Unreadable::unknown(&unknown.name))
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::text::UnknownName;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::text::UnknownName { what: stringify!($name), name: s.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use wire_enum;
