//! Opening hours and timetables.

use chrono::{NaiveTime, TimeDelta};
use fengtu_domain::opening::{Opening, mobile_now, opening};
use fengtu_wire::stations::{OpeningHours, Stop};
use proptest::prelude::*;

use super::{china, work_calendar};

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn hours(weekdays: &[u8], from: &str, to: &str, on_holidays: bool) -> OpeningHours {
    OpeningHours { weekdays: weekdays.to_vec(), from: time(from), to: time(to), on_holidays }
}

fn office() -> Vec<OpeningHours> {
    vec![hours(&[1, 2, 3, 4, 5], "09:00:00", "12:00:00", false), hours(&[1, 2, 3, 4, 5], "14:00:00", "18:00:00", false)]
}

fn at(hours: &[OpeningHours], now: &str) -> Opening {
    opening(hours, china(now), &work_calendar())
}

fn until(text: &str) -> Opening {
    Opening::OpenUntil(china(text))
}

fn closed_until(text: &str) -> Opening {
    Opening::Closed { opens_at: Some(china(text)) }
}

#[test]
fn an_office_opens_at_nine_closes_for_lunch_and_at_six() {
    assert_eq!(at(&office(), "2025-03-03 08:59:59"), closed_until("2025-03-03 09:00:00"));
    assert_eq!(at(&office(), "2025-03-03 09:00:00"), until("2025-03-03 12:00:00"));
    assert_eq!(at(&office(), "2025-03-03 12:00:00"), closed_until("2025-03-03 14:00:00"));
    assert_eq!(at(&office(), "2025-03-07 18:00:00"), closed_until("2025-03-10 09:00:00"), "Friday evening");
}

#[test]
fn an_office_is_closed_on_holidays_and_open_on_make_up_sundays() {
    assert_eq!(at(&office(), "2025-10-01 10:00:00"), closed_until("2025-10-09 09:00:00"));
    assert_eq!(at(&office(), "2025-09-28 10:00:00"), until("2025-09-28 12:00:00"), "Sunday, 调休");
}

#[test]
fn a_weekend_counter_does_not_open_for_a_make_up_day_that_it_does_not_list() {
    let weekend = [hours(&[6], "09:00:00", "12:00:00", false)];
    assert!(!at(&weekend, "2025-09-28 10:00:00").is_open(), "a Sunday");
}

#[test]
fn a_night_shift_goes_on_after_midnight() {
    let night = [hours(&[5], "20:00:00", "02:00:00", true)];
    assert_eq!(at(&night, "2025-03-08 01:59:59"), until("2025-03-08 02:00:00"));
    assert_eq!(at(&night, "2025-03-08 02:00:00"), closed_until("2025-03-14 20:00:00"));
}

#[test]
fn a_station_that_never_closes_says_so_also_on_holidays() {
    let always = [hours(&[1, 2, 3, 4, 5, 6, 7], "00:00:00", "00:00:00", true)];
    for now in ["2025-03-03 00:00:00", "2025-10-01 23:59:59", "2027-05-05 12:00:00"] {
        assert_eq!(at(&always, now), Opening::AlwaysOpen, "{now}");
    }
    let but_holidays = [hours(&[1, 2, 3, 4, 5, 6, 7], "00:00:00", "00:00:00", false)];
    assert_eq!(at(&but_holidays, "2025-09-29 12:00:00"), until("2025-10-01 00:00:00"));
}

#[test]
fn spans_that_touch_are_one() {
    let both = [hours(&[1], "09:00:00", "12:00:00", false), hours(&[1], "12:00:00", "18:00:00", false)];
    assert_eq!(at(&both, "2025-03-03 10:00:00"), until("2025-03-03 18:00:00"));
}

#[test]
fn a_station_without_hours_does_not_open() {
    assert_eq!(at(&[], "2025-03-03 10:00:00"), Opening::Closed { opens_at: None });
    let nonsense = [hours(&[0, 8, 255], "09:00:00", "12:00:00", true)];
    assert_eq!(at(&nonsense, "2025-03-03 10:00:00"), Opening::Closed { opens_at: None });
}

fn stop(name: &str, weekday: u8, from: &str, to: &str) -> Stop {
    Stop { at: [113.9, 22.7], name: name.to_owned(), weekday, from: time(from), to: time(to) }
}

#[test]
fn a_mobile_station_stands_at_its_stop_and_goes_to_the_next() {
    let stops = [
        stop("公园", 1, "09:00:00", "11:00:00"),
        stop("市场", 1, "14:00:00", "16:00:00"),
        stop("工地", 3, "09:00:00", "11:00:00"),
    ];
    let name = |stop: Option<&Stop>| stop.map(|stop| stop.name.clone());
    let look = |now| {
        let found = mobile_now(&stops, china(now));
        (name(found.at), found.next.map(|(stop, at)| (stop.name.clone(), at)))
    };
    let next = |name: &str, at| Some((name.to_owned(), china(at)));
    assert_eq!(look("2025-03-03 10:00:00"), (Some("公园".to_owned()), next("市场", "2025-03-03 14:00:00")));
    assert_eq!(look("2025-03-03 12:00:00"), (None, next("市场", "2025-03-03 14:00:00")), "on its way");
    assert_eq!(look("2025-03-05 11:00:00"), (None, next("公园", "2025-03-10 09:00:00")), "over the week's end");
}

#[test]
fn a_weekly_stop_comes_again_while_it_is_still_there() {
    let stops = [stop("公园", 1, "09:00:00", "11:00:00")];
    let found = mobile_now(&stops, china("2025-03-03 09:00:00"));
    assert!(found.at.is_some());
    assert_eq!(found.next.map(|next| next.1), Some(china("2025-03-10 09:00:00")));
}

#[test]
fn a_mobile_station_without_a_timetable_is_nowhere() {
    let found = mobile_now(&[], china("2025-03-03 10:00:00"));
    assert!(found.at.is_none() && found.next.is_none());
}

fn any_hours() -> impl Strategy<Value = Vec<OpeningHours>> {
    let minute = || (0_u32..1440).prop_map(|m| NaiveTime::from_hms_opt(m / 60, m % 60, 0).unwrap());
    let row = (prop::collection::vec(0_u8..9, 0..7), minute(), minute(), any::<bool>());
    let row = row.prop_map(|(weekdays, from, to, on_holidays)| OpeningHours { weekdays, from, to, on_holidays });
    prop::collection::vec(row, 0..5)
}

proptest! {
    #[test]
    fn it_is_open_until_it_closes_and_closed_until_it_opens(hours in any_hours(), minutes in 0_i64..1_500_000) {
        let calendar = work_calendar();
        let now = china("2024-01-05 00:00:00") + TimeDelta::minutes(minutes);
        let second = TimeDelta::seconds(1);
        match opening(&hours, now, &calendar) {
            Opening::OpenUntil(end) => {
                prop_assert!(end > now);
                prop_assert!(opening(&hours, end - second, &calendar).is_open());
                prop_assert!(!opening(&hours, end, &calendar).is_open());
            }
            Opening::Closed { opens_at: Some(start) } => {
                prop_assert!(start > now);
                prop_assert!(opening(&hours, start, &calendar).is_open());
                prop_assert!(!opening(&hours, start - second, &calendar).is_open());
            }
            Opening::AlwaysOpen | Opening::Closed { opens_at: None } => {}
        }
    }
}
