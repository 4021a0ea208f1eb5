//! The spans of time that figures are of, and those that they are beside.

use chrono::{DateTime, FixedOffset, Months, NaiveDate};
use fengtu_wire::cube::Cube;

const DAY_S: i64 = 86_400;

/// A span of time in Unix seconds: `from` belongs to it, `to` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its start.
    pub from: i64,
    /// Its end.
    pub to: i64,
}

impl Period {
    /// Returns whether an instant lies in it.
    pub const fn contains(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }

    /// Returns the period before it: as many days earlier as it touches, to the same local time of day, so that a morning is
    /// beside a morning. One that begins at no local midnight has the span of equal length right before it.
    #[must_use]
    pub const fn before(self, offset: FixedOffset) -> Self {
        let length = self.to - self.from;
        let begins_a_day = (self.from + offset.local_minus_utc() as i64).rem_euclid(DAY_S) == 0;
        let days = length.div_euclid(DAY_S) + (length.rem_euclid(DAY_S) > 0) as i64;
        let back = if begins_a_day { days * DAY_S } else { length };
        Self { from: self.from - back, to: self.to - back }
    }

    /// Returns the same local dates and hours one year earlier; 29 February is the 28th. `None`: beyond the calendar.
    pub fn year_before(self, offset: FixedOffset) -> Option<Self> {
        let back = |at: i64| {
            let local = DateTime::from_timestamp(at, 0)?.with_timezone(&offset);
            Some(local.checked_sub_months(Months::new(12))?.timestamp())
        };
        // A 28 February that ends as the 29th begins would end as it begins: it ends after its last second.
        let end = back(self.to)?.max(back(self.to - 1)? + 1);
        Some(Self { from: back(self.from)?, to: end })
    }
}

/// Returns the first and the last local day of the period that a board's is beside: as many days, and seldom a month as the
/// calendar has it.
pub fn days_before(cube: &Cube) -> [NaiveDate; 2] {
    let offset = *cube.at.offset();
    let before = Period { from: cube.from.timestamp(), to: cube.to.timestamp() }.before(offset);
    let day = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(&offset).date_naive();
    [day(before.from), day((before.to - 1).max(before.from))]
}
