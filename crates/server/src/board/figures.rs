//! The figures of a node and period, and of the nodes below it.

use std::collections::HashMap;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta, Timelike as _};
use fengtu_domain::lawsuits::When;
use fengtu_domain::statistics::Period;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::{CategoryCount, DayCount, Figures, PlaceFigures, Share, Statistics};
use fengtu_wire::warnings::Level;

use super::facts::Packed;
use super::history::{self, Walk};
use super::masks::{self, Masks};
use super::services::Months;
use super::sums::Sums;
use super::tree::Ix;
use super::{Board, Scope, lawsuits};

const DAY_S: i64 = 86_400;
const HOUR_S: i64 = 3_600;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Question {
    /// Whose figures.
    pub scope: Scope,
    /// Its id in the answer.
    pub place: PlaceId,
    /// The period in Unix seconds.
    pub period: Period,
    /// The level of the rows below; absent: the next one.
    pub level: Option<PlaceLevel>,
    /// The server's clock.
    pub now: DateTime<FixedOffset>,
    /// Fewest cases that a count may show; absent: the viewer may have exact ones.
    pub k: Option<u32>,
}

/// Answers a question.
pub fn answer(board: &Board, question: &Question) -> Statistics {
    let Question { scope, period, now, .. } = *question;
    let sums = Sums::new(board, scope, period, now, question.k.is_some());
    let masks = question.k.map(|k| sums.masks(board, k));
    let services = Months::new(board, scope, *now.offset());
    let told = |period: Period, when: When, sums: &Sums, masks: Option<&Masks>| {
        let figures = sums.figures(board, scope, masks);
        let figures = keep_disputes(board, (scope, question.k), period, now.timestamp(), figures);
        let psychological = services.as_ref().and_then(|months| months.told(board.k, question.period, when, now));
        let lawsuits = lawsuits::told(board, scope, question.period, when, now).filter(|_| question.k.is_none());
        Figures { psychological, lawsuits, ..figures }
    };
    let figures = told(period, When::Now, &sums, masks.as_ref());
    let children = rows(board, question, &sums, masks);
    let other = |period: Period, when: When| {
        let sums = Sums::new(board, scope, period, now, question.k.is_some());
        let masks = question.k.map(|k| sums.masks(board, k));
        told(period, when, &sums, masks.as_ref())
    };
    let local = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(now.offset());
    let mut breakdown = Breakdown::new(board, question);
    if figures.received.is_none() {
        // The days, hours and categories of what is itself too few to be told.
        breakdown.withhold();
    }
    Statistics {
        place: question.place.clone(),
        from: local(period.from),
        to: local(period.to),
        at: now,
        figures,
        before: comparable(board, period.before(*now.offset()), |before| other(before, When::Before)),
        year_before: year_before(board, period, *now.offset())
            .map(|earlier| other(earlier, When::YearBefore))
            .or_else(|| courts_alone(board, scope, period, now).filter(|_| question.k.is_none())),
        categories: breakdown.categories(board),
        days: breakdown.days(),
        hours: breakdown.hours(),
        children,
        next: None,
    }
}

/// Returns the figures of the local day that holds `now`.
pub fn today(board: &Board, scope: Scope, now: DateTime<FixedOffset>, k: Option<u32>) -> Figures {
    let period = day_of(now);
    let sums = Sums::new(board, scope, period, now, k.is_some());
    let masks = k.map(|k| sums.masks(board, k));
    keep_disputes(board, (scope, k), period, now.timestamp(), sums.figures(board, scope, masks.as_ref()))
}

/// Takes the number of disputes back where the number of one category of them is withheld: their sum gives it away.
fn keep_disputes(board: &Board, seen: Seen, period: Period, now: i64, mut figures: Figures) -> Figures {
    if seen.1.is_some() && figures.mediated != Share::default() {
        let accepted = |case: &Packed| case.fact().accepted_at.is_some_and(|at| period.contains(at) && at <= now);
        let categories = cut(board, seen, board.categories().len(), &|case| {
            (accepted(case) && may_count(board, case)).then(|| usize::from(case.category()))
        });
        let is_shown = |(number, shown): (usize, &bool)| *shown || !board.categories().is_dispute(number);
        if !categories.shown.iter().enumerate().all(is_shown) {
            figures.mediated = Share::default();
        }
    }
    figures
}

