//! What moves the district on, and goes on with it when it is started again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use fengtu_domain::orders::state;
use fengtu_wire::cases::CaseState;
use fengtu_wire::ids::{CaseNumber, OrderNumber};
use fengtu_wire::orders::OrderState;

use super::{SEED, assert_legal, now};
use crate::dataset::{CaseRow, Change, ConfirmationRow, Dataset, IMPORTED_BY, MediationRow, OrderRow};
use crate::demo::orders::until;
use crate::demo::{Simulator, generate};
use crate::standing::Standing;

/// The district as it goes on, in the place of the store: what is not new, or is not there, fails.
struct Kept {
    cases: BTreeMap<CaseNumber, CaseRow>,
    orders: BTreeMap<OrderNumber, OrderRow>,
    mediations: BTreeMap<(CaseNumber, u32), MediationRow>,
    confirmations: BTreeMap<CaseNumber, ConfirmationRow>,
}

impl Kept {
    fn new() -> Self {
        let data = generate(SEED, 1500, now());
        Self {
            cases: data.cases.into_iter().map(|row| (row.number.clone(), row)).collect(),
            orders: data.orders.into_iter().map(|row| (row.number.clone(), row)).collect(),
            mediations: data.mediations.into_iter().map(|row| ((row.case.clone(), row.attempt), row)).collect(),
            confirmations: data.confirmations.into_iter().map(|row| (row.case.clone(), row)).collect(),
        }
    }

    fn standing(&self) -> Standing {
        Standing::of(&Dataset {
            cases: self.cases.values().cloned().collect(),
            orders: self.orders.values().cloned().collect(),
            mediations: self.mediations.values().cloned().collect(),
            confirmations: self.confirmations.values().cloned().collect(),
            ..Dataset::default()
        })
    }

    /// Takes the district up twice, which must come to the same, and moves it on; returns the new cases.
    fn move_on(&mut self, instants: impl Iterator<Item = DateTime<Utc>>) -> Vec<CaseRow> {
        let standing = self.standing();
        let [mut one, mut two] = [(); 2].map(|()| Simulator::new(SEED, &standing));
        let before: BTreeSet<CaseNumber> = self.cases.keys().cloned().collect();
        for at in instants {
            let changes = one.next(at);
            assert_eq!(changes, two.next(at));
            changes.into_iter().flatten().for_each(|change| self.take(change, at));
        }
        self.cases.values().for_each(assert_legal);
        self.cases.values().filter(|case| !before.contains(&case.number)).cloned().collect()
    }

    fn take(&mut self, change: Change, at: DateTime<Utc>) {
        match change {
            Change::NewCase(case) => assert!(self.cases.insert(case.number.clone(), *case).is_none()),
            Change::Step { number, event, rating } => {
                assert_eq!(rating.is_some(), event.to == CaseState::Rated);
                self.cases.get_mut(&number).unwrap().events.push(event);
            }
            Change::Order(order) => {
                assert_eq!(*order, until(&order, at), "nothing of what is yet to come");
                let (given, case) = (order.issued_at, order.case.clone());
                let there = self.orders.insert(order.number.clone(), *order);
                assert!(there.is_none_or(|there| (there.issued_at, there.case) == (given, case)), "two of one number");
            }
            Change::Mediation(row) => {
                assert!(self.cases.contains_key(&row.case) && row.ended.is_none_or(|(end, _)| end >= row.began_at));
                self.mediations.insert((row.case.clone(), row.attempt), row);
            }
            Change::Confirmation(row) => {
                assert!(row.applied_at <= at && row.confirmed_at.is_none_or(|end| end <= at));
                self.confirmations.insert(row.case.clone(), row);
            }
        }
    }

    /// Checks that orders and mediations are those of which the cases tell.
    fn assert_one_story(&self) {
        for order in self.orders.values().filter(|order| order.case.is_some()) {
            let case = &self.cases[order.case.as_ref().unwrap()];
            assert!(case.events.iter().any(|event| event.to == CaseState::Ordered && event.at == order.issued_at));
        }
        let begun = self.cases.values().flat_map(|case| &case.events).filter(|e| e.to == CaseState::Mediating).count();
        assert_eq!(self.mediations.len(), begun, "every mediation that began has a row");
        let going_on = self.cases.values().filter(|case| case.events.last().unwrap().to == CaseState::Mediating);
        let going_on: BTreeSet<_> = going_on.map(|case| &case.number).collect();
        let open: BTreeSet<_> =
            self.mediations.values().filter(|row| row.ended.is_none()).map(|row| &row.case).collect();
        assert_eq!(open, going_on, "every mediation that ended says so");
    }
}

