//! Working days and make-up days.

use chrono::{Datelike, NaiveDate};
use fengtu_domain::calendar::{WorkCalendar, built_in};
use fengtu_wire::config::DayKind;
use proptest::prelude::*;

use super::{day, work_calendar};

#[test]
fn the_announced_years_have_251_248_and_248_working_days() {
    let calendar = work_calendar();
    for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let of_year = first.iter_days().take_while(|day| day.year() == year);
        assert_eq!(of_year.filter(|&day| calendar.is_working_day(day).unwrap()).count(), expected, "{year}");
    }
}

#[test]
fn every_line_of_the_announcement_is_read() {
    let calendar = built_in();
    assert_eq!(calendar.years, [2024, 2025, 2026]);
    let holidays = calendar.days.iter().filter(|day| day.kind == DayKind::Holiday).count();
    assert_eq!((holidays, calendar.days.len()), (89, 108));
    assert!(calendar.days.is_sorted_by_key(|day| day.date), "ascending, as the contract says");
}

#[test]
fn a_make_up_sunday_is_worked_and_a_holiday_monday_is_not() {
    let calendar = work_calendar();
    assert_eq!(calendar.is_working_day(day("2025-09-28")), Some(true), "Sunday, 调休");
    assert_eq!(calendar.is_working_day(day("2025-10-06")), Some(false), "Monday, 中秋");
    assert_eq!(calendar.is_working_day(day("2025-09-27")), Some(false), "an ordinary Saturday");
    assert_eq!(calendar.is_working_day(day("2025-09-29")), Some(true), "an ordinary Monday");
}

#[test]
fn a_year_that_is_not_announced_is_not_known() {
    let calendar = work_calendar();
    assert_eq!(calendar.is_working_day(day("2027-01-04")), None);
    assert_eq!(calendar.nth_working_day_after(day("2026-12-31"), 1), None);
    assert_eq!(calendar.nth_working_day_after(day("2026-12-30"), 1), Some(day("2026-12-31")));
    assert_eq!(calendar.is_working_day(day("2023-12-29")), None);
}

#[test]
fn the_third_working_day_jumps_the_national_holiday() {
    let calendar = work_calendar();
    let third = calendar.nth_working_day_after(day("2025-09-29"), 3);
    assert_eq!(third, Some(day("2025-10-10")), "30 September, 9 and 10 October");
    let over_makeup = calendar.nth_working_day_after(day("2025-10-10"), 1);
    assert_eq!(over_makeup, Some(day("2025-10-11")), "a Saturday that is worked");
}

#[test]
fn an_empty_calendar_knows_nothing_and_no_date_breaks_it() {
    let calendar = WorkCalendar::default();
    assert_eq!(calendar.is_working_day(day("2025-01-02")), None);
    assert_eq!(calendar.nth_working_day_after(NaiveDate::MAX, 1), None);
    assert_eq!(calendar.nth_working_day_after(NaiveDate::MAX, 0), Some(NaiveDate::MAX));
}

proptest! {
    #[test]
    fn the_nth_working_day_is_worked_and_has_n_of_them_behind_it(offset in 0_u64..1_000, n in 1_u32..40) {
        let calendar = work_calendar();
        let start = day("2024-01-01") + chrono::Days::new(offset);
        if let Some(end) = calendar.nth_working_day_after(start, n) {
            prop_assert_eq!(calendar.is_working_day(end), Some(true));
            let between = start.iter_days().skip(1).take_while(|&day| day <= end);
            let worked = between.filter(|&day| calendar.is_working_day(day) == Some(true)).count();
            prop_assert_eq!(worked, n as usize);
        }
    }

    #[test]
    fn the_order_of_the_served_days_does_not_matter(seed in any::<u64>()) {
        let mut served = built_in();
        served.days.sort_by_key(|day| u64::from(day.date.num_days_from_ce().unsigned_abs()).wrapping_mul(seed | 1));
        served.years.reverse();
        prop_assert_eq!(WorkCalendar::new(&served), work_calendar());
    }
}
