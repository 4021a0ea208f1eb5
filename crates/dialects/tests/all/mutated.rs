//! Ten thousand spoiled answers per dialect, resource and way of writing: no panic, no endless talk, and every record of a list
//! accounted for.

use std::collections::BTreeSet;

use fengtu_dialects::{Answer, Call, Outcome, Request};
use serde_json::{Map, Value, json};

use super::{installation, talk};

const ROUNDS: u64 = 10_000;

/// Small, and the same everywhere: a failure can be played again by its round.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    fn pick(&mut self, values: &[Value]) -> Value {
        values[self.roll(values.len() as u64) as usize].clone()
    }

    fn junk(&mut self) -> Value {
        let tower = (0..60).fold(json!(1), |inner, _| json!([inner]));
        let junk = [
            json!(null),
            json!(""),
            json!("  "),
            json!(0),
            json!(-1),
            json!(1e308),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(true),
            json!([]),
            json!({}),
            json!("x".repeat(5_000)),
            json!("\u{202e}反\u{0000}\u{200b}"),
            json!("2026-13-45T99:99:99Z"),
            json!("NaN"),
            json!([null]),
            json!([113.9, "22,7"]),
            json!({"type": "Point", "coordinates": [1e9, "x"]}),
            json!({"type": "Polygon", "coordinates": [[[1]]]}),
            tower,
            json!("POLYGON((1 2, 3"),
            json!("-9999999999999"),
            json!("+08:00"),
            json!("%Y"),
        ];
        self.pick(&junk)
    }

    /// Spoils a value somewhere.
    fn spoil(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) if !members.is_empty() && self.roll(5) > 0 => {
                let at = self.roll(members.len() as u64) as usize;
                let name = members.keys().nth(at).cloned().unwrap_or_default();
                match self.roll(6) {
                    0 => drop(members.remove(&name)),
                    1 => {
                        let moved = members.remove(&name).unwrap_or_default();
                        members.insert(format!("{name}x"), moved);
                    }
                    _ => self.spoil(members.entry(name).or_insert(Value::Null)),
                }
            }
            Value::Array(list) if !list.is_empty() && self.roll(4) > 0 => {
                let at = self.roll(list.len() as u64) as usize;
                match self.roll(8) {
                    0 => drop(list.remove(at)),
                    1 => list.push(list[at].clone()),
                    _ => self.spoil(&mut list[at]),
                }
            }
            other => *other = self.junk(),
        }
    }

    fn text(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        match self.roll(12) {
            0 => bytes.truncate(self.roll(bytes.len() as u64) as usize),
            1 => {
                let at = self.roll(bytes.len() as u64) as usize;
                bytes[at] = self.roll(256) as u8;
            }
            2 => bytes.splice(0..0, [0xef, 0xbb, 0xbf]).for_each(drop),
            _ => {}
        }
        bytes
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy)]
enum Written {
    Json,
    /// The elements around the list and around each record.
    Xml(&'static str, &'static str),
}

struct Case {
    config: Value,
    path: &'static str,
    /// Of XML the records alone.
    body: Value,
    written: Written,
    /// Where our answer has its records; nothing where it is a single report.
    items: Option<&'static str>,
    /// Where the foreign answer has its records.
    records: &'static str,
}

impl Case {
    fn write(&self, body: &Value) -> String {
        match self.written {
            Written::Json => body.to_string(),
            Written::Xml(list, record) => {
                let inside: String = leaves(body).into_iter().map(|one| element(record, one)).collect();
                format!("<?xml version=\"1.0\"?><{list}>{inside}</{list}>")
            }
        }
    }

    /// How many different records were sent; nothing where that cannot be told.
    fn sent(&self, body: &Value, bytes: &[u8]) -> Option<usize> {
        let records: BTreeSet<String> = match self.written {
            Written::Json => {
                let whole: Value = serde_json::from_slice(bytes).ok()?;
                whole.pointer(self.records)?.as_array()?.iter().map(Value::to_string).collect()
            }
            Written::Xml(_, record) => {
                let is_whole = bytes.ends_with(self.write(body).as_bytes());
                is_whole.then(|| leaves(body).into_iter().map(|one| element(record, one)).collect())?
            }
        };
        // An element with nothing in it is how XML writes an empty list.
        let is_nothing = matches!(self.written, Written::Xml(..)) && records.iter().all(|one| one.ends_with("/>"));
        (!is_nothing).then_some(records.len())
    }
}

