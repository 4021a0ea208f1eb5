//! A list that the server itself says is longer, or that it cuts without a word, does not end in silence.

use fengtu_dialects::{Answer, Call, Installation, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, talk_at, text};

fn backend(dialect: &str, ready_made: Option<&str>, mapping: &Value) -> Installation {
    let mut backend = json!({"dialect": dialect, "base": "/x", "mapping": mapping});
    if let Some(name) = ready_made {
        backend["use"] = json!(name);
    }
    installation(&json!({"backends": {"default": backend}, "resources": {}}))
}

fn grid(id: u64) -> Value {
    json!({"type": "Feature", "id": format!("g{id}"), "properties": {}, "geometry": {"type": "Polygon",
        "coordinates": [[[113.1, 22.1], [113.2, 22.1], [113.2, 22.2], [113.1, 22.1]]]}})
}

fn grids(from: u64, to: u64) -> Vec<Value> {
    (from..to).map(grid).collect()
}

/// How many grids came, and what is said of the rest.
fn read(all: &Installation, server: &mut dyn FnMut(&Call) -> Outcome) -> (usize, Value) {
    let list = ask(all, Request::get("/grids"), server);
    (list["features"].as_array().unwrap().len(), list["refused"]["unread"].clone())
}

#[test]
fn features_without_a_link_are_asked_for_by_how_many_to_skip() {
    let all = backend("ogc-features", None, &json!({}));
    for known in ["offset", "startIndex"] {
        let mut server = |call: &Call| {
            let from = param(&call.url, known).map_or(0, |from| from.parse().unwrap());
            good(&json!({"features": grids(from, (from + 2).min(5)), "numberMatched": 5, "links": []}))
        };
        assert_eq!(read(&all, &mut server), (5, json!(0)), "{known}");
    }
}

#[test]
fn features_that_cannot_be_gone_on_with_are_said_to_be_a_part() {
    let all = backend("ogc-features", None, &json!({}));
    let part = json!({"features": grids(0, 1), "numberMatched": 5, "links": []});
    assert_eq!(read(&all, &mut |_: &Call| good(&part)), (1, json!(4)), "it ignores what it does not know");
    for status in [400, 403, 404] {
        let mut server = |call: &Call| {
            let is_known = !call.url.contains("offset") && !call.url.contains("startIndex");
            if is_known { good(&part) } else { text(status, "unknown parameter") }
        };
        assert_eq!(read(&all, &mut server), (1, json!(4)), "{status}");
    }
    let whole = json!({"features": grids(0, 5), "numberMatched": 5, "links": []});
    let mut calls = 0;
    let mut server = |_: &Call| {
        calls += 1;
        good(&whole)
    };
    assert_eq!((read(&all, &mut server), calls), ((5, json!(0)), 1), "what is whole is asked for once");
}

#[test]
fn a_server_that_counts_more_than_it_gives_is_taken_at_its_word() {
    let fields =
        json!({"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": "/t"});
    let mapping = json!({"datum": "WGS84", "total": "/total", "records": "/rows", "resources": {"cases": {"list": "/c", "fields": fields}}});
    let rows: Vec<Value> = (0..10).map(|n| json!({"n": n, "t": "2026-02-20T08:00:00+08:00"})).collect();
    let answer = json!({"total": 3_000, "rows": rows});
    let list = ask(&backend("json", None, &mapping), Request::get("/cases"), &mut |_: &Call| good(&answer));
    assert_eq!((&list["refused"]["is_cut"], &list["refused"]["unread"]), (&json!(true), &json!(2_990)));
    for path in ["/statistics", "/heat/points"] {
        let problem = refused(&backend("json", None, &mapping), Request::get(path), &mut |_: &Call| good(&answer));
        assert!(problem["detail"].as_str().unwrap().contains("2990"), "{path}: no figures of a part: {problem}");
    }
}

#[test]
fn figures_of_a_place_are_not_made_of_a_part_of_the_grids() {
    let case = json!({"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": {"value": "2026-02-20T08:00:00+08:00"}, "at": {"lon": "/x", "lat": "/y"}});
    let config = json!({"backends": {"default": {"dialect": "ogc-features", "base": "/gis"},
        "oa": {"dialect": "json", "base": "/oa", "mapping": {"datum": "WGS84", "resources": {"cases": {"list": "/c", "fields": case}}}}},
        "resources": {"cases": "oa"}});
    for (counted, is_part) in [(1, false), (5, true)] {
        let mut server = |call: &Call| match call.url.as_str() {
            url if url.starts_with("/oa") => good(&json!([{"n": 1, "x": 113.15, "y": 22.12}])),
            url if url.contains("/grids") => {
                good(&json!({"features": grids(0, 1), "numberMatched": counted, "links": []}))
            }
            _ => good(&json!({"features": []})),
        };
        let all = installation(&config);
        let top = ask(&all, Request::get("/statistics"), &mut server);
        assert_eq!(
            (&top["failed"], top["children"].as_array().unwrap().is_empty()),
            (&json!([]), is_part),
            "{counted}"
        );
        // What is there is drawn.
        let grids = ask(&all, Request::get("/grids").with("place", "district"), &mut server);
        assert_eq!(grids["features"].as_array().unwrap().len(), 1, "{grids}");
        for path in ["/statistics?place=g0", "/cases?place=g0"] {
            let (path, place) = path.split_once("?place=").unwrap();
            let request = Request::get(path).with("place", place);
            if is_part {
                let problem = refused(&all, request, &mut server);
                assert!(problem["detail"].as_str().unwrap().contains("4 or more are missing"), "{path}: {problem}");
            } else {
                ask(&all, request, &mut server);
            }
        }
    }
}

