//! Civil lawsuits of the courts: a count for a place and a month. What is not a whole count of a known place is refused, as a rate
//! made of it would mislead; an empty count takes that of the month out.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use fengtu_wire::ids::PlaceId;

use super::atlas::Atlas;
use super::record::{Reader, Refused, Row};
use super::report::{Reason, Verdict};
use super::settle::{Keyed, settle, without_duplicates};
use super::time;
use crate::dataset::{Dataset, LawsuitRow};
use crate::store::lawsuits::text;

/// A count, or none; known by its place and month.
#[derive(Debug, Clone, PartialEq)]
struct Count {
    key: String,
    place: PlaceId,
    month: NaiveDate,
    filed: Option<u32>,
}

impl Keyed for Count {
    fn key(&self) -> &str {
        &self.key
    }
    const FIELD: &'static str = "month";
}

impl Count {
    fn new(place: PlaceId, month: NaiveDate, filed: Option<u32>) -> Self {
        Self { key: format!("{place} {}", text(month)), place, month, filed }
    }
}

/// Reads the counts of a file; those that have to be written, and those to take out.
pub fn read(reader: &mut Reader<'_>, atlas: &Atlas, existing: Vec<LawsuitRow>) -> Dataset {
    let rows = reader.rows(|row| count(row, atlas));
    let rows = without_duplicates(reader, rows);
    let existing: Vec<Count> =
        existing.into_iter().map(|row| Count::new(row.place, row.month, Some(row.filed))).collect();
    let rows = tell_empty(reader, rows, &existing);
    let changed = settle(reader, rows, &existing);
    reader.report.finish();
    split(changed)
}

fn split(changed: Vec<Count>) -> Dataset {
    let mut dataset = Dataset::default();
    for Count { place, month, filed, .. } in changed {
        match filed {
            Some(filed) => dataset.lawsuits.push(LawsuitRow { place, month, filed }),
            None => dataset.lawsuits_out.push((place, month)),
        }
    }
    dataset
}

/// Tells of every empty count what it takes out; one that takes nothing out changes nothing.
fn tell_empty(reader: &mut Reader<'_>, rows: Vec<(u64, Count)>, existing: &[Count]) -> Vec<Count> {
    let known: HashMap<&str, Option<u32>> = existing.iter().map(|count| (count.key(), count.filed)).collect();
    let mut kept = Vec::with_capacity(rows.len());
    for (row, count) in rows {
        let there = known.get(count.key()).copied().flatten();
        if count.filed.is_none() {
            let reason = if there.is_some() { Reason::CountTakenOut } else { Reason::NothingToTakeOut };
            let found = there.map(|filed| filed.to_string()).unwrap_or_default();
            reader.say(row, count.key(), "filed", reason, Verdict::Noted, &found);
        }
        if count.filed.is_some() || there.is_some() {
            kept.push(count);
        } else {
            reader.report.unchanged += 1;
        }
    }
    kept
}

fn count(row: &mut Row<'_>, atlas: &Atlas) -> Result<Count, Refused> {
    row.key("place")?;
    Ok(Count::new(place(row, atlas)?, month(row)?, filed(row)?))
}

fn place(row: &mut Row<'_>, atlas: &Atlas) -> Result<PlaceId, Refused> {
    let named = row.translated("place").unwrap_or_default();
    atlas.find(&named).cloned().ok_or_else(|| row.refuse(Reason::PlaceNotFound, "place", &named))
}

/// A month that is not over would be counted as a whole one later.
fn month(row: &mut Row<'_>) -> Result<NaiveDate, Refused> {
    let text = row.text("month").unwrap_or_default();
    let times = &row.rules.times;
    let first = |day: NaiveDate| day.with_day(1);
    let month = time::month(&text)
        .or_else(|| first(times.day(times.read(&text)?.at)).filter(|month| month.year() >= time::FIRST_YEAR));
    let month = month.ok_or_else(|| row.refuse(Reason::MonthUnreadable, "month", &text))?;
    if Some(month) < first(row.rules.times.day(row.rules.now)) {
        return Ok(month);
    }
    Err(row.refuse(Reason::MonthNotOver, "month", &text))
}

fn filed(row: &mut Row<'_>) -> Result<Option<u32>, Refused> {
    let Some(text) = row.text("filed") else { return Ok(None) };
    let plain = text.replace([',', '\u{ff0c}'], "");
    plain.parse().map(Some).map_err(|_| match plain.parse::<f64>() {
        Ok(number) if number < 0.0 => row.refuse(Reason::NegativeNumber, "filed", &text),
        _ => row.refuse(Reason::NotACount, "filed", &text),
    })
}
