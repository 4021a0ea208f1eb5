//! Counting for the leaders' board: one pass over the cases that a question is about, in as many threads as there are processors.
//!
//! Everything is counted at the place where it happened; a row, the chosen places, an area on the map are sums over places. So
//! a case is looked at once, however many of them it is part of.

use std::ops::Range;
use std::thread;

use fengtu_domain::statistics::{CaseFact, Counts, Period};

use super::cube::{Question, SLOTS};
use super::figures::year_before;
use super::glance::split;
use super::tree::Ix;
use super::{Board, Scope};

const DAY_S: i64 = 86_400;
const HOUR_S: i64 = 3_600;
/// More threads than this would take from those that serve.
const MOST_THREADS: usize = 4;

/// What a question means for a single case.
pub struct Plan<'a> {
    question: &'a Question,
    /// The (brushed) period, the one before it, the year before.
    pub periods: [Period; 3],
    /// Whether the data reaches back a year.
    pub has_year: bool,
    /// The first local day of the period, counted from 1970.
    pub first_day: i64,
    now: i64,
    offset_s: i64,
    days: usize,
    categories: usize,
    inside: Option<Range<Ix>>,
    /// By number; one more for nowhere.
    chosen: Vec<bool>,
    slots: [bool; SLOTS],
    row_of: Vec<u32>,
    rows: usize,
}

impl<'a> Plan<'a> {
    /// Works out once what every case is asked.
    pub fn new(board: &Board, question: &'a Question, rows: &[Ix]) -> Self {
        let (tree, brush) = (&board.tree, &question.brush);
        let period = brush.days.unwrap_or(question.period);
        let year = year_before(board, period, *question.now.offset());
        let offset_s = i64::from(question.now.offset().local_minus_utc());
        let day = |at: i64| (at + offset_s).div_euclid(DAY_S);
        let Period { from, to } = question.period;
        let (first_day, last_day) = (day(from), day((to - 1).max(from)));
        let mut row_of = vec![u32::MAX; tree.len()];
        for (row, &ix) in (0..).zip(rows) {
            tree.inside(ix).for_each(|ix| row_of.get_mut(ix as usize).into_iter().for_each(|slot| *slot = row));
        }
        let mut chosen = vec![brush.places.is_empty(); tree.len() + 1];
        for ix in brush.places.iter().flat_map(|&ix| tree.inside(ix)) {
            chosen.get_mut(ix as usize).into_iter().for_each(|slot| *slot = true);
        }
        Self {
            question,
            periods: [period, period.before(*question.now.offset()), year.unwrap_or(period)],
            has_year: year.is_some(),
            now: question.now.timestamp(),
            offset_s,
            first_day,
            days: (last_day - first_day).max(0) as usize + 1,
            categories: board.categories().len(),
            inside: (question.scope != Scope::All).then(|| question.scope.range(tree)),
            chosen,
            slots: std::array::from_fn(|slot| brush.has_slot(slot)),
            row_of,
            rows: rows.len(),
        }
    }

    /// Counts everything.
    pub fn count(&self, board: &Board) -> Tally {
        let mut tally = self.count_cases(board);
        tally.count_orders(self, board);
        tally
    }

    fn count_cases(&self, board: &Board) -> Tally {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        let mut parts = split(board.len(), threads).into_iter();
        let own = parts.next().unwrap_or(0..0);
        thread::scope(|scope| {
            let begin = |part: Range<usize>| {
                let work = part.clone();
                (part, thread::Builder::new().spawn_scoped(scope, move || self.part(board, work)))
            };
            let others: Vec<_> = parts.map(begin).collect();
            let mut tally = self.part(board, own);
            for (part, handle) in others {
                // Where the system has no thread left, or one broke, this one does the work.
                let counted = handle.ok().and_then(|handle| handle.join().ok());
                tally.add(&counted.unwrap_or_else(|| self.part(board, part)));
            }
            tally
        })
    }

    fn part(&self, board: &Board, part: Range<usize>) -> Tally {
        let mut tally = Tally::new(self);
        let glances = board.glances().get(part.clone()).unwrap_or_default();
        let periods = [self.question.period, self.periods[1], self.periods[2]];
        let looked_at = if self.has_year { &periods[..] } else { periods.get(..2).unwrap_or_default() };
        for (slot, glance) in part.zip(glances) {
            let is_inside = self.inside.as_ref().is_none_or(|inside| inside.contains(&glance.place()));
            if is_inside && looked_at.iter().any(|&period| glance.touches(period)) {
                board.case(slot as u32).into_iter().for_each(|case| tally.count(self, &case.fact()));
            }
        }
        tally
    }

