//! Answers that are none, though their status is good or their words are about something else: nothing is told as empty that has not
//! come.

use fengtu_dialects::{Call, Installation, Method, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, good, installation, param, refused, text};

fn backend(dialect: &str, mapping: &Value) -> Installation {
    installation(
        &json!({"backends": {"default": {"dialect": dialect, "base": "/x", "mapping": mapping}}, "resources": {}}),
    )
}

/// Cases that are asked for by time and by state, ten a page.
fn office() -> Installation {
    let fields = json!({"number": "/n", "state": "/s", "category": "/k", "reported_at": "/t", "class": "/c", "accepted_at": "/t"});
    backend(
        "json",
        &json!({"datum": "WGS84", "resources": {"cases": {"list": "/cases", "total": "/total", "records": "/rows",
        "paging": {"kind": "page", "page": "page", "limit": 10},
        "filters": {"from": "from", "state": {"param": "state", "join": ","}}, "fields": fields}}}),
    )
}

fn case(number: &str, kind: &str) -> Value {
    json!({"n": number, "s": "handling", "k": kind, "t": "2026-02-20T08:00:00+08:00", "c": "ordinary"})
}

#[test]
fn an_error_of_open311_inside_a_200_is_one_for_whoever_reads_too() {
    let of = |code: u64| json!([{"code": code, "description": "jurisdiction_id was not provided"}]).to_string();
    let wrapped = json!({"errors": [{"code": 400, "description": "jurisdiction_id was not provided"}]}).to_string();
    let xml =
        "<errors><error><code>400</code><description>jurisdiction_id was not provided</description></error></errors>";
    let all = backend("georeport", &json!({}));
    for (path, body, status) in [
        ("/cases", of(400), 400),
        ("/cases", wrapped, 400),
        ("/cases", xml.to_owned(), 400),
        ("/cases", of(500), 502),
        ("/services", of(403), 403),
        ("/reports/7", of(404), 404),
        ("/statistics", of(400), 400),
    ] {
        let problem = refused(&all, Request::get(path), &mut |_: &Call| text(200, &body));
        assert_eq!(problem["status"], status, "{path} {body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("jurisdiction_id"), "{path}: {problem}");
    }
}

#[test]
fn a_record_with_a_code_and_a_description_is_no_error() {
    let all = backend("georeport", &json!({"resources": {"services": {"fields": {"code": "/code", "name": "/name"}}}}));
    for kind in [
        json!({"code": "POT", "description": "Potholes"}),
        json!({"code": 404, "description": "Potholes", "name": "Potholes"}),
    ] {
        let read = ask(&all, Request::get("/services"), &mut |_: &Call| good(&json!([kind])));
        assert!(read.to_string().contains("Potholes") || read["refused"]["count"] == 1, "{read}");
    }
}

#[test]
fn an_exception_of_wfs_inside_a_200_is_told_in_its_own_words() {
    let wfs = installation(
        &json!({"backends": {"default": {"dialect": "json", "use": "wfs", "base": "/x"}}, "resources": {}}),
    );
    let newer = r#"<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception exceptionCode="InvalidParameterValue">
        <ows:ExceptionText>Unknown feature type cases</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"#;
    let older = "<ServiceExceptionReport><ServiceException>Unknown feature type cases</ServiceException></ServiceExceptionReport>";
    let json =
        json!({"exceptions": [{"code": "InvalidParameterValue", "text": "Unknown feature type cases"}]}).to_string();
    for body in [newer, older, &json] {
        let problem = refused(&wfs, Request::get("/cases"), &mut |_: &Call| text(200, body));
        assert!(problem["detail"].as_str().unwrap().contains("Unknown feature type cases"), "{body}: {problem}");
    }
}

#[test]
fn no_answer_at_all_is_no_empty_list() {
    let mapping = json!({"datum": "WGS84", "resources": {"cases": {"list": "/cases", "fields": {"number": "/n",
        "category": {"value": "legal"}, "state": {"value": "handling"}, "reported_at": "/t"}}}});
    for (dialect, mapping) in [("georeport", json!({})), ("json", mapping.clone()), ("postgrest", mapping)] {
        let all = backend(dialect, &mapping);
        for blank in ["", " \r\n"] {
            let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| text(200, blank));
            assert!(problem["detail"].as_str().unwrap().contains("an empty answer"), "{dialect}: {problem}");
        }
        for (status, body) in [(200, "[]"), (204, "")] {
            let read = ask(&all, Request::get("/cases"), &mut |_: &Call| text(status, body));
            assert_eq!(read["items"], json!([]), "{dialect} {status}");
        }
    }
}

