//! Counts tests from what cargo, the wasm runner and Playwright report.

use anyhow::{Context, Result};
use serde_json::Value;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ran and passed.
    pub passed: u64,
    /// Ran and failed.
    pub failed: u64,
    /// Did not run.
    pub skipped: u64,
}

impl Counts {
    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Returns an error when any test failed, whatever the exit code of its runner said.
    pub fn failure(self) -> Option<anyhow::Error> {
        (self.failed > 0).then(|| anyhow::anyhow!("{} tests failed", self.failed))
    }

    /// Adds what one line of `cargo test` or of the wasm runner tells, if it tells anything.
    pub fn read_line(&mut self, line: &str) {
        let Some(rest) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let number = |word: &str| {
            let (before, _) = rest.split_once(word)?;
            before.split_whitespace().next_back()?.parse::<u64>().ok()
        };
        self.add(Self {
            passed: number(" passed").unwrap_or(0),
            failed: number(" failed").unwrap_or(0),
            skipped: number(" ignored").unwrap_or(0),
        });
    }
}

/// Reads Playwright's report in JSON.
pub fn of_playwright(report: &str) -> Result<Counts> {
    let report: Value = serde_json::from_str(report)?;
    let stats = report.get("stats").context("the report has no stats")?;
    let number = |key: &str| stats.get(key).and_then(Value::as_u64).with_context(|| key.to_owned());
    let flaky = number("flaky")?;
    if flaky > 0 {
        // Said, not hidden: each is listed above under "flaky", and each is a fault of the test or of the page.
        println!("  {flaky} passed at the second try only: see \"flaky\" above, and mend them");
    }
    Ok(Counts { passed: number("expected")? + flaky, failed: number("unexpected")?, skipped: number("skipped")? })
}

/// Reads a report in `JUnit`'s form: the counts stand in its root element.
pub fn of_junit(report: &str) -> Result<Counts> {
    let (_, rest) = report.split_once("<testsuites").context("the report has no test suites")?;
    let (root, _) = rest.split_once('>').context("the report breaks off")?;
    let number = |name: &str| -> Result<u64> {
        let text = root.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        text.map_or(Ok(0), |(number, _)| number.parse().with_context(|| format!("{name}={number}")))
    };
    let (all, failed, skipped) =
        (number("tests")?, number("failures")? + number("errors")?, number("skipped")? + number("disabled")?);
    Ok(Counts { passed: all.saturating_sub(failed + skipped), failed, skipped })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn results_of_cargo_are_summed() {
        let mut counts = Counts::default();
        counts.read_line("test heat::tests::blur ... ok");
        counts.read_line(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        );
        counts.read_line("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(counts, Counts { passed: 15, failed: 2, skipped: 1 });
        assert!(counts.failure().is_some());
    }

    #[test]
    fn what_junit_does_not_count_as_passed_did_not_pass() {
        let report = r#"<?xml version="1.0"?><testsuites disabled="0" errors="1" failures="2" tests="24" time="9.5">"#;
        assert_eq!(of_junit(report).unwrap(), Counts { passed: 21, failed: 3, skipped: 0 });
        assert!(of_junit("").is_err() && of_junit(r#"<testsuites tests="x">"#).is_err());
    }

    #[test]
    fn a_browser_test_that_passes_at_the_second_try_passes_and_one_that_never_does_fails() {
        let report = r#"{"stats":{"expected":7,"unexpected":1,"flaky":1,"skipped":2}}"#;
        let counts = of_playwright(report).unwrap();
        assert_eq!(counts, Counts { passed: 8, failed: 1, skipped: 2 });
        assert!(of_playwright("{}").is_err());
    }
}
