//! Any JSON: Chinese names, GCJ-02, local time, yuan; tokens; errors inside a 200; the reference server itself.

use fengtu_dialects::{Call, Method, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, talk, text};

fn chinese() -> Value {
    json!({"backends": {"default": {"dialect": "json", "base": "/proxy/js", "mapping": {
        "datum": "GCJ02", "utc_offset": "+08:00",
        "resources": {"cases": {"list": "/诉求", "one": "/诉求/{id}", "one_at": "",
            "filters": {"category": {"param": "类别"}},
            "fields": {"number": "/编号", "title": "/标题", "reported_at": "/时间", "amount_fen": {"at": "/金额", "unit": "yuan"},
                "category": {"at": "/类别", "table": {"欠薪": "mediation.wages", "家暴": "mediation.domestic_violence"}},
                "state": {"at": "/状态", "table": {"办理中": "handling", "已办结": "resolved"}},
                "at": {"lon": "/经度", "lat": "/纬度"}, "place": "/网格"}}}}}}, "resources": {}})
}

fn record(number: &str) -> Value {
    json!({"编号": number, "标题": "工资没发，电话13812345678", "时间": "2026-02-01 08:00:00", "金额": "1,234.5", "类别": "欠薪",
        "状态": "办理中", "经度": "113.9465", "纬度": 22.7488, "网格": "G1"})
}

#[test]
fn chinese_fields_are_understood_by_configuration_alone() {
    let list = ask(&installation(&chinese()), Request::get("/cases"), &mut |_: &Call| good(&json!([record("甲1")])));
    let case = &list["items"][0];
    assert_eq!((&case["amount_fen"], &case["state"]), (&json!(123_450), &json!("handling")));
    assert_eq!(case["reported_at"], "2026-02-01T08:00:00+08:00");
    let (lon, lat) = (case["at"][0].as_f64().unwrap(), case["at"][1].as_f64().unwrap());
    assert!((lon - 113.9465).abs() > 0.003 && (lat - 22.7488).abs() > 0.001, "out of GCJ-02: {lon} {lat}");
    assert!(!case["title"].as_str().unwrap().contains("13812345678"), "numbers are taken out of free text");
}

