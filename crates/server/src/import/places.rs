//! Places and grids: any levels, in any order in the file, under one top or several.

use std::collections::HashMap;

use fengtu_geo::polygon::MultiPolygon;
use fengtu_wire::geojson::Position;
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use super::atlas::Atlas;
use super::mapping::{Kind, Policy};
use super::record::{Reader, Refused, Row, Word};
use super::report::{Reason, Verdict};
use super::settle::{settle, without_duplicates};
use super::{position, shape};
use crate::dataset::{GridDetail, PlaceRow};
use crate::store::geometry::area;

/// Reads the places of a file; those that have to be written, parents before children.
pub fn read(reader: &mut Reader<'_>, existing: Vec<PlaceRow>) -> Vec<PlaceRow> {
    let known: HashMap<PlaceId, PlaceRow> = existing.iter().map(|place| (place.id.clone(), place.clone())).collect();
    let rows = reader.rows(|row| place(row, &known));
    let rows = without_duplicates(reader, rows);
    let root = root(reader, &known);
    let placed = in_tree(reader, rows, &existing, root.as_ref());
    let mut changed = settle(reader, placed, &existing);
    // The top is asked for in the mapping, not a row of the file: it is not counted.
    changed.splice(0..0, root.filter(|root| known.get(&root.id) != Some(root)));
    reader.report.finish();
    changed
}

fn place(row: &mut Row<'_>, known: &HashMap<PlaceId, PlaceRow>) -> Result<PlaceRow, Refused> {
    let id = PlaceId(row.key("id")?);
    let before = known.get(&id);
    let name = row.text("name").ok_or_else(|| row.refuse(Reason::NoName, "name", ""))?;
    let level = level(row)?;
    let geometry = shape::read(row)?.or_else(|| before.and_then(|place| place.geometry.clone()));
    if geometry.is_none() {
        row.note(Reason::NoShape, "geometry", "");
    }
    // A file that says nothing of a field leaves it as it is: shapes may come in one file and figures in another.
    let population = if row.is_mapped("population") { row.count("population") } else { before.map(|b| b.population) };
    let name_en = if row.is_mapped("name_en") { row.text("name_en") } else { before.and_then(|b| b.name_en.clone()) };
    let grid = grid(row, level, before.and_then(|place| place.grid.as_ref()));
    let parent = row.translated("parent").map(PlaceId);
    Ok(PlaceRow { id, level, parent, name, name_en, population: population.unwrap_or(0), geometry, grid })
}

fn level(row: &mut Row<'_>) -> Result<PlaceLevel, Refused> {
    match row.word("level") {
        Word::Known(level) => Ok(level),
        Word::Absent if row.rules.kind == Kind::Grids => Ok(PlaceLevel::Grid),
        Word::Absent => Err(row.refuse(Reason::UnknownLevel, "level", "")),
        Word::Unknown(word) => Err(row.refuse(Reason::UnknownLevel, "level", &word)),
    }
}

fn grid(row: &mut Row<'_>, level: PlaceLevel, before: Option<&GridDetail>) -> Option<GridDetail> {
    if !matches!(level, PlaceLevel::Grid | PlaceLevel::SubGrid) {
        return None;
    }
    let land_use = row.word_or("land_use", before.map_or(LandUse::Other, |grid| grid.land_use));
    let or_before = |field: &str, before: Option<&String>| {
        if row.is_mapped(field) { row.text(field) } else { before.cloned() }
    };
    let member = or_before("member", before.and_then(|grid| grid.member.as_ref()));
    let telephone = or_before("telephone", before.and_then(|grid| grid.telephone.as_ref()));
    Some(GridDetail { land_use, member, telephone })
}

