//! The kit on servers that are asked for a part: of a kind, of a state, in a box, of a time.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use fengtu_conform::options::Options;
use fengtu_conform::report::{Report, Verdict};
use serde_json::json;

use super::searched::{checked, found, served};

/// What a server makes of the parameter of a filter.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Takes {
    /// It does not care.
    Nothing,
    /// It gives what was asked for.
    AsMeant,
    /// Nothing is ever of what it was asked for.
    Wrongly,
    /// It fails whenever it is asked with one.
    Badly,
}

/// Checks a server of two cases and two stations that have nothing in common.
async fn narrowed(takes: Takes) -> Report {
    let base = served(Router::new().fallback(move |request: Request| async move { answer(&request, takes) })).await;
    let filters = json!({"category": {"param": "kind", "join": ","}, "state": "phase", "bbox": {"param": "box"}, "from": "since", "to": "until"});
    let cases = json!({"list": "/cases", "filters": filters, "fields": {"number": "/id", "state": "/state", "category": "/kind",
        "reported_at": "/time", "at": {"at": "/at", "form": "pair"}}});
    let stations = json!({"list": "/stations", "filters": {"bbox": {"param": "box"}},
        "fields": {"id": "/id", "name": "/id", "geometry": {"at": "/at", "form": "pair"}}});
    let mapping =
        json!({"datum": "WGS84", "paging": {"kind": "none"}, "resources": {"cases": cases, "stations": stations}});
    let backend = json!({"dialect": "json", "base": base, "mapping": mapping});
    let config =
        json!({"district": {"bounds": [113.8, 22.6, 114.1, 22.9]}, "backends": {"default": backend}, "resources": {}});
    checked(&config, Options::default()).await
}

fn answer(request: &Request, takes: Takes) -> Response {
    let rows = json!([
        {"id": "one", "state": "reported", "kind": "legal", "time": "2026-02-20T08:00:00+08:00", "at": "113.93,22.75"},
        {"id": "two", "state": "resolved", "kind": "complaints", "time": "2026-01-20T08:00:00+08:00", "at": "113.99,22.79"},
    ]);
    let is_part = request.uri().query().is_some();
    if is_part && takes == Takes::Badly {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let rows = match takes {
        Takes::AsMeant if is_part => json!([rows[0]]),
        Takes::Wrongly if is_part => json!([]),
        _ => rows,
    };
    Json(json!({"rows": rows, "at": request.uri().to_string()})).into_response()
}

/// The subjects of a check that ended in some way, each with its words.
fn of(report: &Report, verdict: Verdict, check: &str) -> Vec<(String, String)> {
    let found = report.of(verdict).filter(|finding| finding.check == check);
    found.map(|finding| (finding.subject.clone(), finding.text.en.clone())).collect()
}

const ASKED: [(&str, &str); 4] = [
    ("GET /cases?category=…", "kind"),
    ("GET /cases?state=…", "phase"),
    ("GET /cases?bbox=…", "box"),
    ("GET /cases?from=…", "since, until"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ignores_a_parameter_is_told_which_and_that_it_is_no_fault() {
    let report = narrowed(Takes::Nothing).await;
    let wrong: Vec<_> = report.of(Verdict::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let told = of(&report, Verdict::Note, "filter.ignored");
    for (subject, param) in ASKED.into_iter().chain([("GET /stations?bbox=…", "box")]) {
        let words = format!("ignores the parameter {param}:");
        assert!(told.iter().any(|(asked, en)| asked == subject && en.contains(&words)), "{subject}: {told:#?}");
    }
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(of(&report, Verdict::Works, "filter").iter().all(|(_, en)| en.contains("filtered here")));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_server_that_does_as_it_is_asked_nothing_is_said() {
    let report = narrowed(Takes::AsMeant).await;
    let wrong: Vec<_> = report.of(Verdict::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(of(&report, Verdict::Note, "filter.ignored").is_empty());
    assert!(found(&report, Verdict::Works, "filter.bbox").is_some());
    for (subject, _) in ASKED {
        let works = of(&report, Verdict::Works, "filter");
        assert!(works.iter().any(|(asked, en)| asked == subject && en.contains("by the server")), "{works:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_a_parameter_wrongly_loses_what_was_asked_for() {
    let report = narrowed(Takes::Wrongly).await;
    let lost = of(&report, Verdict::Wrong, "filter.loses");
    for (subject, _) in ASKED {
        let is_told = lost.iter().any(|(asked, en)| asked == subject && en.contains("one passes and is not given"));
        assert!(is_told, "{subject}: {lost:#?}");
    }
    let told = found(&report, Verdict::Wrong, "filter.bbox").unwrap();
    assert!(told.contains("one lies in the box and is not given"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_when_it_is_asked_for_a_part_is_told_at_which_question() {
    let report = narrowed(Takes::Badly).await;
    let failed = of(&report, Verdict::Wrong, "filter.answer");
    for (subject, param) in ASKED {
        let param = param.split(',').next().unwrap();
        let is_told = |en: &str| en.contains(&format!("{param}=")) && en.contains("→ HTTP 500");
        assert!(failed.iter().any(|(asked, en)| asked == subject && is_told(en)), "{subject}: {failed:#?}");
    }
    // Of the box around a case it is asked as of any other list, too.
    assert_eq!(failed.len(), ASKED.len() + 1, "{failed:#?}");
    // Nothing came: that is no filter that loses something.
    assert!(of(&report, Verdict::Wrong, "filter.loses").is_empty());
}
