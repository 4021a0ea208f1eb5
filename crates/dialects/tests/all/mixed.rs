//! Several backends at once: joined by geometry, and one that is down hides no other.

use fengtu_dialects::{Call, Failure, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, refused, text};

fn config() -> Value {
    json!({"backends": {
            "default": {"dialect": "fengtu", "base": "/api/v1"},
            "gis": {"dialect": "ogc-features", "base": "/proxy/gis"},
            "311": {"dialect": "georeport", "base": "/proxy/311"}},
        "resources": {"stations": "gis", "cases": "311", "live": "default"}})
}

/// Our own server has the grids, another the stations, a third the cases, which is down if it is said so.
fn city(call: &Call, down: bool) -> Outcome {
    let grids: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/grids.json")).unwrap();
    let places: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/places.json")).unwrap();
    let station = json!({"type": "Feature", "id": "S1", "properties": {"name": "站", "level": "site"},
        "geometry": {"type": "Point", "coordinates": centre(&grids)}});
    match call.url.as_str() {
        url if url.starts_with("/api/v1/grids") => good(&grids),
        url if url.starts_with("/api/v1/places") => good(&places),
        url if url.starts_with("/api/v1/config") => text(200, include_str!("../../../wire/tests/golden/config.json")),
        url if url.starts_with("/proxy/gis/collections/stations") => good(&json!({"features": [station]})),
        url if url.starts_with("/proxy/311") && down => Outcome::Failed(Failure::Unreachable),
        url if url.starts_with("/proxy/311/requests") => {
            let [lon, lat]: [f64; 2] = serde_json::from_value(centre(&grids)).unwrap();
            good(&json!([{"service_request_id": 1, "status": "open", "service_code": "x", "service_name": "灯",
                "requested_datetime": "2026-02-20T08:00:00Z", "lat": lat, "long": lon}]))
        }
        other => panic!("{other}"),
    }
}

/// A point inside the first grid: the middle of a triangle of its corners, which are few and convex there.
fn centre(grids: &Value) -> Value {
    let mut ring = grids.pointer("/features/0/geometry/coordinates").unwrap();
    while ring[0][0].is_array() {
        ring = &ring[0];
    }
    let number = |corner: usize, axis: usize| ring[corner][axis].as_f64().unwrap();
    json!([(number(0, 0) + number(1, 0) + number(2, 0)) / 3.0, (number(0, 1) + number(1, 1) + number(2, 1)) / 3.0])
}

#[test]
fn cases_and_stations_of_others_stand_in_our_grids() {
    let all = installation(&config());
    let grids: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/grids.json")).unwrap();
    let grid = grids.pointer("/features/0/properties/id").unwrap().as_str().unwrap().to_owned();
    let stations = ask(&all, Request::get("/stations"), &mut |call: &Call| city(call, false));
    assert_eq!(each(&stations, "/features", "/properties/place"), std::slice::from_ref(&grid));
    let cases = ask(&all, Request::get("/cases"), &mut |call: &Call| city(call, false));
    assert_eq!(each(&cases, "/items", "/place"), [grid]);
}

#[test]
fn a_place_of_another_system_is_the_grid_around_the_point_or_said_to_be_none() {
    let mut config = config();
    config["resources"]["cases"] = json!("gis");
    let grids: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/grids.json")).unwrap();
    let grid = grids.pointer("/features/0/properties/id").unwrap().as_str().unwrap().to_owned();
    let case = |id: &str, place: &str, at: &Value| {
        json!({"type": "Feature", "id": id, "properties": {"place": place, "title": "灯", "category": "mediation.wages",
            "state": "reported", "reported_at": "2026-02-20T08:00:00Z"}, "geometry": (!at.is_null()).then(|| json!({"type": "Point", "coordinates": at}))})
    };
    let station = json!({"type": "Feature", "id": "S1", "properties": {"name": "站", "level": "site", "place": "wg-12"},
        "geometry": {"type": "Point", "coordinates": centre(&grids)}});
    let cases =
        json!([case("1", "wg-12", &centre(&grids)), case("2", &grid, &Value::Null), case("3", "wg-13", &Value::Null)]);
    let mut server = |call: &Call| match call.url.as_str() {
        url if url.contains("/collections/cases") => good(&json!({"features": cases})),
        url if url.contains("/collections/stations") => good(&json!({"features": [station]})),
        _ => city(call, false),
    };
    let all = installation(&config);
    let list = ask(&all, Request::get("/cases"), &mut server);
    assert_eq!(each(&list, "/items", "/place"), [grid.as_str(), grid.as_str(), "wg-13"]);
    assert_eq!(list["refused"]["reasons"], json!(["没有 wg-13 这个地方 ‖ there is no place wg-13"]), "{list}");
    let within = ask(&all, Request::get("/cases").with("place", &grid), &mut server);
    assert_eq!(each(&within, "/items", "/number"), ["1", "2"]);
    let stations = ask(&all, Request::get("/stations"), &mut server);
    assert_eq!(each(&stations, "/features", "/properties/place"), [grid]);
}

