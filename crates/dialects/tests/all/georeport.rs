//! Open311 `GeoReport` v2 in three shapes: spec-clean, wrapped JSON, XML alone.

use fengtu_dialects::{Call, Method, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, text};

fn config() -> Value {
    json!({"backends": {"default": {"dialect": "georeport", "base": "/proxy/311"}}, "resources": {}})
}

fn request(id: &Value, status: &str) -> Value {
    json!({"service_request_id": id, "status": status, "service_name": "路灯", "service_code": "006", "description": "灯坏了",
        "requested_datetime": "2026-02-20T08:00:00Z", "address": "公园路 1 号", "lat": "22.75", "long": 113.95})
}

#[test]
fn clean_wrapped_and_xml_are_the_same_to_us() {
    let clean = json!([request(&json!("1"), "open"), request(&json!(0), "closed")]);
    let wrapped = json!({"service_requests": clean});
    let xml = "<?xml version=\"1.0\"?><requests><request><service_request_id>1</service_request_id><status>open</status>\
        <service_code>006</service_code><service_name>路灯</service_name><requested_datetime>2026-02-20T08:00:00Z</requested_datetime>\
        <lat>22.75</lat><long>113.95</long><address/></request></requests>";
    for server in [clean.to_string(), wrapped.to_string()] {
        let list = ask(&installation(&config()), Request::get("/cases"), &mut |_: &Call| text(200, &server));
        assert_eq!(each(&list, "/items", "/number"), ["1", "0"]);
        assert_eq!(each(&list, "/items", "/state"), ["reported", "resolved"]);
        assert_eq!(list["items"][0]["at"], json!([113.95, 22.75]));
    }
    let all = installation(&config());
    let mut asked = Vec::new();
    let mut server = |call: &Call| {
        asked.push(call.url.clone());
        if call.url.contains(".json") { text(404, "Bad extension") } else { text(200, xml) }
    };
    for _ in 0..2 {
        let list = ask(&all, Request::get("/cases"), &mut server);
        assert_eq!(each(&list, "/items", "/number"), ["1"]);
    }
    assert_eq!(asked.iter().filter(|url| url.contains("requests.json")).count(), 1, "it is learned once: {asked:?}");
}

#[test]
fn a_number_that_is_no_json_is_told_as_what_it_is() {
    // The standard's own example.
    let body = r#"[{"service_request_id": 638344, "status": "open", "service_code": 006}]"#;
    let problem = refused(&installation(&config()), Request::get("/cases"), &mut |_: &Call| text(200, body));
    assert_eq!(problem["type"], "/problems/backend-unreadable");
    let why = problem["detail"].as_str().unwrap();
    assert!(why.contains("broken JSON where data was expected: [{"), "{why}");
}

#[test]
fn a_long_period_is_asked_for_in_spans_of_ninety_days() {
    let mut spans = Vec::new();
    let mut server = |call: &Call| {
        if call.url.contains("requests.json") && param(&call.url, "page").as_deref() == Some("1") {
            spans.push((param(&call.url, "start_date").unwrap(), param(&call.url, "end_date").unwrap()));
        }
        good(&json!([]))
    };
    ask(&installation(&config()), Request::get("/cases").with("from", "2025-09-01T00:00:00+08:00"), &mut server);
    assert_eq!(spans.len(), 3, "{spans:?}");
    assert_eq!(spans[0].0, spans[1].1, "without a gap");
    assert!(spans[2].0.starts_with("2025-09-01"));
}

#[test]
fn what_is_open_counts_as_received_and_what_is_closed_as_settled() {
    let body = json!([request(&json!("1"), "open"), request(&json!("2"), "closed")]);
    let resources = json!({"backends": {"default": {"dialect": "georeport", "base": "/proxy/311"}}, "resources": {}});
    let mut server = |call: &Call| if call.url.contains("page=1") { good(&body) } else { good(&json!([])) };
    let query =
        Request::get("/statistics").with("from", "2026-02-01T00:00:00+08:00").with("to", "2026-03-01T00:00:00+08:00");
    let told = ask(&installation(&resources), query, &mut server);
    assert_eq!((&told["figures"]["received"], &told["figures"]["settled"]), (&json!(2), &json!(1)), "{told}");
}

