//! All backends of an installation, as `config.json` names them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::{DateTime, FixedOffset};
use fengtu_geo::BBox;
use serde_json::Value;

use crate::capabilities::{self, Capabilities};
use crate::conversation::Conversation;
use crate::exchange::{READ_HEADERS, Request};
use crate::facade;
use crate::facade::district::District;
use crate::facade::tree;
pub use crate::mapping::node::Fault;
use crate::mapping::node::{Node, merge};
use crate::mapping::{Mapping, Total, presets};
use crate::speech::{Backend, Talk};

/// The parts of the contract that `config.json` gives to backends.
pub const RESOURCES: [&str; 14] = [
    "config",
    "session",
    "places",
    "grids",
    "stations",
    "buildings",
    "cases",
    "heat",
    "warnings",
    "statistics",
    "basemap",
    "live",
    "services",
    "reports",
];

/// All backends of an installation. Clones share what was learned: tokens, places.
#[derive(Debug, Clone)]
pub struct Installation(Rc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub backends: Vec<Backend>,
    default: usize,
    by_resource: BTreeMap<String, usize>,
    pub district: District,
    /// The tree of places as it was read last.
    pub tree: RefCell<tree::Kept>,
}

impl Installation {
    /// Reads `config.json`; returns everything in it that cannot be used.
    pub fn read(config: &[u8]) -> Result<Self, Vec<Fault>> {
        let text = std::str::from_utf8(config).unwrap_or_default();
        let file: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(file) => file,
            Err(error) => {
                let nothing = Value::Null;
                let node = Node::root(&nothing);
                node.fault(format!("这不是 JSON：{error}"), format!("this is no JSON: {error}"));
                return Err(node.faults());
            }
        };
        let root = Node::root(&file);
        let inner = Inner::read(&root);
        let faults = root.faults();
        match inner {
            Some(inner) if faults.is_empty() => Ok(Self(Rc::new(inner))),
            _ => Err(faults),
        }
    }

    /// Begins to answer a request of our contract.
    pub fn converse(&self, request: Request, now: DateTime<FixedOffset>) -> Conversation {
        let inner = Rc::clone(&self.0);
        Conversation::new(move |line| {
            let talk = Talk { inner, line, now };
            Box::pin(async move { facade::answer(&talk, &request).await })
        })
    }

    /// Returns the headers that mappings read beside [`READ_HEADERS`](crate::READ_HEADERS), in lower case.
    pub fn reads(&self) -> Vec<String> {
        let maps = self.0.backends.iter().filter_map(|backend| backend.mapping.as_ref());
        let totals = maps.flat_map(|mapping| mapping.resources.values()).flat_map(|map| &map.total);
        let names = totals.filter_map(|total| match total {
            Total::Header(name) => Some(name.clone()),
            Total::At(_) => None,
        });
        let all: BTreeSet<String> = names.filter(|name| !READ_HEADERS.contains(&name.as_str())).collect();
        all.into_iter().collect()
    }

    /// Whether a request is answered with all cases of a period of another backend: the next such finds what this one has gathered.
    pub fn gathers(&self, path: &str) -> bool {
        let resources = [("/statistics", "statistics"), ("/heat", "heat"), ("/snapshot", "live")];
        let asked = resources.into_iter().find(|(start, _)| path.starts_with(start));
        asked.and_then(|(_, resource)| self.0.of(resource)).is_some_and(|backend| !backend.is_ours())
    }

    /// Returns what the backend of a resource can do with it.
    pub fn capabilities(&self, resource: &str) -> Capabilities {
        capabilities::of(&self.0, resource)
    }
}

