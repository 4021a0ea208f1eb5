//! OGC API Features: links, strings for numbers, ignored parameters, swapped and metric coordinates.

use fengtu_dialects::{Call, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, talk, text};

fn config() -> Value {
    json!({"backends": {"default": {"dialect": "ogc-features", "base": "https://gis.example/api"}}, "resources": {},
        "district": {"name": "测试区", "bounds": [113.0, 22.0, 114.0, 23.0]}})
}

fn case(number: &str, at: &Value, day: u32) -> Value {
    json!({"type": "Feature", "id": number, "geometry": {"type": "Point", "coordinates": at}, "properties": {
        "category": "mediation.wages", "state": "handling", "class": "ordinary", "people": "36", "amount_fen": "1200",
        "reported_at": format!("2026-02-{day:02}T08:00:00+08:00"), "title": "欠薪"}})
}

#[test]
fn a_case_is_opened_by_what_its_layer_calls_it() {
    let mut config = config();
    config["backends"]["default"]["mapping"] = json!({"resources": {"cases": {
        "events": {"list": "/cases/{id}/steps", "records": "", "fields": {"at": "/at", "to": {"value": "handling"}}},
        "actions": {"accept": {"to": "PUT /cases/{id}/accept", "body": {"case": "{id}"}}}}}});
    let all = installation(&config);
    let feature = |id: &Value, number: &str| {
        let mut feature = case(number, &json!([113.5, 22.5]), 1);
        feature["id"] = id.clone();
        feature["properties"]["number"] = json!(number);
        feature
    };
    let (other, same) = (feature(&json!(417), "GM-1"), feature(&json!("GM-2"), "GM-2"));
    let mut step = None;
    let mut server =
        |call: &Call| match call.url.trim_start_matches("https://gis.example/api").split('?').next().unwrap() {
            "/collections/cases/items" => good(&json!({"features": [other, same]})),
            "/collections/cases/items/417" => good(&other),
            "/collections/cases/items/GM-2" => good(&same),
            "/cases/417/steps" => good(&json!([{"at": "2026-02-02T08:00:00+08:00"}])),
            "/cases/417/accept" => {
                step.clone_from(&call.body);
                text(204, "")
            }
            _ => text(404, ""),
        };
    // No list has told of it yet: a link that somebody has sent.
    assert_eq!(ask(&all, Request::get("/cases/GM-1"), &mut server)["number"], "GM-1");
    for is_known in [false, true] {
        let mut called = 0;
        let mut counting = |call: &Call| {
            called += 1;
            server(call)
        };
        assert_eq!(refused(&all, Request::get("/cases/GM-3"), &mut counting)["status"], 404);
        assert_eq!(called, if is_known { 1 } else { 2 }, "nobody looks twice in a minute");
    }
    let list = ask(&all, Request::get("/cases"), &mut server);
    assert_eq!(each(&list, "/items", "/number"), ["GM-1", "GM-2"]);
    let one = ask(&all, Request::get("/cases/GM-1"), &mut server);
    let tracked = ask(&all, Request::get("/reports/GM-1"), &mut server);
    assert_eq!((&one["number"], &tracked["number"]), (&json!("GM-1"), &json!("GM-1")));
    let events = ask(&all, Request::get("/cases/GM-1/events"), &mut server);
    assert_eq!(events[0]["to"], "handling");
    ask(&all, Request::post("/cases/GM-1/actions/accept", ""), &mut server);
    assert_eq!(ask(&all, Request::get("/cases/GM-2"), &mut server)["number"], "GM-2");
    for answer in [list, one, tracked, events] {
        assert!(!answer.to_string().contains("417") && answer.get("ref").is_none(), "{answer}");
    }
    // One case that is refused closes none of the others.
    refused(&all, Request::get("/cases/GM-1"), &mut |_| text(403, ""));
    let mut by_its_own = |call: &Call| if call.url.contains("/items/417") { server(call) } else { text(404, "") };
    assert_eq!(ask(&all, Request::get("/cases/GM-1"), &mut by_its_own)["number"], "GM-1");
    refused(&all, Request::get("/cases"), &mut |_| text(403, ""));
    assert_eq!(
        refused(&all, Request::get("/cases/GM-1"), &mut by_its_own)["status"],
        404,
        "it lets nobody in any more"
    );
    assert_eq!(step.as_deref(), Some("{\"case\":\"417\"}"));
}