/// The elements that a value is written as: XML has no lists in lists.
fn leaves(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().flat_map(leaves).collect(),
        one => vec![one],
    }
}

fn element(name: &str, value: &Value) -> String {
    let inside: String = match value {
        Value::Object(members) => {
            let write = |(name, value): (&String, &Value)| -> String {
                leaves(value).into_iter().map(|one| element(name, one)).collect()
            };
            members.iter().map(write).collect()
        }
        Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    if inside.trim().is_empty() { format!("<{name}/>") } else { format!("<{name}>{inside}</{name}>") }
}

/// What came of all rounds.
#[derive(Debug, Default)]
struct Tally {
    good: u64,
    bad: u64,
    /// Good answers of which it is known how many records came.
    counted: u64,
    /// Records that were read.
    read: u64,
}

/// Asks with spoiled answers.
fn storm(case: &Case, seed: u64) -> Tally {
    let mut tally = Tally::default();
    for round in 0..ROUNDS {
        let at = format!("{} as {:?}, seed {seed}, round {round}", case.path, case.written);
        let mut dice = Dice(seed ^ round.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut body = case.body.clone();
        for _ in 0..=dice.roll(3) {
            dice.spoil(&mut body);
        }
        let status = if dice.roll(15) == 0 { [204, 301, 400, 401, 404, 429, 500][dice.roll(7) as usize] } else { 200 };
        let bytes = dice.text(&case.write(&body));
        let all = installation(&case.config);
        let mut calls = 0;
        let (answer, called) = talk(&all, Request::get(case.path), &mut |_: &Call| {
            calls += 1;
            Outcome::Answered(Answer { status, headers: Vec::new(), body: bytes.clone() })
        });
        assert!(calls <= 241, "{at}: {} calls", called.len());
        let read: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{at}: {error}"));
        if !answer.is_good() {
            assert!(read["type"].is_string() && read["status"].is_u64(), "{at}: {read}");
            tally.bad += 1;
            continue;
        }
        tally.good += 1;
        let Some(items) = case.items else {
            // One report: nothing is told of it without a number and a state that we know.
            assert!(read["number"].is_string() && read["state"].is_string(), "{at}: {read}");
            tally.read += 1;
            continue;
        };
        let items = read.pointer(items).and_then(Value::as_array).map_or(0, Vec::len) as u64;
        tally.read += items;
        if let Some(sent) = case.sent(&body, &bytes) {
            accounted(&at, items, &read, sent as u64);
            tally.counted += 1;
        }
    }
    tally
}

/// Every record that came is in the list, or refused, or both where it is only not on the map; none is lost. The same word for
/// word is one.
fn accounted(at: &str, items: u64, read: &Value, sent: u64) {
    let refused = read.pointer("/refused/count").and_then(Value::as_u64).unwrap_or_default();
    assert!(items + refused >= sent, "{at}: {items} + {refused} of {sent}");
    assert!(items <= sent, "{at}: {items} of {sent}");
}

/// Asks with spoiled answers, of which some must be read and some refused, and of which records must come that are counted.
#[expect(clippy::print_stdout, reason = "how many were read, refused and counted is told with the test")]
fn weather(case: &Case, seed: u64) {
    let tally = storm(case, seed);
    let what = format!("{} as {:?}: {tally:?} of {ROUNDS}", case.path, case.written);
    println!("{what}");
    assert!(tally.good > ROUNDS / 7 && tally.bad > ROUNDS / 33, "{what}");
    assert!(tally.read > ROUNDS / 10, "{what}");
    assert!(case.items.is_none() || tally.counted > tally.good / 4 * 3, "of nearly all good ones it is known: {what}");
}

fn feature(number: u32) -> Value {
    json!({"type": "Feature", "id": number.to_string(), "geometry": {"type": "Point", "coordinates": [113.9, 22.7]}, "properties": {
        "category": "mediation.wages", "state": "handling", "class": "ordinary", "reported_at": "2026-02-20T08:00:00+08:00", "place": "g"}})
}

fn grid(number: u32) -> Value {
    json!({"type": "Feature", "id": format!("g{number}"), "properties": {"name": "格"}, "geometry": {"type": "Polygon",
        "coordinates": [[[113.1, 22.1], [113.2, 22.1], [113.2, 22.2], [113.1, 22.1]]]}})
}

fn station(number: u32) -> Value {
    json!({"type": "Feature", "id": format!("s{number}"), "geometry": {"type": "Point", "coordinates": [113.9, 22.7]},
        "properties": {"name": "站", "level": "street", "address": "公园路 1 号", "hours": "09:00-18:00"}})
}

/// A resource of a server of OGC API Features.
fn collection(path: &'static str, items: &'static str, record: fn(u32) -> Value) -> Case {
    let config = json!({"backends": {"default": {"dialect": "ogc-features", "base": "/x"}}, "resources": {}});
    let features = [record(1), record(2), record(3)];
    let body = json!({"type": "FeatureCollection", "features": features, "numberMatched": 3, "links": []});
    Case { config, path, body, written: Written::Json, items: Some(items), records: "/features" }
}

#[test]
fn ogc_features() {
    weather(&collection("/cases", "/items", feature), 1);
    weather(&collection("/grids", "/features", grid), 2);
    weather(&collection("/stations", "/features", station), 6);
}

fn report(id: u32) -> Value {
    json!({"service_request_id": id, "status": "open", "service_code": "6", "requested_datetime": "2026-02-20T08:00:00Z", "lat": 22.7, "long": 113.9})
}

fn service(code: u32) -> Value {
    json!({"service_code": code, "service_name": "路灯 & 井盖", "description": "灯不亮", "metadata": "true", "group": "市政"})
}

/// A resource of a `GeoReport` server.
fn open311(path: &'static str, written: Written, items: Option<&'static str>, record: fn(u32) -> Value) -> Case {
    let config = json!({"backends": {"default": {"dialect": "georeport", "base": "/x"}}, "resources": {}});
    let body = json!([record(1), record(2)]);
    Case { config, path, body, written, items, records: "" }
}

#[test]
fn georeport() {
    weather(&open311("/cases", Written::Json, Some("/items"), report), 3);
    weather(&open311("/services", Written::Json, Some("/items"), service), 7);
    weather(&open311("/reports/1", Written::Json, None, report), 8);
}

#[test]
fn georeport_in_xml() {
    let requests = Written::Xml("service_requests", "request");
    weather(&open311("/cases", requests, Some("/items"), report), 9);
    weather(&open311("/services", Written::Xml("services", "service"), Some("/items"), service), 10);
    weather(&open311("/reports/1", requests, None, report), 11);
}

#[test]
fn postgrest() {
    let config = json!({"backends": {"default": {"dialect": "postgrest", "base": "/x", "mapping": {"datum": "WGS84"}}}, "resources": {}});
    let row = |n: u32| json!({"number": n, "state": "reported", "category": "legal", "reported_at": "2026-02-20T08:00:00Z", "lon": 113.9, "lat": 22.7});
    let body = json!([row(1), row(2)]);
    weather(&cases(config, body, ""), 4);
}

/// The cases of a server that answers in JSON.
fn cases(config: Value, body: Value, records: &'static str) -> Case {
    Case { config, path: "/cases", body, written: Written::Json, items: Some("/items"), records }
}

#[test]
fn json_in_an_envelope() {
    let fields: Map<String, Value> = [("number", "/no"), ("reported_at", "/t"), ("category", "/k"), ("place", "/g")]
        .map(|(name, at)| (name.to_owned(), json!(at)))
        .into_iter()
        .collect();
    let mut fields = Value::Object(fields);
    fields["state"] = json!({"at": "/s", "table": {"1": "reported"}});
    fields["at"] = json!({"at": "/p", "form": "pair"});
    fields["amount_fen"] = json!({"at": "/m", "unit": "wan_yuan"});
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": "ruoyi",
        "mapping": {"datum": "BD09", "resources": {"cases": {"list": "/c", "fields": fields}}}}}, "resources": {}});
    let row = |n: u32| json!({"no": n, "t": "2026-02-20 08:00:00", "k": "legal", "g": "g", "s": 1, "p": "113.9,22.7", "m": "1.5"});
    let body = json!({"code": 200, "msg": "ok", "rows": [row(1), row(2)], "total": 2});
    weather(&cases(config, body, "/rows"), 5);
}
