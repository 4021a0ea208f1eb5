//! What the worker tells of the backends, of a file, and of a sample.

use fengtu_wire::text::LocalText;

use crate::api::foreign::Tried;
use crate::api::json::{self, Json};
use crate::api::{ApiError, PublicApi};

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its name in `config.json`.
    pub resource: String,
    /// The name of the backend that serves it.
    pub backend: String,
    /// What that speaks.
    pub dialect: String,
    /// Where it is.
    pub base: String,
    /// What it can do, steps of a case among them.
    pub can: Vec<String>,
    /// How it answered last; absent: it was not asked.
    pub last: Option<Standing>,
}

/// How a resource was answered last.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What went wrong.
    pub trouble: Option<String>,
    /// Records that were understood; absent: it is no list.
    pub records: Option<u64>,
    /// Records that were not.
    pub refused: u64,
    /// Why.
    pub reasons: Vec<String>,
    /// Filters that the server does not know.
    pub applied_here: Vec<String>,
}

/// Something in the file that cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Where in the file.
    pub pointer: String,
    /// What is wrong there and what to write instead.
    pub says: LocalText,
}

/// A sample of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// What was asked.
    pub url: String,
    /// The name of the backend that was asked.
    pub backend: String,
    /// How many records came.
    pub records: u64,
    /// How many of them cannot be read.
    pub unreadable: u64,
    /// Fields that could not be read, why, and how often.
    pub why: Vec<(String, String, u64)>,
    /// The first of them.
    pub rows: Vec<Record>,
    /// The answer itself, where no list was found in it.
    pub answer: Option<String>,
}

/// One record of a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// As it came.
    pub raw: String,
    /// Our fields: what was understood, or why not.
    pub fields: Vec<(String, Option<String>, Option<String>)>,
    /// Whether it can be read.
    pub is_read: bool,
}

/// Asks who serves what.
pub async fn rows(api: &PublicApi) -> Result<Vec<Row>, ApiError> {
    of_backends(&api.translator("/backends").await?.body)
}

fn of_backends(body: &[u8]) -> Result<Vec<Row>, ApiError> {
    let read = json::parse(body).map_err(|error| ApiError::decode("backends", error))?;
    Ok(list(&read, "resources").iter().filter_map(row).collect())
}

/// Who serves what as a file has it, or all that is wrong in the file.
pub async fn try_rows(api: &PublicApi, file: &[u8]) -> Result<Result<Vec<Row>, Vec<Fault>>, ApiError> {
    Ok(match api.try_out("/backends", file).await? {
        Tried::Answered(answer) => Ok(of_backends(&answer.body)?),
        Tried::Faulty(told) => Err(faults(&told)),
    })
}

/// A sample of a resource as a file has it, or all that is wrong in the file.
pub async fn sample(api: &PublicApi, resource: &str, file: &[u8]) -> Result<Result<Sample, Vec<Fault>>, ApiError> {
    Ok(match api.try_out(&format!("/sample/{resource}"), file).await? {
        Tried::Answered(answer) => Ok(of_sample(&answer.body)?),
        Tried::Faulty(told) => Err(faults(&told)),
    })
}

fn faults(told: &[u8]) -> Vec<Fault> {
    let told = json::parse(told).unwrap_or(Json::Null);
    let fault = |fault: &Json<'_>| Fault {
        pointer: text(fault, "pointer"),
        says: LocalText { zh: text(fault, "zh"), en: text(fault, "en") },
    };
    list(&told, "faults").iter().map(fault).collect()
}

fn of_sample(body: &[u8]) -> Result<Sample, ApiError> {
    let read = json::parse(body).map_err(|error| ApiError::decode("sample", error))?;
    let why = read.members_of("why").unwrap_or_default();
    let why = why.iter().map(|(why, count)| {
        let (field, reason) = why.split_once(": ").unwrap_or(("", why));
        (field.to_owned(), reason.to_owned(), count.read().unwrap_or_default())
    });
    Ok(Sample {
        url: text(&read, "url"),
        backend: read.get("backend").map(|backend| text(backend, "name")).unwrap_or_default(),
        records: number(&read, "records"),
        unreadable: number(&read, "unreadable"),
        why: why.collect(),
        rows: list(&read, "rows").iter().map(record).collect(),
        answer: read.optional("answer").unwrap_or_default(),
    })
}

