//! What is new, what has changed, what is as it was: the same file twice does nothing the second time.

use std::collections::HashMap;

use fengtu_wire::geojson::Feature;
use fengtu_wire::stations::Station;

use super::record::Reader;
use super::report::{Reason, Verdict};
use crate::dataset::{BuildingRow, CaseRow, PlaceRow};

/// A row with a number of its own.
pub trait Keyed: PartialEq {
    /// Returns the number.
    fn key(&self) -> &str;
    /// Names the field that holds it.
    const FIELD: &'static str;
}

impl Keyed for PlaceRow {
    fn key(&self) -> &str {
        self.id.as_str()
    }
    const FIELD: &'static str = "id";
}

impl Keyed for Feature<Station> {
    fn key(&self) -> &str {
        self.properties.id.as_str()
    }
    const FIELD: &'static str = "id";
}

impl Keyed for BuildingRow {
    fn key(&self) -> &str {
        self.code.as_str()
    }
    const FIELD: &'static str = "code";
}

impl Keyed for CaseRow {
    fn key(&self) -> &str {
        self.number.as_str()
    }
    const FIELD: &'static str = "number";
}

/// Leaves out a row whose number was there before in the file: a copy is told, another content refused.
pub fn without_duplicates<T: Keyed>(reader: &mut Reader<'_>, rows: Vec<(u64, T)>) -> Vec<(u64, T)> {
    let mut kept: Vec<(u64, T)> = Vec::with_capacity(rows.len());
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    for (row, value) in rows {
        let Some(first) = seen.get(value.key()).and_then(|&index| kept.get(index)) else {
            seen.insert(value.key().to_owned(), kept.len());
            kept.push((row, value));
            continue;
        };
        let found = format!("row {}", first.0);
        if first.1 == value {
            reader.report.unchanged += 1;
            reader.say(row, value.key(), T::FIELD, Reason::DuplicateRow, Verdict::Noted, &found);
        } else {
            reader.say(row, value.key(), T::FIELD, Reason::DuplicateNumber, Verdict::Refused, &found);
        }
    }
    kept
}

/// Counts what is new, changed and unchanged; returns what has to be written.
pub fn settle<T: Keyed>(reader: &mut Reader<'_>, rows: Vec<T>, existing: &[T]) -> Vec<T> {
    let known: HashMap<&str, &T> = existing.iter().map(|row| (row.key(), row)).collect();
    let mut changed = Vec::new();
    for row in rows {
        match known.get(row.key()) {
            Some(&there) if *there == row => reader.report.unchanged += 1,
            Some(_) => {
                reader.report.updated += 1;
                changed.push(row);
            }
            None => {
                reader.report.new += 1;
                changed.push(row);
            }
        }
    }
    changed
}
