//! What lists tell of cases that one opened by itself does not: which of them wait, and what their server calls them.

use serde_json::{Map, Value};

use super::cases::{Known, Making, mapped};
use super::kept::MAX_CASES;
use crate::mapping::ResourceMap;
use crate::problem::Trouble;
use crate::speech::backend::Memory;
use crate::speech::filters::Filters;
use crate::speech::list::{Cursor, Wanted};
use crate::speech::{Backend, Talk};

/// Keeps what the cases of a list told.
pub(super) fn remember(backend: &Backend, known: &[Known], tells_accepted: bool) {
    // A list that tells nothing of it may be one of waiting cases alone: what another has told stays.
    if tells_accepted {
        waiting(backend, known);
    }
    refs(backend, known);
}

/// Keeps which cases wait in a list that tells when others were accepted: opened by itself, such a case tells less than its list.
fn waiting(backend: &Backend, known: &[Known]) {
    let waiting = &mut backend.memory.borrow_mut().waiting;
    if waiting.len() > MAX_CASES {
        waiting.clear();
    }
    let waits = known.iter().filter(|known| known.accepted_at.is_none());
    waiting.extend(waits.map(|known| known.case.summary.number.to_string()));
}

/// Keeps what their server calls them where that is not their number.
fn refs(backend: &Backend, known: &[Known]) {
    let refs = &mut backend.memory.borrow_mut().refs;
    if refs.len() > MAX_CASES {
        refs.clear();
    }
    for Known { case, called, .. } in known {
        let number = case.summary.number.as_str();
        match called.as_deref().filter(|called| *called != number) {
            Some(called) => refs.insert(number.to_owned(), called.to_owned()),
            None => refs.remove(number),
        };
    }
}

/// What a case is asked for by: what its server calls it, where a list has told that, else its number.
pub(super) fn called(backend: &Backend, map: &ResourceMap, number: &str) -> String {
    let memory = backend.memory.borrow();
    let kept = memory.refs.get(number).filter(|_| map.fields.contains_key("ref"));
    kept.map_or(number, String::as_str).to_owned()
}

/// Pages that are read at most to find a case by its number.
const MOST_PAGES: u32 = 10;
/// Seconds for which a number that was not found is not looked for again, and numbers that are kept so at most.
const LOST_S: i64 = 60;
const MOST_LOST: usize = 1_000;

/// Looks a case up in the list by its number, where its server may call it something else; tells whether that is known now.
pub(super) async fn look_for(talk: &Talk, backend: &Backend, number: &str) -> bool {
    let (Ok(map), now) = (mapped(backend), talk.now.timestamp()) else { return false };
    let is_lost = |memory: &Memory| memory.lost.get(number).is_some_and(|at| now.saturating_sub(*at).abs() < LOST_S);
    let is_known = backend.memory.borrow().refs.contains_key(number);
    if is_known || is_lost(&backend.memory.borrow()) || !map.fields.contains_key("ref") || map.list.is_none() {
        return false;
    }
    // A list that could not be had says nothing of the case.
    let Ok(found) = found(talk, backend, map, number).await else { return false };
    let mut memory = backend.memory.borrow_mut();
    if let Some(called) = found {
        memory.refs.insert(number.to_owned(), called);
        return true;
    }
    if memory.lost.len() >= MOST_LOST {
        memory.lost.clear();
    }
    memory.lost.insert(number.to_owned(), now);
    false
}

/// What its server calls the case of this number; nothing for one that is shown to nobody: it is as if there were none.
async fn found(talk: &Talk, backend: &Backend, map: &ResourceMap, number: &str) -> Result<Option<String>, Trouble> {
    let filters = Filters::default();
    let fails = |fields: &Map<String, Value>| {
        let is_it = fields.get("number").and_then(Value::as_str) == Some(number);
        (!is_it).then_some("number")
    };
    let wanted = Wanted {
        resource: "cases",
        filters: &filters,
        names: &[],
        limit: 1,
        start: Cursor::START,
        fails: &fails,
        most_pages: MOST_PAGES,
        is_whole: false,
        secret: None,
    };
    let first = talk.pages(backend, map, wanted).await?.items.into_iter().next();
    let making = Making::new(talk, map, false).await?;
    Ok(first.and_then(|first| making.case(&first).ok()?.called))
}
