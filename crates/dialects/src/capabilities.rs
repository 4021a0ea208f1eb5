//! What a backend can do with a resource, by its dialect and mapping; a face shows only that.

mod ours;

use std::collections::BTreeMap;

use fengtu_wire::text::LocalText;
use serde_json::{Value, json};

use crate::facade::cases::names_every_place;
use crate::facade::reports;
use crate::installation::Inner;
use crate::mapping::{ResourceMap, Write};
use crate::speech::Backend;
use crate::speech::template;

/// What a backend can do with a resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "a list of abilities, each there or not")]
pub struct Capabilities {
    /// It can be read at all: `GET /{resource}`, or `GET /snapshot` of `live`.
    pub read: bool,
    /// One can be asked for by itself.
    pub one: bool,
    /// It is not the backend's own but made of its other resources.
    pub derived: bool,
    /// New ones can be made.
    pub create: bool,
    /// What a new one can be told, and what it cannot do without.
    pub made_of: Input,
    /// The steps by which one is moved on.
    pub actions: Vec<String>,
    /// What each step can be told, and what it cannot do without.
    pub inputs: BTreeMap<String, Input>,
    /// Changes arrive by themselves.
    pub pushed: bool,
    /// Where they do not: what has changed can be asked for alone.
    pub changes: bool,
    /// Pictures and papers can be looked at where the server has them.
    pub attached: bool,
    /// Free text finds things.
    pub searched: bool,
    /// The past can be played back.
    pub history: bool,
    /// Filters that the server itself knows.
    pub filters: Vec<String>,
    /// Filters that are applied here to what the server sends.
    pub applied_here: Vec<String>,
}

/// What a write takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    /// The members that have a place in what is sent.
    pub takes: Vec<String>,
    /// Those that it cannot do without; `place` is a position or an address.
    pub needs: Vec<String>,
    /// What they are called, where a mapping says so.
    pub labels: BTreeMap<String, LocalText>,
    /// What a step is called.
    pub name: Option<LocalText>,
}

impl Input {
    /// Of a report.
    fn of_report(write: &Write) -> Self {
        let takes = reports::takes(write).into_iter().map(str::to_owned).collect();
        Self { takes, needs: write.needs.clone(), ..Self::default() }
    }

    /// Of a step: whatever its texts name, but the case's own number.
    pub(crate) fn of_step(write: &Write) -> Self {
        let mut takes = Vec::new();
        template::names_in(&write.body, &mut |name| takes.push(name.to_owned()));
        let query = write.to.query.iter().map(|(_, text)| text);
        for text in query.chain([&write.to.path]) {
            template::names_of(text, &mut |name| takes.push(name.to_owned()));
        }
        takes.retain(|name| name != "id");
        takes.sort();
        takes.dedup();
        Self { takes, needs: write.needs.clone(), labels: write.labels.clone(), name: write.name.clone() }
    }

    fn json(&self) -> Value {
        json!({"takes": self.takes, "needs": self.needs, "labels": self.labels, "name": self.name})
    }
}

/// The filters that are applied here, of each resource, where the server does not know them.
fn applied(resource: &str) -> &'static [&'static str] {
    match resource {
        "places" => &["parent", "place", "level", "q", "bbox"],
        "grids" => &["place", "bbox"],
        "stations" => &["place", "bbox", "level", "service", "circle"],
        "buildings" => &["place", "q", "bbox"],
        "cases" => &["place", "from", "to", "category", "state", "class", "channel", "building", "q", "bbox"],
        "heat" => &["place", "from", "to", "category"],
        "statistics" => &["place", "from", "to", "level"],
        "warnings" => &["place", "level", "place_level"],
        _ => &[],
    }
}

/// Whether a filter goes to the server.
fn is_pushed(resource: &str, map: &ResourceMap, name: &str) -> bool {
    match (resource, name) {
        ("cases", "place") => names_every_place(map),
        // These lists are read whole.
        ("places" | "warnings", _) | (_, "place") => false,
        _ => map.pushes(name),
    }
}

impl Capabilities {
    /// A list that a mapping names.
    fn of_list(resource: &str, map: &ResourceMap) -> Self {
        let is_pushed = |name: &&str| is_pushed(resource, map, name);
        // Which building a case lies in its field alone tells.
        let knows = |name: &&str| *name != "building" || map.fields.contains_key("building");
        let here: Vec<&str> = applied(resource).iter().copied().filter(knows).collect();
        let (theirs, ours): (Vec<&str>, Vec<&str>) = here.into_iter().partition(is_pushed);
        // By its server: a list that is read to its end to be looked through here is no search.
        let searched = theirs.contains(&"q") && map.list.is_some();
        let texts = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Self {
            read: map.list.is_some(),
            changes: resource == "cases" && map.filters.contains_key("updated_since"),
            searched,
            filters: texts(theirs),
            applied_here: texts(ours),
            ..Self::default()
        }
    }