#[test]
fn a_period_beyond_the_extent_that_pygeoapi_knows_holds_nothing() {
    let all = backend("ogc-features", &json!({}));
    let refuses = |words: &'static str| {
        move |call: &Call| {
            let problem =
                json!({"code": "InvalidParameterValue", "type": "InvalidParameterValue", "description": words});
            if param(&call.url, "datetime").is_some() {
                text(400, &problem.to_string())
            } else {
                good(&json!({"features": []}))
            }
        }
    };
    let later = || Request::of_target(Method::Get, "/cases?from=2026-02-25T00:00:00%2B08:00", Vec::new());
    let read = ask(&all, later(), &mut refuses("datetime parameter out of range"));
    assert_eq!(read["items"], json!([]), "{read}");
    assert!(
        read["refused"]["reasons"][0].as_str().unwrap().contains("extents.temporal"),
        "and why, where it is wrong: {read}"
    );
    let problem = refused(&all, later(), &mut refuses("datetime parameter out of order"));
    assert_eq!(problem["status"], 400, "{problem}");
}

#[test]
fn figures_do_not_fail_for_want_of_questions_for_open_cases() {
    let all = office();
    let mut many = (0, 0);
    let server = |(of_time, open): (u64, u64)| {
        move |call: &Call| {
            let page: u64 = param(&call.url, "page").map_or(1, |page| page.parse().unwrap());
            let last = if param(&call.url, "state").is_some() { open } else { of_time };
            let row = |n: u64| case(&format!("{page}-{n}"), "legal");
            good(&json!({"rows": (0..(last * 10).saturating_sub(page * 10).min(10)).map(row).collect::<Vec<_>>()}))
        }
    };
    for pages in [(150, 100), (195, 190)] {
        many = pages;
        let statistics = Request::of_target(Method::Get, "/statistics?level=grid", Vec::new());
        let read = ask(&office(), statistics, &mut server(pages));
        let is_known = pages == (150, 100);
        let open = if is_known { json!(pages.0 * 10 - 10) } else { Value::Null };
        assert_eq!(
            (&read["figures"]["received"], &read["figures"]["open"]),
            (&json!(pages.0 * 10 - 10), &open),
            "{pages:?}"
        );
    }
    let snapshot = ask(&all, Request::get("/snapshot"), &mut server(many));
    assert!(snapshot["today"].is_object(), "{snapshot}");
}

#[test]
fn how_many_restricted_cases_there_are_of_a_kind_is_told_to_nobody() {
    let mut server = |_: &Call| {
        let rows = [case("1", "mediation.domestic_violence"), case("2", "legal")];
        good(&json!({"rows": rows, "total": 2}))
    };
    let told = |target: &str, server: &mut dyn FnMut(&Call) -> Outcome| {
        let request = Request::of_target(Method::Get, target, Vec::new());
        let read = ask(&office(), request, server);
        (read["items"].as_array().unwrap().len(), read["refused"]["count"].clone(), read["total"].clone())
    };
    assert_eq!(told("/cases?total=true", &mut server), (1, json!(1), json!(1)));
    let violence = "/cases?total=true&category=mediation.domestic_violence";
    assert_eq!(told(violence, &mut server), (0, json!(0), json!(0)));
    let mut none = |_: &Call| good(&json!({"rows": [], "total": 0}));
    assert_eq!(told(violence, &mut none), (0, json!(0), json!(0)), "as where there is none");
    assert_eq!(told("/cases?total=true&category=legal", &mut server), (1, json!(0), json!(1)));
    let mut counted = |_: &Call| good(&json!({"rows": [case("2", "legal"), case("3", "legal")], "total": 340}));
    assert_eq!(told("/cases?total=true&category=legal&limit=1", &mut counted), (1, json!(0), Value::Null), "of a part");
    let mut cut = |call: &Call| {
        let is_first = param(&call.url, "page").as_deref() == Some("1");
        good(&json!({"rows": if is_first { vec![case("2", "legal")] } else { Vec::new() }, "total": 340}))
    };
    let request = Request::of_target(Method::Get, "/cases?category=legal", Vec::new());
    let said = ask(&office(), request, &mut cut)["refused"].to_string();
    assert!(said.contains("gave less than it says") && !said.contains("340") && !said.contains("339"), "{said}");
}