#[test]
fn a_link_to_a_case_that_is_shown_to_nobody_is_answered_like_one_to_none() {
    let mut restricted = case("x", &json!([113.5, 22.5]), 1);
    restricted["id"] = json!(418);
    restricted["properties"]["number"] = json!("GM-2");
    restricted["properties"]["sensitivity"] = json!("restricted");
    let all = installation(&config());
    for _ in 0..2 {
        let mut said = Vec::new();
        for number in ["GM-2", "GM-9"] {
            let answer = refused(&all, Request::get(format!("/cases/{number}")), &mut |call: &Call| match call
                .url
                .split('?')
                .next()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
            {
                "items" => good(&json!({"features": [restricted], "numberMatched": 1})),
                "418" => good(&restricted),
                _ => text(404, ""),
            });
            said.push(answer.to_string().replace(number, "N"));
        }
        assert_eq!(said[0], said[1]);
    }
}

#[test]
fn a_list_that_cannot_be_had_is_looked_through_again() {
    let mut feature = case("GM-1", &json!([113.5, 22.5]), 1);
    feature["id"] = json!(417);
    feature["properties"]["number"] = json!("GM-1");
    let all = installation(&config());
    for is_up in [false, true] {
        let mut server = |call: &Call| match call.url.split('?').next().unwrap().rsplit('/').next().unwrap() {
            "items" if is_up => good(&json!({"features": [feature], "numberMatched": 1})),
            "items" => text(503, ""),
            "417" => good(&feature),
            _ => text(404, ""),
        };
        let (answer, _) = talk(&all, Request::get("/cases/GM-1"), &mut server);
        assert_eq!(answer.is_good(), is_up);
    }
}

#[test]
fn pages_follow_the_link_by_its_query_alone() {
    let mut server = |call: &Call| match param(&call.url, "offset").as_deref() {
        None => good(&json!({"features": [case("A1", &json!([113.5, 22.5]), 1)], "numberMatched": 2,
            // A name that only the server itself knows.
            "links": [{"rel": "self", "href": "x"}, {"rel": "next", "href": "http://internal:5000/collections/cases/items?offset=1&f=json"}]})),
        Some("1") => good(&json!({"features": [case("A2", &json!([113.6, 22.6]), 2)], "numberMatched": 2})),
        other => panic!("{other:?}"),
    };
    let all = installation(&config());
    let (answer, called) = talk(&all, Request::get("/cases").with("total", true), &mut server);
    let list: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(each(&list, "/items", "/number"), ["A1", "A2"]);
    assert_eq!(list["total"], 2);
    assert_eq!(list["items"][0]["people"], 36, "a number that came as text");
    assert!(
        called
            .iter()
            .filter(|url| url.contains("/cases/"))
            .all(|url| url.starts_with("https://gis.example/api/collections/cases/items?"))
    );
}

#[test]
fn a_filter_that_the_server_ignores_is_applied_here_and_said() {
    let mut server = |call: &Call| {
        if !call.url.contains("/cases/") {
            return good(&json!({"features": []}));
        }
        assert!(param(&call.url, "datetime").unwrap().starts_with("2026-02-10"));
        good(
            &json!({"features": [case("old", &json!([113.5, 22.5]), 1), case("new", &json!([113.5, 22.5]), 20)], "numberMatched": 2}),
        )
    };
    let request =
        Request::get("/cases").with("from", "2026-02-10T00:00:00+08:00").with("class", "ordinary").with("total", true);
    let list = ask(&installation(&config()), request, &mut server);
    assert_eq!(each(&list, "/items", "/number"), ["new"]);
    assert_eq!(list["applied_here"], json!(["class", "from"]));
    assert_eq!(list["total"], 1, "the server's total counts what was left out: a list that is whole counts itself");
}

#[test]
fn what_would_mislead_is_counted_and_not_drawn() {
    let swapped = case("swapped", &json!([22.5, 113.5]), 1);
    let far = case("far", &json!([0.0, 0.0]), 1);
    let mut unknown = case("unknown", &json!([113.5, 22.5]), 1);
    unknown["properties"]["state"] = json!("外星");
    let mut local = case("local", &json!([113.5, 22.5]), 1);
    local["properties"]["reported_at"] = json!("2026-02-01 08:00:00");
    let records = json!({"features": [swapped, far, unknown, local, case("ok", &json!([113.5, 22.5]), 1)]});
    let mut server = |_: &Call| good(&records);
    let list = ask(&installation(&config()), Request::get("/cases"), &mut server);
    assert_eq!(
        each(&list, "/items", "/number"),
        ["swapped", "far", "ok"],
        "not on the map, and in the list all the same"
    );
    assert_eq!(each(&list, "/items", "/at").iter().filter(|at| *at == "null").count(), 2);
    assert_eq!(list["refused"]["count"], 4);
    let reasons = list["refused"]["reasons"].to_string();
    for said in ["swapped", "“外星” is not known", "utc_offset"] {
        assert!(reasons.contains(said), "{said}: {reasons}");
    }
    for said in ["写反", "不认识“外星”", "没有写明时区"] {
        assert!(reasons.contains(said), "{said}: {reasons}");
    }
    for reason in list["refused"]["reasons"].as_array().unwrap() {
        let (zh, en) = reason.as_str().unwrap().split_once(" ‖ ").unwrap();
        let record = |said: &str| said.split_once(": ").unwrap().0.to_owned();
        assert_eq!(record(zh), record(en), "each language names the record: {reason}");
        assert!(!zh.is_ascii() && !zh.contains(" is ") && !en.contains(['，', '在']), "{reason}");
    }
}

