//! One figure, the one promised, and the one of a peer measured in the same run.

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Which way a figure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Times and sizes.
    Less,
    /// Rates.
    More,
}

/// A figure that is promised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Promise {
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
    /// At least so many times better than the peer in the same run.
    Times(f64),
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// Our figure.
    pub ours: f64,
    /// Its unit.
    pub unit: String,
    /// Which way it is better.
    pub better: Better,
    /// What is promised, if anything is.
    pub promises: Vec<Promise>,
    /// The peer and its figure; none where it cannot do this at all.
    pub peer: Option<(String, Option<f64>)>,
    /// More about how it was measured: spread, runs.
    pub note: String,
}

impl Row {
    /// Makes a row without promise or peer.
    pub fn new(what: impl Into<String>, ours: f64, unit: &str, better: Better) -> Self {
        let (what, unit) = (what.into(), unit.to_owned());
        Self { what, ours, unit, better, promises: Vec::new(), peer: None, note: String::new() }
    }

    /// Adds what is promised.
    pub fn promised(mut self, figure: f64) -> Self {
        self.promises.push(match self.better {
            Better::Less => Promise::AtMost(figure),
            Better::More => Promise::AtLeast(figure),
        });
        self
    }

    /// Adds a peer.
    pub fn beside(mut self, peer: impl Into<String>, theirs: f64) -> Self {
        self.peer = Some((peer.into(), Some(theirs)));
        self
    }

    /// Adds how it was measured.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Tells whether all that is promised is kept; `None` where nothing is.
    pub fn is_reached(&self) -> Option<bool> {
        let is_kept = |promise: &Promise| match *promise {
            Promise::AtMost(figure) => self.ours <= figure,
            Promise::AtLeast(figure) => self.ours >= figure,
            // A peer that cannot do it at all is beaten by any figure.
            Promise::Times(times) => self.ratio().is_none_or(|ratio| ratio >= times),
        };
        (!self.promises.is_empty()).then(|| self.promises.iter().all(is_kept))
    }

    /// Returns how many times better ours is than the peer's; below 1 the peer is better.
    pub fn ratio(&self) -> Option<f64> {
        let theirs = self.peer.as_ref()?.1?;
        let (more, less) = if self.better == Better::Less { (theirs, self.ours) } else { (self.ours, theirs) };
        (less > 0.0).then(|| more / less)
    }

    /// Returns the row as it is kept.
    pub fn to_json(&self) -> Value {
        let promised = |promise: &Promise| match promise {
            Promise::AtMost(figure) => format!("≤ {figure}"),
            Promise::AtLeast(figure) => format!("≥ {figure}"),
            Promise::Times(times) => format!("≥ {times}×"),
        };
        let promised: Vec<String> = self.promises.iter().map(promised).collect();
        json!({
            "what": self.what,
            "ours": self.ours,
            "unit": self.unit,
            "peer": self.peer.as_ref().map(|(name, _)| name),
            "theirs": self.peer.as_ref().and_then(|(_, figure)| *figure),
            "ratio": self.ratio(),
            "promised": (!promised.is_empty()).then(|| promised.join(", ")),
            "reached": self.is_reached(),
            "note": self.note,
        })
    }

    /// Reads a row as the scripts write it: `better` is `less` or `more`; `promised`, `atLeast` (times the peer's),
    /// `peer` with `theirs`, or without where it cannot, and `note` may be missing.
    pub fn from_script(json: &Value) -> Result<Self> {
        let text = |key: &str| json.get(key).and_then(Value::as_str);
        let number = |key: &str| json.get(key).and_then(Value::as_f64);
        let better = if text("better") == Some("more") { Better::More } else { Better::Less };
        let what = text("what").context("a row without `what`")?;
        let ours = number("ours").with_context(|| format!("no figure for \"{what}\""))?;
        let mut row = Self::new(what, ours, text("unit").context("a row without `unit`")?, better);
        text("note").unwrap_or_default().clone_into(&mut row.note);
        row.peer = text("peer").map(|peer| (peer.to_owned(), number("theirs")));
        row = match number("promised") {
            Some(figure) => row.promised(figure),
            None => row,
        };
        row.promises.extend(number("atLeast").map(Promise::Times));
        Ok(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_kept_up_to_its_figure_and_not_beyond() {
        let time = |ours: f64| Row::new("first map", ours, "s", Better::Less).promised(2.5).is_reached();
        assert_eq!((time(2.5), time(2.51)), (Some(true), Some(false)));
        let rate = |ours: f64| Row::new("snapshot", ours, "req/s", Better::More).promised(5000.0).is_reached();
        assert_eq!((rate(5000.0), rate(4999.9)), (Some(true), Some(false)));
        assert_eq!(Row::new("p95", 1.0, "ms", Better::Less).is_reached(), None);
    }

    #[test]
    fn the_ratio_says_how_many_times_better_ours_is() {
        let faster = Row::new("redraw", 20.0, "ms", Better::Less).beside("another", 60.0);
        let fewer = Row::new("requests", 50.0, "req/s", Better::More).beside("another", 100.0);
        assert!((faster.ratio().unwrap() - 3.0).abs() < 1e-9);
        assert!((fewer.ratio().unwrap() - 0.5).abs() < 1e-9, "below 1 where the peer is better");
        assert_eq!(Row::new("free", 0.0, "ms", Better::Less).beside("another", 1.0).ratio(), None);
    }

    #[test]
    fn a_ratio_is_promised_against_the_peer_of_the_same_run() {
        let row = |theirs: Value| {
            let json =
                json!({"what": "heat", "ours": 10, "unit": "ms", "peer": "another", "theirs": theirs, "atLeast": 10});
            Row::from_script(&json).unwrap()
        };
        assert_eq!((row(json!(100)).is_reached(), row(json!(99)).is_reached()), (Some(true), Some(false)));
        let cannot = row(Value::Null);
        assert_eq!((cannot.is_reached(), cannot.ratio()), (Some(true), None));
        assert_eq!(cannot.peer, Some(("another".to_owned(), None)));
    }

    #[test]
    fn a_script_row_is_read_with_all_it_says() {
        let json = json!({"what": "pan", "ours": 58.8, "unit": "fps", "better": "more", "promised": 50,
            "peer": "Leaflet", "theirs": 12, "note": "p5 50"});
        let row = Row::from_script(&json).unwrap();
        assert_eq!(row.is_reached(), Some(true));
        assert_eq!(row.peer, Some(("Leaflet".to_owned(), Some(12.0))));
        let kept = row.to_json();
        let keys = ["what", "ours", "unit", "peer", "theirs", "ratio"];
        assert!(keys.iter().all(|key| kept.get(key).is_some_and(|value| !value.is_null())));
        assert!(Row::from_script(&json!({"what": "pan", "unit": "fps"})).is_err(), "a figure is needed");
    }
}
