//! Values that would break out of where they stand, and answers that would mislead.

use fengtu_dialects::exchange::encode;
use fengtu_dialects::{Call, Failure, Method, Outcome, Request};
use serde_json::{Value, json};

use super::{good, installation, param, refused, talk, text};

const HOSTILE: &str = "\"&<>'";

fn cases(mapping: &Value) -> Value {
    let mut cases = json!({"list": "/c", "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": {"value": "2026-02-20T08:00:00+08:00"}}});
    for (name, value) in mapping.as_object().unwrap() {
        cases[name] = value.clone();
    }
    json!({"backends": {"default": {"dialect": "json", "base": "/proxy/x", "mapping": {"resources": {"cases": cases}}}}, "resources": {}})
}

/// The addresses that are called for one case of a number.
fn one(config: &Value, number: &str) -> Vec<String> {
    let record = json!({"n": number});
    let request = Request::get(format!("/cases/{}", encode(number)));
    talk(&installation(config), request, &mut |_: &Call| good(&record)).1
}

#[test]
fn a_number_stays_a_value_in_every_place() {
    let xml = cases(&json!({"one": format!("/wfs?FILTER={}", encode("<F><Literal>{id}</Literal></F>"))}));
    assert_eq!(param(&one(&xml, HOSTILE)[0], "FILTER").unwrap(), "<F><Literal>&quot;&amp;&lt;&gt;&apos;</Literal></F>");
    let sql = cases(&json!({"one": "/q?where=no='{id}'"}));
    assert_eq!(param(&one(&sql, HOSTILE)[0], "where").unwrap(), "no='\"&<>'''");
    let json_query = cases(&json!({"one": format!("/q?filter={}", encode("{\"no\":\"{id}\"}"))}));
    let read: Value = serde_json::from_str(&param(&one(&json_query, HOSTILE)[0], "filter").unwrap()).unwrap();
    assert_eq!(read, json!({"no": HOSTILE}));
    let path = cases(&json!({"one": "/c/{id}/whole"}));
    assert_eq!(one(&path, HOSTILE), ["/proxy/x/c/%22%26%3C%3E%27/whole"]);
    assert_eq!(one(&path, "/../"), ["/proxy/x/c/%2F..%2F/whole"]);
    let query = cases(&json!({"one": "/c?no=eq.{id}"}));
    assert_eq!(one(&query, "a&b=c#d"), ["/proxy/x/c?no=eq.a%26b%3Dc%23d"]);
}

#[test]
fn a_server_that_leads_elsewhere_is_said_to() {
    let all = installation(&cases(&json!({})));
    let mut outcomes = vec![Outcome::Failed(Failure::SentOn)];
    outcomes.extend([301, 302, 303, 307, 308].map(|status| text(status, "<html>Found</html>")));
    for outcome in outcomes {
        let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| outcome.clone());
        let said = problem["detail"].as_str().unwrap();
        let (zh, en) = said.split_once(" ‖ ").unwrap();
        assert!(zh.contains("转到了别的地址，没有跟去"), "{outcome:?}: {said}");
        assert!(en.contains("leads to another address, which is not followed"), "{outcome:?}: {said}");
        assert_eq!((&problem["type"], &problem["status"]), (&json!("/problems/sent-on"), &json!(502)));
    }
}

