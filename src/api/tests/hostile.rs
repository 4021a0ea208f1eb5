//! Hostile answers: ten thousand for each module, made of golden ones by spoiling values, structure and bytes.
//!
//! Whatever comes, a reader does not panic, is quick, and says clearly why it takes nothing; a list accounts for every
//! record, kept or refused; nothing is handed on to be drawn that is not on the earth. The seed is printed, and
//! `FENGTU_TEST_SEED` sets it.

#![allow(clippy::print_stderr, reason = "the seed is shown when a test fails")]

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::heat::PointColumns;
use serde_json::Value;

use super::spoil::{Dice, spoil_bytes, spoiled};
use super::{ApiError, Backends, Dialect, Question, Response, ok};
use super::{basemap, buildings, cases, config, events, grids, heat, places};
use super::{session, snapshot, stations, statistics, warnings};
use crate::api::lenient::{Listed, is_on_earth};
use crate::api::{cube, orders, reports, supervision, walls};
use crate::browser::buffer::Buffer;

/// Answers that each module is given.
const ANSWERS: usize = 10_000;
/// The longest that one answer may take. It is there for readers that are slower than linear, not to measure them.
const PATIENCE: Duration = Duration::from_secs(1);
const D: Dialect = Dialect::Fengtu;

/// What a reader made of an answer.
#[derive(Default)]
struct Taken {
    /// Records kept and refused; absent where the answer is no list.
    accounted: Option<usize>,
    /// Every position that would be drawn.
    drawn: Vec<Position>,
}

type Reader = fn(&[u8]) -> Result<Taken, ApiError>;

macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!("../../../crates/wire/tests/golden/", $name, ".json"))
    };
}

/// Says which answer broke a reader.
struct Witness<'a> {
    module: &'a str,
    seed: u64,
    body: Vec<u8>,
}

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let body: String = String::from_utf8_lossy(&self.body).chars().take(4_000).collect();
            eprintln!("{}: FENGTU_TEST_SEED={} broke on {body}", self.module, self.seed);
        }
    }
}

