//! Local months, which some figures are told by: whole, once they are over, in the period in which they end.
//!
//! Lawsuits are told of these alone; psychological services, of which there is always a last month, of that where a period holds the
//! end of none: on the 31st of a month the thirty days before it do not.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};

use crate::statistics::Period;

/// A local month: its year and its number, 1–12.
pub type Month = (i32, u32);

/// Which months are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Those of the period.
    Now,
    /// As many before them: the days before the period need not hold the end of any.
    Before,
    /// The same a year before.
    YearBefore,
}

impl When {
    /// Moves months to where they are looked at.
    pub fn of(self, months: Vec<Month>) -> Vec<Month> {
        let by = match self {
            Self::Now => 0,
            Self::Before => months.len() as u32,
            Self::YearBefore => 12,
        };
        months.into_iter().map(|month| back(month, by)).collect()
    }
}

/// Returns the month of an instant.
pub fn month(at: i64, offset: FixedOffset) -> Month {
    let local = DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(&offset);
    (local.year(), local.month())
}

/// Whether a month ended in a period and is over.
pub fn is_told(month: Month, period: Period, now: DateTime<FixedOffset>) -> bool {
    end(month, *now.offset()).is_some_and(|end| period.from < end && end <= period.to && end <= now.timestamp())
}

/// Returns the months that ended in a period and are over.
pub fn told(period: Period, now: DateTime<FixedOffset>) -> Vec<Month> {
    let last = month(period.to.min(now.timestamp()), *now.offset());
    let all = std::iter::successors(Some(month(period.from, *now.offset())), |&month| Some(next(month)));
    all.take_while(|&month| month <= last).filter(|&month| is_told(month, period, now)).collect()
}

/// Returns the months that psychological services are told of: those that ended in a period and are over, else the last before
/// its end.
pub fn of_services(period: Period, when: When, now: DateTime<FixedOffset>) -> Vec<Month> {
    let mut months = told(period, now);
    if months.is_empty() {
        months.push(back(month(period.to.min(now.timestamp()), *now.offset()), 1));
    }
    when.of(months)
}

/// Returns the month so many months before one.
pub const fn back((year, month): Month, months: u32) -> Month {
    let number = year * 12 + month.cast_signed() - 1 - months.cast_signed();
    (number.div_euclid(12), number.rem_euclid(12).cast_unsigned() + 1)
}

const fn next((year, month): Month) -> Month {
    if month == 12 { (year + 1, 1) } else { (year, month + 1) }
}

/// Returns the first second after a month.
fn end(month: Month, offset: FixedOffset) -> Option<i64> {
    let next = next(month);
    let midnight = NaiveDate::from_ymd_opt(next.0, next.1, 1)?.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_utc().timestamp() - i64::from(offset.local_minus_utc()))
}
