//! Spoiled answers in the middle of a talk: to a report that is made, to a step, to what a token leads to and to a log-in; and sound
//! lists with spoiled headers. All of it takes a few seconds of a debug build.

use fengtu_dialects::{Answer, Call, Method, Outcome, READ_HEADERS, Request};
use serde_json::{Value, json};

use super::good;
use super::spoiled::{Dice, FEWER, Tally, Written, told};

/// A talk one of whose answers is spoiled.
struct Spoiled<'a> {
    config: &'a Value,
    request: &'a dyn Fn() -> Request,
    /// The sound answer to what is spoiled.
    body: Value,
    written: Written,
    is_it: &'a dyn Fn(&Call) -> bool,
    /// The sound answers to the rest.
    rest: &'a dyn Fn(&Call) -> Outcome,
    /// Whether a good answer is one of what came.
    is_right: &'a dyn Fn(&Value, &[u8]) -> bool,
}

impl Spoiled<'_> {
    fn storm(&self, what: &str, seed: u64) {
        let mut tally = Tally::default();
        for round in 0..FEWER {
            let at = format!("{what} as {:?}, seed {seed}, round {round}", self.written);
            let mut dice = Dice::of(seed, round);
            let mut body = self.body.clone();
            for _ in 0..=dice.roll(2) {
                dice.spoil(&mut body);
            }
            let (status, bytes) = (dice.status(), dice.text(&self.written.write(&body)));
            let spoiled = Outcome::Answered(Answer { status, headers: Vec::new(), body: bytes.clone() });
            let mut server = |call: &Call| if (self.is_it)(call) { spoiled.clone() } else { (self.rest)(call) };
            match told(&at, self.config, (self.request)(), &mut server) {
                Some(read) => {
                    let sent = String::from_utf8_lossy(&bytes);
                    assert!(status < 300 && (self.is_right)(&read, &bytes), "{at}: {read} of {status} {sent}");
                    tally.good += 1;
                }
                None => tally.bad += 1,
            }
        }
        weighed(what, seed, &tally);
    }
}

#[expect(clippy::print_stdout, reason = "how many were read and refused is told with the test")]
fn weighed(what: &str, seed: u64, tally: &Tally) {
    println!("{what}, seed {seed}: {tally:?} of {FEWER}");
    assert!(tally.good > FEWER / 10 && tally.bad > FEWER / 33, "{what}: {tally:?}");
}

/// Whether a word stands in an answer, however it is written.
fn says(bytes: &[u8], word: &Value) -> bool {
    let Some(word) = word.as_str() else { return false };
    let json: Option<Value> = serde_json::from_slice(bytes).ok();
    json.is_some_and(|json| has(&json, word)) || xml_text(bytes).contains(word)
}

fn has(value: &Value, word: &str) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|one| has(one, word)),
        Value::Object(members) => members.values().any(|one| has(one, word)),
        Value::String(text) => text.trim() == word,
        Value::Number(number) => number.to_string() == word,
        Value::Bool(truth) => truth.to_string() == word,
        Value::Null => false,
    }
}

fn xml_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        .iter()
        .fold(text.into_owned(), |text, (from, to)| text.replace(from, to))
}

fn georeport() -> Value {
    json!({"backends": {"default": {"dialect": "georeport", "base": "/x"}}, "resources": {}})
}

fn is_post(call: &Call) -> bool {
    call.method == Method::Post
}

fn nothing_else(call: &Call) -> Outcome {
    panic!("{call:?}")
}

/// The number and the token of a report are those that came, each if one did.
#[test]
fn a_report_that_is_made() {
    let body = json!({"category": "6", "description": "灯坏了", "at": [113.95, 22.75]}).to_string();
    let request = || Request::post("/reports", body.clone());
    let is_right = |read: &Value, bytes: &[u8]| {
        ["number", "token"].iter().all(|name| read[*name].is_null() || says(bytes, &read[*name]))
    };
    let made = json!([{"service_request_id": "10", "token": "t10", "service_notice": "三天内答复"}]);
    for (seed, written) in [(1, Written::Json), (2, Written::Xml("service_requests", "request"))] {
        let spoiled = Spoiled {
            config: &georeport(),
            request: &request,
            body: made.clone(),
            written,
            is_it: &is_post,
            rest: &nothing_else,
            is_right: &is_right,
        };
        spoiled.storm("a report that is made", seed);
    }
}

