//! Live data where nothing arrives by itself: the state is asked for again and again, less often while nothing changes, and not
//! at all while nobody can see the tab.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::{DateTime, FixedOffset, Utc};
use fengtu_wire::events::CaseDot;
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::snapshot::Snapshot;
use leptos::prelude::*;

use super::freshness::Freshness;
use super::link::{LiveStore, Stores};
use crate::api::snapshot::{SnapshotQuery, Told};
use crate::api::{ApiError, StaffApi};
use crate::browser::clock::{self, Ticker};
use crate::browser::{online, visibility};

/// Seconds between two questions while things change.
const OFTEN_S: u32 = 30;
/// Seconds between two while nothing does.
const SELDOM_S: u32 = 120;

/// When to ask next, and how things stand; no I/O, no clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    interval_s: u32,
    due_ms: f64,
    answered_ms: Option<f64>,
    asking: bool,
    /// It is to be asked again as soon as the question under way is answered: its answer may be from before what is hurried for.
    again: bool,
}

impl Default for Poll {
    fn default() -> Self {
        Self { interval_s: OFTEN_S, due_ms: 0.0, answered_ms: None, asking: false, again: false }
    }
}

impl Poll {
    /// Whether it is time to ask; the answer is then waited for.
    pub fn tick(&mut self, mono_ms: f64, visible: bool) -> bool {
        let is_due = visible && !self.asking && mono_ms >= self.due_ms;
        self.asking |= is_due;
        is_due
    }

    /// Asks at once: the tab was shown again, the network is back, or something was changed from here.
    pub const fn hurry(&mut self) {
        self.due_ms = 0.0;
        self.again = self.asking;
    }

    /// Takes what came: whether anything in it was new, or nothing at all.
    pub fn settle(&mut self, mono_ms: f64, changed: Option<bool>) {
        self.asking = false;
        match changed {
            Some(true) => self.interval_s = OFTEN_S,
            Some(false) => self.interval_s = (self.interval_s * 2).min(SELDOM_S),
            None => {}
        }
        if changed.is_some() {
            self.answered_ms = Some(mono_ms);
        }
        let rest_ms = if std::mem::take(&mut self.again) { 0.0 } else { f64::from(self.interval_s) * 1000.0 };
        self.due_ms = mono_ms + rest_ms;
    }

    /// Returns how many seconds pass between two questions.
    pub const fn interval_s(&self) -> u32 {
        self.interval_s
    }

    /// Returns how things stand: fresh for one interval and a half, stopped after three.
    pub fn freshness(&self, mono_ms: f64) -> (Freshness, u32) {
        let Some(answered) = self.answered_ms else { return (Freshness::Connecting, 0) };
        let age_s = ((mono_ms - answered) / 1000.0).max(0.0);
        let interval = f64::from(self.interval_s);
        let freshness = match age_s {
            age if age <= interval * 1.5 => Freshness::Live,
            age if age <= interval * 3.0 => Freshness::Delayed,
            _ => Freshness::Stopped,
        };
        (freshness, age_s as u32)
    }
}

/// Cases by their number.
type Dots = HashMap<CaseNumber, CaseDot>;

/// Returns the cases that were not there before or have changed, the oldest first.
fn news(before: &Dots, now: &[CaseDot]) -> Vec<CaseDot> {
    let is_new = |dot: &&CaseDot| before.get(&dot.number) != Some(*dot);
    let mut new: Vec<CaseDot> = now.iter().filter(is_new).cloned().collect();
    new.reverse();
    new
}

/// Tells whether cases may have come that no answer named: even the oldest of the newest was not among those before. One of them
/// that is dated ahead stays the newest for ever, and tells nothing.
fn is_gap(before: &Dots, now: &[CaseDot]) -> bool {
    now.last().is_some_and(|oldest| !before.contains_key(&oldest.number))
}

/// Tells whether what is counted on from new cases alone would be wrong: a known case has moved or is of another kind, or one was
/// entered with a time before that of the newest known. One that is dated ahead of the server's time is not the newest.
fn is_otherwise(before: &Dots, now: &[CaseDot], at: DateTime<FixedOffset>) -> bool {
    let newest = before.values().map(|dot| dot.reported_at).filter(|reported| *reported <= at).max();
    let counts = |dot: &CaseDot| (dot.at, dot.reported_at, dot.weight);
    now.iter().any(|dot| match before.get(&dot.number) {
        Some(known) => counts(known) != counts(dot) || known.category != dot.category || known.place != dot.place,
        None => newest.is_some_and(|newest| dot.reported_at < newest),
    })
}

/// Returns how many snapshots there are with one more answer: after the first one, only those count behind which all is to be asked
/// for anew.
fn counted(snapshots: u32, is_anew: bool) -> u32 {
    snapshots.max(1) + u32::from(is_anew)
}

struct Driver {
    poll: Poll,
    known: Option<Dots>,
    stores: Stores,
    api: StaffApi,
    on_signed_out: Callback<()>,
}

