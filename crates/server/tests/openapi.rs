//! The description of the API that is kept in the repository is the one that the code gives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use fengtu_server::routes::openapi;

#[test]
fn the_file_in_docs_is_what_the_code_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = openapi::text();
    if std::env::var_os("FENGTU_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let command = "FENGTU_BLESS=1 cargo test -p fengtu-server --test openapi";
    assert!(kept == text, "docs/openapi.json is not what the code says; rewrite it with\n    {command}");
}

#[test]
fn it_is_version_3_1_and_each_operation_tells_its_refusals() {
    let document: serde_json::Value = serde_json::from_str(&openapi::text()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for path in
        ["heat", "heat/points", "warnings", "warnings/{id}", "warnings/history", "statistics", "snapshot", "events"]
    {
        let get = &document["paths"][&format!("/api/v1/{path}")]["get"];
        assert!(get["responses"]["200"].is_object(), "{path}");
        assert!(get["responses"]["4XX"]["content"]["application/problem+json"].is_object(), "{path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document: serde_json::Value = serde_json::from_str(&openapi::text()).unwrap();
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
