//! Which fields had a value of the server's own: a mapping may name more than a server has, and one list of it may tell less than
//! another.

use fengtu_wire::cases::CaseState;

use super::schema;

/// The fields of which a record, or any of a list, had a value of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Told(u64);

const SETTLED: [CaseState; 4] = [CaseState::Resolved, CaseState::Confirmed, CaseState::Rated, CaseState::Archived];
const WAITING: [CaseState; 4] = [CaseState::Draft, CaseState::Reported, CaseState::Returned, CaseState::Withdrawn];

impl Told {
    /// Adds the field that stands at an index of its schema.
    pub fn add(&mut self, index: usize) {
        self.0 |= 1 << index;
    }

    /// Adds what another record or list tells.
    pub fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a field of cases is among them.
    pub fn has(self, name: &str) -> bool {
        self.0 & schema::mark(name) != 0
    }

    /// Whether any case of a list may have clocks.
    pub fn has_clocks(self) -> bool {
        self.has("accepted_at") && self.has("class")
    }

    /// Whether a case's own record tells what stops its clocks: else they would look overdue. Of one that waits, its list must
    /// tell when others were accepted.
    pub fn stops_clocks(self, state: CaseState, list_tells_accepted: bool) -> bool {
        let is_stopped = match state {
            state if is_settled(state) => self.has("resolved_at"),
            state if waits(state) => list_tells_accepted || self.has("accepted_at"),
            _ => self.has("accepted_at"),
        };
        is_stopped && self.has("class")
    }
}

/// Whether a case is settled.
pub(crate) fn is_settled(state: CaseState) -> bool {
    SETTLED.contains(&state)
}

/// Whether nobody has accepted a case yet, or nobody is to.
pub(crate) fn waits(state: CaseState) -> bool {
    WAITING.contains(&state)
}
