//! What the answer to a new report says: its number, a token for one, or that it was refused.

use fengtu_domain::masking;
use serde_json::{Value, json};

use super::good;
use crate::exchange::Answer;
use crate::mapping::{FailureRule, ResourceMap, Write};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::value::{first, plain};
use crate::speech::Backend;

/// Tells whoever reported what the server made of it: 201, or why it is not known to have been taken.
pub(super) fn told(backend: &Backend, map: &ResourceMap, write: &Write, heard: &Value) -> Result<Answer, Trouble> {
    let got = |at: &[String]| first(at, heard).and_then(plain);
    let (number, token) = (got(&write.number), got(&write.token));
    if number.is_none() && token.is_none() {
        received(backend, map, write, heard).map_err(|trouble| trouble.of(&backend.name))?;
    }
    let notice = got(&write.notice).map(|notice| masking::scrub(&notice));
    let answer = good(&json!({"number": number, "token": token, "notice": notice}));
    Ok(Answer { status: 201, ..answer })
}

/// Whether a good answer without a number says that the report was taken: silence does in Open311, and where no number is mapped.
fn received(backend: &Backend, map: &ResourceMap, write: &Write, heard: &Value) -> Result<(), Trouble> {
    if let Some(error) = open311_error(heard).filter(|error| is_error_code(error, &map.failure)) {
        return Err(problem::of_status(status(error), said(error)));
    }
    let is_promised = backend.dialect != "georeport" && !write.number.is_empty();
    if is_promised || has_error(heard, &map.failure) { Err(problem::unreadable(said(heard))) } else { Ok(()) }
}

/// The first error of a list as Open311 has it: `[{"code", "description"}]`, also in `errors`, and in its XML.
fn open311_error(heard: &Value) -> Option<&Value> {
    let held = ["/errors/error", "/errors", ""].iter().find_map(|at| heard.pointer(at))?;
    let error = match held {
        Value::Array(list) => list.first()?,
        _ if heard.get("errors").is_some() => held,
        _ => return None,
    };
    let has = |name: &str| error.get(name).and_then(plain).is_some();
    (has("code") && has("description")).then_some(error)
}

fn status(error: &Value) -> u16 {
    let code = error.get("code").and_then(plain).and_then(|code| code.parse().ok());
    code.filter(|code| (400..=499).contains(code)).unwrap_or(400)
}

/// Whether an answer has the words of an error where they usually stand.
fn has_error(heard: &Value, rules: &[FailureRule]) -> bool {
    let one = heard.as_array().map_or(Some(heard), |list| list.first());
    one.is_some_and(|one| {
        let is_told = ["errors", "error"].iter().any(|name| one.get(name).is_some_and(is_something));
        is_told || one.get("success") == Some(&Value::Bool(false)) || (is_error_code(one, rules) && has_words(one))
    })
}

/// `"error": null`, `false`, `""` and an empty list say that there is none.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    }
}

fn has_words(one: &Value) -> bool {
    ["description", "detail", "message", "msg"].iter().any(|name| one.get(name).and_then(plain).is_some())
}

/// Whether there is a code, and none that says that all went well: `{"code": 200, "msg": "操作成功"}` is no error.
fn is_error_code(one: &Value, rules: &[FailureRule]) -> bool {
    let Some(code) = one.get("code").and_then(plain) else { return false };
    let number = code.parse::<u32>().ok();
    let is_fine = number.is_some_and(|number| number == 0 || (200..=299).contains(&number));
    !is_fine && !rules.iter().any(|rule| rule.good.contains(&code))
}

/// The server's own words, cut and masked.
fn said(value: &Value) -> Reason {
    let words = problem::said_in(value, 0).map(|words| Reason::from(problem::cut(&words)));
    words.unwrap_or_else(|| Reason::new("它的回答里没有编号", "its answer has no number"))
}