impl Inner {
    fn read(root: &Node<'_>) -> Option<Self> {
        let Some(all) = root.get("backends") else {
            root.fault("需要 “backends”", "\"backends\" is needed");
            return None;
        };
        let backends: Vec<Backend> = all.members().iter().filter_map(|(name, node)| backend(name, node)).collect();
        let named = |name: &str| backends.iter().position(|backend| backend.name == name);
        let Some(default) = named("default") else {
            all.fault("需要名为 “default” 的后端", "a backend named \"default\" is needed");
            return None;
        };
        let mut by_resource = BTreeMap::new();
        if let Some(resources) = root.get("resources") {
            resources.only(&RESOURCES);
            for (resource, node) in resources.members() {
                match node.text().and_then(named) {
                    Some(index) => drop(by_resource.insert(resource.to_owned(), index)),
                    None => node.fault("没有这个名字的后端", "there is no backend of this name"),
                }
            }
        }
        let district = District::read(root.get("district"));
        Some(Self { backends, default, by_resource, district, tree: RefCell::default() })
    }

    /// Returns the backend that serves a resource.
    pub fn of(&self, resource: &str) -> Option<&Backend> {
        // A resident's report goes where the cases are, and what is made of cases comes from there, unless it is said otherwise; what
        // can be reported is known where it goes.
        let beside: &[&str] = match resource {
            "services" => &["services", "reports", "cases"],
            "reports" => &["reports", "cases"],
            "heat" => &["heat", "cases"],
            "statistics" => &["statistics", "cases"],
            "live" => &["live", "cases"],
            _ => &[resource],
        };
        let named = beside.iter().find_map(|name| self.by_resource.get(*name).copied());
        self.backends.get(named.unwrap_or(self.default))
    }

    pub fn district_box(&self) -> Option<BBox> {
        let [west, south, east, north] = self.district.bounds?;
        Some(BBox { west, south, east, north })
    }
}

fn backend(name: &str, node: &Node<'_>) -> Option<Backend> {
    node.only(&["dialect", "base", "use", "mapping", "note"]);
    let (Some(dialect), Some(base)) = (node.get("dialect"), node.get("base")) else {
        node.fault("需要 “dialect” 与 “base”", "\"dialect\" and \"base\" are needed");
        return None;
    };
    let (dialect_name, base_text) = (dialect.text()?, base.text()?);
    if !is_address(base_text) {
        base.fault("应为 “/…” 开头的本站路径或 http(s) 地址", "a path of this site or an http(s) address was expected");
    }
    let mapping = match presets::dialect(dialect_name) {
        Some(preset) => Some(mapping(node, preset)),
        None if dialect_name == "fengtu" => None,
        None => {
            let known =
                ["fengtu"].into_iter().chain(presets::DIALECTS.map(|(name, _)| name)).collect::<Vec<_>>().join(", ");
            dialect.fault(
                format!("没有这种方言，可用的有：{known}"),
                format!("there is no such dialect; there are: {known}"),
            );
            return None;
        }
    };
    Some(Backend {
        name: name.to_owned(),
        base: base_text.to_owned(),
        dialect: dialect_name.to_owned(),
        mapping,
        memory: RefCell::default(),
        signing_in: RefCell::default(),
    })
}

/// Merges what the installation writes over the ready-made mapping, and that over the dialect's own.
fn mapping(node: &Node<'_>, mut merged: Value) -> Mapping {
    if let Some(name) = node.get("use") {
        if let Some(ready) = name.text().and_then(presets::ready_made) {
            merge(&mut merged, &ready);
        } else {
            let known = presets::READY_MADE.map(|(name, _)| name).join(", ");
            name.fault(
                format!("没有这个现成映射，可用的有：{known}"),
                format!("there is no such mapping; there are: {known}"),
            );
        }
    }
    if let Some(own) = node.get("mapping") {
        merge(&mut merged, own.value);
    }
    Mapping::read(&node.beside(&merged, "mapping"))
}

/// Whether it is a path of ours or an http address: `javascript:`, `//elsewhere` and the like are not.
fn is_address(base: &str) -> bool {
    let path = base.starts_with('/') && !base.starts_with("//");
    let host = ["https://", "http://"].iter().find_map(|scheme| base.strip_prefix(scheme));
    let clean =
        !base.contains("..") && !base.chars().any(|c| c.is_whitespace() || c.is_control() || "\\?#\"<>".contains(c));
    clean && (path || host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')))
}
