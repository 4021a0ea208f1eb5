//! The heat engine as Chromium runs it, beside Leaflet's usual plug-in on the same points.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;
use crate::heat;

/// Builds the engine as a module by itself, and measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    heat::vectors()?;
    pages::rows(with, "heat.mjs")
}
