//! The kit on servers whose answers are random: one that can be read, and some of which nothing can be read.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use fengtu_conform::foreign;
use fengtu_conform::options::Options;
use fengtu_conform::report::{Report, Verdict};
use serde_json::{Value, json};

/// What is wrong with a server.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Nothing,
    /// No record of a list has a number.
    Nameless,
    /// Whatever is asked for by its name fails.
    NoSingles,
    /// Services that say that they ask something ask nothing when they are asked by name.
    AsksNothing,
    /// It answers nobody who does not say which city is meant.
    WantsCity,
}

/// Checks a server of `GeoReport` each of whose answers is another one.
async fn checked(fault: Fault) -> Report {
    let app = Router::new().fallback(move |request: Request| async move { answer(&request, fault) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Some(format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let options = Options { base, dialect: "georeport".to_owned(), repeat: 20, write: true, ..Options::default() };
    tokio::task::spawn_blocking(move || foreign::check(&options).unwrap()).await.unwrap()
}

fn answer(request: &Request, fault: Fault) -> Response {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut case = json!({"service_request_id": format!("r{count}"), "status": "open", "service_code": "1", "service_name": "x",
        "requested_datetime": "2026-02-20T08:00:00Z"});
    if fault == Fault::Nameless {
        case["service_request_id"] = Value::Null;
    }
    let service =
        json!({"service_code": format!("s{count}"), "service_name": "x", "metadata": true, "type": "realtime"});
    let path = request.uri().path();
    if path == "/requests/t1.json" {
        case["service_request_id"] = json!("t1");
    }
    let is_later =
        request.uri().query().unwrap_or_default().split('&').any(|pair| pair.starts_with("page=") && pair != "page=1");
    let is_single = path.matches('/').count() > 1;
    let asks = fault != Fault::AsksNothing || path == "/services/1.json";
    match path {
        _ if fault == Fault::WantsCity => StatusCode::BAD_REQUEST.into_response(),
        _ if is_single && fault == Fault::NoSingles => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ if is_later => Json(json!([])).into_response(),
        "/services.json" => Json(json!([service])).into_response(),
        path if path.starts_with("/services/") => {
            let attribute = json!({"variable": true, "code": format!("a{count}"), "datatype": "string", "required": false,
                "order": 1, "description": "x"});
            let attributes = if asks { json!([attribute]) } else { json!([]) };
            Json(json!({"service_code": "1", "attributes": attributes})).into_response()
        }
        path if path.starts_with("/tokens/") => {
            Json(json!([{"service_request_id": "t1", "token": "1"}])).into_response()
        }
        _ => Json(json!([case])).into_response(),
    }
}

fn of(report: &Report, verdict: Verdict, check: &str) -> Vec<String> {
    report.of(verdict).filter(|finding| finding.check == check).map(|finding| finding.subject.clone()).collect()
}

const SINGLES: [&str; 4] =
    ["GET /cases/{number}", "GET /services/{code}", "GET /reports/{number}", "GET /reports/token:{token}"];

#[tokio::test(flavor = "multi_thread")]
async fn random_answers_that_can_be_read_are_read() {
    let report = checked(Fault::Nothing).await;
    let wrong: Vec<_> = report.of(Verdict::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(of(&report, Verdict::Works, "random.misread").len(), 7);
    let words = |subject: &str| {
        let mut all = report.of(Verdict::Works).filter(|one| one.check == "random.misread" && one.subject == subject);
        all.next().unwrap().text.en.clone()
    };
    assert!(words("GET /services").contains("of 20 records 20 understood, 0 refused"), "{}", words("GET /services"));
    for single in ["GET /cases/{number}", "GET /reports/{number}"] {
        assert!(words(single).contains("20 answers: 20 of another by construction"), "{single}: {}", words(single));
    }
    let token = words("GET /reports/token:{token}");
    assert!(token.contains(": 0 of another by construction") && token.contains("20 of the one asked for"), "{token}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translation_that_is_errors_alone_is_wrong() {
    let report = checked(Fault::NoSingles).await;
    assert_eq!(of(&report, Verdict::Wrong, "random.blank"), SINGLES, "an error that is told is no answer");
    // A random answer may ask nothing; one that fails is another matter.
    assert_eq!(of(&report, Verdict::Wrong, "services.questions").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_which_nothing_is_read_is_wrong() {
    let report = checked(Fault::Nameless).await;
    assert!(of(&report, Verdict::Wrong, "random.blank").contains(&"GET /cases".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_questions_says_nothing_of_a_service_of_another_answer() {
    let report = checked(Fault::AsksNothing).await;
    let wrong: Vec<_> = report.of(Verdict::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_a_parameter_is_not_said_to_have_no_json() {
    let report = checked(Fault::WantsCity).await;
    assert_eq!(of(&report, Verdict::Note, "standard.parameters").len(), 1);
    assert!(of(&report, Verdict::Note, "standard.json").is_empty());
}
