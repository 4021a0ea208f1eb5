//! Open and overdue cases are counted of all that are open, whenever they were reported, or not at all.

use fengtu_dialects::{Call, Failure, Installation, Method, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, good, installation, param, talk_at, text};

fn mapped(filters: &Value) -> Installation {
    let fields = json!({"number": "/n", "state": "/s", "category": {"value": "legal"}, "reported_at": "/t", "class": "/c",
        "accepted_at": "/a", "place": "/p"});
    let cases = json!({"list": "/cases", "paging": {"kind": "page", "page": "page", "limit": 100}, "filters": filters, "fields": fields});
    installation(&json!({"backends": {"default": {"dialect": "json", "base": "/x",
        "mapping": {"datum": "WGS84", "resources": {"cases": cases}}}}, "resources": {}}))
}

fn case(number: &str, state: &str, day: &str) -> Value {
    json!({"n": number, "s": state, "t": format!("{day}T08:00:00+08:00"), "a": format!("{day}T08:05:00+08:00"), "c": "urgent", "p": "g1"})
}

/// Two of February, and one that has been open since last summer.
fn server(call: &Call) -> Outcome {
    let old = case("old", "handling", "2025-07-01");
    let (new, done) = (case("new", "handling", "2026-02-20"), case("done", "resolved", "2026-02-21"));
    let from = param(&call.url, "from").is_some();
    let open = param(&call.url, "state").is_some();
    good(&match (from, open) {
        (true, _) => json!([new, done]),
        (_, true) => json!([old, new]),
        _ => json!([old, new, done]),
    })
}

fn figures(all: &Installation, target: &str) -> (Value, usize) {
    let (answer, called) =
        talk_at(all, "2026-03-01T09:30:00+08:00", Request::of_target(Method::Get, target, Vec::new()), &mut server);
    let read: Value = serde_json::from_slice(&answer.body).unwrap();
    (
        read,
        called.iter().filter(|url| param(url, "state").is_some() && param(url, "page").as_deref() == Some("1")).count(),
    )
}

#[test]
fn what_lies_longest_is_open_and_overdue_too() {
    let all = mapped(&json!({"from": "from", "state": {"param": "state", "join": ","}}));
    let (read, asked) = figures(&all, "/statistics?level=grid");
    assert_eq!((&read["figures"]["open"], &read["figures"]["overdue"], asked), (&json!(2), &json!(2), 1), "{read}");
    assert_eq!((&read["figures"]["received"], &read["before"]["open"]), (&json!(2), &Value::Null));
    let (week, asked) = figures(&all, "/statistics?from=2026-02-25T00:00:00%2B08:00");
    assert_eq!((&week["figures"]["open"], asked), (&json!(2), 0), "whatever the period, and not asked for again");
    let (state, asked) = figures(&all, "/snapshot");
    assert_eq!((&state["today"]["open"], asked), (&json!(2), 0));
}

#[test]
fn of_a_period_that_is_over_nobody_knows_what_was_open() {
    let all = mapped(&json!({"from": "from", "state": {"param": "state", "join": ","}}));
    let (read, asked) = figures(&all, "/statistics?to=2026-02-25T00:00:00%2B08:00");
    assert_eq!((&read["figures"]["open"], &read["figures"]["overdue"], asked), (&Value::Null, &Value::Null, 0));
}

#[test]
fn where_nobody_can_ask_for_open_ones_they_are_withheld_and_the_rest_is_told() {
    let (read, asked) = figures(&mapped(&json!({"from": "from"})), "/statistics");
    assert_eq!((&read["figures"]["received"], &read["figures"]["open"], asked), (&json!(2), &Value::Null, 0));
    let all = mapped(&json!({"from": "from", "state": {"param": "state", "join": ","}}));
    let mut server = |call: &Call| if param(&call.url, "state").is_some() { text(500, "") } else { server(call) };
    let read = ask(&all, Request::get("/statistics"), &mut server);
    assert_eq!(
        (&read["figures"]["received"], &read["figures"]["open"]),
        (&json!(2), &Value::Null),
        "a failure hides nothing"
    );
}

#[test]
fn a_server_that_takes_one_state_at_once_is_asked_for_each_that_it_has_a_word_for() {
    let mut config = json!({"number": "/n", "state": {"at": "/s", "table": {"0": "reported", "1": "handling", "2": "resolved"}},
        "category": {"value": "legal"}, "reported_at": "/t", "class": "/c", "accepted_at": "/a"});
    config["place"] = json!("/p");
    let cases = json!({"list": "/cases", "filters": {"from": "from", "state": "status"}, "fields": config});
    let all = installation(&json!({"backends": {"default": {"dialect": "json", "base": "/x",
        "mapping": {"datum": "WGS84", "resources": {"cases": cases}}}}, "resources": {}}));
    let mut states = Vec::new();
    let mut server = |call: &Call| {
        let state = param(&call.url, "status");
        states.extend(state.clone());
        good(&match state.as_deref() {
            Some("0") => json!([case("waits", "0", "2025-08-01")]),
            Some(_) => json!([case("old", "1", "2025-07-01"), case("new", "1", "2026-02-20")]),
            None => json!([case("new", "1", "2026-02-20"), case("done", "2", "2026-02-21")]),
        })
    };
    let read = ask(&all, Request::get("/statistics"), &mut server);
    assert_eq!((&read["figures"]["open"], states), (&json!(3), vec!["0".to_owned(), "1".to_owned()]));
}

