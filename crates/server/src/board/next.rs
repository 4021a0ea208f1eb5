//! When the next clocks of the district run out: what a wall counts down.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::statistics::NextClocks;

use super::Board;
use super::facts::Packed;
use super::figures::may_count;

/// Returns when the next clock of a case runs out, and the minutes of the next order; each to the minute before, so that nobody is
/// told of more time than there is. Of a crowd of `k` open cases at least: the moment is one of theirs, and nothing says whose.
pub fn next(board: &Board, now: DateTime<FixedOffset>) -> NextClocks {
    let at = now.timestamp();
    let open =
        board.cases().filter(|case| may_count(board, case)).map(Packed::fact).filter(|fact| fact.is_open_at(at + 1));
    let (mut crowd, mut case) = (0_u32, None);
    for fact in open {
        crowd += 1;
        case = soonest(at, fact.late.iter().filter(|late| late.stopped.is_none()).map(|late| late.due).chain(case));
    }
    if crowd < board.k {
        return NextClocks::default();
    }
    let orders = board.orders_to_count().filter(|order| order.check_in.stopped.is_none());
    let order = soonest(at, orders.filter_map(|order| order.check_in.due));
    let local = |at: i64| Some(DateTime::from_timestamp(at.div_euclid(60) * 60, 0)?.with_timezone(now.offset()));
    NextClocks { case: case.and_then(local), order: order.and_then(local) }
}

/// Returns the first of some moments that is still to come.
fn soonest(now: i64, dues: impl Iterator<Item = i64>) -> Option<i64> {
    dues.filter(|due| *due >= now).min()
}
