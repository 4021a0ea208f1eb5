//! Reading a mapping, with every complaint at its place.

use std::collections::BTreeMap;

use serde_json::Value;

use super::expression::{self, Expr, Setting};
use super::node::Node;
use super::{Carried, Endpoint, FailureRule, Mapping, Paging, ResourceMap, Token, Total, filters, write};
use crate::exchange::Method;
use crate::record::schema;
use crate::speech::template;

/// What a mapping and each of its resources may say.
const SHARED: [&str; 12] = [
    "datum",
    "utc_offset",
    "headers",
    "query",
    "records",
    "total",
    "one_at",
    "paging",
    "order",
    "failure",
    "window_days",
    "window_records",
];
const OF_MAPPING: [&str; 2] = ["token", "resources"];
const OF_RESOURCE: [&str; 10] =
    ["list", "one", "params", "filters", "fields", "events", "create", "actions", "note", "ids"];
/// What the addresses of steps may name: the case, when it was reported, and now.
const OF_STEPS: [&str; 3] = ["id", "from", "to"];

impl Mapping {
    pub fn read(node: &Node<'_>) -> Self {
        node.only(&[SHARED.as_slice(), OF_MAPPING.as_slice(), &["note"]].concat());
        let mut resources = BTreeMap::new();
        for (name, at) in node.get("resources").map(|all| all.members()).unwrap_or_default() {
            if let Some(fields) = schema::of(name) {
                resources.insert(name.to_owned(), resource(node, &at, name, fields));
            } else {
                let known = schema::NAMES.join(", ");
                at.fault(
                    format!("没有 “{name}” 这种资源，可用的有：{known}"),
                    format!("there is no resource {name:?}; there are: {known}"),
                );
            }
        }
        // A ready-made mapping says how a token is got; whoever has an account says with what.
        let token = node.get("token").filter(|at| at.get("body").is_some()).and_then(|at| token(node, &at));
        Self { token, resources }
    }
}

/// Returns a member of the resource, or of the mapping around it.
fn shared<'a>(outer: &Node<'a>, node: &Node<'a>, name: &str) -> Option<Node<'a>> {
    node.get(name).or_else(|| outer.get(name))
}

fn resource(outer: &Node<'_>, node: &Node<'_>, name: &str, schema: schema::Schema) -> ResourceMap {
    let of_steps: &[&str] = if name == "events" { &["else"] } else { &[] };
    node.only(&[SHARED.as_slice(), OF_RESOURCE.as_slice(), of_steps].concat());
    let in_common = |part: &str| shared(outer, node, part);
    let setting = Setting {
        datum: in_common("datum").and_then(|at| expression::datum(&at)),
        offset: in_common("utc_offset").and_then(|at| expression::offset(&at)),
    };
    let queries = |at: &Node<'_>| at.get("query").map(|at| at.pairs()).unwrap_or_default();
    // A resource's own is about its lists (their order, their columns): what is written knows nothing of it.
    let of_all = queries(outer);
    let query = [of_all.clone(), queries(node)].concat();
    let carried = node.get("params").and_then(|at| at.one_of(&CARRIED));
    let endpoint = |part: &str| node.get(part).and_then(|at| endpoint(&at, carried, &query));
    let filled = |part: &str, known: &[&str]| node.get(part).and_then(|at| filled(&at, carried, &query, known));
    let fields = fields(node, name, schema, &setting);
    let headers = [outer, node].iter().filter_map(|at| at.get("headers")).flat_map(|at| headers(&at)).collect();
    ResourceMap {
        // That of the steps is the list of one case.
        list: if name == "events" { filled("list", &OF_STEPS) } else { endpoint("list") },
        otherwise: node.get("else").map(|at| ways(&at, carried, &query)).unwrap_or_default(),
        one: filled("one", &["id"]),
        ids: filled("ids", &["token"]),
        headers,
        records: in_common("records").map_or_else(|| vec![String::new()], |at| at.pointers()),
        one_at: in_common("one_at").map_or_else(|| vec![String::new()], |at| at.pointers()),
        total: in_common("total").map(|at| totals(&at)).unwrap_or_default(),
        paging: in_common("paging").map_or(Paging::None, |at| paging(&at)),
        failure: in_common("failure").map(|at| failures(&at)).unwrap_or_default(),
        filters: filters::all(node, setting.offset.is_some()),
        order: in_common("order").and_then(|at| filters::one(&at)),
        fields,
        setting,
        window_s: in_common("window_days")
            .and_then(|at| at.whole())
            .map(|days| (days.clamp(1, 36_600) * 86_400).cast_signed()),
        window_records: in_common("window_records").and_then(|at| at.whole()),
        events: events(outer, node, name),
        create: node.get("create").and_then(|at| write::report(&at, &of_all)),
        actions: write::actions(node, &of_all),
    }
}

fn events(outer: &Node<'_>, node: &Node<'_>, name: &str) -> Option<Box<ResourceMap>> {
    let at = node.get("events").filter(|_| name == "cases")?;
    let schema = schema::of("events")?;
    Some(Box::new(resource(outer, &at, "events", schema)))
}

