//! The whole list of the inbox: read page after page, and what is counted of it.

use std::collections::{HashMap, HashSet};

use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{Warning, WarningState};
use leptos::prelude::*;

use crate::api::lenient::{Listed, Refused};
use crate::api::warnings::WarningsQuery;
use crate::api::{ApiError, StaffApi};
use crate::browser::clock;
use crate::desk::scope::Asked;
use crate::reactive::memo;
use crate::state::{Loadable, SessionStore, spawn_scoped, use_store};
use crate::tr;

/// The most pages that are read: a backend that says of each that there is another is not asked for ever.
const MOST_PAGES: usize = 30;

/// Milliseconds between two questions: levels are tried one after another.
const PACE_MS: u32 = 125;

/// Asks for every page of a question as it changes; a changed question cancels the one that runs, and so does leaving.
pub fn asked_whole(question: impl Fn() -> Option<WarningsQuery> + Send + Sync + 'static) -> Asked<Listed<Warning>> {
    let session = use_store::<SessionStore>();
    let (answer, turn) = (RwSignal::new(Loadable::Loading), RwSignal::new(0_u32));
    let again = Callback::new(move |()| turn.update(|t| *t += 1));
    let asked = Asked { answer, again, is_busy: RwSignal::new(false) };
    let (question, pace) = (memo(question), StoredValue::new_local(clock::Pace::new(PACE_MS)));
    Effect::new(move |before: Option<Option<WarningsQuery>>| {
        turn.track();
        let (question, staff) = (question.get(), session.with(|s| s.staff().cloned()));
        // The same question again (a retry) keeps what is shown as stale; another one must not show the old answer.
        if before.flatten() != question {
            answer.set(Loadable::Loading);
        }
        match (question.clone(), staff) {
            (Some(question), Some(staff)) => spawn_scoped(async move {
                asked.is_busy.set(true);
                if let Some(pace) = pace.try_get_value() {
                    pace.turn().await;
                }
                read(asked, &staff, question).await;
                asked.is_busy.set(false);
            }),
            (Some(_), None) => answer.update(|a| a.settle(Err(ApiError::NotOffered("single cases")), clock::wall())),
            (None, _) => answer.set(Loadable::Loading),
        }
        question
    });
    asked
}

/// Reads a list to its end. What is here already is not taken away for the first pages of what comes.
async fn read(asked: Asked<Listed<Warning>>, staff: &StaffApi, question: WarningsQuery) {
    let settle = |found| asked.answer.update(|a| a.settle(found, clock::wall()));
    let here = || asked.answer.with_untracked(|a| a.value().map_or(0, |listed| listed.items.len()));
    let show = |listed: &Listed<Warning>| {
        if listed.items.len() > here() {
            settle(Ok(listed.clone()));
        }
    };
    settle(all_pages(question, async |question: &WarningsQuery| staff.ask(question).await, show).await);
}

/// Asks for page after page and joins them; `show` is told what has come while there is more. A list that is too long says
/// where it would go on.
async fn all_pages(
    mut question: WarningsQuery,
    ask: impl AsyncFn(&WarningsQuery) -> Result<Listed<Warning>, ApiError>,
    show: impl Fn(&Listed<Warning>),
) -> Result<Listed<Warning>, ApiError> {
    let first = question.clone();
    let mut whole = ask(&question).await?;
    for _ in 1..MOST_PAGES {
        let Some(cursor) = whole.next.clone() else { break };
        show(&whole);
        question.cursor = Some(cursor);
        join(&mut whole, ask(&question).await?);
    }
    if question.cursor.is_some() && whole.next.is_none() {
        // A place whose score rose meanwhile is on none of them, and near the top by now.
        let top = ask(&first).await?;
        join(&mut whole, Listed { next: None, refused: Refused::default(), ..top });
    }
    Ok(whole)
}

/// Adds a page. A place whose score fell between two pages is on both, and stands where it stood first.
fn join(whole: &mut Listed<Warning>, page: Listed<Warning>) {
    let known: HashSet<PlaceId> = whole.items.iter().map(|warning| warning.place.clone()).collect();
    whole.items.extend(page.items.into_iter().filter(|warning| !known.contains(&warning.place)));
    whole.refused.add_all(&page.refused);
    whole.next = page.next;
}

