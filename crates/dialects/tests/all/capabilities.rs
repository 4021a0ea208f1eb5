//! What each backend can do is told exactly: no more than there is, and no less.

use fengtu_dialects::installation::RESOURCES;
use serde_json::{Value, json};

use super::installation;

fn ours() -> Value {
    json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"}}, "resources": {}})
}

/// Where our contract has each resource.
fn path(resource: &str) -> String {
    format!("/api/v1/{}", if resource == "live" { "snapshot" } else { resource })
}

/// Parameters that turn or cut a list and leave nothing out for what it is.
const NO_FILTERS: [&str; 5] = ["limit", "cursor", "total", "sort", "geometry"];

#[test]
fn our_own_contract_can_what_its_description_says() {
    let openapi: Value = serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap();
    let paths = openapi["paths"].as_object().unwrap();
    let has = |path: &str, method: &str| paths.get(path).is_some_and(|item| item.get(method).is_some());
    let all = installation(&ours());
    for resource in RESOURCES {
        let (can, at) = (all.capabilities(resource), path(resource));
        let one =
            paths.keys().any(|path| path.strip_prefix(&format!("{at}/{{")).is_some_and(|rest| rest.ends_with('}')));
        let acts = paths
            .keys()
            .any(|path| path.starts_with(&format!("{at}/{{")) && path.ends_with("/actions") && has(path, "post"));
        assert_eq!((can.read, can.one, can.create), (has(&at, "get"), one, has(&at, "post")), "{resource}");
        assert_eq!((!can.actions.is_empty(), can.history), (acts, has(&format!("{at}/history"), "get")), "{resource}");
        let parameters =
            paths.get(&at).and_then(|item| item["get"]["parameters"].as_array()).cloned().unwrap_or_default();
        let names = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap());
        let mut filters: Vec<&str> = names.filter(|name| !NO_FILTERS.contains(name)).collect();
        let mut told: Vec<&str> = can.filters.iter().map(String::as_str).collect();
        filters.sort_unstable();
        told.sort_unstable();
        assert_eq!((told, can.searched), (filters.clone(), filters.contains(&"q")), "{resource}");
        assert!(can.applied_here.is_empty() && !can.derived, "{resource}");
    }
}

#[test]
fn the_steps_about_a_warning_are_named_with_what_they_take() {
    let openapi: Value = serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap();
    let schemas = &openapi["components"]["schemas"];
    let can = installation(&ours()).capabilities("warnings");
    assert_eq!(json!(can.actions), schemas["WarningAction"]["enum"]);
    let members = schemas["WarningOrder"]["properties"].as_object().unwrap();
    for action in &can.actions {
        let input = &can.inputs[action];
        assert!(input.takes.iter().all(|name| members.contains_key(name)), "{action}: {input:?}");
        assert_eq!(input.needs.contains(&"note".to_owned()), action != "acknowledge", "{action}");
        assert_eq!(input.needs.contains(&"to".to_owned()), action == "hand_down", "{action}");
    }
}

#[test]
fn a_stream_of_another_pushes_nothing_of_ours() {
    let mut config = ours();
    config["backends"]["x"] = json!({"dialect": "ogc-features", "base": "/x"});
    config["resources"] = json!({"live": "x"});
    assert!(installation(&ours()).capabilities("cases").pushed);
    assert!(!installation(&config).capabilities("cases").pushed);
}

fn mapped() -> Value {
    let fields = json!({"number": "/n", "state": {"value": "reported"}, "category": "/k", "reported_at": "/t"});
    json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"utc_offset": "+08:00", "resources": {"cases": {
        "list": "/c", "one": "/c/{id}", "fields": fields,
        "filters": {"period": {"param": "time"}, "category": "kind", "updated_since": "since"},
        "create": {"to": "POST /c", "body": {"t": "{description}", "x": "{lon}"}, "needs": ["description"]},
        "actions": {"accept": {"to": "PUT /c/{id}/accept?by={office}", "body": {"why": "{reason}", "id": "{id}"}}, "archive": {"to": "PUT /c/{id}/end"}}}}}}},
        "resources": {}})
}

#[test]
fn a_mapping_can_what_it_names() {
    let can = installation(&mapped()).capabilities("cases");
    assert!(
        can.read
            && can.one
            && can.create
            && can.changes
            && !can.searched
            && !can.pushed
            && !can.attached
            && !can.history
    );
    assert_eq!(can.filters, ["from", "to", "category"]);
    assert_eq!(can.applied_here, ["place", "state", "class", "channel", "q", "bbox"]);
    assert_eq!(
        (can.made_of.takes.as_slice(), can.made_of.needs.as_slice()),
        (["description".to_owned(), "at".to_owned()].as_slice(), ["description".to_owned()].as_slice())
    );
    assert_eq!(can.actions, ["accept", "archive"]);
    assert_eq!(can.inputs["accept"].takes, ["office", "reason"]);
    assert!(can.inputs["archive"].takes.is_empty());
    let told = can.json();
    assert_eq!(
        (&told["inputs"]["accept"]["takes"], &told["made_of"]["needs"]),
        (&json!(["office", "reason"]), &json!(["description"]))
    );
}

