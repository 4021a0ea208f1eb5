//! Nothing restricted and no number of anybody's is in any answer, and where it cannot be told, nothing is.

use fengtu_dialects::{Call, Request};
use serde_json::{Value, json};

use super::{ask, good, installation, refused, text};

fn config(mapping: &Value) -> Value {
    json!({"backends": {"default": {"dialect": "georeport", "base": "/x", "mapping": mapping}}, "resources": {}})
}

fn record() -> Value {
    json!({"service_request_id": "7", "status": "closed", "service_code": "006", "service_name": "灯坏了 13812345678",
        "requested_datetime": "2026-02-20T08:00:00Z", "status_notes": "已联系张先生 13987654321", "agency_responsible": "市政 0755-88886666",
        "description": "身份证 44030119900101123X", "address": "公园路1号3栋502房", "secret": "restricted", "lat": 22.75, "long": 113.95})
}

#[test]
fn tracking_a_report_tells_nothing_of_anybody() {
    let told =
        ask(&installation(&config(&json!({}))), Request::get("/reports/7"), &mut |_: &Call| good(&json!([record()])));
    let whole = told.to_string();
    for number in ["13812345678", "13987654321", "88886666", "440301199001", "502"] {
        assert!(!whole.contains(number), "{number}: {whole}");
    }
    assert!(whole.contains("灯坏了") && whole.contains("已联系") && told["state"] == "resolved", "{whole}");
}

#[test]
fn a_report_of_a_restricted_matter_is_nowhere() {
    let field = json!({"at": "/service_code", "table": {"006": "mediation.domestic_violence"}});
    let secret = json!({"sensitivity": "/secret"});
    let unknown = json!({"sensitivity": {"at": "/status"}});
    let strange = json!({"category": {"at": "/service_code", "table": {"1": "legal"}}});
    for mapping in [
        json!({"resources": {"reports": {"fields": {"category": field.clone()}}}}),
        // The reports' own mapping says nothing of it; the cases of the same server do.
        json!({"resources": {"cases": {"fields": {"category": field}}}}),
        json!({"resources": {"cases": {"fields": secret.clone()}}}),
        json!({"resources": {"reports": {"fields": secret}}}),
        json!({"resources": {"cases": {"fields": unknown}}}),
        json!({"resources": {"cases": {"fields": strange}}}),
    ] {
        let mut odd = record();
        odd["status"] = json!("外星");
        // One that cannot be read does not tell either that it is there.
        for report in [record(), odd] {
            let problem = refused(&installation(&config(&mapping)), Request::get("/reports/7"), &mut |_: &Call| {
                good(&json!([report]))
            });
            assert_eq!(problem["type"], "/problems/not-found", "{mapping}");
            assert!(!problem.to_string().contains("灯坏了"));
        }
    }
}

#[test]
fn whoever_maps_restricted_records_sees_that_there_are_some() {
    let kinds = json!({"at": "/service_code", "table": {"006": "mediation.domestic_violence", "1": "legal"}});
    let mapping = json!({"resources": {"cases": {"fields": {"category": kinds}}}});
    let mut open = record();
    (open["service_code"], open["service_request_id"]) = (json!("1"), json!("8"));
    (open["description"], open["status_notes"]) = (json!("路灯"), json!("已联系"));
    for resource in ["cases", "reports"] {
        let look = |records: &Value| {
            ask(&installation(&config(&mapping)), Request::get(format!("/sample/{resource}")), &mut |_: &Call| {
                good(records)
            })
        };
        let both = look(&json!([record(), open]));
        assert_eq!((&both["records"], both["rows"].as_array().unwrap().len()), (&json!(2), 1), "{resource}: {both}");
        assert!(!both.to_string().contains("13987654321"), "{both}");
        assert!(!both.to_string().contains("\\\"7\\\""), "{both}");
        assert!(both["why"].as_object().unwrap().keys().any(|why| why.contains("shown to nobody")), "{both}");
        let alone = look(&json!([record()]));
        assert!(!alone.to_string().contains("1398765"), "{alone}");
    }
}

