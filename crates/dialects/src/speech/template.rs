//! Addresses and bodies with names in braces.

use serde_json::{Map, Value};

use crate::exchange::{Call, encode};
use crate::mapping::{Carried, Endpoint};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;

/// Names and what stands for them.
pub(crate) type Names<'a> = &'a [(&'a str, &'a str)];

/// Builds a call to an endpoint of a backend. A value that would lead to another path (`..`, nothing) names nothing there.
pub(crate) fn call(
    base: &str,
    to: &Endpoint,
    names: Names<'_>,
    params: Vec<(String, String)>,
    headers: &[(String, String)],
) -> Result<Call, Trouble> {
    let mut url = format!("{}{}", base.trim_end_matches('/'), path(&to.path, names)?);
    let written = |(name, value): &(String, String)| (name.clone(), placed(value, names));
    let fixed = to.query.iter().map(written);
    let mut call = Call { method: to.method, url: String::new(), headers: headers.to_vec(), body: None };
    let (mut query, mut carried): (Vec<_>, Vec<_>) = (fixed.collect(), Vec::new());
    match to.carried {
        Carried::Query => query.extend(params),
        Carried::Form | Carried::Json => carried = params,
    }
    if !query.is_empty() {
        url.push('?');
        url.push_str(&form(&query));
    }
    call.url = url;
    match to.carried {
        Carried::Form if !carried.is_empty() => set_form(&mut call, &carried),
        Carried::Json if !carried.is_empty() => {
            let members = carried.into_iter().map(|(name, value)| (name, number_or_text(value)));
            set_json(&mut call, &Value::Object(members.collect()));
        }
        _ => {}
    }
    Ok(call)
}

fn path(template: &str, names: Names<'_>) -> Result<String, Trouble> {
    let mut is_empty = false;
    names_of(template, &mut |name| is_empty |= names.iter().any(|(known, value)| *known == name && value.is_empty()));
    let path = filled(template, names, encode);
    if is_empty || path.split('/').any(|segment| segment == "." || segment == "..") {
        return Err(problem::not_found(Reason::new("网址中不能有这样的名称", "an address with such a name in it")));
    }
    Ok(path)
}

/// Pages and sizes are numbers in a JSON body; `006` is a word.
fn number_or_text(value: String) -> Value {
    let number = value.parse::<u64>().ok().filter(|number| number.to_string() == value);
    number.map_or(Value::String(value), Value::from)
}

/// Sets the body of a write as the endpoint carries it.
pub(crate) fn set_body(call: &mut Call, carried: Carried, body: &Value) {
    match (carried, body) {
        (_, Value::Null) => {}
        (Carried::Json, body) => set_json(call, body),
        (Carried::Form | Carried::Query, body) => set_form(call, &pairs(body)),
    }
}

/// Returns the members of an object as pairs; a list is repeated.
fn pairs(body: &Value) -> Vec<(String, String)> {
    let members = body.as_object().cloned().unwrap_or_default();
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            Value::Array(list) => {
                pairs.extend(list.iter().filter_map(|v| Some((format!("{name}[]"), crate::record::value::plain(v)?))));
            }
            other => pairs.extend(crate::record::value::plain(&other).map(|text| (name, text))),
        }
    }
    pairs
}

fn set_form(call: &mut Call, pairs: &[(String, String)]) {
    call.headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded; charset=utf-8".to_owned()));
    call.body = Some(form(pairs));
}

fn set_json(call: &mut Call, body: &Value) {
    call.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    call.body = Some(body.to_string());
}

fn form(pairs: &[(String, String)]) -> String {
    let each = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    each.collect::<Vec<_>>().join("&")
}

/// Puts values in place of `{name}`; a name that nobody knows becomes nothing. Braces around anything else stand for themselves.
pub(crate) fn filled(template: &str, names: Names<'_>, write: impl Fn(&str) -> String) -> String {
    fill(template, names, |_, value| write(value))
}

