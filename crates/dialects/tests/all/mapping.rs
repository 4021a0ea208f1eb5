//! What is wrong in a config file is said at its place, in both languages.

use fengtu_dialects::mapping::presets;
use fengtu_dialects::{Fault, Installation};
use serde_json::{Value, json};

fn faults(config: &Value) -> Vec<Fault> {
    Installation::read(config.to_string().as_bytes()).err().unwrap_or_default()
}

/// A file in which nothing is wrong.
fn is_sound(config: &Value) {
    let found = faults(config);
    assert!(found.is_empty(), "{found:#?}");
}

fn with(cases: &Value) -> Value {
    json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"utc_offset": "+08:00", "resources": {"cases": cases}}}}, "resources": {}})
}

fn sound() -> Value {
    json!({"list": "/c", "fields": {"number": "/n", "state": {"value": "reported"}, "category": {"value": "mediation.other"}, "reported_at": "/t"}})
}

#[test]
fn every_fault_has_its_pointer() {
    is_sound(&with(&sound()));
    let cases: [(&str, Value, &str); 36] = [
        ("/fields/at", json!({"lon": "/x", "lat": "/y"}), "/fields/at"),
        ("/fields/state", json!({"at": "/s", "table": {"1": "finished"}}), "/fields/state"),
        ("/fields/numbr", json!("/n"), "/fields/numbr"),
        ("/fields/amount_fen", json!("/je"), "/fields/amount_fen"),
        ("/fields/number", json!("n"), "/fields/number"),
        ("/fields/reported_at", json!({"at": "/t", "time": "%Q"}), "/fields/reported_at/time"),
        ("/list", json!("FETCH /c"), "/list"),
        ("/list", json!("/../secret"), "/list"),
        ("/paging", json!({"kind": "pages"}), "/paging/kind"),
        ("/filters", json!({"colour": "c"}), "/filters/colour"),
        ("/create", json!({"body": {}}), "/create"),
        ("/create", json!({"to": "POST /c", "body": {"描述": "{descripton}"}}), "/create/body/描述"),
        ("/create", json!({"to": "POST /c", "body": {"a": ["{description}", "at {lng}"]}}), "/create/body/a/1"),
        ("/create", json!({"to": "POST /c?kind={kind}"}), "/create/to"),
        ("/create", sending("{description}", &json!(["description", "telephone"])), "/create/needs/1"),
        ("/create", sending("{lon}", &json!("place")), "/create/needs"),
        ("/create", sending("{address}", &json!(["place", "at"])), "/create/needs/1"),
        ("/create", sending("{description}", &json!(["colour"])), "/create/needs/0"),
        ("/one", json!("/c/{caseNo}"), "/one"),
        ("/one", json!("/c?no=eq.{number}"), "/one"),
        ("/one", json!("/c?filter=%7B%22no%22%3A%22%7Bref%7D%22%7D"), "/one"),
        ("/ids", json!("/receipts/{id}"), "/ids"),
        ("/events", json!({"list": "/c/{number}/steps", "fields": steps()}), "/events/list"),
        ("/events", json!({"list": "/steps?of={case}", "fields": steps()}), "/events/list"),
        ("/actions", json!({"accept": {"to": "PUT /c/{number}/accept"}}), "/actions/accept/to"),
        ("/actions", json!({"accept": {"to": "PUT /c/{id}/{by}", "body": {"by": "{by}"}}}), "/actions/accept/to"),
        ("/actions", json!({"accept": {"to": "PUT /c/{no}", "needs": ["number"]}}), "/actions/accept/to"),
        ("/events", json!({"list": "/c/{id}/steps", "else": "/steps?of={no}", "fields": steps()}), "/events/else"),
        ("/else", json!("/c"), "/else"),
        ("/filters", json!({"state": {"param": "where", "and": " AND ", "repeat": true}}), "/filters/state"),
        ("/filters", json!({"from": {"param": "where", "and": " AND "}, "state": "where"}), "/filters/state"),
        ("/fields/title", json!({"at": "/a", "value": "b"}), "/fields/title"),
        ("/fields/at", json!({"at": "/a", "lon": "/x", "lat": "/y", "datum": "WGS84"}), "/fields/at"),
        ("/create", json!({"to": "POST /c", "body": {"a": "{lng:number}"}}), "/create/body/a"),
        ("/datum", json!("mars"), "/datum"),
        ("/fields/amount_fen", json!({"at": "/m", "unit": "dollar"}), "/fields/amount_fen/unit"),
    ];
    for (at, value, want) in cases {
        let mut cases = sound();
        match at.rsplit_once('/').unwrap() {
            ("", member) => cases[member] = value,
            ("/fields", member) => cases["fields"][member] = value,
            (_, other) => panic!("{other}"),
        }
        let found = faults(&with(&cases));
        let pointers: Vec<&str> = found.iter().map(|fault| fault.pointer.as_str()).collect();
        let want = format!("/backends/default/mapping/resources/cases{want}");
        assert!(pointers.contains(&want.as_str()), "{want} in {pointers:?}");
        assert!(found.iter().all(|fault| !fault.says.zh.is_empty() && !fault.says.en.is_empty()));
    }
}

