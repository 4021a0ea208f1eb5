//! Who stands out, and whether it may be chance.

use fengtu_domain::ranking::{Better, Standing, concentration, greatest, is_beyond_chance, key, standing};
use fengtu_domain::statistics::Part;
use proptest::prelude::*;

const fn part(part: u64, whole: u64) -> Part {
    Part { part, whole }
}

#[test]
fn only_what_its_own_cases_cannot_explain_is_listed() {
    let all = part(9_000, 10_000);
    let of = |own: Part| standing(own, all, Better::More);
    assert_eq!(of(part(29, 29)), Standing::Few);
    assert_eq!(of(part(40, 40)), Standing::Red);
    // 30 of 30 is better than nine in ten, but could be chance.
    assert_eq!(of(part(30, 30)), Standing::Ordinary);
    assert_eq!(of(part(88, 100)), Standing::Ordinary);
    assert_eq!(of(part(78, 100)), Standing::Yellow);
    assert_eq!(of(part(995, 1_000)), Standing::Red);
    assert_eq!(standing(part(78, 100), all, Better::Less), Standing::Red);
    assert_eq!(standing(part(30, 30), part(0, 0), Better::More), Standing::Red);
}

#[test]
fn nobody_is_listed_where_all_have_all_or_none() {
    for n in 30..3_000 {
        for (own, all) in [(part(n, n), part(7 * n, 7 * n)), (part(0, n), part(0, 7 * n))] {
            for better in [Better::More, Better::Less] {
                assert_eq!(standing(own, all, better), Standing::Ordinary, "{own:?} {better:?}");
            }
        }
    }
}

#[test]
fn few_cases_do_not_win_a_ranking() {
    assert_eq!(key(part(2, 2), Better::More), None);
    assert!(key(part(990, 1_000), Better::More) > key(part(30, 30), Better::More));
    assert!(key(part(10, 1_000), Better::Less) > key(part(0, 30), Better::Less));
}

#[test]
fn growth_is_told_from_noise() {
    assert!(!is_beyond_chance(0, 0) && !is_beyond_chance(3, 1) && !is_beyond_chance(110, 90));
    assert!(is_beyond_chance(5, 0) && is_beyond_chance(150, 100) && is_beyond_chance(100, 150));
}

#[test]
fn one_is_most_only_alone_and_of_more_than_a_few() {
    assert_eq!(greatest(&[Some(2), None, Some(3), Some(0)]), Some(2));
    assert_eq!(greatest(&[Some(3), Some(9), Some(9)]), None);
    assert_eq!(
        (greatest(&[Some(3), Some(1)]), greatest(&[Some(0), Some(0)]), greatest(&[None]), greatest(&[])),
        (None, None, None, None)
    );
}

#[test]
fn concentration_goes_from_even_to_one_place_alone() {
    let even = concentration(&[10; 10]).unwrap();
    assert_eq!((even.half, even.top_fifth), (5, 0.2));
    assert!(even.gini.abs() < 1e-12);
    let one = concentration(&[0, 0, 0, 100]).unwrap();
    assert_eq!((one.half, one.top_fifth, one.gini), (1, 1.0, 0.75));
    assert_eq!(concentration(&[0, 0]), None);
    assert_eq!(concentration(&[7]), None);
}

proptest! {
    #[test]
    fn concentration_does_not_depend_on_the_order_and_stays_within_its_bounds(
        mut counts in prop::collection::vec(0_u64..1_000, 2..40)
    ) {
        let first = concentration(&counts);
        counts.reverse();
        prop_assert_eq!(first, concentration(&counts));
        if let Some(c) = first {
            prop_assert!((-1e-9..1.0).contains(&c.gini) && c.half <= counts.len() && c.top_fifth <= 1.0);
        }
    }

    /// One more settled case never moves a place down.
    #[test]
    fn doing_better_never_ranks_lower(done in 0_u64..500, open in 1_u64..500) {
        let (before, after) = (part(done, done + open), part(done + 1, done + open));
        prop_assert!(key(after, Better::More) >= key(before, Better::More));
        prop_assert!(key(after, Better::Less) <= key(before, Better::Less));
    }
}
