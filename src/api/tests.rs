//! Requests are built as the contract has them; answers of every kind of badness are an error or a counted skip, never a panic.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::{DateTime, FixedOffset};
use fengtu_wire::problem::kinds;
use fengtu_wire::session::SignIn;
use proptest::prelude::*;
use serde_json::{Value, json};

mod hostile;
mod spoil;

use super::backends::Backends;
use super::cache::EtagCache;
use super::dialect::{Dialect, Method, Question, Resource, Response, encode};
use super::error::{ApiError, NetworkError, Trouble};
use super::{basemap, buildings, cases, config, events, grids, heat, lenient, places, retry};
use super::{session, snapshot, stations, statistics, warnings};

fn ok(body: impl Into<Vec<u8>>) -> Response {
    Response { status: 200, headers: Vec::new(), body: body.into(), apart: None }
}

fn url<Q: Question>(question: &Q) -> String {
    question.request(Dialect::Fengtu).unwrap().url("/api/v1/")
}

fn instant(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[test]
fn requests_are_built_as_the_contract_has_them() {
    let query = cases::CasesQuery {
        place: Some("440311".into()),
        from: Some(instant("2026-03-01T00:00:00+08:00")),
        categories: vec!["labour".into(), "noise".into()],
        classes: vec![fengtu_wire::cases::Class::Urgent, fengtu_wire::cases::Class::Major],
        people_from: Some(5),
        repeats: true,
        building: Some("GM-0007".into()),
        bounds: Some([113.9, 22.7, 114.0, 22.8]),
        behind: Some(fengtu_wire::warnings::Signal::Repeats),
        at: Some(instant("2026-03-08T00:00:00+08:00")),
        text: Some("加装电梯 & 3栋".to_owned()),
        total: true,
        ..cases::CasesQuery::default()
    };
    assert_eq!(
        url(&query),
        "/api/v1/cases?place=440311&from=2026-03-01T00%3A00%3A00%2B08%3A00&category=labour&category=noise\
         &class=urgent&class=major&people_from=5&repeats=true&building=GM-0007&bbox=113.900000%2C22.700000%2C114.000000%2C22.800000&behind=repeats&at=2026-03-08T00%3A00%3A00%2B08%3A00&q=%E5%8A%A0%E8%A3%85%E7%94%B5%E6%A2%AF%20%26%203%E6%A0%8B&total=true"
    );
    assert_eq!(url(&cases::CaseQuery("../session".into())), "/api/v1/cases/..%2Fsession");
    assert_eq!(url(&places::PlacesQuery { geometry: true, ..Default::default() }), "/api/v1/places?geometry=true");
    let after = "a:7".parse().unwrap();
    assert_eq!(events::stream(Dialect::Fengtu, Some(&after)).unwrap().url("/api/v1"), "/api/v1/events?after=a%3A7");
}

#[test]
fn signing_in_goes_in_a_body_and_never_in_an_address() {
    let command = session::SignInCommand(SignIn { name: "zhang".to_owned(), password: "geheim".to_owned() });
    let request = command.request(Dialect::Fengtu).unwrap();
    assert_eq!((request.method, request.url("").as_str()), (Method::Post, "/session"));
    assert_eq!(request.body.as_deref(), Some(r#"{"name":"zhang","password":"geheim"}"#));
    assert!(!format!("{command:?}").contains("geheim"));
}

#[test]
fn wrong_records_are_counted_and_the_rest_is_kept() {
    let place = |id: &str, geometry: Value| json!({"type": "Feature", "geometry": geometry, "properties": {"id": id, "level": "street", "name": "光明"}});
    let square =
        json!({"type": "Polygon", "coordinates": [[[113.9, 22.7], [114.0, 22.7], [114.0, 22.8], [113.9, 22.7]]]});
    let swapped = json!({"type": "Point", "coordinates": [22.7, 113.9]});
    let body = json!({"type": "FeatureCollection", "features": [
        place("a", square), place("a", Value::Null), place("b", swapped), place("c", Value::Null), {"properties": 7},
    ]});
    let list = places::PlacesQuery::default().answer(Dialect::Fengtu, &ok(body.to_string())).unwrap();
    let ids: Vec<_> = list.items.iter().map(|f| (f.properties.id.as_str(), f.geometry.is_some())).collect();
    assert_eq!(ids, [("a", true), ("b", false), ("c", false)]);
    // The second "a", the record that is none, and the geometry of "b".
    assert_eq!(list.refused.count, 3);
}

#[test]
fn columns_that_differ_in_length_are_refused() {
    let body = r#"{"codes":["a"],"lon":[113.9,114],"lat":[22.7],"population":[3],"not_on_map":0}"#;
    let answer = buildings::BuildingPointsQuery::default().answer(Dialect::Fengtu, &ok(body));
    assert!(matches!(answer, Err(ApiError::Decode { what: "building points", .. })));
    let body = r#"{"from":"2026-01-01T00:00:00+08:00","step_s":60,"places":["a","b"],"frames":["012"]}"#;
    let answer = warnings::WarningHistoryQuery::default().answer(Dialect::Fengtu, &ok(body));
    assert!(matches!(answer, Err(ApiError::Decode { what: "warning history", .. })));
}

#[test]
fn problems_are_told_by_their_kind_and_a_proxys_page_by_its_status() {
    let problem = |status, kind: &str| {
        let body = json!({"type": kind, "status": status, "title": ""}).to_string();
        Response { status, headers: vec![("retry-after", "7".to_owned())], body: body.into(), apart: None }
            .checked()
            .unwrap_err()
    };
    assert_eq!(problem(401, kinds::WRONG_CREDENTIALS).trouble(), Trouble::WrongCredentials);
    assert!(
        problem(401, kinds::UNAUTHENTICATED).is_signed_out() && !problem(401, kinds::WRONG_CREDENTIALS).is_signed_out()
    );
    assert!(problem(503, kinds::UNAVAILABLE).is_retryable() && !problem(403, kinds::FORBIDDEN).is_retryable());
    for sent_on in [ApiError::Network(NetworkError::SentOn), problem(502, kinds::SENT_ON)] {
        assert_eq!(sent_on.trouble(), Trouble::SentOn);
    }
    let proxy =
        Response { status: 502, headers: Vec::new(), body: b"<html>".to_vec(), apart: None }.checked().unwrap_err();
    assert_eq!((proxy.status(), proxy.trouble()), (Some(502), Trouble::Unreachable));
}

#[test]
fn a_read_is_tried_three_times_and_not_before_the_server_asks() {
    let failed = ApiError::Network(NetworkError::Failed);
    let ceilings = [400, 800, 1_600];
    for (attempt, ceiling) in (1..).zip(ceilings) {
        assert_eq!(retry::delay_ms(attempt, &failed, 1.0), Some(ceiling));
        assert_eq!(retry::delay_ms(attempt, &failed, 0.0), Some(0));
    }
    assert_eq!(retry::delay_ms(4, &failed, 1.0), None);
    for for_good in [NetworkError::Offline, NetworkError::SentOn] {
        assert_eq!(retry::delay_ms(1, &ApiError::Network(for_good), 1.0), None, "{for_good:?}");
    }
    let asked = |seconds: &str| {
        let headers = vec![("retry-after", seconds.to_owned())];
        Response { status: 429, headers, ..Response::default() }.checked().unwrap_err()
    };
    assert_eq!(retry::delay_ms(1, &asked("2"), 0.5), Some(2_200));
    assert_eq!(retry::delay_ms(1, &asked("600"), 0.5), None);
}

#[test]
fn an_unchanged_answer_is_taken_from_the_cache_which_stays_bounded() {
    let answer = |status, n: usize| {
        let headers = vec![("etag", format!("\"{n}\""))];
        Response { status, headers, body: if status == 200 { vec![0; 1 << 20] } else { Vec::new() }, apart: None }
    };
    let mut cache = EtagCache::default();
    cache.settle("/0", answer(200, 0));
    assert_eq!(cache.etag("/0").as_deref(), Some("\"0\""));
    assert_eq!(cache.settle("/0", answer(304, 0)), answer(200, 0));
    for n in 1..100 {
        cache.settle(&format!("/{n}"), answer(200, n));
    }
    assert_eq!((cache.etag("/0"), cache.etag("/99").is_some()), (None, true));
    assert!((0..100).filter(|n| cache.etag(&format!("/{n}")).is_some()).count() <= 16);
    cache.clear();
    assert_eq!(cache.etag("/99"), None);
}

#[test]
fn config_json_says_which_backend_serves_what() {
    let text = br#"{"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"},
        "east": {"dialect": "fengtu", "base": "https://east.example/api"}}, "resources": {"stations": "east"}}"#;
    let backends = Backends::read(text).unwrap();
    assert_eq!(backends.of(Resource::Stations).base, "https://east.example/api");
    assert_eq!(backends.of(Resource::Cases).base, "/api/v1");
    let taken = br#"{"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"}, "east": null}, "resources": {"stations": null}}"#;
    assert_eq!(Backends::read(taken).unwrap().of(Resource::Stations).base, "/api/v1", "`null` takes away");
}

#[test]
fn backends_of_other_dialects_stand_beside_our_own() {
    let text = br#"{"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"},
        "311": {"dialect": "georeport", "base": "/proxy/311", "mapping": {}}}, "resources": {"cases": "311", "services": "311"}}"#;
    let backends = Backends::read(text).unwrap();
    assert!(backends.of(Resource::Cases).is_foreign && !backends.of(Resource::Session).is_foreign);
    let (theirs, ours) = (backends.capabilities(Resource::Live), backends.capabilities(Resource::Warnings));
    assert!(!theirs.pushed && !theirs.history && ours.pushed && ours.history);
}

