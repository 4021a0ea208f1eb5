//! Categories and places stand for all that lies below them, whether the server filters or we do.

use fengtu_dialects::{Call, Installation, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, talk, text};

/// A district of two streets; `w` has two grids.
fn places() -> Value {
    let place = |id: &str, level: &str, parent: &str| json!({"id": id, "level": level, "name": id, "parent": parent});
    json!([
        place("w", "street", "district"),
        place("o", "street", "district"),
        place("w1", "grid", "w"),
        place("w2", "grid", "w"),
        place("o1", "grid", "o")
    ])
}

fn config(filters: &Value, more: &Value) -> Installation {
    let mut fields =
        json!({"number": "/n", "state": {"value": "reported"}, "category": "/k", "reported_at": "/t", "place": "/p"});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    installation(
        &json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"datum": "WGS84", "resources": {
        "cases": {"list": "/cases", "fields": fields, "filters": filters},
        "grids": {"list": "/grids", "fields": {"id": "/id", "parent": "/parent", "geometry": {"at": "/g"}}},
        "places": {"list": "/places", "fields": {"id": "/id", "level": "/level", "name": "/name", "parent": "/parent"}}}}}},
        "resources": {}}),
    )
}

fn case(number: &str, category: &str, place: &Value, lon: f64) -> Value {
    json!({"n": number, "k": category, "t": "2026-02-20T08:00:00+08:00", "p": place, "x": lon, "y": 22.5})
}

fn all_cases() -> Value {
    json!([
        case("street", "mediation.wages", &json!("w"), 1.0),
        case("below", "mediation.family", &json!("w1"), 1.0),
        case("other", "legal", &json!("o1"), 1.0),
        case("unnamed", "mediation.wages", &Value::Null, 113.5)
    ])
}

fn city(call: &Call, cases: &Value) -> Value {
    // One grid of `w` has ground, around 113.5.
    let square = json!({"type": "Polygon", "coordinates": [[[113.4, 22.4], [113.6, 22.4], [113.6, 22.6], [113.4, 22.6], [113.4, 22.4]]]});
    match call.url.as_str() {
        url if url.contains("/places") => places(),
        url if url.contains("/grids") => json!([{"id": "w2", "parent": "w", "g": square}]),
        url => within(url, cases),
    }
}

/// The cases as a server gives them that knows boxes.
fn within(url: &str, cases: &Value) -> Value {
    let Some(corners) = param(url, "box") else { return cases.clone() };
    let corners: Vec<f64> = corners.split(',').map(|degrees| degrees.parse().unwrap()).collect();
    let is_in = |case: &&Value| {
        let (lon, lat) = (case["x"].as_f64().unwrap(), case["y"].as_f64().unwrap());
        (corners[0]..=corners[2]).contains(&lon) && (corners[1]..=corners[3]).contains(&lat)
    };
    cases.as_array().unwrap().iter().filter(is_in).cloned().collect()
}

fn listed(all: &Installation, request: Request) -> (Vec<String>, Value, Vec<String>) {
    let cases = all_cases();
    let (answer, called) = talk(all, request, &mut |call: &Call| good(&city(call, &cases)));
    let list: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(answer.is_good(), "{list}");
    (each(&list, "/items", "/number"), list, called.into_iter().filter(|url| url.contains("/cases")).collect())
}

fn words(url: &str, name: &str) -> Vec<String> {
    param(url, name).map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default()
}

#[test]
fn a_category_is_asked_for_with_all_below_it() {
    let all = config(&json!({"category": {"param": "kind", "join": ","}}), &json!({}));
    let (numbers, list, called) = listed(&all, Request::get("/cases").with("category", "mediation"));
    assert_eq!(numbers, ["street", "below", "unnamed"]);
    let asked = words(&called[0], "kind");
    for kind in ["mediation", "mediation.wages", "mediation.family", "mediation.other"] {
        assert!(asked.contains(&kind.to_owned()), "{kind}: {asked:?}");
    }
    assert!(!asked.iter().any(|kind| kind.starts_with("legal")));
    assert!(
        list["applied_here"].as_array().unwrap().contains(&json!("category")),
        "the server gave another all the same"
    );
}

