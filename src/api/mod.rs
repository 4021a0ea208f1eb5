//! Typed REST clients, one module per resource; none of them does I/O.
//!
//! Reading order: [`dialect`] (the seam), [`error`], [`json`] and [`lenient`] (how answers are read), one resource ([`cases`]), then what carries them:
//! [`backends`] with what each can do ([`capabilities`]), [`client`], `transport`.

pub mod dialect;
pub mod error;
pub use fengtu_wire::json;
pub mod lenient;

pub mod basemap;
pub mod buildings;
pub mod cases;
pub mod config;
pub mod cube;
pub mod events;
pub mod grids;
pub mod heat;
pub mod orders;
pub mod places;
pub mod reports;
pub mod session;
pub mod snapshot;
pub mod sse;
pub mod stations;
pub mod statistics;
pub mod supervision;
pub mod walls;
pub mod warnings;

pub mod backends;
pub mod capabilities;
pub mod client;

mod cache;
pub mod foreign;
mod retry;
mod transport;

#[cfg(test)]
mod tests;

pub use client::{PublicApi, PublicQuestion, StaffApi};
pub use error::{ApiError, Trouble};

/// Writes a box as `west,south,east,north`, rounded to 6 decimals.
fn bbox(bounds: &fengtu_wire::geojson::Bounds) -> String {
    let [west, south, east, north] = bounds.map(degrees);
    format!("{west},{south},{east},{north}")
}

/// Writes degrees with six decimals. Printing floats of any size would weigh ten times as much.
fn degrees(value: f64) -> String {
    let micro = (value * 1e6).round() as i64;
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", micro.abs() / 1_000_000, micro.abs() % 1_000_000)
}
