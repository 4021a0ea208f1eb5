//! The closed loop 闭环 as one table: who may move a case on, from where to where, and what they must bring.
//!
//! Which clocks a step starts and stops follows from the state it leads to: [`crate::clocks::starts`].

use fengtu_wire::cases::{CaseState as S, ClockKind};
use fengtu_wire::session::Role as R;

/// A step that somebody takes with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Reports a draft 上报.
    Report,
    /// Amends a returned case and reports it again 补正.
    Amend,
    /// Accepts 受理.
    Accept,
    /// Returns it to the resident, who may amend it 退回.
    Return,
    /// Passes it to another node 转办.
    Transfer,
    /// Passes it to the level above 提级.
    Escalate,
    /// Begins, or goes on, to handle it 办理.
    Handle,
    /// Orders departments to come 发令.
    Order,
    /// Opens a mediation 调解.
    Mediate,
    /// Refers it, for example to a counsellor 转介.
    Refer,
    /// Settles it 化解.
    Resolve,
    /// Confirms that it is settled, as the resident 确认.
    Confirm,
    /// Confirms for a resident who cannot, with the proof 代为确认.
    ConfirmFor,
    /// Takes it up again, as the resident disagrees 不认可.
    Disagree,
    /// Takes it up again, as a revisit found a rebound 回访反弹.
    Rebound,
    /// Rates 评价.
    Rate,
    /// Archives 归档.
    Archive,
    /// Withdraws, as the resident 撤回.
    Withdraw,
}

/// What a step must bring with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carry {
    /// Why.
    Reason,
    /// What proves it: an agreement, a photo, a signature.
    Evidence,
    /// Who has the case next.
    NextHolder,
    /// 1–5.
    Rating,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The states it may start in.
    pub from: &'static [S],
    /// The step.
    pub action: Action,
    /// The state it leads to.
    pub to: S,
    /// Who may take it; `Public` is the resident with the case's own receipt and secret.
    pub who: &'static [R],
    /// What it must bring.
    pub carries: &'static [Carry],
}

impl Transition {
    /// Lists the kinds of clock that this step stops, where they run.
    pub fn stops(&self) -> impl Iterator<Item = ClockKind> {
        let to = self.to;
        ClockKind::ALL.iter().copied().filter(move |&kind| crate::clocks::stops(kind, to))
    }

    /// Lists the kinds of clock that this step starts, where they do not run already.
    pub fn starts(&self) -> impl Iterator<Item = ClockKind> {
        let to = self.to;
        ClockKind::ALL.iter().copied().filter(move |&kind| crate::clocks::starts(kind, to))
    }
}

/// Residents, in their own case.
const RESIDENT: &[R] = &[R::Public];
/// Those who write a case down: the resident, or the grid member or clerk they tell it to.
const REPORTERS: &[R] = &[R::Public, R::GridMember, R::CommunityClerk];
/// Those whose office can have a case.
const OFFICES: &[R] = &[R::CommunityClerk, R::CommunitySecretary, R::Street, R::Department];
/// Those who work on an accepted case; the last three on what was given to them.
const HANDLERS: &[R] = &[
    R::GridMember,
    R::CommunityClerk,
    R::CommunitySecretary,
    R::Street,
    R::Department,
    R::Mediator,
    R::Counsellor,
    R::CourtClerk,
];
/// The community orders departments, and the street may 街乡吹哨.
const COMMANDERS: &[R] = &[R::CommunityClerk, R::CommunitySecretary, R::Street];
/// Those who go and see after the end.
const VISITORS: &[R] = &[R::GridMember, R::CommunityClerk, R::CommunitySecretary, R::Street];

/// States in which somebody works on the case.
const WORKING: &[S] = &[S::Accepted, S::Handling, S::Ordered, S::Mediating, S::Referred, S::Reopened];
/// States in which an office has yet to accept the case.
const WAITING: &[S] = &[S::Reported, S::Transferred, S::Escalated];

