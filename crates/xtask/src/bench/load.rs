//! Runs wrk against one server on loopback, for a bounded time, and reads what it says.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::tools;
use crate::place;
use crate::shell::sh;

/// How to ask.
pub struct Load<'a> {
    /// `http://host:port`.
    pub base: String,
    /// Connections that ask at once, each anew as soon as it is answered.
    pub connections: u32,
    /// For how long.
    pub seconds: u32,
    /// Headers of every request.
    pub headers: &'a [String],
    /// Paths that are asked for in turn.
    pub paths: &'a [String],
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Answers per second.
    pub per_second: f64,
    /// Time to an answer that half of them stay under, milliseconds.
    pub median_ms: f64,
    /// The same for 95 of 100.
    pub p95_ms: f64,
}

impl Load<'_> {
    /// Asks; an answer that is not 2xx, or none, is an error and no figure.
    pub fn run(&self) -> Result<Measured> {
        let script = place::end2end().join("bench/wrk.lua");
        let (connections, seconds) = (format!("-c{}", self.connections), format!("-d{}s", self.seconds));
        let script = script.to_string_lossy();
        let mut args = vec!["-t1", &connections, &seconds, "--timeout", "20s", "-s", &script];
        args.extend(self.headers.iter().flat_map(|header| ["-H", header.as_str()]));
        args.push(&self.base);
        let wrk = tools::program("wrk").context("no wrk")?;
        let said = sh(&wrk.to_string_lossy(), args)
            .env("LD_LIBRARY_PATH", tools::libraries())
            .env("FENGTU_BENCH_PATHS", self.paths.join("\n"))
            .capture();
        read(&said.context("wrk failed")?)
    }

    /// Asks several times and returns the run of the median rate.
    pub fn median_of(&self, runs: u32) -> Result<Measured> {
        let mut all = (0..runs.max(1)).map(|_| self.run()).collect::<Result<Vec<_>>>()?;
        all.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        all.get(all.len() / 2).copied().context("no run")
    }
}

/// Reads the line that our script makes wrk print at the end.
fn read(said: &str) -> Result<Measured> {
    let line = said.lines().rev().find(|line| line.starts_with('{')).context("wrk printed no figures")?;
    let json: Value = serde_json::from_str(line)?;
    let number = |key: &str| json.get(key).and_then(Value::as_f64).with_context(|| format!("wrk: no {key}"));
    let (requests, errors) = (number("requests")?, number("errors")?);
    ensure!(requests > 0.0 && errors < 1.0, "{errors} of {requests} requests failed: {line}");
    Ok(Measured {
        per_second: requests / (number("duration_us")? / 1e6),
        median_ms: number("p50_us")? / 1e3,
        p95_ms: number("p95_us")? / 1e3,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_read_and_a_failed_request_is_no_figure() {
        let said = |errors: u32| {
            format!(
                "Running 5s test\n  100 requests in 5s\n{{\"requests\":100,\"duration_us\":5000000,\"errors\":{errors},\"p50_us\":1500,\"p95_us\":4000}}\n"
            )
        };
        let measured = read(&said(0)).unwrap();
        assert_eq!(measured, Measured { per_second: 20.0, median_ms: 1.5, p95_ms: 4.0 });
        assert!(read(&said(1)).is_err() && read("wrk: no such host").is_err());
    }
}
