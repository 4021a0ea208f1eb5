//! Whole months that ended in a period: over the turn of a year, in leap years, and back.

use fengtu_domain::months::{Month, When, back, is_told, month, of_services, told};
use fengtu_domain::statistics::Period;
use proptest::prelude::*;

use super::china;

fn period(from: &str, to: &str) -> Period {
    let at = |day: &str| china(&format!("{day} 00:00:00")).timestamp();
    Period { from: at(from), to: at(to) }
}

#[test]
fn months_are_told_in_the_period_in_which_they_end() {
    let table: [(&str, &str, &[Month]); 9] = [
        ("2025-10-01", "2026-01-01", &[(2025, 10), (2025, 11), (2025, 12)]),
        ("2025-12-15", "2026-02-15", &[(2025, 12), (2026, 1)]),
        ("2025-12-31", "2026-01-01", &[(2025, 12)]),
        // The day after a month's last is not in it any more.
        ("2026-01-01", "2026-01-31", &[]),
        // A leap day is the last of its February, and the 28th is not.
        ("2024-02-28", "2024-02-29", &[]),
        ("2024-02-29", "2024-03-01", &[(2024, 2)]),
        ("2026-02-28", "2026-03-01", &[(2026, 2)]),
        ("2100-02-28", "2100-03-01", &[(2100, 2)]),
        ("2026-03-05", "2026-03-05", &[]),
    ];
    let now = china("2101-01-01 00:00:00");
    for (from, to, months) in table {
        assert_eq!(told(period(from, to), now), months, "{from} to {to}");
    }
    let january = period("2026-01-01", "2026-02-01");
    assert!(is_told((2026, 1), january, now) && !is_told((2025, 12), january, now), "which ended as it began");
}

#[test]
fn a_month_that_is_not_over_is_told_of_no_period() {
    let quarter = period("2025-10-01", "2026-01-01");
    let at = |now: &str| told(quarter, china(now)).len();
    assert_eq!((at("2025-10-31 23:59:59"), at("2025-11-01 00:00:00"), at("2025-12-31 23:59:59")), (0, 1, 2));
    assert_eq!(at("2026-01-01 00:00:00"), 3);
}

#[test]
fn services_are_of_the_last_month_where_a_period_holds_the_end_of_none() {
    let now = china("2026-03-31 10:00:00");
    let of = |from, to, when| of_services(period(from, to), when, now);
    // Thirty days on the 31st of March, and on the 2nd.
    assert_eq!(of("2026-03-01", "2026-03-31", When::Now), [(2026, 2)]);
    assert_eq!(of("2026-03-01", "2026-03-31", When::Before), [(2026, 1)], "and not February once more");
    assert_eq!(of("2026-01-31", "2026-03-02", When::Now), [(2026, 1), (2026, 2)]);
    assert_eq!(of("2026-01-31", "2026-03-02", When::Before), [(2025, 11), (2025, 12)]);
    assert_eq!(of("2026-03-20", "2026-04-20", When::Now), [(2026, 2)], "March is not over");
    assert_eq!(of("2026-01-03", "2026-01-10", When::YearBefore), [(2024, 12)]);
}

#[test]
fn so_many_months_before_cross_years() {
    let table: [(Month, u32, Month); 6] = [
        ((2026, 1), 1, (2025, 12)),
        ((2026, 1), 12, (2025, 1)),
        ((2026, 2), 14, (2024, 12)),
        ((2024, 2), 12, (2023, 2)),
        ((2026, 12), 0, (2026, 12)),
        ((2026, 12), 24, (2024, 12)),
    ];
    for (from, months, expected) in table {
        assert_eq!(back(from, months), expected, "{months} before {from:?}");
    }
}

/// An instant within a hundred years, as seconds, and a span up to four years.
fn span() -> impl Strategy<Value = Period> {
    let days = |years: i64| years * 366 * 86_400;
    (0..days(100), 0..days(4)).prop_map(|(from, length)| Period { from, to: from + length })
}

proptest! {
    #[test]
    fn months_follow_one_another_and_each_is_over(period in span(), now in 0_i64..4_000_000_000) {
        let now = chrono::DateTime::from_timestamp(now, 0).unwrap().with_timezone(china("2026-01-01 00:00:00").offset());
        let all = told(period, now);
        prop_assert!(all.windows(2).all(|pair| back(pair[1], 1) == pair[0]), "none is left out or told twice: {all:?}");
        prop_assert!(all.iter().all(|&each| is_told(each, period, now)));
        // Those right before the first and right after the last are not of the period.
        if let (Some(&first), Some(&last)) = (all.first(), all.last()) {
            prop_assert!(!is_told(back(first, 1), period, now));
            let after = if last.1 == 12 { (last.0 + 1, 1) } else { (last.0, last.1 + 1) };
            prop_assert!(!is_told(after, period, now));
            prop_assert!(after <= month(period.to.min(now.timestamp()), *now.offset()));
        }
    }

    #[test]
    fn a_period_cut_in_two_tells_each_month_once(period in span(), at in 0.0_f64..=1.0) {
        let now = china("2101-01-01 00:00:00");
        let cut = period.from + ((period.to - period.from) as f64 * at) as i64;
        let (first, second) = (Period { to: cut, ..period }, Period { from: cut, ..period });
        let both: Vec<Month> = told(first, now).into_iter().chain(told(second, now)).collect();
        prop_assert_eq!(both, told(period, now));
    }

    #[test]
    fn back_and_back_again_is_back_at_once(year in 1900_i32..2200, number in 1_u32..=12, a in 0_u32..60, b in 0_u32..60) {
        let from = (year, number);
        prop_assert_eq!(back(back(from, a), b), back(from, a + b));
        prop_assert!((1..=12).contains(&back(from, a).1) && back(from, 12) == (year - 1, number));
    }
}
