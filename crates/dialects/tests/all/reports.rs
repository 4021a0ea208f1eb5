//! A resident's report: what it takes and needs, what the server says of it, and that none is made twice.

use fengtu_dialects::{Call, Method, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, refused, text};

fn georeport() -> Value {
    json!({"backends": {"default": {"dialect": "georeport", "base": "/proxy/311"}}, "resources": {}})
}

fn report(more: &Value) -> String {
    let mut report = json!({"category": "006", "description": "灯坏了", "at": [113.95, 22.75]});
    for (name, value) in more.as_object().unwrap() {
        report[name] = value.clone();
    }
    report.to_string()
}

fn theirs(id: &str, description: &str, at: &str) -> Value {
    json!({"service_request_id": id, "status": "open", "service_code": "006", "description": description,
        "requested_datetime": at, "lat": 22.750_1, "long": 113.95})
}

#[test]
fn what_a_report_takes_and_needs_is_told_and_held() {
    let all = installation(&georeport());
    let services = ask(&all, Request::get("/services"), &mut |_| good(&json!([])));
    assert_eq!(services["needs"], json!(["place", "description"]));
    for member in ["at", "address", "description", "name", "telephone", "email"] {
        assert!(services["takes"].as_array().unwrap().contains(&json!(member)), "{member}: {services}");
    }
    for (lacking, pointer) in [(json!({"at": null}), "/place"), (json!({"description": " "}), "/description")] {
        let problem = refused(&all, Request::post("/reports", report(&lacking)), &mut |call: &Call| panic!("{call:?}"));
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let with_words = json!({"at": null, "address": "公园路 1 号"});
    let made =
        ask(&all, Request::post("/reports", report(&with_words)), &mut |_| good(&json!([{"service_request_id": "7"}])));
    assert_eq!(made["number"], "7", "an address is a place");
}

#[test]
fn the_word_of_the_server_for_whoever_wrote_is_passed_on() {
    let all = installation(&georeport());
    let xml = "<service_requests><request><service_request_id>7</service_request_id><service_notice>三天内答复</service_notice></request></service_requests>";
    for body in [json!([{"service_request_id": 7, "service_notice": "三天内答复"}]).to_string(), xml.to_owned()] {
        let made = ask(&all, Request::post("/reports", report(&json!({}))), &mut |_| text(201, &body));
        assert_eq!((&made["number"], &made["notice"]), (&json!("7"), &json!("三天内答复")));
    }
    let answer = json!([{"service_request_id": "7", "status": "closed", "service_code": "006", "requested_datetime": "2026-02-20T08:00:00Z",
        "updated_datetime": "2026-02-21T08:00:00Z", "expected_datetime": "2026-02-23T08:00:00Z", "status_notes": "已更换灯泡", "agency_responsible": "市政"}]);
    let told = ask(&all, Request::get("/reports/7"), &mut |_| good(&answer));
    assert_eq!(
        (&told["state"], &told["note"], &told["office"]),
        (&json!("resolved"), &json!("已更换灯泡"), &json!("市政"))
    );
    assert_eq!(told["updated_at"], "2026-02-21T08:00:00+00:00");
    assert!(told["expected_at"].is_string());
}

#[test]
fn what_arrived_the_first_time_is_not_made_a_second_time() {
    let all = installation(&georeport());
    let again = report(&json!({"sent_at": "2026-03-01T09:29:00+08:00"}));
    let there = json!([
        theirs("8", "别的事", "2026-03-01T09:29:10+08:00"),
        theirs("9", "灯坏了", "2026-03-01T09:29:05+08:00"),
        theirs("1", "灯坏了", "2026-02-01T09:29:05+08:00"),
    ]);
    let mut posts = 0;
    let mut server = |call: &Call| {
        posts += usize::from(call.method == Method::Post);
        good(&if call.method == Method::Post { json!([{"service_request_id": "10"}]) } else { there.clone() })
    };
    let found = ask(&all, Request::post("/reports", again.clone()), &mut server);
    assert_eq!((&found["number"], &found["was_there"]), (&json!("9"), &json!(true)));
    let far = report(&json!({"sent_at": "2026-03-01T09:29:00+08:00", "at": [113.96, 22.75]}));
    assert_eq!(
        ask(&all, Request::post("/reports", far), &mut server)["number"],
        "10",
        "the same words about another place"
    );
    let first = report(&json!({}));
    assert_eq!(ask(&all, Request::post("/reports", first), &mut server)["number"], "10");
    assert_eq!(posts, 2);
    let mut closed = |call: &Call| {
        if call.method == Method::Post { good(&json!([{"service_request_id": "11"}])) } else { text(403, "") }
    };
    let made = ask(&all, Request::post("/reports", again.clone()), &mut closed);
    assert_eq!(made["number"], "11", "a list that nobody may read hinders nobody");
    let mut down = |call: &Call| {
        assert_eq!(call.method, Method::Get, "nothing is sent while nobody knows whether it is there");
        text(500, "")
    };
    refused(&all, Request::post("/reports", again), &mut down);
}

#[test]
fn a_kind_that_the_table_translates_is_found_again() {
    let mut config = georeport();
    let table = json!({"fields": {"category": {"at": "/service_code", "table": {"006": "complaints.city"}, "else": "complaints"}}});
    config["backends"]["default"]["mapping"] = json!({"resources": {"reports": table}});
    let all = installation(&config);
    let again = report(&json!({"sent_at": "2026-03-01T09:29:00+08:00"}));
    let there = json!([theirs("9", "灯坏了", "2026-03-01T09:29:05+08:00")]);
    let found = ask(&all, Request::post("/reports", again), &mut |call: &Call| {
        assert_eq!(call.method, Method::Get);
        good(&there)
    });
    assert_eq!(found["number"], "9");
}

#[test]
fn where_a_mapping_creates_cases_the_categories_are_what_can_be_reported() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/proxy/oa", "mapping": {"utc_offset": "+08:00", "datum": "WGS84",
        "resources": {"cases": {"list": "/cases", "one": "/cases/{id}",
            "fields": {"number": "/id", "title": "/t", "category": {"at": "/kind", "table": {"w": "mediation.wages"}}, "state": {"value": "reported"}, "reported_at": "/at"},
            "create": {"to": "POST /cases", "body": {"t": "{description}", "kind": "{category}", "tel": "{telephone}"}, "number": "/id", "needs": ["telephone"]}}}}}},
        "resources": {}});
    let all = installation(&config);
    assert!(all.capabilities("reports").create && all.capabilities("services").read);
    let services = ask(&all, Request::get("/services"), &mut |call: &Call| panic!("{call:?}"));
    assert!(each(&services, "/items", "/code").contains(&"mediation.wages".to_owned()), "{services}");
    assert_eq!(
        (&services["takes"], &services["needs"]),
        (&json!(["category", "description", "telephone"]), &json!(["telephone"]))
    );
    let mut sent = String::new();
    let body = json!({"category": "mediation.wages", "description": "欠薪", "telephone": "075512345678"}).to_string();
    ask(&all, Request::post("/reports", body), &mut |call: &Call| {
        sent = call.body.clone().unwrap();
        good(&json!({"id": 5}))
    });
    assert_eq!(serde_json::from_str::<Value>(&sent).unwrap(), json!({"t": "欠薪", "kind": "w", "tel": "075512345678"}));
}

