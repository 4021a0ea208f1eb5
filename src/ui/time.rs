//! Moments as people say them: "3 minutes ago", with the exact time on hover.

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use leptos::prelude::*;

use crate::tr;

/// Returns a moment in the district's own time, such as `2026-03-01 09:30`.
pub fn exact(at: DateTime<Utc>, utc_offset_s: i32) -> String {
    let offset = FixedOffset::east_opt(utc_offset_s);
    offset.map_or_else(|| day_and_time(&at) + "Z", |offset| day_and_time(&at.with_timezone(&offset)))
}

// chrono's format strings are not used: their interpreter weighs more than all of this module's users.

/// Writes a date and the time of day, such as `2026-03-01 09:30`.
pub fn day_and_time(at: &(impl Datelike + Timelike)) -> String {
    format!("{} {}", day(at), hour_and_minute(at))
}

/// Writes a date, such as `2026-03-01`.
pub fn day(at: &impl Datelike) -> String {
    format!("{:04}-{}", at.year(), month_and_day(at))
}

/// Writes a date of this year, such as `03-01`.
pub fn month_and_day(at: &impl Datelike) -> String {
    format!("{:02}-{:02}", at.month(), at.day())
}

/// Writes a time of day, such as `09:30`.
pub fn hour_and_minute(at: &impl Timelike) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Returns how long ago a moment was, in words.
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds().max(0);
    match seconds {
        0..60 => tr!(common.just_now).to_owned(),
        60..3_600 => tr!(common.minutes_ago, n = seconds / 60),
        3_600..86_400 => tr!(common.hours_ago, n = seconds / 3_600),
        _ => tr!(common.days_ago, n = seconds / 86_400),
    }
}

/// A moment in words that stay true as `now` (the server's clock) goes on.
#[component]
pub fn TimeAgo(at: DateTime<Utc>, #[prop(into)] now: Signal<DateTime<Utc>>, utc_offset_s: i32) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339() title=exact(at, utc_offset_s)>{move || ago(at, now.get())}</time> }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn moments_are_said_in_the_districts_own_time() {
        let at = DateTime::from_timestamp(1_772_328_600, 0).unwrap();
        assert_eq!(exact(at, 28_800), "2026-03-01 09:30");
        let later = |s| at + chrono::TimeDelta::seconds(s);
        assert_eq!([ago(at, later(-5)), ago(at, later(59))], ["刚刚", "刚刚"]);
        assert_eq!([ago(at, later(60)), ago(at, later(7_200))], ["1 分钟前", "2 小时前"]);
    }
}