#[test]
fn a_place_is_pushed_only_where_no_case_can_be_missed() {
    let mut config = mapped();
    let cases = &mut config["backends"]["default"]["mapping"]["resources"]["cases"];
    cases["filters"]["place"] = json!("where");
    cases["fields"]["place"] = json!("/p");
    assert!(installation(&config).capabilities("cases").filters.contains(&"place".to_owned()));
    let cases = &mut config["backends"]["default"]["mapping"]["resources"]["cases"];
    cases["fields"]["at"] = json!({"lon": "/x", "lat": "/y", "datum": "WGS84"});
    let can = installation(&config).capabilities("cases");
    assert!(!can.filters.contains(&"place".to_owned()) && can.applied_here.contains(&"place".to_owned()));
}

#[test]
fn what_the_facade_has_no_route_for_is_not_offered() {
    let all = installation(&mapped());
    let reports = all.capabilities("reports");
    assert!(reports.create && reports.one && !reports.read, "one is made and followed; nobody lists them");
    for resource in ["grids", "stations", "buildings", "warnings", "basemap"] {
        assert!(!all.capabilities(resource).read, "{resource}");
    }
    for resource in ["heat", "statistics", "live", "services", "places", "config", "session"] {
        let can = all.capabilities(resource);
        assert!(can.read && can.derived && !can.create, "{resource}");
    }
    let postgrest = json!({"backends": {"default": {"dialect": "postgrest", "base": "/x", "mapping": {"datum": "WGS84"}}}, "resources": {}});
    assert!(!installation(&postgrest).capabilities("grids").one, "one grid has no route");
    let mut blind = mapped();
    let cases = &mut blind["backends"]["default"]["mapping"]["resources"]["cases"];
    cases["actions"] = json!({"accept": {"to": "POST /a/{id}", "body": {}}});
    for (one, steps) in [(json!("/c/{id}"), 1), (Value::Null, 0)] {
        blind["backends"]["default"]["mapping"]["resources"]["cases"]["one"] = one;
        let steps_of = installation(&blind).capabilities("cases").actions.len();
        assert_eq!(steps_of, steps, "no step without a look at the case");
    }
}

#[test]
fn new_cases_are_made_where_reports_go() {
    let mut config = mapped();
    config["backends"]["311"] = json!({"dialect": "georeport", "base": "/y"});
    config["resources"] = json!({"reports": "311"});
    let all = installation(&config);
    assert!(!all.capabilities("cases").create && all.capabilities("reports").create);
    assert_eq!(all.capabilities("reports").made_of.needs, ["place", "description"]);
    let ours = json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"}, "x": {"dialect": "json", "base": "/x"}}, "resources": {"statistics": "x"}});
    assert!(
        !installation(&ours).capabilities("statistics").read,
        "cases of our own contract are counted by their own server"
    );
}

#[test]
fn a_step_is_called_what_the_mapping_calls_it() {
    let fields = json!({"number": "/n", "category": "/c", "state": "/s", "reported_at": "/t", "title": "/b"});
    let config = |accept: Value| {
        json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"utc_offset": "+08:00", "resources": {
            "cases": {"list": "/c", "one": "/c/{id}", "fields": fields, "actions": {"accept": accept}}}}}}})
    };
    let plain = json!({"to": "PUT /c/{id}", "body": {"why": "{reason}"}, "name": "受理", "needs": ["reason"],
        "labels": {"reason": {"zh": "受理意见", "en": "Reason"}}});
    let told = installation(&config(plain)).capabilities("cases").json();
    let accept = &told["inputs"]["accept"];
    assert_eq!(accept["name"], json!({"zh": "受理", "en": "受理"}));
    assert_eq!(accept["labels"], json!({"reason": {"zh": "受理意见", "en": "Reason"}}));
    assert_eq!((&accept["takes"], &accept["needs"]), (&json!(["reason"]), &json!(["reason"])));
    let slips = json!({"to": "PUT /c/{id}", "needs": ["reason"], "labels": {"note": "x"}, "title": "y"});
    let faults = fengtu_dialects::Installation::read(config(slips).to_string().as_bytes()).unwrap_err();
    let at: Vec<&str> = faults.iter().filter_map(|fault| fault.pointer.rsplit("/accept/").next()).collect();
    for pointer in ["title", "needs", "labels/note"] {
        assert!(at.contains(&pointer), "{at:?}");
    }
}

#[test]
fn what_is_made_of_cases_comes_from_where_they_are() {
    let all = installation(&json!({"backends": {"default": {"dialect": "fengtu", "base": "/api/v1"},
        "311": {"dialect": "georeport", "base": "/x"}}, "resources": {"cases": "311"}}));
    for made in ["heat", "statistics", "live"] {
        assert!(all.capabilities(made).derived, "{made}");
    }
    assert!(!all.capabilities("warnings").derived && all.capabilities("warnings").history);
}