#[test]
fn of_the_categories_below_those_are_asked_for_that_the_mapping_knows() {
    let table = json!({"category": {"at": "/k", "table": {"mediation.wages": "mediation.wages", "家": "mediation.family", "legal": "legal"}}});
    let all = config(&json!({"category": {"param": "kind", "join": ","}}), &table);
    let (_, _, called) = listed(&all, Request::get("/cases").with("category", "mediation"));
    let mut asked = words(&called[0], "kind");
    asked.sort();
    assert_eq!(asked, ["mediation.wages", "家"]);
}

#[test]
fn several_that_the_server_takes_one_of_are_looked_for_here() {
    let all = config(&json!({"category": "kind"}), &json!({}));
    let (numbers, list, called) =
        listed(&all, Request::get("/cases").with("category", "mediation").with("total", true));
    assert_eq!(numbers, ["street", "below", "unnamed"]);
    assert_eq!(
        (param(&called[0], "kind"), &list["applied_here"], &list["total"]),
        (None, &json!(["category"]), &json!(3))
    );
    let (_, list, called) = listed(&all, Request::get("/cases").with("category", "legal.consultation"));
    assert_eq!(param(&called[0], "kind").as_deref(), Some("legal.consultation"), "one is asked for: {list}");
}

#[test]
fn a_word_that_records_without_one_have_here_is_not_asked_for() {
    let all = config(&json!({"class": {"param": "class", "join": ","}}), &json!({"class": "/class"}));
    let (numbers, list, called) = listed(&all, Request::get("/cases").with("class", "ordinary"));
    assert_eq!((numbers.len(), param(&called[0], "class")), (4, None), "none of them has a class of its own");
    assert_eq!(list["applied_here"], json!(["class"]));
    let (_, _, called) = listed(&all, Request::get("/cases").with("class", "major"));
    assert_eq!(param(&called[0], "class").as_deref(), Some("major"));
}

#[test]
fn a_service_is_asked_for_in_their_word() {
    let all = installation(
        &json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"datum": "WGS84", "resources": {
        "stations": {"list": "/stations", "filters": {"service": "does"}, "fields": {"id": "/id", "name": "/id", "geometry": {"lon": "/x", "lat": "/y"},
            "services": {"at": "/does", "table": {"心理": "psychological", "调解": "mediation"}}}}}}}}, "resources": {}}),
    );
    let rows = json!([{"id": "s", "x": 113.9, "y": 22.7, "does": "心理"}]);
    let (_, called) =
        talk(&all, Request::get("/stations").with("service", "psychological"), &mut |_: &Call| good(&rows));
    assert_eq!(param(&called[0], "does").as_deref(), Some("心理"));
}

#[test]
fn a_place_is_asked_for_with_all_below_it_where_every_case_names_its_place() {
    let all = config(&json!({"place": {"param": "where", "join": ","}}), &json!({}));
    let (numbers, list, called) = listed(&all, Request::get("/cases").with("place", "w"));
    assert_eq!(numbers, ["street", "below"]);
    assert_eq!(words(&called[0], "where"), ["w", "w1", "w2"]);
    assert_eq!(list["applied_here"], json!(["place"]), "this server gave all");
    let (numbers, ..) = listed(&all, Request::get("/cases").with("place", "district"));
    assert_eq!(numbers.len(), 4, "the whole district leaves nobody out");
}

#[test]
fn a_case_that_lies_in_a_place_without_naming_one_is_not_lost() {
    let at = json!({"at": {"lon": "/x", "lat": "/y"}});
    for filters in [json!({"place": {"param": "where", "join": ","}}), json!({"place": "where"}), json!({})] {
        let all = config(&filters, &at);
        let (numbers, list, called) = listed(&all, Request::get("/cases").with("place", "w"));
        assert_eq!(numbers, ["street", "below", "unnamed"], "{filters}");
        assert_eq!((param(&called[0], "where"), &list["applied_here"]), (None, &json!(["place"])), "{filters}");
        let (numbers, ..) = listed(&all, Request::get("/cases").with("place", "w2"));
        assert_eq!(numbers, ["unnamed"], "{filters}");
    }
}

