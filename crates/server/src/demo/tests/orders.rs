//! Orders, mediations and confirmations of the district.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use fengtu_wire::cases::{CaseState, Sensitivity};

use super::{CASES, DISTRICT, now};
use crate::demo::orders::until;

#[test]
fn orders_are_guangmings_proportion_and_the_last_years_belong_to_cases() {
    let wanted = (CASES * 515).div_ceil(80_000);
    assert!(DISTRICT.orders.len().abs_diff(wanted) < 6, "{} of {wanted}", DISTRICT.orders.len());
    let cases: BTreeMap<_, _> = DISTRICT.cases.iter().map(|case| (&case.number, case)).collect();
    let ordered = DISTRICT.cases.iter().flat_map(|case| &case.events).filter(|e| e.to == CaseState::Ordered).count();
    let (tied, before): (Vec<_>, Vec<_>) = DISTRICT.orders.iter().partition(|order| order.case.is_some());
    assert_eq!(tied.len(), ordered, "one for each time that a case came to be ordered");
    assert!(tied.len() > 5 && before.len() > tied.len());
    let first: DateTime<Utc> = "2022-01-04T00:00:00Z".parse().unwrap();
    assert!(before.iter().all(|order| order.issued_at >= first && order.issued_at < now() - TimeDelta::days(365)));
    for order in &tied {
        let case = cases[order.case.as_ref().unwrap()];
        assert_eq!((&order.place, order.sensitivity), (case.place.as_ref().unwrap(), case.sensitivity));
    }
    assert!(DISTRICT.orders.is_sorted_by_key(|order| order.issued_at));
    let numbers: BTreeSet<_> = DISTRICT.orders.iter().map(|order| &order.number).collect();
    assert_eq!(numbers.len(), DISTRICT.orders.len());
}

#[test]
fn nearly_every_order_is_answered_in_time_by_somebody_of_rank() {
    let (mut in_time, mut all) = (0, 0);
    for order in &DISTRICT.orders {
        assert!(!order.departments.is_empty() && *order == until(order, now()), "{}", order.number);
        let names: BTreeSet<_> = order.departments.iter().map(|one| &one.department).collect();
        assert_eq!(names.len(), order.departments.len(), "{}", order.number);
        for check_in in order.departments.iter().filter_map(|one| one.check_in.as_ref()) {
            assert!(check_in.rank >= order.least_rank && check_in.people >= order.people, "{}", order.number);
            assert!(check_in.at >= order.issued_at && !order.title.contains(&check_in.person));
            all += 1;
            in_time += u32::from(check_in.at <= order.issued_at + TimeDelta::seconds(order.check_in_s.into()));
        }
    }
    assert!(all > 80 && f64::from(in_time) / f64::from(all) > 0.95, "{in_time} of {all}");
}

#[test]
fn mediations_and_confirmations_are_what_the_cases_say() {
    let opened = DISTRICT.cases.iter().flat_map(|case| &case.events).filter(|e| e.to == CaseState::Mediating).count();
    assert_eq!(DISTRICT.mediations.len(), opened);
    let keys: BTreeSet<_> = DISTRICT.mediations.iter().map(|row| (&row.case, row.attempt)).collect();
    assert_eq!(keys.len(), opened);
    let cases: BTreeMap<_, _> = DISTRICT.cases.iter().map(|case| (&case.number, case)).collect();
    for row in &DISTRICT.confirmations {
        let case = cases[&row.case];
        assert!(case.sensitivity < Sensitivity::Restricted, "{}", case.number);
        let agreed = case.events.iter().any(|e| e.to == CaseState::Resolved && e.at <= row.applied_at);
        assert!(agreed && row.applied_at <= now(), "{}", case.number);
    }
    assert!((100..800).contains(&DISTRICT.confirmations.len()), "{}", DISTRICT.confirmations.len());
}
