//! Time on the map: the days of the last year as steps of a slider, the period that is looked at, and how playing moves it.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta, Utc};

use crate::routes::ViewState;

/// Days that the slider reaches back.
pub const REACH: i64 = 364;
/// Days of the period when nobody has chosen one.
pub const DEFAULT_DAYS: i64 = 28;
/// Periods that can be chosen, in days.
pub const PERIODS: [i64; 4] = [7, 28, 90, 365];
/// Speeds of playing, in days a second.
pub const SPEEDS: [u32; 3] = [1, 7, 30];

/// The days of the slider: step 0 is the oldest, step [`REACH`] is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    today: NaiveDate,
    offset: FixedOffset,
    /// Whether it ends in the past, since nothing is newer.
    is_past: bool,
}

impl Calendar {
    /// Makes the slider of a year that ends now, in the district's own days, or with the newest case.
    pub fn new(now: DateTime<Utc>, newest: Option<DateTime<Utc>>, utc_offset_s: i32) -> Self {
        let end = present(now, newest);
        let offset = FixedOffset::east_opt(utc_offset_s)
            .unwrap_or(FixedOffset::east_opt(0).unwrap_or(chrono::Offset::fix(&Utc)));
        Self { today: end.with_timezone(&offset).date_naive(), offset, is_past: end < now }
    }

    /// Tells whether it ends in the past.
    pub const fn is_past(&self) -> bool {
        self.is_past
    }

    /// Returns the day of a step.
    pub fn day(&self, step: i64) -> NaiveDate {
        let back = u64::try_from((REACH - step).clamp(0, REACH)).unwrap_or(0);
        self.today.checked_sub_days(Days::new(back)).unwrap_or(self.today)
    }

    /// Returns the moment of a step: the last second of its day; `None` for today, which is live.
    pub fn at(&self, step: i64) -> Option<DateTime<Utc>> {
        (step < REACH).then(|| self.end_of(self.day(step)))
    }

    /// Returns the step of a moment; one before the slider is its first step.
    pub fn step(&self, at: Option<DateTime<Utc>>) -> i64 {
        let Some(at) = at else { return REACH };
        let back = (self.today - at.with_timezone(&self.offset).date_naive()).num_days();
        (REACH - back).clamp(0, REACH)
    }

    /// Returns the first second of the slider, of which the frames of the past count.
    pub fn first_frame(&self) -> DateTime<Utc> {
        self.end_of(self.day(0))
    }

    /// Returns midnight at which the year of the slider begins.
    pub fn start(&self) -> DateTime<Utc> {
        self.first_frame() - TimeDelta::days(1) + TimeDelta::seconds(1)
    }

    /// Returns midnight at which today ends.
    pub fn end(&self) -> DateTime<Utc> {
        self.end_of(self.today) + TimeDelta::seconds(1)
    }

    /// Returns a moment in the district's own time.
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.offset)
    }

    fn end_of(self, day: NaiveDate) -> DateTime<Utc> {
        let last = day.and_hms_opt(23, 59, 59).unwrap_or_default();
        last.and_local_timezone(self.offset).single().map(|t| t.to_utc()).unwrap_or_default()
    }
}

/// Returns the moment that the slider ends at: now, or that of the newest case where all are older than it would reach.
pub fn present(now: DateTime<Utc>, newest: Option<DateTime<Utc>>) -> DateTime<Utc> {
    newest.filter(|newest| *newest < now - TimeDelta::days(REACH)).map_or(now, |newest| newest + TimeDelta::seconds(1))
}

/// Days that are asked for at once, at most; a server refuses 3,700.
const MOST_DAYS: i64 = 3_650;
/// Days by which the start and the end of more move: each move asks anew.
const STEP_DAYS: i64 = 90;

/// Returns which cases to load for a period: the slider's year and what lies before it; of more than can be asked for at
/// once, the period alone.
pub fn to_load(
    (from, to): (DateTime<Utc>, Option<DateTime<Utc>>),
    calendar: Calendar,
) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
    let (start, end) = (from.min(calendar.start()), calendar.end());
    if fits((start, None), calendar) {
        return (start, calendar.is_past.then_some(end));
    }
    let step = |at: DateTime<Utc>| TimeDelta::seconds(at.timestamp().rem_euclid(STEP_DAYS * 86_400));
    let asked = to.unwrap_or(end);
    let from = within_reach(from, asked);
    // Whole steps, but never so far on that the period's own start is out of reach.
    let to =
        to.map_or(end, |to| to - step(to) + TimeDelta::days(STEP_DAYS)).min(end).min(from + TimeDelta::days(MOST_DAYS));
    (within_reach(from - step(from), to), Some(to))
}

