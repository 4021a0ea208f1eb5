//! What a request asks of the board: whose part of the tree, which period, which categories.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_domain::sight::{Access, Viewer};
use fengtu_domain::statistics::Period;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;

use super::tree::{Ix, NOWHERE};
use super::{Board, Scope, figures};
use crate::auth::Caller;
use crate::live::stream::Audience;
use crate::params::Params;
use crate::problem::{Answer, Failure};

/// The longest period that can be asked for, in days.
const LONGEST_DAYS: i64 = 3_700;

/// What is said of a category that there is not.
pub const UNKNOWN_CATEGORY: &str = "is not a category of this district";

/// Returns who is asking, as far as it decides what they get.
pub fn audience(board: &Board, viewer: &Viewer, access: Access) -> Audience {
    let own = match (access, &viewer.place) {
        (Access::Place | Access::Aggregates, Some(place)) => {
            // A place that is not in the tree (any more) holds nothing.
            Scope::of(&board.tree, place).unwrap_or(Scope::Node(NOWHERE))
        }
        (Access::Place, None) => Scope::Node(NOWHERE),
        _ => Scope::All,
    };
    Audience { role: viewer.role, access, scope: own, head: headed(board, own), session: None }
}

/// Returns the node asked for, else the viewer's own part; a node outside it does not exist for them.
pub fn scope(board: &Board, audience: &Audience, place: Option<&PlaceId>) -> Answer<Scope> {
    let Some(place) = place else { return Ok(audience.scope) };
    let asked = board.tree.find(place).filter(|&ix| audience.scope.holds(&board.tree, ix));
    asked.map(Scope::Node).ok_or_else(Failure::unknown_place)
}

/// Returns the places of a level in the node asked for.
pub fn places(board: &Board, caller: &Caller, place: Option<&PlaceId>, level: PlaceLevel) -> Answer<Vec<Ix>> {
    let scope = scope(board, &audience(board, &caller.viewer, caller.access), place)?;
    Ok(board.tree.at_level(scope.range(&board.tree), level).collect())
}

/// Returns the node whose figures stand for a part of the tree: of everything, the top where there is just one.
pub fn headed(board: &Board, scope: Scope) -> Scope {
    let mut tops = board.tree.tops();
    match (scope, tops.next(), tops.next()) {
        (Scope::All, Some(top), None) => Scope::Node(top),
        _ => scope,
    }
}

/// Takes `from` and `to`; absent: the last `days` days up to now.
///
/// A day that has not begun here, asked for without an end, holds nothing: clocks differ, and at midnight some are already there.
pub fn period(params: &mut Params, now: DateTime<FixedOffset>, days: i64) -> Period {
    let (from, to) = (params.instant("from"), params.instant("to"));
    let begun = from.filter(|from| *from <= now + TimeDelta::days(1)).map(|from| from + TimeDelta::seconds(1));
    let to = to.unwrap_or_else(|| begun.map_or(now, |begun| now.max(begun)));
    let from = from.unwrap_or(to - TimeDelta::days(days));
    if from >= to || to - from > TimeDelta::days(LONGEST_DAYS) {
        params.wrong("from", "must be earlier than `to`, by at most ten years");
    }
    Period { from: from.timestamp(), to: to.timestamp().max(from.timestamp() + 1) }
}

/// Returns the period as this viewer may ask for it: in whole days where counts under `k` are withheld.
pub fn granted(period: Period, audience: &Audience, offset: FixedOffset) -> Period {
    if audience.is_anonymous() { figures::whole_days(period, offset) } else { period }
}

/// Takes `category`, which may be repeated; `None`: all of them.
pub fn categories(params: &mut Params) -> Option<Vec<CategoryId>> {
    let asked: Vec<CategoryId> = params.texts("category").into_iter().map(CategoryId).collect();
    (!asked.is_empty()).then_some(asked)
}

/// Returns the numbers of categories asked for; one that is not known is refused.
pub fn covered(board: &Board, asked: Option<&[CategoryId]>) -> Answer<Option<Vec<bool>>> {
    let Some(asked) = asked else { return Ok(None) };
    let covered = board.categories().covered(asked);
    covered.map(Some).ok_or_else(|| Failure::invalid_parameter("category", UNKNOWN_CATEGORY))
}

/// Returns a period as a span of Unix seconds.
pub const fn span(period: Period) -> Range<i64> {
    period.from..period.to
}
