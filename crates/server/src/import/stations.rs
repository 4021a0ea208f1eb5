//! Service stations.

use std::collections::HashMap;

use chrono::NaiveTime;
use fengtu_wire::geojson::{Feature, Geometry};
use fengtu_wire::ids::StationId;
use fengtu_wire::stations::{CircleKind, OpeningHours, Service, StaffKind, StaffOnDuty, Station, StationLevel, Stop};

use super::atlas::Atlas;
use super::position;
use super::record::{Reader, Refused, Row, Word, parts};
use super::report::Reason;
use super::settle::{settle, without_duplicates};
use super::time::{of_day, of_day_end};

/// Reads the stations of a file; those that have to be written.
pub fn read(reader: &mut Reader<'_>, atlas: &Atlas, existing: Vec<Feature<Station>>) -> Vec<Feature<Station>> {
    let stops: HashMap<&str, &[Stop]> =
        existing.iter().map(|known| (known.properties.id.as_str(), known.properties.stops.as_slice())).collect();
    let rows = reader.rows(|row| station(row, atlas, &stops));
    let rows = without_duplicates(reader, rows);
    let changed = settle(reader, rows.into_iter().map(|(_, station)| station).collect(), &existing);
    reader.report.finish();
    changed
}

fn station(row: &mut Row<'_>, atlas: &Atlas, stops: &HashMap<&str, &[Stop]>) -> Result<Feature<Station>, Refused> {
    let id = StationId(row.key("id")?);
    let name = row.text("name").ok_or_else(|| row.refuse(Reason::NoName, "name", ""))?;
    let level = level(row)?;
    // The timetable comes in a file of its own: this one leaves it, and where it begins, as it is.
    let stops = stops.get(id.as_str()).copied().unwrap_or_default();
    let first = stops.first().map(|stop| stop.at);
    let at = position::read(row, atlas, first.map(|at| (at, Reason::AtFirstStop)))?;
    // Where it stops is not where it belongs.
    let place = atlas.place(row, at.filter(|at| Some(*at) != first));
    let site =
        if row.text("site").is_some() { Some(row.word_or("site", fengtu_wire::grids::LandUse::Other)) } else { None };
    let services: Vec<Service> = row.words("services");
    let circles = circles(row, &services);
    let station = Station {
        id,
        name,
        level,
        site,
        place,
        address: row.text("address").unwrap_or_default(),
        telephone: row.text("telephone"),
        services,
        circles,
        staff: staff(row),
        hours: hours(row),
        stops: stops.to_vec(),
    };
    Ok(Feature::new(at.map(Geometry::Point), station))
}

fn level(row: &mut Row<'_>) -> Result<StationLevel, Refused> {
    match row.word("level") {
        Word::Known(level) => Ok(level),
        Word::Absent => Ok(StationLevel::Site),
        Word::Unknown(word) => Err(row.refuse(Reason::UnknownLevel, "level", &word)),
    }
}

// Every station takes appeals; the other circles follow from what it offers, unless the file says which.
fn circles(row: &mut Row<'_>, services: &[Service]) -> Vec<CircleKind> {
    if row.is_mapped("circles") {
        return row.words("circles");
    }
    let offers = |service| services.contains(&service);
    let legal = offers(Service::Legal).then_some(CircleKind::Legal);
    let psychological = offers(Service::Psychological).then_some(CircleKind::Psychological);
    [Some(CircleKind::Appeal), legal, psychological].into_iter().flatten().collect()
}

fn staff(row: &mut Row<'_>) -> Vec<StaffOnDuty> {
    let mapping = row.rules.mapping;
    let mut staff = Vec::new();
    for &kind in StaffKind::ALL {
        let text = mapping.staff.get(kind.as_str()).and_then(|column| row.column(column));
        let count = text.and_then(|text| row.number("staff", &text)).map_or(0, |number| number as u32);
        let names = mapping.staff_names.get(kind.as_str()).and_then(|column| row.column(column));
        let names = names.map_or_else(Vec::new, |text| parts(&text).map(str::to_owned).collect());
        // Who is named is there, whatever the number says.
        let count = count.max(u32::try_from(names.len()).unwrap_or(u32::MAX));
        if count > 0 {
            staff.push(StaffOnDuty { kind, count, names });
        }
    }
    staff
}

fn hours(row: &mut Row<'_>) -> Vec<OpeningHours> {
    let Some(usual) = &row.rules.mapping.hours else { return Vec::new() };
    let from = time_or(row, "opens", usual.from, of_day);
    let to = time_or(row, "closes", usual.to, of_day_end);
    vec![OpeningHours { weekdays: usual.weekdays.clone(), from, to, on_holidays: usual.on_holidays }]
}

fn time_or(row: &mut Row<'_>, field: &'static str, usual: NaiveTime, read: fn(&str) -> Option<NaiveTime>) -> NaiveTime {
    let Some(text) = row.text(field) else { return usual };
    read(&text).unwrap_or_else(|| {
        row.note(Reason::UnknownWord, field, &text);
        usual
    })
}