fn root(reader: &Reader<'_>, known: &HashMap<PlaceId, PlaceRow>) -> Option<PlaceRow> {
    let root = reader.rules.mapping.root.as_ref()?;
    let id = PlaceId::from(root.id.as_str());
    let before = known.get(&id).cloned();
    let (geometry, grid) = before.as_ref().map(|b| (b.geometry.clone(), b.grid.clone())).unwrap_or_default();
    Some(PlaceRow {
        id,
        level: root.level,
        parent: before.as_ref().and_then(|place| place.parent.clone()),
        name: root.name.clone(),
        name_en: root.name_en.clone(),
        population: before.map_or(0, |place| place.population),
        geometry,
        grid,
    })
}

/// Finds every place's parent, from the top level down: a place that is refused takes none below it along unnoticed.
fn in_tree(
    reader: &mut Reader<'_>,
    mut rows: Vec<(u64, PlaceRow)>,
    existing: &[PlaceRow],
    root: Option<&PlaceRow>,
) -> Vec<PlaceRow> {
    rows.sort_by_key(|(_, place)| place.level);
    let mut all: HashMap<PlaceId, PlaceRow> =
        existing.iter().chain(root).map(|place| (place.id.clone(), place.clone())).collect();
    let mut done = Vec::with_capacity(rows.len());
    for level in PlaceLevel::ALL {
        let mut above: Vec<&PlaceRow> = all.values().filter(|place| place.level < *level).collect();
        above.sort_by(|a, b| a.id.cmp(&b.id));
        let atlas = Atlas::new(above);
        for (row, mut place) in rows.extract_if(.., |(_, place)| place.level == *level) {
            if let Ok(parent) = parent(reader, row, &place, &atlas, root) {
                place.parent = parent;
                all.insert(place.id.clone(), place.clone());
                done.push(place);
            }
        }
    }
    done
}

fn parent(
    reader: &mut Reader<'_>,
    row: u64,
    place: &PlaceRow,
    above: &Atlas,
    root: Option<&PlaceRow>,
) -> Result<Option<PlaceId>, Refused> {
    let around = middle(place).map(|at| above.around(at)).unwrap_or_default();
    let by_shape = around.first().copied();
    if above.has_shapes() && place.geometry.is_some() && by_shape.is_none() {
        outside(reader, row, place)?;
    }
    let Some(own) = &place.parent else {
        let mapping = reader.rules.mapping;
        let wanted = mapping.parent_by_geometry || mapping.fields.contains_key("parent");
        let found = by_shape.filter(|_| wanted).or(root.filter(|root| root.level < place.level).map(|root| &root.id));
        return Ok(found.cloned());
    };
    match (above.find(own.as_str()), by_shape) {
        (Some(named), Some(here)) if !around.contains(&named) && above.level(named) == above.level(here) => {
            let found = format!("{named} → {here}");
            reader.say(row, place.id.as_str(), "parent", Reason::WrongPlace, Verdict::Repaired, &found);
            Ok(Some(here.clone()))
        }
        (Some(named), _) => Ok(Some(named.clone())),
        (None, Some(here)) => {
            let found = format!("{own} → {here}");
            reader.say(row, place.id.as_str(), "parent", Reason::UnknownPlace, Verdict::Repaired, &found);
            Ok(Some(here.clone()))
        }
        (None, None) => {
            reader.say(row, place.id.as_str(), "parent", Reason::ParentUnknown, Verdict::Refused, own.as_str());
            Err(Refused)
        }
    }
}

fn outside(reader: &mut Reader<'_>, row: u64, place: &PlaceRow) -> Result<(), Refused> {
    let keeps = reader.rules.mapping.outside == Some(Policy::Keep);
    let verdict = if keeps { Verdict::Repaired } else { Verdict::Refused };
    reader.say(row, place.id.as_str(), "geometry", Reason::Outside, verdict, "");
    if keeps { Ok(()) } else { Err(Refused) }
}

fn middle(place: &PlaceRow) -> Option<Position> {
    let area: Option<MultiPolygon> = place.geometry.as_ref().and_then(area);
    area.and_then(|area| area.interior_point()).map(position::rounded)
}
