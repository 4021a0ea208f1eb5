//! Whether a case of `GeoReport` says what the record says that it was made of: where it was, in which state, since when, of which
//! kind, and in which words.

use std::collections::BTreeMap;

use chrono::DateTime;
use fengtu_dialects::mapping::presets;
use fengtu_domain::masking;
use serde_json::Value;

use super::lists::position;
use super::random::{named, plain};

/// Their words for ours.
#[derive(Debug, Clone, Default)]
struct Table {
    words: BTreeMap<String, String>,
    /// What every other word is, if anything.
    otherwise: Option<String>,
}

impl Table {
    fn take(&mut self, field: &Value) {
        for (theirs, ours) in field.get("table").and_then(Value::as_object).into_iter().flatten() {
            match ours.as_str() {
                Some(ours) => self.words.insert(theirs.clone(), ours.to_owned()),
                None => self.words.remove(theirs),
            };
        }
        self.otherwise = named(field, "else").or(self.otherwise.take());
    }

    /// Ours for that of a record; a word that nobody has translated is none.
    fn of(&self, theirs: &str) -> Option<&str> {
        self.words.get(theirs).or(self.otherwise.as_ref()).map(String::as_str)
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.otherwise.is_none()
    }
}

/// Where their cases have what is looked at, and what they call it.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapped {
    states: Table,
    categories: Table,
    /// By our name of the field: where it stands. What is made of several things, or is always the same, stands nowhere.
    places: BTreeMap<String, Vec<String>>,
}

impl Mapped {
    /// Reads it from a config file: what it says of the backend of its cases stands over the ready-made mapping.
    pub fn read(config: &[u8]) -> Self {
        let text = std::str::from_utf8(config).unwrap_or_default();
        let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
        let backend = file.pointer("/resources/cases").and_then(Value::as_str).unwrap_or("default");
        let own = file.get("backends").and_then(|all| all.get(backend)?.get("mapping")).cloned();
        let mut mapped = Self::default();
        for mapping in ready_made().into_iter().chain(own) {
            mapped.take(mapping.pointer("/resources/cases/fields").unwrap_or(&Value::Null));
        }
        mapped
    }

    fn take(&mut self, fields: &Value) {
        self.states.take(fields.get("state").unwrap_or(&Value::Null));
        self.categories.take(fields.get("category").unwrap_or(&Value::Null));
        for (name, field) in fields.as_object().into_iter().flatten() {
            if let Some(places) = places(field) {
                self.places.insert(name.clone(), places);
            }
        }
    }

    /// What a record has for a field of ours: the first of its places where anything stands, if that is text or a number.
    fn theirs(&self, raw: &Value, name: &str) -> Option<String> {
        let is_something =
            |value: &&Value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty());
        let mut found = self.places.get(name)?.iter().filter_map(|at| raw.pointer(at)).filter(is_something);
        plain(found.next()?)
    }
}

/// Where a field stands; nothing is said of it by a mapping that adds to its table alone.
fn places(field: &Value) -> Option<Vec<String>> {
    match field {
        Value::String(at) => Some(vec![at.clone()]),
        Value::Array(all) => Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        Value::Object(members) if members.contains_key("value") || members.contains_key("join") => Some(Vec::new()),
        Value::Object(members) => places(members.get("at")?),
        _ => None,
    }
}

fn ready_made() -> Option<Value> {
    let (_, text) = presets::DIALECTS.iter().find(|(name, _)| *name == "georeport")?;
    serde_json::from_str(text).ok()
}

/// Says in both languages in what a case is another than its record, if in anything.
pub(super) fn differs(case: &Value, raw: &Value, mapped: &Mapped) -> Option<(String, String)> {
    let said = |name: &str| named(case, name).unwrap_or_default();
    let (number, state, since) = (said("number"), said("state"), said("reported_at"));
    if let Some(at) = position(case).filter(|at| !is_at(raw, *at)) {
        let (zh, en) =
            (format!("{number} 的位置 {at:?} 与原始不符"), format!("{number} at {at:?} is not where it was"));
        return Some((zh, en));
    }
    if named(raw, "status").and_then(|theirs| mapped.states.of(&theirs)) != Some(state.as_str()) {
        let (zh, en) =
            (format!("{number} 的状态 {state} 与原始不符"), format!("{number} is {state}, which it was not"));
        return Some((zh, en));
    }
    if !is_since(raw, &since) {
        let (zh, en) =
            (format!("{number} 的反映时间 {since} 与原始不符"), format!("{number} of {since} is not of then"));
        return Some((zh, en));
    }
    reworded(case, raw, mapped)
        .map(|(zh, en)| (format!("{number} 的{zh}与原始不符"), format!("{number} has another {en}")))
}

/// Which of its words are others than those of its record, where the record has any.
fn reworded(case: &Value, raw: &Value, mapped: &Mapped) -> Option<(&'static str, &'static str)> {
    let is_same = |name: &str, theirs: &str, ours: &str| match name {
        "category" => is_kind(&mapped.categories, theirs, ours),
        "title" => masking::scrub(theirs) == ours,
        _ => is_address(theirs, ours),
    };
    let differs = |name: &str| {
        let ours = case.get(name).and_then(Value::as_str).unwrap_or_default();
        mapped.theirs(raw, name).is_some_and(|theirs| !is_same(name, &theirs, ours))
    };
    let words = [("类别", "category"), ("标题", "title"), ("地址", "address")];
    words.into_iter().find(|(_, name)| differs(name))
}