#[test]
fn an_answer_whose_list_is_not_found_shows_what_it_is_made_of() {
    let mapping = json!({"records": "/elsewhere"});
    let odd = json!({"code": 500, "msg": "no", "data": {"list": [record(), record()]}});
    let read = ask(&installation(&config(&mapping)), Request::get("/sample/cases"), &mut |_: &Call| good(&odd));
    let answer = read["answer"].as_str().unwrap();
    assert!(answer.contains("[2 × {") && answer.contains("service_request_id") && answer.contains("no"), "{answer}");
    assert!(!answer.contains("1398765"), "{answer}");
    for odd in [json!({"data": {"7": record()}}), record()] {
        let read = ask(&installation(&config(&mapping)), Request::get("/sample/cases"), &mut |_: &Call| good(&odd));
        assert!(!read.to_string().contains("1398765"), "{read}");
    }
}

#[test]
fn a_word_of_sensitivity_that_the_mapping_lacks_is_told_to_whoever_maps_it() {
    let mapping = json!({"resources": {"cases": {"fields": {"sensitivity": "/level"}}}});
    let mut one = record();
    one["level"] = json!("一般");
    let read =
        ask(&installation(&config(&mapping)), Request::get("/sample/cases"), &mut |_: &Call| good(&json!([one])));
    let whys: Vec<&String> = read["why"].as_object().unwrap().keys().collect();
    assert!(whys.iter().any(|why| why.starts_with("sensitivity: ") && why.contains("一般")), "{whys:?}");
    assert!(!read.to_string().contains("1398765"), "{read}");
}

#[test]
fn a_record_of_a_kind_that_is_not_known_is_not_shown_and_its_word_is_told() {
    let table = json!({"at": "/service_code", "table": {"1": "legal"}});
    let plain = json!({"at": "/kind"});
    let both = ["cases", "reports"].as_slice();
    for (category, kind, told, resources) in [
        (&table, json!(null), "对应表中没有“006”", both),
        // The reports' own mapping reads it elsewhere.
        (&plain, json!(null), "no category can be read", &["cases"]),
        (&plain, json!("家暴"), "本区没有类别“家暴”", &["cases"]),
        (&plain, json!("mediation.domestic_violence.spouse"), "shown to nobody", both),
    ] {
        let mapping = json!({"resources": {"cases": {"fields": {"category": category}}}});
        let mut one = record();
        one["kind"] = kind.clone();
        for &resource in resources {
            let read =
                ask(&installation(&config(&mapping)), Request::get(format!("/sample/{resource}")), &mut |_: &Call| {
                    good(&json!([one]))
                });
            let whys: Vec<&String> = read["why"].as_object().unwrap().keys().collect();
            assert!(whys.iter().any(|why| why.contains(told)), "{kind} {resource}: {whys:?}");
            assert!(!read.to_string().contains("1398765"), "{kind} {resource}: {read}");
            assert!(read["answer"].as_str().unwrap().contains("service_code"), "what it is made of: {read}");
        }
    }
}

#[test]
fn what_the_server_says_to_whoever_reports_has_no_numbers() {
    let body = json!({"category": "006", "description": "灯坏了", "at": [113.95, 22.75]}).to_string();
    let made = ask(&installation(&config(&json!({}))), Request::post("/reports", body), &mut |_: &Call| {
        good(&json!([{"service_request_id": "7", "service_notice": "由李四 13812345678 处理"}]))
    });
    assert_eq!(made["number"], "7");
    assert!(!made.to_string().contains("13812345678"), "{made}");
}

#[test]
fn steps_name_offices_without_numbers() {
    let mapping = json!({"resources": {"cases": {"events": {"fields": {"by": "/who"}}}}});
    let steps = ask(&installation(&config(&mapping)), Request::get("/cases/7/events"), &mut |call: &Call| {
        good(&if call.url.contains("updates") {
            json!([{"status": "fixed", "updated_datetime": "2026-02-22T08:00:00Z", "who": "网格员 13812345678", "description": "电话 13987654321"}])
        } else {
            json!([record()])
        })
    });
    assert!(!steps.to_string().contains("1381234") && !steps.to_string().contains("1398765"), "{steps}");
    assert_eq!(steps[0]["to"], "resolved");
}

