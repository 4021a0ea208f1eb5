//! Deadlines to the second, and how clocks stand.

use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_domain::clocks::{clocks_of, due_at, state};
use fengtu_domain::defaults;
use fengtu_wire::cases::{CaseState as S, Class, Clock, ClockKind as K, ClockState};
use fengtu_wire::config::{ClassRule, Limit};
use proptest::prelude::*;

use super::{china, work_calendar};

fn rule(class: Class) -> ClassRule {
    defaults::classes().into_iter().find(|rule| rule.class == class).unwrap()
}

fn clocks(class: Class, reported: &str, steps: &[(&str, S)], now: &str) -> Vec<Clock> {
    let steps: Vec<_> = steps.iter().map(|&(at, state)| (china(at), state)).collect();
    clocks_of(&rule(class), china(reported), &steps, &work_calendar(), china(now))
}

fn of(kind: K, clocks: &[Clock]) -> Vec<&Clock> {
    clocks.iter().filter(|clock| clock.kind == kind).collect()
}

#[test]
fn an_urgent_case_is_answered_in_ten_minutes_to_the_second() {
    let due = due_at(Limit::Seconds { count: 600 }, china("2025-12-31 23:55:00"), &work_calendar());
    assert_eq!(due, Some(china("2026-01-01 00:05:00")));
}

#[test]
fn the_same_day_ends_at_midnight_of_the_local_day() {
    let calendar = work_calendar();
    for start in ["2025-03-01 00:00:00", "2025-03-01 23:59:59"] {
        assert_eq!(due_at(Limit::SameDay, china(start), &calendar), Some(china("2025-03-02 00:00:00")));
    }
    let in_utc = china("2025-03-01 07:00:00").with_timezone(&FixedOffset::east_opt(0).unwrap());
    let due = due_at(Limit::SameDay, in_utc, &calendar).unwrap();
    assert_eq!(due, china("2025-03-01 08:00:00"), "the day is that of the instant's own offset");
}

#[test]
fn three_working_days_count_make_up_days_and_jump_holidays() {
    let calendar = work_calendar();
    let three = |start| due_at(Limit::WorkingDays { count: 3 }, china(start), &calendar);
    assert_eq!(three("2025-09-26 16:00:00"), Some(china("2025-10-01 00:00:00")), "Fri → Sun 28 (调休), 29, 30");
    assert_eq!(three("2025-09-30 23:59:59"), Some(china("2025-10-12 00:00:00")), "→ 9, 10, Sat 11 (调休)");
    assert_eq!(
        three("2025-12-30 09:00:00"),
        Some(china("2026-01-06 00:00:00")),
        "over the year's end: 31, Sun 4 (调休), 5"
    );
    assert_eq!(three("2026-12-30 09:00:00"), None, "2027 is not announced");
}

#[test]
fn a_clock_is_due_soon_in_its_last_fifth_and_overdue_only_after_its_end() {
    let start = china("2025-03-03 10:00:00");
    let due = Some(start + TimeDelta::seconds(600));
    let at = |seconds| state(start, due, None, start + TimeDelta::seconds(seconds));
    assert_eq!(at(479), ClockState::Running);
    assert_eq!(at(480), ClockState::DueSoon);
    assert_eq!(at(600), ClockState::DueSoon);
    assert_eq!(at(601), ClockState::Overdue);
}

#[test]
fn stopped_in_time_is_met_for_ever_and_stopped_late_stays_overdue() {
    let start = china("2025-03-03 10:00:00");
    let due = start + TimeDelta::seconds(600);
    let much_later = china("2025-12-01 00:00:00");
    assert_eq!(state(start, Some(due), Some(due), much_later), ClockState::Met);
    assert_eq!(state(start, Some(due), Some(due + TimeDelta::seconds(1)), much_later), ClockState::Overdue);
    assert_eq!(state(start, None, None, much_later), ClockState::Running, "no calendar, no verdict");
}

#[test]
fn any_first_event_answers_the_report() {
    for first in [S::Accepted, S::Returned, S::Transferred, S::Escalated, S::Withdrawn] {
        let all =
            clocks(Class::Urgent, "2025-03-03 10:00:00", &[("2025-03-03 10:08:00", first)], "2025-03-03 12:00:00");
        let answer = of(K::Answer, &all);
        assert_eq!((answer.len(), answer[0].state), (1, ClockState::Met), "{first}");
    }
}