/// Says how many warnings are shown and how many of these nobody has answered, and whether there are more to come.
pub(super) fn count(shown: &[PlaceId], known: &HashMap<PlaceId, Warning>, is_whole: bool) -> String {
    let is_open = |id: &&PlaceId| known.get(*id).is_some_and(|warning| warning.state == WarningState::Open);
    let (n, open) = (shown.len(), shown.iter().filter(is_open).count());
    match (n, is_whole) {
        (_, false) => tr!(board.inbox_count_part, read = known.len(), n = n, open = open),
        (0, true) => String::new(),
        (_, true) => tr!(board.inbox_count, n = n, open = open),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::cell::RefCell;

    use futures::FutureExt;

    use super::*;

    fn warning(place: &str, state: WarningState) -> Warning {
        let text = r#"{"id":"g","place":"g","level":"red","score":41.5,"at":"2026-03-29T12:00:00+08:00",
            "since":"2026-03-29T09:30:00+08:00","state":"open","reasons":[]}"#;
        Warning { place: place.into(), state, ..serde_json::from_str(text).unwrap() }
    }

    fn page(places: &[&str], next: Option<&str>) -> Listed<Warning> {
        Listed {
            items: places.iter().map(|place| warning(place, WarningState::Open)).collect(),
            refused: Refused { count: 1, ..Refused::default() },
            next: next.map(Into::into),
            total: None,
            applied_here: Vec::new(),
        }
    }

    fn third(question: &WarningsQuery) -> Listed<Warning> {
        match question.cursor.as_deref() {
            None => page(&["a", "b"], Some("2")),
            Some("2") => page(&["b", "c"], Some("3")),
            _ => page(&["d"], None),
        }
    }

    #[test]
    fn every_page_is_read_and_each_place_stands_once() {
        let shown = RefCell::new(Vec::new());
        let show = |listed: &Listed<Warning>| shown.borrow_mut().push(listed.items.len());
        let all = all_pages(WarningsQuery::default(), async |question: &WarningsQuery| Ok(third(question)), show);
        let whole = all.now_or_never().unwrap().unwrap();
        let places: Vec<&str> = whole.items.iter().map(|warning| warning.place.as_str()).collect();
        assert_eq!((places, whole.next, whole.refused.count), (vec!["a", "b", "c", "d"], None, 3));
        assert_eq!(shown.into_inner(), [2, 3], "what has come stands there meanwhile");
    }

    #[test]
    fn a_page_that_fails_is_told_and_a_list_without_end_is_not_read_for_ever() {
        let lost = async |question: &WarningsQuery| match question.cursor {
            None => Ok(third(question)),
            Some(_) => Err(ApiError::NotOffered("x")),
        };
        assert!(all_pages(WarningsQuery::default(), lost, |_| ()).now_or_never().unwrap().is_err());
        let times = RefCell::new(0);
        let endless = async |_: &WarningsQuery| {
            *times.borrow_mut() += 1;
            Ok::<_, ApiError>(page(&["a"], Some("on")))
        };
        let part = all_pages(WarningsQuery::default(), endless, |_| ()).now_or_never().unwrap().unwrap();
        assert_eq!((times.into_inner(), part.next.is_some()), (MOST_PAGES, true));
    }

    #[test]
    fn what_is_open_is_counted_among_what_is_shown() {
        let states = [("a", WarningState::Open), ("b", WarningState::Open), ("c", WarningState::Closed)];
        let known = HashMap::from(states.map(|(place, state)| (PlaceId::from(place), warning(place, state))));
        let of = |shown: &[&str], is_whole| {
            let shown: Vec<PlaceId> = shown.iter().map(|place| (*place).into()).collect();
            count(&shown, &known, is_whole)
        };
        assert_eq!(of(&["c"], true), "1 条，其中待签收 0 条。");
        assert_eq!(of(&["a", "c"], true), "2 条，其中待签收 1 条。");
        assert_eq!(of(&[], true), "");
        assert!(of(&["a"], false).contains("尚未读全"), "a part is not told as the whole");
    }
}
