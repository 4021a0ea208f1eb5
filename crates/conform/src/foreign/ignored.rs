//! Whether a server takes notice of the parameter of a filter: one that does not is sifted here, and its maker is told which it is.

use std::collections::BTreeSet;

use fengtu_dialects::{Call, Outcome};
use serde_json::Value;

use super::Kit;
use super::told::Told;

/// Notes which parameters make no difference, where what they ask for had to be sifted here.
pub(super) fn note(kit: &mut Kit, subject: &str, resource: &str, plain: &Told, narrowed: &Told) {
    let theirs = kit.installation.capabilities(resource).filters;
    let is_sifted = narrowed.applied_here().iter().any(|name| theirs.contains(name));
    let ignored = if is_sifted { ignored(plain, narrowed) } else { BTreeSet::new() };
    if ignored.is_empty() {
        return;
    }
    let names = ignored.into_iter().collect::<Vec<_>>().join(", ");
    let zh = format!(
        "对方不理会参数 {names}：带与不带，给的都一样，由本系统读完再筛。请让对方支持它，或从映射的 filters 中去掉"
    );
    let en = format!(
        "the server ignores the parameter {names}: with and without it the same comes, and is sifted here; have it understood, or take it out of the mapping's filters"
    );
    kit.report.note("filter.ignored", subject, &zh, &en);
}

/// The parameters that the one question has beside those of the other, where the same records came.
fn ignored(plain: &Told, narrowed: &Told) -> BTreeSet<String> {
    let known: BTreeSet<(String, String)> = plain.raw.iter().flat_map(|(call, _)| pairs(call)).collect();
    let new = |call: &Call| -> BTreeSet<String> {
        pairs(call).into_iter().filter(|pair| !known.contains(pair)).map(|(name, _)| name).collect()
    };
    let Some((call, outcome)) = narrowed.raw.iter().find(|(call, _)| !new(call).is_empty()) else {
        return BTreeSet::new();
    };
    let before = plain.raw.iter().find(|(other, _)| path(other) == path(call));
    let is_same = before.is_some_and(|(_, before)| records(before).is_some_and(|all| Some(all) == records(outcome)));
    if is_same { new(call) } else { BTreeSet::new() }
}

fn path(call: &Call) -> &str {
    call.url.split('?').next().unwrap_or_default()
}

fn pairs(call: &Call) -> Vec<(String, String)> {
    let query = call.url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The longest list of a good answer, wherever it stands: what is around it may tell the time.
fn records(outcome: &Outcome) -> Option<Vec<Value>> {
    let Outcome::Answered(answer) = outcome else { return None };
    let value = serde_json::from_slice(&answer.body).ok().filter(|_| answer.is_good())?;
    longest(&value, 3).filter(|list| !list.is_empty()).cloned()
}

fn longest(value: &Value, depth: u8) -> Option<&Vec<Value>> {
    match value {
        Value::Array(list) => Some(list),
        Value::Object(members) if depth > 0 => {
            members.values().filter_map(|inner| longest(inner, depth - 1)).max_by_key(|list| list.len())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use fengtu_dialects::Answer;
    use serde_json::json;

    use super::*;

    fn told(url: &str, rows: &Value) -> Told {
        let body = json!({"at": url, "data": {"rows": rows}}).to_string().into_bytes();
        let answer = Answer { status: 200, headers: Vec::new(), body };
        Told { answer: answer.clone(), raw: vec![(Call::get(url), Outcome::Answered(answer))] }
    }

    #[test]
    fn only_what_makes_no_difference_is_ignored() {
        let (all, one) = (json!([{"id": 1}, {"id": 2}]), json!([{"id": 1}]));
        let plain = told("/x?page=1", &all);
        let names = |url: &str, rows: &Value| ignored(&plain, &told(url, rows)).into_iter().collect::<Vec<_>>();
        assert_eq!(names("/x?page=1&box=1&k=%20", &all), ["box", "k"]);
        assert!(names("/x?page=1&box=1", &one).is_empty(), "it sifts");
        assert!(names("/x?page=1", &all).is_empty(), "it was not asked");
        assert!(names("/y?page=1&box=1", &all).is_empty(), "another list");
        assert!(ignored(&told("/x", &json!([])), &told("/x?box=1", &json!([]))).is_empty(), "nothing tells nothing");
    }
}
