//! The leaders' board: the figures of a node and period, cut by cause × place × time in one pass over the facts.
//!
//! A brush chooses along one dimension. What each dimension shows is counted under all brushes but its own, so that it
//! tells what else could be chosen. For those who get counts from `k` up nothing can be brushed: see [`super::cube_masked`].

use std::ops::Range;

use chrono::{DateTime, Days, FixedOffset};
use fengtu_domain::statistics::{CaseFact, Counts, Period};
use fengtu_wire::cube::{CategoryCell, Cube, PlaceCell};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::{DayCount, Figures};

use super::facts::Packed;
use super::figures::{may_count, within, year_before};
use super::tree::{Ix, NOWHERE};
use super::{Board, Scope, cube_masked, services, sums};

const DAY_S: i64 = 86_400;
const HOUR_S: i64 = 3_600;
/// Hours of a week.
pub const SLOTS: usize = 168;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Question {
    /// Whose figures.
    pub scope: Scope,
    /// Its id in the answer.
    pub place: PlaceId,
    /// The period in Unix seconds.
    pub period: Period,
    /// The level of the places below; absent: the next one.
    pub level: Option<PlaceLevel>,
    /// What of it is chosen.
    pub brush: Brush,
    /// The server's clock.
    pub now: DateTime<FixedOffset>,
    /// Fewest cases that a count may show; absent: the viewer may have exact ones.
    pub k: Option<u32>,
}

/// What is chosen along each dimension; nothing along one: all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brush {
    /// Which categories, by number.
    pub categories: Option<Vec<bool>>,
    /// Inside which place.
    pub place: Option<Ix>,
    /// Which days, as a span of Unix seconds within the period.
    pub days: Option<Period>,
    /// Which days of the week, Monday first; empty: all.
    pub weekdays: Vec<u8>,
    /// Which hours of the day; empty: all.
    pub hours: Vec<u8>,
}

impl Brush {
    /// Whether anything is chosen at all.
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }

    fn has_slot(&self, slot: usize) -> bool {
        let (day, hour) = ((slot / 24) as u8 + 1, (slot % 24) as u8);
        (self.weekdays.is_empty() || self.weekdays.contains(&day))
            && (self.hours.is_empty() || self.hours.contains(&hour))
    }
}

/// Answers a question.
pub fn answer(board: &Board, question: &Question) -> Cube {
    if question.k.is_some() {
        return cube_masked::answer(board, question);
    }
    let mut pass = Pass::new(board, question);
    let inside = question.scope.range(&board.tree);
    // The cases lie in memory as they were read, not by place: of a large part of the tree all are walked through in order.
    if inside.len() * 2 > board.tree.len() {
        let holds = |place: Ix| question.scope == Scope::All || inside.contains(&place);
        pass.count_all(board, board.cases().filter(|case| holds(case.place())));
    } else {
        pass.count_all(board, within(board, question.scope));
    }
    pass.count_orders(board);
    pass.answer(board)
}

/// Returns the nodes of the rows: those at the level asked for, else the ones right below.
pub(super) fn rows(board: &Board, scope: Scope, level: Option<PlaceLevel>) -> Vec<Ix> {
    let tree = &board.tree;
    match (level, scope) {
        (Some(level), scope) => tree.at_level(scope.range(tree), level).collect(),
        (None, Scope::Node(ix)) => tree.children(ix).collect(),
        (None, Scope::All) => tree.tops().collect(),
    }
}

/// One row of places while it is counted.
#[derive(Debug, Clone, Default)]
struct Row {
    counts: Counts,
    before: u64,
    groups: u64,
    cross: Vec<u64>,
}

