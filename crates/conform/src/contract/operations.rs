//! Every question that only reads: is it there, is it what the description says.

use fengtu_dialects::exchange::encode;
use serde_json::Value;

use super::{Kit, essence, json};

/// A question that was answered well.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Its path as the description has it, below the base: `/cases/{number}`.
    pub template: String,
    /// Its path with what stands for the parameters.
    pub path: String,
    /// The names of its query parameters.
    pub parameters: Vec<String>,
    /// Whether the description has a 304 for it.
    pub is_conditional: bool,
    /// The media types of a good answer.
    media: Vec<String>,
}

/// Asks every question once.
pub(super) fn check(kit: &mut Kit) -> Vec<Found> {
    let samples = samples(kit);
    let all = reads(&kit.document);
    all.into_iter().filter_map(|found| one(kit, found, &samples)).collect()
}

/// Lists what can be asked with GET; the stream never ends and has a check of its own.
fn reads(document: &Value) -> Vec<Found> {
    let paths = document.get("paths").and_then(Value::as_object);
    let all = paths.into_iter().flatten().filter_map(|(path, item)| {
        let operation = item.get("get")?;
        let template = path.strip_prefix("/api/v1")?.to_owned();
        let listed = operation.get("parameters").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let in_query = || listed.iter().filter(|one| one.get("in").and_then(Value::as_str) == Some("query"));
        let name = |one: &Value| Some(one.get("name")?.as_str()?.to_owned());
        let needed = in_query().filter(|one| one.get("required") == Some(&Value::Bool(true))).filter_map(name);
        // In braces as those of paths are: samples take their place.
        let needed: Vec<String> = needed.map(|name| format!("{name}={{{name}}}")).collect();
        let mark = if needed.is_empty() { "" } else { "?" };
        let parameters = in_query().filter_map(name).collect();
        let is_conditional = operation.pointer("/responses/304").is_some();
        let media = operation.pointer("/responses/200/content").and_then(Value::as_object);
        let media = media.into_iter().flat_map(|media| media.keys().cloned()).collect();
        let path = format!("{template}{mark}{}", needed.join("&"));
        Some(Found { template, path, parameters, is_conditional, media })
    });
    all.filter(|found| found.template != "/events").collect()
}

/// What stands for the parameters of paths, and for those that are needed: a case, a place, a page.
fn samples(kit: &Kit) -> Vec<(&'static str, String)> {
    let first = |path: &str, pointer: &str| {
        let answer = kit.ask(path).ok()?;
        Some(encode(json(&answer)?.pointer(pointer)?.as_str()?))
    };
    let number = first("/cases?limit=1", "/items/0/number").map(|number| ("{number}", number));
    let id = first("/places?limit=1", "/features/0/properties/id").map(|id| ("{id}", id));
    // Before that of places: not every place has a warning, and where none has there is nothing to ask for.
    let warned = first("/warnings?limit=1", "/items/0/id").unwrap_or_else(|| "{warned}".to_owned());
    let warned = ("/warnings/{id}", format!("/warnings/{warned}"));
    number.into_iter().chain([warned]).chain(id).chain([("{path}", encode("/"))]).collect()
}

fn one(kit: &mut Kit, mut found: Found, samples: &[(&'static str, String)]) -> Option<Found> {
    for (name, value) in samples {
        found.path = found.path.replace(name, value);
    }
    let subject = format!("GET {}", found.template);
    if found.path.contains('{') {
        let (zh, en) = ("没有可用来提问的记录，未检查", "there is no record to ask for; not checked");
        kit.report.note("operation.sample", subject, zh, en);
        return None;
    }
    let answer = match kit.ask(&found.path) {
        Ok(answer) => answer,
        Err(failure) => {
            let (zh, en) = (format!("没有回答：{failure:?}"), format!("no answer: {failure:?}"));
            kit.report.wrong("operation.answer", subject, &zh, &en);
            return None;
        }
    };
    match answer.status {
        200 => is_as_described(kit, &found, &subject, &answer).then_some(found),
        204 => {
            kit.report.works("operation.answer", subject, "可用", "answers");
            None
        }
        401 | 403 => {
            let (zh, en) =
                ("这个身份不能读；用 --account 以更高身份检查", "this viewer may not; use --account for another one");
            kit.report.note("operation.sight", subject, zh, en);
            None
        }
        404 | 405 | 501 => {
            let (zh, en) = ("没有提供；用到它的页面将不显示", "is not offered; pages go without it");
            kit.report.missing("operation.answer", subject, zh, en);
            None
        }
        status => {
            let (zh, en) = (format!("HTTP {status},应为 200"), format!("HTTP {status}, should be 200"));
            kit.report.wrong("operation.answer", subject, &zh, &en);
            None
        }
    }
}

fn is_as_described(kit: &mut Kit, found: &Found, subject: &str, answer: &fengtu_dialects::Answer) -> bool {
    let kind = essence(answer);
    let is_json = |kind: &str| kind == "application/json" || kind == "application/geo+json";
    if !is_json(&kind) && found.media.contains(&kind) {
        let (zh, en) = ("可用，媒体类型与接口描述一致", "answers, of the media type that the description has");
        kit.report.works("operation.media", subject, zh, en);
        return false;
    }
    let Some(value) = json(answer).filter(|_| is_json(&kind)) else {
        let (zh, en) = (format!("不是 JSON,而是 {kind:?}"), format!("is no JSON but {kind:?}"));
        kit.report.wrong("operation.json", subject, &zh, &en);
        return false;
    };
    let wrong = kit.mismatches(&found.template, answer, &value);
    for mismatch in &wrong {
        let zh = format!("{} {}(见 docs/openapi.json)", mismatch.at, mismatch.zh);
        let en = format!("{} {} (see docs/openapi.json)", mismatch.at, mismatch.en);
        kit.report.wrong("operation.schema", subject, &zh, &en);
    }
    if wrong.is_empty() {
        kit.report.works("operation.schema", subject, "可用，与接口描述一致", "answers as the description says");
    }
    true
}
