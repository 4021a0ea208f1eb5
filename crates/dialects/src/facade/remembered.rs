//! What lists tell of cases that one opened by itself does not: which of them wait, and what their server calls them.

use super::asked::Asked;
use super::cases::{Known, gather, mapped};
use super::kept::MAX_CASES;
use crate::mapping::ResourceMap;
use crate::record::told::Told;
use crate::speech::filters::Filters;
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
/// Cases at most whose number has the one that is looked for in it.
const MOST_ALIKE: usize = 20;

/// Looks a case up in the list, by its number as a word; tells whether the list knows what its server calls it.
pub(super) async fn look_for(talk: &Talk, backend: &Backend, number: &str) -> bool {
    let is_known = || backend.memory.borrow().refs.contains_key(number);
    if is_known() || !mapped(backend).is_ok_and(|map| map.fields.contains_key("ref") && map.list.is_some()) {
        return false;
    }
    let q = Some(number.to_owned());
    let filters = Filters { words: vec![("q", q.iter().cloned().collect())], ..Filters::default() };
    let asked = Asked { filters, q, limit: MOST_ALIKE, most_pages: Some(MOST_PAGES), ..Asked::default() };
    // That the list cannot be had is no answer to whoever asks for one case.
    gather(talk, backend, &asked, Told::default()).await.is_ok() && is_known()
}
