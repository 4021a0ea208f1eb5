//! The days of a year as the State Council has announced them, where no release knows them yet.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, Weekday};
use fengtu_domain::calendar;
use fengtu_wire::config::{Calendar, CalendarDay, Config, DayKind};
use serde::Deserialize;

/// The longest holiday that has ever been announced is nine days.
const MOST_DAYS: usize = 16;

/// Why announced days make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongCalendar {
    /// The release has the year.
    #[error("{0} 年的放假安排已内置，不用设置 / the days of {0} are built in and need not be set")]
    BuiltIn(i32),
    /// A year without any holiday is not an announced one.
    #[error("{0} 年没有写任何放假日 / no day off is named for {0}")]
    Empty(i32),
    /// A day of a year that is not set.
    #[error("{name}：{date} 不在 years 所列年份内 / {name}: {date} is in none of the years set")]
    OtherYear {
        /// The holiday.
        name: String,
        /// The day.
        date: NaiveDate,
    },
    /// It ends before it begins, or is longer than any.
    #[error("{name}：from 到 to 应为 1 至 16 天 / {name}: 1 to 16 days were expected from `from` to `to`")]
    Span {
        /// The holiday.
        name: String,
    },
    /// A make-up working day is a day that is otherwise off.
    #[error("{name}：补班日 {date} 不是周末 / {name}: the make-up working day {date} is no weekend")]
    Weekday {
        /// The holiday.
        name: String,
        /// The day.
        date: NaiveDate,
    },
    /// One day cannot be two things.
    #[error("{0} 写了两次 / {0} is named twice")]
    Twice(NaiveDate),
}

/// The days of some years.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarSettings {
    /// The years that are announced: all of their exceptions are named.
    pub years: Vec<i32>,
    /// Their holidays.
    pub holidays: Vec<Holiday>,
    /// Years that were set and are to be unknown again.
    pub forget: Vec<i32>,
}

/// One holiday.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Its name, such as 春节.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// The weekend days that are worked for it.
    #[serde(default)]
    pub worked: Vec<NaiveDate>,
}

impl CalendarSettings {
    /// Puts the years that this names in the place of what was set of them.
    pub fn apply(&self, config: &mut Config) -> Result<(), WrongCalendar> {
        let days = self.days()?;
        let is_gone = |year: &i32| self.years.contains(year) || self.forget.contains(year);
        let calendar = &mut config.calendar;
        calendar.years.retain(|year| !is_gone(year));
        calendar.days.retain(|day| !is_gone(&day.date.year()) && days.iter().all(|own| own.date != day.date));
        calendar.years.extend(self.years.iter().copied().collect::<BTreeSet<_>>());
        calendar.days.extend(days);
        calendar.years.sort_unstable();
        calendar.days.sort_by_key(|day| day.date);
        Ok(())
    }

    fn days(&self) -> Result<Vec<CalendarDay>, WrongCalendar> {
        let Calendar { years: known, .. } = calendar::built_in();
        if let Some(year) = self.years.iter().find(|year| known.contains(year)) {
            return Err(WrongCalendar::BuiltIn(*year));
        }
        let (mut days, mut seen) = (Vec::new(), BTreeSet::new());
        for day in self.holidays.iter().map(Holiday::days).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
            if !calendar::is_of(day.date, &self.years) {
                return Err(WrongCalendar::OtherYear { name: day.name, date: day.date });
            }
            if !seen.insert(day.date) {
                return Err(WrongCalendar::Twice(day.date));
            }
            days.push(day);
        }
        let has_holiday =
            |year: &&i32| days.iter().any(|day| day.kind == DayKind::Holiday && day.date.year() == **year);
        match self.years.iter().find(|year| !has_holiday(year)) {
            Some(year) => Err(WrongCalendar::Empty(*year)),
            None => Ok(days),
        }
    }
}

