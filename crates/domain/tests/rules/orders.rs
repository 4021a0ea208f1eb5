//! Orders, and what they ask for.

use std::collections::BTreeSet;

use fengtu_domain::defaults;
use fengtu_domain::orders::{Progress, answered_at, state};
use fengtu_wire::cases::Class;
use fengtu_wire::orders::{OrderKind, OrderState};

const fn at(checked_in_at: Option<i64>, reported: bool, scored: bool) -> Progress {
    Progress { checked_in_at, reported, scored }
}

#[test]
fn an_order_is_as_far_as_the_last_of_its_departments() {
    let done = at(Some(5), true, true);
    assert_eq!(state(&[done, at(None, false, false)]), OrderState::Issued);
    assert_eq!(state(&[done, at(Some(9), false, false)]), OrderState::CheckedIn);
    assert_eq!(state(&[done, at(Some(9), true, false)]), OrderState::Reported);
    assert_eq!(state(&[done, done]), OrderState::Scored);
    assert_eq!(state(&[]), OrderState::Issued, "nobody was ordered, so nobody has come");
}

#[test]
fn it_is_answered_when_the_last_has_come() {
    assert_eq!(answered_at(&[at(Some(5), true, true), at(Some(9), false, false)]), Some(9));
    assert_eq!(answered_at(&[at(Some(5), true, true), at(None, false, false)]), None);
    assert_eq!(answered_at(&[]), None);
}

#[test]
fn every_kind_has_its_minutes_rank_and_number_for_every_class() {
    let rules = defaults::orders();
    let keys: BTreeSet<_> = rules.iter().map(|rule| (rule.kind, rule.class)).collect();
    assert_eq!((rules.len(), keys.len()), (OrderKind::ALL.len() * Class::ALL.len(), rules.len()));
    let minutes = |kind| rules.iter().find(|rule| rule.kind == kind).map(|rule| rule.check_in_s / 60);
    assert!(minutes(OrderKind::Emergency) < minutes(OrderKind::Quick));
    assert!(rules.iter().all(|rule| rule.people > 0 && rule.check_in_s >= 600));
}
