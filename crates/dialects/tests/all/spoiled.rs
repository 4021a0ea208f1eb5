//! Spoils answers, and has requests answered with them: no panic, no endless talk, and every record of a list accounted for.

use std::collections::BTreeSet;

use fengtu_dialects::{Answer, Call, Outcome, Request};
use serde_json::{Value, json};

use super::{good, installation, talk};

/// How often the cases of each dialect and way of writing are asked for.
pub const ROUNDS: u64 = 10_000;
/// How often everything else is, so that all of it takes some fifteen seconds of a debug build.
pub const FEWER: u64 = 500;

/// Small, and the same everywhere: a failure can be played again by its round.
pub struct Dice(u64);

impl Dice {
    /// Of one round.
    pub const fn of(seed: u64, round: u64) -> Self {
        Self(seed ^ round.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number below so many.
    pub fn roll(&mut self, sides: u64) -> u64 {
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
    pub fn spoil(&mut self, value: &mut Value) {
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

    /// Spoils how a text is written, now and then.
    pub fn text(&mut self, text: &str) -> Vec<u8> {
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

    /// Mostly a good status.
    pub fn status(&mut self) -> u16 {
        if self.roll(15) == 0 { [204, 301, 400, 401, 404, 429, 500][self.roll(7) as usize] } else { 200 }
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy)]
pub enum Written {
    Json,
    /// The elements around the list and around each record.
    Xml(&'static str, &'static str),
}

impl Written {
    /// Writes a body; of XML it is the records alone.
    pub fn write(self, body: &Value) -> String {
        match self {
            Self::Json => body.to_string(),
            Self::Xml(list, record) => {
                let inside: String = leaves(body).into_iter().map(|one| element(record, one)).collect();
                format!("<?xml version=\"1.0\"?><{list}>{inside}</{list}>")
            }
        }
    }
}

/// Something that is asked for by its address.
pub struct Case {
    pub config: Value,
    pub path: &'static str,
    /// Of XML the records alone.
    pub body: Value,
    pub written: Written,
    /// Where our answer has its records; nothing where it is a single thing.
    pub items: Option<&'static str>,
    /// Where the foreign answer has its records.
    pub records: &'static str,
    /// Whether a single thing that was read is whole.
    pub is_whole: fn(&Value) -> bool,
}

/// Nothing is told of a case or a report without a number and a state that we know.
pub fn is_report(read: &Value) -> bool {
    read["number"].is_string() && read["state"].is_string()
}

impl Case {
    /// How many different records were sent; nothing where that cannot be told.
    fn sent(&self, body: &Value, bytes: &[u8]) -> Option<usize> {
        let records: BTreeSet<String> = match self.written {
            Written::Json => {
                let whole: Value = serde_json::from_slice(bytes).ok()?;
                whole.pointer(self.records)?.as_array()?.iter().map(Value::to_string).collect()
            }
            Written::Xml(_, record) => {
                let is_whole = bytes.ends_with(self.written.write(body).as_bytes());
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
pub struct Tally {
    pub good: u64,
    pub bad: u64,
    /// Good answers of which it is known how many records came.
    counted: u64,
    /// Records that were read.
    read: u64,
}

/// Asks so often with spoiled answers; what signs in is answered well.
fn storm(case: &Case, seed: u64, rounds: u64) -> Tally {
    let mut tally = Tally::default();
    for round in 0..rounds {
        let at = format!("{} as {:?}, seed {seed}, round {round}", case.path, case.written);
        let mut dice = Dice::of(seed, round);
        let mut body = case.body.clone();
        for _ in 0..=dice.roll(3) {
            dice.spoil(&mut body);
        }
        let (status, bytes) = (dice.status(), dice.text(&case.written.write(&body)));
        let answer = Answer { status, headers: Vec::new(), body: bytes.clone() };
        let read = told(&at, &case.config, Request::get(case.path), &mut |call: &Call| {
            let is_log_in = call.url.ends_with("ogin");
            if is_log_in { good(&TOKEN.parse().unwrap()) } else { Outcome::Answered(answer.clone()) }
        });
        let Some(read) = read else {
            tally.bad += 1;
            continue;
        };
        tally.good += 1;
        let Some(items) = case.items else {
            assert!((case.is_whole)(&read), "{at}: {read}");
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

/// What those say that sign somebody in.
const TOKEN: &str = r#"{"success": true, "code": 200, "token": "t", "result": {"token": "t"}}"#;

/// Has a request answered; returns the answer if it is a good one. Any other says in words what is wrong, and none takes for ever.
pub fn told(at: &str, config: &Value, request: Request, server: super::Server<'_>) -> Option<Value> {
    let (answer, called) = talk(&installation(config), request, server);
    assert!(called.len() <= 241, "{at}: {} calls", called.len());
    if answer.status == 204 {
        return Some(Value::Null);
    }
    let read: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{at}: {error}"));
    let is_problem = read["type"].is_string() && read["status"].is_u64();
    assert!(answer.is_good() || is_problem, "{at}: {read}");
    answer.is_good().then_some(read)
}

/// Every record that came is in the list, or refused, or both where it is only not on the map; none is lost. The same word for
/// word is one.
fn accounted(at: &str, items: u64, read: &Value, sent: u64) {
    let refused = read.pointer("/refused/count").and_then(Value::as_u64).unwrap_or_default();
    assert!(items + refused >= sent, "{at}: {items} + {refused} of {sent}");
    assert!(items <= sent, "{at}: {items} of {sent}");
}

/// Asks for cases with spoiled answers, of which some must be read and some refused, and of which records must come that are counted.
pub fn weather(case: &Case, seed: u64) {
    shower(case, seed, ROUNDS);
}

/// The same so often.
#[expect(clippy::print_stdout, reason = "how many were read, refused and counted is told with the test")]
pub fn shower(case: &Case, seed: u64, rounds: u64) {
    let tally = storm(case, seed, rounds);
    let what = format!("{} as {:?}, seed {seed}: {tally:?} of {rounds}", case.path, case.written);
    println!("{what}");
    // A single thing that has lost a field that it cannot be without is none.
    let least = if case.items.is_some() { rounds / 7 } else { rounds / 20 };
    assert!(tally.good > least && tally.bad > rounds / 33, "{what}");
    assert!(tally.read > least / 7 * 5, "{what}");
    assert!(case.items.is_none() || tally.counted > tally.good / 4 * 3, "of nearly all good ones it is known: {what}");
}
