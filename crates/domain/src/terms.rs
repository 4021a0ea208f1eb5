//! What figures and lists read of a case's clocks: when each step was due and done, and when the case was overdue.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::{Clock, ClockKind, ClockState};

/// When a step was due, and when it was done: of the one clock that says whether the case was in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    /// When it ran out; `None`: no such clock, or its year is not announced.
    pub due: Option<i64>,
    /// When it was stopped.
    pub stopped: Option<i64>,
}

/// A clock that was not stopped in time: from `due` on the case was overdue, until it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// When it ran out.
    pub due: i64,
    /// When it was stopped after that; `None`: it still runs, and `due` may be yet to come.
    pub stopped: Option<i64>,
}

impl Late {
    /// Returns whether the clock had run out at an instant and still ran.
    pub fn holds_at(self, at: i64) -> bool {
        self.due < at && self.stopped.is_none_or(|stopped| stopped > at)
    }
}

/// What figures and lists read of a case's clocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// The first answer.
    pub answer: Term,
    /// The acceptance.
    pub accept: Term,
    /// The settlement.
    pub settle: Term,
    /// The clocks, of any kind, that make or made the case overdue.
    pub late: Vec<Late>,
}

impl Terms {
    /// Takes them from a case's clocks; `accepted` and `settled` say whether it has been.
    ///
    /// Where a kind of clock ran more than once, the first that was stopped late decides, else the last: a case was in
    /// time only if it was so each time. A clock that ended in time without its step (returned, passed on) asks for none
    /// any more.
    pub fn new(clocks: &[Clock], accepted: bool, settled: bool) -> Self {
        let owed = |done: bool| move |clock: &&Clock| done || clock.stopped_at.is_none() || was_stopped_late(clock);
        let term = |clock: Option<&Clock>| {
            clock.map_or_else(Term::default, |c| Term { due: seconds(c.due_at), stopped: seconds(c.stopped_at) })
        };
        Self {
            answer: term(deciding(clocks, ClockKind::Answer)),
            accept: term(deciding(clocks, ClockKind::Accept).filter(owed(accepted))),
            settle: term(deciding(clocks, ClockKind::Settle).filter(owed(settled))),
            late: clocks.iter().filter_map(late).collect(),
        }
    }
}

fn late(clock: &Clock) -> Option<Late> {
    let is_late = clock.stopped_at.is_none() || was_stopped_late(clock);
    is_late.then_some(Late { due: seconds(clock.due_at)?, stopped: seconds(clock.stopped_at) })
}

fn was_stopped_late(clock: &Clock) -> bool {
    clock.stopped_at.is_some() && clock.state == ClockState::Overdue
}

fn seconds(at: Option<DateTime<FixedOffset>>) -> Option<i64> {
    at.map(|at| at.timestamp())
}

/// Returns the clock of a kind that says whether the case was in time.
fn deciding(clocks: &[Clock], kind: ClockKind) -> Option<&Clock> {
    let mut of_kind = clocks.iter().filter(|clock| clock.kind == kind);
    of_kind.clone().find(|clock| was_stopped_late(clock)).or_else(|| of_kind.next_back())
}