/// Tells whether a period up to its end, or to that of the data, can be asked for at once.
pub fn fits((from, to): (DateTime<Utc>, Option<DateTime<Utc>>), calendar: Calendar) -> bool {
    to.unwrap_or_else(|| calendar.end()) - from <= TimeDelta::days(MOST_DAYS)
}

/// Returns the start of a period, or the earliest that can be asked for with its end.
pub fn within_reach(from: DateTime<Utc>, to: DateTime<Utc>) -> DateTime<Utc> {
    from.max(to - TimeDelta::days(MOST_DAYS))
}

/// Returns the period that is looked at: its start, and its end unless it goes on.
pub fn period(state: &ViewState, now: DateTime<Utc>) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
    let to = state.to.or(state.at);
    let end = to.unwrap_or(now);
    let from = state.from.filter(|from| *from < end).unwrap_or_else(|| end - TimeDelta::days(DEFAULT_DAYS));
    (from, to)
}

/// Returns the length of the period in whole days.
pub fn period_days(state: &ViewState, now: DateTime<Utc>) -> i64 {
    let (from, to) = period(state, now);
    let seconds = (to.unwrap_or(now) - from).num_seconds();
    (seconds + 43_200) / 86_400
}

/// Goes to a moment (`None`: now), and takes a chosen period along.
pub fn go_to(state: &mut ViewState, at: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    let moved = at.unwrap_or(now) - state.at.unwrap_or(now);
    state.from = state.from.and_then(|from| from.checked_add_signed(moved));
    state.to = state.to.and_then(|to| to.checked_add_signed(moved)).filter(|_| at.is_some());
    state.at = at;
}

/// Chooses the length of the period.
pub fn set_days(state: &mut ViewState, days: i64, now: DateTime<Utc>) {
    let end = state.at.unwrap_or(now);
    state.to = None;
    state.from = (days != DEFAULT_DAYS).then(|| end - TimeDelta::days(days));
}

/// What one step of playing does at a speed: milliseconds until the next, and how many days it goes on.
pub fn pace(days_per_second: u32) -> (f64, i64) {
    // A day a picture; a machine that cannot draw so many plays slower.
    let per_step = days_per_second.div_ceil(30).max(1);
    (1_000.0 * f64::from(per_step) / f64::from(days_per_second.max(1)), i64::from(per_step))
}

/// Milliseconds by which a step may come early: frames do not fall on the moments at which steps are due.
const EARLY_MS: f64 = 4.0;

