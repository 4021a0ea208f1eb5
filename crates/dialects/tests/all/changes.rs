//! Polling: only what has changed is asked for where the server can tell, and what has not is not sent again.

use fengtu_dialects::{Answer, Call, Installation, Outcome, Request, Step};
use serde_json::{Value, json};

use super::{each, good, installation, param, talk_at, text};

fn case(number: &str, state: &str, updated: &str) -> Value {
    json!({"number": number, "state": state, "category": "mediation.wages", "title": number, "reported_at": "2026-02-28T10:00:00+08:00",
        "updated_at": updated, "lon": 113.95, "lat": 22.75})
}

fn mapped(dialect: &str, mapping: &Value) -> Installation {
    installation(
        &json!({"backends": {"default": {"dialect": dialect, "base": "/proxy/x", "mapping": mapping}}, "resources": {}}),
    )
}

fn postgrest() -> Installation {
    mapped(
        "postgrest",
        &json!({"datum": "WGS84", "paging": {"kind": "none"}, "resources": {"cases": {
            "filters": {"updated_since": {"param": "updated_at", "template": "gte.{}"}}, "fields": {"updated_at": "/updated_at"}}}}),
    )
}

/// Asks for the state at a time; returns the numbers with their states, and what was asked.
fn state(all: &Installation, now: &str, server: &mut dyn FnMut(&Call) -> Outcome) -> (Vec<String>, Vec<String>) {
    let now = format!("2026-03-01T{now}+08:00");
    let (answer, urls) = talk_at(all, &now, Request::get("/snapshot"), server);
    assert!(answer.is_good(), "{}", String::from_utf8_lossy(&answer.body));
    let read: Value = serde_json::from_slice(&answer.body).unwrap();
    let (numbers, states) = (each(&read, "/recent", "/number"), each(&read, "/recent", "/state"));
    let mut both: Vec<String> = numbers.iter().zip(states).map(|(number, state)| format!("{number} {state}")).collect();
    both.sort();
    (both, urls.into_iter().filter(|url| url.contains("cases") || url.contains("requests")).collect())
}

#[test]
fn only_what_changed_is_asked_for_and_put_in_its_place() {
    let all = postgrest();
    let first =
        json!([case("1", "reported", "2026-03-01T09:00:00+08:00"), case("2", "reported", "2026-03-01T08:00:00+08:00")]);
    state(&all, "09:30:00", &mut |_| good(&first));
    let changed =
        json!([case("2", "accepted", "2026-03-01T09:30:10+08:00"), case("3", "reported", "2026-03-01T09:30:20+08:00")]);
    let (now, asked) = state(&all, "09:31:00", &mut |_| good(&changed));
    assert_eq!(now, ["1 reported", "2 accepted", "3 reported"]);
    let since: Vec<_> = asked.iter().filter_map(|url| param(url, "updated_at")).collect();
    assert_eq!(since, ["gte.2026-03-01T09:00:00+08:00"], "since the last change that was seen: {asked:?}");
    assert!(asked.iter().all(|url| param(url, "reported_at").is_none()));
    let (_, asked) = state(&all, "09:32:00", &mut |_| good(&json!([])));
    assert_eq!(param(&asked[0], "updated_at").as_deref(), Some("gte.2026-03-01T09:26:00+08:00"));
    let (now, asked) =
        state(&all, "10:02:00", &mut |_| good(&json!([case("3", "reported", "2026-03-01T09:30:20+08:00")])));
    assert_eq!(now, ["3 reported"], "all are asked for now and then: nobody tells of what was taken out");
    assert!(asked.iter().all(|url| param(url, "updated_at").is_none()), "{asked:?}");
}

#[test]
fn a_case_that_may_be_shown_to_nobody_any_more_goes_at_once() {
    let all = mapped(
        "postgrest",
        &json!({"datum": "WGS84", "paging": {"kind": "none"}, "resources": {"cases": {
            "filters": {"updated_since": {"param": "updated_at", "template": "gte.{}"}},
            "fields": {"updated_at": "/updated_at", "sensitivity": "/secret"}}}}),
    );
    state(&all, "09:30:00", &mut |_| good(&json!([case("1", "reported", "2026-03-01T09:00:00+08:00")])));
    let mut hidden = case("1", "reported", "2026-03-01T09:30:30+08:00");
    hidden["secret"] = json!("restricted");
    let (now, asked) = state(&all, "09:31:00", &mut |_| good(&json!([hidden])));
    assert_eq!((now.len(), asked.len()), (0, 1));
}