#[test]
fn a_server_that_ignores_paging_is_asked_twice_and_not_for_ever() {
    let body = json!((0..150).map(|id| request(&json!(id), "open")).collect::<Vec<_>>());
    let all = installation(&config());
    let mut calls = 0;
    let mut server = |_: &Call| {
        calls += 1;
        good(&body)
    };
    let first = ask(&all, Request::get("/cases").with("limit", 100), &mut server);
    let second = ask(
        &all,
        Request::get("/cases").with("limit", 100).with("cursor", first["next"].as_str().unwrap()),
        &mut server,
    );
    assert_eq!((first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()), (100, 50));
    assert_eq!(second["next"], Value::Null);
    assert!(calls < 8, "{calls}");
}

fn definition() -> Value {
    json!({"service_code": "006", "attributes": [
        {"variable": true, "code": "WHEN", "datatype": "datetime", "required": "false", "order": 2, "description": "什么时候"},
        {"variable": "true", "code": "KIND", "datatype": "singlevaluelist", "required": true, "order": 1, "description": "哪一种",
            "values": [{"key": 1, "name": "不亮"}, {"key": "2", "name": "闪"}]},
        {"variable": false, "code": "NOTE", "datatype": "text", "order": 3, "description": "请勿触碰"}]})
}

#[test]
fn attributes_become_questions_in_their_order() {
    let all = installation(&config());
    let services = json!({"services": [{"service_code": "006", "service_name": "路灯", "metadata": "true"}]});
    let list = ask(&all, Request::get("/services"), &mut |_: &Call| good(&services));
    assert_eq!(list["items"][0]["has_questions"], true);
    let service = ask(&all, Request::get("/services/006"), &mut |_: &Call| good(&definition()));
    assert_eq!(each(&service, "/questions", "/code"), ["KIND", "WHEN", "NOTE"]);
    assert_eq!(each(&service, "/questions", "/kind"), ["one_of", "datetime", "text"]);
    assert_eq!(service["questions"][0]["choices"][0], json!({"key": "1", "name": "不亮"}));
    assert_eq!(
        (&service["questions"][2]["asked"], &service["questions"][0]["required"]),
        (&json!(false), &json!(true))
    );
    let settings = ask(&all, Request::get("/config"), &mut |_: &Call| good(&services));
    assert_eq!(settings["categories"][0]["name"]["zh"], "路灯", "its services are the categories");
}