#[test]
fn a_place_that_is_no_word_is_not_shown() {
    let mut config = config();
    config["resources"]["cases"] = json!("gis");
    let all = installation(&config);
    for named in ["张三家，电话 13812345678", "张三丰与李四光因邻里噪声多次争吵，今日再访"] {
        let case = json!({"type": "Feature", "id": "1", "properties": {"place": named, "title": "灯", "category": "mediation.wages",
            "state": "reported", "reported_at": "2026-02-20T08:00:00Z"}});
        let list = ask(&all, Request::get("/cases"), &mut |call: &Call| match call.url.as_str() {
            url if url.contains("/collections/cases") => good(&json!({"features": [case]})),
            _ => city(call, false),
        });
        let said = "没有它所写的地方 ‖ there is no such place as it names";
        assert_eq!(list["refused"]["reasons"], json!([said]), "{list}");
    }
}

/// The last of them is not in time, ours says that nobody is signed in any more, and so on.
fn polled(all: &fengtu_dialects::Installation, now: &str, ours: &Outcome, others: &Outcome) -> (u16, Value, usize) {
    let mut server = |call: &Call| match call.url.as_str() {
        url if url.starts_with("/api/v1/snapshot") => ours.clone(),
        url if url.starts_with("/proxy/311") => others.clone(),
        _ => city(call, false),
    };
    let now = format!("2026-03-01T{now}+08:00");
    let (answer, urls) = super::talk_at(all, &now, Request::get("/snapshot"), &mut server);
    let asked = urls.iter().filter(|url| url.starts_with("/proxy/311")).count();
    (answer.status, serde_json::from_slice(&answer.body).unwrap(), asked)
}

fn polling() -> fengtu_dialects::Installation {
    let mut config = config();
    config["resources"] = json!({"stations": "gis", "cases": "311"});
    installation(&config)
}

fn state_of_ours() -> Outcome {
    good(&json!({"warnings": [{"place": "g2", "level": "red", "score": 3.0}], "recent": [], "today": {}}))
}

#[test]
fn one_that_lets_everybody_wait_is_not_waited_for_again_at_once() {
    let (all, hanging) = (polling(), Outcome::Failed(Failure::TimedOut));
    let (_, told, asked) = polled(&all, "09:00:00", &state_of_ours(), &hanging);
    assert_eq!((told["warnings"][0]["place"].as_str(), asked), (Some("g2"), 1), "{told}");
    assert_eq!(told["failed"][0]["backend"], "311");
    let (_, told, asked) = polled(&all, "09:00:50", &state_of_ours(), &hanging);
    assert_eq!((told["warnings"][0]["level"].as_str(), asked), (Some("red"), 0), "{told}");
    assert_eq!(told["failed"][0]["backend"], "311", "what it does not give is said all the same");
    // A proxy that has waited for it says so by a 504.
    let (.., asked) = polled(&all, "09:01:20", &state_of_ours(), &text(504, "{}"));
    assert_eq!(asked, 1, "it is tried again");
    let (.., asked) = polled(&all, "09:02:00", &state_of_ours(), &text(504, "{}"));
    assert_eq!(asked, 0);
    let (.., asked) = polled(&all, "09:02:40", &state_of_ours(), &good(&json!([])));
    assert_eq!(asked, 1);
    let (_, told, asked) = polled(&all, "09:03:20", &state_of_ours(), &good(&json!([])));
    assert_eq!((told["failed"].as_array().map_or(0, Vec::len), asked), (0, 1), "it answers: {told}");
}

