//! Ten thousand spoiled answers per dialect: no panic, no endless talk, and every record of a list accounted for.

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

struct Case {
    config: Value,
    path: &'static str,
    body: Value,
    items: &'static str,
    /// Where the foreign answer has its records.
    records: &'static str,
}

/// Asks with spoiled answers; returns how many were answered and how many refused.
fn storm(case: &Case, seed: u64) -> (u64, u64) {
    let (mut good, mut bad) = (0, 0);
    for round in 0..ROUNDS {
        let mut dice = Dice(seed ^ round.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut body = case.body.clone();
        for _ in 0..=dice.roll(3) {
            dice.spoil(&mut body);
        }
        let status = if dice.roll(15) == 0 { [204, 301, 400, 401, 404, 429, 500][dice.roll(7) as usize] } else { 200 };
        let bytes = dice.text(&body.to_string());
        let all = installation(&case.config);
        let mut calls = 0;
        let (answer, called) = talk(&all, Request::get(case.path), &mut |_: &Call| {
            calls += 1;
            Outcome::Answered(Answer { status, headers: Vec::new(), body: bytes.clone() })
        });
        assert!(calls <= 241, "round {round}: {} calls", called.len());
        let read: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("round {round}: {error}"));
        if !answer.is_good() {
            assert!(read["type"].is_string() && read["status"].is_u64(), "round {round}: {read}");
            bad += 1;
            continue;
        }
        good += 1;
        accounted(case, round, &read, serde_json::from_slice(&bytes).ok().as_ref());
    }
    (good, bad)
}

/// Every record that came is in the list, or refused, or both where it is only not on the map; none is lost. The same word for
/// word is one.
fn accounted(case: &Case, number: u64, read: &Value, whole: Option<&Value>) {
    let items = read.pointer(case.items).and_then(Value::as_array).map_or(0, Vec::len) as u64;
    let refused = read.pointer("/refused/count").and_then(Value::as_u64).unwrap_or_default();
    let sent = whole
        .and_then(|whole| whole.pointer(case.records)?.as_array())
        .map(|sent| sent.iter().map(Value::to_string).collect::<BTreeSet<_>>().len());
    if let Some(sent) = sent {
        assert!(items + refused >= sent as u64, "round {number}: {items} + {refused} of {sent}");
        assert!(items <= sent as u64, "round {number}: {items} of {sent}");
    }
}

fn feature(number: u32) -> Value {
    json!({"type": "Feature", "id": number.to_string(), "geometry": {"type": "Point", "coordinates": [113.9, 22.7]}, "properties": {
        "category": "mediation.wages", "state": "handling", "class": "ordinary", "reported_at": "2026-02-20T08:00:00+08:00", "place": "g"}})
}

#[test]
fn ogc_features() {
    let config = json!({"backends": {"default": {"dialect": "ogc-features", "base": "/x"}}, "resources": {}});
    let body = json!({"type": "FeatureCollection", "features": [feature(1), feature(2), feature(3)], "numberMatched": 3, "links": []});
    let (good, bad) =
        storm(&Case { config: config.clone(), path: "/cases", body, items: "/items", records: "/features" }, 1);
    assert!(good > 2_000 && bad > 500, "{good} {bad}");
    let grid = json!({"type": "Feature", "id": "g", "properties": {"name": "格"}, "geometry": {"type": "Polygon",
        "coordinates": [[[113.1, 22.1], [113.2, 22.1], [113.2, 22.2], [113.1, 22.1]]]}});
    let body = json!({"features": [grid]});
    storm(&Case { config, path: "/grids", body, items: "/features", records: "/features" }, 2);
}

#[test]
fn georeport() {
    let config = json!({"backends": {"default": {"dialect": "georeport", "base": "/x"}}, "resources": {}});
    let request = |id: u32| json!({"service_request_id": id, "status": "open", "service_code": "6", "requested_datetime": "2026-02-20T08:00:00Z", "lat": 22.7, "long": 113.9});
    let body = json!([request(1), request(2)]);
    let (good, bad) = storm(&Case { config, path: "/cases", body, items: "/items", records: "" }, 3);
    assert!(good > 2_000 && bad > 300, "{good} {bad}");
}

#[test]
fn postgrest() {
    let config = json!({"backends": {"default": {"dialect": "postgrest", "base": "/x", "mapping": {"datum": "WGS84"}}}, "resources": {}});
    let row = |n: u32| json!({"number": n, "state": "reported", "category": "legal", "reported_at": "2026-02-20T08:00:00Z", "lon": 113.9, "lat": 22.7});
    let body = json!([row(1), row(2)]);
    let (good, bad) = storm(&Case { config, path: "/cases", body, items: "/items", records: "" }, 4);
    assert!(good > 2_000 && bad > 300, "{good} {bad}");
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
    let (good, bad) = storm(&Case { config, path: "/cases", body, items: "/items", records: "/rows" }, 5);
    assert!(good > 1_500 && bad > 500, "{good} {bad}");
}