/// Keeps the stores as live as asking can, for as long as the part of the page that calls this is shown.
pub(super) fn start(api: StaffApi, stores: Stores, on_signed_out: Callback<()>) {
    let driver = Driver { poll: Poll::default(), known: None, stores, api, on_signed_out };
    let driver = Rc::new(RefCell::new(driver));
    let (ticking, seen, net) = (Rc::downgrade(&driver), Rc::downgrade(&driver), Rc::downgrade(&driver));
    let hurry = move |driver: &std::rc::Weak<RefCell<Driver>>| {
        if let Some(driver) = driver.upgrade() {
            driver.borrow_mut().poll.hurry();
        }
    };
    let mut listeners = online::watch(move |on| {
        if on {
            hurry(&net);
        }
    });
    listeners.extend(visibility::watch(move |visible| {
        if visible {
            hurry(&seen);
        }
    }));
    let tick = move || {
        if let Some(driver) = ticking.upgrade() {
            turn(&driver);
        }
    };
    tick();
    let kept = StoredValue::new_local(Some((Ticker::new(1_000, tick), listeners, driver)));
    on_cleanup(move || drop(kept.try_update_value(Option::take)));
}

fn turn(driver: &Rc<RefCell<Driver>>) {
    let mono_ms = clock::monotonic_ms();
    let live = driver.borrow().stores.live;
    if live.with_untracked(|live| live.is_hurried) {
        live.update_untracked(|live| live.is_hurried = false);
        driver.borrow_mut().poll.hurry();
    }
    let is_due = driver.borrow_mut().poll.tick(mono_ms, visibility::is_visible());
    driver.borrow().tell(mono_ms);
    if !is_due {
        return;
    }
    let (me, api) = (Rc::downgrade(driver), driver.borrow().api.clone());
    leptos::task::spawn_local(async move {
        let answer = api.ask(&SnapshotQuery).await;
        let Some(driver) = me.upgrade() else { return };
        let is_over = answer.as_ref().is_err_and(ApiError::is_signed_out);
        driver.borrow_mut().settle(answer.ok());
        let on_signed_out = driver.borrow().on_signed_out;
        if is_over {
            on_signed_out.run(());
        }
    });
}

impl Driver {
    fn tell(&self, mono_ms: f64) {
        let (freshness, age_s) = self.poll.freshness(mono_ms);
        let told = (freshness, age_s, clock::wall(), Some(self.poll.interval_s()));
        self.stores.live.update(|live: &mut LiveStore| (live.freshness, live.age_s, live.now, live.polled_s) = told);
    }

    fn settle(&mut self, told: Option<Told>) {
        let mono_ms = clock::monotonic_ms();
        let Some(Told { snapshot, silent }) = told else { return self.poll.settle(mono_ms, None) };
        self.stores.live.update(|live| live.silent = silent);
        let before = self.known.take();
        let is_anew = |known: &Dots| {
            is_gap(known, &snapshot.recent) || is_otherwise(known, &snapshot.recent, snapshot.server_time)
        };
        let (first, is_anew) = (before.is_none(), before.as_ref().is_some_and(is_anew));
        let came = news(&before.unwrap_or_default(), &snapshot.recent);
        self.known = Some(snapshot.recent.iter().map(|dot| (dot.number.clone(), dot.clone())).collect());
        let is_news = first || !came.is_empty();
        // Levels and figures move without a new case.
        let moved = self.take(snapshot, if first { Vec::new() } else { came }, is_anew);
        self.poll.settle(mono_ms, Some(is_news || moved));
        self.tell(mono_ms);
    }

