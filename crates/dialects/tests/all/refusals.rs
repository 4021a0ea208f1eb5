//! Errors inside a 200 to what was written: a report or a step that was refused is not told as taken, nor as unknown.

use fengtu_dialects::{Call, Installation, Method, Request};
use serde_json::{Value, json};

use super::{ask, good, installation, refused, text};

fn georeport() -> Installation {
    installation(&json!({"backends": {"default": {"dialect": "georeport", "base": "/proxy/311"}}, "resources": {}}))
}

/// A server of another kind, with what is changed in how it takes reports.
fn office(create: &Value) -> Value {
    let mut write = json!({"to": "POST /case", "body": {"t": "{description}"}, "number": "/data/no"});
    for (name, value) in create.as_object().unwrap() {
        write[name] = value.clone();
    }
    json!({"backends": {"default": {"dialect": "json", "base": "/proxy/oa", "mapping": {"utc_offset": "+08:00",
        "resources": {"cases": {"list": "/case/list", "one": "/case/{id}", "one_at": "/data",
            "fields": {"number": "/no", "category": {"value": "legal"}, "state": {"value": "handling"}, "reported_at": "/at"},
            "create": write, "actions": {"accept": {"to": "PUT /case/{id}/accept"}}}}}}}, "resources": {}})
}

fn ruoyi() -> Installation {
    let mut config = office(&json!({}));
    config["backends"]["default"]["use"] = json!("ruoyi");
    installation(&config)
}

fn report() -> Request {
    let said = json!({"category": "006", "description": "灯坏了", "address": "公园路 1 号"});
    Request::post("/reports", said.to_string())
}

/// Its type, its status and its words.
fn told(problem: &Value) -> (String, u64, String) {
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (text("type"), problem["status"].as_u64().unwrap(), text("detail"))
}

#[test]
fn a_report_that_open311_refuses_inside_a_200_is_refused() {
    let error = json!({"code": 404, "description": "service_code 006 没有，问 13812345678"});
    let odd = json!({"code": "jurisdiction", "description": "没有这个辖区"});
    let bad = json!({"code": 422, "description": "没有位置"});
    let xml = "<errors><error><code>400</code><description>没有位置</description></error></errors>";
    for (body, status, said) in [
        (json!([error]).to_string(), 404, "service_code"),
        (json!([odd]).to_string(), 400, "没有这个辖区"),
        (json!({"errors": [bad]}).to_string(), 422, "没有位置"),
        (xml.to_owned(), 400, "没有位置"),
    ] {
        let (kind, given, words) = told(&refused(&georeport(), report(), &mut |_| text(200, &body)));
        assert_eq!(given, status, "{body}: {kind} {words}");
        assert!(words.contains(said) && !words.contains("13812345678"), "{words}");
        assert!(status == 404 || kind == "/problems/invalid-value", "{kind}");
    }
}

#[test]
fn words_of_an_error_without_a_number_are_not_told_as_received() {
    let unclear = [
        json!({"success": false, "message": "手机号格式错误"}),
        json!({"error": "手机号格式错误"}),
        json!({"errors": {"phone": ["手机号格式错误"]}}),
        json!({"code": 7, "msg": "手机号格式错误"}),
        json!([{"code": 7, "detail": "手机号格式错误"}]),
    ];
    let unmapped = installation(&office(&json!({"number": []})));
    for body in &unclear {
        for all in [&georeport(), &unmapped] {
            let (kind, status, words) = told(&refused(all, report(), &mut |_| good(body)));
            assert_eq!((kind.as_str(), status), ("/problems/backend-unreadable", 502), "{body}");
            assert!(words.contains("手机号格式错误"), "{words}");
        }
    }
    let (kind, _, words) = told(&refused(&installation(&office(&json!({}))), report(), &mut |_| good(&json!({}))));
    assert_eq!(kind, "/problems/backend-unreadable", "a number was promised: {words}");
}

#[test]
fn what_says_no_error_is_taken_as_before() {
    let fine = json!({"code": 200, "msg": "操作成功", "error": null, "errors": [], "success": true});
    let unmapped = installation(&office(&json!({"number": []})));
    for (all, body) in [(georeport(), String::new()), (georeport(), "[]".to_owned()), (unmapped, fine.to_string())] {
        let made = ask(&all, report(), &mut |_| text(200, &body));
        assert_eq!((&made["number"], &made["token"]), (&Value::Null, &Value::Null), "{body}");
    }
}

#[test]
fn a_code_in_a_good_answer_to_a_write_is_a_refusal() {
    let wrong = json!({"code": 500, "msg": "手机号格式错误"});
    let case = json!({"code": 200, "data": {"no": "A-7", "at": "2026-03-01 09:00:00"}});
    let mut server = |call: &Call| good(if call.method == Method::Get { &case } else { &wrong });
    for request in [report(), Request::post("/cases/A-7/actions/accept", "")] {
        let (kind, status, words) = told(&refused(&ruoyi(), request, &mut server));
        assert_eq!((kind.as_str(), status), ("/problems/invalid-value", 422), "{words}");
        assert!(words.contains("手机号格式错误"), "{words}");
    }
    let (_, status, _) = told(&refused(&ruoyi(), Request::get("/cases/A-7"), &mut |_| good(&wrong)));
    assert_eq!(status, 502, "what was read may have failed");
    let gone = json!({"code": 404, "msg": "没有"});
    assert_eq!(told(&refused(&ruoyi(), report(), &mut |_| good(&gone))).1, 404);
}

#[test]
fn a_list_asked_for_by_post_is_read() {
    let mut config = office(&json!({}));
    config["backends"]["default"]["use"] = json!("ruoyi");
    config["backends"]["default"]["mapping"]["resources"]["cases"]["list"] = json!("POST /case/list");
    let failed = json!({"code": 500, "msg": "数据库忙"});
    let (_, status, _) = told(&refused(&installation(&config), Request::get("/cases"), &mut |_| good(&failed)));
    assert_eq!(status, 502);
}