#[test]
fn cases_that_name_no_place_are_asked_for_by_the_box_around_one() {
    let at = json!({"at": {"lon": "/x", "lat": "/y"}, "place": null});
    let all = config(&json!({"bbox": "box"}), &at);
    let (numbers, list, called) = listed(&all, Request::get("/cases").with("place", "w").with("total", true));
    assert_eq!(numbers, ["unnamed"], "the only one whose point lies in a grid of it");
    assert_eq!(param(&called[0], "box").as_deref(), Some("113.399500,22.399500,113.600500,22.600500"));
    let told = (&list["applied_here"], &list["total"]);
    assert_eq!(told, (&json!(["place"]), &json!(1)), "a box is wider than a place");
    let (_, _, called) = listed(&all, Request::get("/cases").with("place", "o"));
    assert_eq!(param(&called[0], "box"), None, "a place without ground has no box");
    let (_, _, called) = listed(&all, Request::get("/cases"));
    assert_eq!(param(&called[0], "box"), None, "nobody asked for a part");
    let (_, _, called) = listed(&all, Request::get("/cases").with("place", "w").with("bbox", "113.5,22.5,113.6,22.6"));
    let asked = param(&called[0], "box");
    assert_eq!(asked.as_deref(), Some("113.499500,22.499500,113.600500,22.600500"), "the box that is asked for");
}

#[test]
fn where_a_case_may_name_its_place_no_box_loses_those_without_a_point_there() {
    for place in [json!("/p"), json!({"value": "w"})] {
        let fields = json!({"at": {"lon": "/x", "lat": "/y"}, "place": place});
        let all = config(&json!({"bbox": "box"}), &fields);
        let cases = all_cases();
        ask(&all, Request::get("/heat/points"), &mut |call: &Call| good(&city(call, &cases)));
        let (numbers, _, called) = listed(&all, Request::get("/cases").with("place", "w"));
        assert_eq!((param(&called[0], "box"), numbers.contains(&"street".to_owned())), (None, true), "{place}");
    }
}

#[test]
fn single_places_are_pushed_one_by_one_and_many_are_not() {
    let all = config(&json!({"place": "where"}), &json!({}));
    let (numbers, _, called) = listed(&all, Request::get("/cases").with("place", "o1"));
    assert_eq!((numbers, param(&called[0], "where").as_deref()), (vec!["other".to_owned()], Some("o1")));
    let (numbers, list, called) = listed(&all, Request::get("/cases").with("place", "w"));
    assert_eq!((numbers.len(), param(&called[0], "where"), &list["applied_here"]), (2, None, &json!(["place"])));
    let table = json!({"place": {"at": "/p", "table": {"w": "w", "w1": "w1", "o1": "o1"}}});
    let (_, _, called) = listed(
        &config(&json!({"place": {"param": "where", "join": ","}}), &table),
        Request::get("/cases").with("place", "w"),
    );
    assert_eq!(words(&called[0], "where"), ["w", "w1"], "w2 is on no record of theirs");
}

#[test]
fn a_place_whose_tree_was_never_had_is_an_error_and_not_an_empty_list() {
    let all = config(&json!({}), &json!({}));
    let cases = all_cases();
    let problem = refused(&all, Request::get("/cases").with("place", "w"), &mut |call: &Call| {
        if call.url.contains("/places") { text(500, "") } else { good(&city(call, &cases)) }
    });
    assert_eq!(problem["type"], "/problems/unavailable");
    assert!(problem["detail"].as_str().unwrap().contains("places"), "{problem}");
}

