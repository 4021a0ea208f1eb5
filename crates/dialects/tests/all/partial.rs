//! What fails is named and hides nothing else; what was good stays; a list that is cut says so.

use fengtu_dialects::{Answer, Call, Failure, Installation, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, talk_at, text};

/// Cases and warnings of two backends; the state is put together here.
fn two() -> Installation {
    let cases = json!({"list": "/cases", "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": "/t", "place": "/p"}});
    let warnings = json!({"list": "/levels", "fields": {"place": "/p", "level": "/l", "at": "/t"}});
    installation(&json!({"backends": {
        "default": {"dialect": "json", "base": "/c", "mapping": {"datum": "WGS84", "resources": {"cases": cases}}},
        "w": {"dialect": "json", "base": "/w", "mapping": {"resources": {"warnings": warnings}}}},
        "resources": {"warnings": "w"}}))
}

fn both(call: &Call) -> Outcome {
    good(&if call.url.starts_with("/w/") {
        json!([{"p": "g1", "l": "red", "t": "2026-03-01T08:00:00+08:00"}, {"p": "g2", "l": "none", "t": "2026-03-01T08:00:00+08:00"}])
    } else {
        json!([{"n": "A", "t": "2026-03-01T08:00:00+08:00", "p": "g1"}])
    })
}

fn state(all: &Installation, now: &str, server: &mut dyn FnMut(&Call) -> Outcome) -> Value {
    let (answer, called) = talk_at(all, &format!("2026-03-01T{now}+08:00"), Request::get("/snapshot"), server);
    let read = serde_json::from_slice(&answer.body).unwrap();
    assert!(answer.is_good(), "{read} {called:?}");
    read
}

#[test]
fn cases_that_fail_hide_no_warnings() {
    let read =
        state(&two(), "09:30:00", &mut |call| if call.url.starts_with("/c/") { text(500, "") } else { both(call) });
    assert_eq!((each(&read, "/warnings", "/place"), &read["recent"]), (vec!["g1".to_owned()], &json!([])));
    assert_eq!(read["today"]["received"], Value::Null, "what nobody tells is not zero");
    assert_eq!(
        (&read["failed"][0]["resource"], &read["failed"][0]["backend"], &read["failed"][0]["since"]),
        (&json!("cases"), &json!("default"), &Value::Null)
    );
}

#[test]
fn warnings_that_fail_hide_no_cases() {
    let read = state(&two(), "09:30:00", &mut |call| {
        if call.url.starts_with("/w/") { Outcome::Failed(Failure::TimedOut) } else { both(call) }
    });
    assert_eq!((each(&read, "/recent", "/number"), &read["today"]["received"]), (vec!["A".to_owned()], &json!(0)));
    assert_eq!((each(&read, "/failed", "/resource"), &read["warnings"]), (vec!["warnings".to_owned()], &json!([])));
    assert!(read["failed"][0]["detail"].as_str().unwrap().contains("in time"));
}

#[test]
fn what_was_there_stays_and_says_how_old_it_is() {
    for down in ["/c/", "/w/"] {
        let all = two();
        state(&all, "09:30:00", &mut both);
        let read =
            state(&all, "09:31:00", &mut |call| if call.url.starts_with(down) { text(503, "") } else { both(call) });
        assert_eq!(
            (each(&read, "/recent", "/number"), each(&read, "/warnings", "/place")),
            (vec!["A".to_owned()], vec!["g1".to_owned()]),
            "{down}"
        );
        assert_eq!(each(&read, "/failed", "/since"), ["2026-03-01T01:30:00+00:00"], "{down}");
        assert_eq!(state(&all, "09:33:00", &mut both)["failed"], json!([]), "{down}");
    }
    let problem = refused(&two(), Request::get("/snapshot"), &mut |_: &Call| text(503, ""));
    assert_eq!(problem["type"], "/problems/unavailable", "there is nothing left to tell");
}

