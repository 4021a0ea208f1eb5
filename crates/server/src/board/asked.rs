//! What a request asks of the board: whose part of the tree, which period, which categories.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_domain::sight::{Access, Viewer};
use fengtu_domain::statistics::Period;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;

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

/// Refuses a wall, which anybody can walk up to, places below streets and rows below communities.
pub fn expect_of_wall(board: &Board, scope: Scope, level: Option<PlaceLevel>) -> Answer<()> {
    let is_below = |ix: Ix| board.tree.get(ix).is_some_and(|node| node.level > PlaceLevel::Street);
    if matches!(scope, Scope::Node(ix) if is_below(ix)) {
        return Err(Failure::invalid_parameter(
            "place",
            "must be the district or a street: a wall gets figures of these",
        ));
    }
    if level.is_some_and(|level| level > PlaceLevel::Community) {
        return Err(Failure::invalid_parameter("level", "must be street or community: a wall gets figures of these"));
    }
    Ok(())
}

/// Refuses a wall what was: of one minute and the next, what came between could be told.
pub fn expect_of_now(role: Role, at: Option<DateTime<FixedOffset>>) -> Answer<()> {
    let is_past = role == Role::Wall && at.is_some();
    if is_past {
        Err(Failure::invalid_parameter("at", "must be absent: a wall gets levels as they are now"))
    } else {
        Ok(())
    }
}

/// Returns the period as a wall may ask for it: of others, one could be subtracted from another.
pub fn granted_to_wall(period: Period, now: DateTime<FixedOffset>) -> Answer<Period> {
    of_wall(period, now).ok_or_else(|| Failure::invalid_parameter("from", WALL_PERIODS))
}

/// The whole days that a wall has figures of.
const WALL_DAYS: [i64; 4] = [1, 7, 30, 90];
/// What is said of any others.
const WALL_PERIODS: &str =
    "must be 1, 7, 30 or 90 days before `to`, which is now or the last midnight: a wall gets these";
/// How far the clocks of a wall and of the server may be apart, in seconds.
const SKEW_S: i64 = 600;
const DAY_S: i64 = 86_400;

/// Returns the whole days that a wall has figures of, or `None` where it asks for others.
fn of_wall(asked: Period, now: DateTime<FixedOffset>) -> Option<Period> {
    if asked.from > now.timestamp() {
        // The day that has not begun here, by a clock that is ahead: it holds nothing, however long it is asked for.
        let begun = DateTime::from_timestamp(asked.from, 0)?.with_timezone(now.offset());
        return (asked.from <= now.timestamp() + DAY_S).then(|| figures::day_of(begun));
    }
    let today = |skew_s: i64| figures::day_of(now + TimeDelta::seconds(skew_s));
    let days = [-SKEW_S, 0, SKEW_S].map(today);
    let before = |to: i64| WALL_DAYS.into_iter().map(move |days| Period { from: to - days * DAY_S, to });
    // Days that are over stay what they are; in the second of midnight the day that begins ends there too.
    let is_over = days.iter().any(|day| day.from == asked.to);
    let over = before(asked.to).find(|whole| is_over && whole.from == asked.from);
    if over.is_some() {
        return over;
    }
    let is_now = (asked.to - now.timestamp()).abs() <= SKEW_S || days.iter().any(|day| day.to == asked.to);
    let is_asked = |until_now: &Period| {
        let n = until_now.to - until_now.from;
        asked.to - asked.from == n || days.iter().any(|day| day.to - n == asked.from)
    };
    before(today(0).to).find(|until_now| is_now && is_asked(until_now))
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

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_S: i64 = 3_600;
    /// 10 March 2026, midnight in +08:00.
    const TODAY: i64 = 1_773_072_000;

    fn wall(from: i64, to: i64, now: i64) -> Option<(i64, i64)> {
        let east = FixedOffset::east_opt(8 * 3_600)?;
        let now = DateTime::from_timestamp(now, 0)?.with_timezone(&east);
        of_wall(Period { from, to }, now).map(|whole| ((whole.from - TODAY) / DAY_S, (whole.to - TODAY) / DAY_S))
    }

    #[test]
    fn a_wall_has_today_and_whole_weeks_months_and_quarters() {
        let noon = TODAY + 12 * HOUR_S;
        for days in WALL_DAYS {
            assert_eq!(wall(TODAY - (days - 1) * DAY_S, noon, noon), Some((1 - days, 1)), "until now");
            assert_eq!(wall(TODAY - days * DAY_S, TODAY, noon), Some((-days, 0)), "until midnight");
        }
        assert_eq!(wall(noon - 30 * DAY_S, noon, noon), Some((-29, 1)), "what is meant where nothing is said");
        assert_eq!(wall(TODAY + DAY_S, TODAY + DAY_S + 1, noon), Some((1, 2)), "tomorrow");
        for days in WALL_DAYS {
            assert_eq!(
                wall(TODAY - (days - 1) * DAY_S, TODAY, TODAY),
                Some((1 - days, 1)),
                "in the second of midnight"
            );
            assert_eq!(wall(TODAY - days * DAY_S, TODAY, TODAY), Some((-days, 0)), "until that midnight");
        }
    }

    /// The period before it, and that of a year before, would be any that is asked for.
    #[test]
    fn nothing_that_lies_ahead_is_answered_but_the_day_that_begins() {
        let noon = TODAY + 12 * HOUR_S;
        assert_eq!(wall(TODAY + DAY_S, TODAY + 9 * DAY_S, noon), Some((1, 2)));
        assert_eq!(wall(TODAY + 300 * DAY_S, TODAY + 301 * DAY_S, noon), None);
        assert_eq!(wall(noon + 1, noon + 5 * DAY_S, noon), Some((0, 1)));
    }

    #[test]
    fn others_could_be_subtracted_from_each_other() {
        let noon = TODAY + 12 * HOUR_S;
        for (from, to) in [
            (TODAY - 2 * DAY_S, noon),
            (TODAY - 30 * DAY_S, noon),
            (TODAY - 28 * DAY_S, noon),
            (TODAY - 31 * DAY_S, TODAY),
            (TODAY - 8 * DAY_S, TODAY - DAY_S),
            (TODAY - DAY_S, TODAY - 1),
            (TODAY - 30 * DAY_S, TODAY - 12 * HOUR_S),
            (TODAY, noon - HOUR_S),
        ] {
            assert_eq!(wall(from, to, noon), None, "{} {}", (from - TODAY) / HOUR_S, (to - TODAY) / HOUR_S);
        }
    }

    /// At midnight one of them is in the next day before the other.
    #[test]
    fn clocks_may_differ_by_minutes() {
        let (late, early) = (TODAY - 30, TODAY + 30);
        assert_eq!(wall(TODAY - 6 * DAY_S, late, late), Some((-7, 0)), "the wall is ahead");
        assert_eq!(wall(TODAY - 7 * DAY_S, early, early), Some((-6, 1)), "the wall is behind");
        assert_eq!(wall(TODAY - 7 * DAY_S, TODAY, early), Some((-7, 0)), "days that are over");
        assert_eq!(wall(TODAY - 7 * DAY_S, TODAY, late), Some((-7, 0)), "days that are over for the wall");
    }
}
