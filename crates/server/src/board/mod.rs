//! What the map asks for all the time, held in memory: the tree, the facts of every case, today's warnings.
//!
//! The database is the truth; this is built from it at the start and follows its change log. Reading order: the tree,
//! the facts (at a glance), then what is made of them: figures (with the orders; cube: cut by cause, place and time, counted by tally;
//! sheets: that as tables; by months: services, lawsuits), warnings (risk, history, handled, trial), heat.

use std::collections::HashMap;
use std::ops::Range;

use fengtu_wire::cases::{CaseState, Sensitivity};
use fengtu_wire::config::Config;
use fengtu_wire::ids::{CaseNumber, CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::Level;

use crate::store::cases::CaseFact as StoredFact;

pub mod asked;
pub mod cube;
mod cube_masked;
pub mod facts;
pub mod figures;
pub mod glance;
pub mod handled;
pub mod heat;
pub mod history;
pub mod lawsuits;
pub mod masks;
pub mod next;
pub mod orders;
pub mod risk;
mod services;
pub mod sheets;
mod sums;
mod tally;
pub mod tree;
pub mod trial;

#[cfg(test)]
mod tests;

use facts::{Packed, Rules};
use glance::Glance;
use orders::Orders;
use risk::Risk;
use tree::{Ix, NOWHERE, Node, Tree};

/// The number of a case in memory; it stays the same while the board lives.
pub type Slot = u32;

/// The derived index. Reading it is a matter of microseconds to a few milliseconds, so a lock around it is enough.
#[derive(Debug)]
pub struct Board {
    /// The organisation tree.
    pub tree: Tree,
    /// Warnings now.
    pub risk: Risk,
    /// Orders and judicial confirmations.
    pub orders: Orders,
    handled: handled::Handled,
    /// Lawsuits by place and month.
    pub lawsuits: lawsuits::Filings,
    /// Counts up with each change and each minute: what was computed for one number need not be computed again.
    pub version: u64,
    /// Fewest cases that a count shows to those who may not see them.
    pub k: u32,
    /// Whether the district tells of any mediation, so that none in a period is a nought and not unknown.
    has_mediations: bool,
    confirmation_s: Option<u32>,
    rules: Rules,
    categories: Categories,
    cases: Vec<Packed>,
    glances: Vec<Glance>,
    numbers: Vec<Box<str>>,
    titles: Vec<Box<str>>,
    by_number: Vec<Slot>,
    by_time: Vec<Slot>,
    by_place: Vec<Vec<Slot>>,
}

impl Board {
    /// Builds the index over a district as it is at `now` (Unix seconds).
    pub fn new(config: &Config, nodes: Vec<Node>, stored: &[StoredFact], now: i64) -> Self {
        let tree = Tree::new(nodes);
        let mut board = Self {
            risk: Risk::new(&tree, config),
            by_place: vec![Vec::new(); tree.len()],
            tree,
            orders: Orders::default(),
            handled: handled::Handled::default(),
            lawsuits: lawsuits::Filings::default(),
            version: 0,
            k: config.k_anonymity,
            has_mediations: false,
            confirmation_s: config.confirmation_s,
            rules: Rules::new(config),
            categories: Categories::new(config),
            cases: Vec::with_capacity(stored.len()),
            glances: Vec::with_capacity(stored.len()),
            numbers: Vec::with_capacity(stored.len()),
            titles: Vec::with_capacity(stored.len()),
            by_number: Vec::new(),
            by_time: Vec::new(),
        };
        for fact in stored {
            board.push(fact);
        }
        board.sort();
        board.tick(now);
        board
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Takes over a case as it is after a change; returns the places whose warning level changed with it.
    pub fn apply(&mut self, stored: &StoredFact, now: i64) -> Vec<Ix> {
        self.version += 1;
        let fresh = self.pack(stored);
        let place = fresh.place();
        let mut touched = vec![place];
        match self.find(&stored.number) {
            Some(slot) => touched.extend(self.replace(slot, fresh).filter(|&before| before != place)),
            None => self.insert(stored, fresh),
        }
        self.rescore(&touched, now)
    }

    /// Computes every warning anew, as clocks run out without anything happening; returns the places that changed.
    pub fn tick(&mut self, now: i64) -> Vec<Ix> {
        self.version += 1;
        let direct = risk::direct(&self.tree, self.cases(), self.risk.scale().windows(), now);
        self.risk.replace(&self.tree, direct, now)
    }

    /// Finds a case by its number.
    pub fn find(&self, number: &CaseNumber) -> Option<Slot> {
        let at = self.by_number.binary_search_by(|&slot| self.number(slot).cmp(number.as_str())).ok()?;
        self.by_number.get(at).copied()
    }

    /// Returns a case's number.
    pub fn number(&self, slot: Slot) -> &str {
        self.numbers.get(slot as usize).map_or("", |number| number)
    }

    /// Returns what a case says, in a line; as it was stored, not scrubbed.
    pub fn title(&self, slot: Slot) -> &str {
        self.titles.get(slot as usize).map_or("", |title| title)
    }

    /// Returns a case.
    pub fn case(&self, slot: Slot) -> Option<&Packed> {
        self.cases.get(slot as usize)
    }

    /// Returns every case, in no particular order.
    pub fn cases(&self) -> impl Iterator<Item = &Packed> {
        self.cases.iter()
    }

    /// Returns what decides whether a case has to be looked at, by slot.
    pub fn glances(&self) -> &[Glance] {
        &self.glances
    }

    /// Returns the cases reported in a span of Unix seconds, oldest first, with their slots.
    pub fn reported(&self, span: Range<i64>) -> impl DoubleEndedIterator<Item = (Slot, &Packed)> {
        let from = self.first_since(span.start);
        let to = self.first_since(span.end).max(from);
        let slots = self.by_time.get(from..to).unwrap_or_default();
        slots.iter().filter_map(|&slot| Some((slot, self.case(slot)?)))
    }

    /// Returns the names of categories.
    pub const fn categories(&self) -> &Categories {
        &self.categories
    }

    /// Returns since when a place has had its level (Unix seconds): as far as the last 60 days tell, to the day, else
    /// to the second at which this process saw it change.
    pub fn since(&self, ix: Ix, level: Level, seen: i64) -> i64 {
        history::since(self, ix, level, seen)
    }

    /// Returns the cases inside a node.
    pub fn inside(&self, ix: Ix) -> impl Iterator<Item = &Packed> {
        let slots = self.tree.inside(ix).filter_map(|ix| self.by_place.get(ix as usize)).flatten();
        slots.filter_map(|&slot| self.case(slot))
    }

    fn first_since(&self, at: i64) -> usize {
        self.by_time.partition_point(|&slot| self.case(slot).is_some_and(|case| case.reported_at() < at))
    }

    fn pack(&mut self, stored: &StoredFact) -> Packed {
        let place = stored.place.as_ref().and_then(|id| self.tree.find(id)).unwrap_or(NOWHERE);
        let category = self.categories.number(&stored.category);
        self.has_mediations |= stored.steps.iter().any(|step| step.1 == CaseState::Mediating);
        Packed::new(stored, place, category, &self.rules)
    }

    fn push(&mut self, stored: &StoredFact) -> Slot {
        let case = self.pack(stored);
        self.push_packed(stored, case)
    }

    fn push_packed(&mut self, stored: &StoredFact, case: Packed) -> Slot {
        let slot = self.cases.len() as Slot;
        if let Some(list) = self.by_place.get_mut(case.place() as usize) {
            list.push(slot);
        }
        self.glances.push(self.glance(&case));
        self.cases.push(case);
        self.numbers.push(stored.number.as_str().into());
        self.titles.push(stored.title.as_str().into());
        slot
    }

    fn sort(&mut self) {
        let all = 0..self.cases.len() as Slot;
        let mut by_time: Vec<Slot> = all.clone().collect();
        by_time.sort_by_key(|&slot| self.case(slot).map(Packed::reported_at));
        let mut by_number: Vec<Slot> = all.collect();
        by_number.sort_by(|&a, &b| self.number(a).cmp(self.number(b)));
        (self.by_time, self.by_number) = (by_time, by_number);
    }

    fn insert(&mut self, stored: &StoredFact, case: Packed) {
        // Late arrivals go where their time is; the usual place is the end.
        let by_time = self.first_since(case.reported_at().saturating_add(1));
        let by_number = self.by_number.partition_point(|&slot| self.number(slot) < stored.number.as_str());
        let slot = self.push_packed(stored, case);
        self.by_time.insert(by_time, slot);
        self.by_number.insert(by_number, slot);
    }

    /// Puts a case in the place of what it was before; returns where that was.
    fn replace(&mut self, slot: Slot, fresh: Packed) -> Option<Ix> {
        let (reported_at, place) = self.case(slot).map(|old| (old.reported_at(), old.place()))?;
        if reported_at != fresh.reported_at() {
            let (since, until) = (self.first_since(reported_at), self.first_since(reported_at + 1));
            if let Some(at) = (since..until).find(|&at| self.by_time.get(at) == Some(&slot)) {
                self.by_time.remove(at);
                let to = self.first_since(fresh.reported_at().saturating_add(1));
                self.by_time.insert(to, slot);
            }
        }
        if place != fresh.place() {
            if let Some(list) = self.by_place.get_mut(place as usize) {
                list.retain(|&other| other != slot);
            }
            if let Some(list) = self.by_place.get_mut(fresh.place() as usize) {
                list.push(slot);
            }
        }
        let glance = self.glance(&fresh);
        if let (Some(case), Some(known)) = (self.cases.get_mut(slot as usize), self.glances.get_mut(slot as usize)) {
            (*case, *known) = (fresh, glance);
        }
        Some(place)
    }

    fn glance(&self, case: &Packed) -> Glance {
        Glance::of(case, figures::may_count(self, case))
    }

    fn rescore(&mut self, touched: &[Ix], now: i64) -> Vec<Ix> {
        let (mut changed, windows) = (Vec::new(), self.risk.scale().windows());
        for &place in touched {
            let Some(slots) = self.by_place.get(place as usize) else { continue };
            let cases = slots.iter().filter_map(|&slot| self.cases.get(slot as usize));
            let signals = risk::signals(cases, windows, now);
            changed.extend(self.risk.update(&self.tree, place, signals, now));
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }
}

/// The categories, numbered; those of cases that the settings do not list come after the others.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    ids: Vec<CategoryId>,
    parents: Vec<Option<CategoryId>>,
    least: Vec<Sensitivity>,
    by_id: HashMap<CategoryId, u16>,
}

impl Categories {
    fn new(config: &Config) -> Self {
        let mut all = Self::default();
        for category in &config.categories {
            let number = all.number(&category.id) as usize;
            if let (Some(parent), Some(least)) = (all.parents.get_mut(number), all.least.get_mut(number)) {
                (*parent, *least) = (category.parent.clone(), category.sensitivity);
            }
        }
        all
    }

    /// Returns an id's number, giving it the next one where it has none.
    fn number(&mut self, id: &CategoryId) -> u16 {
        if let Some(&number) = self.by_id.get(id) {
            return number;
        }
        // 65,536 categories are no district's: the rest share the last number.
        let number = u16::try_from(self.ids.len()).unwrap_or(u16::MAX);
        if number < u16::MAX {
            self.ids.push(id.clone());
            self.parents.push(None);
            self.least.push(Sensitivity::Public);
        }
        self.by_id.insert(id.clone(), number);
        number
    }

    /// Returns a category's id.
    pub fn id(&self, number: u16) -> Option<&CategoryId> {
        self.ids.get(usize::from(number))
    }

    /// Whether a category is of a restricted kind.
    pub fn is_restricted(&self, number: u16) -> bool {
        self.least(number) == Sensitivity::Restricted
    }

    /// Returns the least sensitivity of a category's cases; of one that is not known, that which restricts nothing.
    pub fn least(&self, number: u16) -> Sensitivity {
        self.least.get(usize::from(number)).copied().unwrap_or(Sensitivity::Public)
    }

    /// Whether a category is one of disputes.
    pub fn is_dispute(&self, number: usize) -> bool {
        self.ids.get(number).is_some_and(fengtu_domain::categories::is_dispute)
    }

    /// Returns which numbers a list of ids covers, first-level ones with all below them; `None` for an unknown id.
    pub fn covered(&self, wanted: &[CategoryId]) -> Option<Vec<bool>> {
        let known = wanted.iter().all(|id| self.by_id.contains_key(id));
        let covers = |(id, parent): (&CategoryId, &Option<CategoryId>)| {
            wanted.contains(id) || parent.as_ref().is_some_and(|parent| wanted.contains(parent))
        };
        known.then(|| self.ids.iter().zip(&self.parents).map(covers).collect())
    }

    /// Number of categories.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// A part of the district: one node with all below it, or everything, cases at no known place included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything.
    All,
    /// A node.
    Node(Ix),
}

impl Scope {
    /// Returns the scope of a node; of the only top of the tree, that is everything.
    pub fn of(tree: &Tree, id: &PlaceId) -> Option<Self> {
        tree.find(id).map(Self::Node)
    }

    /// Returns the numbers of nodes inside it.
    pub fn range(self, tree: &Tree) -> Range<Ix> {
        match self {
            Self::All => tree.numbers(),
            Self::Node(ix) => tree.inside(ix),
        }
    }

    /// Whether something at this node (or nowhere) is inside.
    pub fn holds(self, tree: &Tree, place: Ix) -> bool {
        match self {
            Self::All => true,
            Self::Node(ix) => tree.inside(ix).contains(&place),
        }
    }
}

/// Levels that carry warnings of their own.
pub const WARNED: [PlaceLevel; 3] = [PlaceLevel::Street, PlaceLevel::Community, PlaceLevel::Grid];
