//! Periods, the one before and the one a year before.

use chrono::FixedOffset;
use fengtu_domain::statistics::Period;
use proptest::prelude::*;

use super::china;

const fn span(from: i64, to: i64) -> Period {
    Period { from, to }
}

/// A span of local times in China.
fn local(from: &str, to: &str) -> Period {
    span(china(from).timestamp(), china(to).timestamp())
}

const DAY: i64 = 86_400;
const EAST_8_S: i64 = 8 * 3_600;

fn east_8() -> FixedOffset {
    FixedOffset::east_opt(8 * 3_600).unwrap()
}

fn utc() -> FixedOffset {
    FixedOffset::east_opt(0).unwrap()
}

#[test]
fn the_period_before_ends_at_the_same_time_of_day() {
    let before = |from: &str, to: &str| local(from, to).before(east_8());
    let today = before("2026-03-29 00:00:00", "2026-03-29 09:00:00");
    assert_eq!(today, local("2026-03-28 00:00:00", "2026-03-28 09:00:00"));
    let week = before("2026-03-23 00:00:00", "2026-03-29 09:00:00");
    assert_eq!(week, local("2026-03-16 00:00:00", "2026-03-22 09:00:00"));
    let whole = before("2026-03-01 00:00:00", "2026-03-29 00:00:00");
    assert_eq!(whole, local("2026-02-01 00:00:00", "2026-03-01 00:00:00"));
    // One second of a day touches it.
    let second = before("2026-03-28 00:00:00", "2026-03-29 00:00:01");
    assert_eq!(second, local("2026-03-26 00:00:00", "2026-03-27 00:00:01"));
}

#[test]
fn a_period_that_begins_at_no_local_midnight_is_beside_as_long_a_one_before() {
    assert_eq!(span(1_000, 2_000).before(utc()), span(0, 1_000));
    let midnight_elsewhere = span(DAY, DAY + 3_600);
    assert_eq!(midnight_elsewhere.before(utc()), span(0, 3_600));
    assert_eq!(midnight_elsewhere.before(east_8()), span(DAY - 3_600, DAY));
}

#[test]
fn a_year_before_are_the_same_dates_and_hours_and_29_february_is_the_28th() {
    let year = |from: &str, to: &str| local(from, to).year_before(east_8()).unwrap();
    let hours = year("2026-03-23 00:00:00", "2026-03-29 09:00:00");
    assert_eq!(hours, local("2025-03-23 00:00:00", "2025-03-29 09:00:00"));
    let leap_day = year("2024-02-29 00:00:00", "2024-03-01 00:00:00");
    assert_eq!(leap_day, local("2023-02-28 00:00:00", "2023-03-01 00:00:00"));
    // A day that ends as the 29th begins ends a year before as March begins, and is no empty one.
    let day_before_it = year("2024-02-28 00:00:00", "2024-02-29 00:00:00");
    assert_eq!(day_before_it, local("2023-02-28 00:00:00", "2023-03-01 00:00:00"));
    let after_it = year("2025-02-01 00:00:00", "2025-03-01 00:00:00");
    assert_eq!(after_it, local("2024-02-01 00:00:00", "2024-03-01 00:00:00"));
}

proptest! {
    #[test]
    fn the_period_before_is_as_long_as_it_and_touches_it_not(day in 0_i64..40_000, length in 1_i64..400 * DAY) {
        let from = day * DAY - EAST_8_S;
        let period = span(from, from + length);
        let before = period.before(east_8());
        prop_assert_eq!(before.to - before.from, length);
        prop_assert!(before.to <= period.from && period.from - before.to < DAY);
        prop_assert_eq!((period.from - before.from) % DAY, 0);
        prop_assert_eq!((period.to - before.to) % DAY, 0);
    }

    #[test]
    fn days_that_follow_one_another_have_days_before_that_do(day in 0_i64..40_000, n in 1_i64..60) {
        let from = day * DAY - EAST_8_S;
        let whole = span(from, from + n * DAY);
        prop_assert_eq!(whole.before(east_8()), span(from - n * DAY, from));
    }
}