#[test]
fn what_a_translator_refused_is_counted_with_the_rest() {
    let body = json!({"items": [{"number": 7}], "refused": {"count": 25, "reasons": ["#3: state: “？” is not known"]},
        "applied_here": ["from"]});
    let list = cases::CasesQuery::default().answer(Dialect::Fengtu, &ok(body.to_string())).unwrap();
    assert_eq!((list.items.len(), list.refused.count, list.applied_here.len()), (0, 26, 1));
    assert!(list.refused.reasons.iter().any(|reason| reason.contains('？')));
    let body = json!({"features": [], "refused": {"count": 2, "reasons": ["a", "b"]}});
    let list = grids::GridsQuery::default().answer(Dialect::Fengtu, &ok(body.to_string())).unwrap();
    assert_eq!((list.refused.count, list.refused.reasons.len()), (2, 2));
    let body = json!({"items": [], "refused": {"count": 3, "reasons": [], "unread": 3, "is_unordered": true},
        "failed": [{"resource": "grids", "backend": "gis", "type": "/problems/sent-on", "detail": "HTTP 502",
                "since": "2026-03-01T09:00:30+08:00"},
            {"resource": "places", "backend": "oa", "detail": null, "since": null}, {"backend": 3}, 7]});
    let list = cases::CasesQuery::default().answer(Dialect::Fengtu, &ok(body.to_string())).unwrap();
    assert!(list.refused.is_unordered && !list.refused.is_nothing());
    let [grids, places] = list.refused.silent.as_slice() else { panic!("{:?}", list.refused) };
    assert_eq!((grids.backend.as_str(), grids.since), ("gis", "2026-03-01T01:00:30Z".parse().ok()));
    assert_eq!((list.refused.unread, places.resource.as_str(), places.since), (3, "places", None));
    for wrong in [json!(3), json!({"count": -1}), json!({"count": 1, "reasons": [1]}), json!({"count": u64::MAX})] {
        let body = json!({"features": [], "refused": wrong});
        assert!(grids::GridsQuery::default().answer(Dialect::Fengtu, &ok(body.to_string())).is_ok());
    }
}