fn oa() -> Value {
    let cases = json!({"list": "/case/list", "one": "/case/{id}", "fields": {"number": "/no", "reported_at": "/t", "category": {"value": "legal"},
        "state": {"value": "reported"}}, "actions": {"accept": {"to": "POST /case/{id}/accept", "body": {"why": "{reason}"}}},
        "create": {"to": "POST /case", "body": {"d": "{description}"}, "number": "/data/id"}});
    json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": "ruoyi", "mapping": {
        "token": {"body": {"username": "fengtu", "password": "secret"}}, "resources": {"cases": cases}}}}, "resources": {}})
}

fn row(number: &str) -> Value {
    json!({"no": number, "t": "2026-02-20 08:00:00"})
}

/// A server that signs everybody in and has two cases.
fn office(call: &Call) -> Outcome {
    good(&match call.url.as_str() {
        "/x/login" => json!({"code": 200, "token": "t"}),
        "/x/case/1" => json!({"code": 200, "data": row("1")}),
        _ => json!({"code": 200, "rows": [row("1"), row("2")], "total": 2}),
    })
}

/// Whether an answer has a word of its own for a failure.
fn is_refusal(bytes: &[u8]) -> bool {
    let json: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let code = &json["code"];
    let is_word = code.is_number() || code.as_str().is_some_and(|text| !text.trim().is_empty());
    is_word && !["200", "0"].iter().any(|good| has(code, good))
}

/// What is made in an office has the number that came, and a refusal in a good answer is one.
#[test]
fn a_case_that_is_made() {
    let request = || Request::post("/reports", json!({"category": "legal", "description": "x"}).to_string());
    let spoiled = Spoiled {
        config: &oa(),
        request: &request,
        body: json!({"code": 200, "msg": "ok", "data": {"id": 7}}),
        written: Written::Json,
        is_it: &|call| call.url == "/x/case",
        rest: &office,
        is_right: &|read, bytes| says(bytes, &read["number"]) && !is_refusal(bytes),
    };
    spoiled.storm("a case that is made", 3);
}

#[test]
fn a_step() {
    let request = || Request::post("/cases/1/actions/accept", json!({"reason": "x"}).to_string());
    let spoiled = Spoiled {
        config: &oa(),
        request: &request,
        body: json!({"code": 200, "msg": "ok", "data": {"state": 2}}),
        written: Written::Json,
        is_it: &|call| call.url.ends_with("/accept"),
        rest: &office,
        is_right: &|_, bytes| !is_refusal(bytes),
    };
    spoiled.storm("a step", 4);
}

/// Whoever signs in with what came is let in with that very word, and no header holds more than one line.
#[test]
fn a_log_in() {
    let rest = |call: &Call| {
        let token = call.headers.iter().find(|(name, _)| name == "authorization").map_or("", |(_, value)| value);
        assert!(token.starts_with("Bearer ") && !token.contains(char::is_control), "{token:?}");
        office(call)
    };
    let spoiled = Spoiled {
        config: &oa(),
        request: &|| Request::get("/cases"),
        body: json!({"code": 200, "msg": "ok", "token": "t1"}),
        written: Written::Json,
        is_it: &|call| call.url.ends_with("/login"),
        rest: &rest,
        is_right: &|read, bytes| read["items"].as_array().unwrap().len() == 2 && !is_refusal(bytes),
    };
    spoiled.storm("a log-in", 5);
}

/// A token leads to the report whose number came with it, or to one that has none yet.
#[test]
fn a_token() {
    let report = json!([{"service_request_id": "7", "status": "open", "service_code": "6", "requested_datetime": "2026-02-20T08:00:00Z"}]);
    let is_right = |read: &Value, bytes: &[u8]| {
        if read["number"].is_null() {
            read["token"] == "t"
        } else {
            read["number"] == "7" && says(bytes, &read["number"])
        }
    };
    for (seed, written) in [(6, Written::Json), (7, Written::Xml("service_requests", "request"))] {
        let spoiled = Spoiled {
            config: &georeport(),
            request: &|| Request::get("/reports/token:t"),
            body: json!([{"service_request_id": "7", "token": "t"}]),
            written,
            is_it: &|call| call.url.contains("/tokens/"),
            rest: &|_| good(&report),
            is_right: &is_right,
        };
        spoiled.storm("a token", seed);
    }
}

