//! Civil lawsuits of the courts: a count for a place and a month. What is not a whole count of a known place is refused, as a rate
//! made of it would mislead.

use chrono::{Datelike as _, NaiveDate};
use fengtu_wire::ids::PlaceId;

use super::atlas::Atlas;
use super::record::{Reader, Refused, Row};
use super::report::Reason;
use super::settle::{Keyed, settle, without_duplicates};
use super::time;
use crate::dataset::LawsuitRow;
use crate::store::lawsuits::text;

/// A count; known by its place and month.
#[derive(Debug, Clone, PartialEq)]
struct Count {
    key: String,
    row: LawsuitRow,
}

impl Keyed for Count {
    fn key(&self) -> &str {
        &self.key
    }
    const FIELD: &'static str = "month";
}

impl Count {
    fn new(row: LawsuitRow) -> Self {
        Self { key: format!("{} {}", row.place, text(row.month)), row }
    }
}

/// Reads the counts of a file; those that have to be written.
pub fn read(reader: &mut Reader<'_>, atlas: &Atlas, existing: &[LawsuitRow]) -> Vec<LawsuitRow> {
    let rows = reader.rows(|row| count(row, atlas));
    let rows = without_duplicates(reader, rows).into_iter().map(|(_, count)| count).collect();
    let existing: Vec<Count> = existing.iter().cloned().map(Count::new).collect();
    let changed = settle(reader, rows, &existing);
    reader.report.finish();
    changed.into_iter().map(|count| count.row).collect()
}

fn count(row: &mut Row<'_>, atlas: &Atlas) -> Result<Count, Refused> {
    row.key("place")?;
    Ok(Count::new(LawsuitRow { place: place(row, atlas)?, month: month(row)?, filed: filed(row)? }))
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

fn filed(row: &mut Row<'_>) -> Result<u32, Refused> {
    let text = row.text("filed").unwrap_or_default();
    let plain = text.replace([',', '\u{ff0c}'], "");
    plain.parse().map_err(|_| match plain.parse::<f64>() {
        Ok(number) if number < 0.0 => row.refuse(Reason::NegativeNumber, "filed", &text),
        _ => row.refuse(Reason::NotACount, "filed", &text),
    })
}
