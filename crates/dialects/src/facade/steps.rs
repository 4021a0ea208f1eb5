//! The steps of a case, as its server tells them.

use chrono::DateTime;
use fengtu_domain::masking;
use fengtu_wire::cases::CaseState;
use serde_json::{Map, Value, json};

use crate::mapping::ResourceMap;
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::{Reader, schema};
use crate::speech::{Backend, Talk, list, page};

/// Returns the steps of an answer, in their order. None is left out: a list of steps that lacks one tells another story.
pub(super) fn of(talk: &Talk, backend: &Backend, map: &ResourceMap, answer: &Value) -> Result<Value, Trouble> {
    let reader = list::reader(talk, map, schema::of("events").unwrap_or_default());
    let records = page::records(map, answer).ok_or_else(|| list::no_list(backend, map))?;
    let read: Result<Vec<_>, Reason> = records.into_iter().map(|raw| step(&reader, raw)).collect();
    let mut steps = read.map_err(|why| {
        let (zh, en) = (format!("其中一步：{}", why.zh), format!("a step of it: {}", why.en));
        problem::unreadable(Reason::new(zh, en)).of(&backend.name)
    })?;
    steps.sort_by_key(|step| DateTime::parse_from_rfc3339(step.get("at").and_then(Value::as_str)?).ok());
    let mut state = json!(CaseState::Reported);
    let numbered = steps.into_iter().enumerate().map(|(index, step)| {
        let step = finished(index, step, &state);
        state = step.get("to").cloned().unwrap_or_default();
        Value::Object(step)
    });
    Ok(Value::Array(numbered.collect()))
}

/// Reads a step. Of one whose state is not known there is when it was and what was said, and which word it is that nobody knows.
fn step(reader: &Reader<'_>, raw: &Value) -> Result<Map<String, Value>, Reason> {
    reader.read(raw).map(|read| read.fields).or_else(|why| {
        let field = |name: &str| reader.one(name, raw).ok().flatten();
        let at = field("at").ok_or_else(|| why.clone())?;
        let note = field("note").and_then(|note| note.as_str().map(str::to_owned)).unwrap_or_default();
        let by = field("by").unwrap_or_else(|| json!(""));
        let members = [("at", at), ("by", by), ("note", json!(format!("{note}（{}）", why.zh)))];
        Ok(members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect())
    })
}

fn finished(index: usize, mut step: Map<String, Value>, before: &Value) -> Map<String, Value> {
    step.insert("sequence".to_owned(), json!(index + 1));
    step.entry("from").or_insert(Value::Null);
    // It left the case where it was, as far as anybody can tell.
    step.entry("to").or_insert_with(|| before.clone());
    for name in ["note", "by"] {
        let said = step.get(name).and_then(Value::as_str).map(masking::scrub);
        step.insert(name.to_owned(), json!(said));
    }
    step.insert("holder".to_owned(), Value::Null);
    step
}
