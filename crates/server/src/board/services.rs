//! Psychological services 心理服务: one coarse number, the same for everybody (decision 0009).

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::lawsuits::When;
use fengtu_domain::months::{self, Month, month};
use fengtu_domain::statistics::Period;
use fengtu_domain::withholding;
use fengtu_wire::places::PlaceLevel;

use super::{Board, Scope};

/// Fewest people of a place whose services are told.
const LEAST_PEOPLE: u32 = 100_000;

/// The services of a part of the tree, by local month.
pub struct Months {
    counts: BTreeMap<Month, u64>,
}

impl Months {
    /// Counts them, of everything that is known; `None`: the place is too small to tell of any.
    pub fn new(board: &Board, scope: Scope, offset: FixedOffset) -> Option<Self> {
        if !is_large(board, scope) {
            return None;
        }
        let mut counts: BTreeMap<Month, u64> = BTreeMap::new();
        let inside = board.glances().iter().filter(|glance| scope.holds(&board.tree, glance.place()));
        for at in inside.filter_map(|glance| glance.served_at()) {
            *counts.entry(month(at, offset)).or_default() += 1;
        }
        Some(Self { counts })
    }

    /// Returns the services of the months that a period is told by, each in steps of `k` on its own; `None`: none of these months
    /// has as many.
    ///
    /// A month is told whole or not at all, so no period is a day longer than another by one service.
    pub fn told(&self, k: u32, period: Period, when: When, now: DateTime<FixedOffset>) -> Option<u64> {
        let told = months::of_services(period, when, now).into_iter();
        told.filter_map(|month| withholding::coarse(*self.counts.get(&month)?, k)).reduce(u64::saturating_add)
    }
}

/// Whether a place has people enough; one whose people are not known has not.
fn is_large(board: &Board, scope: Scope) -> bool {
    let people = |ix| u64::from(board.tree.population(ix));
    match scope {
        Scope::All => board.tree.tops().map(people).sum::<u64>() >= u64::from(LEAST_PEOPLE),
        Scope::Node(ix) => {
            let is_street = board.tree.get(ix).is_some_and(|node| node.level <= PlaceLevel::Street);
            is_street && board.tree.population(ix) >= LEAST_PEOPLE
        }
    }
}