/// Four times as fast as the clock, so that a confirmation comes to its end.
fn seconds(from: i64, to: i64) -> impl Iterator<Item = DateTime<Utc>> {
    (from..to).map(|second| now() + TimeDelta::seconds(4 * second))
}

#[test]
fn the_simulator_moves_cases_along_legal_ways_and_repeats_itself() {
    let mut kept = Kept::new();
    let (orders, confirmations) = (kept.orders.len(), kept.confirmations.len());
    let new = kept.move_on(seconds(0, 2500));
    assert!(new.len() > 200, "{}", new.len());
    assert!(kept.orders.len() > orders, "{orders}");
    let confirmed = kept.confirmations.values().filter(|row| row.applied_at > now() && row.confirmed_at.is_some());
    assert!(confirmed.count() > 0 && kept.confirmations.len() > confirmations, "{confirmations}");
    kept.assert_one_story();
}

#[test]
fn a_simulator_that_is_started_again_goes_on_and_does_nothing_twice() {
    let mut kept = Kept::new();
    let mut all: Vec<BTreeSet<String>> = Vec::new();
    // At once, and after hours in which nobody moved it, on the same local day and the next.
    for (from, to) in [(0, 600), (600, 1200), (3000, 3600), (12_000, 12_600)] {
        let new: BTreeSet<String> =
            kept.move_on(seconds(from, to)).iter().map(|case| format!("{:?}", case.parties)).collect();
        assert!(new.len() > 10, "{}", new.len());
        assert!(all.iter().all(|before| before.is_disjoint(&new)), "other people come");
        kept.assert_one_story();
        all.push(new);
    }
}

#[test]
fn what_was_under_way_comes_to_its_end_when_the_simulator_is_started_again() {
    let mut kept = Kept::new();
    kept.move_on(seconds(0, 2500));
    let standing = kept.standing();
    assert!(!standing.orders.is_empty() && !standing.confirmations.is_empty());
    kept.move_on(std::iter::once(now() + TimeDelta::days(60)));
    for row in &standing.confirmations {
        let made = &kept.confirmations[&row.case];
        assert_eq!(made.applied_at, row.applied_at);
        assert!(made.confirmed_at.unwrap() >= standing.at, "{}", row.case);
    }
    for order in &standing.orders {
        let (ended, known) = (&kept.orders[&order.number], standing.at - TimeDelta::seconds(1));
        assert_eq!(state(&ended.progress()), OrderState::Scored, "{}", order.number);
        assert_eq!(until(ended, known), until(order, known), "what had happened stays as it was");
    }
}

#[test]
fn cases_that_were_imported_are_left_alone() {
    let mut standing = Standing { orders: Vec::new(), mediations: Vec::new(), ..Kept::new().standing() };
    for case in &mut standing.cases {
        case.events[0].by = IMPORTED_BY.to_owned();
    }
    let imported: BTreeSet<CaseNumber> = standing.cases.iter().map(|case| case.number.clone()).collect();
    assert!(standing.cases.iter().any(|case| case.events.last().unwrap().holder.is_some()));
    let mut simulator = Simulator::new(SEED, &standing);
    let changes: Vec<Change> = seconds(0, 600).flat_map(|at| simulator.next(at)).flatten().collect();
    let case_of = |change: &Change| match change {
        Change::NewCase(case) => Some(case.number.clone()),
        Change::Step { number, .. } => Some(number.clone()),
        Change::Order(order) => order.case.clone(),
        Change::Mediation(row) => Some(row.case.clone()),
        Change::Confirmation(row) => Some(row.case.clone()),
    };
    let touched: BTreeSet<CaseNumber> = changes.iter().filter_map(case_of).collect();
    assert!(!touched.is_empty() && touched.is_disjoint(&imported));
}
