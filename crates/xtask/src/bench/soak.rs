//! The wall without a hand: two days of events at many times their pace, faults of its own and of its files, then a server that is
//! killed and started again.

use anyhow::Result;

use super::Bench;
use super::district::District;
use super::pages;
use super::row::Row;

/// A district of 80,000 cases a year has 220 new ones a day, each with some nine steps: one event in 45 s.
const EVENTS_PER_SECOND: f64 = 1.0 / 45.0;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    let rate = (EVENTS_PER_SECOND * f64::from(with.speed)).to_string();
    let district = District::moving(&with.binary, with.port + 3, &rate)?;
    let day = pages::rows_at(with, &district, "soak.mjs")?;
    let faults = pages::rows_at(with, &district, "faults.mjs")?;
    drop(district);
    let restarts = pages::rows(with, "restarts.mjs")?;
    Ok(day.into_iter().chain(faults).chain(restarts).collect())
}
