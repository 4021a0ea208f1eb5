//! Typed REST clients, one module per resource; none of them does I/O.
//!
//! Reading order: [`dialect`] (the seam), [`error`], one resource ([`cases`]), then what carries them:
//! [`backends`], [`client`], `transport`.

pub mod dialect;
pub mod error;
pub mod lenient;

pub mod basemap;
pub mod buildings;
pub mod cases;
pub mod config;
pub mod events;
pub mod grids;
pub mod heat;
pub mod places;
pub mod session;
pub mod snapshot;
pub mod stations;
pub mod statistics;
pub mod warnings;

pub mod backends;
pub mod client;

mod cache;
mod retry;
mod transport;

#[cfg(test)]
mod tests;

pub use client::{PublicApi, PublicQuestion, StaffApi};
pub use error::{ApiError, Trouble};

/// Writes a box as `west,south,east,north`, rounded to 6 decimals.
fn bbox(bounds: &fengtu_wire::geojson::Bounds) -> String {
    let [west, south, east, north] = bounds;
    format!("{west:.6},{south:.6},{east:.6},{north:.6}")
}
