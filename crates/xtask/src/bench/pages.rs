//! Runs the scripts of `end2end/bench` on Node; each prints one line of JSON at the end.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Bench;
use super::district::District;
use super::row::Row;
use crate::place;
use crate::setup::chromium;
use crate::shell::sh;

/// Runs a script against the district and returns its last line.
pub fn script(with: &Bench, name: &str) -> Result<Value> {
    script_at(with, &with.district, name)
}

fn script_at(with: &Bench, district: &District, name: &str) -> Result<Value> {
    let file = place::end2end().join("bench").join(name);
    let mut last = String::new();
    sh("node", [file.to_string_lossy().as_ref()])
        .dir(place::end2end())
        .env("FENGTU_BASE", district.url(""))
        .env("FENGTU_CHROMIUM", chromium::browser().context("no Chromium")?)
        .env("FENGTU_TARGET", place::target())
        .env("FENGTU_ROOT", place::root())
        .env("FENGTU_SERVER", &with.binary)
        .env("FENGTU_SOAK_HOURS", with.runs(with.hours, 2).to_string())
        .env("FENGTU_SOAK_SPEED", with.speed.to_string())
        .env("FENGTU_BENCH_PORT", (with.port + 1).to_string())
        .env("FENGTU_BENCH_QUICK", if with.quick { "1" } else { "" })
        .listen(|line| {
            // The last one is for us, and long.
            if !last.is_empty() {
                println!("{last}");
            }
            line.clone_into(&mut last);
        })?;
    serde_json::from_str(&last).with_context(|| format!("{name} ended without its figures: {last}"))
}

/// Runs a script and reads its rows.
pub fn rows(with: &Bench, name: &str) -> Result<Vec<Row>> {
    rows_at(with, &with.district, name)
}

/// The same against another district.
pub fn rows_at(with: &Bench, district: &District, name: &str) -> Result<Vec<Row>> {
    let answer = script_at(with, district, name)?;
    let rows = answer.as_array().with_context(|| format!("{name} gave no rows"))?;
    rows.iter().map(Row::from_script).collect()
}