const HEADERS: [&str; 24] = [
    "0-1/2",
    "0-1/*",
    "*/0",
    "0-1/99999999999999999999",
    "-1/-5",
    "",
    "x",
    "items 0-1/1",
    "0-1/2e9",
    "NaN",
    "2",
    "3",
    "1",
    "0",
    "18446744073709551615",
    "-9223372036854775808",
    "</x?page=2>; rel=\"next\"",
    "</x>; rel=\"next\"",
    "<https://elsewhere.example/y?a=1>; rel=next",
    "<</x?page=3>>; rel=\"next",
    "/x?page=2#\u{7f}",
    "text/html; charset=\"",
    "Mon, 99 Foo 2026 99:99:99 GMT",
    "反,\u{202e};=\"",
];

/// A sound list is read whole, whatever stands in its headers; a total is none that is smaller than what came.
#[test]
fn headers_of_a_sound_list() {
    let feature = |id: u32| {
        json!({"type": "Feature", "id": id.to_string(), "geometry": {"type": "Point", "coordinates": [113.9, 22.7]},
        "properties": {"category": "legal", "state": "reported", "class": "ordinary", "reported_at": "2026-02-20T08:00:00+08:00"}})
    };
    let report = |id: u32| json!({"service_request_id": id, "status": "open", "service_code": "6", "requested_datetime": "2026-02-20T08:00:00Z"});
    let line = |n: u32| json!({"number": n.to_string(), "state": "reported", "category": "legal", "reported_at": "2026-02-20T08:00:00Z"});
    let next = json!({"mapping": {"paging": {"kind": "next"}, "resources": {"cases": {"list": "/c", "fields": {"number": "/number", "state": "/state",
        "category": "/category", "reported_at": "/reported_at"}}}}});
    for (seed, dialect, own, body) in [
        (8, "postgrest", json!({"mapping": {"datum": "WGS84"}}), json!([line(1), line(2)])),
        (9, "ogc-features", json!({}), json!({"features": [feature(1), feature(2)]})),
        (10, "georeport", json!({}), json!([report(1), report(2)])),
        (11, "json", next, json!({"rows": [line(1), line(2)]})),
    ] {
        let mut backend = own;
        (backend["dialect"], backend["base"]) = (json!(dialect), json!("/x"));
        headed(dialect, seed, &json!({"backends": {"default": backend}, "resources": {}}), &body);
    }
}

fn headed(dialect: &str, seed: u64, config: &Value, body: &Value) {
    let mut tally = Tally::default();
    for round in 0..FEWER {
        let mut dice = Dice::of(seed, round);
        let mut roll = |from: &[&'static str]| from[dice.roll(from.len() as u64) as usize].to_owned();
        let headers: Vec<_> = (0..4).map(|_| (roll(&READ_HEADERS), roll(&HEADERS))).collect();
        let at = format!("headers of {dialect}, seed {seed}, round {round}: {headers:?}");
        let status = if dice.roll(8) == 0 { [429, 503][dice.roll(2) as usize] } else { 200 };
        let mut server = |_: &Call| {
            Outcome::Answered(Answer { status, headers: headers.clone(), body: body.to_string().into_bytes() })
        };
        let Some(read) = told(&at, config, Request::get("/cases").with("total", true), &mut server) else {
            assert!(status != 200, "{at}: a sound list is no error");
            tally.bad += 1;
            continue;
        };
        assert_eq!(read["items"].as_array().unwrap().len(), 2, "{at}: {read}");
        assert!(read["total"].as_u64().is_none_or(|total| total >= 2), "{at}: {read}");
        tally.good += 1;
    }
    weighed(&format!("headers of {dialect}"), seed, &tally);
}