/// Returns the local day that holds an instant.
pub fn day_of(at: DateTime<FixedOffset>) -> Period {
    let seconds = i64::from(at.time().num_seconds_from_midnight());
    let from = at.timestamp() - seconds;
    Period { from, to: from + DAY_S }
}

/// Returns the same dates one year earlier, where the data reaches back so far.
pub(super) fn year_before(board: &Board, period: Period, offset: FixedOffset) -> Option<Period> {
    let earlier = period.year_before(offset)?;
    (first_reported(board)? <= earlier.from).then_some(earlier)
}

fn first_reported(board: &Board) -> Option<i64> {
    board.reported(i64::MIN..i64::MAX).next().map(|(_, case)| case.reported_at())
}

/// Returns whether the cases cover an earlier period, but for a day or a tenth of it at most: beside the little that there is of
/// one, any figure would have risen.
pub(super) fn is_covered(board: &Board, earlier: Period) -> bool {
    let lacking = DAY_S.max((earlier.to - earlier.from) / 10);
    first_reported(board).is_some_and(|first| first <= earlier.from + lacking)
}

/// Returns the figures of an earlier period; of one that the cases do not cover, those that are made of none.
pub(super) fn comparable(board: &Board, earlier: Period, figures: impl FnOnce(Period) -> Figures) -> Figures {
    let figures = figures(earlier);
    if is_covered(board, earlier) {
        return figures;
    }
    let Figures { orders, checked_in, psychological, lawsuits, .. } = figures;
    Figures { orders, checked_in, psychological, lawsuits, ..Figures::default() }
}

/// Returns the figures of a year before where those of the courts reach back so far, and the cases do not.
pub(super) fn courts_alone(board: &Board, scope: Scope, period: Period, now: DateTime<FixedOffset>) -> Option<Figures> {
    let lawsuits = lawsuits::told(board, scope, period, When::YearBefore, now)?;
    lawsuits.filed.map(|_| Figures { lawsuits: Some(lawsuits), ..Figures::default() })
}

/// Returns the cases inside a scope.
pub(super) fn within(board: &Board, scope: Scope) -> Box<dyn Iterator<Item = &Packed> + '_> {
    match scope {
        Scope::All => Box::new(board.cases()),
        Scope::Node(ix) => Box::new(board.inside(ix)),
    }
}

fn rows(board: &Board, question: &Question, sums: &Sums, masks: Option<Masks>) -> Vec<PlaceFigures> {
    let at = question.period.to.min(question.now.timestamp() + 1);
    let levels = Levels::at(board, at, question.now.timestamp());
    let row = |ix: Ix| {
        let counts = sums.of(ix);
        let mut row = PlaceFigures {
            place: board.tree.id(ix).cloned()?,
            level: levels.of(ix),
            grids: levels.grids(board, ix),
            received: Some(counts.received),
            settled: Some(counts.settled),
            open: Some(counts.open),
            overdue: Some(counts.overdue),
        };
        if let Some(masks) = &masks {
            masks.cut_row(ix, &mut row);
        }
        Some(row)
    };
    below(board, question).into_iter().filter_map(row).collect()
}

/// Returns the nodes of the rows: those at the level asked for, else the ones right below.
fn below(board: &Board, question: &Question) -> Vec<Ix> {
    let tree = &board.tree;
    match (question.level, question.scope) {
        (Some(level), scope) => tree.at_level(scope.range(tree), level).collect(),
        (None, Scope::Node(ix)) => tree.children(ix).collect(),
        (None, Scope::All) => tree.tops().collect(),
    }
}

/// The warning level of every place at one instant.
struct Levels {
    levels: Vec<Level>,
}

impl Levels {
    /// Takes what the board holds where the instant is now, else counts anew.
    fn at(board: &Board, at: i64, now: i64) -> Self {
        let tree = &board.tree;
        if at >= now {
            return Self { levels: tree.numbers().map(|ix| board.risk.mark(ix).level).collect() };
        }
        let direct = Walk::default().direct(board, at);
        Self { levels: tree.numbers().map(|ix| history::level(board, &direct, ix)).collect() }
    }

