//! The answers behind the desk over HTTP: how many a second, how long they take, how large they are.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use super::load::{Load, Measured};
use super::nginx;
use super::row::{Better, Row};
use super::{Bench, pages, tools};

/// The address of the snapshot.
const SNAPSHOT: &str = "/api/v1/snapshot";

/// Measures.
pub fn measure(with: &Bench) -> Result<Vec<Row>> {
    // Signs in, weighs the answers, and leaves the same bytes in files for nginx.
    let facts = Facts(pages::script(with, "facts.mjs")?);
    let mut rows = facts.rows("sizes")?;
    rows.push(snapshots(with, &facts)?);
    for (name, what) in LATENCIES {
        rows.push(latency(with, &facts, name, what)?);
    }
    Ok(rows)
}

/// Lists of paths in the facts, and what is asked for there.
const LATENCIES: [(&str, &str); 5] = [
    ("statistics", "`GET statistics`, 28 days, of every street and community and 100 grids"),
    ("statistics_year", "`GET statistics`, a year, of every street and community"),
    ("board", "`GET warnings`, the board's first 100 of the district and of every street"),
    ("history", "`GET warnings/history`, a year of days of all grids"),
    ("heat", "`GET heat` as columns, a year of points"),
];

/// What the script found out.
struct Facts(Value);

impl Facts {
    fn headers(&self) -> Result<Vec<String>> {
        self.texts("headers")
    }

    fn texts(&self, key: &str) -> Result<Vec<String>> {
        let list = self.0.get(key).and_then(Value::as_array).with_context(|| format!("facts: no {key}"))?;
        Ok(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn rows(&self, key: &str) -> Result<Vec<Row>> {
        let list = self.0.get(key).and_then(Value::as_array).with_context(|| format!("facts: no {key}"))?;
        list.iter().map(Row::from_script).collect()
    }
}

/// The snapshot as a leader's desk asks for it, beside nginx giving the same bytes from a file.
fn snapshots(with: &Bench, facts: &Facts) -> Result<Row> {
    let headers = facts.headers()?;
    let path = [SNAPSHOT.to_owned()];
    let ask = |base: String| {
        let (connections, seconds) = (32, with.runs(8, 2));
        Load { base, connections, seconds, headers: &headers, paths: &path }.median_of(with.runs(5, 1))
    };
    let ours = ask(with.district.url(""))?;
    let theirs = {
        let nginx = nginx::serve(&files(), with.port + 2)?;
        ask(nginx.base.clone())?
    };
    Ok(Row::new(
        "`GET snapshot`, signed in, on 2 cores with the load generator",
        ours.per_second,
        "req/s",
        Better::More,
    )
    .promised(5_000.0)
    .beside("nginx, the same bytes from a file, no session", theirs.per_second)
    .noted(spread(&ours)))
}

fn files() -> PathBuf {
    tools::folder().join("files")
}

/// One caller asks one question after another.
fn latency(with: &Bench, facts: &Facts, name: &str, what: &str) -> Result<Row> {
    let (headers, paths) = (facts.headers()?, facts.texts(name)?);
    let load = Load {
        base: with.district.url(""),
        connections: 1,
        seconds: with.runs(8, 2),
        headers: &headers,
        paths: &paths,
    };
    let measured = load.median_of(with.runs(3, 1))?;
    Ok(Row::new(what, measured.median_ms, "ms", Better::Less).noted(format!("p95 {:.1} ms", measured.p95_ms)))
}

fn spread(measured: &Measured) -> String {
    format!("32 connections, median {:.1} ms, p95 {:.1} ms", measured.median_ms, measured.p95_ms)
}