fn seed() -> u64 {
    let given = std::env::var("FENGTU_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| RandomState::new().hash_one("seed"))
}

/// Gives a module its share of answers, in turn of each kind that it reads.
fn attack(module: &str, kinds: &[(&str, Reader)]) {
    let seed = seed();
    eprintln!("{module}: FENGTU_TEST_SEED={seed}");
    let (mut dice, mut taken, mut refused) = (Dice::new(seed), 0, 0);
    for (golden, read) in kinds {
        assert_eq!(read(golden.as_bytes()).map(|_| ()), Ok(()), "{module}: what is sound is taken");
    }
    for (golden, read) in kinds.iter().cycle().take(ANSWERS) {
        let witness = Witness { module, seed, body: spoiled(golden, &mut dice) };
        match meet(&witness.body, *read) {
            Ok(()) => taken += 1,
            Err(error) => {
                refused += 1;
                assert!(error.to_string().chars().count() < 300, "a hostile body became a hostile message");
            }
        }
    }
    eprintln!("{module}: {taken} taken, {refused} refused");
    assert!(taken > ANSWERS / 50 && refused > ANSWERS / 50, "{module}: {taken} taken, {refused} refused");
}

fn meet(body: &[u8], read: Reader) -> Result<(), ApiError> {
    let began = Instant::now();
    let taken = read(body);
    // To refuse takes no longer than to take.
    assert!(began.elapsed() < PATIENCE, "it took {:?}", began.elapsed());
    let taken = taken?;
    for at in taken.drawn {
        assert!(is_on_earth(at), "{at:?} would be drawn");
    }
    if let (Some(accounted), Some(records)) = (taken.accounted, records(body)) {
        assert!(accounted >= records, "{} of {records} records were dropped silently", records - accounted);
    }
    Ok(())
}

/// Counts the records of a list, where the body is one.
fn records(body: &[u8]) -> Option<usize> {
    let json: Value = serde_json::from_slice(body).ok()?;
    json.get("items").or_else(|| json.get("features"))?.as_array().map(Vec::len)
}

fn list<T>(list: Listed<T>, at: impl Fn(&T) -> Vec<Position>) -> Taken {
    let drawn = list.items.iter().flat_map(at).collect();
    Taken { accounted: Some(list.items.len() + list.refused.count), drawn }
}

fn features<P>(answer: Listed<Feature<P>>) -> Taken {
    list(answer, |feature| feature.geometry.as_ref().map(positions).unwrap_or_default())
}

fn positions(geometry: &Geometry) -> Vec<Position> {
    match geometry {
        Geometry::Point(at) => vec![*at],
        Geometry::LineString(line) => line.clone(),
        Geometry::MultiLineString(lines) | Geometry::Polygon(lines) => lines.concat(),
        Geometry::MultiPolygon(parts) => parts.concat().concat(),
    }
}

fn drawn(at: impl IntoIterator<Item = Position>) -> Taken {
    Taken { accounted: None, drawn: at.into_iter().collect() }
}

#[test]
fn hostile_places() {
    let read: Reader = |body| places::PlacesQuery::default().answer(D, &ok(body)).map(features);
    attack("places", &[(golden!("places"), read)]);
}

#[test]
fn hostile_grids() {
    let read: Reader = |body| grids::GridsQuery::default().answer(D, &ok(body)).map(features);
    attack("grids", &[(golden!("grids"), read)]);
}

#[test]
fn hostile_stations() {
    let read: Reader = |body| {
        stations::StationsQuery::default().answer(D, &ok(body)).map(|answer| {
            let stops: Vec<_> = answer.items.iter().flat_map(|one| &one.properties.stops).map(|stop| stop.at).collect();
            let mut taken = features(answer);
            taken.drawn.extend(stops);
            taken
        })
    };
    attack("stations", &[(golden!("stations"), read)]);
}

#[test]
fn hostile_base_map() {
    let read: Reader = |body| {
        let answer = basemap::BasemapQuery.answer(D, &ok(body))?;
        Ok(drawn(answer.features.iter().filter_map(|one| one.geometry.as_ref()).flat_map(positions)))
    };
    attack("basemap", &[(golden!("basemap"), read)]);
}

#[test]
fn hostile_buildings() {
    let page: Reader = |body| {
        let answer = buildings::BuildingsQuery::default().answer(D, &ok(body))?;
        Ok(list(answer, |building| building.at.into_iter().collect()))
    };
    let points: Reader = |body| {
        let answer = buildings::BuildingPointsQuery::default().answer(D, &ok(body))?;
        Ok(drawn(answer.lon.iter().zip(&answer.lat).map(|(lon, lat)| [*lon, *lat])))
    };
    attack("buildings", &[(golden!("buildings"), page), (golden!("building_points"), points)]);
}

#[test]
fn hostile_cases() {
    let page: Reader = |body| {
        let answer = cases::CasesQuery::default().answer(D, &ok(body))?;
        Ok(list(answer, |case| case.at.into_iter().collect()))
    };
    let one: Reader = |body| cases::CaseQuery("x".into()).answer(D, &ok(body)).map(|told| drawn(told.case.summary.at));
    let steps: Reader = |body| cases::CaseEventsQuery("x".into()).answer(D, &ok(body)).map(|_| Taken::default());
    attack("cases", &[(golden!("cases"), page), (golden!("case"), one), (golden!("case_events"), steps)]);
}

#[test]
fn hostile_heat() {
    let cells: Reader = |body| {
        let answer = heat::HeatCellsQuery::default().answer(D, &ok(body))?;
        Ok(drawn(answer.cells.iter().map(|cell| cell.at)))
    };
    attack("heat", &[(golden!("heat"), cells)]);
}

#[test]
fn hostile_columns_of_points() {
    let columns = PointColumns {
        bounds: [113.0, 22.0, 114.0, 23.0],
        categories: vec!["a".into(), "b".into()],
        seconds: vec![1, 2, u32::MAX],
        x: vec![3, 4, u16::MAX],
        y: vec![5, 6, 0],
        category: vec![0, 1, 0],
        weight: vec![1; 3],
        ..PointColumns::default()
    };
    let (sound, seed) = (columns.encode(), seed());
    eprintln!("columns: FENGTU_TEST_SEED={seed}");
    let mut dice = Dice::new(seed);
    for _ in 0..ANSWERS {
        let mut witness = Witness { module: "columns", seed, body: sound.clone() };
        spoil_bytes(&mut witness.body, &mut dice);
        // As the transport has it, outside of the page's memory.
        let apart = Some(Buffer::from(witness.body.as_slice()));
        let taken = heat::HeatPointsQuery::default().answer(D, &Response { apart, ..ok(Vec::new()) });
        if let Some(read) = taken.ok().and_then(|sent| PointColumns::decode(&sent.bytes.to_vec()).ok()) {
            let [west, south, east, north] = read.bounds;
            assert!(is_on_earth([west, south]) && is_on_earth([east, north]), "{:?}", read.bounds);
            assert!(read.x.len() == read.seconds.len() && read.weight.len() == read.seconds.len());
        }
    }
}

#[test]
fn hostile_warnings() {
    let page: Reader = |body| {
        let answer = warnings::WarningsQuery::default().answer(D, &ok(body))?;
        Ok(list(answer, |_| Vec::new()))
    };
    let history: Reader = |body| {
        let answer = warnings::WarningHistoryQuery::default().answer(D, &ok(body))?;
        assert!(answer.frames.iter().all(|frame| frame.len() == answer.places.len()) && answer.step_s > 0);
        Ok(Taken::default())
    };
    attack("warnings", &[(golden!("warnings"), page), (golden!("warning_history"), history)]);
}

#[test]
fn hostile_orders() {
    let read: Reader = |body| Ok(list(orders::OrdersQuery::default().answer(D, &ok(body))?, |_| Vec::new()));
    attack("orders", &[(golden!("orders"), read)]);
}

#[test]
fn hostile_figures() {
    let read: Reader = |body| statistics::StatisticsQuery::default().answer(D, &ok(body)).map(|_| Taken::default());
    attack("statistics", &[(golden!("statistics"), read)]);
    let cube: Reader = |body| {
        let answer = cube::CubeQuery::default().answer(D, &ok(body))?;
        assert!(answer.cross.iter().all(|row| row.len() == answer.categories.len()));
        Ok(Taken::default())
    };
    attack("cube", &[(golden!("cube"), cube)]);
}

#[test]
fn hostile_supervision() {
    let records: Reader =
        |body| supervision::WarningRecordsQuery("x".into()).answer(D, &ok(body)).map(|_| Taken::default());
    let episodes: Reader = |body| supervision::EpisodesQuery("x".into()).answer(D, &ok(body)).map(|_| Taken::default());
    let trial: Reader = |body| {
        let level = fengtu_wire::places::PlaceLevel::Grid;
        let query = supervision::TrialQuery { place: None, level, thresholds: [1.0, 2.0, 3.0] };
        query.answer(D, &ok(body)).map(|_| Taken::default())
    };
    let kinds = [
        (golden!("warning_records"), records),
        (golden!("warning_episodes"), episodes),
        (golden!("warning_trial"), trial),
    ];
    attack("supervision", &kinds);
}

#[test]
fn hostile_snapshots() {
    let read: Reader = |body| {
        let answer = snapshot::SnapshotQuery.answer(D, &ok(body))?.snapshot;
        Ok(drawn(answer.recent.iter().filter_map(|dot| dot.at)))
    };
    attack("snapshot", &[(golden!("snapshot"), read)]);
}

#[test]
fn hostile_sessions_and_settings() {
    let session: Reader = |body| session::SessionQuery.answer(D, &ok(body)).map(|_| Taken::default());
    let own: Reader = |body| session::SessionsQuery.answer(D, &ok(body)).map(|_| Taken::default());
    let sessions =
        [(golden!("session"), session), (golden!("session_public"), session), (golden!("own_sessions"), own)];
    attack("session", &sessions);
    let config: Reader = |body| config::ConfigQuery.answer(D, &ok(body)).map(|_| Taken::default());
    attack("config", &[(golden!("config"), config)]);
    let backends: Reader = |body| Backends::read(body).map(|_| Taken::default());
    attack("backends", &[(include_str!("../../../public/config.json"), backends)]);
}

#[test]
fn hostile_walls() {
    let pairing: Reader = |body| walls::PairCommand.answer(D, &ok(body)).map(|_| Taken::default());
    let remotes: Reader = |body| walls::RemotesQuery.answer(D, &ok(body)).map(|_| Taken::default());
    let all: Reader = |body| walls::WallsQuery.answer(D, &ok(body)).map(|_| Taken::default());
    let kinds = [(golden!("wall_pairing"), pairing), (golden!("wall_remotes"), remotes), (golden!("walls"), all)];
    attack("walls", &kinds);
}

#[test]
fn hostile_reports() {
    let services: Reader = |body| reports::ServicesQuery.answer(D, &ok(body)).map(|_| Taken::default());
    let questions: Reader =
        |body| reports::AttributesQuery("1".to_owned()).answer(D, &ok(body)).map(|_| Taken::default());
    let receipt: Reader =
        |body| reports::ReportCommand(reports::Report::default()).answer(D, &ok(body)).map(|_| Taken::default());
    let progress: Reader = |body| reports::ReportQuery("1".to_owned()).answer(D, &ok(body)).map(|_| Taken::default());
    // What the translator answers: our own contract takes no reports, so it has no golden ones.
    let kinds = [
        (
            r#"{"items": [{"code": "1", "name": "灯", "description": "", "group": null, "has_questions": true}], "takes": ["place"],
            "needs": ["place"], "refused": {"count": 1}}"#,
            services,
        ),
        (
            r#"{"code": "1", "questions": [{"code": "K", "kind": "one_of", "asked": true, "required": true, "text": "?",
            "hint": null, "choices": [{"key": "a", "name": "甲"}]}]}"#,
            questions,
        ),
        (r#"{"number": "12", "token": null, "notice": "谢谢", "was_there": false}"#, receipt),
        (
            r#"{"number": "12", "state": "reported", "title": "灯", "address": null, "office": null, "note": null,
            "reported_at": "2026-03-01T01:00:00Z", "updated_at": null, "expected_at": null}"#,
            progress,
        ),
    ];
    attack("reports", &kinds);
}

