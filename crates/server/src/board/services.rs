//! Psychological services 心理服务: one coarse number, the same for everybody (decision 0009).

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};
use fengtu_domain::statistics::Period;
use fengtu_domain::withholding;
use fengtu_wire::places::PlaceLevel;

use super::facts::Packed;
use super::figures::within;
use super::{Board, Scope};

/// Fewest people of a place whose services are told.
const LEAST_PEOPLE: u32 = 100_000;

/// A local month: its year and its number, 1–12.
type Month = (i32, u32);

/// Returns the services of the local months that ended in a period and are over, each in steps of `k` on its own;
/// `None`: none of these months has as many, or the place is too small.
///
/// A month is told whole or not at all, so no period is a day longer than another by one service.
pub fn told(board: &Board, scope: Scope, period: Period, now: DateTime<FixedOffset>) -> Option<u64> {
    if !is_large(board, scope) {
        return None;
    }
    let offset = *now.offset();
    let mut months: BTreeMap<Month, u64> = BTreeMap::new();
    for at in within(board, scope).filter_map(Packed::served_at) {
        *months.entry(month(at, offset)).or_default() += 1;
    }
    let is_told = |month: Month| {
        end(month, offset).is_some_and(|end| period.from < end && end <= period.to && end <= now.timestamp())
    };
    let told = months.into_iter().filter(|(month, _)| is_told(*month));
    told.filter_map(|(_, count)| withholding::coarse(count, board.k)).reduce(u64::saturating_add)
}

/// Whether a place has people enough; one whose people are not known has not.
fn is_large(board: &Board, scope: Scope) -> bool {
    let people = |ix| u64::from(board.tree.population(ix));
    match scope {
        Scope::All => board.tree.tops().map(people).sum::<u64>() >= u64::from(LEAST_PEOPLE),
        Scope::Node(ix) => {
            let is_street = board.tree.get(ix).is_some_and(|node| node.level <= PlaceLevel::Street);
            is_street && board.tree.population(ix) >= LEAST_PEOPLE
        }
    }
}

fn month(at: i64, offset: FixedOffset) -> Month {
    let local = DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(&offset);
    (local.year(), local.month())
}

/// Returns the first second after a month.
fn end((year, month): Month, offset: FixedOffset) -> Option<i64> {
    let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let midnight = NaiveDate::from_ymd_opt(next.0, next.1, 1)?.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_utc().timestamp() - i64::from(offset.local_minus_utc()))
}
