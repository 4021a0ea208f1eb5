//! What was last done about each place's warning, and how the warning stands with it.

use std::collections::HashMap;

use fengtu_domain::handling::{self, LastAction, Since};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{Level, WarningAction, WarningState};

use super::risk::Mark;
use super::tree::Ix;
use super::{Board, history};
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

    /// Returns the last thing that was done about a place's warning, as far as this process knows.
    pub fn last_done(&self, ix: Ix) -> Option<&WarningFact> {
        self.handled.last.get(&ix)
    }

    /// Returns how a place's warning stands after what was done last, where it has a mark and its level since an instant
    /// (Unix seconds).
    pub fn standing(&self, ix: Ix, mark: Mark, since: i64, last: Option<&WarningFact>) -> Standing {
        let Some(last) = last else {
            return Standing { state: WarningState::Open, version: 0, handed_to: None };
        };
        let (any, low) = history::unbroken_since(self, ix, mark, last.at);
        let done = LastAction { action: last.action, level: last.level, at: last.at };
        let state = handling::state(Some(done), mark.level, Since { level: since, any, low });
        let handed_to = last.handed_to.clone().filter(|_| state != WarningState::Open);
        Standing { state, version: last.version, handed_to }
    }
}

/// Returns what can be done: nothing about a place that has no warning and never had one that somebody took up.
pub fn possible(standing: &Standing, level: Level) -> &'static [WarningAction] {
    if level == Level::None && standing.state == WarningState::Open { &[] } else { handling::possible(standing.state) }
}
