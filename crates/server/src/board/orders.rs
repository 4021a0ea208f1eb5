//! Orders and judicial confirmations in memory: few, and only what figures need of them.

use std::collections::BTreeMap;

use fengtu_domain::sight::layer_ok;
use fengtu_domain::statistics::{ConfirmationFact, OrderFact};
use fengtu_domain::terms::Term;
use fengtu_wire::ids::CaseNumber;

use super::figures::may_count;
use super::tree::NOWHERE;
use super::{Board, Slot};
use crate::store::mediations::ConfirmationFact as StoredConfirmation;
use crate::store::orders::OrderFact as StoredOrder;

/// The case behind one: where it is in memory, once that is known, so that nobody looks for it among a million.
#[derive(Debug, Clone)]
struct Behind {
    number: CaseNumber,
    slot: Option<Slot>,
}

/// What is held of them; one that came with a restricted case is not.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    given: BTreeMap<Box<str>, (Option<Behind>, OrderFact)>,
    confirmations: BTreeMap<(CaseNumber, u32), (Behind, ConfirmationFact)>,
    /// Whether the district keeps any, so that none in a period is a nought and not unknown.
    pub has_orders: bool,
    /// The same for judicial confirmations.
    pub has_confirmations: bool,
}

impl Board {
    /// Returns every order that may be counted, as the case behind it stands now.
    pub fn orders_to_count(&self) -> impl Iterator<Item = &OrderFact> {
        let counts = |case: &Option<Behind>| case.as_ref().is_none_or(|case| self.counts_case(case));
        self.orders.given.values().filter(move |(case, _)| counts(case)).map(|(_, fact)| fact)
    }

    /// Returns every judicial confirmation that may be counted, as its case stands now.
    pub fn confirmations_to_count(&self) -> impl Iterator<Item = &ConfirmationFact> {
        self.orders.confirmations.values().filter(|(case, _)| self.counts_case(case)).map(|(_, fact)| fact)
    }

    /// Returns every order that may be counted, with the number of the category of the case behind it.
    pub fn orders_by_cause(&self) -> impl Iterator<Item = (Option<u16>, &OrderFact)> {
        let counts = |case: &Option<Behind>| case.as_ref().is_none_or(|case| self.counts_case(case));
        let given = self.orders.given.values().filter(move |(case, _)| counts(case));
        given.map(|(case, fact)| (case.as_ref().and_then(|case| self.cause(case)), fact))
    }

    /// Returns every judicial confirmation that may be counted, with the number of the category of its case.
    pub fn confirmations_by_cause(&self) -> impl Iterator<Item = (Option<u16>, &ConfirmationFact)> {
        let all = self.orders.confirmations.values().filter(|(case, _)| self.counts_case(case));
        all.map(|(case, fact)| (self.cause(case), fact))
    }

    fn behind(&self, number: CaseNumber) -> Behind {
        Behind { slot: self.find(&number), number }
    }

    /// A case that came after what was given for it is looked for each time.
    fn slot_of(&self, case: &Behind) -> Option<Slot> {
        case.slot.or_else(|| self.find(&case.number))
    }

    fn cause(&self, case: &Behind) -> Option<u16> {
        self.case(self.slot_of(case)?).map(super::facts::Packed::category)
    }

    // A case may become restricted after its order was given.
    fn counts_case(&self, case: &Behind) -> bool {
        self.slot_of(case).and_then(|slot| self.case(slot)).is_none_or(|case| may_count(self, case))
    }

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
            let behind = stored.case.clone().map(|case| self.behind(case));
            self.orders.given.insert(key, (behind, fact));
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
        let key = (stored.case.clone(), stored.sequence);
        if layer_ok(stored.sensitivity) {
            let behind = self.behind(stored.case.clone());
            self.orders.confirmations.insert(key, (behind, ConfirmationFact { applied_at, confirmed, place }));
        } else {
            self.orders.confirmations.remove(&key);
        }
    }
}
