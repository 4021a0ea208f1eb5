//! The web client: library of the three faces; `main.rs` mounts desk and wall, `bin/portal` the portal, `bin/report` its page
//! for reporting.
//!
//! Reading order: [`routes`] (what an address says), [`api`] (what a server says), [`state`] (what is known),
//! [`scene`] (what of it the map draws), then the faces. `browser` alone names `web_sys`, `map` alone names `leaflet`. Nothing here is exported to
//! JavaScript: an export would be a root that the small portal has to carry too.

pub mod routes;

pub use fengtu_browser as browser;
mod reactive;

pub mod api;

pub mod state;

pub mod i18n;
pub mod ui;

pub mod map;
pub mod scene;

pub mod desk;
pub mod portal;
pub mod wall;
