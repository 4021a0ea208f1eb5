//! The description of the API that is kept in the repository is the one that the code gives.

use fengtu_server::routes::openapi;

#[test]
fn the_file_in_docs_is_what_the_code_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = openapi::text();
    if std::env::var_os("FENGTU_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let command = "FENGTU_BLESS=1 cargo test -p fengtu-server --test all openapi::";
    assert!(kept == text, "docs/openapi.json is not what the code says; rewrite it with\n    {command}");
}

fn document() -> serde_json::Value {
    serde_json::from_str(&openapi::text()).unwrap()
}

#[test]
fn it_is_version_3_1_and_each_operation_tells_its_refusals() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert!(responses.contains_key("4XX") && responses.contains_key("5XX"), "{method} {path}");
            let refusals = responses.iter().filter(|(status, _)| status.starts_with(['4', '5']));
            for (status, response) in refusals {
                let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(problem, "#/components/schemas/Problem", "{method} {path} {status}");
            }
        }
    }
}

#[test]
fn enums_have_the_names_that_travel() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas["Level"]["enum"], serde_json::json!(["none", "blue", "yellow", "red"]));
    assert_eq!(schemas["StaffKind"]["enum"][0], "grid_member");
    for (name, schema) in schemas {
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
            // GeoJSON's own constants are the exception.
            let travels = value == "Feature" || value == "FeatureCollection" || !value.contains(char::is_uppercase);
            assert!(travels || name == "Geometry", "{name}: {value}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut left = vec![&document];
    let mut count = 0;
    while let Some(value) = left.pop() {
        if let Some(target) = value.get("$ref").and_then(serde_json::Value::as_str) {
            assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
            count += 1;
        }
        left.extend(value.as_object().into_iter().flat_map(serde_json::Map::values));
        left.extend(value.as_array().into_iter().flatten());
    }
    assert!(count > 20);
}
