//! What is done about a warning.

use fengtu_domain::handling::{LastAction, Since, after, may, needs_note, possible, state};
use fengtu_wire::session::Role as R;
use fengtu_wire::warnings::{Level, WarningAction as A, WarningState as S};

const DAY: i64 = 86_400;

#[allow(clippy::unnecessary_wraps, reason = "what `state` takes")]
const fn last(action: A, level: Level, at: i64) -> Option<LastAction> {
    Some(LastAction { action, level, at })
}

/// It was never lower than now.
const fn since(level: i64, any: i64) -> Since {
    Since { level, any, low: Level::Red }
}

#[test]
fn what_was_done_holds_until_it_is_worse_or_comes_back() {
    let closed = last(A::Close, Level::Yellow, 10 * DAY);
    assert_eq!(state(None, Level::Red, since(0, 0)), S::Open);
    assert_eq!(state(closed, Level::Yellow, since(3 * DAY, 3 * DAY)), S::Closed);
    assert_eq!(state(closed, Level::Blue, since(12 * DAY, 3 * DAY)), S::Closed, "it is getting better");
    assert_eq!(state(closed, Level::None, since(12 * DAY, 12 * DAY)), S::Closed, "it went away");
    assert_eq!(state(closed, Level::Red, since(12 * DAY, 3 * DAY)), S::Open, "it is worse");
    assert_eq!(state(closed, Level::Yellow, since(12 * DAY, 3 * DAY)), S::Open, "it got better and came back");
    // When a level began is known to the day.
    assert_eq!(
        state(last(A::Handle, Level::Yellow, 10 * DAY), Level::Yellow, since(10 * DAY + DAY / 2, 10 * DAY + DAY / 2)),
        S::Handled
    );
}

#[test]
fn what_went_away_and_comes_back_lower_is_new() {
    for action in [A::Acknowledge, A::Handle, A::Close] {
        let done = last(action, Level::Red, 10 * DAY);
        assert_eq!(state(done, Level::Blue, since(40 * DAY, 40 * DAY)), S::Open, "{action}");
        assert_eq!(state(done, Level::Blue, since(40 * DAY, 10 * DAY)), after(action), "{action}: it never went away");
    }
}

#[test]
fn what_had_become_better_and_gets_worse_again_is_new_whatever_it_was_when_it_was_closed() {
    for action in [A::Acknowledge, A::Handle, A::Close] {
        let done = last(action, Level::Red, 10 * DAY);
        let with = |level, low| state(done, level, Since { low, ..since(40 * DAY, 10 * DAY) });
        assert_eq!(with(Level::Yellow, Level::Blue), S::Open, "{action}");
        assert_eq!(with(Level::Yellow, Level::Yellow), after(action), "{action}: it only got better");
        assert_eq!(with(Level::None, Level::None), after(action), "{action}: it went away");
    }
}

#[test]
fn every_action_leads_somewhere_and_from_everywhere_something_can_be_done() {
    for &from in S::ALL {
        assert!(!possible(from).is_empty(), "{from}");
        assert!(possible(from).iter().all(|&action| after(action) != from || action == A::HandDown), "{from}");
    }
    assert!(A::ALL.iter().all(|action| S::ALL.iter().any(|&from| possible(from).contains(action))));
    assert!(!needs_note(A::Acknowledge) && needs_note(A::Close) && needs_note(A::HandDown));
}

#[test]
fn a_grid_member_deals_with_it_and_those_above_end_it() {
    assert!(may(R::GridMember, A::Acknowledge) && may(R::GridMember, A::Handle));
    assert!(!may(R::GridMember, A::Close) && !may(R::GridMember, A::HandDown));
    for role in [R::CommunityClerk, R::CommunitySecretary, R::Street, R::DistrictLeader] {
        assert!(A::ALL.iter().all(|&action| may(role, action)), "{role}");
    }
    for role in [R::Public, R::Wall, R::Auditor, R::SystemAdmin, R::Department] {
        assert!(A::ALL.iter().all(|&action| !may(role, action)), "{role}");
    }
}