#[test]
fn hostile_events() {
    let all: Vec<Value> = serde_json::from_str(golden!("events")).unwrap();
    let texts: Vec<String> = all.iter().map(Value::to_string).collect();
    let read: Reader = |body| {
        let text = std::str::from_utf8(body).map_err(|error| ApiError::decode("event", error))?;
        // Of the names that an event may have, the one that it bears itself; else it is refused for its name alone.
        let bears = |name: &&str| text.contains(&format!("\"{name}\""));
        let name = events::NAMES.into_iter().find(bears).unwrap_or("case");
        Ok(match events::read(name, text)? {
            fengtu_wire::events::Event::Case(dot) => drawn(dot.at),
            _ => Taken::default(),
        })
    };
    let kinds: Vec<(&str, Reader)> = texts.iter().map(|text| (text.as_str(), read)).collect();
    attack("events", &kinds);
}

#[test]
fn hostile_problems() {
    let seed = seed();
    eprintln!("problems: FENGTU_TEST_SEED={seed}");
    let mut dice = Dice::new(seed);
    for n in 0..ANSWERS {
        let status = [400, 401, 403, 404, 409, 429, 500, 502, 503, 599].get(n % 10).copied().unwrap_or(500);
        let body = spoiled(golden!("problem"), &mut dice);
        let _witness = Witness { module: "problems", seed, body: body.clone() };
        let waits = ["7", "-1", "99999999999", "soon", ""].get(n % 5).copied().unwrap_or_default();
        let answer = Response { status, headers: vec![("retry-after", waits.to_owned())], body, apart: None };
        let error = answer.checked().unwrap_err();
        assert_eq!(error.status(), Some(status), "what a body says of its status does not count");
        let _ = (error.trouble(), error.is_retryable(), error.is_signed_out(), error.to_string());
    }
}
