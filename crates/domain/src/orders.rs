//! Orders 发令: how far one has come, and whether it was answered in time.

use fengtu_wire::orders::OrderState;

/// What an order's state follows from, of one department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// When it checked in; in the caller's own unit.
    pub checked_in_at: Option<i64>,
    /// Whether it has reported.
    pub reported: bool,
    /// Whether it was scored.
    pub scored: bool,
}

/// Returns how far an order has come: as far as the last of its departments.
pub fn state(departments: &[Progress]) -> OrderState {
    let all = |done: fn(&Progress) -> bool| !departments.is_empty() && departments.iter().all(done);
    match () {
        () if !all(|one| one.checked_in_at.is_some()) => OrderState::Issued,
        () if !all(|one| one.reported) => OrderState::CheckedIn,
        () if !all(|one| one.scored) => OrderState::Reported,
        () => OrderState::Scored,
    }
}

/// Returns when the last department checked in; `None`: not all have.
pub fn answered_at(departments: &[Progress]) -> Option<i64> {
    let all: Option<Vec<i64>> = departments.iter().map(|one| one.checked_in_at).collect();
    all?.into_iter().max()
}
