//! The kit on the reference backend, where nothing is wrong, and on two that are broken, in twelve ways and in thirteen others,
//! each of which it names.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use fengtu_conform::contract;
use fengtu_conform::options::{Language, Options};
use fengtu_conform::report::{Finding, Report, Verdict};
use fengtu_server::app::{AppState, Settings, router};
use fengtu_server::cli::DemoDistrict;
use fengtu_server::db::{Db, sqlite_url};
use fengtu_server::start_demo;
use serde_json::{Value, json};

/// What is wrong with a backend.
#[derive(Debug, Clone, Copy)]
enum Faults {
    None,
    /// Those of [`broken`].
    Twelve,
    /// Those of [`misleading`].
    ThirteenOthers,
}

/// Starts a backend with a small demo district, broken or not; returns its base.
async fn backend(folder: &tempfile::TempDir, faults: Faults) -> String {
    let db = Db::open(&sqlite_url(folder.path())).await.unwrap();
    // Whether there are warnings depends on the day.
    let now: DateTime<Utc> = "2026-03-12T01:30:00Z".parse().unwrap();
    start_demo::fill(&db, DemoDistrict::Guangming, 7, 1_500, now).await.unwrap();
    let state = AppState::new(db, Arc::new(move || now), Settings::default()).await.unwrap();
    let app = router(state);
    let app = match faults {
        Faults::None => app,
        Faults::Twelve => app.layer(middleware::from_fn(broken)),
        Faults::ThirteenOthers => app.layer(middleware::from_fn(misleading)),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    base
}

async fn checked(base: String) -> Report {
    let account = Some("leader:fengtu-demo".to_owned());
    let options =
        Options { base: Some(base), dialect: "fengtu".to_owned(), account, write: true, ..Options::default() };
    tokio::task::spawn_blocking(move || contract::check(&options).unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_wrong_with_the_reference_backend() {
    let folder = tempfile::tempdir().unwrap();
    let report = checked(backend(&folder, Faults::None).await).await;
    let wrong: Vec<_> = report.of(Verdict::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let works: BTreeSet<&str> = report.of(Verdict::Works).map(|finding| finding.check).collect();
    let all = [
        "operation.schema",
        "paging.pages",
        "conditional.304",
        "refusal.unknown_parameter",
        "refusal.invalid_value",
        "refusal.not_found",
        "refusal.foreign_origin",
        "session.sign_in",
        "session.wrong_password",
        "loop.course",
        "loop.forbidden",
        "loop.step_taken",
        "write.unreadable",
        "live.heartbeat",
    ];
    assert!(all.iter().all(|check| works.contains(check)), "{works:?}");
    let missing: Vec<_> = report.of(Verdict::Missing).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(report.of(Verdict::Works).filter(|finding| finding.check == "operation.schema").count() >= 18);
}

/// What stands between fences of a kind.
fn fenced<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let opening = format!("```{kind}\n");
    text.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_is_done_as_written() {
    use clap::Parser as _;
    let folder = tempfile::tempdir().unwrap();
    let base = backend(&folder, Faults::None).await;
    let guides = [
        include_str!("../../../../docs/guide/zh/backend-fengtu.md"),
        include_str!("../../../../docs/guide/en/backend-fengtu.md"),
    ];
    for kind in ["sh", "json"] {
        assert_eq!(fenced(guides[0], kind), fenced(guides[1], kind), "both say the same");
    }
    let [config] = fenced(guides[0], "json")[..] else { panic!("one config.json") };
    fengtu_dialects::Installation::read(config.as_bytes()).unwrap();
    let [command] = fenced(guides[0], "sh")[..] else { panic!("one command") };
    let words = command.trim().strip_prefix("cargo xtask ").unwrap().split(' ');
    let mut options = Options::try_parse_from(words).unwrap();
    assert!(options.base.replace(base).unwrap().ends_with("/api/v1"));
    let report = tokio::task::spawn_blocking(move || contract::check(&options).unwrap()).await.unwrap();
    assert_eq!(report.of(Verdict::Wrong).count() + report.of(Verdict::Missing).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let report = checked(backend(&folder, Faults::Twelve).await).await;
    let wrong: BTreeSet<&str> = report.of(Verdict::Wrong).map(|finding| finding.check).collect();
    let expected = BTreeSet::from([
        "conditional.etag",
        "live.heartbeat",
        "loop.if_match",
        "loop.step",
        "operation.schema",
        "paging.link",
        "paging.twice",
        "refusal.invalid_value",
        "refusal.unknown_parameter",
        "session.closed",
        "session.cookie",
        "write.unreadable",
    ]);
    assert_eq!(wrong, expected, "{}", report.print(Language::En));
    let schema = report.of(Verdict::Wrong).find(|finding| finding.check == "operation.schema").unwrap();
    assert!(schema.text.en.contains("/items/0/title is missing"), "{schema:?}");
    assert!(report.print(Language::Zh).contains("有误") && report.print(Language::Both).contains("wrong"));
}

/// What the other faults are told as: the check, how its subject begins, and words of it. Where a check has two ways to find
/// something wrong, each has a line.
const OTHERS: [(&str, &str, &str); 14] = [
    ("live.opens", "GET /events", "it is 200 application/json"),
    ("loop.order", "GET /cases/GM", "is before step"),
    ("loop.readable", "GET /cases/GM", "cannot be read"),
    ("loop.state", "GET /cases/GM", "its last step led to"),
    ("operation.answer", "GET /grids", "no answer: Unreachable"),
    ("operation.answer", "GET /statistics", "HTTP 500, should be 200"),
    ("operation.json", "GET /heat", "is no JSON but \"application/json\""),
    ("operation.json", "GET /stations", "is no JSON but \"text/plain\""),
    ("paging.limit", "GET /cases", "limit=3 gave"),
    ("paging.pages", "GET /places", "gives no page"),
    ("paging.total", "GET /cases", "total=true gives no total"),
    ("paging.total", "GET /places", "total is 1, less than the rows there are"),
    ("refusal.pointer", "GET /basemap?bbox=1,2,3", "should be ?bbox; it is \"bbox\""),
    ("refusal.pointer", "GET /basemap?no_such_parameter=1", "it is \"no_such_parameter\""),
];

fn is_of(finding: &Finding, (check, subject, words): (&str, &str, &str)) -> bool {
    finding.check == check && finding.subject.starts_with(subject) && finding.text.en.contains(words)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_the_other_faults_is_named_with_its_question() {
    let folder = tempfile::tempdir().unwrap();
    let report = checked(backend(&folder, Faults::ThirteenOthers).await).await;
    let wrong: Vec<&Finding> = report.of(Verdict::Wrong).collect();
    for other in OTHERS {
        assert!(wrong.iter().any(|finding| is_of(finding, other)), "{other:?}: {wrong:#?}");
    }
    // What is sound beside them is not said to be wrong.
    let more: Vec<_> = wrong.iter().filter(|finding| !OTHERS.iter().any(|other| is_of(finding, *other))).collect();
    assert!(more.is_empty(), "{more:#?}");
}

/// Twelve faults around a sound backend.
async fn broken(mut request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches("/api/v1").to_owned();
    if path == "/cases" && !request.headers().contains_key(header::COOKIE) {
        return (StatusCode::OK, "{}").into_response();
    }
    if path == "/events" {
        let silent = Body::from_stream(futures::stream::pending::<std::io::Result<Vec<u8>>>());
        return ([(header::CONTENT_TYPE, "text/event-stream")], silent).into_response();
    }
    if path.ends_with("/commands") {
        return (StatusCode::OK, "{}").into_response();
    }
    if path.starts_with("/warnings/") && path.ends_with("/actions") {
        request.headers_mut().insert(header::IF_MATCH, HeaderValue::from_static("\"0\""));
    }
    without(&mut request, "no_such_parameter");
    if path == "/cases" && !request.uri().query().unwrap_or_default().contains("AAAA") {
        without(&mut request, "cursor");
    }
    let mut response = next.run(request).await;
    response.headers_mut().remove(header::ETAG);
    if path == "/places" {
        response.headers_mut().remove(header::LINK);
    }
    if path == "/basemap" && response.status().is_client_error() {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(cookie) = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()) {
        let loose = HeaderValue::from_str(&cookie.replace("; HttpOnly", "")).unwrap();
        response.headers_mut().insert(header::SET_COOKIE, loose);
    }
    if response.status() != StatusCode::OK {
        return response;
    }
    match path.as_str() {
        "/cases" => {
            changed(response, |body| {
                for item in body["items"].as_array_mut().into_iter().flatten() {
                    item.as_object_mut().unwrap().remove("title");
                }
            })
            .await
        }
        path if path.starts_with("/cases/") && path.ends_with("/events") => {
            changed(response, |body| {
                if let Some(second) = body.get_mut(1) {
                    second["to"] = "rated".into();
                }
            })
            .await
        }
        _ => response,
    }
}

/// Thirteen others. Which of those of the closed loop a case has is told by the last digit of its number: of every day there
/// are some cases, counted from 1.
async fn misleading(mut request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches("/api/v1").to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    match path.as_str() {
        "/events" => return Json(json!({})).into_response(),
        "/statistics" => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        // It breaks off without a word; other than a panic this writes nothing.
        "/grids" => std::panic::resume_unwind(Box::new("breaks off")),
        "/heat" => return ([(header::CONTENT_TYPE, "application/json")], "<!doctype html>").into_response(),
        "/places" if query.contains("cursor=") => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        // The case is listed, and its course is nowhere.
        path if path.starts_with("/cases/") && path.ends_with("1/events") => {
            return StatusCode::NOT_FOUND.into_response();
        }
        "/cases" => without(&mut request, "limit=3"),
        _ => {}
    }
    let mut response = next.run(request).await;
    if path == "/basemap" && response.status().is_client_error() {
        return changed(response, |problem| {
            if let Some(pointer) = problem.pointer_mut("/errors/0/pointer") {
                *pointer = json!(pointer.as_str().unwrap().trim_start_matches('?'));
            }
        })
        .await;
    }
    if response.status() != StatusCode::OK {
        return response;
    }
    match path.as_str() {
        "/stations" => {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            response
        }
        "/cases" if query.contains("total=true") => changed(response, |page| page["total"] = Value::Null).await,
        // There is one on the page, and there are more.
        "/places" if query.contains("total=true") => changed(response, |page| page["total"] = json!(1)).await,
        path if path.starts_with("/cases/") && path.ends_with('2') => {
            changed(response, |case| {
                let other = if case["state"] == "reported" { "accepted" } else { "reported" };
                case["state"] = other.into();
            })
            .await
        }
        path if path.starts_with("/cases/") && path.ends_with("/events") && !path.ends_with("2/events") => {
            changed(response, |body| {
                if let Some(second) = body.get_mut(1) {
                    second["at"] = "2000-01-01T00:00:00+08:00".into();
                }
            })
            .await
        }
        _ => response,
    }
}

fn without(request: &mut Request, parameter: &str) {
    let query = request.uri().query().unwrap_or_default();
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with(parameter)).collect();
    *request.uri_mut() = format!("{}?{}", request.uri().path(), kept.join("&")).parse().unwrap();
}

async fn changed(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return (parts, bytes).into_response();
    };
    change(&mut value);
    let mut response = (parts, serde_json::to_vec(&value).unwrap()).into_response();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}