#[test]
fn a_report_is_created_with_a_number_or_a_token_and_tracked() {
    let all = installation(&config());
    let body = json!({"category": "006", "description": "灯坏了", "at": [113.95, 22.75], "answers": {"KIND": ["1", "2"], "WHEN": "昨晚"}}).to_string();
    let mut form = String::new();
    let mut server = |call: &Call| -> Outcome {
        match (call.method, call.url.rsplit('/').next().unwrap()) {
            (Method::Post, _) => {
                form = call.body.clone().unwrap();
                text(201, r#"[{"token": "tok", "service_notice": "三天内"}]"#)
            }
            (_, "tok.json") => good(&json!([{"token": "tok", "service_request_id": 42}])),
            (_, "42.json") => good(&json!([request(&json!(42), "in_progress")])),
            (_, other) => panic!("{other}"),
        }
    };
    let created = ask(&all, Request::post("/reports", body.clone()), &mut server);
    assert_eq!((&created["number"], &created["token"]), (&Value::Null, &json!("tok")));
    let state = ask(&all, Request::get("/reports/token:tok"), &mut server);
    assert_eq!((&state["number"], &state["state"]), (&json!("42"), &json!("handling")));
    for part in [
        "service_code=006",
        "lat=22.750000",
        "long=113.950000",
        "attribute%5BKIND%5D%5B%5D=1",
        "attribute%5BKIND%5D%5B%5D=2",
        "attribute%5BWHEN%5D=",
    ] {
        assert!(form.contains(part), "{part} in {form}");
    }
    let made = ask(&all, Request::post("/reports", body.clone()), &mut |_: &Call| {
        good(&json!({"service_requests": [{"service_request_id": 0}]}))
    });
    assert_eq!(made["number"], "0", "a number that is falsy is a number");
    let problem = refused(&all, Request::post("/reports", body), &mut |_: &Call| {
        text(400, r#"[{"code":400,"description":"api_key missing"}]"#)
    });
    assert!(problem["detail"].as_str().unwrap().contains("api_key missing"));
    let long = json!({"category": "006", "description": "字".repeat(4_001)}).to_string();
    let problem = refused(&all, Request::post("/reports", long), &mut |_: &Call| panic!("it is not sent"));
    assert_eq!(problem["errors"][0]["pointer"], "/description");
}

/// A service that asks for some of several, a number and lines.
fn trees() -> Value {
    json!({"service_code": "004", "attributes": [
        {"variable": true, "code": "NEAR", "datatype": "text", "required": false, "order": 3, "description": "靠近什么"},
        {"variable": true, "code": "COUNT", "datatype": "number", "required": true, "order": 2, "description": "有几棵"},
        {"variable": true, "code": "HARM", "datatype": "MultiValueList", "required": true, "order": 1, "description": "妨碍了什么",
            "datatype_description": "可选多项", "values": [{"key": "walk", "name": "人行道"}, {"key": "wire", "name": "电线"}]}]})
}

/// The same in XML.
const TREES: &str = "<service_definition><service_code>004</service_code><attributes>\
    <attribute><variable>true</variable><code>NEAR</code><datatype>text</datatype><required>false</required>\
    <order>3</order><description>靠近什么</description></attribute>\
    <attribute><variable>true</variable><code>COUNT</code><datatype>number</datatype><required>true</required>\
    <order>2</order><description>有几棵</description></attribute>\
    <attribute><variable>true</variable><code>HARM</code><datatype>multivaluelist</datatype><required>true</required>\
    <order>1</order><description>妨碍了什么</description><datatype_description>可选多项</datatype_description>\
    <values><value><key>walk</key><name>人行道</name></value><value><key>wire</key><name>电线</name></value></values>\
    </attribute></attributes></service_definition>";

#[test]
fn some_of_several_are_a_question_with_choices_in_json_and_in_xml() {
    let all = installation(&config());
    for body in [trees().to_string(), TREES.to_owned()] {
        let service = ask(&all, Request::get("/services/004"), &mut |_: &Call| text(200, &body));
        assert_eq!(each(&service, "/questions", "/code"), ["HARM", "COUNT", "NEAR"], "{body}");
        assert_eq!(each(&service, "/questions", "/kind"), ["some_of", "number", "text"], "{body}");
        assert_eq!(each(&service, "/questions", "/required"), ["true", "true", "false"], "{body}");
        assert_eq!(each(&service, "/questions", "/asked"), ["true"; 3], "{body}");
        let question = &service["questions"][0];
        assert_eq!((&question["text"], &question["hint"]), (&json!("妨碍了什么"), &json!("可选多项")), "{body}");
        let choices = json!([{"key": "walk", "name": "人行道"}, {"key": "wire", "name": "电线"}]);
        assert_eq!(question["choices"], choices, "{body}");
    }
}

#[test]
fn some_of_several_are_sent_as_a_list_even_where_it_is_one_and_none_are_not_sent() {
    let all = installation(&config());
    let sent_of = |answers: Value| {
        let report = json!({"category": "004", "description": "树倒了", "at": [113.95, 22.75], "answers": answers});
        let mut form = String::new();
        ask(&all, Request::post("/reports", report.to_string()), &mut |call: &Call| {
            form = call.body.clone().unwrap();
            good(&json!([{"service_request_id": 7}]))
        });
        let attributes = form.split('&').filter(|pair| pair.starts_with("attribute"));
        attributes.map(str::to_owned).collect::<Vec<_>>()
    };
    let harm = |key: &str| format!("attribute%5BHARM%5D%5B%5D={key}");
    assert_eq!(sent_of(json!({"HARM": ["wire", "walk"]})), [harm("wire"), harm("walk")], "in the order of the choice");
    assert_eq!(sent_of(json!({"HARM": ["wire"]})), [harm("wire")]);
    assert!(sent_of(json!({"HARM": []})).is_empty());
    let beside = sent_of(json!({"COUNT": "2", "HARM": ["walk"]}));
    assert!(beside.contains(&"attribute%5BCOUNT%5D=2".to_owned()) && beside.contains(&harm("walk")), "{beside:?}");
    assert_eq!(beside.len(), 2, "{beside:?}");
}

#[test]
fn steps_come_from_updates_where_the_server_has_them() {
    let all = installation(&config());
    let updates = json!({"service_request_updates": [
        {"update_id": 2, "status": "fixed", "updated_datetime": "2026-02-22T08:00:00Z", "description": "修好了"},
        {"update_id": 1, "status": "investigating", "updated_datetime": "2026-02-21T08:00:00Z"}]});
    let one = |call: &Call| {
        let about = if call.url.contains("updates") { updates.clone() } else { json!([request(&json!(1), "open")]) };
        good(&about)
    };
    let steps = ask(&all, Request::get("/cases/1/events"), &mut |call: &Call| one(call));
    assert_eq!(each(&steps, "", "/to"), ["accepted", "resolved"]);
    let steps = ask(&all, Request::get("/cases/1/events"), &mut |call: &Call| {
        if call.url.contains("updates") { text(404, "") } else { good(&json!([request(&json!(1), "open")])) }
    });
    assert_eq!(each(&steps, "", "/to"), ["reported"], "what the case itself tells");
}

#[test]
fn a_page_beyond_the_last_that_does_not_exist_is_the_end_of_the_list() {
    let row = |id: u32| json!({"service_request_id": id, "status": "open", "service_code": "1", "requested_datetime": "2026-02-20T08:00:00Z"});
    let mut asked = 0;
    let list = ask(&installation(&config()), Request::get("/cases").with("limit", 9), &mut |call: &Call| {
        asked += 1;
        if param(&call.url, "page").as_deref() == Some("1") {
            good(&json!([row(1), row(2)]))
        } else {
            text(404, "Invalid page.")
        }
    });
    assert_eq!(each(&list, "/items", "/number"), ["1", "2"]);
    assert!(asked <= 3, "{asked} questions");
}

#[test]
fn no_step_of_a_case_is_left_out() {
    let all = installation(&config());
    let steps_of = |updates: &Value| {
        super::talk(&all, Request::get("/cases/1/events"), &mut |call: &Call| {
            good(&if call.url.contains("updates") { updates.clone() } else { json!([request(&json!(1), "open")]) })
        })
        .0
    };
    let update =
        |status: &str, at: &str| json!({"status": status, "updated_datetime": at, "description": "看过 13812345678"});
    let known = update("investigating", "2026-02-21T08:00:00Z");
    let answer =
        steps_of(&json!([known, update("外星", "2026-02-22T08:00:00Z"), update("fixed", "2026-02-23T08:00:00Z")]));
    let steps: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(each(&steps, "", "/to"), ["accepted", "accepted", "resolved"], "{steps}");
    let note = steps[1]["note"].as_str().unwrap();
    assert!(note.contains("看过") && note.contains("“外星”") && !note.contains("1381234"), "{note}");
    for updates in [json!([known, update("fixed", "gestern")]), json!({"error": {"code": 1}})] {
        let answer = steps_of(&updates);
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["type"], "/problems/backend-unreadable", "{updates}: {problem}");
    }
}

#[test]
fn a_question_that_cannot_be_asked_is_said_to_be_there() {
    let all = installation(&config());
    let ask_of = |nameless: &Value| {
        let definition = json!({"service_code": "006", "attributes": [{"code": "KIND", "datatype": "text"}, nameless]});
        let (answer, _) = super::talk(&all, Request::get("/services/006"), &mut |_: &Call| good(&definition));
        (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap())
    };
    let (_, optional) = ask_of(&json!({"datatype": "text", "description": "几层"}));
    assert_eq!(
        (each(&optional, "/questions", "/code"), &optional["refused"]["count"]),
        (vec!["KIND".to_owned()], &json!(1))
    );
    let (_, told) = ask_of(&json!({"variable": "false", "required": "true", "description": "请勿触碰"}));
    assert_eq!(each(&told, "/questions", "/text"), ["", "请勿触碰"], "what only informs needs no name: {told}");
    let (status, problem) = ask_of(&json!({"datatype": "text", "required": "1"}));
    assert!(status >= 400 && problem["detail"].as_str().unwrap().contains("no code"), "{problem}");
}

/// A server of mySociety's kind: updates of all cases by dates alone.
fn by_dates(call: &Call, is_strict: bool, updates: &Value) -> Outcome {
    if !call.url.contains("updates") {
        return good(&json!([request(&json!(1), "open")]));
    }
    let asks_by_id = param(&call.url, "service_request_id").is_some();
    if is_strict && asks_by_id {
        return text(400, "[{\"code\": 400, \"description\": \"unexpected arg: service_request_id\"}]");
    }
    assert!(param(&call.url, "start_date").is_some() && param(&call.url, "end_date").is_some(), "{}", call.url);
    good(updates)
}

#[test]
fn steps_of_other_cases_are_not_this_ones() {
    let all = installation(&config());
    let update = |of: &str, status: &str, day: u32| {
        json!({"update_id": day, "service_request_id": of, "status": status,
            "updated_datetime": format!("2026-02-{day}T08:00:00Z"), "description": format!("说给 {of}")})
    };
    let updates = json!([update("2", "fixed", 21), update("1", "investigating", 22), update("7", "closed", 23)]);
    for is_strict in [false, true] {
        let mut server = |call: &Call| by_dates(call, is_strict, &updates);
        let steps = ask(&all, Request::get("/cases/1/events"), &mut server);
        assert_eq!(each(&steps, "", "/to"), ["accepted"], "{is_strict}");
        assert!(!steps.to_string().contains("说给 2") && steps[0].get("case").is_none(), "{steps}");
    }
    // Of a case that nobody has said anything about, its own instants tell.
    let others = json!([update("2", "fixed", 21)]);
    let steps = ask(&all, Request::get("/cases/1/events"), &mut |call: &Call| by_dates(call, true, &others));
    assert_eq!(each(&steps, "", "/to"), ["reported"]);
    // Where all are given, one that names nobody, or nobody that can be read, is not taken for this case's.
    let mut nobody = json!([update("", "fixed", 21), update("1", "fixed", 22)]);
    nobody[0]["service_request_id"] = json!({"id": 1});
    let steps = ask(&all, Request::get("/cases/1/events"), &mut |call: &Call| by_dates(call, true, &nobody));
    assert_eq!(each(&steps, "", "/at"), ["2026-02-22T08:00:00+00:00"]);
    // Whoever knows cases and no dates, or a proxy that lets none through, is asked by the case alone.
    let mut asked = Vec::new();
    let steps = ask(&all, Request::get("/cases/1/events"), &mut |call: &Call| {
        asked.push(call.url.clone());
        let is_dated = param(&call.url, "start_date").is_some();
        if is_dated {
            text(403, "")
        } else {
            good(&json!([if call.url.contains("updates") {
                update("1", "fixed", 22)
            } else {
                request(&json!(1), "open")
            }]))
        }
    });
    assert_eq!(each(&steps, "", "/to"), ["resolved"], "{asked:?}");
    // A server that fails is not one that has none.
    let failing =
        |call: &Call| if call.url.contains("updates") { text(500, "") } else { by_dates(call, true, &others) };
    assert_eq!(refused(&all, Request::get("/cases/1/events"), &mut { failing })["status"], 502);
}
