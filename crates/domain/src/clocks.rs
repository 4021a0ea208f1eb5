//! Clocks 时限: when each step of a case is due, and how it stands.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta};
use fengtu_wire::cases::{CaseState, Clock, ClockKind, ClockState};
use fengtu_wire::config::{ClassRule, Limit};

use crate::calendar::WorkCalendar;
use crate::states;

/// A point in time with the offset in which its day begins.
type Instant = DateTime<FixedOffset>;

/// The last part of a clock in which it is "due soon": one in so many.
const DUE_SOON_PART: i32 = 5;

/// Returns when a limit runs out, to the second; `None`: the calendar of that year is not announced.
///
/// The day is that of `started`'s own offset; it ends at 24:00, which is 00:00 of the next.
pub fn due_at(limit: Limit, started: Instant, calendar: &WorkCalendar) -> Option<Instant> {
    let date = started.date_naive();
    match limit {
        Limit::Seconds { count } => started.checked_add_signed(TimeDelta::seconds(i64::from(count))),
        Limit::SameDay => end_of_day(date, *started.offset()),
        Limit::WorkingDays { count } => end_of_day(calendar.nth_working_day_after(date, count)?, *started.offset()),
    }
}

fn end_of_day(date: NaiveDate, offset: FixedOffset) -> Option<Instant> {
    let midnight = date.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    midnight.and_local_timezone(offset).single()
}

/// Returns how a clock stands at `now`.
///
/// Stopped in time is met, stopped late stays overdue. With no due time it cannot be late.
pub fn state(started: Instant, due: Option<Instant>, stopped: Option<Instant>, now: Instant) -> ClockState {
    match (due, stopped) {
        (None, None) => ClockState::Running,
        (None, Some(_)) => ClockState::Met,
        (Some(due), Some(stopped)) if stopped <= due => ClockState::Met,
        (Some(_), Some(_)) => ClockState::Overdue,
        (Some(due), None) => running(started, due, now),
    }
}

fn running(started: Instant, due: Instant, now: Instant) -> ClockState {
    if now > due {
        return ClockState::Overdue;
    }
    let left = due.signed_duration_since(now);
    let last_part = due.signed_duration_since(started) / DUE_SOON_PART;
    if left <= last_part { ClockState::DueSoon } else { ClockState::Running }
}

/// Returns whether a case is overdue: it is open, and a clock that still runs has run out.
///
/// One that was stopped late says how it was, not how it is. Lists and filters ask this; figures ask the same of any
/// second ([`crate::terms::Late`]).
pub fn is_overdue(state: CaseState, clocks: &[Clock]) -> bool {
    let has_run_out = |clock: &Clock| clock.state == ClockState::Overdue && clock.stopped_at.is_none();
    states::is_open(state) && clocks.iter().any(has_run_out)
}

/// Returns every clock that a case has had, in the order in which they began.
///
/// `steps` are the states it came into, in time order. The answer and accept clocks begin with the report.
pub fn clocks_of(
    rule: &ClassRule,
    reported_at: Instant,
    steps: &[(Instant, CaseState)],
    calendar: &WorkCalendar,
    now: Instant,
) -> Vec<Clock> {
    let mut clocks: Vec<Clock> = rule
        .clocks
        .iter()
        .flat_map(|clock| {
            let spans = spans(clock.kind, reported_at, steps);
            spans.into_iter().map(|(started, stopped)| {
                let due_at = due_at(clock.limit, started, calendar);
                let state = state(started, due_at, stopped, now);
                Clock { kind: clock.kind, started_at: started, due_at, stopped_at: stopped, state }
            })
        })
        .collect();
    clocks.sort_by_key(|clock| clock.started_at);
    clocks
}

/// A clock's start and, once it was stopped, its end.
type Span = (Instant, Option<Instant>);

/// Lists the runs of one kind of clock. A clock that already runs is not started again.
fn spans(kind: ClockKind, reported_at: Instant, steps: &[(Instant, CaseState)]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let first = (reported_at, CaseState::Reported);
    for &(at, state) in core::iter::once(&first).chain(steps) {
        if kind == ClockKind::Settle && state == CaseState::Resolved && spans.is_empty() {
            // Settled on the spot, with no acceptance recorded: its time counts from the report.
            spans.push((reported_at, None));
        }
        if stops(kind, state)
            && let Some(open) = spans.last_mut().filter(|span| span.1.is_none())
        {
            open.1 = Some(at);
        }
        if starts(kind, state) && spans.last().is_none_or(|span| span.1.is_some()) {
            spans.push((at, None));
        }
    }
    spans
}

/// Returns whether coming into a state starts a kind of clock.
///
/// A case that was passed on has yet to be accepted by its new level, so that level's own accept clock starts;
/// its settle clock starts when it accepts. A reopened case is settled anew.
pub const fn starts(kind: ClockKind, state: CaseState) -> bool {
    use CaseState as S;
    match kind {
        ClockKind::Answer => matches!(state, S::Reported),
        ClockKind::Accept => matches!(state, S::Reported | S::Transferred | S::Escalated),
        // The later states too: imported cases often lack the row of their acceptance.
        ClockKind::Settle => {
            matches!(state, S::Accepted | S::Handling | S::Ordered | S::Mediating | S::Referred | S::Reopened)
        }
        ClockKind::CheckIn => matches!(state, S::Ordered),
    }
}

/// Returns whether coming into a state stops a kind of clock.
///
/// The first event after the report is an answer, whichever it is. Passing a case on ends the clocks of the level
/// that passes it on: late or not, they stay as they were.
pub const fn stops(kind: ClockKind, state: CaseState) -> bool {
    use CaseState as S;
    match kind {
        ClockKind::Answer | ClockKind::Accept => !matches!(state, S::Draft | S::Reported),
        ClockKind::Settle => {
            matches!(
                state,
                S::Resolved | S::Confirmed | S::Rated | S::Archived | S::Withdrawn | S::Transferred | S::Escalated
            )
        }
        ClockKind::CheckIn => !matches!(state, S::Draft | S::Reported | S::Ordered),
    }
}