#[test]
fn a_ground_that_was_had_is_not_waited_for() {
    let mut config = config();
    config["resources"] = json!({"grids": "gis", "cases": "311"});
    let all = installation(&config);
    let own: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/grids.json")).unwrap();
    let ground = own.pointer("/features/0/geometry").unwrap();
    let grid = json!({"type": "Feature", "id": "格1", "properties": {"name": "甲"}, "geometry": ground});
    let at = |now: &str, outcome: Outcome| {
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.starts_with("/proxy/gis/collections/grids") => outcome.clone(),
            _ => city(call, false),
        };
        let now = format!("2026-03-01T{now}+08:00");
        let (answer, urls) = super::talk_at(&all, &now, Request::get("/cases"), &mut server);
        let list: Value = serde_json::from_slice(&answer.body).unwrap();
        (each(&list, "/items", "/place"), urls.iter().filter(|url| url.starts_with("/proxy/gis")).count())
    };
    let hanging = || Outcome::Failed(Failure::TimedOut);
    assert_eq!(at("09:00:00", good(&json!({"features": [grid]}))), (vec!["格1".to_owned()], 1));
    assert_eq!(at("09:20:00", hanging()), (vec!["格1".to_owned()], 1), "it stands as it was");
    assert_eq!(at("09:20:30", hanging()), (vec!["格1".to_owned()], 0), "and nobody waits for it again at once");
    assert_eq!(at("09:21:20", hanging()), (vec!["格1".to_owned()], 1));
}

#[test]
fn the_end_of_ones_own_session_is_told_whatever_others_gave() {
    let all = polling();
    let over = text(401, r#"{"type":"/problems/unauthenticated","title":"Sign in.","status":401}"#);
    let (status, problem, _) = polled(&all, "09:00:00", &over, &good(&json!([])));
    assert_eq!((status, &problem["type"]), (401, &json!("/problems/unauthenticated")));
    let (status, problem, _) = polled(&all, "09:00:30", &text(503, "{}"), &text(401, "{}"));
    assert_eq!(
        (status, &problem["type"]),
        (403, &json!("/problems/forbidden")),
        "another's log-in is not the viewer's"
    );
}

/// Of a server that the viewer is not signed in to, that it lets nobody in is no news of their session.
#[test]
fn a_second_server_of_ours_signs_nobody_out() {
    let all = installation(&json!({"backends": {"default": {"dialect": "ogc-features", "base": "/proxy/gis"},
            "own": {"dialect": "fengtu", "base": "/api/v1"}},
        "resources": {"grids": "own", "places": "own", "warnings": "own"}}));
    let mut server = |call: &Call| match call.url.as_str() {
        url if url.starts_with("/api/v1/") => {
            text(401, r#"{"type":"/problems/unauthenticated","title":"Sign in.","status":401}"#)
        }
        _ => good(&json!({"features": []})),
    };
    let told = ask(&all, Request::get("/snapshot"), &mut server);
    assert_eq!(each(&told, "/failed", "/resource"), ["places", "grids", "warnings"], "{told}");
}

#[test]
fn a_list_that_hangs_is_not_the_backends_other_lists() {
    let all = installation(&json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"},
            "gis": {"dialect": "json", "base": "/proxy/gis", "mapping": {"paging": {"kind": "none"}, "resources": {
                "cases": {"list": "/cases", "fields": {"number": "/id", "category": "/kind", "state": "/state", "reported_at": "/at"}},
                "warnings": {"list": "/warnings", "fields": {"place": "/place", "level": "/level", "at": {"value": "2026-03-01T08:00:00+08:00"}}}}}}},
        "resources": {"cases": "gis", "warnings": "gis"}}));
    let at = |now: &str| {
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.starts_with("/proxy/gis/cases") => Outcome::Failed(Failure::TimedOut),
            url if url.starts_with("/proxy/gis") => good(&json!([{"place": "g2", "level": "red"}])),
            _ => city(call, false),
        };
        let now = format!("2026-03-01T{now}+08:00");
        let (answer, urls) = super::talk_at(&all, &now, Request::get("/snapshot"), &mut server);
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        let asked = |list: &str| urls.iter().filter(|url| url.starts_with(list)).count();
        (each(&told, "/warnings", "/level"), asked("/proxy/gis/cases"), asked("/proxy/gis/warnings"))
    };
    assert_eq!(at("09:00:00"), (vec!["red".to_owned()], 1, 1));
    assert_eq!(at("09:00:50"), (vec!["red".to_owned()], 0, 1));
}

