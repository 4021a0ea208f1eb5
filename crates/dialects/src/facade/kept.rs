//! All cases since an instant, which figures, heat and the state now are made of: kept for a moment, and brought up to date by what
//! has changed where the server can tell that.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::asked::Asked;
use super::cases::{self, Cases};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::told::Told;
use crate::speech::{Backend, Talk};

/// Most cases of one period that figures and heat are made of.
pub(crate) const MAX_CASES: usize = 40_000;
/// Seconds for which cases that were gathered for one figure are good for the next.
const GOOD_S: i64 = 25;
/// Seconds after which all are asked for again: nobody tells of a case that was taken out.
const WHOLE_S: i64 = 1_800;
/// Seconds for which nobody counts again what were too many cases a moment ago: finding out takes two hundred pages.
const TOO_MANY_S: i64 = 600;
/// Seconds by which a question for changes reaches back where the records name no time of change: clocks differ.
const CLOCKS_S: i64 = 300;

/// Cases since an instant, kept for a while: figures, heat and the histogram ask for the same ones at once.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    from: DateTime<FixedOffset>,
    read_at: i64,
    /// When all of them were read.
    whole_at: i64,
    cases: Rc<Cases>,
}

/// That the cases since an instant were too many to be counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TooMany {
    from: DateTime<FixedOffset>,
    found_at: i64,
    /// How many were read when there were still more.
    read: usize,
}

/// The backend whose cases are counted here.
pub(crate) fn of_cases(talk: &Talk) -> Result<&Backend, Trouble> {
    let backend = talk.inner.of("cases").filter(|backend| !backend.is_ours());
    backend.ok_or_else(|| problem::not_offered(Reason::new("案件的统计", "figures of cases")))
}

/// Returns the cases reported since an instant, all of them; says so if they are too many.
pub(crate) async fn since(talk: &Talk, from: DateTime<FixedOffset>) -> Result<Rc<Cases>, Trouble> {
    let backend = of_cases(talk)?;
    let now = talk.now.timestamp();
    let steps = backend.memory.borrow().steps;
    let kept = backend.memory.borrow().kept.clone().filter(|kept| kept.from <= from);
    if let Some(kept) = kept {
        if (now - kept.read_at).abs() < GOOD_S {
            return Ok(kept.cases);
        }
        backend.expect_answer("cases", talk.now)?;
        if let Some(cases) = brought_up_to_date(talk, backend, &kept).await {
            let cases = Rc::new(cases);
            keep(backend, steps, Kept { read_at: now, cases: Rc::clone(&cases), ..kept });
            return Ok(cases);
        }
    }
    backend.expect_answer("cases", talk.now)?;
    expect_few(backend, from, now)?;
    let mut asked = Asked { limit: MAX_CASES, ..Asked::default() };
    asked.filters.from = Some(from);
    let cases = Rc::new(cases::gather(talk, backend, &asked, Told::default()).await?);
    if cases.gathered.next.is_some() {
        let found = TooMany { from, found_at: now, read: cases.known.len() };
        backend.memory.borrow_mut().too_many = Some(found);
        return expect_few(backend, from, now).map(|()| cases);
    }
    // A part is not the whole: its figures would be too small, and look sound.
    if cases.refused.unread > 0 {
        let unread = cases.refused.unread;
        let zh = format!("数据不全，不能统计（至少缺 {unread} 件）");
        let why = Reason::new(zh, format!("figures of a part: {unread} cases or more are missing"));
        return Err(problem::not_offered(cases.refused.because(why)));
    }
    keep(backend, steps, Kept { from, read_at: now, whole_at: now, cases: Rc::clone(&cases) });
    Ok(cases)
}

/// Keeps what was gathered, unless a step was taken while it was: the case may be in it as it was before.
fn keep(backend: &Backend, steps: u32, gathered: Kept) {
    let mut memory = backend.memory.borrow_mut();
    if memory.steps == steps {
        memory.kept = Some(gathered);
    }
}

/// Says that cases since an instant are too many, where that was found a moment ago.
fn expect_few(backend: &Backend, from: DateTime<FixedOffset>, now: i64) -> Result<(), Trouble> {
    let stands = |found: &TooMany| from <= found.from && (now - found.found_at).abs() < TOO_MANY_S;
    let Some(TooMany { read: count, .. }) = backend.memory.borrow().too_many.filter(stands) else { return Ok(()) };
    let zh = format!("案件太多，无法在这里统计：读到 {count} 件时还没有完，请把时段选短一些");
    let en = format!("too many cases to count here: after {count} there were more; choose a shorter period");
    Err(problem::not_offered(Reason::new(zh, en)))
}

