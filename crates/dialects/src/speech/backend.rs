//! One backend: where it is, how it is spoken to, and what was learned of it so far.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use crate::mapping::Mapping;
use crate::record::refused::Refused;

/// A backend of the installation.
#[derive(Debug)]
pub(crate) struct Backend {
    pub name: String,
    pub base: String,
    pub dialect: String,
    /// Absent for a backend that speaks our own contract.
    pub mapping: Option<Mapping>,
    pub memory: RefCell<Memory>,
}

/// What was learned of a backend.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The token, and the Unix second at which it is not used any more.
    pub token: Option<(String, i64)>,
    /// It answers XML alone.
    pub xml: bool,
    /// The settings that it serves, and when they were read.
    pub config: Option<(i64, Box<fengtu_wire::config::Config>)>,
    /// Cases that were gathered a moment ago.
    pub kept: Option<crate::facade::kept::Kept>,
    /// The levels of places, and when they were read.
    pub levels: Option<(i64, Vec<Value>)>,
    /// Pages of lists that the server has given a mark of their version.
    pub pages: super::pages::Pages,
    /// It does not answer to the question for what changed, though the mapping says so.
    pub knows_no_changes: bool,
    /// Numbers of cases that waited in a list which tells when others were accepted.
    pub waiting: HashSet<String>,
    /// Resources whose lists it gives in no order that can be asked for.
    pub unordered: BTreeSet<String>,
    /// How each resource was answered last.
    pub last: BTreeMap<String, Last>,
}

/// How a resource was answered last.
#[derive(Debug, Clone)]
pub(crate) struct Last {
    pub at: DateTime<FixedOffset>,
    /// What went wrong; absent: it was answered.
    pub trouble: Option<String>,
    /// Absent: it is no list, or nobody has counted.
    pub records: Option<usize>,
    pub refused: Refused,
    pub applied_here: Vec<&'static str>,
    /// Pages had to be read in no certain order: a record may be missed where others come or go meanwhile.
    pub is_unordered: bool,
}

impl Backend {
    pub fn note(&self, resource: &str, last: Last) {
        self.memory.borrow_mut().last.insert(resource.to_owned(), last);
    }

    /// Forgets what it gave: whoever it does not let in any more is shown nothing that was kept.
    pub fn shut(&self) {
        let mut memory = self.memory.borrow_mut();
        (memory.kept, memory.levels, memory.pages) = (None, None, super::pages::Pages::default());
        memory.waiting.clear();
    }

    /// Whether it has a mapping for a resource.
    pub fn has(&self, resource: &str) -> bool {
        self.mapping.as_ref().is_none_or(|mapping| mapping.resources.contains_key(resource))
    }

    pub fn is_ours(&self) -> bool {
        self.mapping.is_none()
    }
}