    /// Returns the hour of the week of an instant.
    fn slot(&self, at: i64) -> usize {
        let local = at + self.offset_s;
        // The first of January 1970 was a Thursday.
        let weekday = (local.div_euclid(DAY_S) + 3).rem_euclid(7);
        (weekday * 24 + local.rem_euclid(DAY_S) / HOUR_S) as usize
    }

    fn day(&self, at: i64) -> usize {
        usize::try_from((at + self.offset_s).div_euclid(DAY_S) - self.first_day).unwrap_or(usize::MAX)
    }

    fn has_category(&self, category: u16) -> bool {
        let chosen = self.question.brush.categories.as_ref();
        chosen.is_none_or(|chosen| chosen.get(usize::from(category)) == Some(&true))
    }

    /// Whether the brush of places leaves a place.
    pub fn is_chosen(&self, place: Ix) -> bool {
        self.chosen.get(self.number(place)) == Some(&true)
    }

    /// Nowhere comes after all places.
    fn number(&self, place: Ix) -> usize {
        (place as usize).min(self.row_of.len())
    }

    fn accepted_in(&self, fact: &CaseFact<'_>, period: Period) -> bool {
        fact.accepted_at.is_some_and(|at| period.contains(at) && at <= self.now)
    }
}

/// What happened at one place, under all brushes but that of places.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own {
    /// In the (brushed) period.
    pub counts: Counts,
    /// Received in the period before.
    pub before: u64,
    /// Group matters received in the period.
    pub groups: u64,
    /// Of those received in the period, overdue by now.
    pub overdue_left: u64,
    /// Of the group matters, open by now.
    pub groups_left: u64,
}

impl core::ops::AddAssign for Own {
    fn add_assign(&mut self, other: Self) {
        self.counts += other.counts;
        self.before += other.before;
        self.groups += other.groups;
        self.overdue_left += other.overdue_left;
        self.groups_left += other.groups_left;
    }
}

/// What was counted.
pub struct Tally {
    /// By place; one more for nowhere.
    pub places: Vec<Own>,
    /// Under all brushes, in the period before and the year before.
    pub earlier: [Counts; 2],
    /// Group matters under all brushes in the period before.
    pub groups_before: u64,
    /// Received by category, now and before.
    pub categories: Vec<[u64; 2]>,
    /// Received and settled by day.
    pub days: Vec<[u64; 2]>,
    /// Received by hour of the week.
    pub week: Vec<u64>,
    /// Received by row and category.
    pub cross: Vec<Vec<u64>>,
}

impl Tally {
    fn new(plan: &Plan<'_>) -> Self {
        Self {
            places: vec![Own::default(); plan.chosen.len()],
            earlier: [Counts::default(); 2],
            groups_before: 0,
            categories: vec![[0; 2]; plan.categories],
            days: vec![[0; 2]; plan.days],
            week: vec![0; SLOTS],
            cross: vec![vec![0; plan.categories]; plan.rows],
        }
    }

    fn add(&mut self, other: &Self) {
        let pairs = |ours: &mut [[u64; 2]], theirs: &[[u64; 2]]| {
            ours.iter_mut().flatten().zip(theirs.iter().flatten()).for_each(|(a, b)| *a += b);
        };
        self.places.iter_mut().zip(&other.places).for_each(|(a, b)| *a += *b);
        self.earlier.iter_mut().zip(&other.earlier).for_each(|(a, b)| *a += *b);
        self.groups_before += other.groups_before;
        pairs(&mut self.categories, &other.categories);
        pairs(&mut self.days, &other.days);
        self.week.iter_mut().zip(&other.week).for_each(|(a, b)| *a += b);
        self.cross.iter_mut().flatten().zip(other.cross.iter().flatten()).for_each(|(a, b)| *a += b);
    }