/// Of an amount that stands elsewhere than in the ready-made mapping its unit is not known.
#[test]
fn the_unit_of_a_ready_made_mapping_is_that_of_its_own_amount_alone() {
    for name in ["ogc-features", "wfs", "arcgis", "postgrest"] {
        let of = |amount: Value| {
            let mapping = json!({"datum": "WGS84", "utc_offset": "+08:00", "resources": {"cases": {"fields": {"amount_fen": amount}}}});
            let mut backend = json!({"dialect": name, "base": "/x", "mapping": mapping});
            if ["wfs", "arcgis"].contains(&name) {
                (backend["dialect"], backend["use"]) = (json!("json"), json!(name));
            }
            faults(&json!({"backends": {"default": backend}, "resources": {}}))
        };
        let named = [json!({"unit": "yuan"}), json!({"at": "/je", "unit": "yuan"}), json!({"at": "/je", "times": 100})];
        for amount in named {
            assert!(of(amount.clone()).is_empty(), "{name}: {amount}");
        }
        for guessed in [json!("/je"), json!({"at": "/je"}), json!({"join": ["/a", "/b"]})] {
            let found = of(guessed);
            assert!(found.iter().any(|fault| fault.pointer.ends_with("/amount_fen")), "{name}: {found:#?}");
        }
    }
}

/// What the steps of a case cannot do without.
fn steps() -> Value {
    json!({"at": "/at", "to": {"value": "handling"}})
}

#[test]
fn an_address_may_name_what_it_is_filled_in_with() {
    let mut cases = sound();
    cases["one"] = json!("/c/{id}.json?filter=%7B%22no%22%3A%7B%22eq%22%3A%22{id}%22%7D%7D&in={编号}");
    cases["ids"] = json!("/receipts/{token}.json?of={token}");
    cases["events"] = json!({"list": "/c/{id}/steps?of={id}", "fields": steps()});
    cases["actions"] = json!({
        "accept": {"to": "PUT /c/{id}/accept?by={office}", "body": {"number": "{id}", "why": "{reason}"}},
        "hand_on": {"to": "PUT /c/{id}/to/{office}", "needs": ["office"]},
        "hand_down": {"to": "PUT /c/{id}/to/{office}", "labels": {"office": "科室"}},
        "rate": {"to": "PUT /c/{id}/stars/{rating}"},
        "end": {"to": "POST /rpc/end", "body": {"no": "{id}"}}
    });
    is_sound(&with(&cases));
}

/// A report of which one thing is sent.
fn sending(text: &str, needs: &Value) -> Value {
    json!({"to": "POST /c", "body": {"x": text}, "needs": needs})
}

#[test]
fn a_report_may_name_whatever_it_has_and_braces_of_another_language_are_no_names() {
    let mut cases = sound();
    cases["fields"]["at"] = json!({"lon": "/x", "lat": "/y", "datum": "WGS84"});
    cases["create"] = json!({"to": "POST /c?tel={telephone}&mail={email}", "needs": ["at", "telephone", "email"], "body": {
        "inner": "{\"where\": {}, \"words\": \"{description}\"}", "wkt": "POINT({lon} {lat})", "title": "{title} {name} {address}",
        "kind": ["{category}"], "when": "{reported_at}", "fixed": 1, "empty": null}});
    is_sound(&with(&cases));
}