#[test]
fn a_part_that_stands_in_for_a_server_that_went_away_goes_on_being_one_until_the_whole_has_come() {
    let all = backend("ogc-features", None, &json!({}));
    let ask_at = |time: &str, grids: Outcome| {
        let mut server =
            |call: &Call| if call.url.contains("/grids") { grids.clone() } else { good(&json!({"features": []})) };
        let request = Request::get("/statistics").with("place", "g0");
        let (answer, _) = talk_at(&all, &format!("2026-03-01T{time}:00+08:00"), request, &mut server);
        String::from_utf8(answer.body).unwrap()
    };
    let list = |counted: u64, to: u64| good(&json!({"features": grids(0, to), "numberMatched": counted, "links": []}));
    let missing = "4 or more are missing";
    assert!(ask_at("09:00", list(5, 1)).contains(missing));
    assert!(ask_at("10:00", text(503, "down")).contains(missing), "the part stands in");
    assert!(!ask_at("11:00", list(5, 5)).contains(missing), "the whole has come");
    assert!(!ask_at("12:00", text(503, "down")).contains(missing), "the whole stands in");
}

#[test]
fn what_was_read_of_earlier_pages_counts() {
    let mapping = json!({"paging": {"kind": "page", "size": "n", "limit": 2}, "total": "/total", "datum": "WGS84", "records": "/rows", "resources": {"cases": {"list": "/c",
        "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "legal"}, "reported_at": {"value": "2026-02-20T08:00:00+08:00"}}}}});
    let all = backend("json", None, &mapping);
    let mut server = |call: &Call| {
        let page: u32 = param(&call.url, "page").unwrap().parse().unwrap();
        let rows = |from: u32, to: u32| (from..to).map(|n| json!({"n": n})).collect::<Vec<_>>();
        good(&json!({"total": 5, "rows": if page == 3 { rows(4, 5) } else { rows(2 * page - 2, 2 * page) }}))
    };
    let (mut cursor, mut numbers) = (None::<String>, Vec::new());
    for _ in 0..5 {
        let request = Request::get("/cases").with("limit", 1);
        let list = ask(&all, cursor.iter().fold(request, |request, at| request.with("cursor", at)), &mut server);
        assert_eq!(list["refused"]["unread"], 0, "{list}");
        numbers.extend(each(&list, "/items", "/number"));
        cursor = list["next"].as_str().map(str::to_owned);
    }
    assert_eq!((numbers.join(""), cursor), ("01234".to_owned(), None));
}

#[test]
fn a_next_page_whose_address_cannot_be_used_is_said_to_be_there() {
    let all = backend("ogc-features", None, &json!({}));
    for href in ["https://gis.example/items/page/2".to_owned(), format!("/items?cursor={}", "x".repeat(5_000))] {
        let answer = json!({"features": grids(0, 2), "links": [{"rel": "next", "href": href}]});
        let (count, unread) = read(&all, &mut |_: &Call| good(&answer));
        assert_eq!((count, unread), (2, json!(1)), "{}", &href[..20]);
    }
    let mapping = json!({"datum": "WGS84", "records": "/features", "paging": {"kind": "cursor", "at": "/next"},
        "resources": {"grids": {"list": "/g", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    let answer = json!({"features": grids(0, 2), "next": "x".repeat(5_000)});
    assert_eq!(read(&backend("json", None, &mapping), &mut |_: &Call| good(&answer)), (2, json!(1)), "nor a word");
}

#[test]
fn arcgis_that_says_nothing_of_a_full_page_is_asked_for_the_next() {
    let mapping = json!({"paging": {"limit": 3}});
    let mut server = |call: &Call| {
        let from: u64 = param(&call.url, "resultOffset").unwrap().parse().unwrap();
        good(&json!({"features": grids(from, (from + 3).min(7))}))
    };
    assert_eq!(read(&backend("json", Some("arcgis"), &mapping), &mut server), (7, json!(0)));
    // One that knows no pages gives the first again.
    let full = json!({"features": grids(0, 3)});
    let (count, unread) = read(&backend("json", Some("arcgis"), &mapping), &mut |_: &Call| good(&full));
    assert_eq!((count, unread), (3, json!(1)));
}

fn report(id: usize, at: &str) -> Value {
    json!({"service_request_id": id, "status": "open", "service_code": "1", "requested_datetime": at})
}

/// A server by the letter of the standard: no pages, and the first thousand of a span.
fn thousand(all: &[(usize, String)], call: &Call) -> Outcome {
    let end =
        |name: &str| param(&call.url, name).map(|at| at.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap());
    let (from, to) = (end("start_date"), end("end_date"));
    let is_in = |at: &str| {
        let at = at.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap();
        from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to)
    };
    let found = all.iter().filter(|(_, at)| is_in(at)).take(1_000);
    good(&Value::Array(found.map(|(id, at)| report(*id, at)).collect()))
}

/// Every case of a list, page by page, and whether any page says that something is missing.
fn walked(server: &mut dyn FnMut(&Call) -> Outcome, from: Option<&str>) -> (Vec<String>, bool, String) {
    let all = backend("georeport", None, &json!({}));
    let (mut numbers, mut cursor, mut is_cut, mut said) = (Vec::new(), None::<String>, false, String::new());
    for _ in 0..40 {
        let request =
            from.iter().fold(Request::get("/cases").with("limit", 500), |request, from| request.with("from", from));
        let list = ask(&all, cursor.iter().fold(request, |request, at| request.with("cursor", at)), server);
        numbers.extend(each(&list, "/items", "/number"));
        is_cut |= list["refused"]["is_cut"] == true;
        said += &list["refused"]["reasons"].to_string();
        cursor = list["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(cursor, None, "it ends");
    (numbers, is_cut, said)
}

#[test]
fn a_span_of_which_a_thousand_come_is_halved_until_fewer_do() {
    let hour = |h: usize| format!("2026-{:02}-{:02}T{:02}:30:00Z", 1 + h / 672, 1 + h / 24 % 28, h % 24);
    let all: Vec<(usize, String)> = (0..1_300).map(|h| (h, hour(h))).collect();
    let (mut numbers, is_cut, said) = walked(&mut |call| thousand(&all, call), Some("2025-12-01T00:00:00+08:00"));
    let count = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!((numbers.len(), count, is_cut), (1_300, 1_300, false), "{said}");
}

#[test]
fn a_day_of_which_a_thousand_come_is_said_to_be_a_part() {
    let all: Vec<(usize, String)> =
        (0..1_500).map(|n| (n, format!("2026-02-20T08:{:02}:{:02}Z", n / 60, n % 60))).collect();
    let (numbers, is_cut, said) = walked(&mut |call| thousand(&all, call), Some("2025-12-01T00:00:00+08:00"));
    assert!(numbers.len() == 1_000 && is_cut && said.contains("as many as"), "{} {said}", numbers.len());
}

#[test]
fn a_server_that_knows_no_spans_either_is_said_to_give_a_part() {
    let same: Vec<Value> = (0..1_000).map(|id| report(id, "2026-02-20T08:00:00Z")).collect();
    for from in [Some("2025-12-01T00:00:00+08:00"), None] {
        let (numbers, is_cut, said) = walked(&mut |_| good(&json!(same)), from);
        assert!(numbers.len() == 1_000 && is_cut, "{from:?}: {} {said}", numbers.len());
        assert!(!said.contains("second time"), "{said}");
        assert_eq!(said.contains("90 days"), from.is_none(), "{said}");
    }
}

#[test]
fn a_case_at_the_edge_of_two_spans_is_no_fault() {
    let (mut edge, mut spans) = (None::<String>, 0);
    let mut server = |call: &Call| -> Outcome {
        if !call.url.contains("requests.json") || param(&call.url, "page").as_deref() != Some("1") {
            return good(&json!([]));
        }
        spans += 1;
        let at = edge.get_or_insert_with(|| param(&call.url, "start_date").unwrap()).clone();
        let mut case = report(7, &at);
        // Its words may have changed between two questions.
        case["description"] = json!(format!("第 {spans} 次"));
        good(&json!([case]))
    };
    let all = backend("georeport", None, &json!({}));
    let list = ask(&all, Request::get("/cases").with("from", "2025-10-01T00:00:00+08:00"), &mut server);
    assert_eq!(
        (each(&list, "/items", "/number"), &list["refused"]["count"]),
        (vec!["7".to_owned()], &json!(0)),
        "{list}"
    );
}

#[test]
fn the_same_record_twice_is_no_fault_and_two_of_one_key_are() {
    let mapping = json!({"datum": "WGS84", "resources": {"cases": {"list": "/c", "fields": {"number": "/n", "title": "/w",
        "state": {"value": "reported"}, "category": "/k", "reported_at": {"value": "2026-02-20T08:00:00+08:00"}}}}});
    let row = |number: &str, words: &str, kind: &str| json!({"n": number, "w": words, "k": kind});
    let rows =
        json!([row("A", "甲", "legal"), row("A", "甲", "legal"), row("B", "乙", "legal"), row("B", "丙", "legal")]);
    let list = ask(&backend("json", None, &mapping), Request::get("/cases"), &mut |_: &Call| good(&rows));
    assert_eq!((each(&list, "/items", "/number").join(""), &list["refused"]["count"]), ("AB".to_owned(), &json!(1)));
    assert!(list["refused"]["reasons"][0].as_str().unwrap().contains("B a second time"), "{list}");
}

#[test]
fn a_count_in_a_header_is_a_count() {
    let mapping = json!({"datum": "WGS84", "paging": {"kind": "none"}});
    let answer = Answer {
        status: 206,
        headers: vec![("content-range".to_owned(), "0-1/3573".to_owned())],
        body: br#"[{"id": "a"}, {"id": "b"}]"#.to_vec(),
    };
    let (count, unread) =
        read(&backend("postgrest", None, &mapping), &mut |_: &Call| Outcome::Answered(answer.clone()));
    assert_eq!((count, unread), (2, json!(3_571)));
}

/// What a list of cases says of itself, where pages go on as `paging` has it.
fn nothing(paging: &Value, server: &mut dyn FnMut(&Call) -> Outcome) -> (usize, Value) {
    let mapping = json!({"datum": "WGS84", "paging": paging, "resources": {"grids": {"list": "/g", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}});
    read(&backend("json", None, &mapping), server)
}

#[test]
fn null_in_the_place_of_a_list_is_unread_where_its_server_says_that_there_is_more() {
    let pages = json!({"kind": "page", "size": "n", "limit": 2});
    let more = json!({"kind": "offset", "size": "n", "more": "/more"});
    let linked = json!({"kind": "next"});
    let words = json!({"kind": "cursor", "at": "/next"});
    for (paging, answer, unread) in [
        (&pages, json!({"rows": null, "total": 5}), 5),
        (&pages, json!({"data": {"rows": null, "total": "5"}}), 5),
        (&more, json!({"rows": null, "more": true}), 1),
        (&linked, json!({"rows": null, "links": [{"rel": "next", "href": "/x/g?p=2"}]}), 1),
        (&words, json!({"rows": null, "next": "b"}), 1),
    ] {
        assert_eq!(nothing(paging, &mut |_: &Call| good(&answer)), (0, json!(unread)), "{answer}");
    }
    let counted = |body: &[u8]| Answer {
        status: 200,
        headers: vec![("x-total-count".to_owned(), "5".to_owned())],
        body: body.to_vec(),
    };
    for body in [&b"null"[..], b"{\"rows\": null}"] {
        let server = &mut |_: &Call| Outcome::Answered(counted(body));
        assert_eq!(nothing(&pages, server), (0, json!(5)), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn null_in_the_place_of_a_list_is_an_empty_one_where_nobody_says_more() {
    let pages = json!({"kind": "page", "size": "n", "limit": 2});
    let all = backend(
        "json",
        None,
        &json!({"datum": "WGS84", "paging": pages, "resources": {"grids": {"list": "/g", "fields": {"id": "/id", "geometry": {"at": "/geometry"}}}}}),
    );
    for answer in [
        json!({"rows": null, "total": 0}),
        json!({"data": {"rows": null, "total": 0}}),
        json!({"rows": null}),
        json!({"rows": []}),
        json!(null),
        json!([]),
    ] {
        let list = ask(&all, Request::get("/grids"), &mut |_: &Call| good(&answer));
        assert_eq!(
            (each(&list, "/features", "/properties/id").len(), &list["refused"]["count"]),
            (0, &json!(0)),
            "{answer}"
        );
    }
}

#[test]
fn a_total_below_what_came_already_takes_nothing_back() {
    let pages = json!({"kind": "page", "size": "n", "limit": 2});
    let mut server = |call: &Call| {
        let is_first = param(&call.url, "page").as_deref() == Some("1");
        good(&if is_first { json!({"rows": grids(0, 2), "total": 5}) } else { json!({"rows": null, "total": 0}) })
    };
    assert_eq!(nothing(&pages, &mut server), (2, json!(3)));
    // One that always says 0 does not count: its pages are read until there are no more.
    let mut server = |call: &Call| {
        let page: u64 = param(&call.url, "page").unwrap().parse().unwrap();
        good(&json!({"rows": if page == 1 { grids(0, 2) } else { grids(2, 3) }, "total": 0}))
    };
    assert_eq!(nothing(&pages, &mut server), (3, json!(0)));
}
