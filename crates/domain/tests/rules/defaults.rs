//! The built-in settings fit together.

use std::collections::BTreeSet;

use fengtu_domain::defaults;
use fengtu_wire::cases::{Channel, Class, ClockKind, Sensitivity};

use super::china;

#[test]
fn every_category_has_its_parent_before_it_and_is_at_least_as_sensitive_where_restricted() {
    let config = defaults::config(china("2025-03-03 10:00:00"));
    let mut seen = BTreeSet::new();
    for category in &config.categories {
        assert!(category.parent.as_ref().is_none_or(|parent| seen.contains(parent)), "{}", category.id);
        assert!(seen.insert(category.id.clone()), "{} twice", category.id);
        assert!(!category.name.zh.is_empty() && category.name.en.is_ascii());
    }
    let restricted: Vec<_> = config
        .categories
        .iter()
        .filter(|category| category.sensitivity == Sensitivity::Restricted)
        .map(|category| category.id.as_str())
        .collect();
    assert_eq!(
        restricted,
        [
            "mediation.domestic_violence",
            "mediation.minors",
            "psychological",
            "psychological.counselling",
            "psychological.crisis",
        ]
    );
}

#[test]
fn there_are_five_services_and_the_sixteen_kinds_of_dispute() {
    let categories = fengtu_domain::categories::tree();
    assert_eq!(categories.iter().filter(|category| category.parent.is_none()).count(), 5);
    let disputes = categories.iter().filter(|c| c.parent.as_ref().is_some_and(|parent| parent.as_str() == "mediation"));
    assert!(disputes.count() >= 16);
}

#[test]
fn every_class_has_its_three_clocks_and_every_channel_a_name() {
    let classes = defaults::classes();
    assert_eq!(classes.iter().map(|rule| rule.class).collect::<Vec<_>>(), Class::ALL);
    for rule in &classes {
        let kinds: Vec<_> = rule.clocks.iter().map(|clock| clock.kind).collect();
        assert_eq!(kinds, [ClockKind::Answer, ClockKind::Accept, ClockKind::Settle]);
    }
    assert_eq!(defaults::channels().len(), Channel::ALL.len());
}

#[test]
fn an_empty_district_claims_nothing() {
    let now = china("2025-03-03 10:00:00");
    let config = defaults::config(now);
    assert_eq!((config.root, config.bounds, config.demo), (None, None, false));
    assert_eq!((config.server_time, config.k_anonymity), (now, 5));
    assert!(config.circles.len() == 3 && config.circles.iter().all(|circle| circle.radius_m == 500.0));
    assert!(config.warning_thresholds.is_sorted());
}
