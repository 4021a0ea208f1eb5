//! The kit on servers each of which does one thing wrong: it pages otherwise than its standard has it, gives another case than was
//! asked for, moves nothing on, has a record that nobody can read, has not the questions that it announces, or breaks off in a list.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use fengtu_conform::options::Options;
use fengtu_conform::report::{Report, Verdict};
use serde_json::{Value, json};

use super::searched::{checked, found, served};

fn config(backend: &Value) -> Value {
    json!({"district": {"bounds": [113.8, 22.6, 114.1, 22.9]}, "backends": {"default": backend}, "resources": {}})
}

/// Checks a server of OGC API Features whose every list is this page.
async fn paged(features: usize, links: Value) -> Report {
    let feature = |id: usize| json!({"type": "Feature", "id": id.to_string(), "geometry": null, "properties": {}});
    let features: Vec<Value> = (0..features).map(feature).collect();
    let page = json!({"type": "FeatureCollection", "features": features, "numberMatched": 5, "links": links,
        "collections": [{"id": "lamps"}], "conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"]});
    let base = served(Router::new().fallback(move || async move { Json(page) })).await;
    checked(&config(&json!({"dialect": "ogc-features", "base": base})), Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_not_as_the_standard_has_them_are_wrong() {
    let next = json!([{"rel": "next", "href": "/collections/lamps/items?offset=1"}]);
    let told = |report: &Report, check: &str| found(report, Verdict::Wrong, check).map(str::to_owned);
    let many = paged(2, next.clone()).await;
    assert_eq!(told(&many, "standard.limit").unwrap(), "limit=1 gave 2 records");
    let last = paged(1, json!([])).await;
    assert!(told(&last, "standard.next").unwrap().contains("rel=\"next\""));
    let sound = paged(1, next).await;
    assert!(told(&sound, "standard.limit").is_none() && told(&sound, "standard.next").is_none());
    assert!(found(&sound, Verdict::Works, "standard.paging").is_some());
}

/// What is wrong with a server of cases.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Nothing,
    /// Whichever case is asked for, it is the first.
    Another,
    /// A step is taken well, and nothing has changed.
    Still,
    /// One record has a state that nobody knows.
    Unread,
}

/// Checks a server of cases, and takes a step with one.
async fn served_with(fault: Fault) -> Report {
    let is_moved = Arc::new(AtomicBool::new(false));
    let answer = move |request: Request| {
        let path = request.uri().path().to_owned();
        if request.method() == "POST" && fault != Fault::Still {
            is_moved.store(true, Ordering::Relaxed);
        }
        let state = if is_moved.load(Ordering::Relaxed) { "accepted" } else { "reported" };
        let body = case(&path, fault, state);
        async move { Json(body) }
    };
    let base = served(Router::new().fallback(answer)).await;
    let fields = json!({"number": "/id", "state": "/state", "category": {"value": "legal"}, "reported_at": {"value": "2026-02-20T08:00:00+08:00"}});
    let cases = json!({"list": "/cases", "one": "/cases/{id}", "fields": fields,
        "actions": {"accept": {"to": "POST /cases/{id}/accept", "body": {"why": "{reason}"}}}});
    let backend = json!({"dialect": "json", "base": base, "mapping": {"paging": {"kind": "none"}, "resources": {"cases": cases}}});
    let options = Options { act: Some("accept:r1".to_owned()), ..Options::default() };
    checked(&config(&backend), options).await
}

