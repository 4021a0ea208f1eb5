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

/// Waits until what was compiled just before, or anything else, keeps the machine busy no more; not for ever.
pub fn wait_until_quiet() {
    const QUIET: f64 = 0.6;
    for _ in 0..60 {
        if load() < QUIET || crate::server::stopped() {
            return;
        }
        println!("waiting until the machine is quiet 等待机器空闲: load {:.1}", load());
        std::thread::sleep(std::time::Duration::from_secs(10));
    }
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

/// Writes a group's section of `docs/BENCHMARKS.md`; the sections of other groups stay as they are, each with its own date and commit.
pub fn write_section(group: &str, machine: &Machine, rows: &[Row]) -> Result<()> {
    let file = place::root().join("docs/BENCHMARKS.md");
    let page = fs::read_to_string(&file).unwrap_or_default();
    fs::write(&file, with_section(&page, group, &section(machine, rows)))?;
    println!("written: docs/BENCHMARKS.md, {}", title(group));
    Ok(())
}

const INTRODUCTION: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`; do not edit by hand. Each part says when, where \
    and of which commit it was measured: `cargo xtask bench` measures all of them, `cargo xtask bench map` one.\n\n\
    The demo district has 80,000 cases, 1,734 grids, 198 stations and 60,000 buildings; the server is the release build on \
    SQLite, and browser, server and load generator share the same cores. Figures are medians. \"Times\" says how many times \
    better ours is than the peer's in the same run: below 1 the peer is better.\n";

/// The groups in the order of the page, and their titles.
const TITLES: [(&str, &str); 6] = [
    ("requests", "Requests"),
    ("map", "Map"),
    ("heat", "Heat, big layers and the wire"),
    ("live", "A flood of events"),
    ("board", "The board over a million cases"),
    ("soak", "The wall without a hand"),
];

fn title(group: &str) -> &str {
    TITLES.iter().find(|(name, _)| *name == group).map_or(group, |(_, title)| title)
}

/// Returns the page with one section anew, in the order of [`TITLES`].
fn with_section(page: &str, group: &str, section: &str) -> String {
    let kept = |title: &str| {
        let part = page.split("\n## ").skip(1).find(|part| part.lines().next() == Some(title))?;
        Some(part.split_once('\n')?.1.trim().to_owned())
    };
    let parts = TITLES.iter().filter_map(|(name, title)| {
        let text = if *name == group { section.trim().to_owned() } else { kept(title)? };
        Some(format!("\n## {title}\n\n{text}\n"))
    });
    std::iter::once(INTRODUCTION.to_owned()).chain(parts).collect()
}

fn section(machine: &Machine, rows: &[Row]) -> String {
    let mut out =
        format!("{machine}.\n\n| what | ours | promised | | peer | theirs | times |\n|---|--:|--:|---|---|--:|--:|\n");
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
    let each = |promise: &Promise| match *promise {
        Promise::AtMost(most) => format!("≤ {}", figure(most, &row.unit)),
        Promise::AtLeast(least) => format!("≥ {}", figure(least, &row.unit)),
        Promise::Times(times) => format!("≥ {times}× the peer"),
    };
    row.promises.iter().map(each).collect::<Vec<_>>().join(", ")
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
    use clap::ValueEnum;

    use super::super::Group;
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
        let (table, page) = (table(&rows), section(&machine(), &rows));
        assert!(table.contains("31.0 fps") && table.contains("NOT REACHED") && table.contains("2.50×"), "{table}");
        assert!(
            page.contains("| pan | 31.0 fps | ≥ 50.0 fps | **not reached** | Leaflet | 12.4 fps | 2.50× |"),
            "{page}"
        );
        assert!(page.contains("| first map | 1.90 s | ≤ 2.50 s | reached |"), "{page}");
        assert!(page.contains("2026-01-02, commit abc1234; 2 cores of X"));
    }

    #[test]
    fn a_group_measured_again_leaves_the_others_as_they_were() {
        let first = with_section("", "soak", "of soak");
        let second = with_section(&first, "map", "of map");
        let third = with_section(&second, "soak", "of soak, anew");
        assert!(third.starts_with(INTRODUCTION));
        assert_eq!(
            third.strip_prefix(INTRODUCTION),
            Some("\n## Map\n\nof map\n\n## The wall without a hand\n\nof soak, anew\n")
        );
    }

    #[test]
    fn every_group_has_its_place_on_the_page() {
        let groups: Vec<&str> = Group::value_variants().iter().map(|group| group.name()).collect();
        assert_eq!(groups, TITLES.map(|(name, _)| name));
    }
}
