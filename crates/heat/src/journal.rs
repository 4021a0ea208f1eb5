//! What changed since a reader last looked, so that a live event costs one event and not all cases.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::rows::Row;

/// Holds one change: what was at a place is gone, or what is there now has come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub place: usize,
    pub row: Row,
    pub came: bool,
}

/// Names a state of one set of columns; no other columns, a clone among them, ever have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    columns: u64,
    version: u64,
}

/// Keeps the last changes; a reader that comes later than that reads everything anew.
#[derive(Debug)]
pub(crate) struct Journal {
    columns: u64,
    /// Versions before the first change that is kept.
    base: u64,
    changes: Vec<Change>,
}

/// Most changes kept: beyond, reading everything anew costs about the same.
const KEPT: usize = 1 << 15;

impl Journal {
    /// Notes a change.
    pub fn note(&mut self, place: usize, row: Row, came: bool) {
        if self.changes.len() >= KEPT {
            self.forget();
        }
        self.changes.push(Change { place, row, came });
    }

    /// Makes every reader read everything anew.
    pub fn forget(&mut self) {
        // One more than there were, so that a reader that knew all of them notices too.
        self.base += self.changes.len() as u64 + 1;
        self.changes.clear();
    }

    /// Names the present state.
    pub fn stamp(&self) -> Stamp {
        Stamp { columns: self.columns, version: self.base + self.changes.len() as u64 }
    }

    /// Gives what changed since a state; `None` if that is no longer known.
    pub fn since(&self, stamp: Stamp) -> Option<&[Change]> {
        let known = stamp.columns == self.columns && stamp.version >= self.base;
        known.then(|| self.changes.get((stamp.version - self.base) as usize..)).flatten()
    }
}

impl Default for Journal {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { columns: NEXT.fetch_add(1, Ordering::Relaxed), base: 0, changes: Vec::new() }
    }
}

/// A copy goes its own way from here on.
impl Clone for Journal {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const ROW: Row = Row { x: 0.0, y: 0.0, time: 0, weight: 1.0, category: 0 };

    #[test]
    fn a_reader_gets_what_came_after_it_looked() {
        let mut journal = Journal::default();
        let first = journal.stamp();
        journal.note(7, ROW, true);
        let second = journal.stamp();
        journal.note(8, ROW, false);
        let places = |stamp| journal.since(stamp).unwrap().iter().map(|change| change.place).collect::<Vec<_>>();
        assert_eq!((places(first), places(second), places(journal.stamp())), (vec![7, 8], vec![8], vec![]));
    }

    #[test]
    fn what_is_forgotten_or_of_others_is_not_known() {
        let mut journal = Journal::default();
        journal.note(7, ROW, true);
        let known = journal.stamp();
        assert!(journal.clone().since(known).is_none() && Journal::default().since(known).is_none());
        journal.forget();
        assert!(journal.since(known).is_none() && journal.since(journal.stamp()).unwrap().is_empty());
        for place in 0..=KEPT {
            journal.note(place, ROW, true);
        }
        assert!(journal.changes.len() <= KEPT, "nothing grows without bound");
    }
}