/// The loop. A step that is not here is refused.
pub const TRANSITIONS: &[Transition] = &[
    row(&[S::Draft], Action::Report, S::Reported, REPORTERS, &[]),
    row(&[S::Returned], Action::Amend, S::Reported, REPORTERS, &[]),
    row(WAITING, Action::Accept, S::Accepted, OFFICES, &[]),
    row(&[S::Reported], Action::Return, S::Returned, OFFICES, &[Carry::Reason]),
    row(
        &[S::Reported, S::Transferred, S::Escalated, S::Accepted, S::Handling, S::Reopened],
        Action::Transfer,
        S::Transferred,
        OFFICES,
        &[Carry::Reason, Carry::NextHolder],
    ),
    row(
        &[S::Reported, S::Transferred, S::Accepted, S::Handling, S::Mediating, S::Reopened],
        Action::Escalate,
        S::Escalated,
        OFFICES,
        &[Carry::Reason, Carry::NextHolder],
    ),
    row(&[S::Accepted, S::Ordered, S::Mediating, S::Referred, S::Reopened], Action::Handle, S::Handling, HANDLERS, &[]),
    row(&[S::Handling], Action::Order, S::Ordered, COMMANDERS, &[Carry::NextHolder]),
    row(&[S::Handling], Action::Mediate, S::Mediating, HANDLERS, &[]),
    row(&[S::Handling], Action::Refer, S::Referred, HANDLERS, &[Carry::Reason, Carry::NextHolder]),
    row(WORKING, Action::Resolve, S::Resolved, HANDLERS, &[Carry::Evidence]),
    row(&[S::Resolved], Action::Confirm, S::Confirmed, RESIDENT, &[]),
    row(&[S::Resolved], Action::ConfirmFor, S::Confirmed, VISITORS, &[Carry::Reason, Carry::Evidence]),
    row(&[S::Resolved], Action::Disagree, S::Reopened, RESIDENT, &[Carry::Reason]),
    row(
        &[S::Resolved, S::Confirmed, S::Rated],
        Action::Rebound,
        S::Reopened,
        VISITORS,
        &[Carry::Reason, Carry::Evidence],
    ),
    row(&[S::Confirmed], Action::Rate, S::Rated, RESIDENT, &[Carry::Rating]),
    row(&[S::Confirmed, S::Rated], Action::Archive, S::Archived, OFFICES, &[]),
    row(
        &[
            S::Draft,
            S::Reported,
            S::Returned,
            S::Transferred,
            S::Escalated,
            S::Accepted,
            S::Handling,
            S::Ordered,
            S::Mediating,
            S::Referred,
            S::Reopened,
        ],
        Action::Withdraw,
        S::Withdrawn,
        RESIDENT,
        &[],
    ),
];

const fn row(from: &'static [S], action: Action, to: S, who: &'static [R], carries: &'static [Carry]) -> Transition {
    Transition { from, action, to, who, carries }
}

/// Returns the row for a step from a state; `None`: the loop does not know it.
pub fn transition(from: S, action: Action) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.action == action && row.from.contains(&from))
}

/// Lists the steps that a role may take from a state; whether the case is theirs is [`crate::sight`]'s matter.
pub fn allowed(role: R, state: S) -> impl Iterator<Item = Action> {
    let rows = TRANSITIONS.iter().filter(move |row| row.from.contains(&state) && row.who.contains(&role));
    rows.map(|row| row.action)
}

/// Returns whether a case in this state has come to its end.
pub const fn is_terminal(state: S) -> bool {
    matches!(state, S::Archived | S::Withdrawn)
}

/// Returns whether coming into a state answers the resident: any first word does, but for their own withdrawal.
pub const fn is_answer(state: S) -> bool {
    !matches!(state, S::Draft | S::Reported | S::Withdrawn)
}

/// Returns whether coming into a state accepts the case, or shows that it had been: what is returned or passed on has
/// yet to be accepted, there.
pub const fn is_acceptance(state: S) -> bool {
    !matches!(state, S::Draft | S::Reported | S::Returned | S::Transferred | S::Escalated | S::Withdrawn)
}

/// Returns whether work on a case in this state is still owed.
pub const fn is_open(state: S) -> bool {
    !matches!(state, S::Draft | S::Resolved | S::Confirmed | S::Rated | S::Archived | S::Withdrawn)
}
