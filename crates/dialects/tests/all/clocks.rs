//! A case has clocks where its own record and the list that it stands in tell what stops them: what nobody tells is not overdue.

use fengtu_dialects::{Answer, Call, Installation, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, good, installation, param, talk_at};

fn mapped(filters: &Value) -> Installation {
    let fields = json!({"number": "/n", "state": "/s", "category": {"value": "legal"}, "reported_at": "/t", "class": "/c",
        "accepted_at": "/a", "resolved_at": "/r"});
    let cases = json!({"list": "/cases", "one": "/cases/{id}", "one_at": "", "filters": filters, "fields": fields});
    installation(&json!({"backends": {"default": {"dialect": "json", "base": "/x",
        "mapping": {"datum": "WGS84", "resources": {"cases": cases}}}}, "resources": {}}))
}

fn cases() -> Installation {
    mapped(&json!({}))
}

/// A case of the day before; what is more is told beside.
fn case(number: &str, state: &str, more: &Value) -> Value {
    let mut case = json!({"n": number, "s": state, "t": "2026-02-28T10:00:00+08:00", "c": "urgent"});
    case.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    case
}

fn waiting() -> Value {
    case("waiting", "reported", &json!({}))
}

fn accepted() -> Value {
    case("accepted", "handling", &json!({"a": "2026-02-28T10:05:00+08:00"}))
}

/// The numbers of a list that have clocks.
fn with_clocks(all: &Installation, rows: &Value) -> Vec<String> {
    let list = ask(all, Request::get("/cases"), &mut |_: &Call| good(rows));
    let items = list["items"].as_array().unwrap().iter();
    let running = items.filter(|item| !item["clocks"].as_array().unwrap().is_empty());
    running.map(|item| item["number"].as_str().unwrap().to_owned()).collect()
}

fn has_clocks(all: &Installation, case: &Value) -> bool {
    let target = format!("/cases/{}", case["n"].as_str().unwrap());
    let one = ask(all, Request::get(target), &mut |_: &Call| good(case));
    !one["clocks"].as_array().unwrap().is_empty()
}

#[test]
fn a_case_that_nobody_has_accepted_yet_has_the_clocks_of_its_list_when_it_is_opened_by_itself() {
    let all = cases();
    assert!(!has_clocks(&all, &waiting()), "nobody knows whether this server tells when a case is accepted");
    assert!(has_clocks(&all, &accepted()), "its own record tells");
    assert!(!has_clocks(&all, &waiting()), "what one case tells is not told of another");
    assert_eq!(with_clocks(&all, &json!([waiting(), accepted()])), ["waiting", "accepted"]);
    assert!(has_clocks(&all, &waiting()), "the list tells of those that are accepted: this one is not yet");
    let other = case("other", "reported", &json!({}));
    assert!(!has_clocks(&all, &other), "it stood in no such list");
}

#[test]
fn a_list_is_judged_by_what_it_tells_itself() {
    let all = cases();
    assert_eq!(with_clocks(&all, &json!([accepted()])), ["accepted"]);
    assert!(with_clocks(&all, &json!([waiting()])).is_empty(), "another list told of it, not this one");
    assert!(!has_clocks(&all, &waiting()), "and so it is when opened by itself");
}

#[test]
fn a_record_that_lacks_what_stops_its_clocks_has_none_whatever_others_tell() {
    let settled = json!({"a": "2026-02-28T10:05:00+08:00"});
    let told = json!({"a": "2026-02-28T10:05:00+08:00", "r": "2026-02-28T11:00:00+08:00"});
    let rows = json!([
        accepted(),
        case("moved on", "handling", &json!({})),
        case("done", "resolved", &settled),
        case("classless", "handling", &json!({"a": "2026-02-28T10:05:00+08:00", "c": null})),
        case("whole", "archived", &told),
        case("at once", "resolved", &json!({"r": "2026-02-28T10:03:00+08:00"}))
    ]);
    assert_eq!(with_clocks(&cases(), &rows), ["accepted", "whole", "at once"]);
}

/// The figures of a period of which the server gives these cases, open ones by themselves too.
fn figures(rows: &Value) -> Value {
    ask(&mapped(&json!({"state": {"param": "s", "join": ","}})), Request::get("/statistics"), &mut |_: &Call| {
        good(rows)
    })["figures"]
        .clone()
}

#[test]
fn what_is_mapped_and_never_comes_is_not_told() {
    let unsettled = figures(&json!([accepted()]));
    assert!(unsettled["overdue"].is_number() && unsettled["accepted"]["whole"].is_number(), "{unsettled}");
    assert_eq!(unsettled["settled_in_time"]["whole"], Value::Null, "no case says when it was settled: {unsettled}");
    let classless = figures(&json!([case("x", "handling", &json!({"a": "2026-02-28T10:05:00+08:00", "c": null}))]));
    assert_eq!((&classless["overdue"], &classless["accepted"]["whole"]), (&Value::Null, &Value::Null), "{classless}");
    let told = json!({"a": "2026-02-28T10:05:00+08:00", "r": "2026-02-28T11:00:00+08:00"});
    assert!(figures(&json!([case("x", "resolved", &told)]))["settled_in_time"]["whole"].is_number());
}

/// How many were to be answered by a time, by their clocks.
fn to_answer(all: &Installation, now: &str, server: &mut dyn FnMut(&Call) -> Outcome) -> (Value, usize) {
    let (answer, called) = talk_at(all, &format!("2026-03-01T{now}+08:00"), Request::get("/statistics"), server);
    let read: Value = serde_json::from_slice(&answer.body).unwrap();
    (read["figures"]["answered"]["whole"].clone(), called.len())
}

#[test]
fn what_another_list_tells_is_not_told_of_cases_that_are_kept() {
    let all = cases();
    let (kept, _) = to_answer(&all, "09:30:00", &mut |_| good(&json!([waiting()])));
    assert_eq!(kept, Value::Null, "nobody tells when a case is accepted");
    with_clocks(&all, &json!([accepted()]));
    let (kept, asked) = to_answer(&all, "09:30:10", &mut |_| panic!("they are kept"));
    assert_eq!((kept, asked), (Value::Null, 0), "none would be said to be late of cases without clocks");
}

#[test]
fn a_change_that_tells_more_has_all_asked_for() {
    let all = mapped(&json!({"updated_since": "changed"}));
    to_answer(&all, "09:30:00", &mut |_| good(&json!([waiting()])));
    let mut server = |call: &Call| {
        let is_whole = param(&call.url, "changed").is_none();
        good(&if is_whole { json!([waiting(), accepted()]) } else { json!([accepted()]) })
    };
    assert_eq!(to_answer(&all, "09:31:00", &mut server), (json!(2), 2), "the kept one has clocks now, and is late too");
    let changed = json!([case("late", "reported", &json!({}))]);
    let (all, asked) = to_answer(&all, "09:32:00", &mut |_| good(&changed));
    assert_eq!((all, asked), (json!(3), 1), "a change is judged by the list that it belongs to");
}

#[test]
fn whom_the_server_shuts_out_is_told_nothing_of_lists_that_were() {
    let all = cases();
    with_clocks(&all, &json!([waiting(), accepted()]));
    let shut = |_: &Call| Outcome::Answered(Answer { status: 401, ..Answer::default() });
    super::talk(&all, Request::get("/cases"), &mut |call: &Call| shut(call));
    assert!(!has_clocks(&all, &waiting()));
}