#[test]
fn another_report_than_was_asked_for_is_not_shown_as_it() {
    let all = installation(&georeport());
    let other = theirs("8", "别人的事", "2026-03-01T08:00:00+08:00");
    let number = json!([{"token": "tok", "service_request_id": "7"}]);
    for path in ["/reports/7", "/reports/token:tok"] {
        let problem = refused(&all, Request::get(path), &mut |call: &Call| {
            good(&if call.url.contains("/tokens/") { number.clone() } else { json!([other]) })
        });
        assert_eq!(problem["type"], "/problems/backend-unreadable", "{path}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("asked for 7") && !detail.contains('8'), "whoever knows a number can follow: {detail}");
    }
    // A server that does not know the question gives all of them.
    let own = theirs("7", "灯坏了", "2026-03-01T08:00:00+08:00");
    let told = ask(&all, Request::get("/reports/7"), &mut |_| good(&json!([other, own])));
    assert_eq!(told["number"], "7");
}

#[test]
fn a_token_gets_its_number_in_whatever_envelope_the_mapping_has() {
    let cases = json!({"list": "/cases", "one": "/cases/{id}", "one_at": "/data", "ids": "/receipts/{token}",
        "fields": {"number": "/caseNo", "category": {"value": "legal"}, "state": {"value": "handling"}, "reported_at": "/at"},
        "create": {"to": "POST /cases", "body": {"t": "{description}"}, "number": "/data/caseNo", "token": "/data/receipt"}});
    let all = installation(&json!({"backends": {"default": {"dialect": "json", "base": "/proxy/oa",
        "mapping": {"utc_offset": "+08:00", "resources": {"cases": cases}}}}, "resources": {}}));
    let mut number = Value::Null;
    for state in ["reported", "handling"] {
        let mut server = |call: &Call| match (call.method, call.url.as_str()) {
            (Method::Post, _) => good(&json!({"data": {"receipt": "r1"}})),
            (_, "/proxy/oa/receipts/r1") => good(&json!({"data": {"caseNo": number}})),
            (_, "/proxy/oa/cases/A-7") => good(&json!({"data": {"caseNo": "A-7", "at": "2026-03-01 09:00:00"}})),
            (_, other) => panic!("{other}"),
        };
        let body = json!({"category": "legal", "description": "欠薪"}).to_string();
        let made = ask(&all, Request::post("/reports", body), &mut server);
        assert_eq!((&made["number"], &made["token"]), (&Value::Null, &json!("r1")));
        let told = ask(&all, Request::get("/reports/token:r1"), &mut server);
        assert_eq!((&told["number"], &told["state"]), (&number, &json!(state)));
        number = json!("A-7");
    }
}