#[test]
fn our_own_warnings_are_not_wiped_by_the_state_of_another() {
    let cases = json!({"list": "/cases", "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": "/t", "place": "/p"}});
    let all = installation(&json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"},
        "c": {"dialect": "json", "base": "/c", "mapping": {"datum": "WGS84", "resources": {"cases": cases}}}},
        "resources": {"cases": "c", "live": "c", "statistics": "c"}}));
    let snapshot: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/snapshot.json")).unwrap();
    let server = |call: &Call, status: u16| match call.url.as_str() {
        url if url.starts_with("/c/") => both(call),
        url if url.starts_with("/api/v1/config") => text(200, include_str!("../../../wire/tests/golden/config.json")),
        url if url.starts_with("/api/v1/snapshot") && status != 200 => text(status, ""),
        url if url.starts_with("/api/v1/snapshot") => good(&snapshot),
        other => panic!("{other}"),
    };
    let read = state(&all, "09:30:00", &mut |call| server(call, 200));
    assert!(!snapshot["warnings"].as_array().unwrap().is_empty());
    assert_eq!((&read["warnings"], each(&read, "/recent", "/number")), (&snapshot["warnings"], vec!["A".to_owned()]));
    assert_eq!(read["failed"], json!([]));
    for status in [502, 403] {
        let read = state(&all, "09:33:00", &mut |call| server(call, status));
        assert_eq!((&read["warnings"], each(&read, "/recent", "/number")), (&json!([]), vec!["A".to_owned()]));
        assert_eq!(
            (each(&read, "/failed", "/resource"), each(&read, "/failed", "/since")),
            (vec!["warnings".to_owned()], vec!["null".to_owned()]),
            "what was cut to a viewer is not kept for the next"
        );
    }
}

#[test]
fn whom_a_server_does_not_let_in_any_more_is_shown_nothing_that_was_kept() {
    for status in [401, 403] {
        let all = two();
        state(&all, "09:30:00", &mut both);
        let shut = |call: &Call| if call.url.starts_with("/c/") { text(status, "") } else { both(call) };
        let read = state(&all, "09:31:00", &mut |call| shut(call));
        assert_eq!((&read["recent"], &read["failed"][0]["since"]), (&json!([]), &Value::Null), "{status}");
        let read =
            state(&all, "09:31:10", &mut |call| if call.url.starts_with("/c/") { text(500, "") } else { both(call) });
        assert_eq!(read["recent"], json!([]), "{status}: nor later");
    }
}

#[test]
fn figures_that_the_records_say_nothing_of_are_withheld_and_not_nought() {
    let bare = json!({"number": "/n", "state": {"value": "handling"}, "category": {"value": "legal"}, "reported_at": "/t", "channel": {"value": "qr_code"}});
    let mut told = bare.clone();
    for (name, at) in [
        ("accepted_at", "/a"),
        ("resolved_at", "/r"),
        ("class", "/c"),
        ("people", "/p"),
        ("rating", "/s"),
        ("repeat_of", "/o"),
        ("channel", "/w"),
    ] {
        told[name] = json!(at);
    }
    told["amount_fen"] = json!({"at": "/m", "unit": "fen"});
    let row = json!({"n": "A", "t": "2026-02-20T08:00:00+08:00", "c": "ordinary", "w": "qr_code", "p": 2, "m": 0, "s": 5, "o": "B", "a": "2026-02-20T08:10:00+08:00", "r": "2026-02-21T08:00:00+08:00"});
    let figures_of = |fields: &Value, row: &Value| {
        let all = installation(
            &json!({"backends": {"default": {"dialect": "json", "base": "/c", "mapping": {"datum": "WGS84",
            "resources": {"cases": {"list": "/cases", "fields": fields}}}}}, "resources": {}}),
        );
        ask(&all, Request::get("/statistics"), &mut |_: &Call| good(&json!([row])))["figures"].clone()
    };
    let (less, more) = (figures_of(&bare, &row), figures_of(&told, &row));
    let mapped_alone = figures_of(&told, &json!({"n": "A", "t": "2026-02-20T08:00:00+08:00"}));
    assert_eq!(mapped_alone, less, "a mapping may name more than the server has");
    assert_eq!(less["received"], json!(1));
    assert_eq!((&more["open"], &more["overdue"]), (&Value::Null, &Value::Null), "nobody can ask for open ones alone");
    for name in ["people", "amount_fen", "self_reported", "repeats"] {
        assert_eq!(less[name], Value::Null, "{name}");
        assert!(more[name].is_number(), "{name}: {more}");
    }
    for name in ["answered", "accepted", "settled_in_time", "satisfied", "rated"] {
        assert_eq!(less[name]["whole"], Value::Null, "{name}");
        assert!(more[name]["whole"].is_number(), "{name}: {more}");
    }
}

