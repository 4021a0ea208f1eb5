//! Live data: one stream for all tabs of a browser, exact after any gap, honest about its age.
//!
//! [`machine`] decides, without I/O or clock (docs/SPEC-live.md has its invariants), on what [`signal`] names; [`freshness`] tells how old things are;
//! [`batch`] joins changes per picture; `link` connects them to the browser and to the stores.

pub mod batch;
pub mod freshness;
pub mod link;
pub mod machine;
pub mod message;
pub mod poll;
pub mod signal;

#[cfg(test)]
mod tests;

pub use freshness::{Freshness, ServerClock};
pub use link::{LiveStore, start};
