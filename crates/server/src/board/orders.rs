//! Orders and judicial confirmations in memory: few, and only what figures need of them.

use std::collections::BTreeMap;

use fengtu_domain::sight::layer_ok;
use fengtu_domain::statistics::{ConfirmationFact, OrderFact};
use fengtu_domain::terms::Term;

use super::Board;
use super::tree::NOWHERE;
use crate::store::mediations::ConfirmationFact as StoredConfirmation;
use crate::store::orders::OrderFact as StoredOrder;

/// What is held of them; what belongs to a restricted case is counted for nobody and not held.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    given: BTreeMap<Box<str>, OrderFact>,
    confirmations: BTreeMap<(Box<str>, u32), ConfirmationFact>,
    /// Whether the district keeps any, so that none in a period is a nought and not unknown.
    pub has_orders: bool,
    /// The same for judicial confirmations.
    pub has_confirmations: bool,
}

impl Orders {
    /// Returns every order that may be counted.
    pub fn orders(&self) -> impl Iterator<Item = &OrderFact> {
        self.given.values()
    }

    /// Returns every judicial confirmation that may be counted.
    pub fn confirmations(&self) -> impl Iterator<Item = &ConfirmationFact> {
        self.confirmations.values()
    }
}

impl Board {
    /// Takes over an order as it is after a change.
    pub fn apply_order(&mut self, stored: &StoredOrder) {
        self.version += 1;
        self.orders.has_orders = true;
        let issued_at = stored.issued_at.div_euclid(1000);
        let due = issued_at + i64::from(stored.check_in_s);
        let check_in = Term { due: Some(due), stopped: stored.answered_at.map(|at| at.div_euclid(1000)) };
        let fact = OrderFact { issued_at, check_in, place: self.tree.find(&stored.place).unwrap_or(NOWHERE) };
        let key = stored.number.as_str().into();
        if layer_ok(stored.sensitivity) {
            self.orders.given.insert(key, fact);
        } else {
            self.orders.given.remove(&key);
        }
    }

    /// Takes over a judicial confirmation as it is after a change.
    pub fn apply_confirmation(&mut self, stored: &StoredConfirmation) {
        self.version += 1;
        self.orders.has_confirmations = true;
        let applied_at = stored.applied_at.div_euclid(1000);
        let due = self.confirmation_s.map(|seconds| applied_at + i64::from(seconds));
        let confirmed = Term { due, stopped: stored.confirmed_at.map(|at| at.div_euclid(1000)) };
        let place = stored.place.as_ref().and_then(|id| self.tree.find(id)).unwrap_or(NOWHERE);
        let key = (stored.case.as_str().into(), stored.sequence);
        if layer_ok(stored.sensitivity) {
            self.orders.confirmations.insert(key, ConfirmationFact { applied_at, confirmed, place });
        } else {
            self.orders.confirmations.remove(&key);
        }
    }
}
