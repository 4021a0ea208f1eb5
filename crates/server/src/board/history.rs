//! Warning levels at many instants of the past, each from the facts as they were then.
//!
//! Going forward in time, a case joins when it was reported and leaves when it can add to no score any more, so an
//! instant costs what was live around it and not the whole archive.

use fengtu_domain::warnings::Signals;
use fengtu_wire::warnings::Level;

use super::facts::Packed;
use super::risk::Mark;
use super::tree::Ix;
use super::{Board, Slot, risk};

/// Walks forward through the past. It holds no lock: the board is lent to it instant by instant.
#[derive(Debug, Default)]
pub struct Walk {
    live: Vec<Slot>,
    seen_until: i64,
}

impl Walk {
    /// Returns the counts of every place's own cases at an instant, which must not lie before the last one asked for.
    pub fn direct(&mut self, board: &Board, at: i64) -> Vec<Signals> {
        let since = if self.seen_until == 0 { i64::MIN } else { self.seen_until };
        self.live.extend(board.reported(since..at).map(|(slot, _)| slot));
        self.seen_until = at;
        let windows = board.risk.scale().windows();
        self.live.retain(|&slot| board.case(slot).is_some_and(|case| risk::still_counts(case, windows, at)));
        let cases = self.live.iter().filter_map(|&slot| board.case(slot));
        risk::direct(&board.tree, cases, windows, at)
    }

    /// Returns the levels of some places at an instant.
    pub fn levels(&mut self, board: &Board, at: i64, places: &[Ix]) -> Vec<Level> {
        let direct = self.direct(board, at);
        places.iter().map(|&ix| level(board, &direct, ix)).collect()
    }
}

/// Returns the level of a place from the counts of every place's own cases.
pub fn level(board: &Board, direct: &[Signals], ix: Ix) -> Level {
    let scale = board.risk.scale();
    let signals = risk::sum(&board.tree, direct, ix);
    scale.level(scale.score(ix, &signals).total)
}

/// Writes levels as the digits of a frame.
pub fn digits(levels: &[Level]) -> String {
    let digit = |level: &Level| match level {
        Level::None => '0',
        Level::Blue => '1',
        Level::Yellow => '2',
        Level::Red => '3',
    };
    levels.iter().map(digit).collect()
}

/// How many days back the start of a level is looked for.
const DAYS_BACK: i64 = 60;
const DAY: i64 = 86_400;

/// Most days that it is looked back for a break.
const MOST_BACK: i64 = 400;

/// Returns since when a place has had a level: looks back day by day from the instant at which it was seen.
pub fn since(board: &Board, ix: Ix, level: Level, seen: i64) -> i64 {
    let past = Past::new(board, ix, seen - DAYS_BACK * DAY);
    back(seen, DAYS_BACK).take_while(|&at| past.level(at) == level).last().unwrap_or(seen)
}

/// Returns since when a place has had any level without a break, as far as `back_to` tells (a break before is of no matter), and
/// the lowest level it has had since then. It looks at each day's same time as `back_to`, whenever this process has begun: what
/// is offered by one must not be refused by another.
pub fn unbroken_since(board: &Board, ix: Ix, mark: Mark, back_to: i64) -> (i64, Level) {
    let Mark { level: mut low, since: seen, .. } = mark;
    if seen <= back_to {
        return (seen, low);
    }
    let days = (seen - back_to - 1) / DAY;
    let newest = (0..days.min(MOST_BACK)).map(|day| back_to + (days - day) * DAY);
    let past = Past::new(board, ix, back_to + (days - MOST_BACK).max(0) * DAY);
    for at in newest {
        let level = past.level(at);
        // The day after the last break.
        if level == Level::None {
            return (at + DAY, level);
        }
        low = low.min(level);
    }
    (back_to, low)
}

/// The same time on the days before.
fn back(seen: i64, days: i64) -> impl Iterator<Item = i64> {
    (1..=days).map(move |day| seen - day * DAY)
}

/// Cases of a place that counted at some instant since.
struct Past<'a> {
    board: &'a Board,
    ix: Ix,
    cases: Vec<&'a Packed>,
}

impl<'a> Past<'a> {
    fn new(board: &'a Board, ix: Ix, first: i64) -> Self {
        let windows = board.risk.scale().windows();
        let cases = board.inside(ix).filter(|case| risk::still_counts(case, windows, first)).collect();
        Self { board, ix, cases }
    }

    fn level(&self, at: i64) -> Level {
        let scale = self.board.risk.scale();
        let signals = risk::signals(self.cases.iter().copied(), scale.windows(), at);
        scale.level(scale.score(self.ix, &signals).total)
    }
}
