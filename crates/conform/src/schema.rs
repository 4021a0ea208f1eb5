//! Checks JSON against the schemas of our own `OpenAPI` description.
//!
//! It knows the words that the description uses and no others; a test reads the description and fails at a word that is not
//! known here. A general validator would be thirty crates for a dozen words.

use serde_json::{Map, Value};

/// The words of JSON Schema that are looked at.
pub const CHECKED: [&str; 10] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "enum",
    "items",
    "maxLength",
    "minimum",
    "oneOf",
    "properties",
    "required",
];
/// Those that are looked at as well, or only tell.
pub const OTHER: [&str; 6] = ["description", "example", "format", "title", "type", "default"];

/// What is wrong, and where in the answer (JSON Pointer).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where.
    pub at: String,
    /// What, in Chinese.
    pub zh: String,
    /// What, in English.
    pub en: String,
}

/// The schemas of a description.
#[derive(Debug, Clone, Copy)]
pub struct Schemas<'a>(pub &'a Value);

impl Schemas<'_> {
    /// Returns the first few mismatches of a value.
    pub fn check(self, schema: &Value, value: &Value) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.walk(schema, value, "", &mut found);
        found.truncate(5);
        found
    }

    fn walk(self, schema: &Value, value: &Value, at: &str, found: &mut Vec<Mismatch>) {
        let Value::Object(words) = schema else { return };
        if found.len() >= 5 {
            return;
        }
        if let Some(target) = words.get("$ref").and_then(Value::as_str) {
            let target = self.0.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
            self.walk(target, value, at, found);
        }
        for part in list(words, "allOf") {
            self.walk(part, value, at, found);
        }
        self.choice(words, value, at, found);
        plain(words, value, at, found);
        match value {
            Value::Object(members) => self.object(words, members, at, found),
            Value::Array(items) => self.array(words, items, at, found),
            _ => {}
        }
    }

    fn choice(self, words: &Map<String, Value>, value: &Value, at: &str, found: &mut Vec<Mismatch>) {
        let options = list(words, "oneOf");
        let fits = |option: &&Value| {
            let mut wrong = Vec::new();
            self.walk(option, value, at, &mut wrong);
            wrong.is_empty()
        };
        if !options.is_empty() && !options.iter().any(|option| fits(&option)) {
            found.push(mismatch(at, "不符合任何一种允许的形式", "is none of the forms that are allowed"));
        }
    }

    fn object(self, words: &Map<String, Value>, members: &Map<String, Value>, at: &str, found: &mut Vec<Mismatch>) {
        for name in list(words, "required").iter().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                found.push(mismatch(&format!("{at}/{name}"), "缺少", "is missing"));
            }
        }
        let known = words.get("properties").and_then(Value::as_object);
        for (name, member) in members {
            let schema = known.and_then(|known| known.get(name)).or_else(|| words.get("additionalProperties"));
            if let Some(schema) = schema {
                self.walk(schema, member, &format!("{at}/{name}"), found);
            }
        }
    }

    fn array(self, words: &Map<String, Value>, items: &[Value], at: &str, found: &mut Vec<Mismatch>) {
        let Some(schema) = words.get("items") else { return };
        for (index, item) in items.iter().enumerate() {
            self.walk(schema, item, &format!("{at}/{index}"), found);
        }
    }
}

fn plain(words: &Map<String, Value>, value: &Value, at: &str, found: &mut Vec<Mismatch>) {
    let types = match words.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|wanted| is_of(value, wanted)) {
        let wanted = types.join(" | ");
        found.push(mismatch(at, &format!("应为 {wanted}"), &format!("should be {wanted}")));
    }
    if let Some(allowed) = words.get("enum").and_then(Value::as_array).filter(|all| !all.contains(value)) {
        let allowed = allowed.iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
        found.push(mismatch(at, &format!("{value} 不在 {allowed} 之中"), &format!("{value} is none of {allowed}")));
    }
    let least = words.get("minimum").and_then(Value::as_f64);
    if let (Some(least), Some(number)) = (least, value.as_f64())
        && number < least
    {
        found.push(mismatch(at, &format!("小于 {least}"), &format!("is less than {least}")));
    }
    let longest = words.get("maxLength").and_then(Value::as_u64);
    if let (Some(longest), Some(text)) = (longest, value.as_str())
        && text.chars().count() as u64 > longest
    {
        found.push(mismatch(at, &format!("长于 {longest} 字"), &format!("is longer than {longest} characters")));
    }
    let is_instant = words.get("format").and_then(Value::as_str) == Some("date-time");
    if is_instant && value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_err()) {
        found.push(mismatch(at, "不是带时区的 RFC 3339 时间", "is no RFC 3339 instant with offset"));
    }
}

fn is_of(value: &Value, wanted: &str) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    }
}

fn list<'a>(words: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    words.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn mismatch(at: &str, zh: &str, en: &str) -> Mismatch {
    let at = if at.is_empty() { "/" } else { at };
    Mismatch { at: at.to_owned(), zh: zh.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(schema: &Value, value: &Value) -> Vec<String> {
        Schemas(schema).check(schema, value).into_iter().map(|m| format!("{} {}", m.at, m.en)).collect()
    }

    #[test]
    fn what_is_wrong_is_named_where_it_is() {
        let schema = json!({ "type": "object", "required": ["a", "b"], "properties": {
            "a": { "type": ["string", "null"] }, "b": { "type": "array", "items": { "enum": ["x", "y"] } },
            "at": { "type": "string", "format": "date-time" }, "n": { "type": "integer", "minimum": 0 } },
            "additionalProperties": { "type": "boolean" } });
        assert!(
            found(&schema, &json!({ "a": null, "b": ["x"], "at": "2026-03-01T09:00:00+08:00", "n": 2.0, "z": true }))
                .is_empty()
        );
        assert_eq!(found(&schema, &json!({ "a": 1 })), ["/b is missing", "/a should be string | null"]);
        assert_eq!(found(&schema, &json!({ "a": "", "b": ["q"] })), ["/b/0 \"q\" is none of \"x\" \"y\""]);
        assert_eq!(
            found(&schema, &json!({ "a": "", "b": [], "at": "yesterday" })),
            ["/at is no RFC 3339 instant with offset"]
        );
        assert_eq!(found(&schema, &json!({ "a": "", "b": [], "n": -1 })), ["/n is less than 0"]);
        assert_eq!(found(&schema, &json!({ "a": "", "b": [], "z": 1 })), ["/z should be boolean"]);
        assert_eq!(found(&schema, &json!([])), ["/ should be object"]);
    }

    #[test]
    fn every_word_of_our_description_is_known() {
        let document: Value = serde_json::from_str(crate::contract::DESCRIPTION).unwrap();
        let mut left: Vec<&Value> = document["components"]["schemas"].as_object().unwrap().values().collect();
        while let Some(schema) = left.pop() {
            let Value::Object(words) = schema else { continue };
            for (word, inside) in words {
                assert!(CHECKED.contains(&word.as_str()) || OTHER.contains(&word.as_str()), "unknown word {word}");
                match word.as_str() {
                    "properties" => left.extend(inside.as_object().unwrap().values()),
                    "items" | "additionalProperties" => left.push(inside),
                    "allOf" | "oneOf" => left.extend(inside.as_array().unwrap()),
                    _ => {}
                }
            }
        }
    }
}
