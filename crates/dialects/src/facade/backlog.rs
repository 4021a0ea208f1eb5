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
use crate::record::told::{Told, is_settled};
use crate::speech::filters::pushes;
use crate::speech::{Backend, Talk};

/// Seconds for which the open cases that were reported long ago are good: those of the last weeks are asked for more often.
const GOOD_S: i64 = 300;
/// Seconds after which they are asked for again where they could not be had.
const AGAIN_S: i64 = 60;

/// The open cases as they were asked for last, or that they could not be had, and when that was.
#[derive(Debug, Clone)]
pub(crate) struct Backlog {
    at: i64,
    cases: Option<Rc<Cases>>,
}

impl Backlog {
    fn is_good(&self, now: i64) -> bool {
        let good_s = if self.cases.is_some() { GOOD_S } else { AGAIN_S };
        (now - self.at).abs() < good_s
    }
}

/// Returns the open cases as they were asked for a moment ago; nothing is asked for.
pub(crate) fn known(backend: &Backend, now: i64) -> Option<Rc<Cases>> {
    backend.memory.borrow().backlog.clone().filter(|backlog| backlog.is_good(now))?.cases
}

/// Returns the open cases, all of them, where the server can be asked for these.
pub(crate) async fn open(talk: &Talk, backend: &Backend, tells: Told) -> Option<Rc<Cases>> {
    let now = talk.now.timestamp();
    let before = backend.memory.borrow().backlog.clone();
    if let Some(before) = before.filter(|before| before.is_good(now)) {
        return before.cases;
    }
    let cases = ask(talk, backend, tells).await.map(Rc::new);
    backend.memory.borrow_mut().backlog = Some(Backlog { at: now, cases: cases.clone() });
    cases
}

async fn ask(talk: &Talk, backend: &Backend, tells: Told) -> Option<Cases> {
    let map = cases::mapped(backend).ok()?;
    let mut asked = Asked { limit: super::kept::MAX_CASES, ..Asked::default() };
    asked.filters.words = vec![("state", states())];
    // A server that gives so many days at once has no list of all open ones.
    if map.window_s.is_some() || !pushes("cases", map, &asked.filters, "state") {
        return None;
    }
    backend.expect_answer("cases", talk.now).ok()?;
    let open = cases::gather(talk, backend, &asked, tells).await.ok()?;
    (open.gathered.next.is_none() && open.refused.unread == 0).then_some(open)
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
