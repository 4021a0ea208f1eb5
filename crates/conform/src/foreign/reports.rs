//! A resident's report: what can be reported, the questions, and, if asked to, one that is made and followed.

use fengtu_dialects::Request;
use fengtu_dialects::exchange::encode;
use serde_json::{Map, Value, json};

use super::Kit;
use super::lists::understood;
use super::random;

/// Asks what can be reported; with `write` it makes a report too.
pub(super) fn check(kit: &mut Kit, write: bool) {
    if !kit.installation.capabilities("services").read {
        kit.report.missing(
            "services",
            "GET /services",
            "没有可上报的事项表",
            "there is no list of what can be reported",
        );
        return;
    }
    if kit.is_random() {
        random::reports(kit, write);
    }
    let told = kit.get("/services");
    if told.answer.status != 200 {
        kit.report.wrong("services", "GET /services", &told.detail().zh, &told.detail().en);
        return;
    }
    if understood(kit, "GET /services", &told) == 0 {
        return;
    }
    let services = told.rows();
    let asked = questions(kit, &services);
    if write {
        report(kit, &services, &asked);
    }
}

/// Reads the questions of those services that have any; returns those of the first.
fn questions(kit: &mut Kit, services: &[Value]) -> Vec<Value> {
    let with: Vec<&str> = services
        .iter()
        .filter(|service| service.get("has_questions") == Some(&json!(true)))
        .filter_map(|service| service.get("code").and_then(Value::as_str))
        .collect();
    let mut first = Vec::new();
    for code in with.iter().take(20) {
        let told = kit.get(&format!("/services/{}", encode(code)));
        let (dropped, _) = told.refused();
        if dropped > 0 {
            let (zh, en) = (
                format!("{dropped} 个问题没有 code，问不了"),
                format!("{dropped} questions have no code and cannot be asked"),
            );
            kit.report.note("services.questions", format!("GET /services/{code}"), &zh, &en);
        }
        let list = told.json().get("questions").and_then(Value::as_array).cloned().unwrap_or_default();
        // A random answer without questions says nothing of the service that was listed in another.
        if told.answer.status != 200 || (list.is_empty() && !kit.is_random()) {
            let zh = format!("metadata 为 true,却没有给出问题：{}", told.detail().zh);
            let en = format!("metadata is true, and there are no questions: {}", told.detail().en);
            kit.report.wrong("services.questions", format!("GET /services/{code}"), &zh, &en);
        } else if first.is_empty() {
            first = list;
        }
    }
    if !with.is_empty() && !first.is_empty() {
        let (zh, en) = (format!("{} 项有问题可问", with.len()), format!("{} services have questions", with.len()));
        kit.report.works("services.questions", "GET /services/{code}", &zh, &en);
    }
    first
}

fn report(kit: &mut Kit, services: &[Value], questions: &[Value]) {
    let with = services.iter().find(|service| service.get("has_questions") == Some(&json!(!questions.is_empty())));
    let Some(code) = with.and_then(|service| service.get("code")).cloned() else { return };
    let told = kit.converse(new_report(&code, answers(questions)));
    let got = told.json();
    let text = |name: &str| got.get(name).and_then(Value::as_str).map(str::to_owned);
    let (number, token) = (text("number"), text("token"));
    if told.answer.status != 201 {
        let (zh, en) =
            (format!("不能上报：{}", told.detail().zh), format!("no report can be made: {}", told.detail().en));
        kit.report.wrong("report.create", "POST /reports", &zh, &en);
        return;
    }
    if number.is_none() && token.is_none() {
        let zh = "收下了，但没有给编号或凭条：上报人查不到进展（Open311 中只有 blackbox 服务可以这样）";
        let en = "it is taken, with neither number nor token: whoever reports cannot follow it (in Open311 blackbox services alone may do so)";
        kit.report.note("report.followed", "POST /reports", zh, en);
        return;
    }
    kit.report.works("report.create", "POST /reports", "可以上报", "a report can be made");
    if kit.is_random() {
        // The answer to the next question is of another report: that is looked at where they are asked for again and again.
        return;
    }
    let known = number.or_else(|| token.map(|token| format!("token:{token}"))).unwrap_or_default();
    let followed = kit.get(&format!("/reports/{}", encode(&known)));
    if followed.answer.status == 200 {
        let state = followed.json().get("state").cloned().unwrap_or_default();
        let (zh, en) = (format!("可以查询，状态 {state}"), format!("it can be followed; its state is {state}"));
        kit.report.works("report.track", "GET /reports/{number}", &zh, &en);
    } else {
        kit.report.wrong("report.track", "GET /reports/{number}", &followed.detail().zh, &followed.detail().en);
    }
}

/// Returns the request for a report that says what it is.
pub(super) fn new_report(code: &Value, answers: Value) -> Request {
    let body = json!({ "category": code, "description": "fengtu-conform: 测试，请忽略 / a test, please ignore", "at": [113.95, 22.75],
        "address": "测试 1 号", "answers": answers });
    Request::post("/reports", body.to_string())
}

/// The least that each question takes.
fn answers(questions: &[Value]) -> Value {
    let mut all = Map::new();
    for question in questions.iter().filter(|question| question.get("required") == Some(&json!(true))) {
        let Some(code) = question.get("code").and_then(Value::as_str) else { continue };
        let choice = question.pointer("/choices/0/key").cloned();
        let answer = match question.get("kind").and_then(Value::as_str) {
            Some("number") => json!("1"),
            Some("datetime") => json!("2026-03-01T09:00:00+08:00"),
            Some("one_of") => choice.unwrap_or_default(),
            Some("some_of") => json!([choice.unwrap_or_default()]),
            _ => json!("测试"),
        };
        all.insert(code.to_owned(), answer);
    }
    Value::Object(all)
}
