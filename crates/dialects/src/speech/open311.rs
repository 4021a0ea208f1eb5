//! Errors as Open311 has them: a list of codes and words, which comes with a good status too.

use serde_json::Value;

use crate::mapping::FailureRule;
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::value::plain;

/// Says what the server says went wrong, where what it answers to a question is such a list. A record may have a code and a description
/// too: a list that does not call itself one of errors is one where there is nothing else, and the code is a status.
pub(crate) fn expect_data(heard: &Value, rules: &[FailureRule], unknown: u16) -> Result<(), Trouble> {
    let is_one = |error: &Value| {
        let members = error.as_object().map_or(0, serde_json::Map::len);
        members == 2 && error.get("code").and_then(plain).is_some_and(|code| is_status(&code))
    };
    if heard.get("errors").is_some() || error(heard).is_some_and(is_one) {
        expect_none(heard, rules, unknown)
    } else {
        Ok(())
    }
}

fn is_status(code: &str) -> bool {
    code.parse().is_ok_and(|code: u16| (400..=599).contains(&code))
}

/// Says what the server says went wrong, where its answer is such a list; `unknown` is what a code means that is no status of HTTP's
/// for a fault of the question.
pub(crate) fn expect_none(heard: &Value, rules: &[FailureRule], unknown: u16) -> Result<(), Trouble> {
    let Some(error) = error(heard).filter(|error| is_error_code(error, rules)) else { return Ok(()) };
    let said = problem::said_in(error, 0).unwrap_or_default();
    Err(problem::of_status(status(error).unwrap_or(unknown), Reason::from(problem::cut(&said))))
}

/// The first error of a list as Open311 has it: `[{"code", "description"}]`, also in `errors`, and in its XML.
fn error(heard: &Value) -> Option<&Value> {
    let held = ["/errors/error", "/errors", ""].iter().find_map(|at| heard.pointer(at))?;
    let error = match held {
        Value::Array(list) => list.first()?,
        _ if heard.get("errors").is_some() => held,
        _ => return None,
    };
    let has = |name: &str| error.get(name).and_then(plain).is_some();
    (has("code") && has("description")).then_some(error)
}

fn status(error: &Value) -> Option<u16> {
    let code = error.get("code").and_then(plain)?.parse().ok()?;
    (400..=499).contains(&code).then_some(code)
}

/// Whether there is a code, and none that says that all went well: `{"code": 200, "msg": "操作成功"}` is no error.
pub(crate) fn is_error_code(one: &Value, rules: &[FailureRule]) -> bool {
    let Some(code) = one.get("code").and_then(plain) else { return false };
    let number = code.parse::<u32>().ok();
    let is_fine = number.is_some_and(|number| number == 0 || (200..=299).contains(&number));
    !is_fine && !rules.iter().any(|rule| rule.good.contains(&code))
}
