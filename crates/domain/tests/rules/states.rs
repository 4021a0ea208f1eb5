//! The closed loop: nothing falls out of it, nothing gets round it.

use std::collections::BTreeSet;

use fengtu_domain::states::{Action, Carry, TRANSITIONS, allowed, is_open, is_terminal, transition};
use fengtu_wire::cases::{CaseState as S, ClockKind};
use fengtu_wire::session::Role;

fn reachable(from: S) -> BTreeSet<S> {
    let mut seen = BTreeSet::from([from]);
    let mut queue = vec![from];
    while let Some(state) = queue.pop() {
        let next = TRANSITIONS.iter().filter(|row| row.from.contains(&state)).map(|row| row.to);
        queue.extend(next.filter(|&to| seen.insert(to)));
    }
    seen
}

fn actions() -> BTreeSet<Action> {
    TRANSITIONS.iter().map(|row| row.action).collect()
}

#[test]
fn every_state_is_reached_from_a_draft() {
    assert_eq!(reachable(S::Draft), S::ALL.iter().copied().collect());
}

#[test]
fn every_state_leads_to_an_end_and_only_the_ends_lead_nowhere() {
    for &state in S::ALL {
        let ways_out = TRANSITIONS.iter().filter(|row| row.from.contains(&state)).count();
        assert_eq!(ways_out == 0, is_terminal(state), "{state}");
        assert!(reachable(state).contains(&S::Archived) || state == S::Withdrawn, "{state} never ends well");
    }
}

#[test]
fn a_step_from_a_state_leads_to_one_state_only() {
    for &state in S::ALL {
        for action in actions() {
            let rows = TRANSITIONS.iter().filter(|row| row.action == action && row.from.contains(&state));
            assert!(rows.count() <= 1, "{action:?} from {state}");
        }
    }
}

#[test]
fn every_role_is_offered_exactly_the_steps_of_the_table() {
    for &state in S::ALL {
        for &role in Role::ALL {
            let offered: BTreeSet<_> = allowed(role, state).collect();
            for action in actions() {
                let legal = transition(state, action).is_some_and(|row| row.who.contains(&role));
                assert_eq!(offered.contains(&action), legal, "{role} {action:?} {state}");
            }
        }
    }
}

#[test]
fn walls_leaders_and_administrators_move_no_case() {
    let idle = [Role::Wall, Role::DistrictLeader, Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor];
    for role in idle {
        assert!(S::ALL.iter().all(|&state| allowed(role, state).next().is_none()), "{role}");
    }
}

#[test]
fn only_the_resident_confirms_rates_disagrees_and_withdraws() {
    for action in [Action::Confirm, Action::Rate, Action::Disagree, Action::Withdraw] {
        let rows: Vec<_> = TRANSITIONS.iter().filter(|row| row.action == action).collect();
        assert!(!rows.is_empty() && rows.iter().all(|row| row.who == [Role::Public]), "{action:?}");
    }
}

#[test]
fn no_case_is_archived_that_was_not_confirmed() {
    let into_archive = TRANSITIONS.iter().filter(|row| row.to == S::Archived);
    let from: BTreeSet<_> = into_archive.flat_map(|row| row.from).copied().collect();
    assert_eq!(from, BTreeSet::from([S::Confirmed, S::Rated]));
    let into_confirmed = TRANSITIONS.iter().filter(|row| row.to == S::Confirmed);
    assert!(into_confirmed.flat_map(|row| row.from).all(|&from| from == S::Resolved));
}

#[test]
fn passing_a_case_away_needs_a_reason_and_somebody_to_take_it() {
    for action in [Action::Transfer, Action::Escalate, Action::Refer] {
        let row = TRANSITIONS.iter().find(|row| row.action == action).unwrap();
        assert!(row.carries.contains(&Carry::Reason) && row.carries.contains(&Carry::NextHolder), "{action:?}");
    }
    let returned = transition(S::Reported, Action::Return).unwrap();
    assert_eq!(returned.carries, [Carry::Reason]);
    assert_eq!(transition(S::Handling, Action::Resolve).unwrap().carries, [Carry::Evidence]);
}

#[test]
fn steps_stop_and_start_the_clocks_of_their_states() {
    let accept = transition(S::Reported, Action::Accept).unwrap();
    assert!(accept.stops().any(|kind| kind == ClockKind::Accept));
    assert_eq!(accept.starts().collect::<Vec<_>>(), [ClockKind::Settle]);
    let escalate = transition(S::Handling, Action::Escalate).unwrap();
    assert!(escalate.stops().any(|kind| kind == ClockKind::Settle));
    assert_eq!(escalate.starts().collect::<Vec<_>>(), [ClockKind::Accept]);
}

#[test]
fn a_settled_case_is_not_open_and_a_returned_one_is() {
    assert!(!is_open(S::Resolved) && !is_open(S::Withdrawn) && !is_open(S::Draft));
    assert!(is_open(S::Returned) && is_open(S::Reopened) && is_open(S::Escalated));
}
