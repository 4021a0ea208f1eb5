//! Small counts are not shown, and cannot be worked out.

use fengtu_domain::statistics::Part;
use fengtu_domain::withholding::{coarse, safe_share, shown, suppress, suppress_shares, withhold, withhold_children};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::{Figures, Lawsuits, PlaceFigures, Share};
use fengtu_wire::warnings::Level;
use proptest::prelude::*;

fn share(part: u64, whole: u64) -> Share {
    Share { part: Some(part), whole: Some(whole) }
}

#[test]
fn lawsuits_of_single_months_and_places_are_withheld_altogether() {
    let lawsuits = Some(Lawsuits { filed: Some(900), months: 1, ended: 1, people: 1_400_000 });
    assert_eq!(withhold(Figures { lawsuits, ..Figures::default() }, 5).lawsuits, None);
}

#[test]
fn one_to_four_are_withheld_zero_and_five_are_shown() {
    let seen: Vec<_> = (0..=6).map(|count| shown(count, 5)).collect();
    assert_eq!(seen, [Some(0), None, None, None, None, Some(5), Some(6)]);
}

#[test]
fn a_single_withheld_part_takes_the_next_smallest_with_it() {
    assert_eq!(suppress(&[3, 40, 12, 90], 5), [None, Some(40), None, Some(90)]);
    assert_eq!(suppress(&[3, 4, 12, 90], 5), [None, None, Some(12), Some(90)]);
    assert_eq!(suppress(&[1, 2, 12, 90], 5), [None, None, None, Some(90)], "1 + 2 would follow from the total");
    assert_eq!(suppress(&[7, 8, 9], 5), [Some(7), Some(8), Some(9)]);
    assert_eq!(suppress(&[0, 0, 3], 5), [Some(0), Some(0), None], "the total is withheld itself");
    assert_eq!(suppress(&[], 5), []);
}

#[test]
fn the_part_that_is_left_over_is_a_count_too() {
    assert_eq!(safe_share(share(98, 100), 5), Share { part: None, whole: Some(100) });
    assert_eq!(safe_share(share(95, 100), 5), share(95, 100));
    assert_eq!(safe_share(share(100, 100), 5), share(100, 100));
    assert_eq!(safe_share(share(1, 3), 5), Share::default());
}

#[test]
fn sums_go_with_the_few_cases_they_are_of() {
    let figures =
        Figures { received: Some(2), settled: Some(0), people: Some(80), amount_fen: Some(9), ..Figures::default() };
    let kept = withhold(figures, 5);
    assert_eq!((kept.received, kept.settled, kept.people, kept.amount_fen), (None, None, None, None));
}

#[test]
fn a_coarse_count_goes_in_steps_and_none_is_as_few() {
    let seen: Vec<_> = [0, 1, 4, 5, 9, 10, 14].map(|count| coarse(count, 5)).into();
    assert_eq!(seen, [None, None, None, Some(5), Some(5), Some(10), Some(10)]);
}

#[test]
fn ratings_do_not_tell_how_many_are_settled_where_that_is_withheld() {
    let all = Figures {
        received: Some(100),
        settled: Some(80),
        rated: share(60, 80),
        satisfied: share(50, 70),
        ..Figures::default()
    };
    let kept = withhold(all.clone(), 5);
    assert_eq!((kept.rated, kept.satisfied), (share(60, 80), share(50, 70)));
    let few_unsettled = Figures { settled: Some(98), rated: share(60, 98), ..all.clone() };
    let kept = withhold(few_unsettled, 5);
    assert_eq!((kept.settled, kept.rated, kept.satisfied), (None, Share::default(), Share::default()));
    let few_unrated = withhold(Figures { rated: share(78, 80), satisfied: share(50, 78), ..all.clone() }, 5);
    assert_eq!((few_unrated.rated.part, few_unrated.satisfied), (None, Share::default()), "80 − 78 are two");
    let few_reopened = withhold(Figures { satisfied: share(50, 62), ..all.clone() }, 5);
    assert_eq!((few_reopened.rated, few_reopened.satisfied), (share(60, 80), Share::default()), "62 − 60 are two");
    let nearly_all_rated = withhold(Figures { satisfied: share(50, 98), ..all }, 5);
    assert_eq!(nearly_all_rated.satisfied, Share::default(), "100 − 98 are two");
}

#[test]
fn disputes_do_not_tell_how_few_the_other_matters_are() {
    let figures = Figures { received: Some(60), mediated: share(20, 40), ..Figures::default() };
    assert_eq!(withhold(figures.clone(), 5).mediated, share(20, 40));
    assert_eq!(withhold(Figures { received: Some(42), ..figures }, 5).mediated, Share::default(), "42 − 40 are two");
}

#[test]
fn orders_whose_minutes_still_run_cannot_be_told_from_the_others() {
    let figures = Figures { orders: Some(30), checked_in: share(20, 28), ..Figures::default() };
    let kept = withhold(figures, 5);
    assert_eq!((kept.orders, kept.checked_in), (Some(30), Share::default()), "30 − 28 are two");
    let few = withhold(Figures { orders: Some(3), checked_in: share(3, 3), ..Figures::default() }, 5);
    assert_eq!((few.orders, few.checked_in), (None, Share::default()));
    let all = withhold(Figures { orders: Some(515), checked_in: share(515, 515), ..Figures::default() }, 5);
    assert_eq!((all.orders, all.checked_in), (Some(515), share(515, 515)));
}

