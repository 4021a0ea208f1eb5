//! XML as JSON, the way Open311 and many others convert: elements become members, repeated ones become lists.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 40;

/// Reads a text as JSON or, failing that, as XML; a web page is neither.
pub(crate) fn json_or_xml(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return serde_json::from_str(text).ok();
    }
    let head = text.get(..text.len().min(200)).unwrap_or(text).to_ascii_lowercase();
    let is_page = head.contains("<html") || head.contains("<!doctype html");
    if is_page { None } else { read(text) }
}

/// Reads an XML document: `{"root": …}`; `None` if it is not one.
fn read(text: &str) -> Option<Value> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::new(String::new())];
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if open.len() > MAX_DEPTH {
                    return None;
                }
                open.push(Element::new(local(tag.local_name().as_ref())));
            }
            Event::Empty(tag) => open.last_mut()?.member(local(tag.local_name().as_ref()), Value::Null),
            Event::End(_) => {
                let done = open.pop()?;
                let name = done.name.clone();
                open.last_mut()?.member(name, done.value());
            }
            Event::Text(part) => open.last_mut()?.text.push_str(&part.decode().ok()?),
            Event::CData(part) => open.last_mut()?.text.push_str(&part.decode().ok()?),
            Event::GeneralRef(entity) => {
                let name = entity.decode().ok()?;
                let stands = entity.resolve_char_ref().ok()?.map(String::from);
                let named = || quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned);
                open.last_mut()?.text.push_str(&stands.or_else(named)?);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty())?;
    (!root.members.is_empty()).then_some(Value::Object(root.members))
}

fn local(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

struct Element {
    name: String,
    text: String,
    members: Map<String, Value>,
}

impl Element {
    fn new(name: String) -> Self {
        Self { name, text: String::new(), members: Map::new() }
    }

    /// Adds a child; a second one of the same name makes a list.
    fn member(&mut self, name: String, value: Value) {
        match self.members.get_mut(&name) {
            None => {
                self.members.insert(name, value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    fn value(self) -> Value {
        let text = self.text.trim();
        match (self.members.is_empty(), text.is_empty()) {
            (false, _) => Value::Object(self.members),
            (true, true) => Value::Null,
            (true, false) => Value::String(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn elements_become_members_and_repeated_ones_lists() {
        let text = "<?xml version=\"1.0\"?><requests><request><id>1</id><note/></request><request><id>&lt;2&#x4E8C;</id></request></requests>";
        let want = json!({"requests": {"request": [{"id": "1", "note": null}, {"id": "<2二"}]}});
        assert_eq!(json_or_xml(text), Some(want));
    }

    #[test]
    fn pages_halves_and_towers_are_refused() {
        assert_eq!(json_or_xml("<!DOCTYPE html><html><body>x</body></html>"), None);
        assert_eq!(json_or_xml("<a><b></a>"), None);
        assert_eq!(json_or_xml("<a><b>"), None);
        assert_eq!(json_or_xml(&"<a>".repeat(100)), None);
    }
}
