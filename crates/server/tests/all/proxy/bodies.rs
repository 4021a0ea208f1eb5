//! What a body may be: none with a question that reads, and in none what the entry sets.

use fengtu_wire::problem::{Problem, kinds};
use reqwest::Method;

use super::settings::{blocks, guide};
use super::{server, server_of};
use crate::common::{self, upstream::Upstream};

const FORM: &str = "application/x-www-form-urlencoded";

/// The guide's `hotline`, at the upstream's address.
fn hotline(up: &Upstream) -> String {
    let text = guide("zh", "proxy.md");
    let toml = blocks(&text, "toml")[0].split("[proxy.hotline]").nth(1).unwrap();
    let lines = toml.lines().filter(|line| !line.starts_with("base") && !line.starts_with("certificates"));
    let lines = lines.map(|line| line.replace("{ env = \"HOTLINE_KEY\" }", "\"s3cret\"") + "\n");
    format!("[proxy.hotline]\nbase = \"{}\"\n{}", up.base, lines.collect::<String>())
}

#[tokio::test]
async fn no_body_sets_what_the_entry_sets() {
    let up = Upstream::start().await;
    let (server, _database) = server_of(&hotline(&up)).await;
    let sent = |kind: &'static str, body: &'static str| {
        let request = common::client().post(server.url("/proxy/hotline/requests.json")).header("x-fengtu", "1");
        let request = if kind.is_empty() { request } else { request.header("content-type", kind) };
        request.body(body).send()
    };
    for (kind, body, status, told) in [
        (FORM, "service_code=1&jurisdiction_id=other", 403, kinds::UNKNOWN_PARAMETER),
        (FORM, "service_code=1&API_KEY=mine", 403, kinds::UNKNOWN_PARAMETER),
        (FORM, "api%5Fkey%5B%5D=mine", 403, kinds::UNKNOWN_PARAMETER),
        (FORM, "a=1;api_key=mine", 403, kinds::UNKNOWN_PARAMETER),
        ("Application/X-WWW-Form-URLEncoded ; charset=UTF-8", "api_key=mine", 403, kinds::UNKNOWN_PARAMETER),
        ("", "api_key=mine", 403, kinds::UNKNOWN_PARAMETER),
        ("application/json", "{\"a\":1,\"api\\u005fkey\":\"mine\"}", 403, kinds::UNKNOWN_PARAMETER),
        ("application/json", "[{\"jurisdiction_id\":\"other\"}]", 403, kinds::UNKNOWN_PARAMETER),
        ("application/json", "{\"api_key\":", 415, kinds::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded; charset=ibm037", "x=1", 415, kinds::UNSUPPORTED_MEDIA_TYPE),
        ("multipart/form-data; boundary=x", "--x--", 415, kinds::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let text = sent(kind, body).await.unwrap().text().await.unwrap();
        let problem: Problem = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{kind} {body}: {text}"));
        assert_eq!((problem.status, problem.kind.as_str()), (status, told), "{kind} {body}");
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert_eq!(up.seen().len(), 0, "{:?}", up.seen());
    for (kind, body) in [
        (FORM, "service_code=1&description=api_key%3D1%3B+%E6%A0%91"),
        ("application/json; charset=utf-8", "{\"description\":\"api_key\"}"),
        ("application/xml", "<key/>"),
    ] {
        let seen: serde_json::Value = sent(kind, body).await.unwrap().json().await.unwrap();
        assert_eq!(seen["body"], body);
        assert_eq!(seen["uri"], "/api/requests.json?api_key=s3cret&jurisdiction_id=guangming");
    }
}

#[tokio::test]
async fn a_question_that_reads_has_no_body() {
    let up = Upstream::start().await;
    let (server, _database) = server(&up, "who = \"everyone\"").await;
    let asked = |method: Method, body: &'static str| {
        common::client().request(method, server.url("/proxy/up/echo")).body(body).send()
    };
    let answer = asked(Method::GET, "a=1").await.unwrap();
    assert_eq!(super::kind(answer).await, (400, kinds::INVALID_VALUE.to_owned()));
    assert_eq!(asked(Method::HEAD, "a=1").await.unwrap().status(), 400);
    assert_eq!(up.seen().len(), 0);
    assert_eq!(asked(Method::GET, "").await.unwrap().status(), 200);
}