/// Returns when the next step is due, if one is due in the frame that begins now. Steps that came late are made up for by the next
/// ones, a frame each, so that the pace holds; of more than two that are late the rest are let go.
pub fn next_due(due_ms: f64, now_ms: f64, every_ms: f64) -> Option<f64> {
    (now_ms + EARLY_MS >= due_ms).then(|| (due_ms + every_ms).max(now_ms - every_ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-05-12T17:30:00Z".parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::new(now(), None, 28_800)
    }

    #[test]
    fn the_last_step_is_the_districts_today_and_live() {
        let calendar = calendar();
        assert_eq!(calendar.day(REACH).to_string(), "2026-05-13", "it is past midnight in China");
        assert_eq!((calendar.at(REACH), calendar.step(None)), (None, REACH));
        assert_eq!(calendar.day(0).to_string(), "2025-05-14");
    }

    #[test]
    fn a_step_is_the_end_of_its_day_and_comes_back() {
        let calendar = calendar();
        for step in [0, 1, 200, REACH - 1] {
            assert_eq!(calendar.step(calendar.at(step)), step);
        }
        assert_eq!(calendar.at(REACH - 1), Some("2026-05-12T15:59:59Z".parse().unwrap()));
        assert_eq!(calendar.step(Some("1990-01-01T00:00:00Z".parse().unwrap())), 0);
        assert_eq!((calendar.end() - calendar.start()).num_days(), REACH + 1);
    }

    #[test]
    fn a_period_goes_along_with_time_and_back_to_live() {
        let mut state = ViewState::default();
        assert_eq!(period(&state, now()), (now() - TimeDelta::days(DEFAULT_DAYS), None));
        set_days(&mut state, 7, now());
        let past = now() - TimeDelta::days(100);
        go_to(&mut state, Some(past), now());
        assert_eq!(period(&state, now()), (past - TimeDelta::days(7), Some(past)));
        assert_eq!(period_days(&state, now()), 7);
        go_to(&mut state, None, now());
        assert_eq!(period(&state, now()), (now() - TimeDelta::days(7), None));
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_not_taken() {
        let state = ViewState { at: Some(now()), from: Some(now() + TimeDelta::days(3)), ..ViewState::default() };
        assert_eq!(period(&state, now()).0, now() - TimeDelta::days(DEFAULT_DAYS));
    }

    #[test]
    fn the_slider_of_old_data_ends_with_the_newest_case() {
        let newest = "2015-03-01T04:00:00Z".parse().unwrap();
        let (old, new) = (Calendar::new(now(), Some(newest), 28_800), Calendar::new(now(), Some(now()), 28_800));
        assert_eq!((old.day(REACH).to_string(), old.is_past()), ("2015-03-01".to_owned(), true));
        assert_eq!((new, present(now(), Some(newest))), (calendar(), newest + TimeDelta::seconds(1)));
        let days = TimeDelta::days;
        assert_eq!(to_load((newest - days(28), None), old), (old.start(), Some(old.end())));
        assert_eq!(to_load((newest - days(900), None), old), (newest - days(900), Some(old.end())));
    }

    #[test]
    fn no_more_is_loaded_at_once_than_a_server_gives_and_all_of_the_period() {
        let (calendar, days) = (calendar(), TimeDelta::days);
        assert_eq!(to_load((now() - days(28), None), calendar), (calendar.start(), None));
        assert_eq!(to_load((now() - days(3_000), Some(now() - days(2_000))), calendar), (now() - days(3_000), None));
        for (from, to) in
            [(5_000, Some(4_000)), (6_000, Some(5_999)), (4_000, None), (9_000, Some(1_000)), (5_020, Some(1_400))]
        {
            let (from, to) = (now() - days(from), to.map(|to| now() - days(to)));
            let (first, Some(last)) = to_load((from, to), calendar) else { panic!("without an end") };
            assert!(
                last - first <= days(MOST_DAYS)
                    && last >= to.unwrap_or_else(now)
                    && first <= from.max(to.unwrap_or(calendar.end()) - days(MOST_DAYS))
            );
        }
    }

    #[test]
    fn playing_keeps_its_speed() {
        for speed in SPEEDS {
            let (ms, days) = pace(speed);
            let measured = days as f64 * 1000.0 / ms;
            assert!((measured - f64::from(speed)).abs() < 1e-6, "{speed}: {measured}");
            assert_eq!(days, 1, "no day is left out");
        }
    }

    /// Frames at these times of two seconds, and how many steps of thirty a second fall on them.
    fn steps(frames: impl IntoIterator<Item = f64>) -> usize {
        let mut due = 0.0;
        let mut steps = 0;
        for now in frames.into_iter().take_while(|now| *now < 2_000.0) {
            if let Some(next) = next_due(due, now, 1_000.0 / 30.0) {
                (due, steps) = (next, steps + 1);
            }
        }
        steps
    }

    #[test]
    fn steps_keep_their_pace_on_frames_that_come_early_or_late() {
        let frames = |ms: f64| (0..).map(move |n| f64::from(n) * ms);
        for ms in [1_000.0 / 144.0, 1_000.0 / 60.0, 16.9, 1_000.0 / 59.0, 33.0] {
            let steps = steps(frames(ms));
            assert!((59..=61).contains(&steps), "a frame every {ms} ms: {steps}");
        }
        // Every tenth is missed.
        let steps_of_most = steps((0..).filter(|n| n % 10 != 0).map(|n| f64::from(n) * 1_000.0 / 60.0));
        assert!((59..=61).contains(&steps_of_most), "{steps_of_most}");
        assert_eq!(steps(frames(50.0)), 40, "as many as there are frames");
        // After a second in which nothing was drawn there is no rush.
        let held = steps([0.0].into_iter().chain(frames(1_000.0 / 60.0).map(|at| at + 1_000.0)));
        assert!((30..=33).contains(&held), "{held}");
    }
}
