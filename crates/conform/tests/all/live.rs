//! The kit on live streams: one that is as it should be, and those that do not open, are silent, or tell no place to go on from.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use fengtu_conform::contract;
use fengtu_conform::options::Options;
use fengtu_conform::report::{Report, Verdict};
use serde_json::json;

use super::searched::served;

const STREAM: &str = "text/event-stream";
const SOUND: &str = "event: case\nid: 1\ndata: {}\n\nevent: heartbeat\nid: 2\ndata: {}\n\n";
/// It ends without a heartbeat: nobody waits for one.
const SILENT: &str = "event: case\nid: 1\ndata: {}\n\n";
const BARE: &str = "event: case\ndata: {}\n\nevent: heartbeat\nid: 2\ndata: {}\n\n";

/// How the stream is answered: status, media type and text; absent: it breaks off before it has begun.
type Opened = Option<(StatusCode, &'static str, &'static str)>;

/// Checks a backend that has a stream and the snapshot that it goes on from, and nothing else.
async fn streamed(opened: Opened) -> Report {
    let app = Router::new().fallback(move |request: Request| async move { answer(&request, opened) });
    let options = Options { base: Some(served(app).await), dialect: "fengtu".to_owned(), ..Options::default() };
    tokio::task::spawn_blocking(move || contract::check(&options).unwrap()).await.unwrap()
}

fn answer(request: &Request, opened: Opened) -> Response {
    match (request.uri().path(), opened) {
        ("/config", _) => Json(json!({})).into_response(),
        ("/snapshot", _) => Json(json!({"position": "1"})).into_response(),
        ("/events", Some((status, kind, text))) => (status, [(header::CONTENT_TYPE, kind)], text).into_response(),
        // The connection ends without a word; other than a panic this writes nothing.
        ("/events", None) => std::panic::resume_unwind(Box::new("breaks off")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_does_not_open_or_is_no_use_is_wrong() {
    for (opened, verdict, check, words) in [
        (Some((StatusCode::OK, STREAM, SOUND)), Verdict::Works, "live.heartbeat", "opens, beats, has positions"),
        (None, Verdict::Wrong, "live.opens", "does not open: Unreachable"),
        (Some((StatusCode::OK, "application/json", "{}")), Verdict::Wrong, "live.opens", "it is 200 application/json"),
        (
            Some((StatusCode::SERVICE_UNAVAILABLE, STREAM, SOUND)),
            Verdict::Wrong,
            "live.opens",
            "it is 503 text/event-stream",
        ),
        (Some((StatusCode::OK, STREAM, SILENT)), Verdict::Wrong, "live.heartbeat", "no heartbeat in 18 s"),
        (Some((StatusCode::OK, STREAM, BARE)), Verdict::Wrong, "live.position", "1 events have no id"),
    ] {
        let report = streamed(opened).await;
        let told: Vec<_> = report.findings.iter().filter(|finding| finding.check.starts_with("live.")).collect();
        let [finding] = told[..] else { panic!("{opened:?}: {told:#?}") };
        assert_eq!((finding.verdict, finding.check), (verdict, check), "{opened:?}");
        assert!(finding.text.en.contains(words), "{opened:?}: {finding:?}");
    }
}
