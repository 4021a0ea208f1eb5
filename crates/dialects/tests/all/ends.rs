//! Where lists end whose servers say little or nothing of it; where a field of an installation stands beside a ready-made one.

use fengtu_dialects::{Call, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, text};

fn backend(dialect: &str, ready: Option<&str>, mapping: &Value) -> fengtu_dialects::Installation {
    let mut backend = json!({"dialect": dialect, "base": "https://a.example", "mapping": mapping});
    if let Some(ready) = ready {
        backend["use"] = json!(ready);
    }
    installation(&json!({"backends": {"default": backend}, "resources": {},
        "district": {"name": "测试区", "bounds": [113.0, 22.0, 114.0, 23.0]}}))
}

fn grid(id: usize) -> Value {
    let ring = [[113.1, 22.1], [113.2, 22.1], [113.2, 22.2], [113.1, 22.1]];
    json!({"type": "Feature", "id": format!("g{id}"), "properties": {"id": format!("g{id}"), "name": "格", "parent": "c"},
        "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

/// So many grids were read, and so many are said to be unread.
fn read(all: &fengtu_dialects::Installation, server: &mut dyn FnMut(&Call) -> Outcome) -> (usize, u64) {
    let grids = ask(all, Request::get("/grids"), server);
    let unread = grids["refused"]["unread"].as_u64().unwrap_or_default();
    (grids["features"].as_array().unwrap().len(), unread)
}

fn number(call: &Call, name: &str) -> usize {
    param(&call.url, name).map_or(0, |text| text.parse().unwrap())
}

/// What a server that has so many gives from one on.
fn part(from: usize, most: usize, of: usize) -> Value {
    Value::Array((from..of.min(from + most)).map(grid).collect())
}

#[test]
fn a_full_page_without_link_and_count_is_not_taken_for_all() {
    let all = backend("ogc-features", None, &json!({"paging": {"limit": 3}}));
    let skips = |of: usize| move |call: &Call| good(&json!({"features": part(number(call, "offset"), 3, of)}));
    assert_eq!(read(&all, &mut skips(7)), (7, 0));
    assert_eq!(read(&all, &mut skips(6)), (6, 0), "an empty page is the end");
    assert_eq!(read(&all, &mut skips(2)), (2, 0));
    let ignores = json!({"features": part(0, 3, 3)});
    assert_eq!(read(&all, &mut |_: &Call| good(&ignores)), (3, 1));
    let strict = |call: &Call| {
        let is_plain = ["offset", "startindex", "startIndex"].iter().all(|name| param(&call.url, name).is_none());
        if is_plain { good(&ignores) } else { text(400, "unknown parameter") }
    };
    assert_eq!(read(&all, &mut { strict }), (3, 1), "nobody has said that this is all");
    let hidden = json!({"datum": "WGS84", "paging": {"kind": "next", "size": "limit", "limit": 3}, "records": "/features",
        "resources": {"grids": {"list": "/g", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    assert_eq!(
        read(&backend("json", None, &hidden), &mut |_: &Call| good(&ignores)),
        (3, 1),
        "nor where links are hidden"
    );
}

#[test]
fn a_list_that_was_followed_by_links_ends_where_there_is_none() {
    let linked = |call: &Call| {
        let second = param(&call.url, "page").is_some();
        let next = json!([{"rel": "next", "href": "/items?page=b"}]);
        good(
            &json!({"features": part(if second { 3 } else { 0 }, 3, 6), "links": if second { json!([]) } else { next }}),
        )
    };
    let all = backend("ogc-features", None, &json!({"paging": {"limit": 3}}));
    assert_eq!(read(&all, &mut { linked }), (6, 0));
    let mapping = json!({"datum": "WGS84", "paging": {"kind": "next", "at": "/next", "size": "limit", "limit": 3}, "records": "/features",
        "resources": {"grids": {"list": "/g", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    let said = json!({"features": part(0, 3, 3), "next": null});
    assert_eq!(read(&backend("json", None, &mapping), &mut |_: &Call| good(&said)), (3, 0), "it says so");
    let counted = json!({"features": part(0, 3, 3), "count": 3});
    assert_eq!(read(&backend("json", None, &mapping), &mut |_: &Call| good(&counted)), (3, 0), "and so does a count");
}

#[test]
fn a_page_that_nobody_promised_may_be_refused() {
    let resources = json!({"grids": {"list": "/g", "records": "/results", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}});
    let numbered =
        json!({"datum": "WGS84", "paging": {"kind": "page", "size": "size", "limit": 2}, "resources": resources});
    let counted = json!({"datum": "WGS84", "paging": {"kind": "offset", "more": "/hasMore", "limit": 100}, "resources": resources});
    for (mapping, records, name) in [(numbered, 2, "page"), (counted, 50, "offset")] {
        let all = backend("json", None, &mapping);
        let of_page = || {
            let mut page = json!({"results": part(0, records, records)});
            if name == "page" {
                page["count"] = json!(records);
            }
            page
        };
        for (status, unread) in [(400, 0), (404, 0), (500, 1)] {
            let mut asked = 0;
            let mut server = |call: &Call| {
                asked += 1;
                let is_first = number(call, name) == usize::from(name == "page");
                if is_first { good(&of_page()) } else { text(status, "") }
            };
            assert_eq!(read(&all, &mut server), (records, unread), "{name} {status}");
            assert_eq!(asked, 2, "{name}: to be sure");
        }
        assert_eq!(read(&all, &mut |_: &Call| good(&of_page())), (records, 0), "{name}: it knows no pages");
    }
}

#[test]
fn a_page_that_was_promised_may_not_fail() {
    let mapping = json!({"datum": "WGS84", "paging": {"kind": "offset", "size": "limit", "limit": 25, "more": "/hasMore"}, "resources": {
        "grids": {"list": "/g", "records": "/items", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    let all = backend("json", None, &mapping);
    let first = json!({"items": part(0, 25, 25), "count": 25, "hasMore": true});
    for status in [400, 404, 500, 502] {
        let mut server = |call: &Call| if number(call, "offset") == 0 { good(&first) } else { text(status, "") };
        let answer = super::refused(&all, Request::get("/grids"), &mut server);
        assert!(answer["status"].as_u64().unwrap() >= 400, "{status}: {answer}");
    }
    assert_eq!(read(&all, &mut |_: &Call| good(&first)), (25, 1));
}

#[test]
fn a_guess_that_is_refused_closes_nothing() {
    let mapping = json!({"paging": {"limit": 3}, "resources": {"cases": {"fields": {"number": "/properties/number"}}}});
    let all = backend("ogc-features", None, &mapping);
    let case = json!({"type": "Feature", "id": 417, "geometry": null, "properties": {"number": "GM-1", "title": "t", "state": "reported",
        "category": "legal", "class": "ordinary", "reported_at": "2026-02-20T08:00:00+08:00"}});
    let mut server = |call: &Call| match call.url.split('?').next().unwrap() {
        url if url.ends_with("/collections/cases/items") => good(&json!({"features": [case], "numberMatched": 1})),
        url if url.ends_with("/collections/cases/items/417") => good(&case),
        _ if ["offset", "startIndex", "startindex"].iter().any(|name| param(&call.url, name).is_some()) => {
            text(403, "")
        }
        _ => good(&json!({"features": part(0, 3, 3)})),
    };
    ask(&all, Request::get("/cases"), &mut server);
    assert_eq!(read(&all, &mut server), (3, 1));
    let mut without_list = |call: &Call| if call.url.contains("/items/417") { good(&case) } else { text(404, "") };
    assert_eq!(ask(&all, Request::get("/cases/GM-1"), &mut without_list)["number"], "GM-1");
}

#[test]
fn a_server_whose_own_ceiling_is_lower_is_asked_for_the_next_page() {
    let all = backend("json", Some("arcgis"), &json!({}));
    let mut server = |call: &Call| good(&json!({"features": part(number(call, "resultOffset"), 50, 120)}));
    assert_eq!(read(&all, &mut server), (120, 0), "it says nothing of more, and gives 50 at once");
}

#[test]
fn there_is_more_where_the_answer_says_so_in_any_of_the_usual_words() {
    let mapping = json!({"datum": "WGS84", "records": "/rows", "resources": {"grids": {"list": "/g",
        "paging": {"kind": "offset", "more": "/hasMore"}, "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    let all = backend("json", None, &mapping);
    for (yes, no) in [
        (json!(true), json!(false)),
        (json!(1), json!(0)),
        (json!("Y"), json!("N")),
        (json!("yes"), json!("")),
        (json!(2), json!("0")),
    ] {
        let mut server = |call: &Call| {
            let from = number(call, "offset");
            good(&json!({"rows": part(from, 2, 5), "hasMore": if from + 2 < 5 { yes.clone() } else { no.clone() }}))
        };
        assert_eq!(read(&all, &mut server), (5, 0), "{yes}");
    }
}

#[test]
fn a_count_that_is_the_length_of_the_page_is_not_that_of_the_list() {
    let mapping = json!({"datum": "WGS84", "paging": {"kind": "page", "size": "size", "limit": 2}, "resources": {"grids": {
        "list": "/g", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    let all = backend("json", None, &mapping);
    let server = |count: Option<usize>| {
        move |call: &Call| {
            let results = part((number(call, "page") - 1) * 2, 2, 5);
            let own = results.as_array().unwrap().len();
            good(&json!({"results": results, "count": count.unwrap_or(own)}))
        }
    };
    assert_eq!(read(&all, &mut server(None)), (5, 0));
    let mut asked = 0;
    let mut counted = |call: &Call| {
        asked += 1;
        server(Some(5))(call)
    };
    assert_eq!((read(&all, &mut counted), asked), ((5, 0), 3), "a real count is believed");
}

#[test]
fn where_an_installation_says_a_field_stands_counts_alone() {
    let wkt = json!({"datum": "WGS84", "resources": {"cases": {"list": "/cases", "fields": {"at": {"at": "/geom", "form": "wkt"}}}}});
    let row = json!([{"number": "A", "category": "x", "state": "reported", "reported_at": "2026-02-20T08:00:00+08:00",
        "title": "t", "geom": "POINT(113.5 22.5)"}]);
    let list = ask(&backend("postgrest", None, &wkt), Request::get("/cases"), &mut |_: &Call| good(&row));
    assert_eq!(each(&list, "/items", "/at"), ["[113.5,22.5]"], "{list}");
    let own = json!({"resources": {"cases": {"fields": {"channel": {"at": "/source", "table": {"w": "hall"}, "else": "hotline"}}}}});
    let record = |source: &str| {
        json!({"service_request_id": source, "service_code": "1", "status": "open", "source": source,
        "requested_datetime": "2026-02-20T08:00:00Z"})
    };
    let records = json!([record("w"), record("x")]);
    let list = ask(&backend("georeport", None, &own), Request::get("/cases"), &mut |call: &Call| {
        good(if number(call, "page") > 1 { &Value::Null } else { &records })
    });
    let channels = each(&list, "/items", "/channel");
    assert!(channels.contains(&"hall".to_owned()) && channels.contains(&"hotline".to_owned()), "{list}");
}