/// What one pass counts.
struct Pass<'a> {
    question: &'a Question,
    /// The (brushed) period, the one before it, the year before.
    periods: [Period; 3],
    has_year: bool,
    now: i64,
    offset_s: i64,
    first_day: i64,
    chosen: Option<Range<Ix>>,
    slots: [bool; SLOTS],
    row_of: Vec<u32>,
    places: Vec<Ix>,
    totals: [Counts; 3],
    groups: [u64; 2],
    categories: Vec<[u64; 2]>,
    days: Vec<[u64; 2]>,
    week: Vec<u64>,
    rows: Vec<Row>,
}

impl<'a> Pass<'a> {
    fn new(board: &Board, question: &'a Question) -> Self {
        let brush = &question.brush;
        let period = brush.days.unwrap_or(question.period);
        let year = year_before(board, period, *question.now.offset());
        let offset_s = i64::from(question.now.offset().local_minus_utc());
        let day = |at: i64| (at + offset_s).div_euclid(DAY_S);
        let Period { from, to } = question.period;
        let (first_day, last_day) = (day(from), day((to - 1).max(from)));
        let places = rows(board, question.scope, question.level);
        let mut row_of = vec![u32::MAX; board.tree.len()];
        for (row, &ix) in (0..).zip(&places) {
            board.tree.inside(ix).for_each(|ix| row_of.get_mut(ix as usize).into_iter().for_each(|slot| *slot = row));
        }
        let size = board.categories().len();
        Self {
            question,
            periods: [period, period.before(), year.unwrap_or(period)],
            has_year: year.is_some(),
            now: question.now.timestamp(),
            offset_s,
            first_day,
            chosen: brush.place.map(|ix| board.tree.inside(ix)),
            slots: std::array::from_fn(|slot| brush.has_slot(slot)),
            row_of,
            totals: [Counts::default(); 3],
            groups: [0; 2],
            categories: vec![[0; 2]; size],
            days: vec![[0; 2]; (last_day - first_day).max(0) as usize + 1],
            week: vec![0; SLOTS],
            rows: vec![Row { cross: vec![0; size], ..Row::default() }; places.len()],
            places,
        }
    }

    fn local(&self, at: i64) -> i64 {
        at + self.offset_s
    }

    /// Returns the hour of the week of an instant.
    fn slot(&self, at: i64) -> usize {
        let local = self.local(at);
        // The first of January 1970 was a Thursday.
        let weekday = (local.div_euclid(DAY_S) + 3).rem_euclid(7);
        (weekday * 24 + local.rem_euclid(DAY_S) / HOUR_S) as usize
    }

    fn is_chosen(&self, place: Ix) -> bool {
        self.chosen.as_ref().is_none_or(|inside| inside.contains(&place))
    }

    fn has_category(&self, category: u16) -> bool {
        let chosen = self.question.brush.categories.as_ref();
        chosen.is_none_or(|chosen| chosen.get(usize::from(category)) == Some(&true))
    }

