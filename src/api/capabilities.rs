//! What each backend can do with each resource, as the worker of other dialects tells it; a face shows only that.

use fengtu_wire::text::LocalText;

use super::dialect::Resource;
use super::json::{self, Json};

/// What a backend can do with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a list of abilities, each there or not")]
pub struct Capabilities {
    /// It can be read.
    pub read: bool,
    /// One can be asked for by itself.
    pub one: bool,
    /// Free text finds some of it.
    pub searched: bool,
    /// It is not the backend's own but made of its other resources.
    pub derived: bool,
    /// Changes arrive by themselves.
    pub pushed: bool,
    /// The past can be played back.
    pub history: bool,
    /// The steps by which a case is moved on from here.
    pub actions: Vec<Action>,
}

/// A step of a case that a mapping names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its name in the mapping.
    pub key: String,
    /// What it is called.
    pub name: LocalText,
    /// What is to be said with it.
    pub inputs: Vec<Input>,
}

/// Something that is said with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name in the mapping.
    pub key: String,
    /// What it is called, where the mapping says so.
    pub label: Option<LocalText>,
    /// Whether it may not be empty.
    pub required: bool,
}

impl Capabilities {
    /// Our own contract. The desk moves no case of ours on: that is another page's.
    pub const OURS: Self = Self {
        read: true,
        one: true,
        searched: true,
        derived: false,
        pushed: true,
        history: true,
        actions: Vec::new(),
    };
    /// A backend of another dialect of which the worker has told nothing yet: it is asked, and what it lacks is then said.
    pub const UNKNOWN: Self = Self {
        read: true,
        one: true,
        searched: true,
        derived: false,
        pushed: false,
        history: false,
        actions: Vec::new(),
    };

    fn read(row: &Json<'_>) -> Option<(Resource, Self)> {
        let name: String = row.member("resource").ok()?;
        let (resource, _) = Resource::ALL.into_iter().find(|(_, known)| *known == name)?;
        let can = row.get("can")?;
        let is = |name| matches!(can.get(name), Some(Json::Bool(true)));
        let keys: Vec<String> = can.member("actions").unwrap_or_default();
        let inputs = can.get("inputs").unwrap_or(&Json::Null);
        let actions = keys.into_iter().map(|key| Action::read(key, inputs)).collect();
        let (derived, pushed, history) = (is("derived"), is("pushed"), is("history"));
        let (read, one, searched) = (is("read"), is("one"), is("searched"));
        Some((resource, Self { read, one, searched, derived, pushed, history, actions }))
    }
}

impl Action {
    fn read(key: String, inputs: &Json<'_>) -> Self {
        let told = inputs.get(&key).unwrap_or(&Json::Null);
        let name = told.optional("name").unwrap_or_default();
        let keys = |name| told.member::<Vec<String>>(name).unwrap_or_default();
        let (labels, needs) = (told.members_of("labels").unwrap_or_default(), keys("needs"));
        let input = |key: String| {
            let label = labels.iter().find(|(name, _)| *name == key).and_then(|(_, label)| label.read().ok());
            Input { required: needs.contains(&key), label, key }
        };
        let inputs = keys("takes").into_iter().map(input).collect();
        Self { name: name.unwrap_or_else(|| LocalText::new(&key, &key)), key, inputs }
    }
}

fn list<'a, 'b>(json: &'a Json<'b>, name: &str) -> &'a [Json<'b>] {
    match json.get(name) {
        Some(Json::List(list)) => list,
        _ => &[],
    }
}

/// Reads what the worker tells of all resources; nothing of what cannot be read.
pub fn told(body: &[u8]) -> Vec<(Resource, Capabilities)> {
    let told = json::parse(body).unwrap_or(Json::Null);
    list(&told, "resources").iter().filter_map(Capabilities::read).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use super::*;

    #[test]
    fn steps_are_read_by_their_key_alone_and_with_names_and_inputs() {
        let body = r#"{"resources": [
            {"resource": "cases", "can": {"read": true, "one": true, "searched": true, "pushed": false, "actions": ["close", "accept"],
                "inputs": {"close": {"takes": [], "needs": [], "labels": {}, "name": null},
                    "accept": {"takes": ["note", "reason"], "needs": ["reason"], "name": {"zh": "受理", "en": "Accept"},
                        "labels": {"reason": {"zh": "受理意见", "en": "Reason"}}}}}},
            {"resource": "moon", "can": {"read": true}}, {"resource": "stations"}, 3]}"#;
        let told = told(body.as_bytes());
        assert_eq!(told.len(), 1);
        let Some((Resource::Cases, can)) = told.first() else { panic!("{told:?}") };
        assert!(can.read && can.one && can.searched && !can.pushed && !can.history);
        let [close, accept] = can.actions.as_slice() else { panic!("{:?}", can.actions) };
        assert_eq!((close.name.zh.as_str(), close.inputs.len()), ("close", 0));
        let [note, reason] = accept.inputs.as_slice() else { panic!("{:?}", accept.inputs) };
        assert_eq!(accept.name.en, "Accept");
        assert_eq!(reason.label.as_ref().map(|label| label.zh.as_str()), Some("受理意见"));
        assert!(reason.required && !note.required && note.label.is_none());
    }

    #[test]
    fn an_answer_that_cannot_be_read_tells_nothing() {
        for body in ["", "[]", "{\"resources\": 3}", "{\"resources\": [{\"resource\": 3, \"can\": {}}]}"] {
            assert!(told(body.as_bytes()).is_empty(), "{body}");
        }
    }
}