    fn of(&self, ix: Ix) -> Level {
        self.levels.get(ix as usize).copied().unwrap_or(Level::None)
    }

    fn grids(&self, board: &Board, ix: Ix) -> [u32; 3] {
        let mut counts = [0; 3];
        let [red, yellow, blue] = &mut counts;
        for grid in board.tree.at_level(board.tree.inside(ix), PlaceLevel::Grid) {
            match self.of(grid) {
                Level::Red => *red += 1,
                Level::Yellow => *yellow += 1,
                Level::Blue => *blue += 1,
                Level::None => {}
            }
        }
        counts
    }
}

/// Whose counts, and the fewest cases that one may show.
type Seen = (Scope, Option<u32>);

/// Counts of one kind in buckets.
type Buckets = Vec<u64>;

/// The case counts of a node by category, day and hour, and which of them may be shown.
struct Breakdown {
    first_day: NaiveDate,
    received: Cut,
    settled: Cut,
    hours: Cut,
    categories: Cut,
}

/// Counts, and which are shown.
struct Cut {
    counts: Buckets,
    shown: Vec<bool>,
}

impl Cut {
    fn get(&self, at: usize) -> Option<u64> {
        self.counts.get(at).copied().filter(|_| self.shown.get(at) == Some(&true))
    }
}

impl Breakdown {
    fn new(board: &Board, question: &Question) -> Self {
        let Period { from, to } = question.period;
        let (offset, now) = (*question.now.offset(), question.now.timestamp());
        // A district's offset is fixed, so days and hours are whole numbers of seconds: no calendar per case.
        let local = move |at: i64| at + i64::from(offset.local_minus_utc());
        let (first, last) = (local(from).div_euclid(DAY_S), local((to - 1).max(from)).div_euclid(DAY_S));
        let days = (last - first).max(0) as usize + 1;
        let first_day = DateTime::from_timestamp(first * DAY_S, 0).unwrap_or_default().date_naive();
        let inside = move |at: i64| from <= at && at < to && at <= now;
        let number = move |at: i64| {
            let at = local(at);
            ((at.div_euclid(DAY_S) - first) as usize, (at.rem_euclid(DAY_S) / HOUR_S) as usize)
        };
        let accepted = |case: &Packed| case.fact().accepted_at.filter(|&at| inside(at) && may_count(board, case));
        let resolved = |case: &Packed| case.fact().resolved_at.filter(|&at| inside(at) && may_count(board, case));
        let seen = (question.scope, question.k);
        let cut = |size: usize, bucket: &dyn Fn(&Packed) -> Option<usize>| cut(board, seen, size, bucket);
        Self {
            first_day,
            received: cut(days, &|case| accepted(case).map(|at| number(at).0)),
            settled: cut(days, &|case| resolved(case).map(|at| number(at).0)),
            hours: cut(24, &|case| accepted(case).map(|at| number(at).1)),
            categories: cut(board.categories().len(), &|case| accepted(case).map(|_| usize::from(case.category()))),
        }
    }

    /// Shows nothing, not even which buckets are empty.
    fn withhold(&mut self) {
        self.categories.counts.clear();
        for cut in [&mut self.received, &mut self.settled, &mut self.hours] {
            cut.shown.iter_mut().for_each(|shown| *shown = false);
        }
    }

