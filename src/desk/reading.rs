//! Reading on: the pages of a list of cases after the first.

use fengtu_wire::cases::CaseSummary;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::api::cases::CasesQuery;
use crate::api::lenient::Listed;
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
    /// Whether one was read; `next` is then its own.
    read: bool,
    next: Option<String>,
}

impl Rest {
    /// Returns where the next page begins; `first` is what the first page says.
    pub fn next(&self, first: Option<&String>) -> Option<String> {
        if self.read { self.next.clone() } else { first.cloned() }
    }

    fn take(&mut self, found: Result<Listed<CaseSummary>, ApiError>) {
        self.busy = false;
        match found {
            Ok(page) => {
                self.items.extend(page.items);
                (self.read, self.next, self.error) = (true, page.next, None);
            }
            Err(error) => self.error = Some(error),
        }
    }
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

    fn page(next: Option<&str>) -> Listed<CaseSummary> {
        Listed {
            items: Vec::new(),
            refused: crate::api::lenient::Refused::default(),
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
}
