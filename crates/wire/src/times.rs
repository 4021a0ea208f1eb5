//! Dates, times of day and instants on the wire: `2026-03-01`, `09:00:00`, `2026-03-01T09:00:00+08:00`.
//!
//! chrono's own readers go through its interpreter of format strings, which alone is a tenth of the residents' page.

/// An instant: RFC 3339 and nothing looser.
pub mod instant {
    use chrono::{DateTime, FixedOffset};

    pub const EXPECTED: &str = "an instant of RFC 3339 was expected";

    pub fn read(text: &str) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(text).ok()
    }
}

/// A date.
pub mod date {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub const EXPECTED: &str = "a date such as 2026-03-01 was expected";

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(date: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        read(&String::deserialize(from)?).ok_or_else(|| D::Error::custom(EXPECTED))
    }

    pub fn read(text: &str) -> Option<NaiveDate> {
        let [year, month, day] = super::numbers(text, '-')?;
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }
}

/// A time of day, with or without seconds.
pub mod time_of_day {
    use chrono::{NaiveTime, Timelike};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub const EXPECTED: &str = "a time of day such as 09:00:00 was expected";

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(time: &NaiveTime, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        read(&String::deserialize(from)?).ok_or_else(|| D::Error::custom(EXPECTED))
    }

    pub fn read(text: &str) -> Option<NaiveTime> {
        let with_seconds = super::numbers(text, ':');
        let [hour, minute, second] = with_seconds.or_else(|| super::numbers(&format!("{text}:0"), ':'))?;
        NaiveTime::from_hms_opt(hour, minute, second)
    }
}

/// Reads three numbers of figures alone.
fn numbers(text: &str, between: char) -> Option<[u32; 3]> {
    let mut parts = text.split(between);
    let mut next =
        || parts.next().filter(|part| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))?.parse().ok();
    let read = [next()?, next()?, next()?];
    parts.next().is_none().then_some(read)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use chrono::{NaiveDate, NaiveTime};
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super::date")]
        date: NaiveDate,
        #[serde(with = "super::time_of_day")]
        time: NaiveTime,
    }

    fn read(date: &str, time: &str) -> Option<Both> {
        serde_json::from_value(serde_json::json!({"date": date, "time": time})).ok()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(days in 0..4_000_000_i64, seconds in 0..86_400_u32) {
            let date = NaiveDate::default() + chrono::TimeDelta::days(days % 2_900_000);
            let both = Both { date, time: NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap() };
            prop_assert_eq!(read(&both.date.to_string(), &both.time.to_string()), Some(both));
        }

        #[test]
        fn anything_else_is_refused_without_panic(date in "\\PC{0,12}", time in "\\PC{0,12}") {
            prop_assert_eq!(read(&date, &time), None);
        }
    }

    #[test]
    fn seconds_may_be_missing_and_nothing_may_be_odd() {
        assert!(read("2026-03-01", "09:30").is_some());
        for (date, time) in
            [("2026-02-30", "09:30"), ("2026-03-01", "24:00"), ("+2026-03-01", "9:3"), ("2026-3", "9"), ("", "")]
        {
            assert_eq!(read(date, time), None, "{date} {time}");
        }
    }
}