    fn categories(&self, board: &Board) -> Vec<CategoryCount> {
        let row = |(number, &count): (usize, &u64)| {
            let category = board.categories().id(number as u16).cloned()?;
            (count > 0).then(|| (count, CategoryCount { category, received: self.categories.get(number) }))
        };
        let mut rows: Vec<(u64, CategoryCount)> = self.categories.counts.iter().enumerate().filter_map(row).collect();
        // By what is shown: the order must not tell what was withheld.
        rows.sort_by(|(_, a), (_, b)| b.received.cmp(&a.received).then_with(|| a.category.cmp(&b.category)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn days(&self) -> Vec<DayCount> {
        let day = |n: usize| {
            let day = self.first_day.checked_add_days(Days::new(n as u64))?;
            Some(DayCount { day, received: self.received.get(n), settled: self.settled.get(n) })
        };
        (0..self.received.counts.len()).filter_map(day).collect()
    }

    fn hours(&self) -> Vec<Option<u64>> {
        (0..24).map(|hour| self.hours.get(hour)).collect()
    }
}

/// Whether a case may be counted: no restricted one is, for anybody.
pub(super) fn may_count(board: &Board, case: &Packed) -> bool {
    use fengtu_domain::sight::{layer_ok, treated_as};
    layer_ok(treated_as(case.sensitivity(), board.categories().least(case.category())))
}

/// Counts a node's cases in buckets; for a viewer with a `k`, decides what is shown from the top of the tree down, so
/// that the nodes beside it cannot be used to work it out.
fn cut(board: &Board, (scope, k): Seen, size: usize, bucket: &dyn Fn(&Packed) -> Option<usize>) -> Cut {
    let Some(k) = k else {
        let mut counts = vec![0; size];
        for bucket in within(board, scope).filter_map(bucket) {
            if let Some(count) = counts.get_mut(bucket) {
                *count += 1;
            }
        }
        return Cut { shown: vec![true; size], counts };
    };
    let whole = counted(board, size, bucket, |_| Some(0), 1);
    let mut shown = masks::table(&whole, &vec![true; size], k).into_iter().next().unwrap_or_default();
    let mut counts = whole.into_iter().next().unwrap_or_default();
    for level in path(board, scope) {
        let part = |place: Ix| level.iter().position(|&ix| board.tree.inside(ix).contains(&place));
        let above = level.first().and_then(|&ix| board.tree.above(ix));
        let inside = |place: Ix| above.is_none_or(|up| board.tree.inside(up).contains(&place));
        let slot = |place: Ix| inside(place).then(|| part(place).unwrap_or(level.len()));
        let rows = counted(board, size, bucket, slot, level.len() + 1);
        let tables = masks::table(&rows, &shown, k);
        let Some(own) = level.iter().position(|&ix| on_the_way(board, scope, ix)) else { break };
        shown = tables.get(own).cloned().unwrap_or_default();
        counts = rows.get(own).cloned().unwrap_or_default();
    }
    Cut { counts, shown }
}

fn on_the_way(board: &Board, scope: Scope, ix: Ix) -> bool {
    matches!(scope, Scope::Node(node) if board.tree.inside(ix).contains(&node))
}

/// Returns the nodes beside each node on the way from the top down to a node, itself included.
fn path(board: &Board, scope: Scope) -> Vec<Vec<Ix>> {
    let Scope::Node(node) = scope else { return Vec::new() };
    let beside = |ix: Ix| match board.tree.above(ix) {
        Some(up) => board.tree.children(up).collect(),
        None => board.tree.tops().collect(),
    };
    let mut levels: Vec<Vec<Ix>> = board.tree.upwards(node).map(beside).collect();
    levels.reverse();
    levels
}

/// Counts cases by row and bucket.
fn counted(
    board: &Board,
    size: usize,
    bucket: &dyn Fn(&Packed) -> Option<usize>,
    row: impl Fn(Ix) -> Option<usize>,
    rows: usize,
) -> Vec<Buckets> {
    // Found once per place, not once per case.
    let mut of_place: HashMap<Ix, Option<usize>> = HashMap::new();
    let mut counts = vec![vec![0; size]; rows];
    for case in board.cases() {
        let Some(bucket) = bucket(case) else { continue };
        let Some(row) = *of_place.entry(case.place()).or_insert_with(|| row(case.place())) else { continue };
        if let Some(slot) = counts.get_mut(row).and_then(|row| row.get_mut(bucket)) {
            *slot += 1;
        }
    }
    counts
}

/// Widens a period to whole local days: two that differ by minutes would tell the one case between them.
pub fn whole_days(period: Period, offset: FixedOffset) -> Period {
    let local = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(&offset);
    let from = day_of(local(period.from)).from;
    let last = local(period.to) - TimeDelta::seconds(1);
    Period { from, to: day_of(last).to }
}
