//! Cases that are open now, whenever they were reported: what `open` and `overdue` are counted of. Those of a period alone would lack
//! what lies longest, and a server's whole history is not read for them: they are known where it can be asked for open ones.

use std::collections::HashSet;
use std::rc::Rc;

use chrono::TimeDelta;
use fengtu_domain::statistics::Counts;
use fengtu_wire::cases::CaseState;
use fengtu_wire::statistics::Figures;

use super::asked::Asked;
use super::cases::{self, Cases, Known};
use crate::mapping::ResourceMap;
use crate::problem::Trouble;
use crate::record::told::{Told, is_settled};
use crate::speech::backend::Memory;
use crate::speech::filters::pushes;
use crate::speech::list::MAX_PAGES;
use crate::speech::{Backend, Talk};

/// Seconds for which the open cases that were reported long ago are good: those of the last weeks are asked for more often.
const GOOD_S: i64 = 300;
/// Seconds after which they are asked for again where they could not be had.
const AGAIN_S: i64 = 60;
/// The same where the list of them is a part: it was read as far as it goes.
const PART_S: i64 = 1_800;

/// Questions that are left to what comes after: figures do not fail for want of these.
const RESERVED: u32 = 40;

/// The open cases as they were asked for last, or that they could not be had, and until when that stands.
#[derive(Debug, Clone)]
pub(crate) struct Backlog {
    at: i64,
    good_s: i64,
    cases: Option<Rc<Cases>>,
}

impl Backlog {
    fn is_good(&self, now: i64) -> bool {
        (now - self.at).abs() < self.good_s
    }
}

/// Returns the open cases as they were asked for a moment ago; nothing is asked for.
pub(crate) fn known(backend: &Backend, now: i64) -> Option<Rc<Cases>> {
    backend.memory.borrow().backlog.clone().filter(|backlog| backlog.is_good(now))?.cases
}

/// Returns the open cases, all of them, where the server can be asked for these.
pub(crate) async fn open(talk: &Talk, backend: &Backend, tells: Told) -> Option<Rc<Cases>> {
    let now = talk.now.timestamp();
    let (before, steps) = {
        let memory = backend.memory.borrow();
        (memory.backlog.clone(), memory.steps)
    };
    if let Some(before) = before.filter(|before| before.is_good(now)) {
        return before.cases;
    }
    let (good_s, cases) = ask(talk, backend, tells).await;
    let cases = cases.map(Rc::new);
    let mut memory = backend.memory.borrow_mut();
    // What was asked for before a step may have the case as it was before it.
    if memory.steps == steps {
        memory.backlog = Some(Backlog { at: now, good_s, cases: cases.clone() });
    }
    drop(memory);
    cases
}

/// Asks for all of them, and says for how long what came of it stands.
async fn ask(talk: &Talk, backend: &Backend, tells: Told) -> (i64, Option<Cases>) {
    let questions = cases::mapped(backend).map(questions).unwrap_or_default();
    if questions.is_empty() || backend.expect_answer("cases", talk.now).is_err() {
        return (AGAIN_S, None);
    }
    let mut all = Cases::default();
    for asked in &questions {
        match beside(talk, backend, asked, tells).await {
            Ok(open) if open.gathered.next.is_none() && open.refused.unread == 0 => {
                all.known.extend(open.known);
            }
            Ok(_) => return (PART_S, None),
            Err(_) => return (AGAIN_S, None),
        }
    }
    (GOOD_S, Some(all))
}

/// Reads one list, as far as that leaves questions for whatever else is asked. What comes of it is told of no other: figures do not wait for it, and `GET /backends` tells of the list of all.
async fn beside(talk: &Talk, backend: &Backend, asked: &Asked, tells: Told) -> Result<Cases, Trouble> {
    let before = |memory: &Memory| (memory.silent.get("cases").copied(), memory.last.get("cases").cloned());
    let (silent, last) = before(&backend.memory.borrow());
    let most_pages = talk.line.left().saturating_sub(RESERVED).min(MAX_PAGES);
    let open = cases::gather(talk, backend, &Asked { most_pages: Some(most_pages), ..asked.clone() }, tells).await;
    let mut memory = backend.memory.borrow_mut();
    memory.silent.remove("cases");
    memory.silent.extend(silent.map(|until| ("cases".to_owned(), until)));
    // Who is let in no more is told so at once.
    if !open.as_ref().is_err_and(Trouble::is_signed_out) {
        memory.last.extend(last.map(|last| ("cases".to_owned(), last)));
    }
    open
}

/// The questions that bring all open cases: one for all states, or one for each where the server takes no more at once. None where it
/// cannot be asked, or gives so many days at once.
fn questions(map: &ResourceMap) -> Vec<Asked> {
    let asked = |states: Vec<String>| {
        let mut asked = Asked { limit: super::kept::MAX_CASES, ..Asked::default() };
        asked.filters.words = vec![("state", states)];
        asked
    };
    let is_put = |asked: &Asked| pushes("cases", map, &asked.filters, "state");
    let all = asked(states());
    if map.window_s.is_some() {
        return Vec::new();
    }
    if is_put(&all) {
        return vec![all];
    }
    // No record of theirs stands in a state that they have no word for.
    let state = map.fields.get("state");
    let has_word = |word: &String| state.is_none_or(|state| !state.theirs(word).is_empty());
    let each: Vec<Asked> = states().into_iter().filter(has_word).map(|word| asked(vec![word])).collect();
    if each.iter().all(is_put) { each } else { Vec::new() }
}

fn states() -> Vec<String> {
    let open = CaseState::ALL.iter().filter(|state| !is_settled(**state) && **state != CaseState::Withdrawn);
    open.map(|state| state.as_str().to_owned()).collect()
}

/// Whether a period that ends then goes on: of one that is over nobody knows what was open.
pub(crate) fn goes_on(talk: &Talk, to: chrono::DateTime<chrono::FixedOffset>) -> bool {
    to >= talk.now - TimeDelta::seconds(AGAIN_S)
}

/// Joins cases of a time with those that are open: what was read later of one stands.
pub(crate) fn joined<'a>(recent: &'a Cases, open: &'a Cases) -> impl Iterator<Item = &'a Known> {
    let number = |known: &'a Known| known.case.summary.number.as_str();
    let known: HashSet<&str> = recent.known.iter().map(number).collect();
    let gone: HashSet<&str> = recent.unshown.iter().map(String::as_str).collect();
    let others = open.known.iter().filter(move |one| !known.contains(number(one)) && !gone.contains(number(one)));
    recent.known.iter().chain(others)
}

/// Puts what is open now into figures; where that is not known it is withheld.
pub(crate) fn put(figures: Figures, open: Option<Counts>, tells: Told) -> Figures {
    let timed = open.filter(|_| tells.has_clocks());
    Figures {
        open: open.map(|counts| counts.open),
        overdue: timed.map(|counts| counts.overdue),
        due_soon: timed.map(|counts| counts.due_soon),
        ..figures
    }
}