/// Where parameters go, as a mapping names it.
pub(super) const CARRIED: [(&str, Carried); 3] =
    [("query", Carried::Query), ("form", Carried::Form), ("json", Carried::Json)];

/// Reads where something is asked for, with what goes with every call.
pub(super) fn endpoint(node: &Node<'_>, carried: Option<Carried>, query: &[(String, String)]) -> Option<Endpoint> {
    Some(with_common(address(node, carried)?, query))
}

/// The same of an address in which these names stand for something: any other would leave a hole in it.
fn filled(node: &Node<'_>, carried: Option<Carried>, query: &[(String, String)], known: &[&str]) -> Option<Endpoint> {
    let own = address(node, carried)?;
    let values = own.query.iter().map(|(_, value)| value);
    for text in values.chain([&own.path]) {
        template::names_of(text, &mut |name| known_name(node, name, known));
    }
    Some(with_common(own, query))
}

fn ways(node: &Node<'_>, carried: Option<Carried>, query: &[(String, String)]) -> Vec<Endpoint> {
    node.each().iter().filter_map(|at| filled(at, carried, query, &OF_STEPS)).collect()
}

fn known_name(node: &Node<'_>, name: &str, known: &[&str]) {
    if !known.contains(&name) {
        let list: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
        let list = list.join(", ");
        node.fault(
            format!("这里没有 {{{name}}}，地址里会是空的；可用的是 {list}"),
            format!("there is no {{{name}}} here: the address would have nothing in its place; there is {list}"),
        );
    }
}

/// Adds the parameters that go with every call, but for those that an address has itself.
fn with_common(mut own: Endpoint, query: &[(String, String)]) -> Endpoint {
    let is_own = |name: &String| own.query.iter().any(|(known, _)| known == name);
    let common: Vec<_> = query.iter().filter(|(name, _)| !is_own(name)).cloned().collect();
    own.query.extend(common);
    own
}

/// Reads `"/path"`, `"POST /path"`, with parameters behind `?`.
fn address(node: &Node<'_>, carried: Option<Carried>) -> Option<Endpoint> {
    let text = node.text()?.trim();
    let (method, target) = match text.split_once(' ') {
        Some((name, target)) => (Method::from_name(name), target.trim()),
        None => (Some(Method::Get), text),
    };
    let sound = (target.is_empty() || target.starts_with('/') || target.starts_with('?')) && is_clean(target);
    let Some(method) = method.filter(|_| sound) else {
        node.fault(
            "应为 “/path” 或 “POST /path” 这样的地址（不含 “..” 与空格）",
            "an address such as \"/path\" or \"POST /path\" was expected, without \"..\" and spaces",
        );
        return None;
    };
    let request = crate::exchange::Request::of_target(method, target, Vec::new());
    let usual = if method == Method::Get { Carried::Query } else { Carried::Json };
    Some(Endpoint { method, path: request.path, query: request.query, carried: carried.unwrap_or(usual) })
}

fn is_clean(target: &str) -> bool {
    !target.starts_with("//")
        && !target.contains("..")
        && !target.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\' || c == '#')
}

pub(super) fn headers(node: &Node<'_>) -> Vec<(String, String)> {
    let mut sound = Vec::new();
    for (name, value) in node.pairs() {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.chars().all(fits) && !value.chars().any(char::is_control) {
            sound.push((name.to_ascii_lowercase(), value));
        } else {
            node.fault(format!("“{name}” 不能作为请求头"), format!("{name:?} cannot be a header"));
        }
    }
    sound
}

fn totals(node: &Node<'_>) -> Vec<Total> {
    let mut totals = Vec::new();
    for at in node.each() {
        match at.get("header").and_then(|name| name.text().map(str::to_ascii_lowercase)) {
            Some(name) => totals.push(Total::Header(name)),
            None => totals.extend(at.pointers().into_iter().map(Total::At)),
        }
    }
    totals
}

fn paging(node: &Node<'_>) -> Paging {
    const KINDS: [(&str, u8); 6] = [("none", 0), ("page", 1), ("offset", 2), ("cursor", 3), ("next", 4), ("range", 5)];
    node.only(&["kind", "page", "offset", "param", "size", "first", "limit", "more", "at", "skip", "template"]);
    let Some(kind) = node.get("kind") else {
        node.fault("需要 “kind”", "\"kind\" is needed");
        return Paging::None;
    };
    let word = |name: &str, usual: &str| {
        node.get(name).and_then(|at| at.text().map(str::to_owned)).unwrap_or_else(|| usual.to_owned())
    };
    let size = node.get("size").and_then(|at| at.text().map(str::to_owned));
    let limit = node.get("limit").and_then(|at| at.whole()).unwrap_or(100).clamp(1, 10_000);
    let at = |name: &str| node.get(name).map(|at| at.pointers()).unwrap_or_default();
    let skip = || node.get("skip").map(|at| at.plains()).unwrap_or_default();
    match kind.one_of(&KINDS) {
        Some(1) => {
            let first = node.get("first").and_then(|at| at.whole()).unwrap_or(1);
            Paging::Page { page: word("page", "page"), size, first, limit }
        }
        Some(2) => Paging::Offset { offset: word("offset", "offset"), size, limit, more: at("more") },
        Some(3) => Paging::Cursor { param: word("param", "cursor"), at: at("at"), size, limit },
        Some(4) => Paging::Next { at: at("at"), size, limit, skip: skip() },
        Some(5) => Paging::Range { template: word("template", "{first}-{last}"), limit },
        _ => Paging::None,
    }
}

