//! The steps of a case, as its server tells them.

use chrono::DateTime;
use fengtu_domain::masking;
use fengtu_wire::cases::CaseState;
use serde_json::{Map, Value, json};

use super::cases::{Known, known, mapped};
use super::good;
use super::remembered::called;
use crate::exchange::{Answer, decode};
use crate::mapping::ResourceMap;
use crate::mapping::expression::Time;
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::value::write_instant;
use crate::record::{Reader, schema};
use crate::speech::{Backend, Heard, Talk, list, page, template};

/// `GET /cases/{number}/events`; where the server keeps none, what the case's own instants tell.
pub(crate) async fn events(talk: &Talk, backend: &Backend, number: &str) -> Result<Answer, Trouble> {
    // Who may not see the case sees no step of it either.
    let case = known(talk, backend, number).await?;
    let (map, number) = (mapped(backend)?, decode(number));
    let id = called(backend, map, &number);
    let steps = match &map.events {
        Some(events) => match heard(talk, backend, events, &case, &id).await? {
            Some((heard, is_all)) => of(talk, backend, events, &heard.value, &Own { names: [&id, &number], is_all })?,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    Ok(good(&if steps.is_empty() { told_by_instants(&case) } else { Value::Array(steps) }))
}

/// Whose steps are looked for.
struct Own<'a> {
    names: [&'a str; 2],
    /// The server was asked for those of this case.
    is_all: bool,
}

/// Asks for the steps, another way where the first is not understood; none where the server lacks them. Tells whether they were
/// asked for by the case.
async fn heard(
    talk: &Talk,
    backend: &Backend,
    events: &ResourceMap,
    case: &Known,
    id: &str,
) -> Result<Option<(Heard, bool)>, Trouble> {
    let written = |at: DateTime<_>| write_instant(&Time::Usual, at, None);
    let from = written(case.case.summary.reported_at.to_utc().fixed_offset());
    let to = written(talk.now.to_utc().fixed_offset());
    let mut refused = None;
    for list in events.list.iter().chain(&events.otherwise) {
        let names = [("id", id), ("from", &from), ("to", &to)];
        let call = template::call(&backend.base, list, &names, Vec::new(), &events.headers)?;
        match talk.ask(backend, call, &events.failure).await {
            Ok(heard) => {
                let asks = |text: &String| text.contains("{id}");
                let is_all = asks(&list.path) || list.query.iter().any(|(_, value)| asks(value));
                return Ok(Some((heard, is_all)));
            }
            Err(trouble) if matches!(trouble.status, 403 | 404) || trouble.is_about_the_question() => {
                refused = Some(trouble);
            }
            Err(trouble) => return Err(trouble),
        }
    }
    match refused {
        // An extension that this server lacks, or knows by other words, or tells nobody.
        Some(trouble) if !matches!(trouble.status, 400 | 403..=405 | 422) => Err(trouble),
        _ => Ok(None),
    }
}

fn told_by_instants(known: &Known) -> Value {
    let summary = &known.case.summary;
    let first = (summary.reported_at, CaseState::Reported);
    let steps = known.accepted_at.map(|at| (at, CaseState::Accepted)).into_iter();
    let steps = steps.chain(summary.resolved_at.map(|at| (at, CaseState::Resolved)));
    let mut from = Value::Null;
    let all = std::iter::once(first).chain(steps).enumerate().map(|(index, (at, to))| {
        let before = std::mem::replace(&mut from, json!(to));
        json!({"sequence": index + 1, "at": at.to_rfc3339(), "from": before, "to": to, "by": "", "note": null, "holder": null})
    });
    Value::Array(all.collect())
}

/// Returns the steps of an answer, in their order: those that name this case, or none where it was asked for. None is left out: a
/// list of steps that lacks one tells another story.
fn of(talk: &Talk, backend: &Backend, map: &ResourceMap, answer: &Value, own: &Own<'_>) -> Result<Vec<Value>, Trouble> {
    let reader = list::reader(talk, map, schema::of("events").unwrap_or_default());
    let records = page::records(map, answer).ok_or_else(|| list::no_list(backend, map))?;
    let is_own = |raw: &&Value| {
        let named = |case: Value| case.as_str().is_some_and(|case| own.names.contains(&case));
        reader.one("case", raw).is_ok_and(|case| case.map_or(own.is_all, named))
    };
    let read: Result<Vec<_>, Reason> = records.into_iter().filter(is_own).map(|raw| step(&reader, raw)).collect();
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
    Ok(numbered.collect())
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
    step.remove("case");
    step.insert("holder".to_owned(), Value::Null);
    step
}
