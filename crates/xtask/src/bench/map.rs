//! The map in Chromium: first picture, drill-down, pan, each beside plain Leaflet on the same things.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    let scripts = ["first-map.mjs", "drill-down.mjs", "pan.mjs"];
    let all = scripts.into_iter().map(|name| pages::rows(with, name)).collect::<Result<Vec<_>>>()?;
    Ok(all.into_iter().flatten().collect())
}
