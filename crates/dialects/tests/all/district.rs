//! The district's settings where no backend serves them.

use fengtu_dialects::{Call, Installation, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, good, installation, text};

/// Cases of one server, and nothing else.
fn cases_alone(district: &Value) -> Installation {
    let cases = json!({"list": "/cases", "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"},
        "reported_at": {"value": "2026-03-01T08:00:00+08:00"}, "at": {"lon": "/x", "lat": "/y"}}});
    installation(&json!({"backends": {"default": {"dialect": "json", "base": "/c", "mapping": {"datum": "WGS84",
        "resources": {"cases": cases}}}}, "resources": {}, "district": district}))
}

fn bounds(all: &Installation, server: &mut dyn FnMut(&Call) -> Outcome) -> Value {
    ask(all, Request::get("/config"), server)["bounds"].clone()
}

#[test]
fn a_district_of_which_nobody_gives_any_ground_is_where_its_newest_cases_are() {
    let rows = json!([{"n": "A", "x": 113.90, "y": 22.70}, {"n": "B", "x": 113.95, "y": 22.78}, {"n": "C"}]);
    let told = bounds(&cases_alone(&json!({})), &mut |_| good(&rows));
    let told: [f64; 4] = serde_json::from_value(told).unwrap();
    for (side, want) in told.into_iter().zip([113.895, 22.695, 113.955, 22.785]) {
        assert!((side - want).abs() < 1e-9, "{told:?}: {side}, not {want}");
    }
}

#[test]
fn where_no_case_can_be_drawn_or_none_can_be_had_the_district_has_no_bounds_and_all_its_other_settings() {
    for answer in [good(&json!([{"n": "C"}])), good(&json!([])), text(503, "")] {
        let config = ask(&cases_alone(&json!({})), Request::get("/config"), &mut |_: &Call| answer.clone());
        assert_eq!((&config["bounds"], &config["root"]), (&Value::Null, &json!("district")));
        assert!(!config["categories"].as_array().unwrap().is_empty());
    }
}

#[test]
fn bounds_that_the_file_names_are_its_own_and_no_case_is_asked_for() {
    let all = cases_alone(&json!({"bounds": [113.0, 22.0, 114.0, 23.0]}));
    let told = bounds(&all, &mut |call| panic!("{} was asked", call.url));
    assert_eq!(told, json!([113.0, 22.0, 114.0, 23.0]));
}