/// Returns the cases that were gathered last, and when: what stands in where they cannot be had now.
pub(crate) fn last_known(backend: &Backend, from: DateTime<FixedOffset>) -> Option<(i64, Rc<Cases>)> {
    let kept = backend.memory.borrow().kept.clone().filter(|kept| kept.from <= from)?;
    Some((kept.read_at, kept.cases))
}

/// Asks for what has changed alone. Nothing comes of it where the server cannot tell, or where a change cannot be understood: then
/// all are asked for.
async fn brought_up_to_date(talk: &Talk, backend: &Backend, kept: &Kept) -> Option<Cases> {
    let map = cases::mapped(backend).ok()?;
    let was_long_ago = |at: i64| (talk.now.timestamp() - at).abs() >= WHOLE_S;
    let is_refused = backend.memory.borrow().knows_no_changes.is_some_and(|at| !was_long_ago(at));
    if was_long_ago(kept.whole_at) || !map.filters.contains_key("updated_since") || is_refused {
        return None;
    }
    let mut asked = Asked { limit: MAX_CASES, ..Asked::default() };
    asked.filters.updated_since = Some(mark(kept, &talk.now)?);
    let changed = match cases::gather(talk, backend, &asked, kept.cases.told).await {
        Ok(changed) => changed,
        Err(trouble) => {
            // Refused as it stood: it is not asked like that for a while.
            let is_refused = trouble.status < 500 && trouble.is_about_the_question();
            backend.memory.borrow_mut().knows_no_changes = is_refused.then(|| talk.now.timestamp());
            return None;
        }
    };
    let is_understood = changed.refused.count == changed.unshown.len() + changed.flawed;
    // Told for the first time when a case was accepted, those that were kept have clocks too.
    let is_told_anew = changed.told.has("accepted_at") && !kept.cases.told.has("accepted_at");
    // What they are joined by answers again: those that were kept stand in no grid yet.
    let is_joined_anew = changed.failed.is_empty() && !kept.cases.failed.is_empty();
    let is_whole = changed.gathered.next.is_none() && is_understood && !is_told_anew && !is_joined_anew;
    let merged = is_whole.then(|| merged(&kept.cases, changed, kept.from))?;
    (merged.known.len() <= MAX_CASES).then_some(merged)
}

/// The last change that was seen, but never after a little before the last question: a record may bear a date of the future,
/// and one that was written late an earlier one.
fn mark(kept: &Kept, now: &DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    let asked = DateTime::from_timestamp(kept.read_at - CLOCKS_S, 0)?.with_timezone(now.offset());
    Some(kept.cases.changed_at.map_or(asked, |at| at.min(asked)))
}

/// Puts changed cases in the place of the old ones. What may be shown to nobody any more goes.
fn merged(old: &Cases, changed: Cases, from: DateTime<FixedOffset>) -> Cases {
    let gone: HashSet<&str> = changed.unshown.iter().map(String::as_str).collect();
    let is_gone = |number: &str| gone.contains(number);
    let mut known = old.known.clone();
    known.retain(|case| !is_gone(case.case.summary.number.as_str()));
    let places: HashMap<String, usize> =
        known.iter().enumerate().map(|(at, case)| (case.case.summary.number.to_string(), at)).collect();
    for case in changed.known {
        match places.get(case.case.summary.number.as_str()).and_then(|at| known.get_mut(*at)) {
            Some(place) => *place = case,
            None if case.case.summary.reported_at >= from => known.push(case),
            None => {}
        }
    }
    let changed_at = changed.changed_at.max(old.changed_at);
    let mut cases = Cases { known, changed_at, told: changed.told, ..Cases::default() };
    (cases.refused, cases.unshown, cases.flawed) = (old.refused.clone(), old.unshown.clone(), old.flawed);
    cases.failed = changed.failed;
    for number in changed.unshown.into_iter().filter(|number| !old.unshown.contains(number)) {
        cases.refused.add(crate::speech::hand::UNSHOWN);
        cases.unshown.push(number);
    }
    cases
}

/// Returns the instant so many days before.
pub(crate) fn earlier(now: DateTime<FixedOffset>, days: i64) -> DateTime<FixedOffset> {
    now.checked_sub_signed(TimeDelta::days(days)).unwrap_or(now)
}
