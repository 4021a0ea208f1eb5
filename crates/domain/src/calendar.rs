//! Working days by the State Council's holiday calendar with its make-up days 调休.

use chrono::{Datelike, NaiveDate, Weekday};
use fengtu_wire::config::{Calendar, CalendarDay, DayKind};

/// The announced days of 2024–2026: `date,kind,name`, one exception a line.
const ANNOUNCED: &str = include_str!("../data/china-holidays-2024-2026.csv");

/// Returns the calendar that is built in: China, 2024–2026.
pub fn built_in() -> Calendar {
    let days: Vec<CalendarDay> = ANNOUNCED.lines().filter_map(read_line).collect();
    let mut years: Vec<i32> = days.iter().map(|day| day.date.year()).collect();
    years.dedup();
    Calendar { years, days }
}

/// Returns the built-in calendar with those years of another that it does not know: an announcement comes before a release.
pub fn with_later(own: &Calendar) -> Calendar {
    let Calendar { mut years, mut days } = built_in();
    let later: Vec<i32> = own.years.iter().copied().filter(|year| !years.contains(year)).collect();
    let told: Vec<&CalendarDay> = own.days.iter().filter(|day| is_of(day.date, &later)).collect();
    days.retain(|day| told.iter().all(|told| told.date != day.date));
    days.extend(told.into_iter().cloned());
    days.sort_by_key(|day| day.date);
    years.extend(later);
    Calendar { years, days }
}

/// Tells whether the announcements of some years say what a day is: the New Year's holiday of one may begin in the December before.
pub fn is_of(date: NaiveDate, years: &[i32]) -> bool {
    years.contains(&date.year()) || date.month() == 12 && years.contains(&(date.year() + 1))
}

fn read_line(line: &str) -> Option<CalendarDay> {
    let mut fields = line.trim().splitn(3, ',');
    let date = fields.next()?.parse().ok()?;
    let kind = fields.next()?.parse().ok()?;
    Some(CalendarDay { date, kind, name: fields.next()?.to_owned() })
}

/// Answers which days are worked; a year that has not been announced is "not known", never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkCalendar {
    years: Vec<i32>,
    days: Vec<(NaiveDate, DayKind)>,
}

impl WorkCalendar {
    /// Takes over a served calendar, whatever its order; of two entries for one date the first counts.
    pub fn new(calendar: &Calendar) -> Self {
        // Put in one by one: a served calendar is in order already, so this looks each date up and moves none.
        let (mut years, mut days) = (Vec::new(), Vec::new());
        for year in &calendar.years {
            if let Err(at) = years.binary_search(year) {
                years.insert(at, *year);
            }
        }
        for CalendarDay { date, kind, .. } in &calendar.days {
            if let Err(at) = days.binary_search_by_key(date, |day: &(NaiveDate, DayKind)| day.0) {
                days.insert(at, (*date, *kind));
            }
        }
        Self { years, days }
    }

    /// Returns whether a date is worked; `None`: its year is not announced.
    pub fn is_working_day(&self, date: NaiveDate) -> Option<bool> {
        self.years.binary_search(&date.year()).ok()?;
        Some(match self.exception(date) {
            Some(kind) => kind == DayKind::MakeupWorkday,
            None => !is_weekend(date),
        })
    }

    /// Returns the n-th working day after a date (the date itself for 0); `None`: a year on the way is not announced.
    pub fn nth_working_day_after(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        let mut left = n;
        let mut day = date;
        while left > 0 {
            day = day.succ_opt()?;
            left -= u32::from(self.is_working_day(day)?);
        }
        Some(day)
    }

    /// Returns whether a date is a public holiday: one of the announced days off, not a mere weekend.
    pub fn is_holiday(&self, date: NaiveDate) -> bool {
        self.exception(date) == Some(DayKind::Holiday)
    }

    /// Returns whether a date is a make-up working day 调休.
    pub fn is_makeup_workday(&self, date: NaiveDate) -> bool {
        self.exception(date) == Some(DayKind::MakeupWorkday)
    }

    fn exception(&self, date: NaiveDate) -> Option<DayKind> {
        let found = self.days.binary_search_by_key(&date, |day| day.0).ok()?;
        self.days.get(found).map(|day| day.1)
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
