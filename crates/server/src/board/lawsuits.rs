//! Civil lawsuits by place and month, added up the tree (decision 0014).
//!
//! A place has the count that the courts give for it; else the sum of the places below, of the months that all of them have:
//! a street of which one community is missing has no figure, rather than one that is too small.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike as _, FixedOffset};
use fengtu_domain::lawsuits::{When, months};
use fengtu_domain::months::Month;
use fengtu_domain::statistics::Period;
use fengtu_wire::statistics::Lawsuits;

use super::tree::{Ix, Tree};
use super::{Board, Scope};
use crate::dataset::LawsuitRow;

/// Counts by month.
type Series = BTreeMap<Month, u64>;

/// The counts of every place that has any.
#[derive(Debug, Clone, Default)]
pub struct Filings {
    by_place: HashMap<Ix, Series>,
    all: Series,
}

impl Filings {
    /// Adds counts up; those of a place that is not in the tree are left out.
    pub fn new(tree: &Tree, rows: &[LawsuitRow]) -> Self {
        let mut by_place: HashMap<Ix, Series> = HashMap::new();
        for (ix, row) in rows.iter().filter_map(|row| Some((tree.find(&row.place)?, row))) {
            let month = (row.month.year(), row.month.month());
            by_place.entry(ix).or_default().insert(month, u64::from(row.filed));
        }
        // What lies below a node comes after it.
        for ix in tree.numbers().rev() {
            let mut series = sum(tree.children(ix).map(|below| by_place.get(&below)));
            series.extend(by_place.remove(&ix).unwrap_or_default());
            if !series.is_empty() {
                by_place.insert(ix, series);
            }
        }
        let all = sum(tree.tops().map(|top| by_place.get(&top)));
        Self { by_place, all }
    }
}

/// Adds counts up, of the months that all have.
fn sum<'a>(mut parts: impl Iterator<Item = Option<&'a Series>>) -> Series {
    let Some(first) = parts.next().flatten() else { return Series::new() };
    parts.fold(first.clone(), |sum, part| {
        let both = |(month, count): (Month, u64)| Some((month, count + part?.get(&month)?));
        sum.into_iter().filter_map(both).collect()
    })
}

/// What is told of one period.
pub struct Told<'a> {
    board: &'a Board,
    months: Vec<Month>,
}

impl<'a> Told<'a> {
    /// Looks up which months it is about; `None`: no lawsuits are connected.
    pub fn new(board: &'a Board, period: Period, when: When, now: DateTime<FixedOffset>) -> Option<Self> {
        if board.lawsuits.by_place.is_empty() {
            return None;
        }
        Some(Self { board, months: months(period, when, now) })
    }

    /// Returns the lawsuits of a part of the tree.
    pub fn of(&self, scope: Scope) -> Lawsuits {
        let Board { tree, lawsuits, .. } = self.board;
        let people = |ix: Ix| u64::from(tree.population(ix));
        let (series, people) = match scope {
            Scope::All => (Some(&lawsuits.all), tree.tops().map(people).sum()),
            Scope::Node(ix) => (lawsuits.by_place.get(&ix), people(ix)),
        };
        let known: Vec<u64> = self.months.iter().filter_map(|month| series?.get(month).copied()).collect();
        Lawsuits {
            filed: (!known.is_empty()).then(|| known.iter().sum()),
            months: known.len() as u32,
            ended: self.months.len() as u32,
            people,
        }
    }
}

/// Returns the lawsuits of a part of the tree in a period; `None`: none are connected.
pub fn told(board: &Board, scope: Scope, period: Period, when: When, now: DateTime<FixedOffset>) -> Option<Lawsuits> {
    Told::new(board, period, when, now).map(|told| told.of(scope))
}
