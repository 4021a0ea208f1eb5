//! The period of the board: whole local days up to now, or between two dates.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, Utc};

use crate::routes::ViewState;

/// Days that are shown when nobody has chosen, today among them.
pub const DEFAULT_DAYS: u64 = 28;

/// A period that ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Since midnight.
    Today,
    /// Today and six days before.
    Week,
    /// Today and 27 days before.
    Weeks,
    /// Since the first of the quarter.
    Quarter,
    /// Today and 364 days before.
    Year,
}

impl Preset {
    /// Every one, shortest first.
    pub const ALL: [Self; 5] = [Self::Today, Self::Week, Self::Weeks, Self::Quarter, Self::Year];

    /// Returns its first day.
    pub fn first_day(self, today: NaiveDate) -> NaiveDate {
        let back = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
        match self {
            Self::Today => today,
            Self::Week => back(6),
            Self::Weeks => back(DEFAULT_DAYS - 1),
            Self::Quarter => quarter(today),
            Self::Year => back(364),
        }
    }
}

/// Returns the first day of the quarter.
pub fn quarter(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), (day.month0() / 3) * 3 + 1, 1).unwrap_or(day)
}

/// Returns the midnight at which a local day begins.
pub fn midnight(day: NaiveDate, offset: FixedOffset) -> DateTime<FixedOffset> {
    let local = day.and_time(NaiveTime::MIN);
    local.and_local_timezone(offset).earliest().unwrap_or_else(|| local.and_utc().with_timezone(&offset))
}

/// Returns the period that is looked at: its start, and its end unless it goes on. It reaches back to the first of the days that
/// are chosen: a link with days holds for longer than the four weeks that they were chosen in.
pub fn period(state: &ViewState, now: DateTime<FixedOffset>) -> (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>) {
    let offset = *now.offset();
    let end = state.to.or(state.at).map(|to: DateTime<Utc>| to.with_timezone(&offset));
    let last = end.unwrap_or(now);
    let from = state.from.map(|from| from.with_timezone(&offset)).filter(|from| *from < last);
    let usual = || midnight(Preset::Weeks.first_day(last.date_naive()), offset);
    let from = from.unwrap_or_else(usual);
    let chosen = state.brush.days.map(|(first, _)| midnight(first, offset));
    (chosen.map_or(from, |chosen| from.min(chosen)), end)
}

/// Chooses days of the period, which keeps what it had reached back to.
pub fn choose_of(state: &mut ViewState, days: Option<(NaiveDate, NaiveDate)>, now: DateTime<FixedOffset>) {
    let (from, _) = period(state, now);
    state.brush.days = days;
    if period(state, now).0 > from {
        state.from = Some(from.to_utc());
    }
}

/// Returns the preset that a period is, if it is one.
pub fn preset(state: &ViewState, now: DateTime<FixedOffset>) -> Option<Preset> {
    let (from, to) = period(state, now);
    let starts = |preset: &Preset| midnight(preset.first_day(now.date_naive()), *now.offset()) == from;
    to.is_none().then(|| Preset::ALL.into_iter().find(starts)).flatten()
}

/// Chooses a preset.
pub fn choose(state: &mut ViewState, preset: Preset, now: DateTime<FixedOffset>) {
    let first = midnight(preset.first_day(now.date_naive()), *now.offset());
    (state.at, state.to) = (None, None);
    state.from = (preset != Preset::Weeks).then(|| first.to_utc());
    state.brush.days = None;
}

/// Chooses the days between two dates, both of them too; a last day that is not over goes on.
pub fn choose_days(state: &mut ViewState, first: NaiveDate, last: NaiveDate, now: DateTime<FixedOffset>) {
    let (first, last) = (first.min(last), first.max(last));
    let end = midnight(last.succ_opt().unwrap_or(last), *now.offset());
    state.at = None;
    state.from = Some(midnight(first, *now.offset()).to_utc());
    state.to = (end <= now).then(|| end.to_utc());
    state.brush.days = None;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn periods_begin_at_a_local_midnight_and_go_on() {
        let now = at("2026-03-29T12:00:00+08:00");
        let mut state = ViewState::default();
        assert_eq!(period(&state, now), (at("2026-03-02T00:00:00+08:00"), None));
        assert_eq!(preset(&state, now), Some(Preset::Weeks));
        for chosen in Preset::ALL {
            choose(&mut state, chosen, now);
            assert_eq!(preset(&state, now), Some(chosen));
        }
        choose(&mut state, Preset::Quarter, now);
        assert_eq!(period(&state, now).0, at("2026-01-01T00:00:00+08:00"));
    }

    #[test]
    fn days_of_an_older_link_are_in_the_period() {
        let now = at("2026-03-29T12:00:00+08:00");
        let day = |month, d| NaiveDate::from_ymd_opt(2026, month, d).unwrap();
        let mut state = ViewState::default();
        state.brush.days = Some((day(1, 5), day(1, 7)));
        assert_eq!(period(&state, now), (at("2026-01-05T00:00:00+08:00"), None));
        choose_of(&mut state, Some((day(2, 1), day(2, 2))), now);
        assert_eq!(period(&state, now).0, at("2026-01-05T00:00:00+08:00"), "what the chart shows stays");
        choose_of(&mut state, None, now);
        assert_eq!(period(&state, now).0, at("2026-01-05T00:00:00+08:00"));
        let mut usual = ViewState::default();
        choose_of(&mut usual, Some((day(3, 5), day(3, 7))), now);
        assert_eq!((usual.from, period(&usual, now).0), (None, at("2026-03-02T00:00:00+08:00")));
    }

    #[test]
    fn two_dates_are_whole_days_and_today_goes_on() {
        let now = at("2026-03-29T12:00:00+08:00");
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let mut state = ViewState::default();
        choose_days(&mut state, day(9), day(3), now);
        assert_eq!(period(&state, now), (at("2026-03-03T00:00:00+08:00"), Some(at("2026-03-10T00:00:00+08:00"))));
        assert_eq!(preset(&state, now), None);
        choose_days(&mut state, day(1), day(29), now);
        assert_eq!(period(&state, now).1, None);
    }
}
