//! A place in the config file: a value and the pointer that leads to it, so that every complaint says where.

use std::cell::RefCell;
use std::rc::Rc;

use fengtu_wire::text::LocalText;
use serde_json::Value;

use super::expression::SOURCES;

/// Something in `config.json` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer into the file, such as `/backends/oa/mapping/resources/cases/fields/class`.
    pub pointer: String,
    /// What is wrong there and what to write instead.
    pub says: LocalText,
}

/// A value of the file, and where it stands.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub value: &'a Value,
    pub pointer: String,
    faults: Rc<RefCell<Vec<Fault>>>,
}

impl<'a> Node<'a> {
    pub fn root(value: &'a Value) -> Self {
        Self { value, pointer: String::new(), faults: Rc::default() }
    }

    /// A value that a mapping was merged into: its complaints go to the same list.
    pub fn beside<'b>(&self, value: &'b Value, name: &str) -> Node<'b> {
        Node { value, pointer: self.pointer_to(name), faults: Rc::clone(&self.faults) }
    }

    pub fn faults(&self) -> Vec<Fault> {
        self.faults.borrow().clone()
    }

    pub fn fault(&self, zh: impl Into<String>, en: impl Into<String>) {
        let says = LocalText { zh: zh.into(), en: en.into() };
        self.faults.borrow_mut().push(Fault { pointer: self.pointer.clone(), says });
    }

    fn pointer_to(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"))
    }

    fn child(&self, name: &str, value: &'a Value) -> Self {
        Self { value, pointer: self.pointer_to(name), faults: Rc::clone(&self.faults) }
    }

    /// Returns a member; `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(name).filter(|value| !value.is_null())?;
        Some(self.child(name, value))
    }

    /// Returns the members of an object; complains of anything else.
    pub fn members(&self) -> Vec<(&'a str, Self)> {
        let Some(object) = self.value.as_object() else {
            self.fault("这里应为对象 {…}", "an object {…} was expected");
            return Vec::new();
        };
        let present = object.iter().filter(|(_, value)| !value.is_null());
        present.map(|(name, value)| (name.as_str(), self.child(name, value))).collect()
    }

    /// Complains of members that nobody reads: a slip of the pen must not be ignored.
    pub fn only(&self, known: &[&str]) {
        for (name, node) in self.members() {
            if !known.contains(&name) {
                let list = known.join(", ");
                node.fault(
                    format!("不认识 “{name}”，可用的有：{list}"),
                    format!("{name:?} is not known; known are: {list}"),
                );
            }
        }
    }

    pub fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.fault("这里应为文字", "text was expected");
        }
        text
    }

    /// Returns a text in both languages; one that names neither stands for both.
    pub fn local(&self) -> Option<LocalText> {
        if let Some(text) = self.value.as_str() {
            return Some(LocalText::new(text, text));
        }
        self.only(&["zh", "en"]);
        let zh = self.get("zh").and_then(|at| at.text());
        let en = self.get("en").and_then(|at| at.text());
        Some(LocalText::new(zh.or(en)?, en.or(zh)?))
    }

    /// Returns a text, a number or a truth value as text, as tables have them.
    pub fn plain(&self) -> Option<String> {
        let plain = match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        };
        if plain.is_none() {
            self.fault("这里应为文字、数字或 true/false", "text, a number or true/false was expected");
        }
        plain
    }

    pub fn whole(&self) -> Option<u64> {
        let whole = self.value.as_u64();
        if whole.is_none() {
            self.fault("这里应为不小于 0 的整数", "a whole number from 0 was expected");
        }
        whole
    }

    pub fn truth(&self) -> Option<bool> {
        let truth = self.value.as_bool();
        if truth.is_none() {
            self.fault("这里应为 true 或 false", "true or false was expected");
        }
        truth
    }

    /// Returns the elements of a list; a single value counts as a list of one.
    pub fn each(&self) -> Vec<Self> {
        match self.value.as_array() {
            Some(list) => list.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect(),
            None => vec![self.clone()],
        }
    }

    pub fn texts(&self) -> Vec<String> {
        self.each().iter().filter_map(|node| node.text().map(str::to_owned)).collect()
    }

    pub fn plains(&self) -> Vec<String> {
        self.each().iter().filter_map(Self::plain).collect()
    }

    /// Returns JSON Pointers into a record or an answer.
    pub fn pointers(&self) -> Vec<String> {
        let (mut sound, all) = (Vec::new(), self.each());
        for node in all {
            match node.text() {
                Some(text) if text.is_empty() || text.starts_with('/') => sound.push(text.to_owned()),
                Some(_) => node.fault(
                    "这里应为 JSON Pointer：空字符串，或以 / 开头",
                    "a JSON Pointer was expected: empty, or with / at its start",
                ),
                None => {}
            }
        }
        sound
    }

    /// Returns the one of `known` that the text names.
    pub fn one_of<T: Copy>(&self, known: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let list: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let list = list.join(", ");
            self.fault(format!("“{text}” 不在可用的值里：{list}"), format!("{text:?} is none of: {list}"));
        }
        found
    }

    /// Returns name and text pairs of an object.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let members = self.members();
        members.iter().filter_map(|(name, node)| Some(((*name).to_owned(), node.plain()?))).collect()
    }
}

/// Merges what an installation writes over a ready-made mapping: objects member by member, anything else replaces; `null` removes.
pub(crate) fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                if value.is_null() {
                    under.remove(name);
                    continue;
                }
                let under = under.entry(name.clone()).or_insert(Value::Null);
                if name == "fields" {
                    make_way(under, value);
                }
                merge(under, value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

/// Takes out of each field where a ready-made mapping finds it, if the installation says where it stands: of two, one would be
/// read and the other never.
fn make_way(under: &mut Value, over: &Value) {
    for (name, own) in over.as_object().into_iter().flatten() {
        let Some(ready) = under.get_mut(name).and_then(Value::as_object_mut) else { continue };
        let is_own = |names: &&&[&str]| names.iter().any(|name| own.get(name).is_some_and(|value| !value.is_null()));
        if SOURCES.iter().any(|names| is_own(&names)) {
            let rivals = SOURCES.iter().filter(|names| !is_own(names)).copied().flatten();
            // Of another amount the unit is not known.
            rivals.chain(&["unit", "times"]).for_each(|name| drop(ready.remove(*name)));
        }
    }
}