impl Holiday {
    fn days(&self) -> Result<Vec<CalendarDay>, WrongCalendar> {
        let day = |date, kind| CalendarDay { date, kind, name: self.name.clone() };
        let off: Vec<_> = self.from.iter_days().take_while(|date| *date <= self.to).take(MOST_DAYS + 1).collect();
        if off.is_empty() || off.len() > MOST_DAYS {
            return Err(WrongCalendar::Span { name: self.name.clone() });
        }
        let is_weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        if let Some(date) = self.worked.iter().find(|date| !is_weekend(date)) {
            return Err(WrongCalendar::Weekday { name: self.name.clone(), date: *date });
        }
        let worked = self.worked.iter().map(|date| day(*date, DayKind::MakeupWorkday));
        Ok(off.into_iter().map(|date| day(date, DayKind::Holiday)).chain(worked).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn set(text: &str) -> Result<Calendar, WrongCalendar> {
        let settings: CalendarSettings = toml::from_str(text).unwrap();
        let mut config = fengtu_domain::defaults::config("2030-11-20T00:00:00Z".parse().unwrap());
        settings.apply(&mut config).map(|()| config.calendar)
    }

    const SPRING: &str =
        "[[holidays]]\nname = \"春节\"\nfrom = \"2031-01-22\"\nto = \"2031-01-28\"\nworked = [\"2031-01-19\"]\n";

    #[test]
    fn an_announced_year_is_known_from_then_on() {
        let calendar = set(&format!("years = [2031]\n{SPRING}")).unwrap();
        assert!(
            calendar.years.contains(&2031) && calendar.years.is_sorted() && calendar.days.is_sorted_by_key(|d| d.date)
        );
        let work = calendar::WorkCalendar::new(&calendar::with_later(&calendar));
        let on = |text: &str| work.is_working_day(text.parse().unwrap());
        assert_eq!(
            [on("2031-01-19"), on("2031-01-22"), on("2031-01-29"), on("2032-01-01")],
            [Some(true), Some(false), Some(true), None]
        );
    }

    #[test]
    fn a_holiday_may_begin_in_the_december_before_and_a_year_may_be_forgotten() {
        let new_year =
            "[[holidays]]\nname = \"元旦\"\nfrom = \"2030-12-30\"\nto = \"2031-01-01\"\nworked = [\"2030-12-28\"]\n";
        let calendar = set(&format!("years = [2031]\n{new_year}")).unwrap();
        let found = calendar::with_later(&calendar);
        let kind = |text: &str| found.days.iter().find(|day| day.date == text.parse().unwrap()).map(|day| day.kind);
        assert_eq!([kind("2030-12-28"), kind("2030-12-31")], [Some(DayKind::MakeupWorkday), Some(DayKind::Holiday)]);
        let mut config = fengtu_domain::defaults::config("2030-11-20T00:00:00Z".parse().unwrap());
        config.calendar = calendar;
        CalendarSettings { forget: vec![2031], ..CalendarSettings::default() }.apply(&mut config).unwrap();
        assert!(!config.calendar.years.contains(&2031));
    }

    #[test]
    fn days_that_make_no_sense_are_refused() {
        let built_in = *calendar::built_in().years.last().unwrap();
        assert_eq!(set(&format!("years = [{built_in}]")), Err(WrongCalendar::BuiltIn(built_in)));
        assert_eq!(set("years = [2031]"), Err(WrongCalendar::Empty(2031)));
        assert!(matches!(set(&format!("years = [2032]\n{SPRING}")), Err(WrongCalendar::OtherYear { .. })));
        let with = |from: &str, to: &str| set(&format!("years = [2031]\n{}", SPRING.replace(from, to)));
        assert!(matches!(with("to = \"2031-01-28\"", "to = \"2031-01-21\""), Err(WrongCalendar::Span { .. })));
        assert!(matches!(with("to = \"2031-01-28\"", "to = \"2031-12-28\""), Err(WrongCalendar::Span { .. })));
        assert!(matches!(with("2031-01-19", "2031-01-20"), Err(WrongCalendar::Weekday { .. })));
        assert!(matches!(with("2031-01-19", "2031-01-25"), Err(WrongCalendar::Twice(_))));
    }
}
