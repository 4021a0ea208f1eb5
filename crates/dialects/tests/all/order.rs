//! Pages by number are read in a total order, so that no record is missed or doubled between them.

use fengtu_dialects::{Call, Installation, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, text};

fn backend(dialect: &str, ready_made: Option<&str>, mapping: &Value) -> Installation {
    let mut backend = json!({"dialect": dialect, "base": "/x", "mapping": mapping});
    if let Some(name) = ready_made {
        backend["use"] = json!(name);
    }
    installation(&json!({"backends": {"default": backend}, "resources": {}}))
}

/// The order that a list is asked for in.
fn asked(all: &Installation, path: &str, name: &str) -> Option<String> {
    let mut order = None;
    let mut server = |call: &Call| {
        // The grids that cases and stations are joined by are asked for in an order of their own.
        if call.url.contains(path.trim_start_matches('/')) || call.url.contains("/0/query") {
            order = param(&call.url, name);
        }
        good(&if call.url.contains("typeNames") || call.url.contains("f=geojson") {
            json!({"features": []})
        } else {
            json!([])
        })
    };
    super::talk(all, Request::get(path), &mut server);
    order
}

#[test]
fn the_key_of_the_mapping_is_the_order() {
    let wgs = json!({"datum": "WGS84"});
    let wg = json!({"datum": "WGS84", "resources": {"grids": {"fields": {"id": "/wg_bh"}}}});
    let ordered = json!({"datum": "WGS84", "resources": {"grids": {"query": {"order": "street.desc"}}}});
    let keyed = json!({"datum": "WGS84", "resources": {"grids": {"query": {"order": "street.desc,id"}}}});
    let nested = json!({"datum": "WGS84", "resources": {"grids": {"fields": {"id": "/area/code"}}}});
    let none = json!({"datum": "WGS84", "order": null});
    for (dialect, ready_made, mapping, path, name, want) in [
        ("postgrest", None, &wgs, "/grids", "order", Some("id.asc")),
        ("postgrest", None, &wgs, "/stations", "order", Some("id.asc")),
        ("postgrest", None, &wg, "/grids", "order", Some("wg_bh.asc")),
        ("postgrest", None, &ordered, "/grids", "order", Some("street.desc,id.asc")),
        ("postgrest", None, &keyed, "/grids", "order", Some("street.desc,id")),
        ("postgrest", None, &nested, "/grids", "order", None),
        ("postgrest", None, &none, "/grids", "order", None),
        ("json", Some("wfs"), &wgs, "/stations", "sortBy", Some("id")),
        ("json", Some("wfs"), &wgs, "/cases", "sortBy", Some("number")),
        ("json", Some("arcgis"), &wgs, "/grids", "orderByFields", Some("id")),
    ] {
        assert_eq!(
            asked(&backend(dialect, ready_made, mapping), path, name).as_deref(),
            want,
            "{dialect} {ready_made:?} {path} {mapping}"
        );
    }
}

#[test]
fn a_server_that_refuses_the_order_is_asked_without_it_from_then_on() {
    let all = backend("json", Some("wfs"), &json!({}));
    let station =
        json!({"id": "s", "properties": {"name": "站"}, "geometry": {"type": "Point", "coordinates": [113.9, 22.7]}});
    for (status, body) in [
        (400, "<e><ExceptionText>Illegal property name: id</ExceptionText></e>"),
        (200, "<e><ExceptionText>no</ExceptionText></e>"),
    ] {
        let fresh = backend("json", Some("wfs"), &json!({}));
        let mut refusals = 0;
        let mut server = |call: &Call| {
            if param(&call.url, "sortBy").is_some() {
                refusals += usize::from(call.url.contains("stations"));
                return text(status, body);
            }
            good(&json!({"features": [station]}))
        };
        for _ in 0..2 {
            let list = ask(&fresh, Request::get("/stations"), &mut server);
            assert_eq!(each(&list, "/features", "/properties/id"), ["s"]);
        }
        assert_eq!(refusals, 1, "{status}");
        let about = ask(&fresh, Request::get("/backends"), &mut |_: &Call| panic!("nobody is asked"));
        let row = about["resources"].as_array().unwrap().iter().find(|row| row["resource"] == "stations").unwrap();
        assert_eq!(row["last"]["is_unordered"], true, "it is said");
    }
    let mut calls = 0;
    let problem = super::refused(&all, Request::get("/stations"), &mut |_: &Call| {
        calls += 1;
        text(401, "")
    });
    assert_eq!((problem["type"].as_str(), calls), (Some("/problems/forbidden"), 1), "another order opens no door");
}

#[test]
fn a_list_in_pages_without_an_order_says_that_records_may_be_missing() {
    let page = |from: u32| -> Vec<Value> {
        let station = |id: u32| json!({"id": format!("s{id}"), "properties": {"name": "站", "area": {"code": format!("s{id}")}}, "geometry": {"type": "Point", "coordinates": [113.9, 22.7]}});
        (from..from + 2).map(station).collect()
    };
    let (plain, nested) = (json!({}), json!({"stations": {"fields": {"id": "/properties/area/code"}}}));
    for (order, resources, orders, pages, want) in [
        (json!({}), &plain, false, 2, true),
        (json!({}), &plain, false, 1, false),
        (json!({}), &plain, true, 2, false),
        // An order is to be asked for, and nobody knows the column of the key.
        (json!({}), &nested, true, 2, true),
        (json!({}), &nested, true, 1, false),
        // Whoever takes the order out of a mapping vouches for the server's own.
        (json!(null), &nested, true, 2, false),
    ] {
        let all =
            backend("json", Some("wfs"), &json!({"paging": {"limit": 2}, "order": order, "resources": resources}));
        let mut server = |call: &Call| {
            if !orders && param(&call.url, "sortBy").is_some() {
                return text(400, "<e><ExceptionText>Illegal property name: id</ExceptionText></e>");
            }
            let from: u32 = param(&call.url, "startIndex").map_or(0, |from| from.parse().unwrap());
            let all = pages * 2;
            good(&json!({"numberMatched": all, "features": if from < all { page(from) } else { Vec::new() }}))
        };
        let list = ask(&all, Request::get("/stations"), &mut server);
        let count = list["features"].as_array().unwrap().len();
        assert_eq!(
            (count, &list["refused"]["is_unordered"]),
            (pages as usize * 2, &json!(want)),
            "{order} {resources} {orders} {pages}"
        );
    }
}