#[test]
fn the_report_itself_answers_nothing() {
    let steps = [("2025-03-03 10:00:00", S::Reported)];
    let all = clocks(Class::Urgent, "2025-03-03 10:00:00", &steps, "2025-03-03 10:31:00");
    assert_eq!(
        all.iter().map(|c| (c.kind, c.state)).collect::<Vec<_>>(),
        [(K::Answer, ClockState::Overdue), (K::Accept, ClockState::Overdue),]
    );
}

#[test]
fn the_settle_clock_runs_from_acceptance_to_resolution() {
    let steps = [
        ("2025-03-03 10:20:00", S::Accepted),
        ("2025-03-03 10:30:00", S::Handling),
        ("2025-03-03 11:00:00", S::Mediating),
        ("2025-03-03 18:00:00", S::Resolved),
    ];
    let all = clocks(Class::Ordinary, "2025-03-03 10:00:00", &steps, "2025-03-05 00:00:00");
    let settle = of(K::Settle, &all);
    assert_eq!(settle.len(), 1);
    assert_eq!(settle[0].started_at, china("2025-03-03 10:20:00"));
    assert_eq!(settle[0].due_at, Some(china("2025-03-04 00:00:00")));
    assert_eq!((settle[0].stopped_at, settle[0].state), (Some(china("2025-03-03 18:00:00")), ClockState::Met));
}

#[test]
fn a_reopened_case_is_settled_anew_and_the_first_clock_stays_as_it_was() {
    let steps = [
        ("2025-03-03 10:20:00", S::Accepted),
        ("2025-03-03 18:00:00", S::Resolved),
        ("2025-03-05 09:00:00", S::Reopened),
        ("2025-03-05 09:30:00", S::Handling),
    ];
    let all = clocks(Class::Ordinary, "2025-03-03 10:00:00", &steps, "2025-03-06 00:00:01");
    let states: Vec<_> = of(K::Settle, &all).iter().map(|clock| (clock.started_at, clock.state)).collect();
    assert_eq!(
        states,
        [(china("2025-03-03 10:20:00"), ClockState::Met), (china("2025-03-05 09:00:00"), ClockState::Overdue),]
    );
}

#[test]
fn a_case_passed_up_must_be_accepted_there_and_gets_its_time_there() {
    let steps = [
        ("2025-03-03 10:20:00", S::Accepted),
        ("2025-03-03 15:00:00", S::Escalated),
        ("2025-03-03 16:00:00", S::Accepted),
    ];
    let all = clocks(Class::Major, "2025-03-03 10:00:00", &steps, "2025-03-03 17:00:00");
    let accept = of(K::Accept, &all);
    assert_eq!(accept.len(), 2);
    assert_eq!(accept[1].started_at, china("2025-03-03 15:00:00"));
    assert_eq!(accept[1].due_at, Some(china("2025-03-03 19:00:00")));
    let settle = of(K::Settle, &all);
    assert_eq!(settle[0].stopped_at, Some(china("2025-03-03 15:00:00")));
    assert_eq!((settle[1].started_at, settle[1].stopped_at), (china("2025-03-03 16:00:00"), None));
    assert_eq!(settle[1].due_at, Some(china("2025-03-07 00:00:00")));
}

#[test]
fn an_amended_report_is_answered_and_accepted_anew() {
    let steps = [("2025-03-03 10:05:00", S::Returned), ("2025-03-04 09:00:00", S::Reported)];
    let all = clocks(Class::Urgent, "2025-03-03 10:00:00", &steps, "2025-03-04 09:00:01");
    let running: Vec<_> = all.iter().filter(|c| c.stopped_at.is_none()).map(|c| (c.kind, c.started_at)).collect();
    assert_eq!(running, [(K::Answer, china("2025-03-04 09:00:00")), (K::Accept, china("2025-03-04 09:00:00"))]);
}

