//! What is chosen on the leaders' board, along place and time; causes are the categories that every page knows.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use fengtu_wire::ids::PlaceId;

use super::id;

/// The most places that an address holds: what a backend takes.
pub const MOST_PLACES: usize = 256;

/// What is chosen; nothing along a dimension: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brush {
    /// Inside which places below the one in view, at most [`MOST_PLACES`].
    pub within: BTreeSet<PlaceId>,
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

    /// Adds places; `None`: they would be too many.
    fn add(&mut self, ids: impl IntoIterator<Item = String>) -> Option<()> {
        let mut all = self.within.clone();
        all.extend(ids.into_iter().map(PlaceId));
        if all.len() > MOST_PLACES {
            return None;
        }
        self.within = all;
        Some(())
    }

    /// Writes its parts as parameters.
    pub(super) fn put(&self, put: &mut impl FnMut(&str, Option<String>)) {
        write_places(&self.within, put);
        put("days", self.days.map(|(from, to)| format!("{}.{}", day_text(from), day_text(to))));
        put("week", (!self.weekdays.is_empty()).then(|| numbers(&self.weekdays)));
        put("hours", (!self.hours.is_empty()).then(|| numbers(&self.hours)));
    }

    /// Takes a parameter; `None`: it is none of these, or cannot be understood.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "within" => self.add([id(value.to_owned())?])?,
            "area" => self.add(read_area(value)?)?,
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

/// Writes one place by its id, several in lists of `area`: a code that begins like the one before it is written by its end alone,
/// so that a hundred neighbours fit into an address.
fn write_places(places: &BTreeSet<PlaceId>, put: &mut impl FnMut(&str, Option<String>)) {
    let mut list: Option<(&str, String)> = None;
    for id in places {
        let (id, can_be_listed) = (id.as_str(), places.len() > 1 && is_code(id.as_str()));
        match &mut list {
            Some((before, text)) if can_be_listed && id.len() >= before.len() => {
                let same = id.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
                text.push('.');
                text.push_str(if id.len() == before.len() { id.get(same..).unwrap_or(id) } else { id });
                *before = id;
            }
            _ => {
                put("area", list.take().map(|(_, text)| text));
                if can_be_listed {
                    list = Some((id, id.to_owned()));
                } else {
                    put("within", Some(id.to_owned()));
                }
            }
        }
    }
    put("area", list.map(|(_, text)| text));
}

/// Whether an id may stand in a list: it has nothing of what lists are made of.
fn is_code(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn read_area(text: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for part in text.split('.') {
        let last = all.last().map_or("", String::as_str);
        let kept = if part.len() < last.len() { last.get(..last.len() - part.len())? } else { "" };
        all.push(id(format!("{kept}{part}")).filter(|id| is_code(id) && !part.is_empty())?);
    }
    Some(all)
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
    fn neighbours_are_written_by_their_ends_and_read_again() {
        let mut brush = Brush::default();
        let ids = ["440311001001001", "440311001001002", "440311001001015", "440311002001001", "4403110", "a.b"];
        brush.within.extend(ids.map(PlaceId::from));
        let mut written = Vec::new();
        brush.put(&mut |name, value| written.extend(value.map(|value| (name.to_owned(), value))));
        let expected = [("area", "4403110.440311001001001.2.15.2001001"), ("within", "a.b")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(written, expected);
        let mut read = Brush::default();
        assert!(written.iter().all(|(name, value)| read.take(name, value).is_some()));
        assert_eq!(read, brush);
        for wrong in ["", ".", "a..b", "a.b c", "a.é"] {
            assert_eq!(read_area(wrong), None, "{wrong}");
        }
        let many: Vec<String> = (0..=MOST_PLACES).map(|n| format!("{n:04}")).collect();
        assert_eq!(Brush::default().take("area", &many.join(".")), None);
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
