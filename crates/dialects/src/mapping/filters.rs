//! Reading how filters are put to a server.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Filter;
use super::expression::{self, Time};
use super::node::Node;

/// The filters of our contract that a server may know.
pub(crate) const FILTERS: [&str; 15] = [
    "place",
    "from",
    "to",
    "period",
    "category",
    "state",
    "class",
    "channel",
    "building",
    "q",
    "bbox",
    "level",
    "updated_since",
    "id",
    "service",
];

pub(super) fn all(node: &Node<'_>, has_offset: bool) -> BTreeMap<String, Filter> {
    let Some(all) = node.get("filters") else { return BTreeMap::new() };
    all.only(&FILTERS);
    let mut filters = BTreeMap::new();
    for (name, at) in all.members() {
        let Some(read) = one(&at) else { continue };
        let is_vague = matches!(&read.time, Time::Format(format) if !names_zone(format));
        if is_vague && read.offset.is_none() && !has_offset {
            at.fault(
                "这个时间格式不带时区，对方会当作它自己的时区：请在这里或映射里写 “utc_offset”",
                "a time of this format names no zone, and the server takes it for its own: write \"utc_offset\" here or in the mapping",
            );
        }
        if read.and.is_some() && read.repeat {
            at.fault(
                "“and” 与 “repeat” 不能同时用：一个字段不会同时是两个值，请用 “join”",
                "\"and\" and \"repeat\" exclude each other: no field has two values at once; use \"join\"",
            );
        }
        filters.insert(name.to_owned(), read);
    }
    agree(&all, &filters);
    filters
}

/// Complains of filters of one parameter of which some are parts of a condition and others are all of it.
fn agree(node: &Node<'_>, filters: &BTreeMap<String, Filter>) {
    let is_condition = |param: &str| filters.values().any(|other| other.param == param && other.and.is_some());
    for (name, at) in node.members() {
        if filters.get(name).is_some_and(|filter| filter.and.is_none() && is_condition(&filter.param)) {
            at.fault(
                "别的筛选把这个参数当作一个条件（“and”）：这里也要写 “and”",
                "other filters make a condition of this parameter (\"and\"): \"and\" is needed here too",
            );
        }
    }
}

/// Whether a time of this format says which instant it is.
fn names_zone(format: &str) -> bool {
    ["%z", "%:z", "%#z", "%+", "%s"].iter().any(|part| format.contains(part))
}

pub(super) fn one(node: &Node<'_>) -> Option<Filter> {
    let plain = |param: &str| Filter {
        param: param.to_owned(),
        template: None,
        time: Time::Usual,
        offset: None,
        join: None,
        repeat: false,
        and: None,
    };
    if let Value::String(param) = node.value {
        return Some(plain(param));
    }
    node.only(&["param", "template", "time", "utc_offset", "join", "repeat", "and"]);
    let Some(param) = node.get("param") else {
        node.fault("需要 “param”", "\"param\" is needed");
        return None;
    };
    let text = |name: &str| node.get(name).and_then(|at| at.text().map(str::to_owned));
    let is_set = |name: &str| node.get(name).and_then(|at| at.truth()).unwrap_or_default();
    let time = match text("time").as_deref() {
        None | Some("iso") => Time::Usual,
        Some("unix") => Time::Unix,
        Some("unix_ms") => Time::UnixMs,
        Some(format) => Time::Format(format.to_owned()),
    };
    if let Time::Format(format) = &time
        && !expression::is_format(format)
    {
        node.fault("“time” 不是可用的格式", "\"time\" is no format that can be used");
    }
    Some(Filter {
        template: text("template"),
        time,
        offset: node.get("utc_offset").and_then(|at| expression::offset(&at)),
        join: text("join"),
        repeat: is_set("repeat"),
        and: text("and"),
        ..plain(param.text()?)
    })
}
