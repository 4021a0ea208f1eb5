//! The leaders' board for those who get counts from `k` up.
//!
//! Any brush is a question more, and of many questions that overlap, one case can be worked out; so they brush nothing. What
//! is left (figures, causes, days, places) is withheld by the same masks as everywhere ([`super::masks`]), which decide once
//! for the whole tree. The hours of the week, the table of causes and places, and the areas of the map, whose cells are smaller
//! than what those masks look at, are not told at all.

use fengtu_domain::statistics::Period;
use fengtu_wire::cube::{Areas, CategoryCell, Cube, PlaceCell};
use fengtu_wire::statistics::{CategoryCount, Figures, Statistics};

use super::cube::{Question, rows};
use super::sums::Sums;
use super::tree::Ix;
use super::{Board, Scope, figures};

/// Answers a question without its brush.
pub(super) fn answer(board: &Board, question: &Question) -> Cube {
    let now = told(board, question, question.period);
    let before = Some(earlier(question)).filter(|before| figures::is_covered(board, *before));
    let told_before = before.map(|before| told(board, question, before));
    Cube {
        places: places(board, question, before),
        categories: now.categories.iter().map(|row| category(row, told_before.as_ref())).collect(),
        place: now.place,
        from: now.from,
        to: now.to,
        at: now.at,
        exact: false,
        figures: now.figures,
        before: now.before,
        year_before: now.year_before,
        groups: None,
        groups_before: None,
        overdue_left: None,
        groups_left: None,
        days: now.days,
        week: Vec::new(),
        cross: Vec::new(),
        areas: Areas::default(),
    }
}

fn earlier(question: &Question) -> Period {
    question.period.before(*question.now.offset())
}

fn told(board: &Board, question: &Question, period: Period) -> Statistics {
    let Question { scope, ref place, level, now, k, .. } = *question;
    figures::answer(board, &figures::Question { scope, place: place.clone(), period, level, now, k })
}

fn category(row: &CategoryCount, before: Option<&Statistics>) -> CategoryCell {
    let earlier = before.and_then(|before| before.categories.iter().find(|other| other.category == row.category));
    CategoryCell {
        category: row.category.clone(),
        received: row.received,
        // One that is not listed had none, where any is.
        before: earlier.map_or(before.and_then(|before| before.figures.received).map(|_| 0), |row| row.received),
    }
}

fn places(board: &Board, question: &Question, before: Option<Period>) -> Vec<PlaceCell> {
    let figures = |period: Period| {
        let sums = Sums::new(board, question.scope, period, question.now, true);
        let masks = question.k.map(|k| sums.masks(board, k));
        move |ix: Ix| sums.figures(board, Scope::Node(ix), masks.as_ref())
    };
    let (now, before) = (figures(question.period), before.map(figures));
    let cell = |ix: Ix| {
        // Disputes are told of a node alone, where the causes of it are looked at with them.
        let figures = Figures { mediated: fengtu_wire::statistics::Share::default(), due_soon: None, ..now(ix) };
        Some(PlaceCell {
            place: board.tree.id(ix)?.clone(),
            figures,
            before: before.as_ref().and_then(|before| before(ix).received),
            groups: None,
            lawsuits_before: None,
            lawsuits_year_before: None,
        })
    };
    rows(board, question.scope, question.level).into_iter().filter_map(cell).collect()
}
