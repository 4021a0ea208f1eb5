//! Warnings tried on the past.

use fengtu_domain::trial::{Chance, HORIZON_DAYS, Outcome, Series, add, add_chance, episodes, judged};
use proptest::prelude::*;

/// A place whose score is high on some days, and where something grave happened on others.
fn place(days: usize, high: &[usize], grave: &[usize]) -> (Vec<f32>, Vec<u16>) {
    let is = |list: &[usize], day: usize| list.contains(&day);
    (
        (0..days).map(|d| if is(high, d) { 50.0 } else { 1.0 }).collect(),
        (0..days).map(|d| u16::from(is(grave, d))).collect(),
    )
}

fn outcome(scores: &[f32], grave: &[u16], threshold: f64) -> Outcome {
    let mut outcome = Outcome::default();
    add(&mut outcome, Series { scores, grave }, threshold);
    outcome
}

#[test]
fn a_warning_is_right_by_what_follows_and_not_by_what_was_its_reason() {
    let (scores, grave) = place(120, &[10, 11, 12, 50], &[9, 55]);
    // The first had its reason the day before, and nothing after; the second was followed within five days.
    assert_eq!(outcome(&scores, &grave, 40.0), Outcome { given: 2, judged: 2, right: 1, days: 4 });
    // On the very day it is given counts as after: scores are those of the day's start.
    let (scores, grave) = place(120, &[10], &[10]);
    assert_eq!(outcome(&scores, &grave, 40.0).right, 1);
}

#[test]
fn one_too_young_to_be_judged_is_neither_right_nor_wrong() {
    let (scores, grave) = place(60, &[40], &[41]);
    assert_eq!(outcome(&scores, &grave, 40.0), Outcome { given: 1, judged: 0, right: 0, days: 1 });
    let (scores, grave) = place(60, &[30], &[59]);
    assert_eq!(outcome(&scores, &grave, 40.0).right, 1);
    assert_eq!(judged(Series { scores: &scores, grave: &grave }, 31), None);
}

#[test]
fn what_was_high_from_the_first_day_was_given_before() {
    let (scores, grave) = place(100, &[0, 1, 2, 20], &[]);
    assert_eq!(outcome(&scores, &grave, 40.0).given, 1);
}

#[test]
fn episodes_have_their_ends_and_their_highest() {
    let scores = [1.0, 30.0, 45.0, 1.0, 30.0];
    let grave = [0, 0, 2, 0, 1];
    let found = episodes(Series { scores: &scores, grave: &grave }, 20.0);
    let told: Vec<_> = found.iter().map(|e| (e.from, e.to, e.highest, e.grave, e.right)).collect();
    assert_eq!(told, [(1, 3, 45.0, 3, None), (4, 5, 30.0, 1, None)]);
}

#[test]
fn a_time_that_ran_already_on_the_first_day_is_no_episode_as_it_is_no_warning() {
    let (scores, grave) = place(100, &[0, 1, 2, 20, 21], &[1]);
    let found = episodes(Series { scores: &scores, grave: &grave }, 40.0);
    assert_eq!(found.iter().map(|one| (one.from, one.to)).collect::<Vec<_>>(), [(20, 22)]);
}

#[test]
fn chance_is_over_every_day_that_can_be_judged() {
    let (scores, grave) = place(100, &[], &[40]);
    let mut chance = Chance::default();
    add_chance(&mut chance, Series { scores: &scores, grave: &grave });
    assert_eq!(chance, Chance { judged: 100 - HORIZON_DAYS as u64, right: HORIZON_DAYS as u64 });
}

proptest! {
    #[test]
    fn a_higher_threshold_is_reached_on_fewer_days(scores in prop::collection::vec((0.0..100.0).prop_map(|v: f64| v as f32), 1..90), low in 0.0_f64..50.0) {
        let grave = vec![0; scores.len()];
        let days = |threshold: f64| outcome(&scores, &grave, threshold).days;
        prop_assert!(days(low) >= days(low + 20.0));
    }

    #[test]
    fn a_place_has_as_many_episodes_as_the_trial_counts_warnings(
        past in prop::collection::vec(((0.0..100.0).prop_map(|v: f64| v as f32), 0_u16..2), 1..120),
        threshold in 0.0_f64..100.0,
    ) {
        let (scores, grave): (Vec<f32>, Vec<u16>) = past.into_iter().unzip();
        let found = episodes(Series { scores: &scores, grave: &grave }, threshold);
        let count = |right: &dyn Fn(Option<bool>) -> bool| found.iter().filter(|one| right(one.right)).count() as u32;
        let told = outcome(&scores, &grave, threshold);
        prop_assert_eq!(told.given, found.len() as u32);
        prop_assert_eq!((told.judged, told.right), (count(&|r| r.is_some()), count(&|r| r == Some(true))));
    }
}