#[test]
fn a_silence_that_a_page_says_already_is_not_said_beside_a_list_of_it() {
    let silent = |backend: &str, resource: &str| lenient::Silent {
        backend: backend.to_owned(),
        resource: resource.to_owned(),
        detail: "HTTP 502".to_owned(),
        since: None,
    };
    let (over, own) = (vec![silent("gis", "grids")], vec![silent("gis", "grids"), silent("oa", "grids")]);
    let list = lenient::Refused { count: 2, silent: own, ..lenient::Refused::default() };
    let beside = list.without_silent(&over);
    assert_eq!((beside.count, beside.silent), (2, vec![silent("oa", "grids")]));
    assert_eq!(list.without_silent(&[]), list);
}

#[test]
fn a_hostile_config_json_is_refused_and_the_error_names_the_part() {
    let with = |base: &str| {
        let file = json!({"backends": {"default": {"dialect": "fengtu", "base": base}}});
        Backends::read(file.to_string().as_bytes())
    };
    for base in
        ["javascript:alert(1)", "//evil.example", "", "https://", "https:///x", "/a b", "/a?x=", "data:,", "\\\\x"]
    {
        assert!(matches!(with(base), Err(ApiError::Decode { what: "config.json", .. })), "{base}");
    }
    let named = |text: &str| Backends::read(text.as_bytes()).unwrap_err().to_string();
    assert!(named(r#"{"backends": {}}"#).contains("default"));
    assert!(named(r#"{"backends": {"default": {"dialect": "soap", "base": "/"}}}"#).contains("soap"));
    let file = r#"{"backends": {"default": {"dialect": "fengtu", "base": "/"}}, "resources": {"moon": "default"}}"#;
    assert!(named(file).contains("moon"));
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(text in "\\PC{0,40}") {
        let encoded = encode(&text);
        prop_assert!(encoded.is_ascii() && !encoded.contains(['&', '=', ' ', '#', '/', '?']));
        prop_assert_eq!(crate::routes::decode(&encoded), Some(text));
    }

    #[test]
    fn any_config_json_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Backends::read(&bytes).is_err());
    }
}
