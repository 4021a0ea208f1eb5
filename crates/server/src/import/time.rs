//! Times as districts write them.

use chrono::{
    DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeZone as _, Utc,
};

use serde::{Deserialize as _, Deserializer, de::Error as _};

use super::mapping::Mapping;

/// Year first, so that none can be taken for another; tried where the mapping names none.
const USUAL: [&str; 10] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
];

/// How the times of a file are read.
pub struct Times {
    formats: Vec<String>,
    offset: FixedOffset,
}

/// An instant, and whether it was given by its day alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// When; a day alone is its first moment.
    pub at: DateTime<Utc>,
    /// Whether there was no time of day.
    pub is_day: bool,
}

impl Times {
    /// Takes the formats and the offset of a mapping.
    pub fn new(mapping: &Mapping) -> Self {
        let usual = || USUAL.iter().map(|&format| format.to_owned()).collect();
        let formats = if mapping.times.is_empty() { usual() } else { mapping.times.clone() };
        Self { formats, offset: mapping.offset().unwrap_or_else(|| Utc.fix()) }
    }

    /// Reads a time: RFC 3339, else by the formats in their order.
    pub fn read(&self, text: &str) -> Option<Instant> {
        let with_offset = DateTime::parse_from_rfc3339(text).ok().map(|at| Instant { at: at.to_utc(), is_day: false });
        with_offset.or_else(|| self.formats.iter().find_map(|format| self.by_format(text, format)))
    }

    /// Returns the day of an instant where the file comes from.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.offset).date_naive()
    }

    fn by_format(&self, text: &str, format: &str) -> Option<Instant> {
        match format {
            "epoch_s" => DateTime::from_timestamp(text.parse().ok()?, 0).map(moment),
            "epoch_ms" => DateTime::from_timestamp_millis(text.parse().ok()?).map(moment),
            _ => {
                let with_offset = || DateTime::parse_from_str(text, format).ok().map(|at| moment(at.to_utc()));
                let local = || NaiveDateTime::parse_from_str(text, format).ok().and_then(|at| self.local(at, false));
                let day = || NaiveDate::parse_from_str(text, format).ok();
                with_offset().or_else(local).or_else(|| self.local(day()?.and_time(NaiveTime::MIN), true))
            }
        }
    }

    fn local(&self, at: NaiveDateTime, is_day: bool) -> Option<Instant> {
        let at = self.offset.from_local_datetime(&at).single()?.to_utc();
        Some(Instant { at, is_day })
    }
}

/// The first year of which a month may be: `25-12` is no month of the year 25.
pub const FIRST_YEAR: i32 = 1950;

/// Reads a month that is written without a day, year first with four digits; its first day.
pub fn month(text: &str) -> Option<NaiveDate> {
    let first = |format: &str| NaiveDate::parse_from_str(&format!("{text} 1"), &format!("{format} %d")).ok();
    let read = ["%Y-%m", "%Y/%m", "%Y.%m", "%Y年%m月", "%Y%m"].into_iter().find_map(first);
    read.filter(|month| month.year() >= FIRST_YEAR)
}

/// Reads a time of day, with or without seconds.
pub fn of_day(text: &str) -> Option<NaiveTime> {
    ["%H:%M:%S", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

/// Reads a time of day at which something ends: as [`of_day`], and 24:00 as the midnight that ends the day.
pub fn of_day_end(text: &str) -> Option<NaiveTime> {
    if is_end_of_day(text) { Some(NaiveTime::MIN) } else { of_day(text) }
}

/// Returns whether a text says the end of the day, 24:00.
pub fn is_end_of_day(text: &str) -> bool {
    matches!(text.trim(), "24:00" | "24:00:00")
}

/// Reads the time of day at which something closes, in a mapping.
pub fn closing<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(from)?;
    of_day_end(&text).ok_or_else(|| D::Error::custom("a time of day such as 18:00 or 24:00 was expected"))
}

const fn moment(at: DateTime<Utc>) -> Instant {
    Instant { at, is_day: false }
}