#[test]
fn what_must_be_there_is_asked_for() {
    let found = faults(&with(&json!({"list": "/c", "fields": {"number": "/n"}})));
    assert_eq!(found.len(), 3, "state, category, reported_at: {found:#?}");
    for (config, pointer) in [
        (json!([]), ""),
        (json!({}), ""),
        (json!({"backends": {"a": {"dialect": "fengtu", "base": "/x"}}}), "/backends"),
        (json!({"backends": {"default": {"dialect": "soap", "base": "/x"}}}), "/backends/default/dialect"),
        (json!({"backends": {"default": {"dialect": "fengtu", "base": "//evil.example"}}}), "/backends/default/base"),
        (json!({"backends": {"default": {"dialect": "fengtu", "base": "javascript:1"}}}), "/backends/default/base"),
        (json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": "sap"}}}), "/backends/default/use"),
        (
            json!({"backends": {"default": {"dialect": "fengtu", "base": "/x"}}, "resources": {"cases": "b"}}),
            "/resources/cases",
        ),
        (
            json!({"backends": {"default": {"dialect": "fengtu", "base": "/x"}}, "district": {"bounds": [1]}}),
            "/district",
        ),
    ] {
        let found = faults(&config);
        assert!(found.iter().any(|fault| fault.pointer == pointer), "{pointer} in {found:#?}");
    }
    assert_eq!(Installation::read(b"{").err().map(|faults| faults.len()), Some(1));
}

#[test]
fn ready_made_mappings_are_sound_and_can_be_written_over() {
    for (name, _) in presets::DIALECTS {
        let datum = if name == "postgrest" { json!({"datum": "WGS84"}) } else { json!({}) };
        let config = json!({"backends": {"default": {"dialect": name, "base": "/x", "mapping": datum}}});
        is_sound(&config);
    }
    for (name, _) in presets::READY_MADE {
        is_sound(&json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": name}}}));
    }
    // PostgREST says nothing of the datum of its columns: somebody must.
    let found = faults(&json!({"backends": {"default": {"dialect": "postgrest", "base": "/x"}}}));
    assert!(found.iter().any(|fault| fault.pointer.ends_with("/cases/fields/at") && fault.says.en.contains("datum")));
}

/// What the documentation says can be written can be.
#[test]
fn the_examples_of_the_documentation_are_sound() {
    let head = include_str!("../../src/mapping/mod.rs").lines().map(|line| line.trim_start_matches("//!"));
    let example: Vec<&str> =
        head.skip_while(|line| line.trim() != "```json").skip(1).take_while(|line| line.trim() != "```").collect();
    let entry: Value = serde_json::from_str(&example.join("\n")).unwrap();
    is_sound(&json!({"backends": {"default": entry}, "resources": {}}));
    for guide in
        [include_str!("../../../../docs/guide/zh/config.md"), include_str!("../../../../docs/guide/en/config.md")]
    {
        let block = guide.split("```json\n").find(|block| block.contains("\"use\": \"ruoyi\"")).unwrap();
        let block = block.split("```").next().unwrap();
        let config: Value = serde_json::from_str(&format!("{{{block}}}")).unwrap();
        is_sound(&config);
    }
}

#[test]
fn a_time_that_is_asked_for_says_in_which_zone_it_is() {
    let with = |filter: &Value, more: &Value| {
        let mut cases = sound();
        cases["fields"]["reported_at"] = json!({"at": "/t", "utc_offset": "+00:00"});
        cases["filters"] = json!({"from": filter});
        let mut mapping = json!({"resources": {"cases": cases}});
        mapping.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        faults(
            &json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": mapping}}, "resources": {}}),
        )
    };
    let (day, offset) = (json!({"param": "from", "time": "%Y-%m-%d %H:%M:%S"}), json!({"utc_offset": "+00:00"}));
    let found = with(&day, &json!({}));
    let pointers: Vec<&str> = found.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/backends/default/mapping/resources/cases/filters/from"], "{found:?}");
    assert_eq!(with(&day, &offset), []);
    let mut own = day.clone();
    own["utc_offset"] = json!("+08:00");
    for sound in [
        own,
        json!("from"),
        json!({"param": "from", "time": "unix_ms"}),
        json!({"param": "from", "time": "%Y-%m-%dT%H:%M:%S%z"}),
    ] {
        assert_eq!(with(&sound, &json!({})), [], "{sound}");
    }
}