/// The same, told what stands before the name.
fn fill(template: &str, names: Names<'_>, write: impl Fn(&str, &str) -> String) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let name = from.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let Some((name, after)) = name.and_then(|(inner, after)| Some((name_of(inner)?, after))) else {
            out.push('{');
            rest = from.strip_prefix('{').unwrap_or_default();
            continue;
        };
        if let Some((_, value)) = names.iter().find(|(known, _)| *known == name) {
            let head = template.get(..template.len() - from.len()).unwrap_or_default();
            out.push_str(&write(head, value));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The name between two braces; behind it may stand what it is to be in JSON.
fn name_of(inner: &str) -> Option<&str> {
    let name = inner.strip_suffix(NUMBER).unwrap_or(inner);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}

/// Makes a text of a body that is nothing but this name a number, where it is one.
const NUMBER: &str = ":number";

/// Tells the names that stand in braces in a text.
pub(crate) fn names_of(template: &str, tell: &mut dyn FnMut(&str)) {
    let parts = template.split('{').skip(1);
    parts.filter_map(|part| name_of(part.split_once('}')?.0)).for_each(tell);
}

/// Tells the names that stand in braces in the texts of a body.
pub(crate) fn names_in(template: &Value, tell: &mut dyn FnMut(&str)) {
    match template {
        Value::String(text) => names_of(text, tell),
        Value::Array(list) => list.iter().for_each(|inner| names_in(inner, tell)),
        Value::Object(members) => members.values().for_each(|inner| names_in(inner, tell)),
        _ => {}
    }
}

/// Fills a text that is read by another language inside: each value is written for where it stands.
pub(crate) fn placed(template: &str, names: Names<'_>) -> String {
    fill(template, names, |before, value| fitted(template, before, value))
}

/// Writes a value so that it stays one: XML in XML, a doubled quotation mark between single ones (CQL, SQL), an escaped one
/// between double ones (JSON, the lists of `PostgREST`).
pub(crate) fn fitted(template: &str, before: &str, value: &str) -> String {
    if template.trim_start().starts_with('<') {
        return xml(value);
    }
    let mut open = None;
    for c in before.chars().filter(|c| matches!(c, '\'' | '"')) {
        open = match open {
            None => Some(c),
            Some(mark) if mark == c => None,
            still => still,
        };
    }
    match open {
        Some('\'') => value.replace('\'', "''"),
        Some(_) => {
            let text = Value::String(value.to_owned()).to_string();
            text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
        }
        None => value.to_owned(),
    }
}

fn xml(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML has no way to write them.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

/// A text of a body: JSON and forms write it whole by themselves; XML in it is XML.
fn said(template: &str, names: Names<'_>) -> String {
    let is_xml = template.trim_start().starts_with('<');
    filled(template, names, |value| if is_xml { xml(value) } else { value.to_owned() })
}

/// Fills the texts of a body; a text that is nothing but one name which is unknown or empty goes, with its member.
pub(crate) fn body(template: &Value, names: Names<'_>) -> Value {
    match template {
        Value::String(text) => {
            let said = said(text, names);
            let number = sole_name(template).filter(|_| text.ends_with(":number}"));
            let number = number.and_then(|_| serde_json::from_str::<serde_json::Number>(&said).ok());
            number.map_or(Value::String(said), Value::Number)
        }
        Value::Array(list) => Value::Array(list.iter().map(|inner| body(inner, names)).collect()),
        Value::Object(members) => {
            let filled = members.iter().filter(|(_, inner)| !is_empty_name(inner, names));
            Value::Object(filled.map(|(name, inner)| (name.clone(), body(inner, names))).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn is_empty_name(template: &Value, names: Names<'_>) -> bool {
    sole_name(template).is_some_and(|name| names.iter().all(|(known, value)| *known != name || value.is_empty()))
}

/// The name that is all of a text.
fn sole_name(template: &Value) -> Option<&str> {
    template.as_str().and_then(|text| name_of(text.strip_prefix('{')?.strip_suffix('}')?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests")]

    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_filled_and_cannot_break_out() {
        assert_eq!(filled("/case/{id}/x", &[("id", "a/../b")], encode), "/case/a%2F..%2Fb/x");
        assert_eq!(placed("number='{id}'", &[("id", "x' OR '1'='1")]), "number='x'' OR ''1''=''1'");
        assert_eq!(placed("number LIKE 'GM-{id}%'", &[("id", "o'x")]), "number LIKE 'GM-o''x%'");
        assert_eq!(placed("eq.{id}", &[("id", "o'x")]), "eq.o'x");
        assert_eq!(filled("{a}{b}{", &[("a", "1")], str::to_owned), "1{");
        let template = json!({"a": "{x}", "b": "{y}", "c": ["{x}!"], "d": 1, "e": "{x} {y}"});
        assert_eq!(body(&template, &[("x", "1")]), json!({"a": "1", "c": ["1!"], "d": 1, "e": "1 "}));
        let numbers = json!({"a": "{x:number}", "b": "{y:number}", "c": "no. {x:number}", "d": ["{x:number}"]});
        let filled = |x| body(&numbers, &[("x", x)]);
        assert_eq!(filled("113.95"), json!({"a": 113.95, "c": "no. 113.95", "d": [113.95]}));
        assert_eq!(filled("006")["a"], "006", "what is no number of JSON stays a text");
        let told = ["12", "006", "+1"].map(|text| number_or_text(text.to_owned()));
        assert_eq!(told, [json!(12), json!("006"), json!("+1")], "a number in a JSON body is one as it is written");
    }

    const HOSTILE: &str = "\"&<>'";

    #[test]
    fn a_value_in_xml_is_text() {
        let template = "<Filter a=\"{id}\"><Literal>{id}</Literal></Filter>";
        let escaped = "&quot;&amp;&lt;&gt;&apos;";
        assert_eq!(placed(template, &[("id", HOSTILE)]), template.replace("{id}", escaped));
        assert_eq!(body(&json!(template), &[("id", HOSTILE)]), json!(template.replace("{id}", escaped)));
        assert_eq!(placed("<L>{id}</L>", &[("id", "a\u{0}b")]), "<L>ab</L>");
    }

    #[test]
    fn a_value_in_json_is_a_text_and_other_braces_stay() {
        let text = placed("{\"where\": {\"no\": \"{id}\"}, \"x\": {}}", &[("id", HOSTILE)]);
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, json!({"where": {"no": HOSTILE}, "x": {}}));
        assert_eq!(body(&json!("an '{id}'"), &[("id", HOSTILE)]), json!(format!("an '{HOSTILE}'")));
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        let to = |path: &str| Endpoint {
            method: crate::exchange::Method::Get,
            path: path.to_owned(),
            query: Vec::new(),
            carried: Carried::Query,
        };
        let url = |path: &str, id: &str| {
            call("/proxy/x", &to(path), &[("id", id)], Vec::new(), &[]).map(|call| call.url).ok()
        };
        for id in ["..", ".", ""] {
            assert_eq!(url("/cases/{id}", id), None, "{id:?}");
        }
        assert_eq!(url("/cases/{id}", "/../").as_deref(), Some("/proxy/x/cases/%2F..%2F"));
        assert_eq!(url("/cases/{id}.json", HOSTILE).as_deref(), Some("/proxy/x/cases/%22%26%3C%3E%27.json"));
        assert_eq!(url("/cases/{id}", "a?b#c%2e").as_deref(), Some("/proxy/x/cases/a%3Fb%23c%252e"));
    }
}
