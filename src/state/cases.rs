//! Cases: the newest as they come, the list that was asked for, and the one that is open.

use std::collections::VecDeque;

use fengtu_wire::cases::{Case, CaseEvent, CaseSummary};
use fengtu_wire::events::CaseDot;
use fengtu_wire::ids::CaseNumber;

use super::Loadable;

/// Most live cases that are kept.
pub const MAX_RECENT: usize = 500;

/// The cases as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct CasesStore {
    /// The newest, newest first, moved by the stream.
    pub recent: VecDeque<CaseDot>,
    /// The page of the list that was asked for.
    pub list: Loadable<CaseList>,
    /// The case that is open in the drawer.
    pub open: Loadable<CaseFile>,
}

/// A list of cases as far as it was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseList {
    /// The rows.
    pub items: Vec<CaseSummary>,
    /// Where it goes on.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: Option<u64>,
}

/// One case with its way so far.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// Its steps, oldest first.
    pub events: Vec<CaseEvent>,
}

impl CasesStore {
    /// Replaces the newest cases by those of a snapshot.
    pub fn replace_recent(&mut self, dots: Vec<CaseDot>) {
        self.recent = dots.into_iter().take(MAX_RECENT).collect();
    }

    /// Takes a case that came or changed; returns whether it is new. A step of a case that is older than all of these is
    /// none of the newest.
    pub fn take(&mut self, dot: CaseDot) -> bool {
        if let Some(old) = self.recent.iter_mut().find(|old| old.number == dot.number) {
            *old = dot;
            return false;
        }
        let place = self.recent.iter().position(|old| old.reported_at <= dot.reported_at);
        if place.is_none() && !self.recent.is_empty() {
            return false;
        }
        self.recent.insert(place.unwrap_or(0), dot);
        self.recent.truncate(MAX_RECENT);
        true
    }

    /// Returns a live case.
    pub fn dot(&self, number: &CaseNumber) -> Option<&CaseDot> {
        self.recent.iter().find(|dot| dot.number == *number)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use fengtu_wire::cases::{CaseState, Class};

    use super::*;

    fn dot(number: &str, at: i64) -> CaseDot {
        CaseDot {
            number: number.into(),
            category: "noise".into(),
            class: Class::Ordinary,
            state: CaseState::Reported,
            place: None,
            at: None,
            reported_at: DateTime::from_timestamp(at, 0).unwrap_or_default().fixed_offset(),
            weight: 1,
            title: String::new(),
        }
    }

    #[test]
    fn only_what_was_reported_later_is_new() {
        let mut cases = CasesStore::default();
        assert!(cases.take(dot("b", 20)), "the first there is");
        cases.replace_recent(vec![dot("c", 30), dot("b", 20)]);
        assert!(cases.take(dot("d", 40)));
        assert!(cases.take(dot("between", 25)), "it was on its way for a while");
        assert!(!cases.take(dot("c", 30)), "a step of a case that is here");
        assert!(!cases.take(dot("a", 10)), "a step of an older one");
        let order: Vec<_> = cases.recent.iter().map(|dot| dot.number.as_str()).collect();
        assert_eq!(order, ["d", "c", "between", "b"]);
    }
}
