//! What moves the district on.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use fengtu_wire::cases::CaseState;

use super::{SEED, assert_legal, now};
use crate::dataset::{CaseRow, Change};
use crate::demo::orders::until;
use crate::demo::{Simulator, generate};

#[test]
fn the_simulator_moves_cases_along_legal_ways_and_repeats_itself() {
    let district = generate(SEED, 1500, now());
    let mut cases: BTreeMap<_, _> = district.cases.iter().map(|c| (c.number.clone(), c.clone())).collect();
    let (mut one, mut two) = (Simulator::new(SEED, &district), Simulator::new(SEED, &district));
    let (mut given, mut mediations, mut confirmed) = (BTreeMap::new(), BTreeMap::new(), 0);
    for second in 0..2500 {
        // Four times as fast as the clock, so that a confirmation comes to its end.
        let at = now() + TimeDelta::seconds(4 * second);
        let changes = one.next(at);
        assert_eq!(changes, two.next(at));
        for change in changes {
            match change {
                Change::NewCase(case) => assert!(cases.insert(case.number.clone(), *case).is_none()),
                Change::Step { number, event, rating } => {
                    assert_eq!(rating.is_some(), event.to == CaseState::Rated);
                    cases.get_mut(&number).unwrap().events.push(event);
                }
                Change::Order(order) => {
                    assert_eq!(*order, until(&order, at), "nothing of what is yet to come");
                    given.insert(order.number.clone(), *order);
                }
                Change::Mediation(row) => {
                    assert!(cases.contains_key(&row.case) && row.ended.is_none_or(|(end, _)| end >= row.began_at));
                    mediations.insert((row.case.clone(), row.attempt), row);
                }
                Change::Confirmation(row) => {
                    assert!(row.applied_at <= at && row.confirmed_at.is_none_or(|end| end <= at));
                    confirmed += usize::from(row.confirmed_at.is_some());
                }
            }
        }
    }
    assert!(cases.len() > 1700, "{}", cases.len());
    cases.values().for_each(assert_legal);
    assert!(!given.is_empty() && confirmed > 0, "{} orders, {confirmed} confirmations", given.len());
    for order in given.values() {
        let case = &cases[order.case.as_ref().unwrap()];
        assert!(case.events.iter().any(|event| event.to == CaseState::Ordered && event.at == order.issued_at));
    }
    // Every mediation that began here has a row, and every row that ended says so.
    let begun = |case: &CaseRow| case.events.iter().filter(|e| e.to == CaseState::Mediating && e.at > now()).count();
    assert_eq!(
        mediations.values().filter(|row| row.began_at > now()).count(),
        cases.values().map(begun).sum::<usize>()
    );
    let open = mediations.values().filter(|row| row.ended.is_none()).count();
    let going_on = cases.values().filter(|case| case.events.last().unwrap().to == CaseState::Mediating);
    assert_eq!(open, going_on.filter(|case| begun(case) > 0).count());
}
