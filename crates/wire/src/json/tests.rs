//! Trees, what is read from them, and what is refused.

#![allow(clippy::unwrap_used, reason = "tests")]

use crate::config::Config;
use crate::stations::{Station, StationLevel};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{FromJson, Json, each, parse, read};

#[derive(Debug, PartialEq, Deserialize, FromJson)]
struct Sample {
    whole: i32,
    part: f64,
    words: Vec<String>,
    level: Option<StationLevel>,
    pair: [f64; 2],
    #[serde(default)]
    more: u8,
}

fn sample(json: &Value) -> Result<Sample, String> {
    read(json.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn sound() -> Value {
    json!({"whole": -3, "part": 2, "words": ["a\"b", "光明"], "level": "site", "pair": [1, 2.5], "unknown": {"a": [null]}})
}

#[test]
fn a_type_is_read_from_a_tree_as_serde_json_reads_it() {
    let expected: Sample = serde_json::from_value(sound()).unwrap();
    assert_eq!(sample(&sound()).unwrap(), expected);
}

#[test]
fn an_error_says_where_and_what_was_expected() {
    let with = |name: &str, value: Value| {
        let mut json = sound();
        json.as_object_mut().unwrap().insert(name.to_owned(), value);
        sample(&json).unwrap_err()
    };
    assert_eq!(with("whole", json!("7")), "whole: text where i32 was expected");
    assert_eq!(with("whole", json!(1e9)), "whole: a number where i32 was expected");
    assert_eq!(with("part", Value::Null), "part: null where f64 was expected");
    assert!(with("level", json!("moon")).starts_with("level: unknown variant `moon`"));
    assert!(with("pair", json!([1, 2, 3])).starts_with("pair: a list where an array of length 2"));
    assert_eq!(with("more", json!(256)), "more: u8 was expected");
    // An array in place of an object would put each value under another name.
    assert!(sample(&json!([1, 2, ["a"], null, [1, 2]])).unwrap_err().starts_with("a list where struct Sample"));
    assert_eq!(sample(&json!({})).unwrap_err(), "missing field `whole`");
}

#[test]
fn records_are_handed_over_one_by_one_and_the_rest_is_returned() {
    let body = br#"{"next": "x", "items": [1, {"a": "b"}, null], "total": 3}"#;
    let mut seen = Vec::new();
    let rest = each(body, "items", &mut |record| seen.push(record.clone())).unwrap();
    assert_eq!(seen.len(), 3);
    assert_eq!(rest.get("items"), Some(&Json::List(Vec::new())));
    assert_eq!(
        (rest.member::<String>("next").unwrap().as_str(), rest.optional::<u64>("total").unwrap()),
        ("x", Some(3))
    );
}

#[test]
fn a_body_without_its_list_is_refused() {
    for body in [
        &b"{}"[..],
        b"[]",
        b"7",
        b"null",
        br#"{"items": 7}"#,
        br#"{"items": {"a": 1}}"#,
        b"{\"items\": [1]",
        b"\xff",
        b"{\"items\": []} x",
    ] {
        assert!(each(body, "items", &mut |_| ()).is_err(), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn nesting_has_a_bottom() {
    assert!(parse("[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn the_essentials_are_those_of_the_whole_config() {
    let body = include_bytes!("../../tests/golden/config.json");
    let whole: Config = read(body).unwrap();
    let essentials: crate::config::Essentials = read(body).unwrap();
    assert_eq!((essentials.server_time, essentials.name), (whole.server_time, whole.name));
    assert_eq!((essentials.circles, essentials.calendar), (whole.circles, whole.calendar));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(read::<Station>(&bytes));
        drop(each(&bytes, "items", &mut |record| drop(record.read::<Station>())));
    }
}
