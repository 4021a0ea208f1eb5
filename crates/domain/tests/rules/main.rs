//! The rules, each told as a sentence: one module per module of the crate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "tests"
)]

mod anonymity;
mod calendar;
mod clocks;
mod defaults;
mod handling;
mod lawsuits;
mod masking;
mod months;
mod opening;
mod orders;
mod periods;
mod ranking;
mod sight;
mod states;
mod statistics;
mod trial;
mod warnings;
mod withholding;

use chrono::{DateTime, FixedOffset, NaiveDate};
use fengtu_domain::calendar::{WorkCalendar, built_in};

/// Reads an instant in China, such as `2025-09-28 10:00:00`.
fn china(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_str(&format!("{text} +0800"), "%Y-%m-%d %H:%M:%S %z").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn work_calendar() -> WorkCalendar {
    WorkCalendar::new(&built_in())
}
