//! What is known of the backends, and the studio's look at raw records beside what was understood of them.

use fengtu_domain::masking;
use serde_json::{Map, Value, json};

use super::good;
use super::secrecy::{Secrets, TOLD};
use crate::capabilities;
use crate::exchange::Answer;
use crate::installation::RESOURCES;
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::{Reader, schema};
use crate::speech::{Backend, Last, Talk, length, list, page, template};

/// Most records of a sample.
const SAMPLE: usize = 20;
/// Most characters of a raw record: a shape has thousands of corners.
const MAX_RAW: usize = 4_000;

/// `GET /backends`: per resource who serves it, in which dialect, what it can do, and how it answered last.
pub(crate) fn backends(talk: &Talk) -> Answer {
    let rows: Vec<Value> = RESOURCES.iter().filter_map(|resource| row(talk, resource)).collect();
    good(&json!({"resources": rows}))
}

fn row(talk: &Talk, resource: &str) -> Option<Value> {
    let backend = talk.inner.of(resource)?;
    let last = backend.memory.borrow().last.get(resource).map(last);
    let abilities = capabilities::of(&talk.inner, resource).json();
    Some(json!({"resource": resource, "backend": backend.name, "dialect": backend.dialect, "base": backend.base,
        "can": abilities, "last": last}))
}

fn last(last: &Last) -> Value {
    json!({"at": last.at.to_rfc3339(), "trouble": last.trouble, "records": last.records,
        "refused": last.refused.json(), "applied_here": last.applied_here, "is_unordered": last.is_unordered})
}

/// `GET /sample/{resource}`: the first records of a list, raw and field by field, and what the list says of itself.
pub(crate) async fn sample(talk: &Talk, resource: &str) -> Result<Answer, Trouble> {
    let backend = talk.inner.of(resource).ok_or_else(|| problem::not_offered(resource))?;
    let found = backend.mapping.as_ref().and_then(|mapping| mapping.resources.get(resource));
    let map = found.ok_or_else(|| problem::not_offered(resource))?;
    let to = map.list.as_ref().ok_or_else(|| problem::not_offered(resource))?;
    let params = page::params(&map.paging, &page::At::Start);
    let mut call = template::call(&backend.base, to, &[], params, &map.headers)?;
    call.headers.extend(page::headers(&map.paging, &page::At::Start));
    let url = call.url.clone();
    let reader = list::reader(talk, map, schema::of(resource).unwrap_or_default());
    let secrets = Secrets::of(talk, backend, resource, reader).await?;
    let heard = talk.ask(backend, call, &map.failure).await?;
    let all: Vec<&Value> = page::records(map, &heard.value).unwrap_or_default();
    let (mut counts, mut wrong) = (Map::new(), 0);
    let mut tell = |why: String| {
        let count = counts.get(&why).and_then(Value::as_u64).unwrap_or_default() + 1;
        counts.insert(why, json!(count));
    };
    let count = all.len();
    let (hidden, records): (Vec<&Value>, Vec<&Value>) = all.into_iter().partition(|raw| secrets.has(raw));
    // Where nothing may be shown, what it is made of is.
    let answer = if records.is_empty() { shortened(&outline(&heard.value, true)) } else { Value::Null };
    for raw in hidden {
        secrets.whys(raw).into_iter().for_each(&mut tell);
        if !secrets.is_known(raw) {
            wrong += usize::from(reader.read(raw).is_err());
            let others = unread(&reader, raw).filter(|(name, _)| !TOLD.contains(name));
            others.for_each(|(name, why)| tell(format!("{name}: {why}")));
        }
    }
    for raw in records.iter().copied() {
        wrong += usize::from(reader.read(raw).is_err());
        unread(&reader, raw).for_each(|(name, why)| tell(format!("{name}: {why}")));
    }
    let rows: Vec<Value> = records.iter().copied().take(SAMPLE).map(|raw| understood(&reader, raw)).collect();
    Ok(good(&json!({"url": url, "records": count, "total": length::total(map, &heard), "unreadable": wrong,
        "why": counts, "rows": rows, "answer": answer, "backend": named(backend)})))
}

/// The fields that are not understood, and why: words that a table lacks, and nothing that tells of anybody.
fn unread(reader: &Reader<'_>, raw: &Value) -> impl Iterator<Item = (&'static str, Reason)> {
    reader.each(raw).into_iter().filter_map(|field| Some((field.name, field.value.err()?)))
}

fn named(backend: &Backend) -> Value {
    json!({"name": backend.name, "dialect": backend.dialect, "base": backend.base})
}

fn understood(reader: &Reader<'_>, raw: &Value) -> Value {
    let fields = reader.each(raw).into_iter().map(|field| match field.value {
        Ok(value) => json!({"name": field.name, "value": value.map(|value| shown(&value))}),
        Err(why) => json!({"name": field.name, "why": why}),
    });
    let fields: Vec<Value> = fields.collect();
    let text: String = serde_json::to_string_pretty(raw).unwrap_or_default().chars().take(MAX_RAW).collect();
    json!({"raw": text, "fields": fields, "is_read": reader.read(raw).is_ok()})
}

/// A value in a line.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(200).collect()
}

/// An answer with how many records its lists have and what these are made of, and nothing of what stands in them: before they can
/// be read nobody knows which of them are restricted. Of what stands at the top, words such as an error's are kept, without numbers
/// of anybody's.
fn outline(value: &Value, is_top: bool) -> Value {
    match value {
        Value::Array(all) => {
            let names = all.iter().find_map(Value::as_object).map(|one| one.keys().cloned().collect::<Vec<_>>());
            json!(format!("[{} × {{{}}}]", all.len(), names.unwrap_or_default().join(", ")))
        }
        Value::Object(members) if is_top => members.iter().map(|(name, inner)| (name.clone(), said(inner))).collect(),
        Value::Object(members) => members.iter().map(|(name, inner)| (name.clone(), outline(inner, false))).collect(),
        Value::String(_) => json!("…"),
        Value::Number(_) => json!(0),
        plain => plain.clone(),
    }
}

fn said(top: &Value) -> Value {
    match top {
        Value::String(text) => json!(masking::scrub(text)),
        Value::Number(_) => top.clone(),
        inner => outline(inner, false),
    }
}

/// An answer without a list, as far as it fits a page: whoever maps it must see where the list is.
fn shortened(value: &Value) -> Value {
    let text: String = value.to_string().chars().take(4_000).collect();
    Value::String(text)
}
