//! Buildings and the unified address base.

use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::BuildingCode;

use super::atlas::Atlas;
use super::position;
use super::record::{Reader, Refused, Row};
use super::report::Reason;
use super::settle::{settle, without_duplicates};
use crate::dataset::BuildingRow;

/// Reads the buildings of a file; those that have to be written.
pub fn read(reader: &mut Reader<'_>, atlas: &Atlas, existing: Vec<BuildingRow>) -> Vec<BuildingRow> {
    let rows = reader.rows(|row| building(row, atlas));
    let rows = without_duplicates(reader, rows);
    let changed = settle(reader, rows.into_iter().map(|(_, building)| building).collect(), &existing);
    reader.report.finish();
    changed
}

fn building(row: &mut Row<'_>, atlas: &Atlas) -> Result<BuildingRow, Refused> {
    let code = BuildingCode(row.key("code")?);
    // A building without a name of its own is called by its address.
    let address = row.text("address");
    let name = row.text("name").or_else(|| address.clone());
    let name = name.ok_or_else(|| row.refuse(Reason::NoName, "name", ""))?;
    let at = position::read(row, atlas, None)?;
    let place = atlas.place(row, at);
    Ok(BuildingRow {
        code,
        name,
        address: address.unwrap_or_default(),
        place,
        at,
        floors: row.count("floors").and_then(|floors| u16::try_from(floors).ok()),
        population: row.count("population").unwrap_or(0),
        land_use: row.word_or("land_use", LandUse::Other),
    })
}
