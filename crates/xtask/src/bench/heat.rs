//! Heat and clusters as Chromium draws them, beside the usual layers on the same points.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    let mut rows = pages::rows(with, "heat.mjs")?;
    rows.extend(pages::rows(with, "clusters.mjs")?);
    Ok(rows)
}
