//! Heat and clusters as Chromium draws them, beside the usual layers on the same points; a year played on the desk.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    let scripts = ["heat.mjs", "playback.mjs", "clusters.mjs"];
    let all = scripts.into_iter().map(|name| pages::rows(with, name)).collect::<Result<Vec<_>>>()?;
    Ok(all.into_iter().flatten().collect())
}