#[test]
fn a_day_does_not_say_that_none_was_settled_where_no_case_tells_when() {
    let fields = json!({"number": "/n", "state": {"value": "handling"}, "category": {"value": "legal"}, "reported_at": "/t", "resolved_at": "/r", "channel": {"value": "qr_code"}});
    let days_of = |row: &Value| {
        let all = installation(
            &json!({"backends": {"default": {"dialect": "json", "base": "/c", "mapping": {"datum": "WGS84",
            "resources": {"cases": {"list": "/cases", "fields": &fields}}}}}, "resources": {}}),
        );
        let read = ask(&all, Request::get("/statistics"), &mut |_: &Call| good(&json!([row])));
        each(&read, "/days", "/settled")
    };
    let untold = days_of(&json!({"n": "A", "t": "2026-02-20T08:00:00+08:00"}));
    let told = days_of(&json!({"n": "A", "t": "2026-02-20T08:00:00+08:00", "r": "2026-02-21T08:00:00+08:00"}));
    assert!(!untold.is_empty() && untold.iter().all(|settled| settled == "null"), "{untold:?}");
    assert!(told.iter().any(|settled| settled == "1") && told.iter().all(|settled| settled != "null"), "{told:?}");
}

/// Grids of one backend, cases of another, joined by the ground.
fn joined() -> Installation {
    let cases = json!({"list": "/cases", "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": "/t",
        "at": {"lon": "/x", "lat": "/y"}}});
    let grids = json!({"list": "/grids", "fields": {"id": "/id", "geometry": {"at": "/g"}}});
    installation(&json!({"backends": {
        "default": {"dialect": "json", "base": "/c", "mapping": {"datum": "WGS84", "resources": {"cases": cases}}},
        "g": {"dialect": "json", "base": "/g", "mapping": {"datum": "WGS84", "resources": {"grids": grids}}}},
        "resources": {"grids": "g"}}))
}

fn ground(call: &Call) -> Outcome {
    let square = json!({"type": "Polygon", "coordinates": [[[113.4, 22.4], [113.6, 22.4], [113.6, 22.6], [113.4, 22.6], [113.4, 22.4]]]});
    good(&if call.url.starts_with("/g/") {
        json!([{"id": "G", "g": square}])
    } else {
        json!([{"n": "A", "t": "2026-03-01T08:00:00+08:00", "x": 113.5, "y": 22.5}])
    })
}

fn cases_at(all: &Installation, now: &str, server: &mut dyn FnMut(&Call) -> Outcome) -> (Value, usize) {
    let (answer, called) = talk_at(all, &format!("2026-03-01T{now}+08:00"), Request::get("/cases"), server);
    let read = serde_json::from_slice(&answer.body).unwrap();
    assert!(answer.is_good(), "{read}");
    (read, called.iter().filter(|url| url.starts_with("/g/")).count())
}