    fn count(&mut self, plan: &Plan<'_>, fact: &CaseFact<'_>) {
        // By acceptance, as figures are; what nobody accepted, by report.
        let slot = plan.slot(fact.accepted_at.unwrap_or(fact.reported_at));
        let has_category = plan.has_category(fact.category);
        let (has_place, has_time) = (plan.is_chosen(fact.place), plan.slots.get(slot) == Some(&true));
        let [now, before, year] = plan.periods;
        let accepted = plan.accepted_in(fact, now);
        let accepted_before = plan.accepted_in(fact, before);
        self.count_dimensions(plan, fact, slot, [has_category, has_place, has_time]);
        if accepted_before && has_place && has_time {
            bump(&mut self.categories, usize::from(fact.category), 1);
        }
        if !(has_category && has_time) {
            return;
        }
        if let Some(own) = self.places.get_mut(plan.number(fact.place)) {
            own.counts.count(fact, now, plan.now);
            own.before += u64::from(accepted_before);
            own.groups += u64::from(accepted && fact.is_group());
            let is_left = accepted && fact.is_open_at(plan.now.saturating_add(1));
            own.overdue_left += u64::from(is_left && fact.is_overdue_at(plan.now));
            own.groups_left += u64::from(is_left && fact.is_group());
        }
        if has_place {
            let [earlier, year_before] = &mut self.earlier;
            earlier.count(fact, before, plan.now);
            if plan.has_year {
                year_before.count(fact, year, plan.now);
            }
            self.groups_before += u64::from(accepted_before && fact.is_group());
        }
    }

    /// Counts what each brush chooses from.
    fn count_dimensions(
        &mut self,
        plan: &Plan<'_>,
        fact: &CaseFact<'_>,
        slot: usize,
        [category, place, time]: [bool; 3],
    ) {
        let whole = plan.question.period;
        if category && place && time {
            if let Some(at) = fact.accepted_at.filter(|&at| whole.contains(at) && at <= plan.now) {
                bump(&mut self.days, plan.day(at), 0);
            }
            if let Some(at) = fact.resolved_at.filter(|&at| whole.contains(at) && at <= plan.now) {
                bump(&mut self.days, plan.day(at), 1);
            }
        }
        if !plan.accepted_in(fact, plan.periods[0]) {
            return;
        }
        if place && time {
            bump(&mut self.categories, usize::from(fact.category), 0);
        }
        if category && place {
            self.week.get_mut(slot).into_iter().for_each(|count| *count += 1);
        }
        if time {
            let row = plan.row_of.get(fact.place as usize).and_then(|&row| self.cross.get_mut(row as usize));
            row.and_then(|row| row.get_mut(usize::from(fact.category))).into_iter().for_each(|count| *count += 1);
        }
    }

    /// Orders and confirmations are of the cause of the case behind them; without one, of none.
    fn count_orders(&mut self, plan: &Plan<'_>, board: &Board) {
        let (scope, any_cause) = (plan.question.scope, plan.question.brush.categories.is_none());
        let fits = |cause: Option<u16>, place: Ix, at: i64| {
            let is_inside = scope.holds(&board.tree, place);
            let has_cause = cause.map_or(any_cause, |cause| plan.has_category(cause));
            is_inside && has_cause && plan.slots.get(plan.slot(at)) == Some(&true)
        };
        for (cause, order) in board.orders_by_cause() {
            if fits(cause, order.place, order.issued_at) {
                self.each(plan, order.place, |counts, period| counts.count_order(order, period, plan.now));
            }
        }
        for (cause, one) in board.confirmations_by_cause() {
            if fits(cause, one.place, one.applied_at) {
                self.each(plan, one.place, |counts, period| counts.count_confirmation(one, period, plan.now));
            }
        }
    }

    /// Counts at a place, and in the earlier periods where the place is chosen.
    fn each(&mut self, plan: &Plan<'_>, place: Ix, count: impl Fn(&mut Counts, Period)) {
        let [now, before, year] = plan.periods;
        if let Some(own) = self.places.get_mut(plan.number(place)) {
            count(&mut own.counts, now);
        }
        if plan.is_chosen(place) {
            let [earlier, year_before] = &mut self.earlier;
            count(earlier, before);
            if plan.has_year {
                count(year_before, year);
            }
        }
    }
}

fn bump(counts: &mut [[u64; 2]], at: usize, which: usize) {
    let slot = counts.get_mut(at).and_then(|pair| pair.get_mut(which));
    if let Some(count) = slot {
        *count += 1;
    }
}
