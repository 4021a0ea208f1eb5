//! What was last done about each place's warning, and how the warning stands with it.

use std::collections::HashMap;

use fengtu_domain::handling::{self, LastAction};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{Level, WarningAction, WarningState};

use super::Board;
use super::tree::Ix;
use crate::store::warning_actions::WarningFact;

/// The last thing that was done, by place.
#[derive(Debug, Clone, Default)]
pub struct Handled {
    last: HashMap<Ix, WarningFact>,
}

/// How a warning stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What has been done about it.
    pub state: WarningState,
    /// How many things were ever done about the place's warnings.
    pub version: u32,
    /// The place that it was handed down to.
    pub handed_to: Option<PlaceId>,
}

impl Board {
    /// Takes over the last thing that was done about a place's warning.
    pub fn apply_warning_action(&mut self, fact: &WarningFact) {
        self.version += 1;
        if let Some(ix) = self.tree.find(&fact.place) {
            self.handled.last.insert(ix, fact.clone());
        }
    }

    /// Returns how a place's warning stands that has a level since an instant (Unix seconds).
    pub fn standing(&self, ix: Ix, level: Level, since: i64) -> Standing {
        let last = self.handled.last.get(&ix);
        let action = last.map(|fact| LastAction { action: fact.action, level: fact.level, at: fact.at });
        let state = handling::state(action, level, since);
        let is_same = state != WarningState::Open;
        Standing {
            state,
            version: last.map_or(0, |fact| fact.version),
            handed_to: last.filter(|_| is_same).and_then(|fact| fact.handed_to.clone()),
        }
    }
}

/// Returns what can be done: nothing about a place that has no warning and never had one that somebody took up.
pub fn possible(standing: &Standing, level: Level) -> &'static [WarningAction] {
    if level == Level::None && standing.state == WarningState::Open { &[] } else { handling::possible(standing.state) }
}
