//! The leaders' board: the figures of a node and period, cut by cause × place × time in one pass over the facts ([`super::tally`]).
//!
//! A brush chooses along one dimension. What each dimension shows is counted under all brushes but its own, so that it
//! tells what else could be chosen. For those who get counts from `k` up nothing can be brushed: see [`super::cube_masked`].

use chrono::{DateTime, Days, FixedOffset};
use fengtu_domain::lawsuits::When;
use fengtu_domain::statistics::{Counts, Period};
use fengtu_wire::cube::{Areas, CategoryCell, Cube, PlaceCell};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::{DayCount, Figures};

use super::services::Months;
use super::tally::{Own, Plan, Tally};
use super::tree::{Ix, Tree};
use super::{Board, Scope, cube_masked, figures, lawsuits, sums};

const DAY_S: i64 = 86_400;
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
    /// Inside which places, by number: a case counts once however many of them it is in; empty: all.
    pub places: Vec<Ix>,
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

    /// Whether an hour of the week is chosen.
    pub fn has_slot(&self, slot: usize) -> bool {
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
    let rows = rows(board, question.scope, question.level);
    let plan = Plan::new(board, question, &rows);
    let tally = plan.count(board);
    told(board, question, &rows, &plan, &tally)
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

fn told(board: &Board, question: &Question, rows: &[Ix], plan: &Plan<'_>, tally: &Tally) -> Cube {
    let Question { ref place, scope, period, now, .. } = *question;
    // Told by the month and for all causes together, so not under a brush.
    let is_whole = !question.brush.is_any();
    let months = if is_whole { Months::new(board, scope, *now.offset()) } else { None };
    let told = |counts: Counts, when: When, counted: Period| {
        let psychological = months.as_ref().and_then(|months| months.told(board.k, period, when, now));
        let lawsuits = lawsuits::told(board, scope, period, when, now).filter(|_| is_whole);
        let known = sums::going_on(sums::known(board, Figures::from(counts)), counted, now);
        Figures { psychological, lawsuits, ..known }
    };
    let earlier_courts = || figures::courts_alone(board, scope, period, now).filter(|_| is_whole);
    // The places are cut by all brushes but their own.
    let are_places_whole = !Brush { places: Vec::new(), ..question.brush.clone() }.is_any();
    let courts = [When::Now, When::Before, When::YearBefore]
        .map(|when| lawsuits::Told::new(board, period, when, now).filter(|_| are_places_whole));
    let local = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(now.offset());
    let (chosen, listed) = (chosen(board, plan, tally), listed(tally));
    let [earlier, year_before] = tally.earlier;
    let is_covered = figures::is_covered(board, plan.periods[1]);
    Cube {
        place: place.clone(),
        from: local(period.from),
        to: local(period.to),
        at: now,
        exact: true,
        figures: told(chosen.counts, When::Now, plan.periods[0]),
        before: figures::comparable(board, plan.periods[1], |before| told(earlier, When::Before, before)),
        year_before: plan
            .has_year
            .then(|| told(year_before, When::YearBefore, plan.periods[2]))
            .or_else(earlier_courts),
        groups: Some(chosen.groups),
        groups_before: is_covered.then_some(tally.groups_before),
        overdue_left: Some(chosen.overdue_left),
        groups_left: Some(chosen.groups_left),
        categories: listed.iter().filter_map(|&number| category(board, tally, number, is_covered)).collect(),
        days: days(plan.first_day, &tally.days),
        week: tally.week.iter().copied().map(Some).collect(),
        cross: tally.cross.iter().map(|row| pick(row, &listed)).collect(),
        places: rows.iter().filter_map(|&ix| cell(board, tally, ix, &courts, is_covered)).collect(),
        areas: areas(board, scope, tally),
    }
}

/// Returns what happened in a node.
fn inside(tree: &Tree, tally: &Tally, ix: Ix) -> Own {
    let range = tree.inside(ix);
    sum(tally.places.get(range.start as usize..range.end as usize).unwrap_or_default().iter())
}

fn sum<'a>(all: impl Iterator<Item = &'a Own>) -> Own {
    all.fold(Own::default(), |mut sum, own| {
        sum += *own;
        sum
    })
}