fn is_kind(table: &Table, theirs: &str, ours: &str) -> bool {
    if table.is_empty() { theirs == ours } else { table.of(theirs) == Some(ours) }
}

/// It is cut where flat and floor follow, and is no other; one that is not Chinese is not cut.
fn is_address(theirs: &str, ours: &str) -> bool {
    let is_chinese = theirs.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    if is_chinese { theirs.starts_with(ours) } else { theirs == ours }
}

fn is_at(raw: &Value, [lon, lat]: [f64; 2]) -> bool {
    let degrees = |name: &str| named(raw, name).and_then(|text| text.parse::<f64>().ok());
    let near = |theirs: Option<f64>, ours: f64| theirs.is_some_and(|theirs| (theirs - ours).abs() < 1e-5);
    near(degrees("long"), lon) && near(degrees("lat"), lat)
}

/// Whether two instants are one. What is not written as the standard has it cannot be looked at here.
fn is_since(raw: &Value, ours: &str) -> bool {
    let second = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp());
    let theirs = named(raw, "requested_datetime").and_then(|text| second(&text));
    theirs.is_none_or(|theirs| second(ours) == Some(theirs))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(status: &str) -> Value {
        json!({"service_request_id": "1", "status": status, "requested_datetime": "2026-02-20T08:00:00Z", "lat": 22.7, "long": "113.9"})
    }

    fn case(state: &str) -> Value {
        json!({"number": "1", "state": state, "reported_at": "2026-02-20T16:00:00+08:00", "at": [113.9, 22.7]})
    }

    fn is_told(case: &Value, raw: &Value, states: &Value) -> bool {
        let mapping = json!({"resources": {"cases": {"fields": {"state": states}}}});
        let config = json!({"backends": {"default": {}, "311": {"mapping": mapping}}, "resources": {"cases": "311"}});
        differs(case, raw, &Mapped::read(config.to_string().as_bytes())).is_none()
    }

    #[test]
    fn place_state_and_time_are_those_of_the_record() {
        let (raw, case) = (record("closed"), case("resolved"));
        assert!(is_told(&case, &raw, &json!({})));
        for (name, value) in [
            ("state", json!("reported")),
            ("reported_at", json!("2026-02-20T08:00:00+08:00")),
            ("at", json!([113.8, 22.7])),
        ] {
            let mut other = case.clone();
            other[name] = value;
            assert!(!is_told(&other, &raw, &json!({})), "{name}");
        }
        let mut odd = raw;
        odd["requested_datetime"] = json!("20.2.2026");
        assert!(is_told(&case, &odd, &json!({})), "another way of writing is not read here");
    }

    #[test]
    fn words_are_those_of_the_record() {
        let more = |mut one: Value, more: Value| {
            more.as_object().into_iter().flatten().for_each(|(name, value)| one[name] = value.clone());
            one
        };
        let raw = more(
            record("open"),
            json!({"service_code": 7, "service_name": "灯", "title": null, "address": "公园路3号2栋101室", "description": "x"}),
        );
        let told = |words: Value, own: &Value| {
            let mapping = json!({"resources": {"cases": {"fields": own}}});
            let config = json!({"backends": {"default": {"mapping": mapping}}}).to_string();
            differs(&more(case("reported"), words), &raw, &Mapped::read(config.as_bytes())).map(|(_, en)| en)
        };
        let words = |category: &str, title: &str, address: Value| json!({"category": category, "title": title, "address": address});
        let right = words("7", "灯", json!("公园路3号"));
        assert_eq!(told(right.clone(), &json!({})), None);
        for (wrong, name) in [
            (words("8", "灯", Value::Null), "category"),
            (words("7", "x", Value::Null), "title"),
            (words("7", "灯", json!("公园路4号")), "address"),
        ] {
            assert_eq!(told(wrong, &json!({})), Some(format!("1 has another {name}")));
        }
        let table = json!({"category": {"table": {"7": "legal"}}, "title": "/description"});
        assert_eq!(told(words("legal", "x", Value::Null), &table), None);
        assert!(told(right.clone(), &table).is_some(), "as the file has them");
        assert_eq!(
            told(words("?", "?", Value::Null), &json!({"category": {"value": "?"}, "title": {"join": ["?"]}})),
            None
        );
    }

    #[test]
    fn states_are_as_the_file_has_them() {
        let own = json!({"table": {"closed": "archived", "open": null, "lost": "withdrawn"}});
        for (theirs, ours, is_right) in [
            ("closed", "archived", true),
            ("closed", "resolved", false),
            ("lost", "withdrawn", true),
            ("in_progress", "handling", true),
            ("open", "reported", false),
            ("?", "reported", false),
        ] {
            assert_eq!(is_told(&case(ours), &record(theirs), &own), is_right, "{theirs} {ours}");
        }
        assert!(is_told(&case("reported"), &record("?"), &json!({"else": "reported"})), "the rest");
    }
}
