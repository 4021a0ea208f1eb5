//! The heat engine as Chromium runs it, beside Leaflet's usual plug-in on the same points.

use anyhow::Result;

use super::Bench;
use super::pages;
use super::row::Row;
use crate::setup::target;
use crate::shell::sh;

/// Builds the engine as a module by itself, and measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    let what = ["--package", "fengtu-heat", "--example", "redraw", "--target", "wasm32-unknown-unknown"];
    sh("cargo", ["build", "--release"].into_iter().chain(what)).envs(target::environment()).run()?;
    pages::rows(with, "heat.mjs")
}