    fn count_all<'b>(&mut self, board: &Board, cases: impl Iterator<Item = &'b Packed>) {
        cases.filter(|case| may_count(board, case)).for_each(|case| self.count(&case.fact()));
    }

    fn count(&mut self, fact: &CaseFact<'_>) {
        let place = fact.place;
        let periods = self.periods;
        let touches = |period: Period| touches(fact, period);
        let in_view = touches(self.question.period);
        if !(in_view || touches(periods[1]) || (self.has_year && touches(periods[2]))) {
            return;
        }
        let (has_category, has_place) = (self.has_category(fact.category), self.is_chosen(place));
        // By acceptance, as figures are; what nobody accepted, by report.
        let slot = self.slot(fact.accepted_at.unwrap_or(fact.reported_at));
        let has_time = self.slots.get(slot) == Some(&true);
        if in_view {
            self.count_dimensions(fact, slot, [has_category, has_place, has_time]);
        }
        let accepted_before = self.accepted_in(fact, periods[1]);
        if accepted_before && has_place && has_time {
            bump(&mut self.categories, usize::from(fact.category), 1);
        }
        if has_category && has_time {
            self.count_row(place, fact, accepted_before);
        }
        if has_category && has_time && has_place {
            self.count_totals(fact, accepted_before);
        }
    }

    fn accepted_in(&self, fact: &CaseFact<'_>, period: Period) -> bool {
        fact.accepted_at.is_some_and(|at| period.contains(at) && at <= self.now)
    }

    /// Counts what each brush chooses from.
    fn count_dimensions(&mut self, fact: &CaseFact<'_>, slot: usize, [category, place, time]: [bool; 3]) {
        let accepted = fact.accepted_at.filter(|_| self.accepted_in(fact, self.question.period));
        let has_day = self.accepted_in(fact, self.periods[0]);
        if category && place && time {
            if let Some(at) = accepted {
                let day = self.day(at);
                bump(&mut self.days, day, 0);
            }
            if let Some(at) = fact.resolved_at.filter(|&at| self.question.period.contains(at) && at <= self.now) {
                let day = self.day(at);
                bump(&mut self.days, day, 1);
            }
        }
        if has_day && place && time {
            bump(&mut self.categories, usize::from(fact.category), 0);
        }
        if has_day && category && place {
            self.week.get_mut(slot).into_iter().for_each(|count| *count += 1);
        }
        if has_day && time {
            let row = self.row(fact.place);
            row.and_then(|row| row.cross.get_mut(usize::from(fact.category))).into_iter().for_each(|count| *count += 1);
        }
    }

    fn day(&self, at: i64) -> usize {
        usize::try_from(self.local(at).div_euclid(DAY_S) - self.first_day).unwrap_or(usize::MAX)
    }

    fn row(&mut self, place: Ix) -> Option<&mut Row> {
        let row = self.row_of.get(place as usize).copied()?;
        self.rows.get_mut(row as usize)
    }

    fn count_row(&mut self, place: Ix, fact: &CaseFact<'_>, accepted_before: bool) {
        let (period, now) = (self.periods[0], self.now);
        let accepted = self.accepted_in(fact, period);
        let Some(row) = self.row(place) else { return };
        row.counts.count(fact, period, now);
        row.before += u64::from(accepted_before);
        row.groups += u64::from(accepted && fact.is_group());
    }

    fn count_totals(&mut self, fact: &CaseFact<'_>, accepted_before: bool) {
        let years = usize::from(self.has_year);
        let accepted = self.accepted_in(fact, self.periods[0]);
        for (counts, &period) in self.totals.iter_mut().zip(&self.periods).take(2 + years) {
            counts.count(fact, period, self.now);
        }
        let [now, before] = &mut self.groups;
        *now += u64::from(accepted && fact.is_group());
        *before += u64::from(accepted_before && fact.is_group());
    }

    /// Orders and confirmations are of the cause of the case behind them; without one, of none.
    fn count_orders(&mut self, board: &Board) {
        let inside = |place: Ix| self.question.scope.holds(&board.tree, place) || place == NOWHERE;
        let orders: Vec<_> = board.orders_by_cause().filter(|(_, order)| inside(order.place)).collect();
        let confirmations: Vec<_> = board.confirmations_by_cause().filter(|(_, one)| inside(one.place)).collect();
        let fits = |pass: &Self, cause: Option<u16>, at: i64| {
            let known = cause.is_some() || pass.question.brush.categories.is_none();
            known && cause.is_none_or(|cause| pass.has_category(cause)) && pass.slots.get(pass.slot(at)) == Some(&true)
        };
        for (cause, order) in orders {
            if fits(self, cause, order.issued_at) {
                self.each(order.place, |counts, period, now| counts.count_order(order, period, now));
            }
        }
        for (cause, one) in confirmations {
            if fits(self, cause, one.applied_at) {
                self.each(one.place, |counts, period, now| counts.count_confirmation(one, period, now));
            }
        }
    }

    /// Counts at a place's row, and in the totals where the place is chosen.
    fn each(&mut self, place: Ix, count: impl Fn(&mut Counts, Period, i64)) {
        let (period, now) = (self.periods[0], self.now);
        if let Some(row) = self.row(place) {
            count(&mut row.counts, period, now);
        }
        if self.is_chosen(place) {
            let years = usize::from(self.has_year);
            let periods = self.periods;
            self.totals.iter_mut().zip(periods).take(2 + years).for_each(|(total, period)| count(total, period, now));
        }
    }

    fn answer(self, board: &Board) -> Cube {
        let Question { ref place, scope, period, now, .. } = *self.question;
        let told = |index: usize| {
            let counts = self.totals.get(index).copied().unwrap_or_default();
            let figures = sums::known(board, Figures::from(counts));
            // Told by the month and for all causes together, so not under a brush.
            let period = self.periods.get(index).copied().filter(|_| !self.question.brush.is_any());
            Figures { psychological: period.and_then(|p| services::told(board, scope, p, now)), ..figures }
        };
        let local = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(now.offset());
        let listed = self.listed();
        Cube {
            place: place.clone(),
            from: local(period.from),
            to: local(period.to),
            at: now,
            exact: true,
            figures: told(0),
            before: told(1),
            year_before: self.has_year.then(|| told(2)),
            groups: Some(self.groups[0]),
            groups_before: Some(self.groups[1]),
            categories: listed.iter().filter_map(|&number| self.category(board, number)).collect(),
            days: self.day_counts(),
            week: self.week.iter().copied().map(Some).collect(),
            cross: self.rows.iter().map(|row| pick(&row.cross, &listed)).collect(),
            places: self.places.iter().zip(&self.rows).filter_map(|(&ix, row)| cell(board, ix, row)).collect(),
        }
    }

    /// Returns the numbers of the categories that have any case in sight, now or before.
    fn listed(&self) -> Vec<usize> {
        let crossed = |number: usize| self.rows.iter().any(|row| row.cross.get(number).is_some_and(|&count| count > 0));
        let any = |(number, counts): (usize, &[u64; 2])| (*counts != [0; 2] || crossed(number)).then_some(number);
        self.categories.iter().enumerate().filter_map(any).collect()
    }

    fn category(&self, board: &Board, number: usize) -> Option<CategoryCell> {
        let category = board.categories().id(u16::try_from(number).ok()?)?.clone();
        let [received, before] = self.categories.get(number).copied()?;
        Some(CategoryCell { category, received: Some(received), before: Some(before) })
    }

    fn day_counts(&self) -> Vec<DayCount> {
        let first = DateTime::from_timestamp(self.first_day * DAY_S, 0).unwrap_or_default().date_naive();
        let day = |(n, &[received, settled]): (usize, &[u64; 2])| {
            let day = first.checked_add_days(Days::new(n as u64))?;
            Some(DayCount { day, received: Some(received), settled: Some(settled) })
        };
        self.days.iter().enumerate().filter_map(day).collect()
    }
}

/// Whether a case can be counted in a period: it had been reported, and was not over before.
fn touches(fact: &CaseFact<'_>, period: Period) -> bool {
    let over =
        fact.resolved_at.is_some_and(|at| at < period.from) || fact.withdrawn_at.is_some_and(|at| at < period.from);
    fact.reported_at < period.to && !over
}

fn bump(counts: &mut [[u64; 2]], at: usize, which: usize) {
    let slot = counts.get_mut(at).and_then(|pair| pair.get_mut(which));
    if let Some(count) = slot {
        *count += 1;
    }
}

fn pick(counts: &[u64], numbers: &[usize]) -> Vec<u64> {
    numbers.iter().map(|&number| counts.get(number).copied().unwrap_or(0)).collect()
}

fn cell(board: &Board, ix: Ix, row: &Row) -> Option<PlaceCell> {
    Some(PlaceCell {
        place: board.tree.id(ix)?.clone(),
        figures: sums::known(board, Figures::from(row.counts)),
        before: Some(row.before),
        groups: Some(row.groups),
    })
}
