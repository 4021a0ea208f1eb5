//! What is chosen on the leaders' board, along place and time; causes are the categories that every page knows.

use chrono::{Datelike, NaiveDate};
use fengtu_wire::ids::PlaceId;

use super::id;

/// What is chosen; nothing along a dimension: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brush {
    /// Inside which place below the one in view.
    pub within: Option<PlaceId>,
    /// The first and the last day.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Days of the week, 1 = Monday, in order; empty: all.
    pub weekdays: Vec<u8>,
    /// Hours of the day, in order; empty: all.
    pub hours: Vec<u8>,
}

impl Brush {
    /// Adds or takes away a number of a list, which stays in order; all of `most` are none.
    pub fn toggle(list: &mut Vec<u8>, value: u8, most: usize) {
        match list.binary_search(&value) {
            Ok(at) => drop(list.remove(at)),
            Err(at) => list.insert(at, value),
        }
        if list.len() >= most {
            list.clear();
        }
    }

    /// Writes its parts as parameters.
    pub(super) fn put(&self, put: &mut impl FnMut(&str, Option<String>)) {
        put("within", self.within.as_ref().map(ToString::to_string));
        put("days", self.days.map(|(from, to)| format!("{}.{}", day_text(from), day_text(to))));
        put("week", (!self.weekdays.is_empty()).then(|| numbers(&self.weekdays)));
        put("hours", (!self.hours.is_empty()).then(|| numbers(&self.hours)));
    }

    /// Takes a parameter; `None`: it is none of these, or cannot be understood.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "within" => self.within = Some(PlaceId(id(value.to_owned())?)),
            "days" => self.days = Some(read_days(value)?),
            "week" => self.weekdays = read_numbers(value, 1, 7)?,
            "hours" => self.hours = read_numbers(value, 0, 23)?,
            _ => return None,
        }
        Some(())
    }
}

/// Writes a day as people and programs read it.
pub fn day_text(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// Reads a day such as `2026-03-01`.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let is_whole = parts.next().is_none() && (1970..2200).contains(&year);
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| is_whole)
}

fn read_days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = text.split_once('.')?;
    let days = (read_day(from)?, read_day(to)?);
    (days.0 <= days.1).then_some(days)
}

fn numbers(list: &[u8]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

fn read_numbers(text: &str, least: u8, most: u8) -> Option<Vec<u8>> {
    let list: Vec<u8> = text.split('.').map(|one| one.parse().ok()).collect::<Option<_>>()?;
    let fits = list.iter().all(|one| (least..=most).contains(one)) && list.is_sorted_by(|a, b| a < b);
    fits.then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_dimension_is_no_choice_and_lists_stay_in_order() {
        let mut list = vec![1, 5];
        Brush::toggle(&mut list, 3, 7);
        assert_eq!(list, [1, 3, 5]);
        Brush::toggle(&mut list, 1, 7);
        assert_eq!(list, [3, 5]);
        (1..=7).filter(|day| ![3, 5].contains(day)).for_each(|day| Brush::toggle(&mut list, day, 7));
        assert!(list.is_empty());
    }

    #[test]
    fn days_and_numbers_that_are_none_are_not_taken() {
        for wrong in ["2026-02-30.2026-03-01", "2026-03-02.2026-03-01", "2026-03-01", "x.y", "2026-3-1-1.2026-03-01"] {
            assert_eq!(read_days(wrong), None, "{wrong}");
        }
        for wrong in ["", "0", "8", "2.1", "1.1", "a"] {
            assert_eq!(read_numbers(wrong, 1, 7), None, "{wrong}");
        }
    }
}