    fn derived(resource: &str) -> Self {
        let applied_here = applied(resource).iter().map(|name| (*name).to_owned()).collect();
        Self { read: true, derived: true, applied_here, ..Self::default() }
    }

    fn made(self, write: Option<&Write>) -> Self {
        let Some(write) = write else { return self };
        Self { create: true, made_of: Input::of_report(write), ..self }
    }

    /// Writes them as `GET /backends` has them.
    pub fn json(&self) -> Value {
        let inputs: serde_json::Map<_, _> =
            self.inputs.iter().map(|(name, input)| (name.clone(), input.json())).collect();
        json!({
            "read": self.read, "one": self.one, "derived": self.derived, "create": self.create, "actions": self.actions,
            "pushed": self.pushed, "attached": self.attached, "searched": self.searched, "history": self.history,
            "filters": self.filters, "applied_here": self.applied_here, "changes": self.changes,
            "made_of": self.made_of.json(), "inputs": inputs,
        })
    }
}

pub(crate) fn of(inner: &Inner, resource: &str) -> Capabilities {
    let Some(backend) = inner.of(resource) else { return Capabilities::default() };
    let Some(mapping) = &backend.mapping else { return of_ours(inner, backend, resource) };
    let mapped = mapping.resources.get(resource);
    let listed = mapped.map(|map| Capabilities::of_list(resource, map));
    match resource {
        "cases" => mapped.map(|map| cases(inner, backend, map)).unwrap_or_default(),
        "reports" => reports(backend),
        "services" => services(inner, backend, mapped),
        "config" | "session" => Capabilities::derived(resource),
        "places" => listed.unwrap_or_else(|| Capabilities::derived(resource)),
        "heat" | "statistics" if counts_cases(inner) => Capabilities::derived(resource),
        "live" if counts_cases(inner) || inner.of("warnings").is_some_and(|backend| backend.has("warnings")) => {
            Capabilities::derived(resource)
        }
        "heat" | "statistics" | "live" => Capabilities::default(),
        _ => listed.unwrap_or_default(),
    }
}

/// Whether figures can be made of the cases: those of our own contract make their own.
fn counts_cases(inner: &Inner) -> bool {
    let map = inner.of("cases").and_then(|backend| backend.mapping.as_ref()?.resources.get("cases"));
    map.is_some_and(|map| map.list.is_some())
}

fn cases(inner: &Inner, backend: &Backend, map: &ResourceMap) -> Capabilities {
    // New ones are made as reports are.
    let is_reported = inner.of("reports").is_some_and(|reports| reports.name == backend.name);
    let write = reports::created_by(backend).filter(|_| is_reported && map.create.is_some()).map(|(_, write)| write);
    // No step is taken on a case that cannot be looked at first: nobody would know whether it may be shown.
    let actions = || map.actions.iter().filter(|_| map.one.is_some());
    let can = Capabilities {
        one: map.one.is_some(),
        attached: map.one.is_some() && map.fields.contains_key("media"),
        actions: actions().map(|(name, _)| name.clone()).collect(),
        inputs: actions().map(|(name, write)| (name.clone(), Input::of_step(write))).collect(),
        ..Capabilities::of_list("cases", map)
    };
    can.made(write)
}

/// One can be made and followed; a list of them is nobody's.
fn reports(backend: &Backend) -> Capabilities {
    let followed = reports::mapped(backend, "reports").or_else(|_| reports::mapped(backend, "cases"));
    let one = followed.is_ok_and(|map| map.one.is_some());
    Capabilities { one, ..Capabilities::default() }.made(reports::created_by(backend).map(|(_, write)| write))
}

fn services(inner: &Inner, backend: &Backend, mapped: Option<&ResourceMap>) -> Capabilities {
    match mapped {
        Some(map) => Capabilities { one: map.one.is_some(), ..Capabilities::of_list("services", map) },
        None if of(inner, "reports").create && !backend.is_ours() => Capabilities::derived("services"),
        None => Capabilities::default(),
    }
}

fn of_ours(inner: &Inner, backend: &Backend, resource: &str) -> Capabilities {
    let can = ours::of(resource);
    // What arrives by itself arrives on the stream of whoever serves that.
    let is_live = inner.of("live").is_some_and(|live| live.name == backend.name);
    Capabilities { pushed: can.pushed && is_live, ..can }
}
