//! Whether a case of `GeoReport` says what the record says that it was made of: where it was, in which state, and since when.

use std::collections::BTreeMap;

use chrono::DateTime;
use fengtu_dialects::mapping::presets;
use serde_json::Value;

use super::lists::position;
use super::random::named;

/// Their words for the states of cases.
#[derive(Debug, Clone, Default)]
pub(super) struct States {
    table: BTreeMap<String, String>,
    /// What every other word is, if anything.
    otherwise: Option<String>,
}

impl States {
    /// Reads them from a config file: what it says of the backend of its cases stands over the ready-made mapping.
    pub fn read(config: &[u8]) -> Self {
        let text = std::str::from_utf8(config).unwrap_or_default();
        let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
        let backend = file.pointer("/resources/cases").and_then(Value::as_str).unwrap_or("default");
        let own = file.get("backends").and_then(|all| all.get(backend)?.get("mapping")).cloned();
        let mut states = Self::default();
        for mapping in ready_made().into_iter().chain(own) {
            states.take(mapping.pointer("/resources/cases/fields/state").unwrap_or(&Value::Null));
        }
        states
    }

    fn take(&mut self, state: &Value) {
        for (theirs, ours) in state.get("table").and_then(Value::as_object).into_iter().flatten() {
            match ours.as_str() {
                Some(ours) => self.table.insert(theirs.clone(), ours.to_owned()),
                None => self.table.remove(theirs),
            };
        }
        self.otherwise = named(state, "else").or(self.otherwise.take());
    }

    /// Ours for that of a record; a word that nobody has translated is none.
    fn of(&self, raw: &Value) -> Option<&str> {
        let theirs = named(raw, "status")?;
        self.table.get(&theirs).or(self.otherwise.as_ref()).map(String::as_str)
    }
}

fn ready_made() -> Option<Value> {
    let (_, text) = presets::DIALECTS.iter().find(|(name, _)| *name == "georeport")?;
    serde_json::from_str(text).ok()
}

/// Says in both languages in what a case is another than its record, if in anything.
pub(super) fn differs(case: &Value, raw: &Value, states: &States) -> Option<(String, String)> {
    let said = |name: &str| named(case, name).unwrap_or_default();
    let (number, state, since) = (said("number"), said("state"), said("reported_at"));
    if let Some(at) = position(case).filter(|at| !is_at(raw, *at)) {
        let (zh, en) =
            (format!("{number} 的位置 {at:?} 与原始不符"), format!("{number} at {at:?} is not where it was"));
        return Some((zh, en));
    }
    if states.of(raw) != Some(state.as_str()) {
        let (zh, en) =
            (format!("{number} 的状态 {state} 与原始不符"), format!("{number} is {state}, which it was not"));
        return Some((zh, en));
    }
    if is_since(raw, &since) {
        return None;
    }
    let (zh, en) = (format!("{number} 的反映时间 {since} 与原始不符"), format!("{number} of {since} is not of then"));
    Some((zh, en))
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
        differs(case, raw, &States::read(config.to_string().as_bytes())).is_none()
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