/// Returns what happened at the chosen places; without a choice at all of them, nowhere among them.
fn chosen(board: &Board, plan: &Plan<'_>, tally: &Tally) -> Own {
    let numbers = board.tree.numbers().chain([Ix::MAX]);
    sum(numbers.zip(&tally.places).filter(|(ix, _)| plan.is_chosen(*ix)).map(|(_, own)| own))
}

/// Returns the numbers of the categories that have any case in sight, now or before.
fn listed(tally: &Tally) -> Vec<usize> {
    let crossed = |number: usize| tally.cross.iter().any(|row| row.get(number).is_some_and(|&count| count > 0));
    let any = |(number, counts): (usize, &[u64; 2])| (*counts != [0; 2] || crossed(number)).then_some(number);
    tally.categories.iter().enumerate().filter_map(any).collect()
}

fn category(board: &Board, tally: &Tally, number: usize, is_covered: bool) -> Option<CategoryCell> {
    let category = board.categories().id(u16::try_from(number).ok()?)?.clone();
    let [received, before] = tally.categories.get(number).copied()?;
    Some(CategoryCell { category, received: Some(received), before: is_covered.then_some(before) })
}

fn days(first_day: i64, counts: &[[u64; 2]]) -> Vec<DayCount> {
    let first = DateTime::from_timestamp(first_day * DAY_S, 0).unwrap_or_default().date_naive();
    let day = |(n, &[received, settled]): (usize, &[u64; 2])| {
        let day = first.checked_add_days(Days::new(n as u64))?;
        Some(DayCount { day, received: Some(received), settled: Some(settled) })
    };
    counts.iter().enumerate().filter_map(day).collect()
}

fn pick(counts: &[u64], numbers: &[usize]) -> Vec<u64> {
    numbers.iter().map(|&number| counts.get(number).copied().unwrap_or(0)).collect()
}

fn cell(
    board: &Board,
    tally: &Tally,
    ix: Ix,
    courts: &[Option<lawsuits::Told<'_>>; 3],
    is_covered: bool,
) -> Option<PlaceCell> {
    let own = inside(&board.tree, tally, ix);
    let known = |told: &lawsuits::Told<'_>| Some(told.of(Scope::Node(ix))).filter(|known| known.filed.is_some());
    let [lawsuits, lawsuits_before, lawsuits_year_before] = courts.each_ref().map(|told| told.as_ref().and_then(known));
    Some(PlaceCell {
        place: board.tree.id(ix)?.clone(),
        // Of places what is soon is not looked at.
        figures: Figures { lawsuits, due_soon: None, ..sums::known(board, Figures::from(own.counts)) },
        before: is_covered.then_some(own.before),
        groups: Some(own.groups),
        lawsuits_before,
        lawsuits_year_before,
    })
}

/// Levels whose places have ground of their own, the smallest first.
const AREAS: [PlaceLevel; 3] = [PlaceLevel::Grid, PlaceLevel::Community, PlaceLevel::Street];

/// Returns what an area drawn on the map chooses from: the smallest places that there are, those with nothing left out.
fn areas(board: &Board, scope: Scope, tally: &Tally) -> Areas {
    let tree = &board.tree;
    let level = AREAS.into_iter().find(|&level| tree.at_level(scope.range(tree), level).next().is_some());
    let smallest = level.into_iter().flat_map(|level| tree.at_level(scope.range(tree), level));
    let counted = smallest.filter_map(|ix| {
        let received = inside(tree, tally, ix).counts.received;
        (received > 0).then(|| tree.id(ix).cloned().map(|id| (id, received))).flatten()
    });
    let (places, received) = counted.unzip();
    Areas { places, received }
}