#[test]
fn a_case_settled_on_the_spot_counts_from_its_report() {
    let steps = [("2025-03-03 10:15:00", S::Resolved)];
    let all = clocks(Class::Ordinary, "2025-03-03 10:00:00", &steps, "2025-03-05 00:00:00");
    let settle = of(K::Settle, &all);
    assert_eq!((settle[0].started_at, settle[0].state), (china("2025-03-03 10:00:00"), ClockState::Met));
}

#[test]
fn nothing_runs_any_more_in_a_case_that_has_ended() {
    for end in [S::Withdrawn, S::Archived] {
        let steps = [("2025-03-03 10:15:00", S::Accepted), ("2025-03-03 11:00:00", end)];
        let all = clocks(Class::Ordinary, "2025-03-03 10:00:00", &steps, "2025-03-05 00:00:00");
        assert!(all.iter().all(|clock| clock.stopped_at.is_some()), "{end}");
    }
}

fn states() -> impl Strategy<Value = S> {
    proptest::sample::select(S::ALL)
}

fn instants() -> impl Strategy<Value = DateTime<FixedOffset>> {
    (0_i64..94_000_000).prop_map(|seconds| china("2024-01-01 00:00:00") + TimeDelta::seconds(seconds))
}

proptest! {
    #[test]
    fn at_most_one_clock_of_a_kind_runs_and_each_begins_where_the_last_ended(
        path in prop::collection::vec((states(), 1_i64..500_000), 0..20),
    ) {
        let start = china("2024-06-01 10:00:00");
        let mut at = start;
        let steps: Vec<_> = path.into_iter().map(|(state, gap)| { at += TimeDelta::seconds(gap); (at, state) }).collect();
        let all = clocks_of(&rule(Class::Major), start, &steps, &work_calendar(), at);
        for kind in K::ALL {
            let runs = of(*kind, &all);
            for pair in runs.windows(2) {
                prop_assert!(pair[0].stopped_at.is_some_and(|stopped| stopped <= pair[1].started_at));
            }
        }
    }

    #[test]
    fn a_due_time_is_never_before_its_start(start in instants(), count in 0_u32..30, which in 0..3) {
        let limit = match which { 0 => Limit::Seconds { count }, 1 => Limit::SameDay, _ => Limit::WorkingDays { count } };
        if let Some(due) = due_at(limit, start, &work_calendar()) {
            prop_assert!(due >= start);
            prop_assert!(which == 0 || due.time() == chrono::NaiveTime::MIN, "days end at midnight");
        }
    }

    #[test]
    fn a_clock_that_nobody_stops_only_gets_worse(start in instants(), length in 1_i64..900_000, a in 0_i64..1_000_000, b in 0_i64..1_000_000) {
        let rank = |state| match state { ClockState::Running => 0, ClockState::DueSoon => 1, _ => 2 };
        let due = Some(start + TimeDelta::seconds(length));
        let at = |seconds: i64| rank(state(start, due, None, start + TimeDelta::seconds(seconds)));
        prop_assert!(at(a.min(b)) <= at(a.max(b)));
    }

    #[test]
    fn no_instant_and_no_limit_breaks_it(seconds in any::<i64>(), count in any::<u32>()) {
        let start = DateTime::from_timestamp(seconds, 0).map_or(DateTime::<chrono::Utc>::MAX_UTC, |at| at);
        let start = start.with_timezone(&FixedOffset::east_opt(0).unwrap());
        for limit in [Limit::Seconds { count }, Limit::SameDay, Limit::WorkingDays { count }] {
            let _ = due_at(limit, start, &work_calendar());
        }
    }
}

#[test]
fn deadlines_of_every_second_day_of_three_years_agree_with_a_plain_count() {
    let calendar = work_calendar();
    let mut start = china("2024-01-01 17:30:00");
    while start < china("2026-12-01 00:00:00") {
        let due = due_at(Limit::WorkingDays { count: 3 }, start, &calendar).unwrap();
        let days = start.date_naive().iter_days().skip(1);
        let third = days.filter(|&day| calendar.is_working_day(day) == Some(true)).nth(2).unwrap();
        assert_eq!(due, china(&format!("{} 00:00:00", third.succ_opt().unwrap())), "{start}");
        start += TimeDelta::days(2);
    }
}