#[test]
fn what_is_said_of_an_answer_is_in_both_languages_and_a_servers_own_words_stand_in_each() {
    let all = installation(&cases(&json!({})));
    for (outcome, zh, en) in [
        (Outcome::Failed(Failure::TimedOut), "default: 没有按时回答", "default: it did not answer in time"),
        (text(500, ""), "default: HTTP 500，没有说明", "default: HTTP 500 without a word"),
        (text(400, "{}"), "default: HTTP 400: 没有能读的说明", "default: HTTP 400: no words that can be read"),
        (text(200, "{"), "default: 应为数据，却是残缺的 JSON：{", "default: broken JSON where data was expected: {"),
        (text(400, r#"{"detail": "单号 ‖ 有误"}"#), "default: HTTP 400: 单号  有误", "default: HTTP 400: 单号  有误"),
    ] {
        let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| outcome.clone());
        let told = if zh == en { zh.to_owned() } else { format!("{zh} ‖ {en}") };
        assert_eq!(problem["detail"], told, "{outcome:?}");
        assert!(problem["title"].as_str().unwrap().contains(" ‖ "), "{problem}");
    }
}

#[test]
fn a_number_that_leads_elsewhere_is_not_found() {
    let config = cases(&json!({"one": "/c/{id}", "actions": {"accept": {"to": "PUT /c/{id}"}}}));
    let all = installation(&config);
    for number in ["..", ".", "%2E%2E", ""] {
        for request in
            [Request::get(format!("/cases/{number}")), Request::post(format!("/cases/{number}/actions/accept"), "{}")]
        {
            let problem = refused(&all, request, &mut |call: &Call| panic!("{call:?}"));
            assert_eq!(problem["type"], "/problems/not-found", "{number:?}");
        }
    }
}

#[test]
fn filters_are_written_for_where_they_stand() {
    let filters = json!({"q": {"param": "cql", "template": "title LIKE '%{}%'"}});
    let asked = |config: &Value| {
        let (_, called) =
            talk(&installation(config), Request::get("/cases").with("q", HOSTILE), &mut |_: &Call| good(&json!([])));
        called.first().cloned().unwrap()
    };
    assert_eq!(param(&asked(&cases(&json!({"filters": filters}))), "cql").unwrap(), "title LIKE '%\"&<>''%'");
    let filters = json!({"q": {"param": "f", "template": "<Literal>*{}*</Literal>"}});
    assert_eq!(
        param(&asked(&cases(&json!({"filters": filters}))), "f").unwrap(),
        "<Literal>*&quot;&amp;&lt;&gt;&apos;*</Literal>"
    );
    let filters = json!({"category": {"param": "cql", "template": "kind IN ('{}')", "join": "','"}});
    let config = cases(&json!({"filters": filters, "fields": {"number": "/n", "state": {"value": "reported"},
        "category": {"at": "/k", "table": {"o'x": "mediation.wages", "b": "mediation.family"}}, "reported_at": "/t"}}));
    let (_, called) =
        talk(&installation(&config), Request::get("/cases").with("category", "mediation"), &mut |_: &Call| {
            good(&json!([]))
        });
    let mut kinds: Vec<String> = param(&called[0], "cql")
        .unwrap()
        .trim_start_matches("kind IN ('")
        .trim_end_matches("')")
        .split("','")
        .map(str::to_owned)
        .collect();
    kinds.sort();
    assert_eq!(kinds, ["b", "o''x"]);
}

#[test]
fn what_is_written_stays_a_value() {
    let action = json!({"accept": {"to": "POST /c/{id}/x?by={office}", "body": {"text": "{reason}", "xml": "<r a='{reason}'>{reason}</r>"}}});
    let config = cases(&json!({"one": "/c/{id}", "actions": action}));
    let mut sent = None;
    let body = json!({"reason": HOSTILE, "office": "a&b"}).to_string();
    talk(&installation(&config), Request::post("/cases/7/actions/accept", body), &mut |call: &Call| {
        sent = Some(call.clone());
        good(&json!({"n": "7"}))
    });
    let sent: Call = sent.unwrap();
    let read: Value = serde_json::from_str(sent.body.as_ref().unwrap()).unwrap();
    let escaped = "&quot;&amp;&lt;&gt;&apos;";
    assert_eq!(read, json!({"text": HOSTILE, "xml": format!("<r a='{escaped}'>{escaped}</r>")}));
    assert_eq!((sent.method, sent.url.as_str()), (Method::Post, "/proxy/x/c/7/x?by=a%26b"));
}

#[test]
fn another_case_than_was_asked_for_is_not_shown_as_it() {
    let all = installation(&cases(&json!({"one": "/c?no={id}"})));
    let row = |n: &str| json!({"n": n});
    let problem = refused(&all, Request::get("/cases/7"), &mut |_: &Call| good(&row("1")));
    assert_eq!(problem["type"], "/problems/backend-unreadable");
    // A server that does not know the question gives all of them.
    let found =
        super::ask(&all, Request::get("/cases/7"), &mut |_: &Call| good(&json!({"data": [row("1"), row("7")]})));
    assert_eq!(found["number"], "7");
    let problem = refused(&all, Request::get("/cases/7"), &mut |_: &Call| good(&json!({"data": [row("1"), row("2")]})));
    assert_eq!(problem["type"], "/problems/not-found");
}