#[test]
fn the_cases_of_a_building_are_asked_for_or_looked_for_here_where_cases_name_theirs() {
    let named = json!({"building": "/b"});
    let with = |building: &Value| {
        let mut cases = all_cases();
        cases[1]["b"] = building.clone();
        cases
    };
    let asked = |config: &Installation, building: &Value| {
        let cases = with(building);
        talk(config, Request::get("/cases").with("building", "B-1"), &mut |call: &Call| good(&city(call, &cases)))
    };
    let own = config(&json!({}), &named);
    let (answer, _) = asked(&own, &json!("B-1"));
    let list: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        (each(&list, "/items", "/number"), &list["applied_here"]),
        (vec!["below".to_owned()], &json!(["building"]))
    );
    assert!(own.capabilities("cases").applied_here.contains(&"building".to_owned()));
    let (answer, _) = asked(&own, &json!("B-2"));
    let list: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(list["items"], json!([]), "another building is none");
    let pushed = config(&json!({"building": "door"}), &named);
    let (_, called) = asked(&pushed, &json!("B-1"));
    assert!(called.iter().any(|url| param(url, "door").as_deref() == Some("B-1")), "{called:?}");
    assert!(pushed.capabilities("cases").filters.contains(&"building".to_owned()));
    // Where no case names its building, none would be found, and it would look as if there were none.
    let silent = config(&json!({}), &json!({}));
    assert!(!silent.capabilities("cases").applied_here.contains(&"building".to_owned()));
    for (config, building) in [(silent, json!("B-1")), (own, Value::Null)] {
        let (answer, _) = asked(&config, &building);
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status, &told["type"]), (501, &json!("/problems/not-offered")), "{told}");
    }
}

#[test]
fn what_is_not_looked_for_is_refused_and_not_ignored() {
    let all = config(&json!({}), &json!({}));
    for (name, value) in
        [("overdue", "true"), ("people_from", "5"), ("repeats", "true"), ("behind", "repeats"), ("sort", "-changed_at")]
    {
        let problem = refused(&all, Request::get("/cases").with(name, value), &mut |call: &Call| panic!("{call:?}"));
        assert_eq!(problem["type"], "/problems/not-offered", "{name}");
    }
    let problem = refused(&all, Request::get("/warnings").with("at", "2026-01-01T00:00:00Z"), &mut |call: &Call| {
        panic!("{call:?}")
    });
    assert_eq!(problem["type"], "/problems/not-offered");
}

#[test]
fn places_and_buildings_are_narrowed_as_the_contract_has_it() {
    let all = config(&json!({}), &json!({}));
    let cases = json!([]);
    let mut server = |call: &Call| good(&city(call, &cases));
    let within = ask(&all, Request::get("/places").with("place", "w"), &mut server);
    assert_eq!(each(&within, "/features", "/properties/id"), ["w", "w1", "w2"]);
    let found = ask(&all, Request::get("/places").with("q", "O"), &mut server);
    assert_eq!(each(&found, "/features", "/properties/id"), ["o", "o1"]);
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"datum": "WGS84", "resources": {
        "places": {"list": "/places", "fields": {"id": "/id", "level": "/level", "name": "/name", "parent": "/parent"}},
        "buildings": {"list": "/b", "fields": {"code": "/c", "place": "/p"}}}}}}, "resources": {}});
    let doors = json!([{"c": "A", "p": "w1"}, {"c": "B", "p": "o1"}, {"c": "C"}]);
    let mut server = |call: &Call| good(if call.url.contains("/b") { &doors } else { &cases });
    let none = ask(&installation(&config), Request::get("/buildings").with("place", "w"), &mut server);
    assert_eq!(none["items"], json!([]), "nobody knows what lies in w");
    let mut server = |call: &Call| good(&if call.url.contains("/b") { doors.clone() } else { places() });
    let some = ask(&installation(&config), Request::get("/buildings").with("place", "w"), &mut server);
    assert_eq!((each(&some, "/items", "/code"), &some["applied_here"]), (vec!["A".to_owned()], &json!(["place"])));
}