#[test]
fn a_change_that_cannot_be_understood_has_all_asked_for() {
    let all = postgrest();
    state(&all, "09:30:00", &mut |_| good(&json!([case("1", "reported", "2026-03-01T09:00:00+08:00")])));
    let (now, asked) = state(&all, "09:31:00", &mut |call| {
        let whole = param(&call.url, "updated_at").is_none();
        good(&if whole {
            json!([case("2", "reported", "2026-03-01T09:30:00+08:00")])
        } else {
            json!([{"number": "1", "state": "?"}])
        })
    });
    assert_eq!(
        (now.as_slice(), asked.len()),
        (["2 reported".to_owned()].as_slice(), 2),
        "an old state is not kept as if it held"
    );
}

#[test]
fn a_server_that_refuses_the_question_is_not_asked_like_that_again() {
    let all = postgrest();
    let rows = json!([case("1", "reported", "2026-03-01T09:00:00+08:00")]);
    let mut server = |call: &Call| {
        if call.url.contains("updated_at=gte") { text(400, r#"{"message": "no such column"}"#) } else { good(&rows) }
    };
    state(&all, "09:30:00", &mut server);
    let (now, asked) = state(&all, "09:31:00", &mut server);
    assert_eq!((now.len(), asked.len()), (1, 2));
    let (_, asked) = state(&all, "09:32:00", &mut server);
    assert_eq!(asked.len(), 1, "{asked:?}");
    state(&all, "10:03:00", &mut server);
    let (_, asked) = state(&all, "10:04:00", &mut server);
    assert_eq!(asked.len(), 2, "it may know it by then: {asked:?}");
}

#[test]
fn a_refusal_that_is_not_about_the_question_says_nothing_of_it() {
    for status in [401, 403, 404, 408, 429, 500, 503] {
        let all = postgrest();
        let rows = json!([case("1", "reported", "2026-03-01T09:00:00+08:00")]);
        state(&all, "09:30:00", &mut |_| good(&rows));
        let mut gateway =
            |call: &Call| if call.url.contains("updated_at=gte") { text(status, "{}") } else { good(&rows) };
        state(&all, "09:31:00", &mut gateway);
        let (_, asked) = state(&all, "09:32:00", &mut |_| good(&json!([])));
        assert_eq!(asked.iter().filter(|url| url.contains("updated_at=gte")).count(), 1, "{status}: {asked:?}");
    }
}

#[test]
fn each_dialect_asks_in_its_own_words() {
    let fields = json!({"number": "/number", "title": "/title", "category": "/category", "state": "/state", "reported_at": "/reported_at",
        "updated_at": "/updated_at"});
    let ogc = json!({"resources": {"cases": {"filters": {"updated_since": {"param": "filter", "template": "updated >= TIMESTAMP('{}')"}}}}});
    let plain = json!({"utc_offset": "+08:00", "resources": {"cases": {"list": "/cases", "fields": fields,
        "filters": {"updated_since": {"param": "changedAfter", "time": "%Y-%m-%d %H:%M:%S"}}}}});
    let report = json!({"resources": {"cases": {"filters": {"updated_since": "updated_after"}}}});
    // Where no record names its last change, the question reaches back a little before the last one: clocks differ.
    let expected = [
        ("ogc-features", ogc, "filter", "updated >= TIMESTAMP('2026-03-01T09:25:00+08:00')"),
        ("json", plain, "changedAfter", "2026-03-01 09:25:00"),
        ("georeport", report, "updated_after", "2026-03-01T09:25:00+08:00"),
    ];
    for (dialect, mapping, name, value) in expected {
        let all = mapped(dialect, &mapping);
        let mut server = |_: &Call| good(&if dialect == "ogc-features" { json!({"features": []}) } else { json!([]) });
        state(&all, "09:30:00", &mut server);
        let (_, asked) = state(&all, "09:31:00", &mut server);
        let said: Vec<_> = asked.iter().filter_map(|url| param(url, name)).collect();
        assert_eq!(said, [value], "{dialect}: {asked:?}");
    }
}

#[test]
fn an_answer_that_has_not_changed_is_not_sent_again() {
    for (mark, condition) in [("etag", "if-none-match"), ("last-modified", "if-modified-since")] {
        let all = mapped("postgrest", &json!({"datum": "WGS84", "paging": {"kind": "none"}}));
        let (mut sent, mut spared) = (0, 0);
        let mut server = |call: &Call| {
            if !call.url.contains("/cases") {
                return good(&json!([]));
            }
            if call.headers.contains(&(condition.to_owned(), "v1".to_owned())) {
                spared += 1;
                return Outcome::Answered(Answer { status: 304, ..Answer::default() });
            }
            sent += 1;
            let body = json!([case("1", "reported", "2026-03-01T09:00:00+08:00")]).to_string().into_bytes();
            Outcome::Answered(Answer { status: 200, headers: vec![(mark.to_owned(), "v1".to_owned())], body })
        };
        for now in ["09:30:00", "09:31:00", "09:32:00"] {
            assert_eq!(state(&all, now, &mut server).0, ["1 reported"], "{mark}");
        }
        assert_eq!((sent, spared), (1, 2), "{mark}");
    }
}

#[test]
fn a_condition_is_sent_to_our_own_origin_alone() {
    let config = json!({"backends": {"default": {"dialect": "postgrest", "base": "https://db.example.org", "mapping": {"datum": "WGS84"}}},
        "resources": {}});
    for (name, value) in [("last-modified", "Sun, 01 Mar 2026 01:00:00 GMT"), ("etag", "\"v1\"")] {
        let all = installation(&config);
        let mut asked_with = 0;
        let mut server = |call: &Call| {
            asked_with += usize::from(call.headers.iter().any(|(name, _)| name.starts_with("if-")));
            let headers = vec![(name.to_owned(), value.to_owned())];
            Outcome::Answered(Answer { status: 200, headers, body: b"[]".to_vec() })
        };
        state(&all, "09:30:00", &mut server);
        state(&all, "09:31:00", &mut server);
        assert_eq!(asked_with, 0, "{name}: a browser would ask that server for leave first");
    }
}

#[test]
fn cases_that_were_joined_without_the_grids_are_all_asked_for_once_the_grids_answer() {
    let all = postgrest();
    let square = json!({"type": "Polygon", "coordinates": [[[113.9, 22.7], [114.0, 22.7], [114.0, 22.8], [113.9, 22.8], [113.9, 22.7]]]});
    let ask = |now: &str, is_up: bool| {
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.contains("/cases") && param(url, "updated_at").is_some() => good(&json!([])),
            url if url.contains("/cases") => good(&json!([case("1", "reported", "2026-03-01T09:00:00+08:00")])),
            url if url.contains("/grids") && is_up => good(&json!([{"id": "G", "geometry": square}])),
            url if url.contains("/grids") => text(503, ""),
            _ => good(&json!([])),
        };
        let request = Request::get("/snapshot");
        let (answer, _) = talk_at(&all, &format!("2026-03-01T{now}+08:00"), request, &mut server);
        let read: Value = serde_json::from_slice(&answer.body).unwrap();
        (each(&read, "/recent", "/place"), each(&read, "/failed", "/resource"))
    };
    assert_eq!(ask("09:30:00", false), (vec!["null".to_owned()], vec!["grids".to_owned()]));
    assert_eq!(ask("09:31:00", true), (vec!["G".to_owned()], vec![]), "none is without its grid that has one");
}

#[test]
fn what_was_asked_for_before_a_step_is_not_kept_after_it() {
    let all = mapped(
        "postgrest",
        &json!({"datum": "WGS84", "paging": {"kind": "none"}, "resources": {"cases": {
            "actions": {"accept": {"to": "POST /rpc/accept", "body": {"no": "{id}"}}}}}}),
    );
    let with = |state: &str| good(&json!([case("1", state, "2026-03-01T09:00:00+08:00")]));
    let now = "2026-03-01T09:30:00+08:00";
    let mut early = all.converse(Request::get("/snapshot"), now.parse().unwrap());
    let mut step = early.start();
    let (answer, _) = talk_at(&all, now, Request::post("/cases/1/actions/accept", "{}"), &mut |_| with("reported"));
    assert_eq!(answer.status, 204);
    // Only now comes what was asked for before the step.
    while let Step::Ask(calls) = step {
        step = early.go_on(calls.iter().map(|_| with("reported")).collect());
    }
    let (states, asked) = state(&all, "09:30:01", &mut |_| with("accepted"));
    assert_eq!(states, ["1 accepted"], "{asked:?}");
}
