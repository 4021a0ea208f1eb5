//! Reporting, and asking after a report: a page of its own, so that whoever looks for a station does not fetch it (decision 0013).
//!
//! Shown where the configured backend takes reports. Reading order: [`draft`] (what is filled in, pure), [`told`] (what is said of
//! errors), `store` (what is known), [`page`], then the steps.

pub mod draft;
pub mod page;
pub mod told;

mod contact;
mod done;
mod fields;
mod steps;
mod store;
mod track;
mod what;
