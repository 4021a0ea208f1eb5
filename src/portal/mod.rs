//! The residents' face: stations near the door's code, the phone's position, or an address; and, as an entry of its own, reporting.
//!
//! A resident's position never leaves the phone: all stations are fetched once (a few kB) and compared here.
//! Reading order: [`nearby`] (the rule), [`store`] (what is known), [`page`], then its parts; [`report`] stands by itself.

pub mod nearby;
pub mod report;
pub mod store;

pub mod page;
mod station_card;
mod whereabouts;