#[test]
fn a_field_and_a_filter_may_have_a_zone_of_their_own() {
    let mut config = chinese();
    let cases = &mut config["backends"]["default"]["mapping"]["resources"]["cases"];
    cases["fields"]["reported_at"] = json!({"at": "/时间", "utc_offset": "+00:00"});
    cases["fields"]["resolved_at"] = json!("/办结");
    cases["filters"]["from"] = json!({"param": "起", "time": "%Y-%m-%d %H:%M:%S", "utc_offset": "+00:00"});
    cases["filters"]["to"] = json!({"param": "止", "time": "%Y-%m-%d %H:%M:%S"});
    let mut said = record("甲1");
    said["办结"] = json!("2026-02-02 08:00:00");
    let mut asked = Vec::new();
    let request =
        Request::get("/cases").with("from", "2026-02-01T00:00:00+08:00").with("to", "2026-03-01T00:00:00+08:00");
    let list = ask(&installation(&config), request, &mut |call: &Call| {
        asked.extend(["起", "止"].map(|name| param(&call.url, name).unwrap()));
        good(&json!([said]))
    });
    let instant =
        |name: &str| list["items"][0][name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let told = [instant("reported_at"), instant("resolved_at")].map(|at| at.to_rfc3339());
    assert_eq!(told, ["2026-02-01T08:00:00+00:00", "2026-02-02T00:00:00+00:00"], "UTC, and the mapping's Beijing time");
    assert_eq!(asked, ["2026-01-31 16:00:00", "2026-03-01 00:00:00"]);
}

#[test]
fn a_word_that_the_table_lacks_is_refused_and_a_restricted_kind_is_shown_to_nobody() {
    let (mut strange, mut violence) = (record("怪"), record("暴"));
    strange["状态"] = json!("？？");
    violence["类别"] = json!("家暴");
    let body = json!([strange, violence, record("好")]);
    let list = ask(&installation(&chinese()), Request::get("/cases"), &mut |_: &Call| good(&body));
    assert_eq!(each(&list, "/items", "/number"), ["好"]);
    assert_eq!(list["refused"]["count"], 2);
    let one = refused(&installation(&chinese()), Request::get("/cases/x"), &mut |_: &Call| good(&body[1]));
    assert_eq!(one["type"], "/problems/not-found");
}

/// Nobody knows which century it is of; read as it stands, it is of the first.
#[test]
fn a_date_with_a_year_of_two_digits_is_refused() {
    for said in [
        "26-02-01 08:00:00",
        "26-02-01",
        "26/02/01 08:00",
        "26年02月01日 08:00:00",
        "0026-02-01T08:00:00Z",
        "0001-01-01T00:00:00Z",
    ] {
        let mut old = record("旧");
        old["时间"] = json!(said);
        let body = json!([old, record("好")]);
        let list = ask(&installation(&chinese()), Request::get("/cases"), &mut |_: &Call| good(&body));
        assert_eq!(
            (each(&list, "/items", "/number"), &list["refused"]["count"]),
            (vec!["好".to_owned()], &json!(1)),
            "{said}"
        );
        let why = list["refused"]["reasons"][0].as_str().unwrap();
        assert!(why.contains("reported_at"), "{said}: {why}");
    }
    let mut config = chinese();
    config["backends"]["default"]["mapping"]["resources"]["cases"]["fields"]["reported_at"] =
        json!({"at": "/时间", "time": "%y-%m-%d"});
    let mut said = record("好");
    said["时间"] = json!("26-02-01");
    let list = ask(&installation(&config), Request::get("/cases"), &mut |_: &Call| good(&json!([said])));
    assert_eq!(list["items"][0]["reported_at"], "2026-02-01T00:00:00+08:00", "whoever writes the mapping knows");
}

#[test]
fn filters_are_pushed_in_their_words() {
    let request = Request::get("/cases").with("category", "mediation.wages");
    let (_, called) = talk(&installation(&chinese()), request, &mut |_: &Call| good(&json!([])));
    assert_eq!(param(called.first().unwrap(), "类别").as_deref(), Some("欠薪"));
}

#[test]
fn words_of_errors_are_told_whatever_their_shape() {
    let all = installation(&chinese());
    for (body, said) in [
        (r#"{"code":400,"detail":{"description":["缺少参数"]}}"#, "缺少参数"),
        (r#"[{"code":403,"description":"no key"}]"#, "no key"),
        (r#"{"error":{"message":"deep"}}"#, "deep"),
        ("<errors><error><description>in XML</description></error></errors>", "in XML"),
        ("<!DOCTYPE html><html><body>Traceback</body></html>", "a page instead of data"),
        ("Bad extension", "Bad extension"),
        ("", "without a word"),
    ] {
        let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| text(400, body));
        assert!(problem["detail"].as_str().unwrap().contains(said), "{body}: {problem}");
    }
    let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| text(200, "<html>log in</html>"));
    assert_eq!(problem["type"], "/problems/backend-unreadable");
    let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| good(&json!({"nothing": "here"})));
    assert!(problem["detail"].as_str().unwrap().contains("no list at"), "{problem}");
}

/// The reference server's own JSON, read as if it were a stranger's.
#[test]
fn our_own_contract_is_read_as_any_json() {
    let names = [
        "number",
        "channel",
        "category",
        "class",
        "sensitivity",
        "state",
        "place",
        "address",
        "reported_at",
        "title",
        "people",
    ];
    let mut fields: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!(format!("/{name}")))).collect();
    fields.insert("at".to_owned(), json!({"at": "/at", "form": "pair"}));
    fields.insert("amount_fen".to_owned(), json!({"at": "/amount_fen", "unit": "fen"}));
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/api/v1", "mapping": {"datum": "CGCS2000",
        "paging": {"kind": "cursor", "param": "cursor", "at": "/next", "size": "limit", "limit": 100},
        "resources": {"cases": {"list": "/cases", "fields": fields}}}}}, "resources": {}});
    let golden: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/cases.json")).unwrap();
    let list = ask(&installation(&config), Request::get("/cases"), &mut |call: &Call| {
        good(&if param(&call.url, "cursor").is_none() { golden.clone() } else { json!({"items": []}) })
    });
    let count = golden["items"].as_array().unwrap().len();
    assert!(
        list["items"].as_array().unwrap().len() as u64 + list["refused"]["count"].as_u64().unwrap() == count as u64
    );
    assert_eq!(list["items"][0]["at"], golden["items"][0]["at"]);
    assert_eq!(list["items"][0]["title"], golden["items"][0]["title"]);
}

