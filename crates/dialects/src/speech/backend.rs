//! One backend: where it is, how it is spoken to, and what was learned of it so far.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::{Rc, Weak};

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use crate::exchange::Failure;
use crate::mapping::Mapping;
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::refused::Refused;

/// For so many seconds a log-in that was refused is not tried again: five in a row lock many an account.
const REFUSED_S: i64 = 60;

/// For so many seconds after somebody waited for nothing, what is made of several backends goes without this one.
const SILENT_S: i64 = 60;
/// Seconds for which the page waits for an answer.
const WAIT_S: i64 = 20;

/// A backend of the installation.
#[derive(Debug)]
pub(crate) struct Backend {
    pub name: String,
    pub base: String,
    pub dialect: String,
    /// Absent for a backend that speaks our own contract.
    pub mapping: Option<Mapping>,
    pub memory: RefCell<Memory>,
    /// Who signs in just now; it ends with that conversation, however that ends.
    pub signing_in: RefCell<Weak<SigningIn>>,
}

/// Is held by the one conversation that signs in.
#[derive(Debug, Default)]
pub(crate) struct SigningIn {
    pub failed: Failed,
}

/// Why a log-in failed, for all who wait for it: a server that does not answer is not asked by each of them in turn.
pub(crate) type Failed = Rc<RefCell<Option<Trouble>>>;

/// What was learned of a backend.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The token, and the Unix second at which it is not used any more.
    pub token: Option<(String, i64)>,
    /// When a log-in was refused last, and what was said of it.
    pub refused: Option<(i64, Trouble)>,
    /// It answers XML alone.
    pub xml: bool,
    /// The settings that it serves, and when they were read.
    pub config: Option<(i64, Box<fengtu_wire::config::Config>)>,
    /// How many steps were taken on cases: what was asked for before the last one is not kept.
    pub steps: u32,
    /// Cases that were gathered a moment ago.
    pub kept: Option<crate::facade::kept::Kept>,
    /// Those that are open, whenever they were reported.
    pub backlog: Option<crate::facade::backlog::Backlog>,
    /// Cases that were too many to be counted.
    pub too_many: Option<crate::facade::kept::TooMany>,
    /// The levels of places, and when they were read.
    pub levels: Option<(i64, Vec<Value>)>,
    /// Pages of lists that the server has given a mark of their version.
    pub pages: super::pages::Pages,
    /// When it refused the question for what changed, though the mapping says that it knows it.
    pub knows_no_changes: Option<i64>,
    /// Resources whose lists it let somebody wait for in vain, and until when nobody waits for them again.
    pub silent: BTreeMap<String, i64>,
    /// Numbers of cases that waited in a list which tells when others were accepted.
    pub waiting: HashSet<String>,
    /// What it calls cases of its lists by whose number they are not to be asked for.
    pub refs: HashMap<String, String>,
    /// Numbers of cases that its list was looked through for in vain, and when.
    pub lost: HashMap<String, i64>,
    /// Resources whose lists it gives in no order that can be asked for.
    pub unordered: BTreeSet<String>,
    /// How each resource was answered last.
    pub last: BTreeMap<String, Last>,
}

impl Memory {
    /// Returns the token that is kept, or why none is asked for yet.
    pub fn word(&self, now: i64) -> Option<Result<String, Trouble>> {
        let kept = self.token.as_ref().filter(|(_, end)| *end > now).map(|(word, _)| Ok(word.clone()));
        let refused = || self.refused.as_ref().filter(|(at, _)| now.saturating_sub(*at).abs() < REFUSED_S);
        kept.or_else(|| refused().map(|(_, why)| Err(why.clone())))
    }

    /// Returns whether a call whose token was refused is worth another try: with what another conversation has got meanwhile, or, the
    /// first time, with a new one. Many a log-in ends the token before it, so that only the refused one itself is forgotten.
    pub fn renew(&mut self, refused: &str, is_first: bool) -> bool {
        let is_kept = self.token.as_ref().is_some_and(|(word, _)| word == refused);
        if is_kept && is_first {
            self.token = None;
        }
        is_first || (!is_kept && self.token.is_some())
    }
}

/// How a resource was answered last.
#[derive(Debug, Clone)]
pub(crate) struct Last {
    pub at: DateTime<FixedOffset>,
    /// What went wrong; absent: it was answered.
    pub trouble: Option<Reason>,
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
        memory.backlog = None;
        memory.waiting.clear();
        memory.refs.clear();
        memory.lost.clear();
    }

    /// Notes whether the list of a resource was waited for in vain; the question began at `asked`.
    pub fn hear(&self, resource: &str, asked: DateTime<FixedOffset>, trouble: Option<&Trouble>) {
        let silent = &mut self.memory.borrow_mut().silent;
        if trouble.is_some_and(Trouble::is_time_out) {
            silent.insert(resource.to_owned(), asked.timestamp() + WAIT_S + SILENT_S);
        } else {
            silent.remove(resource);
        }
    }

    /// Says that a list was waited for in vain a moment ago: what others have to say must not wait for it again.
    pub fn expect_answer(&self, resource: &str, now: DateTime<FixedOffset>) -> Result<(), Trouble> {
        let until = self.memory.borrow().silent.get(resource).copied();
        let is_silent = until.is_some_and(|until| (1..=WAIT_S + SILENT_S).contains(&(until - now.timestamp())));
        if is_silent { Err(problem::of_failure(Failure::TimedOut).of(&self.name)) } else { Ok(()) }
    }

    /// Begins to sign in; where another does, returns what will be told of it if it fails.
    pub fn sign_in(&self) -> Result<Rc<SigningIn>, Failed> {
        let mut one = self.signing_in.borrow_mut();
        if let Some(begun) = one.upgrade() {
            return Err(Rc::clone(&begun.failed));
        }
        let begun = Rc::new(SigningIn::default());
        *one = Rc::downgrade(&begun);
        Ok(begun)
    }

    /// Whether it has a mapping for a resource.
    pub fn has(&self, resource: &str) -> bool {
        self.mapping.as_ref().is_none_or(|mapping| mapping.resources.contains_key(resource))
    }

    pub fn is_ours(&self) -> bool {
        self.mapping.is_none()
    }
}
