//! Cases in memory: what figures, warnings and heat need of each, packed into about a hundred bytes.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_domain::statistics::{CaseFact, Rest};
use fengtu_domain::terms::{Late, Term, Terms};
use fengtu_domain::{categories, clocks};
use fengtu_wire::cases::{CaseState, Channel, Class, Clock, Sensitivity};
use fengtu_wire::config::{ClassRule, Config};
use fengtu_wire::geojson::Position;

use crate::store::cases::CaseFact as StoredFact;

/// Units of a packed coordinate in a degree; one is about a centimetre. Divided by, as that gives the nearest number to
/// the decimal, which every reader of JSON reads back the same.
const PER_DEGREE: f64 = 1e7;
/// Stands for "no coordinate".
const NO_COORDINATE: i32 = i32::MIN;

const REPEAT: u8 = 1;
const REBOUND: u8 = 2;
const FAILED_MEDIATION: u8 = 4;
const DISPUTE: u8 = 8;
const MEDIATED: u8 = 16;
const MENTAL: u8 = 32;

/// Whole Unix seconds in 32 bits, 0 for "never": good until 2106.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seconds(u32);

impl Seconds {
    fn of(at: Option<i64>) -> Self {
        Self(at.map_or(0, |at| at.clamp(1, i64::from(u32::MAX)) as u32))
    }

    /// Returns the instant, if there is one.
    pub fn get(self) -> Option<i64> {
        (self.0 != 0).then_some(i64::from(self.0))
    }
}

/// A term in 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PackedTerm(Seconds, Seconds);

impl PackedTerm {
    fn get(self) -> Term {
        Term { due: self.0.get(), stopped: self.1.get() }
    }
}

impl From<Term> for PackedTerm {
    fn from(term: Term) -> Self {
        Self(Seconds::of(term.due), Seconds::of(term.stopped))
    }
}

/// What few cases have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct More {
    late: Box<[Late]>,
    rests: Box<[Rest]>,
    /// When mediations of it failed, but the last.
    failed: Box<[i64]>,
}

impl More {
    fn of(late: Vec<Late>, rests: Vec<Rest>, failed: Vec<i64>) -> Option<Box<Self>> {
        let more = Self { late: late.into(), rests: rests.into(), failed: failed.into() };
        let is_any = !more.late.is_empty() || !more.rests.is_empty() || !more.failed.is_empty();
        is_any.then(|| Box::new(more))
    }
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    // Of most cases there is none, which takes no memory.
    more: Option<Box<More>>,
    amount_fen: i64,
    reported: Seconds,
    accepted: Seconds,
    resolved: Seconds,
    withdrawn: Seconds,
    answer: PackedTerm,
    accept: PackedTerm,
    settle: PackedTerm,
    reopened: Seconds,
    failed_mediation: Seconds,
    lon: i32,
    lat: i32,
    place: u32,
    people: u32,
    category: u16,
    class: Class,
    sensitivity: Sensitivity,
    channel: Channel,
    state: CaseState,
    rating: u8,
    flags: u8,
}

impl Packed {
    /// Packs a case whose place and category have these numbers.
    pub fn new(stored: &StoredFact, place: u32, category: u16, rules: &Rules) -> Self {
        let mut earlier = failed_mediations(&stored.steps);
        let failed = earlier.pop();
        let reopened = last_step(&stored.steps, |to| to == CaseState::Reopened);
        let terms = rules.terms(stored);
        let [lon, lat] = stored.at.map_or([NO_COORDINATE; 2], |at| at.map(pack_degrees));
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        Self {
            amount_fen: stored.amount_fen,
            reported: Seconds::of(Some(seconds(stored.reported_at))),
            accepted: Seconds::of(stored.accepted_at.map(seconds)),
            resolved: Seconds::of(stored.resolved_at.map(seconds)),
            withdrawn: Seconds::of(last_step(&stored.steps, |to| to == CaseState::Withdrawn)),
            answer: terms.answer.into(),
            accept: terms.accept.into(),
            settle: terms.settle.into(),
            more: More::of(terms.late, rests(&stored.steps), earlier),
            reopened: Seconds::of(reopened),
            failed_mediation: Seconds::of(failed),
            lon,
            lat,
            place,
            people: stored.people,
            category,
            class: stored.class,
            sensitivity: stored.sensitivity,
            channel: stored.channel,
            state: stored.state,
            rating: stored.rating.unwrap_or(0),
            flags: flag(stored.repeat_of.is_some(), REPEAT)
                | flag(reopened.is_some(), REBOUND)
                | flag(failed.is_some(), FAILED_MEDIATION)
                | flag(categories::is_dispute(&stored.category), DISPUTE)
                | flag(stored.steps.iter().any(|step| step.1 == CaseState::Mediating), MEDIATED)
                | flag(categories::is_mental_health(&stored.category), MENTAL),
        }
    }

