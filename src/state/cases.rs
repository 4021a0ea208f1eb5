//! Cases: the newest as they come, the list that was asked for, and the one that is open.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};
use fengtu_wire::cases::{Case, CaseEvent, CaseState, CaseSummary};
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

/// Cases that came, by what they are to this page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// Those that are new.
    pub new: Vec<CaseDot>,
    /// Those from before the newest that are just reported: registered late, or amended. Whoever counts all cases knows which of
    /// them it has.
    pub late: Vec<CaseDot>,
}

impl CasesStore {
    /// Returns when the newest case was reported.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.recent.front().map(|dot| dot.reported_at.to_utc())
    }

    /// Replaces the newest cases by those of a snapshot.
    pub fn replace_recent(&mut self, dots: Vec<CaseDot>) {
        self.recent = dots.into_iter().take(MAX_RECENT).collect();
    }

    /// Takes cases that came or changed, each once; returns those that are new, or may be. A step of a case that is older than
    /// all of these is none of the newest.
    pub fn take(&mut self, dots: Vec<CaseDot>) -> Taken {
        let known: HashMap<CaseNumber, usize> =
            self.recent.iter().enumerate().map(|(index, dot)| (dot.number.clone(), index)).collect();
        let oldest = self.recent.back().map(|dot| dot.reported_at);
        let mut taken = Taken::default();
        for dot in dots {
            match known.get(&dot.number).and_then(|index| self.recent.get_mut(*index)) {
                Some(old) => *old = dot,
                None if oldest.is_none_or(|oldest| oldest <= dot.reported_at) => taken.new.push(dot),
                None if dot.state == CaseState::Reported => taken.late.push(dot),
                None => {}
            }
        }
        if !taken.new.is_empty() {
            // Stable: of those reported at the same moment the last that came stands first.
            let new = taken.new.iter().rev().cloned();
            let mut all: Vec<CaseDot> = new.chain(std::mem::take(&mut self.recent)).collect();
            fengtu_geo::order::sort_by(&mut all, |a, b| b.reported_at.cmp(&a.reported_at));
            all.truncate(MAX_RECENT);
            self.recent = all.into();
        }
        taken
    }

    /// Returns a live case.
    pub fn dot(&self, number: &CaseNumber) -> Option<&CaseDot> {
        self.recent.iter().find(|dot| dot.number == *number)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use fengtu_wire::cases::Class;

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
        let taken = |cases: &mut CasesStore, number, at| !cases.take(vec![dot(number, at)]).new.is_empty();
        assert!(taken(&mut cases, "b", 20), "the first there is");
        cases.replace_recent(vec![dot("c", 30), dot("b", 20)]);
        assert!(taken(&mut cases, "d", 40));
        assert!(taken(&mut cases, "between", 25), "it was on its way for a while");
        assert!(!taken(&mut cases, "c", 30), "a step of a case that is here");
        assert!(!taken(&mut cases, "a", 10), "a step of an older one");
        let order: Vec<_> = cases.recent.iter().map(|dot| dot.number.as_str()).collect();
        assert_eq!(order, ["d", "c", "between", "b"]);
    }

    #[test]
    fn a_case_that_is_registered_late_is_told_and_not_listed_and_a_step_of_an_old_one_is_neither() {
        let mut cases = CasesStore::default();
        cases.replace_recent(vec![dot("b", 20)]);
        let step = CaseDot { state: CaseState::Accepted, ..dot("old", 10) };
        let taken = cases.take(vec![dot("late", 10), step, dot("c", 30)]);
        assert_eq!(taken, Taken { new: vec![dot("c", 30)], late: vec![dot("late", 10)] });
        let listed: Vec<_> = cases.recent.iter().map(|dot| dot.number.as_str()).collect();
        assert_eq!(listed, ["c", "b"]);
    }

    #[test]
    fn of_a_flood_the_newest_stay_and_the_last_that_came_is_first() {
        let mut cases = CasesStore::default();
        let flood: Vec<_> = (0..2 * MAX_RECENT).map(|n| dot(&n.to_string(), 7)).collect();
        assert_eq!(cases.take(flood).new.len(), 2 * MAX_RECENT);
        assert_eq!((cases.recent.len(), cases.recent[0].number.as_str()), (MAX_RECENT, "999"));
    }
}
