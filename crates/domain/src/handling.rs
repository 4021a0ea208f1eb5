//! What is done about a warning: seen, handed down, dealt with, over; and when it opens again.

use fengtu_wire::session::Role;
use fengtu_wire::warnings::{Level, WarningAction, WarningState};

/// How long after an action a level may be counted from without being a new warning, in seconds: when a level began is
/// known to the day.
const DAY_S: i64 = 86_400;

/// The last thing that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastAction {
    /// What.
    pub action: WarningAction,
    /// The level that the warning had then.
    pub level: Level,
    /// When, in Unix seconds.
    pub at: i64,
}

/// Since when something is so, in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The warning has its level.
    pub level: i64,
    /// It has any level, without a break; where there was none since the last action, any instant before that.
    pub any: i64,
    /// The lowest level that it has had since the last action, this one among them.
    pub low: Level,
}

/// Returns how a warning stands that now has a level since an instant.
///
/// What was done about a yellow warning says nothing about a red one; one that went away and came back is new, whatever level
/// it comes back at; and so is one that had become better and gets worse again.
pub fn state(last: Option<LastAction>, level: Level, since: Since) -> WarningState {
    let Some(last) = last else { return WarningState::Open };
    let is_new = |since: i64| since > last.at + DAY_S;
    let is_worse = level > last.level;
    let came_back = level > Level::None && is_new(since.any) || level == last.level && is_new(since.level);
    if is_worse || came_back || level > since.low { WarningState::Open } else { after(last.action) }
}

/// Returns the state that an action leads to.
pub const fn after(action: WarningAction) -> WarningState {
    match action {
        WarningAction::Acknowledge | WarningAction::HandDown => WarningState::Acknowledged,
        WarningAction::Handle => WarningState::Handled,
        WarningAction::Close => WarningState::Closed,
        WarningAction::Reopen => WarningState::Open,
    }
}

/// Returns what can be done about a warning in a state.
pub const fn possible(state: WarningState) -> &'static [WarningAction] {
    use WarningAction as A;
    match state {
        WarningState::Open => &[A::Acknowledge, A::HandDown, A::Handle, A::Close],
        WarningState::Acknowledged => &[A::HandDown, A::Handle, A::Close],
        WarningState::Handled => &[A::Close, A::Reopen],
        WarningState::Closed => &[A::Reopen],
    }
}

/// Returns whether a role may do something about a warning of its part of the tree: a grid member sees and deals with it,
/// those above also hand it down and end it.
pub const fn may(role: Role, action: WarningAction) -> bool {
    match role {
        Role::GridMember => matches!(action, WarningAction::Acknowledge | WarningAction::Handle),
        Role::CommunityClerk | Role::CommunitySecretary | Role::Street | Role::DistrictLeader => true,
        _ => false,
    }
}

/// Returns whether an action must say why or what was done.
pub const fn needs_note(action: WarningAction) -> bool {
    !matches!(action, WarningAction::Acknowledge)
}
