//! Messages in, messages out.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "tests")]

use super::*;

const CONFIG: &str = r#"{"backends": {"default": {"dialect": "ogc-features", "base": "/proxy/gis"}}, "resources": {}}"#;

fn opened() -> Service {
    let mut service = Service::default();
    let told = service.take(&Message { numbers: vec![0.0], bytes: CONFIG.into() });
    let value: Value = serde_json::from_slice(&told.first().unwrap().bytes).unwrap();
    assert_eq!(value.pointer("/faults"), Some(&json!([])));
    assert_eq!(value.pointer("/can/grids/read"), Some(&json!(true)));
    service
}

fn request(id: f64, target: &str) -> Message {
    Message { numbers: vec![1.0, id, 0.0, 1.77e12, target.len() as f64], bytes: target.into() }
}

fn answered(id: f64, body: &str) -> Message {
    let head = "content-type: application/json\n";
    Message { numbers: vec![2.0, id, 0.0, 200.0, head.len() as f64], bytes: format!("{head}{body}").into() }
}

#[test]
fn a_request_becomes_a_call_and_its_outcome_an_answer() {
    let mut service = opened();
    let told = service.take(&request(7.0, "/grids"));
    let ask = told.first().unwrap();
    assert_eq!(ask.numbers, [2.0, 7.0]);
    let calls: Value = serde_json::from_slice(&ask.bytes).unwrap();
    assert!(calls.pointer("/0/url").unwrap().as_str().unwrap().starts_with("/proxy/gis/collections/grids/items?"));
    let told = service.take(&answered(7.0, r#"{"features": []}"#));
    assert_eq!(told.first().unwrap().numbers.get(..3), Some([3.0, 7.0, 200.0].as_slice()));
    assert!(service.open.is_empty());
}

#[test]
fn a_call_that_failed_is_told_for_what_it_was() {
    for (number, words) in [(0.0, "cannot be reached"), (1.0, "in time"), (2.0, "too large"), (3.0, "another address")]
    {
        let mut service = opened();
        service.take(&request(7.0, "/grids"));
        let told = service.take(&Message { numbers: vec![2.0, 7.0, 0.0, number, 0.0], bytes: Vec::new() });
        let said = String::from_utf8_lossy(&told.first().unwrap().bytes).into_owned();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn what_is_made_of_all_cases_is_made_one_after_another() {
    let mut service = opened();
    assert_eq!(service.take(&request(1.0, "/heat/points")).len(), 1);
    assert_eq!(service.take(&request(2.0, "/snapshot")).len(), 0);
    assert_eq!(service.take(&request(3.0, "/grids")).len(), 1, "others do not wait");
    let told = service.take(&Message { numbers: vec![3.0, 1.0], bytes: Vec::new() });
    assert_eq!(told.first().unwrap().numbers, [2.0, 2.0], "a cancelled one lets the next in");
}

#[test]
fn who_waits_for_a_log_in_goes_on_when_it_is_done_or_given_up() {
    let config = r#"{"backends": {"default": {"dialect": "json", "base": "/p", "mapping": {"datum": "WGS84",
        "token": {"to": "POST /login", "body": {"name": "fengtu"}, "at": "/token"},
        "resources": {"grids": {"list": "/g", "fields": {"id": "/id", "name": "/n", "geometry": "/at"}}}}}}, "resources": {}}"#;
    let mut service = Service::default();
    let told = service.take(&Message { numbers: vec![0.0], bytes: config.into() });
    let value: Value = serde_json::from_slice(&told.first().unwrap().bytes).unwrap();
    assert_eq!(value.pointer("/faults"), Some(&json!([])));
    let is_log_in = |told: &[Message], id: f64| {
        told.len() == 1 && told[0].numbers == [2.0, id] && String::from_utf8_lossy(&told[0].bytes).contains("/p/login")
    };
    let told = service.take(&request(1.0, "/grids"));
    assert!(is_log_in(&told, 1.0), "{told:?}");
    assert_eq!((service.take(&request(2.0, "/grids")).len(), service.take(&request(3.0, "/grids")).len()), (0, 0));
    assert!(is_log_in(&service.take(&Message { numbers: vec![3.0, 1.0], bytes: Vec::new() }), 2.0));
    let told = service.take(&answered(2.0, r#"{"token": "t"}"#));
    let asked: Vec<_> = told.iter().map(|message| message.numbers.clone()).collect();
    assert_eq!(asked, [[2.0, 2.0], [2.0, 3.0]], "both ask with the one token");
}

#[test]
fn the_page_is_told_which_headers_a_mapping_reads() {
    let told = |mapping: &str| {
        let config = format!(
            r#"{{"backends": {{"default": {{"dialect": "json", "base": "/x", "mapping": {mapping}}}}}, "resources": {{}}}}"#
        );
        let told = Service::default().take(&Message { numbers: vec![0.0], bytes: config.into() });
        let value: Value = serde_json::from_slice(&told.first().unwrap().bytes).unwrap();
        value.get("reads").cloned().unwrap()
    };
    let stations = r#"{"list": "/s", "fields": {"id": "/id", "name": "/n", "geometry": {"at": "/at"}}"#;
    let own = format!(
        r#"{{"datum": "WGS84", "total": [{{"header": "X-Rows"}}, {{"header": "x-total-count"}}],
            "resources": {{"stations": {stations}, "total": {{"header": "X-Stations"}}}}, "buildings": {{"list": "/b", "fields": {{"code": "/c"}}}}}}}}"#
    );
    assert_eq!(told(&own), json!(["x-rows", "x-stations"]));
    assert_eq!(told(r#"{"resources": {}}"#), json!([]), "those that are always read are not named again");
}

#[test]
fn a_wrong_file_is_told_where_it_is_wrong() {
    let config = r#"{"backends": {"default": {"dialect": "jsn", "base": "/x"}}}"#;
    let told = Service::default().take(&Message { numbers: vec![0.0], bytes: config.into() });
    let value: Value = serde_json::from_slice(&told.first().unwrap().bytes).unwrap();
    assert_eq!(value.pointer("/faults/0/pointer"), Some(&json!("/backends/default/dialect")));
}