    /// Tells whether the level of any place has moved.
    fn take(&self, snapshot: Snapshot, came: Vec<CaseDot>, is_anew: bool) -> bool {
        let at: DateTime<Utc> = snapshot.server_time.to_utc();
        let stores = self.stores;
        let mut new = came;
        stores.cases.update(|cases| {
            let known: std::collections::HashSet<CaseNumber> =
                cases.recent.iter().map(|dot| dot.number.clone()).collect();
            // A step of a case that was here is no new case: it does not pulse.
            new.retain(|dot| !known.contains(&dot.number));
            cases.replace_recent(snapshot.recent);
        });
        let moved = stores.warnings.try_update(|warnings| warnings.replace(snapshot.warnings));
        stores.figures.update(|figures| figures.today.settle(Ok(snapshot.today), at));
        stores.live.update(|live| {
            live.changes += 1;
            live.snapshots = counted(live.snapshots, is_anew);
            live.came = new;
        });
        moved.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use fengtu_wire::cases::{CaseState, Class};

    use super::*;

    /// Makes so many cases, the newest first.
    fn newest(oldest: u32, count: u32) -> Vec<CaseDot> {
        let dot = |number: u32| CaseDot {
            number: number.to_string().into(),
            category: "noise".into(),
            class: Class::Ordinary,
            state: CaseState::Reported,
            place: None,
            at: None,
            reported_at: DateTime::from_timestamp(number.into(), 0).unwrap_or_default().fixed_offset(),
            weight: 1,
            title: String::new(),
        };
        (oldest..oldest + count).rev().map(dot).collect()
    }

    fn dots(cases: &[CaseDot]) -> Dots {
        cases.iter().map(|dot| (dot.number.clone(), dot.clone())).collect()
    }

    #[test]
    fn all_is_loaded_anew_where_what_came_between_two_answers_may_be_in_neither() {
        let before = dots(&newest(0, 200));
        assert!(is_gap(&before, &newest(1_000, 200)), "eight hours unseen");
        assert!(!is_gap(&before, &newest(0, 200)) && !is_gap(&before, &newest(199, 200)), "nothing between");
        let few = dots(&newest(0, 3));
        assert!(!is_gap(&few, &newest(0, 200)) && !is_gap(&few, &[]), "a small district is all there");
        assert!(is_gap(&dots(&[]), &newest(7, 1)), "nothing says what an empty answer left out");
        let ahead = [newest(9_000, 1), newest(900, 199)].concat();
        assert!(is_gap(&dots(&[newest(9_000, 1), newest(0, 199)].concat()), &ahead), "one is dated ahead");
        assert_eq!([counted(0, false), counted(1, false), counted(1, true), counted(2, true)], [1, 1, 2, 3]);
    }

    #[test]
    fn all_is_loaded_anew_where_a_case_stands_otherwise_or_was_entered_late() {
        let (known, at) = (dots(&newest(5, 3)), DateTime::from_timestamp(100, 0).unwrap_or_default().fixed_offset());
        let now = |change: fn(&mut CaseDot)| {
            let mut now = newest(5, 4);
            change(&mut now[2]);
            is_otherwise(&known, &now, at)
        };
        assert!(!now(|_| ()) && !now(|dot| dot.state = CaseState::Handling), "a step alone moves nothing");
        assert!(now(|dot| dot.at = Some([113.9, 22.7])) && now(|dot| dot.place = Some("g".into())));
        assert!(now(|dot| dot.category = "wages".into()) && now(|dot| dot.weight = 5));
        assert!(is_otherwise(&known, &newest(4, 4), at), "entered with an earlier time");
        assert!(!is_otherwise(&dots(&[]), &newest(4, 4), at));
        let ahead = dots(&[newest(900, 1), newest(5, 3)].concat());
        assert!(!is_otherwise(&ahead, &newest(8, 1), at), "one is dated ahead");
    }

    #[test]
    fn it_asks_often_while_things_change_and_seldom_while_they_do_not() {
        let mut poll = Poll::default();
        assert!(poll.tick(0.0, true) && !poll.tick(1.0, true), "one question at a time");
        poll.settle(1_000.0, Some(true));
        assert!(!poll.tick(30_999.0, true) && poll.tick(31_000.0, true));
        poll.settle(32_000.0, Some(false));
        assert_eq!(poll.interval_s(), 60);
        poll.settle(100_000.0, Some(false));
        poll.settle(100_000.0, Some(false));
        assert_eq!(poll.interval_s(), SELDOM_S);
        poll.settle(300_000.0, Some(true));
        assert_eq!(poll.interval_s(), OFTEN_S);
    }

    #[test]
    fn the_guide_says_how_often_it_asks() {
        let zh = include_str!("../../../docs/guide/zh/backend-ogc.md");
        let en = include_str!("../../../docs/guide/en/backend-ogc.md");
        for (guide, unit) in [(zh, "秒"), (en, "seconds")] {
            for seconds in [OFTEN_S, SELDOM_S] {
                assert!(guide.contains(&format!(" {seconds} {unit}")), "{seconds} {unit}");
            }
        }
    }

    #[test]
    fn nobody_is_asked_for_a_tab_that_nobody_sees() {
        let mut poll = Poll::default();
        assert!(!poll.tick(1e9, false));
        assert!(poll.tick(1e9, true));
        poll.settle(1e9, None);
        assert!(!poll.tick(1e9 + 1.0, true));
        poll.hurry();
        assert!(poll.tick(1e9 + 2.0, true));
    }

    #[test]
    fn what_is_hurried_while_a_question_is_under_way_is_asked_for_after_it() {
        let mut poll = Poll::default();
        assert!(poll.tick(0.0, true));
        poll.hurry();
        assert!(!poll.tick(1.0, true), "one question at a time");
        poll.settle(2_000.0, Some(false));
        assert!(poll.tick(2_001.0, true), "the answer may be from before what was changed");
        poll.settle(3_000.0, Some(true));
        assert!(!poll.tick(3_001.0, true), "once");
    }

    #[test]
    fn what_is_old_is_said_to_be_by_the_interval_that_holds() {
        let mut poll = Poll::default();
        assert_eq!(poll.freshness(5_000.0).0, Freshness::Connecting);
        poll.settle(0.0, Some(true));
        assert_eq!(poll.freshness(45_000.0), (Freshness::Live, 45));
        assert_eq!(poll.freshness(60_000.0).0, Freshness::Delayed);
        assert_eq!(poll.freshness(91_000.0).0, Freshness::Stopped);
    }
}