#[test]
fn the_words_of_an_error_have_no_numbers_of_anybody() {
    let key = "Key (telephone)=(13812345678) already exists";
    let (long, short) = ("字".repeat(284), "字".repeat(49));
    let fields =
        json!({"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": "/t"});
    for (status, body) in [
        (409, json!({"message": key}).to_string()),
        (500, key.to_owned()),
        (400, format!("{long}13812345678")),
        (200, format!("{{\"{short}\": 13812345678")),
        (200, json!({"code": 500, "msg": key}).to_string()),
        (200, json!({"code": 500, "msg": format!("{long}13812345678")}).to_string()),
    ] {
        let all = installation(&json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": "ruoyi",
            "mapping": {"datum": "WGS84", "resources": {"cases": {"list": "/c", "fields": fields}}}}}, "resources": {}}));
        let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| text(status, &body)).to_string();
        let about = ask(&all, Request::get("/backends"), &mut |_: &Call| panic!("nobody is asked")).to_string();
        for told in [&problem, &about] {
            assert!(!told.contains("138"), "{status} {body}: {told}");
        }
        assert!(problem.contains(if body.contains("Key") { "Key (telephone)" } else { "字" }), "{problem}");
    }
}

/// Settings of our own server, cases of another.
fn mixed() -> Value {
    json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"}, "c": {"dialect": "georeport", "base": "/c"}},
        "resources": {"cases": "c", "live": "c", "statistics": "c", "heat": "c", "reports": "c"}})
}

#[test]
fn without_settings_nobody_knows_what_is_restricted_and_nothing_is_shown() {
    for said in [text(503, ""), text(200, "<html>"), good(&json!({"categories": "?"}))] {
        let all = installation(&mixed());
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.starts_with("/api/v1/config") => said.clone(),
            url if url.starts_with("/api/v1/") => text(503, ""),
            _ => good(&json!([record()])),
        };
        for path in
            ["/cases", "/cases/7", "/cases/7/events", "/statistics", "/heat/points", "/heat", "/reports/7", "/snapshot"]
        {
            let problem = refused(&all, Request::get(path), &mut server);
            assert!(problem["detail"].as_str().unwrap().contains("settings"), "{path}: {problem}");
            assert!(!problem.to_string().contains("灯坏了"), "{path}");
        }
    }
}

#[test]
fn the_last_settings_hold_where_they_cannot_be_read_anew() {
    let all = installation(&mixed());
    let mut own: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/config.json")).unwrap();
    let kind = json!({"id": "006", "parent": null, "name": {"zh": "特", "en": "s"}, "sensitivity": "restricted"});
    own["categories"].as_array_mut().unwrap().push(kind);
    let mut is_up = true;
    for now in ["2026-03-01T09:00:00+08:00", "2026-03-01T12:00:00+08:00"] {
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.starts_with("/api/v1/config") && is_up => good(&own),
            url if url.starts_with("/api/v1/") => text(503, ""),
            _ => good(&json!([record()])),
        };
        let (answer, _) = super::talk_at(&all, now, Request::get("/cases"), &mut server);
        let list: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((&list["items"], &list["refused"]["count"]), (&json!([]), &json!(1)), "{now}: {list}");
        assert!(!list["refused"]["reasons"][0].as_str().unwrap().contains('7'), "nor its number: {list}");
        is_up = false;
    }
}

/// What is told of records that were not taken: in the answer, and to whoever asks how the backends do.
fn reasons(config: &Value, path: &str, records: &Value) -> (Value, String) {
    let all = installation(config);
    let list = ask(&all, Request::get(path), &mut |_: &Call| good(records));
    let about = ask(&all, Request::get("/backends"), &mut |_: &Call| panic!("nobody is asked"));
    (list["refused"].clone(), format!("{} {about}", list["refused"]))
}

