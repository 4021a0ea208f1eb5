//! How a district is kept: one module per table, plain functions over `Db`, no web types.
//!
//! `write` is the one door in; `change_log` is how every process hears of it.

pub mod accounts;
pub mod basemap;
pub mod buildings;
pub mod cases;
pub mod change_log;
pub mod changes;
pub mod failures;
pub mod lawsuits;
pub mod mediations;
pub mod meta;
pub mod orders;
pub mod places;
pub mod query;
pub mod search_text;
pub mod sessions;
pub mod standing;
pub mod stations;
pub mod walls;
pub mod warning_actions;
pub mod write;

pub(crate) mod geometry;
mod insert;
pub mod tree;

/// Reads an instant as it is stored: Unix milliseconds UTC.
pub(crate) fn instant(milliseconds: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// Joins a stored position; both columns are filled, or neither.
pub(crate) fn position(lon: Option<f64>, lat: Option<f64>) -> Option<fengtu_wire::geojson::Position> {
    Some([lon?, lat?])
}