#[test]
fn a_tree_that_cannot_be_had_now_stands_as_it_was_and_is_asked_for_soon() {
    let all = joined();
    let mut down = |call: &Call| if call.url.starts_with("/g/") { text(500, "") } else { ground(call) };
    let (read, _) = cases_at(&all, "09:00:00", &mut down);
    assert_eq!((each(&read, "/items", "/place"), &read["failed"][0]["since"]), (vec!["null".to_owned()], &Value::Null));
    let (read, asked) = cases_at(&all, "09:00:30", &mut ground);
    assert_eq!(
        (each(&read, "/items", "/place"), asked, &read["failed"]),
        (vec!["G".to_owned()], 1, &json!([])),
        "asked for again soon"
    );
    let (_, asked) = cases_at(&all, "09:05:00", &mut ground);
    assert_eq!(asked, 0, "it is good for ten minutes");
    let (read, asked) = cases_at(&all, "09:15:00", &mut down);
    assert_eq!((each(&read, "/items", "/place"), asked), (vec!["G".to_owned()], 1), "the last good one stands");
    assert_eq!(
        (&read["failed"][0]["resource"], &read["failed"][0]["since"]),
        (&json!("grids"), &json!("2026-03-01T01:00:30+00:00"))
    );
    let (read, asked) = cases_at(&all, "09:15:10", &mut down);
    assert_eq!(
        (asked, each(&read, "/failed", "/resource")),
        (0, vec!["grids".to_owned()]),
        "it is not hammered, and still said to be old"
    );
    let (read, asked) = cases_at(&all, "09:15:40", &mut ground);
    assert_eq!((asked, &read["failed"]), (1, &json!([])));
}

#[test]
fn a_conversation_that_began_earlier_does_not_overwrite_what_is_newer() {
    let all = joined();
    let early = "2026-03-01T09:00:00+08:00".parse().unwrap();
    let mut slow = all.converse(Request::get("/cases"), early);
    let fengtu_dialects::Step::Ask(calls) = slow.start() else { panic!("it asks") };
    assert!(calls[0].url.starts_with("/g/"));
    let (read, _) = cases_at(&all, "09:00:10", &mut ground);
    assert_eq!(each(&read, "/items", "/place"), ["G"]);
    let mut step = slow.go_on(vec![good(&json!([]))]);
    while let fengtu_dialects::Step::Ask(calls) = step {
        step = slow.go_on(calls.iter().map(ground).collect());
    }
    let (read, asked) = cases_at(&all, "09:00:20", &mut ground);
    assert_eq!((each(&read, "/items", "/place"), asked), (vec!["G".to_owned()], 0));
}

#[test]
fn a_list_that_is_longer_than_is_read_says_so() {
    let config = |total: &Value| {
        installation(
            &json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"datum": "WGS84", "total": total,
            "paging": {"kind": "page", "size": "n", "limit": 2}, "resources": {
                "stations": {"list": "/s", "fields": {"id": "/id", "name": "/id", "geometry": {"at": "/g"}}},
                "warnings": {"list": "/w", "fields": {"place": "/id", "level": {"value": "red"}, "at": {"value": "2026-03-01T08:00:00+08:00"}}}}}}}, "resources": {}}),
        )
    };
    // Pages that never end.
    let mut server = |call: &Call| {
        let page: u32 = param(&call.url, "page").map_or(0, |page| page.parse().unwrap());
        good(&json!({"data": [{"id": 2 * page}, {"id": 2 * page + 1}], "total": 1_000}))
    };
    for (target, items) in [("/stations", "/features"), ("/warnings?limit=1000", "/items")] {
        let request = Request::of_target(fengtu_dialects::Method::Get, target, Vec::new());
        let known = ask(&config(&json!("/total")), request.clone(), &mut server);
        assert_eq!(
            (known.pointer(items).unwrap().as_array().unwrap().len(), &known["refused"]["count"]),
            (400, &json!(600)),
            "{target}"
        );
        assert_eq!(known["refused"]["unread"], 600, "{target}: those were not read, rather than not understood");
        let unknown = ask(&config(&json!("/nowhere")), request, &mut server);
        assert_eq!(
            (&unknown["refused"]["count"], &unknown["refused"]["is_cut"]),
            (&json!(1), &json!(true)),
            "{target}"
        );
        assert!(unknown["refused"]["reasons"][0].as_str().unwrap().contains("after 400 records"), "{unknown}");
    }
    let about = ask(&config(&json!("/total")), Request::get("/backends"), &mut |_: &Call| panic!("nobody is asked"));
    assert!(about["resources"].as_array().unwrap().iter().all(|row| row["last"].is_null()));
}

