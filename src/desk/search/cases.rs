//! The questions for cases: by their number, and by text where their backend looks for that.

use fengtu_wire::cases::CaseSummary;
use leptos::prelude::*;

use super::ROWS;
use super::matching::{self, Found, Typed, Way};
use crate::api::cases::{CaseQuery, CasesQuery, WholeCase};
use crate::api::dialect::{Question, Resource};
use crate::api::lenient::Listed;
use crate::api::{ApiError, Trouble};
use crate::desk::scope::{Asked, asked};
use crate::state::{SessionStore, use_store};

/// Most cases that are asked for by text; a row is chosen of the first of them.
const LIMIT: u32 = 20;

/// What is asked for cases, and what has come of it.
#[derive(Clone, Copy)]
pub struct Cases {
    way: Way,
    /// By the number that the text is first of all.
    first: Put<CaseQuery, WholeCase>,
    /// By the one that it may be else, where there is none of the first.
    second: Put<CaseQuery, WholeCase>,
    parts: Put<CasesQuery, Listed<CaseSummary>>,
}

/// A question, and how it is answered.
struct Put<Q: Send + Sync + 'static, A: Send + Sync + 'static> {
    question: Memo<Option<Q>>,
    asked: Asked<A>,
}

impl<Q: Send + Sync + 'static, A: Send + Sync + 'static> Copy for Put<Q, A> {}
impl<Q: Send + Sync + 'static, A: Send + Sync + 'static> Clone for Put<Q, A> {
    fn clone(&self) -> Self {
        *self
    }
}

/// Asks for cases as the text changes. Without a building of that text, it may be of a case.
pub fn cases(typed: RwSignal<Option<Typed>>, no_building: Memo<bool>) -> Cases {
    let way = way();
    let number = move |index: usize| {
        let typed = typed.get()?;
        // A row of digits is the code of a door or a place first.
        let is_code = typed.normal.chars().all(|c| c.is_ascii_digit());
        let number = way.numbers(&typed).into_iter().nth(index)?;
        (!is_code || no_building.get()).then_some(CaseQuery(number))
    };
    let first = put(move || number(0));
    let is_none = move || first.asked.answer.with(|c| c.error().is_some());
    let second = put(move || number(1).filter(|_| is_none()));
    let parts = put(move || {
        let typed = typed.get().filter(|typed| way.looks_for(typed, no_building.get()))?;
        // Ours has found it by its number, or has not.
        let is_open = way.is_foreign || way.numbers(&typed).is_empty() || is_none();
        let text = Some(way.words(typed));
        is_open.then(|| CasesQuery { text, limit: Some(LIMIT), ..CasesQuery::default() })
    });
    Cases { way, first, second, parts }
}

/// How the backend of the cases can be asked.
fn way() -> Way {
    use_store::<SessionStore>().with_untracked(|session| {
        let public = session.public();
        Way::of(public.capabilities(Resource::Cases), public.backends().of(Resource::Cases).is_foreign)
    })
}

fn put<Q>(question: impl Fn() -> Option<Q> + Send + Sync + 'static) -> Put<Q, Q::Answer>
where
    Q: Question + Clone + PartialEq + Send + Sync + 'static,
    Q::Answer: Send + Sync + 'static,
{
    let question = Memo::new(move |_| question());
    Put { question, asked: asked(move || question.get()) }
}

impl<Q: Send + Sync + 'static, A: Send + Sync + 'static> Put<Q, A> {
    /// Whether its answer is still to come.
    fn waits(self) -> bool {
        let is_asked = self.question.with(Option::is_some);
        is_asked && self.asked.answer.with(|answer| answer.is_loading() && answer.error().is_none())
    }
}

impl Cases {
    /// Returns what was found of a normalised text, each case once.
    pub fn found(self, text: &str) -> Vec<Found> {
        let one = |put: Put<CaseQuery, WholeCase>| {
            put.asked.answer.with(|answer| answer.value().map(|whole| matching::case(&whole.case.summary)))
        };
        let mut found: Vec<Found> = [self.first, self.second].into_iter().filter_map(one).collect();
        let rows = |list: &Listed<CaseSummary>| self.way.rows(&list.items, text, ROWS);
        for row in self.parts.asked.answer.with(|answer| answer.value().map(rows).unwrap_or_default()) {
            if !found.iter().any(|known| known.key == row.key) {
                found.push(row);
            }
        }
        found
    }

    /// Whether any answer is still to come.
    pub fn waits(self) -> bool {
        self.first.waits() || self.second.waits() || self.parts.waits()
    }

    /// Returns why a search failed. That there is no case of a number is no failure; that nobody answers is one.
    pub fn error(self) -> Option<ApiError> {
        let is_silent = |error: &ApiError| matches!(error.trouble(), Trouble::Unreachable | Trouble::TimedOut);
        let of_number = |put: Put<CaseQuery, WholeCase>| {
            put.asked.answer.with(|answer| answer.error().filter(|error| is_silent(error)).cloned())
        };
        let of_text = self.parts.asked.answer.with(|answer| answer.error().cloned());
        of_text.or_else(|| of_number(self.first)).or_else(|| of_number(self.second))
    }
}
