//! Reading on: the pages of a list of cases after the first.

use std::collections::HashSet;

use fengtu_wire::cases::CaseSummary;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::api::cases::CasesQuery;
use crate::api::lenient::{Listed, Refused};
use crate::reactive::effect;
use crate::state::{SessionStore, spawn_scoped, use_store};

/// The pages after the first.
#[derive(Debug, Clone, Default)]
pub struct Rest {
    /// Their cases.
    pub items: Vec<CaseSummary>,
    /// Whether one is on its way.
    pub busy: bool,
    /// Why the last one could not be had.
    pub error: Option<ApiError>,
    /// What they say of what is not in them.
    pub refused: Refused,
    /// How many were read; `next` is then that of the last.
    pub pages: u32,
    next: Option<String>,
}

impl Rest {
    /// Returns where the next page begins; `first` is what the first page says.
    pub fn next(&self, first: Option<&String>) -> Option<String> {
        if self.pages > 0 { self.next.clone() } else { first.cloned() }
    }

    /// Returns the cases of the first page and of those after it, each once.
    pub fn after<'a>(&'a self, first: &'a [CaseSummary]) -> impl Iterator<Item = &'a CaseSummary> {
        each_once(first.iter().chain(&self.items))
    }

    fn take(&mut self, found: Result<Listed<CaseSummary>, ApiError>) {
        self.busy = false;
        match found {
            Ok(page) => {
                self.items.extend(page.items);
                self.refused.add_all(&page.refused);
                (self.pages, self.next, self.error) = (self.pages + 1, page.next, None);
            }
            Err(error) => self.error = Some(error),
        }
    }
}

/// Returns each case once: where something came meanwhile, or two spans of time meet, two pages hold the same one.
pub fn each_once<'a>(cases: impl Iterator<Item = &'a CaseSummary>) -> impl Iterator<Item = &'a CaseSummary> {
    let mut seen = HashSet::new();
    cases.filter(move |case| seen.insert(case.number.as_str()))
}

/// Returns the pages after the first of a question, and what reads one more. Another question empties them.
pub fn reading(query: Signal<Option<CasesQuery>>) -> (RwSignal<Rest>, Callback<String>) {
    let rest = RwSignal::new(Rest::default());
    effect(move || {
        query.track();
        rest.set(Rest::default());
    });
    (rest, more(query, rest))
}

fn more(query: Signal<Option<CasesQuery>>, rest: RwSignal<Rest>) -> Callback<String> {
    let session = use_store::<SessionStore>();
    let owner = Owner::current();
    Callback::new(move |cursor: String| {
        let asked = query.get_untracked();
        let (Some(asked), Some(staff)) = (asked, session.with_untracked(|s| s.staff().cloned())) else { return };
        // A second press while the page is on its way would read it twice.
        if rest.with_untracked(|r| r.busy) {
            return;
        }
        rest.update(|r| r.busy = true);
        let question = CasesQuery { cursor: Some(cursor), total: false, ..asked.clone() };
        let read = async move {
            let found = staff.ask(&question).await;
            // The pages of another question are another list.
            if query.try_get_untracked().flatten().as_ref() == Some(&asked) {
                rest.update(|r| r.take(found));
            }
        };
        // Under the list's own owner: leaving it cancels the request.
        match &owner {
            Some(owner) => owner.with(|| spawn_scoped(read)),
            None => spawn_scoped(read),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::drawer::signals::tests::case;

    fn page(next: Option<&str>) -> Listed<CaseSummary> {
        Listed {
            items: Vec::new(),
            refused: Refused { unread: 1, ..Refused::default() },
            next: next.map(Into::into),
            total: None,
            applied_here: Vec::new(),
        }
    }

    #[test]
    fn it_goes_on_after_the_last_page_that_was_read() {
        let (mut rest, first) = (Rest::default(), "2".to_owned());
        assert_eq!(rest.next(Some(&first)).as_deref(), Some("2"));
        rest.take(Err(ApiError::NotOffered("x")));
        assert_eq!(rest.next(Some(&first)).as_deref(), Some("2"), "a page that failed can be asked for again");
        rest.take(Ok(page(Some("3"))));
        assert_eq!((rest.next(Some(&first)).as_deref(), rest.error.is_none()), (Some("3"), true));
        rest.take(Ok(page(None)));
        assert_eq!(rest.next(Some(&first)), None);
    }

    #[test]
    fn a_case_on_two_pages_is_one_and_stands_where_it_stood_first() {
        let of = |numbers: &[&str]| numbers.iter().map(|number| case(number)).collect::<Vec<_>>();
        let mut rest = Rest::default();
        for numbers in [["b", "c"], ["c", "d"]] {
            rest.take(Ok(Listed { items: of(&numbers), ..page(Some("x")) }));
        }
        let first = of(&["a", "b"]);
        let numbers: Vec<String> = rest.after(&first).map(|case| case.number.to_string()).collect();
        assert_eq!(numbers, ["a", "b", "c", "d"]);
        assert_eq!(rest.refused.unread, 2, "what each page says of what is not in it");
    }
}
