//! Ten thousand events a second for a minute, and what the desk makes of them.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    pages::rows(with, "live.mjs")
}