#[test]
fn warnings_beyond_a_page_have_a_next_one() {
    let all = two();
    let rows: Vec<Value> =
        (0..150).map(|id| json!({"p": format!("g{id:03}"), "l": "red", "t": "2026-03-01T08:00:00+08:00"})).collect();
    let mut server = |_: &Call| good(&json!(rows));
    let first = ask(&all, Request::get("/warnings").with("total", true), &mut server);
    assert_eq!((first["items"].as_array().unwrap().len(), &first["total"]), (100, &json!(150)));
    let second = ask(&all, Request::get("/warnings").with("cursor", first["next"].as_str().unwrap()), &mut server);
    assert_eq!(
        (each(&second, "/items", "/place").first().map(String::as_str), &second["next"]),
        (Some("g100"), &Value::Null)
    );
}

#[test]
fn the_walk_through_time_goes_on_to_its_start() {
    let all = installation(
        &json!({"backends": {"default": {"dialect": "georeport", "base": "/x", "mapping": {"window_days": 1}}}, "resources": {}}),
    );
    let old = json!([{"service_request_id": "old", "status": "open", "service_code": "1", "requested_datetime": "2025-07-01T08:00:00Z"}]);
    let (mut numbers, mut cursor, mut asked) = (Vec::new(), None::<String>, 0);
    for _ in 0..10 {
        let mut request = Request::get("/cases").with("from", "2025-07-01T00:00:00Z");
        request = cursor.take().into_iter().fold(request, |request, cursor| request.with("cursor", cursor));
        let list = ask(&all, request, &mut |call: &Call| {
            asked += 1;
            let from = param(&call.url, "start_date").unwrap_or_default();
            let is_there = from.starts_with("2025-07-01") && param(&call.url, "page").as_deref() == Some("1");
            good(&if is_there { old.clone() } else { json!([]) })
        });
        numbers.extend(each(&list, "/items", "/number"));
        cursor = list["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((numbers, cursor), (vec!["old".to_owned()], None), "after {asked} questions");
}

#[test]
fn an_answer_too_large_to_be_read_is_told_as_such() {
    let all = two();
    let body = vec![b' '; 100 << 20];
    let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| {
        Outcome::Answered(Answer { status: 200, headers: Vec::new(), body: body.clone() })
    });
    assert!(problem["detail"].as_str().unwrap().contains("too large"), "{problem}");
}

#[test]
fn pages_that_lead_in_a_circle_are_left() {
    let all =
        installation(&json!({"backends": {"default": {"dialect": "ogc-features", "base": "/x"}}, "resources": {}}));
    let mut asked = 0;
    let mut server = |call: &Call| {
        asked += 1;
        let page = param(&call.url, "p").unwrap_or_else(|| "a".to_owned());
        let next = if page == "a" { "b" } else { "a" };
        let station = json!({"type": "Feature", "id": page, "properties": {"name": page}, "geometry": {"type": "Point", "coordinates": [113.9, 22.7]}});
        let next = format!("http://x/?p={next}");
        good(&json!({"features": [station], "links": [{"rel": "next", "href": next}]}))
    };
    let list = ask(&all, Request::get("/stations"), &mut server);
    assert_eq!(list["refused"]["is_cut"], true, "{list}");
    assert!(list["refused"]["reasons"][0].as_str().unwrap().contains("circle"));
    assert!(asked < 8, "{asked}");
}