#[test]
fn one_that_is_down_hides_no_other() {
    let all = installation(&config());
    let problem = refused(&all, Request::get("/cases"), &mut |call: &Call| city(call, true));
    assert_eq!(problem["type"], "/problems/unavailable");
    assert!(problem["detail"].as_str().unwrap().starts_with("311: "), "{problem}");
    let stations = ask(&all, Request::get("/stations"), &mut |call: &Call| city(call, true));
    assert_eq!(stations["features"].as_array().unwrap().len(), 1);
    let grids = ask(&all, Request::get("/grids"), &mut |call: &Call| city(call, true));
    assert!(!grids["features"].as_array().unwrap().is_empty(), "ours is passed on as it is");
    let about = ask(&all, Request::get("/backends"), &mut |_: &Call| panic!("nobody is asked"));
    let rows = about["resources"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["resource"] == name).unwrap();
    assert_eq!((&row("cases")["backend"], &row("stations")["last"]["records"]), (&json!("311"), &json!(1)));
    assert!(row("cases")["last"]["trouble"].as_str().unwrap().contains("reached"));
    assert_eq!((&row("live")["can"]["pushed"], &row("grids")["can"]["pushed"]), (&json!(true), &json!(false)));
}

#[test]
fn the_studio_sees_raw_records_beside_what_was_understood() {
    let all = installation(&config());
    let sample = ask(&all, Request::get("/sample/cases"), &mut |call: &Call| {
        if call.url.contains("requests") {
            let lost = |id: u8| json!({"service_request_id": id, "status": "lost", "service_code": "mediation"});
            good(&json!([lost(1), lost(2)]))
        } else {
            city(call, false)
        }
    });
    assert_eq!((&sample["records"], &sample["unreadable"]), (&json!(2), &json!(2)));
    assert_eq!(sample["why"]["state: 对应表中没有“lost” ‖ the table has no “lost”"], 2);
    assert!(sample["rows"][0]["raw"].as_str().unwrap().contains("\"status\": \"lost\""));
    let fields = sample["rows"][0]["fields"].as_array().unwrap();
    assert!(fields.iter().any(|field| field["why"] == "对应表中没有“lost” ‖ the table has no “lost”"));
    assert!(fields.iter().any(|field| field["name"] == "number" && field["value"] == "1"));
}

#[test]
fn the_map_from_one_cases_from_another_and_the_loop_is_ours() {
    let mut config = config();
    config["resources"] = json!({"grids": "gis", "stations": "gis", "cases": "311"});
    let all = installation(&config);
    let own: Value = serde_json::from_str(include_str!("../../../wire/tests/golden/grids.json")).unwrap();
    let ground = own.pointer("/features/0/geometry").unwrap();
    let grid = json!({"type": "Feature", "id": "格1", "properties": {"name": "甲"}, "geometry": ground});
    let mut acted = Vec::new();
    let mut server = |call: &Call| match call.url.as_str() {
        url if url.starts_with("/proxy/gis/collections/grids") => good(&json!({"features": [grid]})),
        url if url.starts_with("/api/v1/grids") => panic!("the grids are another's"),
        url if url.starts_with("/api/v1/warnings/") => {
            acted.push((call.method.name(), call.url.clone(), call.body.clone()));
            good(&json!({}))
        }
        _ => city(call, false),
    };
    let stations = ask(&all, Request::get("/stations"), &mut server);
    let cases = ask(&all, Request::get("/cases"), &mut server);
    let places = (each(&stations, "/features", "/properties/place"), each(&cases, "/items", "/place"));
    assert_eq!(places, (vec!["格1".to_owned()], vec!["格1".to_owned()]), "both stand in the other's grid");
    ask(&all, Request::post("/warnings/W1/actions", r#"{"action":"acknowledge"}"#), &mut server);
    let said = Some(r#"{"action":"acknowledge"}"#.to_owned());
    assert_eq!(acted, [("POST", "/api/v1/warnings/W1/actions".to_owned(), said)], "the loop is ours, as it is");
}