#[test]
fn create_and_actions_write_what_the_mapping_says() {
    let mut config = chinese();
    let cases = &mut config["backends"]["default"]["mapping"]["resources"]["cases"];
    cases["create"] = json!({"to": "POST /诉求", "body": {"标题": "{title}", "类别": "{category}", "经度": "{lon}", "电话": "{telephone}", "时间": "{reported_at}"}, "number": "/编号"});
    cases["fields"]["reported_at"] = json!({"at": "/时间", "time": "%Y-%m-%d %H:%M:%S"});
    cases["actions"] = json!({"accept": {"to": "PATCH /诉求/{id}", "body": {"状态": "办理中", "原因": "{reason}"}}});
    let all = installation(&config);
    let mut bodies = Vec::new();
    let mut server = |call: &Call| {
        bodies.push((call.method, call.url.clone(), call.body.clone().unwrap_or_default()));
        good(&if call.method == Method::Get { record("7") } else { json!({"编号": 7}) })
    };
    let body = json!({"title": "灯坏了", "category": "mediation.wages", "at": [113.9415, 22.7519]}).to_string();
    assert_eq!(ask(&all, Request::post("/reports", body), &mut server)["number"], "7");
    ask(&all, Request::post("/cases/7/actions/accept", r#"{"reason":"本社区"}"#), &mut server);
    let no = refused(&all, Request::post("/cases/7/actions/order", "{}"), &mut server);
    assert_eq!(no["type"], "/problems/not-offered");
    let created: Value = serde_json::from_str(&bodies[0].2).unwrap();
    assert_eq!(created["类别"], "欠薪");
    assert!(created.get("电话").is_none(), "what is empty is not sent");
    assert_eq!(created["时间"], "2026-03-01 09:30:00", "now, as they write it");
    assert!(created["经度"].as_str().unwrap().starts_with("113.94"), "in their datum: {created}");
    assert_eq!((bodies[1].0, bodies[1].1.as_str()), (Method::Get, "/proxy/js/诉求/7"), "whether it may be shown");
    assert_eq!((bodies[2].0, bodies[2].1.as_str()), (Method::Patch, "/proxy/js/诉求/7"));
    assert!(bodies[2].2.contains("本社区"));
}

#[test]
fn what_goes_with_every_call_goes_with_what_is_written_too() {
    let mut config = chinese();
    let mapping = &mut config["backends"]["default"]["mapping"];
    mapping["query"] = json!({"tenant": "gm", "lang": "zh"});
    mapping["token"] = json!({"to": "POST /login?app=ft", "body": {"u": "fengtu"}, "at": "/token"});
    let cases = &mut mapping["resources"]["cases"];
    cases["query"] = json!({"order": "时间.desc"});
    cases["ids"] = json!("/receipts/{token}");
    cases["create"] = json!({"to": "POST /诉求?lang=en", "body": {"标题": "{title}"}, "token": "/token"});
    cases["actions"] = json!({"accept": {"to": "PUT /诉求/{id}"}});
    let all = installation(&config);
    let mut called = Vec::new();
    let mut server = |call: &Call| {
        called.push((call.method, call.url.clone()));
        good(&if call.method == Method::Get && !call.url.contains("receipts") {
            record("7")
        } else {
            json!({"token": "t"})
        })
    };
    ask(&all, Request::post("/reports", json!({"title": "灯"}).to_string()), &mut server);
    ask(&all, Request::get("/reports/token:t"), &mut server);
    ask(&all, Request::post("/cases/7/actions/accept", ""), &mut server);
    assert!(called.len() >= 5, "{called:?}");
    for (method, url) in &called {
        let sent = |name: &str| param(url, name).unwrap_or_default();
        let is_log_in = url.contains("/login");
        assert_eq!(sent("tenant"), if is_log_in { "" } else { "gm" }, "{url}");
        assert!(*method == Method::Get || sent("order").is_empty(), "an order is of lists: {url}");
        assert!(
            is_log_in || sent("lang") == if *method == Method::Post { "en" } else { "zh" },
            "its own comes first: {url}"
        );
    }
}

#[test]
fn a_report_is_written_in_the_zone_in_which_its_field_is_read() {
    let mut config = chinese();
    let cases = &mut config["backends"]["default"]["mapping"]["resources"]["cases"];
    cases["create"] = json!({"to": "POST /诉求", "body": {"时间": "{reported_at}"}, "number": "/编号"});
    cases["fields"]["reported_at"] = json!({"at": "/时间", "time": "%Y-%m-%d %H:%M:%S", "utc_offset": "+00:00"});
    let mut written = Vec::new();
    let body = json!({"title": "灯坏了", "category": "mediation.wages", "at": [113.9415, 22.7519]}).to_string();
    ask(&installation(&config), Request::post("/reports", body), &mut |call: &Call| {
        written.extend(call.body.as_ref().map(|body| serde_json::from_str::<Value>(body).unwrap()["时间"].clone()));
        good(&json!({"编号": 7}))
    });
    assert_eq!(written, ["2026-03-01 01:30:00"], "half past nine in Beijing");
}

#[test]
fn a_record_with_a_word_where_others_have_the_record_is_the_record() {
    let mut config = chinese();
    config["backends"]["default"]["mapping"]["resources"]["cases"]["one_at"] = json!(["/data", "/result", ""]);
    let mut said = record("7");
    said["result"] = json!("已调解");
    let case = ask(&installation(&config), Request::get("/cases/7"), &mut |_: &Call| good(&said));
    assert_eq!(case["number"], "7");
}
