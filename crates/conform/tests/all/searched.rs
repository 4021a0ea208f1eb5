//! The kit on servers that are asked to search, and on one that takes a report and says nothing of it.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use fengtu_conform::foreign;
use fengtu_conform::options::Options;
use fengtu_conform::report::{Report, Verdict};
use serde_json::{Value, json};

/// Serves an application; returns its base.
pub async fn served(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    base
}

/// Checks what a config file names.
pub async fn checked(config: &Value, options: Options) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    std::fs::write(&file, config.to_string()).unwrap();
    let options = Options { config: Some(file), repeat: options.repeat.max(1), ..options };
    tokio::task::spawn_blocking(move || foreign::check(&options).unwrap()).await.unwrap()
}

/// What a server makes of the words that it is to look for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Looks {
    /// It looks for them.
    AsMeant,
    /// It does not care.
    Nowhere,
    /// It fails.
    InVain,
}

/// Checks a server that is asked to look for words.
async fn searched(looks: Looks) -> Report {
    let rows: Vec<Value> = (0..3).map(|id| json!({"id": format!("r{id}")})).collect();
    let answer = move |request: Request| {
        let is_search = request.uri().query().unwrap_or_default().split('&').any(|pair| pair.starts_with("word="));
        let answer = match looks {
            Looks::AsMeant if is_search => Json(json!({"rows": []})).into_response(),
            Looks::InVain if is_search => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            _ => Json(json!({"rows": rows})).into_response(),
        };
        async move { answer }
    };
    let base = served(Router::new().fallback(answer)).await;
    let cases = json!({"list": "/cases", "filters": {"q": "word"}, "fields": {"number": "/id", "state": {"value": "reported"},
        "category": {"value": "legal"}, "reported_at": {"value": "2026-02-20T08:00:00+08:00"}}});
    let config = json!({"district": {"bounds": [113.8, 22.6, 114.1, 22.9]}, "backends": {"default": {"dialect": "json", "base": base, "mapping": {
        "paging": {"kind": "none"}, "resources": {"cases": cases}}}}, "resources": {}});
    checked(&config, Options::default()).await
}

/// The words of a finding.
pub fn found<'a>(report: &'a Report, verdict: Verdict, check: &str) -> Option<&'a str> {
    report.of(verdict).find(|finding| finding.check == check).map(|finding| finding.text.en.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ignores_what_is_looked_for_is_wrong() {
    let report = searched(Looks::AsMeant).await;
    assert!(found(&report, Verdict::Works, "filter.search").is_some());
    let report = searched(Looks::Nowhere).await;
    let told = found(&report, Verdict::Wrong, "filter.search").unwrap();
    assert!(told.contains("3 cases") && told.contains("filters.q"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_to_look_for_words_is_not_said_to_have_found_none() {
    let report = searched(Looks::InVain).await;
    let told: Vec<_> = report.of(Verdict::Wrong).filter(|finding| finding.check == "filter.answer").collect();
    let [finding] = told[..] else { panic!("{told:#?}") };
    assert_eq!(finding.subject, "GET /cases?q=…");
    assert!(finding.text.en.contains("word=") && finding.text.en.contains("→ HTTP 500"), "{finding:?}");
    assert!(found(&report, Verdict::Works, "filter.search").is_none());
}

/// Open311's `blackbox` services give neither number nor token.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_followed_is_noted_and_no_fault() {
    async fn answer(request: Request) -> Response {
        let service = json!({"service_code": "1", "service_name": "灯", "metadata": false, "type": "blackbox"});
        match (request.method().as_str(), request.uri().path()) {
            ("GET", "/services.json") => Json(json!([service])).into_response(),
            ("GET", "/requests.json") => Json(json!([])).into_response(),
            ("POST", "/requests.json") => {
                (StatusCode::CREATED, Json(json!([{"service_notice": "收到"}]))).into_response()
            }
            _ => (StatusCode::NOT_FOUND, Json(json!([{"code": 404, "description": "none"}]))).into_response(),
        }
    }
    let base = served(Router::new().fallback(answer)).await;
    let config = json!({"district": {"bounds": [113.8, 22.6, 114.1, 22.9]}, "backends": {"default": {"dialect": "georeport", "base": base}}, "resources": {}});
    let report = checked(&config, Options { write: true, ..Options::default() }).await;
    assert!(
        found(&report, Verdict::Note, "report.followed").is_some(),
        "{:#?}",
        report.of(Verdict::Wrong).collect::<Vec<_>>()
    );
    assert!(found(&report, Verdict::Wrong, "report.create").is_none());
}