#[test]
fn guangmings_own_rate_is_shown() {
    let figures = Figures { received: Some(78_633), settled: Some(78_559), ..Figures::default() };
    let kept = withhold(figures, 5);
    assert_eq!((kept.received, kept.settled), (Some(78_633), Some(78_559)));
}

#[test]
fn a_row_below_does_not_give_its_neighbour_away() {
    let row = |received, settled| PlaceFigures {
        place: PlaceId::from("p"),
        level: Level::None,
        grids: [0; 3],
        received: Some(received),
        settled: Some(settled),
        open: Some(0),
        overdue: Some(0),
    };
    let mut rows = [row(3, 3), row(20, 10), row(50, 48), row(60, 20)];
    withhold_children(&mut rows, 5);
    let seen: Vec<_> = rows.iter().map(|row| (row.received, row.settled)).collect();
    assert_eq!(seen, [(None, None), (None, None), (Some(50), None), (Some(60), Some(20))]);
}

#[test]
fn a_part_that_is_withheld_alone_takes_another_with_it() {
    let rows = [Part { part: 48, whole: 50 }, Part { part: 20, whole: 60 }, Part { part: 30, whole: 90 }];
    let shown: Vec<_> = suppress_shares(&rows, 5).iter().map(|share| (share.part, share.whole)).collect();
    assert_eq!(shown, [(None, Some(50)), (None, Some(60)), (Some(30), Some(90))], "or 48 would follow from the total");
}

proptest! {
    #[test]
    fn nothing_small_follows_from_the_rows_and_their_totals(rows in prop::collection::vec((0_u64..30, 0_u64..30), 0..10), k in 1_u32..9) {
        let rows: Vec<Part> = rows.into_iter().map(|(part, rest)| Part { part, whole: part + rest }).collect();
        let small = |count: u64| count > 0 && count < u64::from(k);
        let total = |f: fn(&Part) -> u64| rows.iter().map(f).sum::<u64>();
        // Totals that are small themselves are withheld with the place's own figures.
        prop_assume!(!small(total(|r| r.part)) && !small(total(|r| r.whole)) && !small(total(|r| r.whole - r.part)));
        let shares = suppress_shares(&rows, k);
        let hidden: Vec<Part> = rows.iter().zip(&shares).filter(|(_, share)| share.part.is_none()).map(|(row, _)| *row).collect();
        let (part, whole) = hidden.iter().fold((0, 0), |(p, w), row| (p + row.part, w + row.whole));
        prop_assert!(hidden.len() != 1 || rows.iter().filter(|row| row.whole > 0).count() == 1, "{:?}", shares);
        prop_assert!(!small(part) && !small(whole - part), "{:?}", shares);
        for (row, share) in rows.iter().zip(&shares) {
            prop_assert!(share.part.is_none_or(|part| part == row.part && !small(part)));
            let rest = share.part.zip(share.whole).map(|(part, whole)| whole - part);
            prop_assert!(!rest.is_some_and(small));
        }
    }

    #[test]
    fn what_the_shown_parts_leave_of_the_total_is_never_small(counts in prop::collection::vec(0_u64..40, 0..12), k in 1_u32..9) {
        let out = suppress(&counts, k);
        let hidden: Vec<u64> = counts.iter().zip(&out).filter(|(_, shown)| shown.is_none()).map(|(&count, _)| count).collect();
        prop_assert!(out.iter().flatten().all(|&count| count == 0 || count >= u64::from(k)));
        let total: u64 = counts.iter().sum();
        if total >= u64::from(k) && !hidden.is_empty() {
            prop_assert!(hidden.len() >= 2 && hidden.iter().sum::<u64>() >= u64::from(k), "{:?}", out);
        }
        for (count, shown) in counts.iter().zip(&out) {
            prop_assert!(shown.is_none_or(|shown| shown == *count), "what is shown is true");
        }
    }

    #[test]
    fn nothing_small_follows_from_the_figures_kept(received in 0_u64..60, settled in 0_u64..60, repeats in 0_u64..60, open in 0_u64..60, overdue in 0_u64..60, soon in 0_u64..60) {
        let figures = Figures {
            received: Some(received), settled: Some(settled.min(received)), repeats: Some(repeats.min(received)),
            open: Some(open), overdue: Some(overdue.min(open)), due_soon: Some(soon.min(open - overdue.min(open))),
            ..Figures::default()
        };
        let kept = withhold(figures, 5);
        let small = |count: u64| (1..5).contains(&count);
        for (part, whole) in [(kept.settled, kept.received), (kept.repeats, kept.received), (kept.overdue, kept.open)] {
            prop_assert!(!part.is_some_and(small) && !whole.is_some_and(small));
            let rest = part.zip(whole).map(|(part, whole)| whole - part);
            prop_assert!(!rest.is_some_and(small), "{:?} of {:?}", part, whole);
        }
        let calm = kept.open.zip(kept.overdue).zip(kept.due_soon).map(|((open, late), soon)| open - late - soon);
        prop_assert!(!kept.due_soon.is_some_and(small) && !calm.is_some_and(small));
        prop_assert!(kept.due_soon.is_none() || kept.overdue.is_some(), "the two together follow from what is left");
    }
}
