//! Counts of every node in one period, of cases, orders and confirmations, added up the tree.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::statistics::{Counts, Period};
use fengtu_wire::statistics::{Figures, Share};

use super::facts::Packed;
use super::figures::{may_count, within};
use super::masks::Masks;
use super::tree::{Ix, NOWHERE};
use super::{Board, Scope};

/// Counts of every node with all below it; where counts are exact, of the nodes in a scope alone.
pub struct Sums {
    rolled: Vec<Counts>,
    all: Counts,
    period: Period,
    now: DateTime<FixedOffset>,
}

impl Sums {
    /// Counts; for a viewer with a `k` over the whole tree, as what is withheld here depends on what is shown elsewhere.
    pub fn new(board: &Board, scope: Scope, period: Period, now: DateTime<FixedOffset>, anonymous: bool) -> Self {
        let (clock, now) = (now, now.timestamp());
        let mut rolled = vec![Counts::default(); board.tree.len()];
        let mut nowhere = Counts::default();
        let counts = |case: &Packed| case.reported_at() < period.to && may_count(board, case);
        let counted = if anonymous { Scope::All } else { scope };
        for case in within(board, counted).filter(|case| counts(case)) {
            let slot = rolled.get_mut(case.place() as usize).unwrap_or(&mut nowhere);
            slot.count(&case.fact(), period, now);
        }
        for order in board.orders_to_count() {
            rolled.get_mut(order.place as usize).unwrap_or(&mut nowhere).count_order(order, period, now);
        }
        for confirmation in board.confirmations_to_count() {
            let slot = rolled.get_mut(confirmation.place as usize).unwrap_or(&mut nowhere);
            slot.count_confirmation(confirmation, period, now);
        }
        let mut all = nowhere;
        for ix in (0..rolled.len()).rev() {
            let own = rolled.get(ix).copied().unwrap_or_default();
            let above = board.tree.above(ix as Ix).and_then(|up| rolled.get_mut(up as usize));
            *above.unwrap_or(&mut all) += own;
        }
        Self { rolled, all, period, now: clock }
    }

    /// Returns the counts of a node.
    pub fn of(&self, ix: Ix) -> Counts {
        self.rolled.get(ix as usize).copied().unwrap_or_default()
    }

    /// Decides which of the counts are shown to those who get none under `k`.
    pub fn masks(&self, board: &Board, k: u32) -> Masks {
        Masks::new(&board.tree, &self.rolled, &self.all, k)
    }

    /// Returns the figures of a part of the tree, cut where there are masks.
    pub fn figures(&self, board: &Board, scope: Scope, masks: Option<&Masks>) -> Figures {
        let (ix, counts) = match scope {
            Scope::All => (NOWHERE, self.all),
            Scope::Node(ix) => (ix, self.of(ix)),
        };
        let exact = going_on(known(board, Figures::from(counts)), self.period, self.now);
        match masks {
            Some(masks) => masks.cut(ix, exact),
            None => exact,
        }
    }
}

/// Takes back what is soon from the figures of a period that is over.
pub(super) fn going_on(figures: Figures, period: Period, now: DateTime<FixedOffset>) -> Figures {
    Figures { due_soon: figures.due_soon.filter(|_| period.to >= now.timestamp()), ..figures }
}

/// Takes back what a district keeps nothing of.
pub(super) fn known(board: &Board, mut figures: Figures) -> Figures {
    if !board.orders.has_orders {
        (figures.orders, figures.checked_in) = (None, Share::default());
    }
    if !board.orders.has_confirmations {
        (figures.confirmations, figures.confirmed_in_time) = (None, Share::default());
    }
    if !board.has_mediations {
        figures.mediated = Share::default();
    }
    figures
}