fn list<'a, 'b>(json: &'a Json<'b>, name: &str) -> &'a [Json<'b>] {
    match json.get(name) {
        Some(Json::List(list)) => list,
        _ => &[],
    }
}

fn text(json: &Json<'_>, name: &'static str) -> String {
    json.member(name).unwrap_or_default()
}

fn number(json: &Json<'_>, name: &'static str) -> u64 {
    json.member(name).unwrap_or_default()
}

fn texts(json: &Json<'_>, name: &'static str) -> Vec<String> {
    json.member(name).unwrap_or_default()
}

fn row(json: &Json<'_>) -> Option<Row> {
    let can = json.get("can")?;
    let named = ["read", "one", "derived", "create", "pushed", "changes", "attached", "searched", "history"];
    let is = |name: &&str| matches!(can.get(name), Some(Json::Bool(true)));
    let mut abilities: Vec<String> = named.iter().filter(|name| is(name)).map(|name| (*name).to_owned()).collect();
    abilities.extend(texts(can, "actions").into_iter().map(|key| action(can, key)));
    Some(Row {
        resource: text(json, "resource"),
        backend: text(json, "backend"),
        dialect: text(json, "dialect"),
        base: text(json, "base"),
        can: abilities,
        last: json.get("last").filter(|last| !matches!(last, Json::Null)).map(last),
    })
}

/// A step by the name that the mapping gives it.
fn action(can: &Json<'_>, key: String) -> String {
    let told = can.get("inputs").and_then(|inputs| inputs.get(&key));
    let name = told.and_then(|told| told.optional::<LocalText>("name").ok()).flatten();
    name.map_or(key, |name| crate::i18n::local(&name))
}

fn last(json: &Json<'_>) -> Standing {
    let refused = json.get("refused").unwrap_or(&Json::Null);
    Standing {
        trouble: json.optional("trouble").unwrap_or_default(),
        records: json.optional("records").unwrap_or_default(),
        refused: number(refused, "count"),
        reasons: texts(refused, "reasons"),
        applied_here: texts(json, "applied_here"),
    }
}

fn record(json: &Json<'_>) -> Record {
    let field = |field: &Json<'_>| {
        let part = |name| field.optional::<String>(name).unwrap_or_default();
        (text(field, "name"), part("value"), part("why"))
    };
    Record {
        raw: text(json, "raw"),
        fields: list(json, "fields").iter().map(field).collect(),
        is_read: matches!(json.get("is_read"), Some(Json::Bool(true))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn every_fault_of_a_file_and_every_field_of_a_sample_is_told() {
        let told = faults(
            r#"{"faults": [{"pointer": "/a", "zh": "甲", "en": "A"}, {"pointer": "/b", "zh": "乙", "en": "B"}]}"#
                .as_bytes(),
        );
        assert_eq!(told.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
        let body = r#"{"url": "/x", "records": 3, "unreadable": 2, "backend": {"name": "oa"}, "rows": [], "answer": null,
            "why": {"state: 对应表中没有“7” ‖ the table has no “7”": 2, "at: no datum": 1}}"#;
        let sample = of_sample(body.as_bytes()).unwrap();
        assert_eq!((sample.backend.as_str(), sample.why.len()), ("oa", 2));
        assert!(sample.why.contains(&("state".to_owned(), "对应表中没有“7” ‖ the table has no “7”".to_owned(), 2)));
    }

    #[test]
    fn what_was_not_counted_is_not_nought() {
        let body = br#"{"resources": [
            {"resource": "config", "can": {"read": true}, "last": {"trouble": null, "records": null, "refused": {"count": 0}}},
            {"resource": "grids", "can": {"read": true}, "last": {"records": 3}}, {"resource": "live", "can": {}, "last": null}]}"#;
        let rows = of_backends(body).unwrap();
        let records: Vec<_> = rows.iter().map(|row| row.last.as_ref().map(|last| last.records)).collect();
        assert_eq!(records, [Some(None), Some(Some(3)), None]);
    }
}