#[test]
fn why_a_record_was_not_taken_has_nothing_of_anybody() {
    for (field, value, shown) in [
        ("status", json!("已联系张先生 13987654321"), "state"),
        ("status", json!("张三丰与李四光因邻里噪声多次争吵，今日再访"), "state"),
        ("status", json!(13_987_654_321_u64), "state"),
        ("requested_datetime", json!("张先生 13987654321"), "reported_at"),
        ("requested_datetime", json!(13_987_654_321_u64), "reported_at"),
        ("status", json!("外星"), "外星"),
    ] {
        let mut case = record();
        case[field] = value.clone();
        let (refused, whole) = reasons(&config(&json!({})), "/cases", &json!([case]));
        assert_eq!(refused["count"], 1, "{value}");
        assert!(!whole.contains("1398765") && !whole.contains('张'), "{value}: {whole}");
        assert!(whole.contains(shown), "the field, and a short word of a table: {whole}");
    }
}

#[test]
fn a_restricted_case_that_cannot_be_read_or_drawn_is_counted_and_no_more() {
    let kinds = json!({"at": "/service_code", "table": {"006": "mediation.domestic_violence", "007": "legal"}});
    let mapping = json!({"resources": {"cases": {"fields": {"category": kinds, "sensitivity": {"at": "/secret", "else": "restricted"}}}}});
    let told = |field: &str, value: Value| {
        let mut case = record();
        case["service_request_id"] = json!("SR-7");
        case[field] = value;
        case
    };
    let mut other = record();
    other["service_request_id"] = json!("SR-7");
    for (records, count) in [
        (json!([told("status", json!("外星"))]), 1),
        (json!([told("lat", json!("x"))]), 1),
        (json!([told("lat", json!(2.5))]), 1),
        (json!([told("description", json!("甲")), other]), 2),
    ] {
        let (refused, whole) = reasons(&config(&mapping), "/cases", &records);
        assert_eq!(refused["count"], count, "{records}: {refused}");
        for word in ["SR-7", "外星", "2.5"] {
            assert!(!whole.contains(word), "{word}: {whole}");
        }
    }
    let problem = refused(&installation(&config(&mapping)), Request::get("/cases/SR-7"), &mut |_: &Call| {
        good(&json!([told("status", json!("外星"))]))
    });
    assert_eq!(problem["type"], "/problems/not-found", "nor does it answer otherwise than one that is not there");
}

#[test]
fn no_step_is_taken_on_a_case_that_is_shown_to_nobody() {
    let step = json!({"to": "POST /r/{id}/accept", "body": {"why": "{reason}"}, "needs": ["reason"]});
    let step_of = |secret: &str, body: &str, is_there: bool| {
        let fields = json!({"category": {"value": "legal"}, "sensitivity": {"value": secret}});
        let all =
            installation(&config(&json!({"resources": {"cases": {"fields": fields, "actions": {"accept": step}}}})));
        let mut posted = 0;
        let (answer, _) = super::talk(&all, Request::post("/cases/7/actions/accept", body), &mut |call: &Call| {
            posted += usize::from(call.method == fengtu_dialects::Method::Post);
            if is_there { good(&json!([record()])) } else { text(404, "") }
        });
        let kind = serde_json::from_slice::<Value>(&answer.body).map_or(Value::Null, |body| body["type"].clone());
        (answer.status, posted, kind)
    };
    let said = r#"{"reason": "好"}"#;
    assert_eq!(step_of("public", said, true), (204, 1, Value::Null));
    let hidden = step_of("restricted", said, true);
    assert_eq!((hidden.0, hidden.1), (404, 0), "{hidden:?}");
    assert_eq!(hidden, step_of("public", said, false), "it answers as one that is not there");
    assert_eq!(step_of("public", r#"{"reason": " "}"#, true).0, 422, "what a step needs is asked for");
    assert_eq!(step_of("public", "{}", true).1, 0);
}
