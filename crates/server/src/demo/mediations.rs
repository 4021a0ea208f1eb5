//! Attempts to mediate and judicial confirmations of the demo, as the cases' own steps tell them.

use chrono::{DateTime, TimeDelta, Utc};
use fengtu_wire::cases::{CaseState as S, Sensitivity};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::mediations::{MediationKind, MediationOutcome};
use fengtu_wire::places::PlaceLevel;

use super::dice::Dice;
use super::words::person;
use crate::dataset::{CaseEventRow, CaseRow, ConfirmationRow, MediationRow};

/// How many agreements are taken to the court for confirmation.
const CONFIRMED_SHARE: f64 = 0.045;
/// On-line confirmation rooms.
const ROOMS: u32 = 48;

/// Writes the attempts of all cases.
pub fn rows(cases: &[CaseRow], seed: u64) -> Vec<MediationRow> {
    let mut dice = Dice::new(seed, 31);
    cases.iter().flat_map(|case| attempts(case, &mut dice)).collect()
}

fn attempts(case: &CaseRow, dice: &mut Dice) -> Vec<MediationRow> {
    let opened = case.events.iter().enumerate().filter(|(_, event)| event.to == S::Mediating);
    let attempt = |((n, event), attempt): ((usize, &CaseEventRow), u32)| {
        let ended = case.events.get(n + 1).map(|next| (next.at, outcome(next.to)));
        MediationRow { ended, ..opening(&case.number, attempt, event, dice) }
    };
    opened.zip(1..).map(attempt).collect()
}

/// Returns how a mediation ended that led to a state.
pub fn outcome(to: S) -> MediationOutcome {
    match to {
        S::Resolved => MediationOutcome::Agreed,
        S::Withdrawn => MediationOutcome::Withdrawn,
        _ => MediationOutcome::Failed,
    }
}

/// Writes an attempt that has just begun.
pub fn opening(case: &CaseNumber, attempt: u32, event: &CaseEventRow, dice: &mut Dice) -> MediationRow {
    let kind = MediationKind::ALL.get(dice.weighted(&[0.88, 0.09, 0.03])).copied().unwrap_or(MediationKind::People);
    let digits = event.holder.as_ref().map_or(12, |(place, _)| place.as_str().len());
    let tier = match digits {
        0..=6 => PlaceLevel::District,
        7..=9 => PlaceLevel::Street,
        _ => PlaceLevel::Community,
    };
    let mediator = Some(person(dice));
    MediationRow { case: case.clone(), attempt, kind, tier, mediator, began_at: event.at, ended: None }
}

/// Writes the judicial confirmations of all cases as they stand at `now`.
pub fn confirmations(cases: &[CaseRow], seed: u64, now: DateTime<Utc>) -> Vec<ConfirmationRow> {
    let mut dice = Dice::new(seed, 32);
    let all = cases.iter().filter_map(|case| {
        let agreed_at = agreed_at(case)?;
        let asked_for = case.category.as_str() == "legal.confirmation";
        (dice.chance(CONFIRMED_SHARE) || asked_for).then(|| confirmation(&case.number, agreed_at, &mut dice))
    });
    all.filter(|row| row.applied_at <= now).map(|row| until(&row, now)).collect()
}

/// Returns when the parties agreed; a restricted case goes to no room where others wait.
fn agreed_at(case: &CaseRow) -> Option<DateTime<Utc>> {
    let asked_for = case.category.as_str() == "legal.confirmation";
    let agreed = case.events.windows(2).find(|pair| match pair {
        [before, after] => after.to == S::Resolved && (before.to == S::Mediating || asked_for),
        _ => false,
    })?;
    agreed.last().map(|event| event.at).filter(|_| case.sensitivity < Sensitivity::Restricted)
}

/// Writes a confirmation with its whole way: half an hour is enough, but for two or three in a hundred.
pub fn confirmation(case: &CaseNumber, agreed_at: DateTime<Utc>, dice: &mut Dice) -> ConfirmationRow {
    let applied_at = agreed_at + minutes(dice.log_normal(35.0, 0.8));
    let confirmed_at = Some(applied_at + court_time(dice));
    let room = Some(format!("第{}司法确认室", dice.whole(1, ROOMS)));
    ConfirmationRow { case: case.clone(), sequence: 1, room, applied_at, confirmed_at }
}

/// Draws when a confirmation that is under way will be made: not before `from`, when it had not been.
pub fn rest(row: &ConfirmationRow, from: DateTime<Utc>, dice: &mut Dice) -> ConfirmationRow {
    let confirmed_at = row.applied_at + court_time(dice);
    ConfirmationRow { confirmed_at: Some(confirmed_at.max(from)), ..row.clone() }
}

fn court_time(dice: &mut Dice) -> TimeDelta {
    minutes(dice.log_normal(17.0, 0.28))
}

/// Returns a confirmation without what has not happened by `now`.
pub fn until(row: &ConfirmationRow, now: DateTime<Utc>) -> ConfirmationRow {
    ConfirmationRow { confirmed_at: row.confirmed_at.filter(|at| *at <= now), ..row.clone() }
}

fn minutes(minutes: f64) -> TimeDelta {
    TimeDelta::seconds((minutes * 60.0) as i64)
}
