//! Reading how a report is sent, and by which steps a case is moved on.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Write;
use super::node::Node;
use super::read::{CARRIED, endpoint, headers};
use crate::capabilities::Input;
use crate::speech::template;

/// What a report may say beside the answers to a service's questions.
pub(crate) const MEMBERS: [&str; 7] = ["category", "description", "address", "name", "telephone", "email", "title"];
/// What else can be sent of it.
const BESIDE: [&str; 3] = ["lon", "lat", "reported_at"];
/// What a report can be asked to have.
const NEEDS: [&str; 7] = ["place", "at", "address", "description", "name", "telephone", "email"];

/// What is usually said with a step; of anything else in a path a mapping says that it is asked for.
const SAID: [&str; 5] = ["reason", "note", "evidence", "next", "rating"];

const OF_WRITE: [&str; 8] = ["to", "as", "body", "headers", "number", "token", "notice", "needs"];

/// What goes with every call of a mapping.
type Query<'a> = &'a [(String, String)];

/// Reads how a report is sent.
pub(super) fn report(node: &Node<'_>, query: Query<'_>) -> Option<Write> {
    node.only(&OF_WRITE);
    let write = written(node, query)?;
    ["to", "body"].into_iter().filter_map(|name| node.get(name)).for_each(|at| known_names(&at));
    let sent = Input::of_step(&write).takes;
    let needs = node.get("needs").map(|at| at.each()).unwrap_or_default();
    Some(Write { needs: needs.iter().filter_map(|at| need(at, &sent)).collect(), ..write })
}

/// What a report and a step have in common.
fn written(node: &Node<'_>, query: Query<'_>) -> Option<Write> {
    let carried = node.get("as").and_then(|at| at.one_of(&CARRIED));
    let Some(to) = node.get("to") else {
        node.fault("需要 “to”，如 “POST /path”", "\"to\" is needed, such as \"POST /path\"");
        return None;
    };
    let pointers = |name: &str| node.get(name).map(|at| at.pointers()).unwrap_or_default();
    Some(Write {
        to: endpoint(&to, carried, query)?,
        body: node.get("body").map_or(Value::Null, |at| at.value.clone()),
        headers: node.get("headers").map(|at| headers(&at)).unwrap_or_default(),
        number: pointers("number"),
        token: pointers("token"),
        notice: pointers("notice"),
        needs: Vec::new(),
        name: None,
        labels: BTreeMap::new(),
    })
}

/// Complains of names in braces that no report has: a slip of the pen would be sent as nothing.
fn known_names(node: &Node<'_>) {
    match node.value {
        Value::String(text) => template::names_of(text, &mut |name| known_name(node, name)),
        Value::Array(_) => node.each().iter().for_each(known_names),
        Value::Object(_) => node.members().iter().for_each(|(_, at)| known_names(at)),
        _ => {}
    }
}

fn known_name(node: &Node<'_>, name: &str) {
    let known = [MEMBERS.as_slice(), BESIDE.as_slice()].concat();
    if known.contains(&name) {
        return;
    }
    let list = known.join(", ");
    node.fault(
        format!("上报没有 {{{name}}}，这里会送出空的；可用的有：{list}"),
        format!("a report has no {{{name}}}: nothing would be sent for it; there are: {list}"),
    );
}

/// Reads what a report cannot do without; what is sent nowhere would be asked for in vain.
fn need(node: &Node<'_>, sent: &[String]) -> Option<String> {
    let need = node.plain()?;
    if !NEEDS.contains(&need.as_str()) {
        let list = NEEDS.join(", ");
        node.fault(
            format!("上报没有 “{need}”，可用的有：{list}"),
            format!("a report has no {need:?}; there are: {list}"),
        );
    } else if !is_sent(&need, sent) {
        node.fault(
            format!("要求必填 “{need}”，“to” 与 “body” 却都不发送它"),
            format!("{need:?} is needed, and neither \"to\" nor \"body\" sends it"),
        );
    }
    Some(need)
}

fn is_sent(need: &str, sent: &[String]) -> bool {
    let has = |name: &str| sent.iter().any(|known| known == name);
    let has_position = has("lon") && has("lat");
    match need {
        "place" => has_position || has("address"),
        "at" => has_position,
        name => has(name),
    }
}

/// Reads the steps of a case.
pub(super) fn actions(node: &Node<'_>, query: Query<'_>) -> BTreeMap<String, Write> {
    let members = node.get("actions").map(|all| all.members()).unwrap_or_default();
    members.iter().filter_map(|(name, at)| Some(((*name).to_owned(), action(at, query)?))).collect()
}

/// A step has a name for its button, and labels for what is said with it.
fn action(node: &Node<'_>, query: Query<'_>) -> Option<Write> {
    node.only(&[OF_WRITE.as_slice(), &["name", "labels"]].concat());
    let write = written(node, query)?;
    let takes = Input::of_step(&write).takes;
    let is_taken = |at: &Node<'_>, name: &str| {
        let is_taken = takes.iter().any(|known| known == name);
        if !is_taken {
            at.fault(
                format!("这一步不发送 “{name}”：“to” 与 “body” 里没有 {{{name}}}"),
                format!("this step sends no {name:?}: neither \"to\" nor \"body\" has {{{name}}}"),
            );
        }
        is_taken
    };
    let needs = node.get("needs").map(|at| (at.plains(), at));
    let needs = needs.map(|(names, at)| names.into_iter().filter(|name| is_taken(&at, name)).collect());
    let labels = node.get("labels").map(|all| all.members()).unwrap_or_default();
    let labels = labels.iter().filter(|(name, at)| is_taken(at, name));
    let write = Write {
        needs: needs.unwrap_or_default(),
        name: node.get("name").and_then(|at| at.local()),
        labels: labels.filter_map(|(name, at)| Some(((*name).to_owned(), at.local()?))).collect(),
        ..write
    };
    if let Some(at) = node.get("to") {
        template::names_of(&write.to.path, &mut |name| path_name(&at, name, &write));
    }
    Some(write)
}

/// Complains of a name in the path of a step that is neither the case nor asked for: a slip of the pen, such as the number of the
/// case, would be left to whoever takes the step.
fn path_name(node: &Node<'_>, name: &str, write: &Write) {
    let is_asked_for = write.needs.iter().any(|need| need == name) || write.labels.contains_key(name);
    if name == "id" || SAID.contains(&name) || is_asked_for {
        return;
    }
    node.fault(
        format!("路径里的 {{{name}}} 会由办理的人填写：案件是 {{id}}；确要填写的，列入 “needs”"),
        format!("whoever takes the step would fill in {{{name}}}: the case is {{id}}; \"needs\" is for what they say"),
    );
}
