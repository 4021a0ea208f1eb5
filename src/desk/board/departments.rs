//! What became of orders, department by department: whoever is ordered often and comes late stands first.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use fengtu_wire::orders::{Order, Summons};

use super::card::Grid;
use crate::desk::words;
use crate::tr;
use crate::ui::number::{grouped, share};

/// What one department did of what it was ordered to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Department {
    /// How often it was ordered to come.
    pub summoned: u64,
    /// How often it came, or its minutes are over.
    pub due: u64,
    /// How often it came inside them.
    pub in_time: u64,
    /// Seconds until it came, all together, and how often it came.
    pub came: (i64, u64),
    /// How often it said what it did.
    pub reported: u64,
    /// Its scores, all together, and how many there are.
    pub scores: (u64, u64),
}

impl Department {
    fn add(&mut self, order: &Order, summons: &Summons, now: DateTime<FixedOffset>) {
        let is_over = order.clock.due_at.is_some_and(|due| due < now);
        self.summoned += 1;
        self.due += u64::from(summons.check_in.is_some() || is_over);
        self.reported += u64::from(summons.report.is_some());
        if let Some(check_in) = &summons.check_in {
            self.in_time += u64::from(check_in.in_time);
            self.came = (self.came.0 + (check_in.at - order.issued_at).num_seconds().max(0), self.came.1 + 1);
        }
        if let Some(score) = summons.score {
            self.scores = (self.scores.0 + u64::from(score), self.scores.1 + 1);
        }
    }

    /// How often it was late, or has not come though its minutes are over.
    pub const fn late(&self) -> u64 {
        self.due.saturating_sub(self.in_time)
    }

    fn cells(&self, name: String) -> Vec<String> {
        let none = || "—".to_owned();
        let rate = (self.due > 0).then(|| share(self.in_time as f64 / self.due as f64));
        let mean = i64::try_from(self.came.1).ok().filter(|n| *n > 0).map(|n| words::span(self.came.0 / n));
        let score = (self.scores.1 > 0).then(|| format!("{:.1}", self.scores.0 as f64 / self.scores.1 as f64));
        vec![
            name,
            grouped(self.summoned),
            rate.unwrap_or_else(none),
            grouped(self.late()),
            mean.unwrap_or_else(none),
            grouped(self.reported),
            score.unwrap_or_else(none),
        ]
    }
}

/// Counts orders by department: those that were late most often first, then those ordered most often.
pub fn by_department(orders: &[Order], now: DateTime<FixedOffset>) -> Vec<(String, Department)> {
    let mut all: BTreeMap<&str, Department> = BTreeMap::new();
    for order in orders {
        for summons in &order.departments {
            all.entry(&summons.department).or_default().add(order, summons, now);
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(name, one)| (name.to_owned(), one)).collect();
    fengtu_geo::order::sort_by(&mut all, |(_, a), (_, b)| (b.late(), b.summoned).cmp(&(a.late(), a.summoned)));
    all
}

/// The same as a table.
pub fn grid(orders: &[Order], now: DateTime<FixedOffset>) -> Grid {
    let heads = [
        tr!(board.department),
        tr!(board.summoned),
        tr!(board.checked_in),
        tr!(board.late),
        tr!(board.mean_time),
        tr!(board.reported),
        tr!(board.mean_score),
    ];
    let rows = by_department(orders, now).into_iter().map(|(name, one)| one.cells(name)).collect();
    Grid { heads: heads.map(str::to_owned).to_vec(), rows }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use fengtu_wire::paging::Page;

    use super::*;

    #[test]
    fn who_has_not_come_is_late_once_the_minutes_are_over_and_not_before() {
        let orders = include_str!("../../../crates/wire/tests/golden/orders.json");
        let orders = serde_json::from_str::<Page<Order>>(orders).unwrap().items;
        let due = orders[0].clock.due_at.unwrap();
        let of = |name: &str, now| by_department(&orders[..1], now).into_iter().find(|(n, _)| n == name).unwrap().1;
        let justice = "区司法局";
        assert_eq!((of(justice, due).due, of(justice, due).late()), (0, 0), "its minutes run");
        let over = due + chrono::TimeDelta::seconds(1);
        assert_eq!((of(justice, over).due, of(justice, over).late()), (1, 1));
        let labour = of("区人力资源局", over);
        assert_eq!((labour.in_time, labour.came, labour.reported, labour.scores), (1, (1_500, 1), 1, (5, 1)));
        assert_eq!(by_department(&orders[..1], over)[0].0, justice, "whoever is late stands first");
        let cells = &grid(&orders[..1], over).rows;
        assert_eq!(cells[0], [justice, "1", "0%", "1", "—", "0", "—"]);
    }
}