fn failures(node: &Node<'_>) -> Vec<FailureRule> {
    node.each().iter().map(failure).collect()
}

fn failure(node: &Node<'_>) -> FailureRule {
    node.only(&["at", "good", "message", "signed_out", "missing", "forbidden"]);
    let plains = |name: &str| node.get(name).map(|at| at.plains()).unwrap_or_default();
    let pointers = |name: &str| node.get(name).map(|at| at.pointers()).unwrap_or_default();
    FailureRule {
        at: pointers("at"),
        good: plains("good"),
        message: pointers("message"),
        signed_out: plains("signed_out"),
        missing: plains("missing"),
        forbidden: plains("forbidden"),
    }
}

fn fields(node: &Node<'_>, name: &str, schema: schema::Schema, setting: &Setting) -> BTreeMap<String, Expr> {
    let at = node.get("fields");
    let known: Vec<&str> = schema.iter().map(|field| field.name).collect();
    if let Some(at) = &at {
        at.only(&known);
    }
    let members = at.as_ref().map(Node::members).unwrap_or_default();
    let fields: BTreeMap<String, Expr> =
        members.iter().filter_map(|(name, at)| Some(((*name).to_owned(), Expr::read(at)?))).collect();
    let here = at.as_ref().unwrap_or(node);
    for field in schema.iter().filter(|field| field.need == schema::Need::Must && !fields.contains_key(field.name)) {
        here.fault(
            format!("“{name}” 缺少字段 “{}”；没有来源时可写 {{\"value\": …}}", field.name),
            format!("{name:?} needs the field {:?}; where nothing tells it, write {{\"value\": …}}", field.name),
        );
    }
    for (name, at) in &members {
        check_field(at, fields.get(*name), schema.iter().find(|field| field.name == *name), setting);
    }
    fields
}

fn check_field(node: &Node<'_>, expr: Option<&Expr>, field: Option<&schema::Field>, setting: &Setting) {
    let (Some(expr), Some(field)) = (expr, field) else { return };
    let is_place = matches!(field.kind, schema::Kind::Point | schema::Kind::Shape);
    if is_place && expr.place.datum.or(setting.datum).is_none() {
        node.fault(
            "坐标没有坐标系：请在这里或映射里写 “datum”（WGS84、CGCS2000、GCJ02、BD09）",
            "coordinates without a datum: write \"datum\" here or in the mapping (WGS84, CGCS2000, GCJ02, BD09)",
        );
    }
    let says = |name: &str| node.get(name).is_some();
    if matches!(field.kind, schema::Kind::Money) && !["unit", "times", "value"].into_iter().any(says) {
        node.fault(
            "金额没有单位：请写 “unit”（fen、yuan、wan_yuan）",
            "an amount without a unit: write \"unit\" (fen, yuan, wan_yuan)",
        );
    }
    let Some(names) = field.kind.names() else { return };
    let ours = expr.table.iter().flat_map(BTreeMap::values).chain(&expr.otherwise);
    for word in ours.filter(|word| !names.contains(&word.as_str())) {
        let list = names.join(", ");
        node.fault(
            format!("“{word}” 不是 {} 的值，可用的有：{list}", field.name),
            format!("{word:?} is no {}; there are: {list}", field.name),
        );
    }
}

fn token(outer: &Node<'_>, node: &Node<'_>) -> Option<Token> {
    node.only(&["to", "as", "body", "at", "header", "prefix", "life_s", "failure"]);
    let carried = node.get("as").and_then(|at| at.one_of(&CARRIED));
    let (Some(to), Some(at)) = (node.get("to"), node.get("at")) else {
        node.fault("需要 “to” 与 “at”", "\"to\" and \"at\" are needed");
        return None;
    };
    let text = |name: &str, usual: &str| {
        node.get(name).and_then(|at| at.text().map(str::to_owned)).unwrap_or_else(|| usual.to_owned())
    };
    Some(Token {
        to: endpoint(&to, carried, &[])?,
        body: node.get("body").map_or(Value::Null, |at| at.value.clone()),
        at: at.pointers(),
        header: text("header", "authorization").to_ascii_lowercase(),
        prefix: text("prefix", "Bearer "),
        life_s: node.get("life_s").and_then(|at| at.whole()).map(|s| s.min(u64::from(u32::MAX)).cast_signed()),
        failure: shared(outer, node, "failure").map(|at| failures(&at)).unwrap_or_default(),
    })
}
