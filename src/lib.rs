//! The web client.
pub mod map;