#[test]
fn open_cases_that_are_waited_for_in_vain_hold_up_nothing_else_and_are_not_what_a_backend_is_judged_by() {
    let all = mapped(&json!({"from": "from", "state": {"param": "state", "join": ","}}));
    let mut silent = |call: &Call| {
        let is_open = param(&call.url, "state").is_some();
        if is_open { Outcome::Failed(Failure::TimedOut) } else { server(call) }
    };
    let at = |now: &str, target: &str, server: &mut dyn FnMut(&Call) -> Outcome| {
        let request = Request::of_target(Method::Get, target, Vec::new());
        let (answer, called) = talk_at(&all, &format!("2026-03-01T{now}+08:00"), request, server);
        let read: Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, read, called.len())
    };
    assert_eq!(at("09:30:00", "/statistics", &mut silent).0, 200);
    let (status, read, _) = at("09:30:40", "/statistics", &mut silent);
    assert_eq!((status, &read["figures"]["received"]), (200, &json!(2)), "and not as if all cases were silent");
    let (_, backends, _) = at("09:30:41", "/backends", &mut silent);
    assert!(!backends.to_string().contains("in time"), "{backends}");
}

#[test]
fn a_server_that_lets_nobody_in_at_the_question_for_open_cases_is_told_of_at_once() {
    let all = mapped(&json!({"from": "from", "state": {"param": "state", "join": ","}}));
    let mut shut = |call: &Call| if param(&call.url, "state").is_some() { text(401, "") } else { server(call) };
    ask(&all, Request::get("/statistics"), &mut shut);
    let backends = ask(&all, Request::get("/backends"), &mut shut);
    let told =
        |backends: &Value| backends.pointer("/backends/0/resources").cloned().unwrap_or_else(|| backends.clone());
    assert!(told(&backends).to_string().contains("401"), "{backends}");
}

#[test]
fn too_many_are_found_once_and_a_year_asks_for_one_year() {
    let all = mapped(&json!({"from": "from"}));
    let many = |call: &Call| {
        let page: usize = param(&call.url, "page").map_or(1, |page| page.parse().unwrap());
        let row = |n: usize| case(&format!("{page}-{n}"), "handling", "2026-02-20");
        good(&Value::Array((0..100).map(row).collect()))
    };
    let year = "/statistics?from=2025-03-01T00:00:00%2B08:00";
    let asked = |target: &str| {
        let (answer, called) = talk_at(
            &all,
            "2026-03-01T09:30:00+08:00",
            Request::of_target(Method::Get, target, Vec::new()),
            &mut |call: &Call| many(call),
        );
        (
            answer.status,
            called.len(),
            called.first().and_then(|url| param(url, "from")),
            String::from_utf8_lossy(&answer.body).into_owned(),
        )
    };
    let (status, calls, from, said) = asked(year);
    assert_eq!((status, calls), (501, 200), "{said}");
    assert!(from.unwrap().starts_with("2025-03-01") && said.contains("20000"), "{said}");
    assert_eq!((asked(year).0, asked(year).1), (501, 0), "nobody reads two hundred pages twice");
    assert_eq!(asked("/statistics").1, 200, "a shorter period may have fewer");
}

#[test]
fn what_is_kept_for_figures_of_a_month_is_not_among_the_newest_of_the_state_now() {
    let all = mapped(&json!({"from": "from"}));
    let mut server = |call: &Call| {
        let (old, new) = (case("old", "handling", "2026-02-20"), case("new", "handling", "2026-02-28"));
        let is_wide = param(&call.url, "from").is_some_and(|from| from.as_str() < "2026-02-20");
        good(&if is_wide { json!([new, old]) } else { json!([new]) })
    };
    let recent = |state: &Value| {
        let numbers = state["recent"].as_array().unwrap().iter().map(|dot| dot["number"].as_str().unwrap().to_owned());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(recent(&ask(&all, Request::get("/snapshot"), &mut server)), ["new"]);
    assert_eq!(ask(&all, Request::get("/statistics"), &mut server)["figures"]["received"], 2);
    assert_eq!(recent(&ask(&all, Request::get("/snapshot"), &mut server)), ["new"], "and nothing came");
}
