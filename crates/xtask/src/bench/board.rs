//! The leaders' board over a million cases, in Chromium: its first view, and what a brush takes.

use anyhow::Result;

use super::Bench;
use super::district::District;
use super::pages;
use super::row::Row;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    let district = District::of(&with.binary, with.port + 3, "million", "1000000")?;
    pages::rows_at(with, &district, "board.mjs")
}
