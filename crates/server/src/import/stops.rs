//! The timetables of mobile stations, a row for each stop. A file replaces the timetable of every station that it names.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveTime;
use fengtu_wire::geojson::{Feature, Geometry};
use fengtu_wire::stations::{Station, StationLevel, Stop};

use super::atlas::Atlas;
use super::position;
use super::record::{Reader, Refused, Row, Word};
use super::report::{Reason, Verdict};
use super::settle::{Keyed, settle, without_duplicates};
use super::time;

type Stations<'a> = BTreeMap<&'a str, &'a Feature<Station>>;

/// A stop of a station; known by when it is, for a station cannot be at two places at once.
#[derive(Debug, Clone, PartialEq)]
struct StopRow {
    key: String,
    station: String,
    stop: Stop,
}

impl Keyed for StopRow {
    fn key(&self) -> &str {
        &self.key
    }
    const FIELD: &'static str = "from";
}

impl StopRow {
    fn new(station: &str, stop: Stop) -> Self {
        let key = format!("{station} {} {}", stop.weekday, stop.from);
        Self { key, station: station.to_owned(), stop }
    }
}

/// Reads the stops of a file; the stations whose timetable has changed.
pub fn read(reader: &mut Reader<'_>, atlas: &Atlas, existing: &[Feature<Station>]) -> Vec<Feature<Station>> {
    let stations: Stations<'_> = existing.iter().map(|station| (station.properties.id.as_str(), station)).collect();
    let rows = reader.rows(|row| stop(row, atlas, &stations));
    let rows = without_duplicates(reader, rows);
    let named: BTreeMap<String, u64> = rows.iter().rev().map(|(row, one)| (one.station.clone(), *row)).collect();
    let before: Vec<StopRow> = named.keys().flat_map(|id| stops_of(&stations, id)).collect();
    let rows: Vec<StopRow> = rows.into_iter().map(|(_, one)| one).collect();
    let gone = tell_gone(reader, &rows, &before, &named);
    let changed: HashSet<String> = settle(reader, rows.clone(), &before).into_iter().map(|one| one.station).collect();
    reader.report.finish();
    let is_changed = |id: &&String| changed.contains(*id) || gone.contains(*id);
    named.keys().filter(is_changed).filter_map(|id| with_stops(stations.get(id.as_str())?, &rows)).collect()
}

fn stops_of(stations: &Stations<'_>, id: &str) -> Vec<StopRow> {
    let stops = stations.get(id).map(|station| station.properties.stops.clone()).unwrap_or_default();
    stops.into_iter().map(|stop| StopRow::new(id, stop)).collect()
}

/// Tells which stops the file no longer has, at the first row of their station; returns those stations.
fn tell_gone(
    reader: &mut Reader<'_>,
    rows: &[StopRow],
    before: &[StopRow],
    named: &BTreeMap<String, u64>,
) -> HashSet<String> {
    let kept: HashSet<&str> = rows.iter().map(|one| one.key.as_str()).collect();
    let mut gone = HashSet::new();
    for one in before.iter().filter(|one| !kept.contains(one.key.as_str())) {
        let row = named.get(&one.station).copied().unwrap_or_default();
        reader.say(row, &one.station, "from", Reason::StopGone, Verdict::Noted, &one.key);
        gone.insert(one.station.clone());
    }
    gone
}

/// Returns a station with its new timetable, in the order of the week; it stands where the week begins.
fn with_stops(station: &Feature<Station>, rows: &[StopRow]) -> Option<Feature<Station>> {
    let mut station = station.clone();
    let own = rows.iter().filter(|one| one.station == station.properties.id.as_str());
    let mut stops: Vec<Stop> = own.map(|one| one.stop.clone()).collect();
    stops.sort_by_key(|stop| (stop.weekday, stop.from));
    let stood_at_a_stop = match (&station.geometry, station.properties.stops.first()) {
        (Some(Geometry::Point(at)), Some(first)) => at.map(f64::to_bits) == first.at.map(f64::to_bits),
        (geometry, _) => geometry.is_none(),
    };
    if stood_at_a_stop {
        station.geometry = Some(Geometry::Point(stops.first()?.at));
    }
    station.properties.stops = stops;
    Some(station)
}

fn stop(row: &mut Row<'_>, atlas: &Atlas, stations: &Stations<'_>) -> Result<StopRow, Refused> {
    let id = row.key("station")?;
    let id = row.translated("station").unwrap_or(id);
    let Some(station) = stations.get(id.as_str()) else {
        return Err(row.refuse(Reason::UnknownStation, "station", &id));
    };
    if station.properties.level != StationLevel::Mobile {
        return Err(row.refuse(Reason::NotMobile, "station", &id));
    }
    let name = row.text("name").ok_or_else(|| row.refuse(Reason::NoName, "name", ""))?;
    let weekday = weekday(row)?;
    let (from, to) = (time_of_day(row, "from", time::of_day)?, time_of_day(row, "to", time::of_day_end)?);
    let whole_day = row.text("to").is_some_and(|text| time::is_end_of_day(&text));
    // One that leaves before it arrives leaves after midnight.
    if to == from && !whole_day {
        return Err(row.refuse(Reason::TimeOfDayUnreadable, "to", &format!("{from} – {to}")));
    }
    let at = position::read(row, atlas, None)?;
    let at = at.ok_or_else(|| row.refuse(Reason::StopWithoutCoordinate, "position", ""))?;
    Ok(StopRow::new(&id, Stop { at, name, weekday, from, to }))
}

fn weekday(row: &mut Row<'_>) -> Result<u8, Refused> {
    let found = match row.word::<u8>("weekday") {
        Word::Known(day) if (1..=7).contains(&day) => return Ok(day),
        Word::Known(day) => day.to_string(),
        Word::Unknown(word) => word,
        Word::Absent => String::new(),
    };
    Err(row.refuse(Reason::WeekdayUnreadable, "weekday", &found))
}

fn time_of_day(
    row: &mut Row<'_>,
    field: &'static str,
    read: fn(&str) -> Option<NaiveTime>,
) -> Result<NaiveTime, Refused> {
    let text = row.text(field).unwrap_or_default();
    read(&text).ok_or_else(|| row.refuse(Reason::TimeOfDayUnreadable, field, &text))
}
