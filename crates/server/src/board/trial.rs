//! Scores and grave things of every day of the last year: what warnings are tried on.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::trial::Series;
use fengtu_wire::cases::Class;

use super::figures::{day_of, may_count};
use super::history::Walk;
use super::tree::Ix;
use super::{Board, risk};
use crate::live::Shared;

/// Days that warnings are tried on.
pub const DAYS: usize = 365;
const DAY_S: i64 = 86_400;

/// The past of some places, a day at a time.
#[derive(Debug, Clone)]
pub struct Past {
    /// The first midnight, in Unix seconds.
    pub from: i64,
    scores: Vec<Vec<f32>>,
    grave: Vec<Vec<u16>>,
}

impl Past {
    /// Counts the days up to the midnight before `now`, lending the board anew for each: changes need not wait for a year.
    pub fn new(live: &Shared, places: &[Ix], now: DateTime<FixedOffset>) -> Self {
        let days = DAYS.min(known_days(&live.board(), now));
        let from = day_of(now).from - seconds(days);
        let mut walk = Walk::default();
        let mut scores = vec![Vec::with_capacity(days); places.len()];
        for day in 0..days {
            let board = live.board();
            let direct = walk.direct(&board, from + seconds(day));
            for (&ix, scores) in places.iter().zip(&mut scores) {
                let total = board.risk.scale().score(ix, &risk::sum(&board.tree, &direct, ix)).total;
                scores.push(total as f32);
            }
        }
        let board = live.board();
        let grave = places.iter().map(|&ix| grave(&board, ix, from, days)).collect();
        Self { from, scores, grave }
    }

    /// Returns the past of each place.
    pub fn series(&self) -> impl Iterator<Item = Series<'_>> {
        self.scores.iter().zip(&self.grave).map(|(scores, grave)| Series { scores, grave })
    }

    /// Returns a day's midnight, in Unix seconds.
    pub fn at(&self, day: usize) -> i64 {
        self.from + seconds(day)
    }

    /// Returns how many days there are.
    pub fn days(&self) -> usize {
        self.scores.first().map_or(0, Vec::len)
    }
}

/// Returns so many days in seconds.
fn seconds(days: usize) -> i64 {
    i64::try_from(days).unwrap_or(0) * DAY_S
}

/// Before the first case there is nothing to try anything on.
fn known_days(board: &Board, now: DateTime<FixedOffset>) -> usize {
    let first = board.reported(i64::MIN..i64::MAX).next().map_or(now.timestamp(), |(_, case)| case.reported_at());
    usize::try_from((day_of(now).from - first).div_euclid(DAY_S)).unwrap_or(0)
}

/// Counts the grave things of each day inside a place; see [`fengtu_domain::trial`].
fn grave(board: &Board, ix: Ix, from: i64, days: usize) -> Vec<u16> {
    let mut counts = vec![0_u16; days];
    let mut count = |at: i64| {
        let day = usize::try_from((at - from).div_euclid(DAY_S)).ok();
        let slot = day.and_then(|day| counts.get_mut(day));
        if let Some(count) = slot {
            *count = count.saturating_add(1);
        }
    };
    for case in board.inside(ix).filter(|case| may_count(board, case)) {
        if case.fact().is_group() || matches!(case.class(), Class::Urgent | Class::Major) {
            count(case.reported_at());
        }
        case.failed_mediations().chain(case.reopenings()).for_each(&mut count);
    }
    counts
}