    /// Returns what the rules of figures read.
    pub fn fact(&self) -> CaseFact<'_> {
        CaseFact {
            reported_at: self.reported_at(),
            accepted_at: self.accepted.get(),
            resolved_at: self.resolved.get(),
            withdrawn_at: self.withdrawn.get(),
            answer: self.answer.get(),
            accept: self.accept.get(),
            settle: self.settle.get(),
            late: self.more.as_ref().map_or(&[], |more| &more.late),
            rests: self.more.as_ref().map_or(&[], |more| &more.rests),
            place: self.place,
            category: self.category,
            class: self.class,
            sensitivity: self.sensitivity,
            channel: self.channel,
            people: self.people,
            amount_fen: self.amount_fen,
            rating: self.rating,
            repeat: self.flags & REPEAT != 0,
            rebound: self.flags & REBOUND != 0,
            failed_mediation: self.flags & FAILED_MEDIATION != 0,
            mediated: (self.flags & DISPUTE != 0).then_some(self.flags & MEDIATED != 0),
        }
    }

    /// Returns when it was reported, in Unix seconds.
    pub fn reported_at(&self) -> i64 {
        i64::from(self.reported.0)
    }

    /// Returns when it was over: settled or withdrawn, whichever came first.
    pub fn ended_at(&self) -> Option<i64> {
        let ends = [self.resolved.get(), self.withdrawn.get()];
        ends.into_iter().flatten().min()
    }

    /// Returns when it was last reopened.
    pub fn reopened_at(&self) -> Option<i64> {
        self.reopened.get()
    }

    /// Returns when a mediation of it last failed.
    pub fn failed_mediation_at(&self) -> Option<i64> {
        self.failed_mediation.get()
    }

    /// Returns each time that it was reopened.
    pub fn reopenings(&self) -> impl Iterator<Item = i64> {
        let last = self.reopened_at();
        let rests = self.more.as_ref().map_or(&[] as &[Rest], |more| &more.rests);
        rests.iter().map(|rest| rest.reopened_at).filter(move |&at| Some(at) != last).chain(last)
    }

    /// Returns each time that a mediation of it failed.
    pub fn failed_mediations(&self) -> impl Iterator<Item = i64> {
        let earlier = self.more.as_ref().map_or(&[] as &[i64], |more| &more.failed);
        earlier.iter().copied().chain(self.failed_mediation_at())
    }

    /// Returns when a psychological service was given: when such a case was accepted.
    pub fn served_at(&self) -> Option<i64> {
        self.accepted.get().filter(|_| self.flags & MENTAL != 0)
    }

    /// Returns the number of its place in the tree.
    pub const fn place(&self) -> u32 {
        self.place
    }

    /// Returns the number of its category.
    pub const fn category(&self) -> u16 {
        self.category
    }

    /// Returns its sensitivity.
    pub const fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// Returns its class.
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Returns where it is in the loop.
    pub const fn state(&self) -> CaseState {
        self.state
    }

    /// Returns where it is; absent: not on the map.
    pub fn at(&self) -> Option<Position> {
        let known = self.lon != NO_COORDINATE && self.lat != NO_COORDINATE;
        known.then(|| [self.lon, self.lat].map(|units| f64::from(units) / PER_DEGREE))
    }

    /// Returns its weight in the heat.
    pub const fn weight(&self) -> u8 {
        weight(self.class)
    }
}

/// Returns a class's weight in the heat: an urgent or major case is as warm as two or three ordinary ones.
pub const fn weight(class: Class) -> u8 {
    match class {
        Class::Ordinary => 1,
        Class::Departmental => 2,
        Class::Urgent | Class::Major => 3,
    }
}

fn pack_degrees(degrees: f64) -> i32 {
    // `as` saturates; no longitude comes near the value that means "none".
    (degrees * PER_DEGREE).round() as i32
}

const fn seconds(milliseconds: i64) -> i64 {
    milliseconds.div_euclid(1000)
}

