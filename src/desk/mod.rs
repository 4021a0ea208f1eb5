//! The desk: find, decide, act in few clicks.
//!
//! [`App`] opens the installation, lets people in through [`sign_in`], and shows the [`shell`] with its slots.

pub mod account;
pub mod app;
pub mod not_found;
pub mod shell;
pub mod sign_in;
pub mod watermark;

pub use app::App;
