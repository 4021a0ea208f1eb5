//! The table, the rows as JSON, and the page that is kept in the repository.

use std::fmt::{self, Write as _};
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::{Promise, Row};
use super::tools;
use crate::place;
use crate::setup::chromium;
use crate::shell::sh;

/// What stands for the figure of a peer that has none.
const CANNOT: &str = "cannot";

/// Where and when it was measured.
pub struct Machine {
    date: String,
    cpu: String,
    memory_gb: f64,
    system: String,
    browser: String,
    load: f64,
    commit: String,
}

impl Machine {
    /// Looks at this machine before anything is measured.
    pub fn now() -> Self {
        let said = |program: &str, args: &[&str]| sh(program, args.iter().copied()).capture().unwrap_or_default();
        let browser = chromium::browser().and_then(|path| sh(&path.to_string_lossy(), ["--version"]).capture());
        Self {
            date: said("date", &["+%F"]),
            cpu: cpu(),
            memory_gb: memory_kb() / 1_048_576.0,
            system: value_of("/etc/os-release", "PRETTY_NAME=").trim_matches('"').to_owned(),
            browser: browser.unwrap_or_default(),
            load: load(),
            commit: said("git", &["rev-parse", "--short", "HEAD"]),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { date, cpu, memory_gb, system, browser, load, commit } = self;
        write!(
            f,
            "{date}, commit {commit}; {cpu}, {memory_gb:.0} GB, {system}; {browser} without a GPU; load before the start {load:.1}"
        )
    }
}

fn cpu() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = value_of("/proc/cpuinfo", "model name");
    format!("{cores} cores of {}", model.trim_start_matches([':', ' ', '\t']))
}

fn memory_kb() -> f64 {
    value_of("/proc/meminfo", "MemTotal:").trim().trim_end_matches(" kB").trim().parse().unwrap_or(0.0)
}

fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0.0)
}

fn value_of(file: &str, key: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim().to_owned()
}

/// Keeps a group's rows in `target/bench/<group>.json`.
pub fn keep(group: &str, rows: &[Row]) -> Result<()> {
    let file = tools::folder().join(format!("{group}.json"));
    let rows: Value = rows.iter().map(Row::to_json).collect();
    fs::write(&file, serde_json::to_string_pretty(&rows)?).with_context(|| file.display().to_string())
}

/// Returns the table as it is printed.
pub fn table(rows: &[Row]) -> String {
    let mut out = String::new();
    for row in rows {
        let verdict = match row.is_reached() {
            Some(true) => "reached",
            Some(false) => "NOT REACHED",
            None => "",
        };
        let _ = writeln!(out, "{}", row.what);
        let _ = writeln!(out, "    {:>12}  {:<14} {verdict}", figure(row.ours, &row.unit), promised(row));
        if let Some((peer, theirs)) = &row.peer {
            let _ = match theirs {
                Some(theirs) => {
                    writeln!(out, "    {:>12}  {peer}; ours is {} better", figure(*theirs, &row.unit), times(row))
                }
                None => writeln!(out, "    {CANNOT:>12}  {peer}"),
            };
        }
        if !row.note.is_empty() {
            let _ = writeln!(out, "    {:>12}  {}", "", row.note);
        }
    }
    out
}

/// Writes `docs/BENCHMARKS.md`.
pub fn write_page(machine: &Machine, rows: &[Row]) -> Result<()> {
    let file = place::root().join("docs/BENCHMARKS.md");
    fs::write(&file, page(machine, rows))?;
    println!("written: docs/BENCHMARKS.md");
    Ok(())
}

fn page(machine: &Machine, rows: &[Row]) -> String {
    let mut out = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench`, which measures all of it in one run; do not edit by hand.\n\n\
         {machine}.\n\n\
         The demo district has 80,000 cases, 1,734 grids, 198 stations and 60,000 buildings; the server is the release \
         build on SQLite, and browser, server and load generator share the same cores. Figures are medians. \"Times\" \
         says how many times better ours is than the peer's in the same run: below 1 the peer is better.\n\n\
         | what | ours | promised | | peer | theirs | times |\n|---|--:|--:|---|---|--:|--:|\n"
    );
    for row in rows {
        let verdict = row.is_reached().map_or("", |kept| if kept { "reached" } else { "**not reached**" });
        let (peer, theirs) = match &row.peer {
            Some((peer, theirs)) => {
                (peer.as_str(), theirs.map_or_else(|| CANNOT.to_owned(), |theirs| figure(theirs, &row.unit)))
            }
            None => ("", String::new()),
        };
        let note = if row.note.is_empty() { String::new() } else { format!("<br>{}", row.note) };
        let (ours, promised, times) = (figure(row.ours, &row.unit), promised(row), times(row));
        let _ = writeln!(out, "| {}{note} | {ours} | {promised} | {verdict} | {peer} | {theirs} | {times} |", row.what);
    }
    out
}

fn promised(row: &Row) -> String {
    match row.promise {
        Some(Promise::AtMost(most)) => format!("≤ {}", figure(most, &row.unit)),
        Some(Promise::AtLeast(least)) => format!("≥ {}", figure(least, &row.unit)),
        Some(Promise::Times(times)) => format!("≥ {times}× the peer"),
        None => String::new(),
    }
}

fn times(row: &Row) -> String {
    row.ratio()
        .map(|ratio| if ratio < 10.0 { format!("{ratio:.2}×") } else { format!("{ratio:.0}×") })
        .unwrap_or_default()
}

/// Writes a figure with three digits or more.
fn figure(value: f64, unit: &str) -> String {
    let text = match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    };
    format!("{text} {unit}")
}

#[cfg(test)]
mod tests {
    use super::super::row::Better;
    use super::*;

    fn machine() -> Machine {
        let text = |text: &str| text.to_owned();
        Machine {
            date: text("2026-01-02"),
            cpu: text("2 cores of X"),
            memory_gb: 24.0,
            system: text("Debian"),
            browser: text("Chromium 140"),
            load: 0.1,
            commit: text("abc1234"),
        }
    }

    #[test]
    fn a_figure_that_is_not_reached_says_so_everywhere() {
        let rows = [
            Row::new("pan", 31.0, "fps", Better::More).promised(50.0).beside("Leaflet", 12.4),
            Row::new("first map", 1.9, "s", Better::Less).promised(2.5),
        ];
        let (table, page) = (table(&rows), page(&machine(), &rows));
        assert!(table.contains("31.0 fps") && table.contains("NOT REACHED") && table.contains("2.50×"), "{table}");
        assert!(
            page.contains("| pan | 31.0 fps | ≥ 50.0 fps | **not reached** | Leaflet | 12.4 fps | 2.50× |"),
            "{page}"
        );
        assert!(page.contains("| first map | 1.90 s | ≤ 2.50 s | reached |"), "{page}");
        assert!(page.contains("2026-01-02, commit abc1234; 2 cores of X"));
    }
}
