//! Real input: a district's own places, grids, stations, buildings, cases and lawsuits from `GeoJSON` and CSV.
//!
//! Reading is pure: bytes, a mapping and what is there already go in; rows ready for `store::write` and a report of every
//! row that was refused or repaired come out. Nothing is guessed that could mislead: a coordinate without a datum refuses
//! the file, a bad date refuses the row. Files and the database are touched in `run` alone.
//!
//! Reading order: what a file says (`mapping`, `source`, `record`), where things are (`position`, `shape`, `atlas`, `border`), when
//! (`time`), the kinds (`places`, `stations`, `stops`, `buildings`, `cases`, `lawsuits`), what is new (`settle`), what is told (`report`,
//! `print`), and the edge (`existing`, `run`).

pub mod mapping;
pub mod report;
pub mod run;

mod atlas;
mod border;
mod buildings;
mod cases;
mod existing;
mod lawsuits;
mod places;
mod position;
mod print;
mod record;
mod settle;
mod shape;
mod source;
mod stations;
mod stops;
mod time;

use chrono::{DateTime, Utc};
use fengtu_wire::config::Category;

use crate::dataset::Dataset;
use atlas::Atlas;
use mapping::{Kind, Mapping};
use record::Reader;
use report::{FileError, Report};
use source::Format;

/// What is known before the file is read.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// What is there already: all places, and the rows of the kind that is imported.
    pub existing: Dataset,
    /// The district's categories.
    pub categories: Vec<Category>,
    /// The time of the import: nothing can have happened after it.
    pub now: DateTime<Utc>,
}

/// A file, read.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rows that are new or changed, ready to be written.
    pub dataset: Dataset,
    /// What happened to every row.
    pub report: Report,
}

/// Reads a file. `name` decides the format where the mapping does not; `progress` is told rows done and rows in all.
///
/// Fails only where the file as a whole cannot be used; a row that cannot be used is a line of the report.
pub fn read(
    bytes: &[u8],
    name: &str,
    kind: Kind,
    mapping: &Mapping,
    context: &Context,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Outcome, FileError> {
    let table = source::table(bytes, Format::of(mapping, name)?, mapping)?;
    let rules = record::Rules::new(kind, mapping, &table, context)?;
    let mut report = Report::new(kind, table.unused(mapping));
    let mut dataset = Dataset::default();
    let known = context.existing.clone();
    let mut reader = Reader::new(&rules, &table, &mut report, progress);
    if matches!(kind, Kind::Places | Kind::Grids) {
        dataset.places = places::read(&mut reader, known.places);
        return Ok(Outcome { dataset, report });
    }
    let atlas = Atlas::new(&context.existing.places).with_tolerance(mapping.border_tolerance_m());
    match kind {
        Kind::Stations => dataset.stations = stations::read(&mut reader, &atlas, known.stations),
        Kind::Stops => dataset.stations = stops::read(&mut reader, &atlas, &known.stations),
        Kind::Buildings => dataset.buildings = buildings::read(&mut reader, &atlas, known.buildings),
        Kind::Lawsuits => dataset = lawsuits::read(&mut reader, &atlas, known.lawsuits),
        _ => dataset.cases = cases::read(&mut reader, &atlas, &context.categories, known),
    }
    Ok(Outcome { dataset, report })
}
