//! What the answer to a new report says: its number, a token for one, or that it was refused.

use fengtu_domain::masking;
use serde_json::{Value, json};

use super::good;
use crate::exchange::Answer;
use crate::mapping::{FailureRule, ResourceMap, Write};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::value::{first, plain};
use crate::speech::{Backend, open311};

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
    open311::expect_none(heard, &map.failure, 400)?;
    let is_promised = backend.dialect != "georeport" && !write.number.is_empty();
    if is_promised || has_error(heard, &map.failure) { Err(problem::unreadable(said(heard))) } else { Ok(()) }
}

/// Whether an answer has the words of an error where they usually stand.
fn has_error(heard: &Value, rules: &[FailureRule]) -> bool {
    let one = heard.as_array().map_or(Some(heard), |list| list.first());
    one.is_some_and(|one| {
        let is_told = ["errors", "error"].iter().any(|name| one.get(name).is_some_and(is_something));
        is_told
            || one.get("success") == Some(&Value::Bool(false))
            || (open311::is_error_code(one, rules) && has_words(one))
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

/// The server's own words, cut and masked.
fn said(value: &Value) -> Reason {
    let words = problem::said_in(value, 0).map(|words| Reason::from(problem::cut(&words)));
    words.unwrap_or_else(|| Reason::new("它的回答里没有编号", "its answer has no number"))
}