#[test]
fn coordinates_in_metres_are_refused_whole() {
    let body = json!({"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}, "features": [case("A", &json!([12_634_000, 2_600_000]), 1)]});
    let problem = refused(&installation(&config()), Request::get("/cases"), &mut |_: &Call| good(&body));
    assert_eq!(problem["type"], "/problems/backend-unreadable");
    assert!(problem["detail"].as_str().unwrap().contains("3857"), "{problem}");
}

#[test]
fn a_case_without_a_place_gets_the_grid_around_it() {
    let square = json!([[[113.4, 22.4], [113.6, 22.4], [113.6, 22.6], [113.4, 22.6], [113.4, 22.4]]]);
    let grids = json!({"features": [{"type": "Feature", "id": "G1", "properties": {"name": "一格"}, "geometry": {"type": "Polygon", "coordinates": square}}]});
    let cases = json!({"features": [case("in", &json!([113.5, 22.5]), 1), case("out", &json!([113.9, 22.9]), 1)]});
    let mut server = |call: &Call| good(if call.url.contains("/grids/") { &grids } else { &cases });
    let all = installation(&config());
    let list = ask(&all, Request::get("/cases"), &mut server);
    assert_eq!(each(&list, "/items", "/place"), ["G1", "null"]);
    let list = ask(&all, Request::get("/cases").with("place", "G1"), &mut server);
    assert_eq!(each(&list, "/items", "/number"), ["in"]);
    let grids = ask(&all, Request::get("/grids"), &mut server);
    assert_eq!(grids["features"][0]["properties"]["parent"], "district");
    assert!(grids["features"][0]["properties"]["area_m2"].as_f64().unwrap() > 4e8);
    let figures = ask(&all, Request::get("/statistics"), &mut server);
    assert_eq!((&figures["figures"]["received"], &figures["children"][0]["place"]), (&json!(2), &json!("G1")));
    assert_eq!(figures["figures"]["orders"], Value::Null, "what nobody tells is not zero");
    let heat = ask(&all, Request::get("/heat/points"), &mut server);
    assert_eq!(heat["features"].as_array().unwrap().len(), 2);
    let snapshot = ask(&all, Request::get("/snapshot"), &mut server);
    assert!(snapshot["position"].as_str().unwrap().starts_with("poll:"));
}

#[test]
fn the_cases_of_a_place_are_asked_for_by_its_box_once_the_mapping_says_that_they_name_none() {
    let square = json!([[[113.4, 22.4], [113.6, 22.4], [113.6, 22.6], [113.4, 22.6], [113.4, 22.4]]]);
    let grid = json!({"type": "Feature", "id": "g", "geometry": {"type": "Polygon", "coordinates": square}, "properties": {"name": "甲"}});
    let (inside, outside) = (case("in", &json!([113.5, 22.5]), 1), case("out", &json!([113.8, 22.8]), 1));
    for (named, boxed) in
        [(json!({}), None), (json!({"place": null}), Some("113.399500,22.399500,113.600500,22.600500"))]
    {
        let mut config = config();
        config["backends"]["default"]["mapping"] = json!({"resources": {"cases": {"fields": named}}});
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.contains("/grids/") => good(&json!({"features": [grid]})),
            url if url.contains("/cases/") => good(&json!({"features": [inside, outside], "numberMatched": 2})),
            _ => good(&json!({"features": []})),
        };
        let (answer, called) = talk(&installation(&config), Request::get("/cases").with("place", "g"), &mut server);
        let list: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(each(&list, "/items", "/number"), ["in"], "{named}: what the server ignores is sifted here");
        let asked = called.iter().find(|url| url.contains("/cases/")).and_then(|url| param(url, "bbox"));
        assert_eq!(asked.as_deref(), boxed, "{named}");
    }
}
