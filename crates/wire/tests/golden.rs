//! What travels, as files: each golden file reads as its type and is written back as it stands.
//!
//! A renamed, dropped or retyped field shows here before a client in the field meets it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::buildings::{Building, BuildingPoints};
use fengtu_wire::cases::{Case, CaseEvent, CaseSummary};
use fengtu_wire::config::Config;
use fengtu_wire::cube::Cube;
use fengtu_wire::events::Event;
use fengtu_wire::geojson::FeatureCollection;
use fengtu_wire::grids::Grid;
use fengtu_wire::heat::{HeatCells, HeatPoint};
use fengtu_wire::json::{self, FromJson};
use fengtu_wire::orders::Order;
use fengtu_wire::paging::Page;
use fengtu_wire::places::Place;
use fengtu_wire::problem::Problem;
use fengtu_wire::session::{OwnSession, Session, SignIn};
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::stations::Station;
use fengtu_wire::statistics::Statistics;
use fengtu_wire::walls::{Claim, Pairing, Remote, WallCommand, WallSession};
use fengtu_wire::warnings::{Warning, WarningEpisode, WarningHistory, WarningOrder, WarningRecord, WarningTrial};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A golden file and what reads it: decodes a value and, if it can, encodes what it understood.
type Golden = (&'static str, fn(Value) -> Result<Value, String>);

const GOLDEN: &[Golden] = &[
    ("basemap", round_trip::<FeatureCollection<BaseFeature>>),
    ("building_points", round_trip::<BuildingPoints>),
    ("buildings", round_trip::<Page<Building>>),
    ("case", round_trip::<Case>),
    ("case_events", round_trip::<Vec<CaseEvent>>),
    ("cases", round_trip::<Page<CaseSummary>>),
    ("config", round_trip::<Config>),
    ("cube", round_trip::<Cube>),
    ("events", of_server::<Vec<Event>>),
    ("grids", round_trip::<FeatureCollection<Grid>>),
    ("heat", round_trip::<HeatCells>),
    ("heat_points", round_trip::<FeatureCollection<HeatPoint>>),
    ("orders", round_trip::<Page<Order>>),
    ("own_sessions", round_trip::<Vec<OwnSession>>),
    ("places", round_trip::<FeatureCollection<Place>>),
    ("problem", round_trip::<Problem>),
    ("problem_bare", round_trip::<Problem>),
    ("session", round_trip::<Session>),
    ("session_public", round_trip::<Session>),
    ("sign_in", round_trip::<SignIn>),
    ("snapshot", round_trip::<Snapshot>),
    ("stations", round_trip::<FeatureCollection<Station>>),
    ("statistics", round_trip::<Statistics>),
    ("wall_claim", round_trip::<Claim>),
    ("wall_command", round_trip::<WallCommand>),
    ("wall_pairing", round_trip::<Pairing>),
    ("wall_remotes", round_trip::<Vec<Remote>>),
    ("walls", round_trip::<Vec<WallSession>>),
    ("warning_episodes", round_trip::<Vec<WarningEpisode>>),
    ("warning_history", round_trip::<WarningHistory>),
    ("warning_order", round_trip::<WarningOrder>),
    ("warning_records", round_trip::<Vec<WarningRecord>>),
    ("warning_trial", round_trip::<WarningTrial>),
    ("warnings", round_trip::<Page<Warning>>),
];

/// Reads as a server does and as a page does: both understand the same of one text. (Of instants, which nothing here writes but as
/// RFC 3339 has them, serde's reader would take more.)
fn round_trip<T: DeserializeOwned + FromJson + Serialize>(value: Value) -> Result<Value, String> {
    let text = value.to_string();
    let told = |read: Option<T>| read.map(|read| serde_json::to_value(read).unwrap());
    let (on_server, on_page) = (serde_json::from_str(&text).ok(), json::read(text.as_bytes()).ok());
    assert_eq!(told(on_page), told(on_server), "{text}");
    of_server::<T>(value)
}

fn of_server<T: DeserializeOwned + Serialize>(value: Value) -> Result<Value, String> {
    let read: T = serde_json::from_value(value).map_err(|error| error.to_string())?;
    serde_json::to_value(read).map_err(|error| error.to_string())
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn golden(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_golden_file_is_read_and_written_back_as_it_stands() {
    for (name, round_trip) in GOLDEN {
        let file = golden(name);
        let back = round_trip(file.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(back, file, "{name}");
    }
}

#[test]
fn no_golden_file_is_left_out() {
    let files = std::fs::read_dir(folder()).unwrap();
    let files: BTreeSet<_> = files.map(|file| file.unwrap().path().file_stem().unwrap().to_owned()).collect();
    assert_eq!(files, GOLDEN.iter().map(|golden| golden.0.into()).collect());
}

#[test]
fn the_events_name_themselves_in_the_stream_as_in_their_json() {
    for value in golden("events").as_array().unwrap() {
        let event: Event = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(value["kind"], event.name());
    }
}

#[test]
fn a_field_that_a_newer_server_adds_does_no_harm_but_none_may_be_slipped_into_a_sign_in() {
    let mut config = golden("config");
    config["invented_later"] = Value::Bool(true);
    assert!(round_trip::<Config>(config).is_ok());
    let mut sign_in = golden("sign_in");
    sign_in["role"] = "system_admin".into();
    assert!(of_server::<SignIn>(sign_in).is_err());
}

#[test]
fn an_unknown_level_or_state_is_refused_not_guessed() {
    for (name, pointer) in
        [("warnings", "/items/0/level"), ("cases", "/items/0/state"), ("cases", "/items/0/sensitivity")]
    {
        let mut value = golden(name);
        *value.pointer_mut(pointer).unwrap() = "purple".into();
        let read = GOLDEN.iter().find(|golden| golden.0 == name).unwrap().1;
        assert!(read(value).is_err(), "{name}{pointer}");
    }
}

#[test]
fn a_password_is_not_printed() {
    let sign_in: SignIn = serde_json::from_value(golden("sign_in")).unwrap();
    assert!(!format!("{sign_in:?}").contains(&sign_in.password));
}

/// Lists the JSON pointers of every value in a document.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| pointers(v, &format!("{at}/{i}"), out)),
        Value::Object(fields) => {
            for (key, v) in fields {
                pointers(v, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
}

fn hostile() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::Array(vec![Value::Null; 3])),
        Just(serde_json::json!({"type": "Polygon", "coordinates": [[[1e9, -1e9, 3]]]})),
        Just((0..100).fold(Value::Null, |inner, _| Value::Array(vec![inner]))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_wrong_value_anywhere_is_refused_or_read_but_never_panics(
        which in 0..GOLDEN.len(), spot in any::<prop::sample::Index>(), wrong in hostile(),
    ) {
        let (name, read) = GOLDEN[which];
        let mut value = golden(name);
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        *value.pointer_mut(spot.get::<String>(&all)).unwrap() = wrong;
        if let Ok(once) = read(value) {
            prop_assert_eq!(read(once.clone()), Ok(once), "what was understood is read again the same");
        }
    }

    #[test]
    fn a_member_that_is_absent_is_missed_or_not_by_both(which in 0..GOLDEN.len(), spot in any::<prop::sample::Index>()) {
        let (name, read) = GOLDEN[which];
        let mut value = golden(name);
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        // The root has no name; what stands in a list stays.
        if let Some((around, member)) = spot.get::<String>(&all).rsplit_once('/')
            && let Some(Value::Object(members)) = value.pointer_mut(around)
        {
            members.remove(member);
            let _either = read(value);
        }
    }

    #[test]
    fn a_truncated_file_is_refused(which in 0..GOLDEN.len(), part in 0.0_f64..1.0) {
        let text = golden(GOLDEN[which].0).to_string();
        let cut = (text.len() as f64 * part) as usize;
        let bytes = &text.as_bytes()[..cut];
        prop_assert!(serde_json::from_slice::<Value>(bytes).is_err());
    }
}
