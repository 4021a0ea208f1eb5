//! What must be refused, and how: unknown parameters, values that make no sense, addresses that are not there, foreign pages.

use fengtu_dialects::{Call, Method};
use fengtu_wire::problem::kinds;
use serde_json::Value;

use super::operations::Found;
use super::{Kit, json};

/// A parameter that no address has.
const NOBODYS: &str = "no_such_parameter";

/// Asks what must be refused.
pub(super) fn check(kit: &mut Kit, found: &[Found]) {
    unknown_parameters(kit, found);
    wrong_values(kit, found);
    unknown_addresses(kit);
    foreign_pages(kit);
}

fn unknown_parameters(kit: &mut Kit, found: &[Found]) {
    let mut right = 0;
    for one in found {
        let subject = format!("GET {}?{NOBODYS}=1", one.template);
        let Ok(answer) = kit.ask(&format!("{}?{NOBODYS}=1", one.path)) else { continue };
        if answer.status == 200 {
            let zh = "不认识的参数被忽略：写错的筛选会悄悄给出全部；应回答 400 并指明参数";
            let en = "an unknown parameter is ignored, so that a filter with a slip gives everything: refuse it with 400 and name it";
            kit.report.wrong("refusal.unknown_parameter", subject, zh, en);
            continue;
        }
        let is_problem = kit.is_problem("refusal.unknown_parameter", &subject, &answer, kinds::UNKNOWN_PARAMETER);
        if is_problem && names(kit, &subject, &answer, NOBODYS) {
            right += 1;
        }
    }
    if right > 0 && right == found.len() {
        let (zh, en) = (
            format!("{right} 处都拒绝不认识的参数并指明"),
            format!("{right} addresses refuse an unknown parameter by name"),
        );
        kit.report.works("refusal.unknown_parameter", format!("?{NOBODYS}=1"), &zh, &en);
    }
}

fn names(kit: &mut Kit, subject: &str, answer: &fengtu_dialects::Answer, parameter: &str) -> bool {
    let body = json(answer).unwrap_or_default();
    let pointer = body.pointer("/errors/0/pointer").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_named = pointer == format!("?{parameter}");
    if !is_named {
        let zh = format!("errors[0].pointer 应为 ?{parameter},实际是 {pointer:?}");
        let en = format!("errors[0].pointer should be ?{parameter}; it is {pointer:?}");
        kit.report.wrong("refusal.pointer", subject, &zh, &en);
    }
    is_named
}

fn wrong_values(kit: &mut Kit, found: &[Found]) {
    for (parameter, value) in [("limit", "0"), ("bbox", "1,2,3"), ("from", "yesterday")] {
        let Some(one) = found.iter().find(|one| one.parameters.iter().any(|known| known == parameter)) else {
            continue;
        };
        refused_value(kit, one, parameter, value, kinds::INVALID_VALUE);
    }
    let list = found
        .iter()
        .find(|one| one.template == "/cases")
        .or_else(|| found.iter().find(|one| one.template == "/places"));
    if let Some(list) = list {
        refused_value(kit, list, "cursor", "AAAA", kinds::INVALID_CURSOR);
    }
}

fn refused_value(kit: &mut Kit, one: &Found, parameter: &str, value: &str, kind: &str) {
    let subject = format!("GET {}?{parameter}={value}", one.template);
    let Ok(answer) = kit.ask(&format!("{}?{parameter}={value}", one.path)) else { return };
    let is_problem = kit.is_problem("refusal.invalid_value", &subject, &answer, kind);
    if is_problem && names(kit, &subject, &answer, parameter) {
        kit.report.works("refusal.invalid_value", subject, "拒绝并指明参数", "refused by name");
    }
}

fn unknown_addresses(kit: &mut Kit) {
    let subject = "GET /no-such-resource";
    let Ok(answer) = kit.ask("/no-such-resource") else { return };
    if kit.is_problem("refusal.not_found", subject, &answer, kinds::NOT_FOUND) {
        kit.report.works("refusal.not_found", subject, "404,problem+json", "404, a problem");
    }
}

/// A change from another site's page has no header of ours; sent is what no account has.
fn foreign_pages(kit: &mut Kit) {
    let subject = "POST /session";
    let call = Call {
        method: Method::Post,
        url: format!("{}/session", kit.base),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("origin".to_owned(), "https://other.example".to_owned()),
        ],
        body: Some(r#"{"name":"","password":""}"#.to_owned()),
    };
    let Ok(answer) = kit.http.send(&call) else { return };
    if matches!(answer.status, 404 | 405 | 501) {
        kit.report.missing("session.offered", subject, "没有登录", "there is no signing in");
    } else if kit.is_problem("refusal.foreign_origin", subject, &answer, kinds::FOREIGN_ORIGIN) {
        let (zh, en) = ("别的网站的网页不能提交", "another site's page is refused");
        kit.report.works("refusal.foreign_origin", subject, zh, en);
    }
}