fn last_step(steps: &[(i64, CaseState)], wanted: fn(CaseState) -> bool) -> Option<i64> {
    steps.iter().rev().find(|step| wanted(step.1)).map(|step| seconds(step.0))
}

/// Returns the times in which it was over before it was reopened.
fn rests(steps: &[(i64, CaseState)]) -> Vec<Rest> {
    let (mut rests, mut over) = (Vec::new(), None);
    for (at, to) in steps.iter().map(|&(at, to)| (seconds(at), to)) {
        match to {
            CaseState::Resolved | CaseState::Withdrawn => over = over.or(Some(at)),
            CaseState::Reopened => rests.extend(over.take().map(|over_at| Rest { over_at, reopened_at: at })),
            _ => {}
        }
    }
    rests
}

/// Returns when mediations ended in anything but a settlement.
fn failed_mediations(steps: &[(i64, CaseState)]) -> Vec<i64> {
    let ended = |pair: &[(i64, CaseState)]| match pair {
        [(_, CaseState::Mediating), (at, to)] => {
            let failed = !matches!(to, CaseState::Mediating | CaseState::Resolved | CaseState::Withdrawn);
            failed.then(|| seconds(*at))
        }
        _ => None,
    };
    steps.windows(2).filter_map(ended).collect()
}

/// What clocks are computed from.
#[derive(Debug, Clone)]
pub struct Rules {
    classes: Vec<ClassRule>,
    calendar: WorkCalendar,
    offset: FixedOffset,
}

impl Rules {
    /// Takes them from the district's settings.
    pub fn new(config: &Config) -> Self {
        Self {
            classes: config.classes.clone(),
            calendar: WorkCalendar::new(&config.calendar),
            offset: offset(config.utc_offset_s),
        }
    }

    /// Returns what figures read of a case's clocks.
    fn terms(&self, stored: &StoredFact) -> Terms {
        Terms::new(&self.clocks(stored), stored.accepted_at.is_some(), stored.resolved_at.is_some())
    }

    // As of the report: which clock decides depends on those that were stopped, and not on the time of asking.
    fn clocks(&self, stored: &StoredFact) -> Vec<Clock> {
        let Some(rule) = self.classes.iter().find(|rule| rule.class == stored.class) else { return Vec::new() };
        let local = |ms: i64| DateTime::from_timestamp_millis(ms).unwrap_or_default().with_timezone(&self.offset);
        let steps: Vec<_> = stored.steps.iter().map(|&(at, to)| (local(at), to)).collect();
        let reported = local(stored.reported_at);
        clocks::clocks_of(rule, reported, &steps, &self.calendar, reported)
    }
}

/// Returns the offset in which a district's days begin; one that is none counts as UTC.
pub fn offset(utc_offset_s: i32) -> FixedOffset {
    FixedOffset::east_opt(utc_offset_s).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_cases_fit() {
        assert!(size_of::<Packed>() <= 96, "{} bytes", size_of::<Packed>());
    }

    #[test]
    fn a_case_was_over_between_its_settlement_and_its_reopening() {
        use CaseState as S;
        let steps = [(1_000, S::Accepted), (2_000, S::Resolved), (3_000, S::Confirmed), (5_000, S::Reopened)];
        assert_eq!(rests(&steps), [Rest { over_at: 2, reopened_at: 5 }]);
        let again = [steps.as_slice(), &[(7_000, S::Resolved), (9_000, S::Reopened), (10_000, S::Resolved)]].concat();
        assert_eq!(rests(&again), [Rest { over_at: 2, reopened_at: 5 }, Rest { over_at: 7, reopened_at: 9 }]);
        assert_eq!(rests(&steps[..3]), []);
    }

    #[test]
    fn a_mediation_that_does_not_settle_has_failed() {
        use CaseState as S;
        let steps = |to: S| [(1_000, S::Accepted), (2_000, S::Mediating), (3_000, to)];
        assert_eq!(failed_mediations(&steps(S::Handling)), [3]);
        assert_eq!(failed_mediations(&steps(S::Escalated)), [3]);
        assert!(failed_mediations(&steps(S::Resolved)).is_empty());
        let twice = [steps(S::Handling).as_slice(), &[(4_000, S::Mediating), (5_000, S::Escalated)]].concat();
        assert_eq!(failed_mediations(&twice), [3, 5]);
    }
}
