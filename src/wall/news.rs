//! What has come since: where counts have grown by `k` or more, so that no row ever tells of a single case.

use std::collections::VecDeque;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::statistics::Statistics;

/// Most rows that are kept.
const MOST: usize = 24;

/// What has grown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A street.
    Place(PlaceId),
    /// A category.
    Category(CategoryId),
}

/// Some cases that have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where, or about what.
    pub what: What,
    /// How many; never fewer than `k`.
    pub more: u64,
    /// Since when.
    pub from: DateTime<FixedOffset>,
    /// Until when.
    pub to: DateTime<FixedOffset>,
}

impl Row {
    /// Whether it is of the whole day so far.
    pub fn is_of_day(&self) -> bool {
        self.from.time() == NaiveTime::MIN
    }
}

/// What has come, the newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct News {
    day: Option<NaiveDate>,
    told: Vec<(What, u64, DateTime<FixedOffset>)>,
    rows: VecDeque<Row>,
}

impl News {
    /// Returns the rows, the newest first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// Takes the figures of the day so far; an answer that was asked for before midnight and counted after it is of no day.
    /// What has grown by less than `k` waits until it has.
    pub fn take(&mut self, today: &Statistics, k: u32) {
        let day = today.at.date_naive();
        if today.from.with_timezone(today.at.offset()).date_naive() != day {
            return;
        }
        if self.day.replace(day) != Some(day) {
            self.told.clear();
            self.rows.clear();
        }
        let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(*today.at.offset()).single();
        let since = midnight.unwrap_or(today.from);
        let categories = today.categories.iter().map(|row| (What::Category(row.category.clone()), row.received));
        let places = today.children.iter().map(|row| (What::Place(row.place.clone()), row.received));
        let mut grown: Vec<Row> = categories
            .chain(places)
            .filter_map(|(what, received)| self.grown(what, received?, since, today.at, u64::from(k.max(1))))
            .collect();
        fengtu_geo::order::sort_by(&mut grown, |a, b| a.more.cmp(&b.more));
        for row in grown {
            self.rows.push_front(row);
        }
        self.rows.truncate(MOST);
    }

    fn grown(
        &mut self,
        what: What,
        received: u64,
        midnight: DateTime<FixedOffset>,
        at: DateTime<FixedOffset>,
        k: u64,
    ) -> Option<Row> {
        let before = self.told.iter().find(|(of, ..)| *of == what);
        let (told, from) = before.map_or((0, midnight), |row| (row.1, row.2));
        // A count that fell was corrected: it is told from anew.
        let more = received.checked_sub(told);
        if more.is_some_and(|more| more < k) {
            return None;
        }
        self.told.retain(|(of, ..)| *of != what);
        self.told.push((what.clone(), received, at));
        Some(Row { what, more: more?, from, to: at })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::statistics::{CategoryCount, Figures};

    use super::*;

    fn today(at: &str, street: u64, wages: Option<u64>) -> Statistics {
        let at = DateTime::parse_from_rfc3339(at).unwrap();
        let place = fengtu_wire::statistics::PlaceFigures {
            place: "s".into(),
            level: fengtu_wire::warnings::Level::None,
            grids: [0; 3],
            received: Some(street),
            settled: None,
            open: None,
            overdue: None,
        };
        Statistics {
            place: "d".into(),
            from: at,
            to: at,
            at,
            figures: Figures::default(),
            before: Figures::default(),
            year_before: None,
            categories: vec![CategoryCount { category: "wages".into(), received: wages }],
            days: Vec::new(),
            hours: Vec::new(),
            children: vec![place],
            next: None,
        }
    }

    fn told(news: &News) -> Vec<(u64, u32)> {
        use chrono::Timelike;
        news.rows().map(|row| (row.more, row.from.hour())).collect()
    }

    #[test]
    fn only_k_and_more_are_told_and_what_is_less_waits() {
        let mut news = News::default();
        news.take(&today("2026-03-04T09:00:00+08:00", 12, None), 5);
        assert_eq!(told(&news), [(12, 0)]);
        news.take(&today("2026-03-04T10:00:00+08:00", 16, None), 5);
        assert_eq!(told(&news).len(), 1, "four more are not told");
        news.take(&today("2026-03-04T11:00:00+08:00", 17, Some(6)), 5);
        assert_eq!(told(&news), [(6, 0), (5, 9), (12, 0)]);
        assert!(news.rows().all(|row| row.more >= 5));
    }

    #[test]
    fn a_new_day_begins_at_nothing_and_a_corrected_count_is_told_from_anew() {
        let mut news = News::default();
        news.take(&today("2026-03-04T23:59:00+08:00", 100, None), 5);
        news.take(&today("2026-03-05T08:00:00+08:00", 7, None), 5);
        assert_eq!(told(&news), [(7, 0)], "yesterday's rows are not today's");
        let late = Statistics {
            from: today("2026-03-04T00:00:00+08:00", 0, None).from,
            ..today("2026-03-05T08:01:00+08:00", 107, None)
        };
        news.take(&late, 5);
        assert_eq!(told(&news), [(7, 0)], "what was counted since yesterday is not today's");
        news.take(&today("2026-03-05T09:00:00+08:00", 5, None), 5);
        news.take(&today("2026-03-05T10:00:00+08:00", 10, None), 5);
        assert_eq!(told(&news), [(5, 9), (7, 0)]);
    }
}
