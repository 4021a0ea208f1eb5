//! Heat as Chromium draws it, beside the usual layers on the same points.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    pages::rows(with, "heat.mjs")
}