fn case(path: &str, fault: Fault, state: &str) -> Value {
    let row = |id: &str, state: &str| json!({"id": id, "state": state});
    match path {
        "/cases" if fault == Fault::Unread => json!({"rows": [row("r1", state), row("r2", "?")]}),
        "/cases" => json!({"rows": [row("r1", state), row("r2", state)]}),
        _ if fault == Fault::Another => row("r0", state),
        "/cases/r1" => row("r1", state),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_another_than_was_asked_for_is_said_to_be() {
    let report = served_with(Fault::Another).await;
    let told = found(&report, Verdict::Wrong, "one.other").unwrap();
    assert!(told.contains("asked for r1, it gave another") && told.contains("`one`"), "{told}");
    assert!(found(&report, Verdict::Works, "one").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_moves_nothing_is_wrong() {
    let moved = served_with(Fault::Nothing).await;
    let wrong: Vec<_> = moved.of(Verdict::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(found(&moved, Verdict::Works, "action"), Some("Some(\"reported\") → Some(\"accepted\")"));
    let told = served_with(Fault::Still).await;
    let told = found(&told, Verdict::Wrong, "action.moves").unwrap();
    assert!(told.contains("has not changed") && told.contains("reported"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_nobody_can_read_is_told_with_its_reason() {
    let report = served_with(Fault::Unread).await;
    let told = found(&report, Verdict::Wrong, "record.refused").unwrap();
    assert!(told.contains("1 records of 2") && told.contains("state"), "{told}");
    assert!(found(&report, Verdict::Works, "list.read").unwrap().contains("1 records"));
}

/// Checks a server of Open311 that announces questions of its one service; absent: it fails when it is asked for them.
async fn announcing(attributes: Option<Value>) -> Report {
    let answer = move |request: Request| {
        let service = json!({"service_code": "1", "service_name": "灯", "metadata": true, "type": "realtime"});
        let answer = match (request.uri().path(), attributes) {
            ("/services.json", _) => Json(json!([service])).into_response(),
            ("/services/1.json", Some(all)) => Json(json!({"service_code": "1", "attributes": all})).into_response(),
            ("/services/1.json", None) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            ("/requests.json", _) => Json(json!([])).into_response(),
            _ => StatusCode::NOT_FOUND.into_response(),
        };
        async move { answer }
    };
    let base = served(Router::new().fallback(answer)).await;
    checked(&config(&json!({"dialect": "georeport", "base": base})), Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_are_announced_and_not_there_are_wrong() {
    let of = |report: &Report, verdict: Verdict| found(report, verdict, "services.questions").map(str::to_owned);
    let question = json!({"variable": true, "code": "a1", "datatype": "string", "required": false, "order": 1});
    let sound = announcing(Some(json!([question]))).await;
    assert_eq!(of(&sound, Verdict::Works).unwrap(), "1 services have questions");
    assert!(of(&sound, Verdict::Wrong).is_none());
    for (attributes, status) in [(Some(json!([])), "HTTP 200"), (None, "HTTP 502")] {
        let report = announcing(attributes).await;
        let told = of(&report, Verdict::Wrong).unwrap();
        assert!(told.contains("metadata is true, and there are no questions") && told.contains(status), "{told}");
        assert!(of(&report, Verdict::Works).is_none());
    }
}

/// A list that breaks off before the end that it announces is an error, and what came of it is nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_came_and_is_told_as_an_error_is_lost() {
    fn answer(request: &Request) -> Response {
        // It goes wrong after a while: what cannot be listed at all is told before anything is asked again.
        static LATER: AtomicUsize = AtomicUsize::new(0);
        let query = request.uri().query().unwrap_or_default();
        let case = json!({"service_request_id": "1", "status": "open", "service_code": "1", "requested_datetime": "2026-02-20T08:00:00Z"});
        let is_later = query.split('&').any(|pair| pair.starts_with("page=") && pair != "page=1");
        if is_later {
            let is_first = LATER.fetch_add(1, Ordering::Relaxed) == 0;
            return if is_first {
                Json(json!([])).into_response()
            } else {
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            };
        }
        ([("x-result-count", "500")], Json(json!([case]))).into_response()
    }
    let base = served(Router::new().fallback(|request: Request| async move { answer(&request) })).await;
    let backend = json!({"dialect": "georeport", "base": base});
    let report = checked(&config(&backend), Options { repeat: 3, ..Options::default() }).await;
    let mut lost = report.of(Verdict::Wrong).filter(|finding| finding.check == "random.lost");
    let told = lost.next().unwrap_or_else(|| panic!("{:#?}", report.findings));
    assert!(told.subject == "GET /cases" && told.text.en.contains("a list came"), "{told:?}");
}
