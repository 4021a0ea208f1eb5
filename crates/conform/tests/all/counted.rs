//! The kit on servers that count more rows than they give.

use axum::extract::Request;
use axum::{Json, Router};
use fengtu_conform::foreign;
use fengtu_conform::options::Options;
use fengtu_conform::report::{Report, Verdict};
use serde_json::{Value, json};

/// How a server ends its list of three rows, of which it counts five.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// Its next page is empty: the others are not for this account.
    Empty,
    /// Its own word says that there is no more.
    SaysNo,
    /// It knows no pages: the first comes again.
    Again,
    /// The next page is announced, and nothing stands where its list should.
    Announced,
}

/// Checks a server of such a list.
async fn checked(end: End, total: Value) -> Report {
    let app = Router::new().fallback(move |request: Request| async move { Json(answer(&request, end)) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let paging = match end {
        End::SaysNo => json!({"kind": "offset", "size": "n", "limit": 3, "more": "/more"}),
        End::Announced => json!({"kind": "cursor", "param": "page", "at": "/next"}),
        End::Empty | End::Again => json!({"kind": "page", "size": "n", "limit": 3}),
    };
    let stations =
        json!({"list": "/stations", "fields": {"id": "/id", "name": "/id", "geometry": {"at": "/at", "form": "pair"}}});
    let cases = json!({"list": "/cases", "fields": {"number": "/id", "state": {"value": "reported"}, "category": {"value": "legal"},
        "reported_at": {"value": "2026-02-20T08:00:00+08:00"}}});
    let config = json!({"district": {"bounds": [113.8, 22.6, 114.1, 22.9]}, "backends": {"default": {"dialect": "json", "base": base, "mapping": {
        "datum": "WGS84", "total": total, "paging": paging, "resources": {"stations": stations, "cases": cases}}}}, "resources": {}});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    std::fs::write(&file, config.to_string()).unwrap();
    let options = Options { config: Some(file), repeat: 1, ..Options::default() };
    tokio::task::spawn_blocking(move || foreign::check(&options).unwrap()).await.unwrap()
}

fn answer(request: &Request, end: End) -> Value {
    let query = request.uri().query().unwrap_or_default();
    let is_first = !query.split('&').any(|pair| pair == "page=2");
    let rows: Vec<Value> = (0..3).map(|id| json!({"id": format!("r{id}"), "at": "113.93,22.75"})).collect();
    match end {
        End::SaysNo => json!({"rows": rows, "total": 5, "more": false}),
        End::Announced if is_first => json!({"rows": rows, "total": 5, "next": "2"}),
        End::Announced => json!({"rows": null, "total": 5, "next": "3"}),
        End::Empty if !is_first => json!({"rows": [], "total": 5}),
        End::Empty | End::Again => json!({"rows": rows, "total": 5}),
    }
}

fn of(report: &Report, verdict: Verdict) -> Vec<(&str, &str)> {
    report.of(verdict).map(|finding| (finding.check, finding.subject.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_its_list_and_counts_more_is_told_what_comes_of_it() {
    for end in [End::Empty, End::SaysNo] {
        let report = checked(end, json!("/total")).await;
        let wrong: Vec<_> = report.of(Verdict::Wrong).collect();
        assert!(wrong.is_empty(), "{end:?}: {wrong:#?}");
        let notes = of(&report, Verdict::Note);
        assert!(notes.contains(&("list.counted", "GET /cases")) && notes.contains(&("list.counted", "GET /stations")));
        let told = report.of(Verdict::Note).find(|finding| finding.check == "list.counted").unwrap();
        assert!(told.text.en.contains("2 more") && told.text.en.contains("`total`"), "{}", told.text.en);
        // What the pages go without is not hidden.
        assert!(of(&report, Verdict::Missing).contains(&("extra", "GET /statistics")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_total_there_is_nothing_to_tell() {
    let report = checked(End::Empty, Value::Null).await;
    assert!(of(&report, Verdict::Wrong).is_empty());
    assert!(!of(&report, Verdict::Note).iter().any(|(check, _)| *check == "list.counted"));
    assert!(of(&report, Verdict::Works).contains(&("extra", "GET /statistics")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_stops_though_it_goes_on_is_wrong() {
    for end in [End::Again, End::Announced] {
        let report = checked(end, json!("/total")).await;
        let wrong = of(&report, Verdict::Wrong);
        assert!(wrong.contains(&("list.cut", "GET /cases")), "{end:?}: {wrong:?}");
    }
}
