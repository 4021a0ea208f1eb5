//! The figures of supervision 督查督办, counted in one pass over compact facts.

use fengtu_wire::cases::{Channel, Class, Sensitivity};
use fengtu_wire::statistics::{Figures, Lawsuits, Share};

pub use crate::period::{Period, days_before};
use crate::terms::{Late, Term};

/// How long before it runs out a clock is called soon, in seconds: a day, in which somebody can still act.
const SOON_S: i64 = 86_400;

/// What the figures need of a case; instants are Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseFact<'a> {
    /// When it was reported.
    pub reported_at: i64,
    /// When it was first accepted.
    pub accepted_at: Option<i64>,
    /// When it was settled, if it still is.
    pub resolved_at: Option<i64>,
    /// When it left the loop unsettled: withdrawn.
    pub withdrawn_at: Option<i64>,
    /// Its answer.
    pub answer: Term,
    /// Its acceptance.
    pub accept: Term,
    /// Its settlement.
    pub settle: Term,
    /// The clocks that make or made it overdue.
    pub late: &'a [Late],
    /// When it was over, each time that it was reopened afterwards.
    pub rests: &'a [Rest],
    /// Index of its place in a table of the caller's.
    pub place: u32,
    /// Index of its category in a table of the caller's.
    pub category: u16,
    /// Its class.
    pub class: Class,
    /// Its sensitivity.
    pub sensitivity: Sensitivity,
    /// How it came in.
    pub channel: Channel,
    /// People who are part of it.
    pub people: u32,
    /// Amount in dispute in fen.
    pub amount_fen: i64,
    /// The rating 1–5; 0: none.
    pub rating: u8,
    /// Whether it repeats an earlier case.
    pub repeat: bool,
    /// Whether it was reopened after its end.
    pub rebound: bool,
    /// Whether a mediation of it failed.
    pub failed_mediation: bool,
    /// Whether a mediation of it was opened; `None`: it is no dispute, which alone can be mediated.
    pub mediated: Option<bool>,
}

/// A time in which a case was settled or withdrawn, until it was reopened; instants are Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// When it was over.
    pub over_at: i64,
    /// When it was reopened.
    pub reopened_at: i64,
}

/// What the figures need of an order; instants are Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFact {
    /// When it was given.
    pub issued_at: i64,
    /// Until when all must have checked in, and when the last one had.
    pub check_in: Term,
    /// Index of its place in a table of the caller's.
    pub place: u32,
}

/// What the figures need of a judicial confirmation; instants are Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfirmationFact {
    /// When it was applied for.
    pub applied_at: i64,
    /// Until when it shall be made, and when it was.
    pub confirmed: Term,
    /// Index of its place in a table of the caller's.
    pub place: u32,
}

/// People who make a group matter 群体性.
pub const GROUP: u32 = 5;

impl CaseFact<'_> {
    /// Returns whether it is a group matter.
    pub const fn is_group(&self) -> bool {
        self.people >= GROUP
    }

    /// Returns whether it was reported and not yet settled or withdrawn just before an instant.
    pub fn is_open_at(&self, at: i64) -> bool {
        let ended = |end: Option<i64>| end.is_some_and(|end| end < at);
        let rested = self.rests.iter().any(|rest| rest.over_at < at && at <= rest.reopened_at);
        self.reported_at < at && !rested && !ended(self.resolved_at) && !ended(self.withdrawn_at)
    }

    /// Returns whether any of its clocks had run out at an instant and still ran; see [`crate::clocks::is_overdue`].
    pub fn is_overdue_at(&self, at: i64) -> bool {
        self.late.iter().any(|late| late.holds_at(at))
    }

    /// Returns whether none of its clocks has run out, and one will within a day.
    pub fn is_due_soon_at(&self, at: i64) -> bool {
        let is_soon = |late: &Late| late.stopped.is_none() && (at..=at + SOON_S).contains(&late.due);
        !self.is_overdue_at(at) && self.late.iter().any(is_soon)
    }
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// How many did.
    pub part: u64,
    /// How many there were.
    pub whole: u64,
}

impl Part {
    const fn count(&mut self, did: bool) {
        self.part += did as u64;
        self.whole += 1;
    }

    /// Counts a clock that has ended or run out by `now`; one that is open and overdue counts as late.
    ///
    /// Leaving those out would make the share better the longer a case is left lying.
    fn count_clock(&mut self, term: Term, now: i64) {
        let Some(due) = term.due else { return };
        let stopped = term.stopped.filter(|&at| at <= now);
        if stopped.is_some() || due < now {
            self.count(stopped.is_some_and(|at| at <= due));
        }
    }
}

/// The figures as plain counts, before any is withheld; they can be added up the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Cases accepted in the period.
    pub received: u64,
    /// Of those, settled by now.
    pub settled: u64,
    /// Open at the end of the period.
    pub open: u64,
    /// Open with an overdue clock at the end of the period.
    pub overdue: u64,
    /// Open and not overdue, with a clock that runs out within a day; of a period that goes on alone.
    pub due_soon: u64,
    /// Answered in time, of the cases reported in the period.
    pub answered: Part,
    /// Accepted in time, of the cases reported in the period.
    pub accepted: Part,
    /// Settled in time, of the cases received.
    pub settled_in_time: Part,
    /// People in the cases received.
    pub people: u64,
    /// Amount in the cases received, in fen.
    pub amount_fen: i64,
    /// Ratings 4–5 of the cases received.
    pub satisfied: Part,
    /// Cases received by QR code.
    pub self_reported: u64,
    /// Repeats among the cases received.
    pub repeats: u64,
    /// Cases received that were reopened after their end.
    pub rebounds: u64,
    /// Orders given in the period.
    pub orders: u64,
    /// Orders answered inside their minutes, of those given in the period.
    pub checked_in: Part,
    /// Disputes received that were mediated.
    pub mediated: Part,
    /// Judicial confirmations applied for in the period.
    pub confirmations: u64,
    /// Confirmed within their time, of those.
    pub confirmed_in_time: Part,
    /// Cases received and settled that were rated.
    pub rated: Part,
}

impl Counts {
    /// Counts one case in a period, as it stands at `now`.
    pub fn count(&mut self, fact: &CaseFact<'_>, period: Period, now: i64) {
        let end = period.to.min(now.saturating_add(1));
        if fact.is_open_at(end) {
            self.open += 1;
            // As the last second of the period saw it, which for one that goes on is now.
            self.overdue += u64::from(fact.is_overdue_at(end - 1));
            // What would have been soon at some time ago is not known: clocks that were stopped in time are not kept.
            self.due_soon += u64::from(end >= now && fact.is_due_soon_at(now));
        }
        // By report, not acceptance: a case that nobody accepted is the one that must not be missing here.
        if period.contains(fact.reported_at) {
            self.answered.count_clock(fact.answer, now);
            self.accepted.count_clock(fact.accept, now);
        }
        if fact.accepted_at.is_some_and(|at| period.contains(at) && at <= now) {
            self.count_received(fact, now);
        }
    }

    fn count_received(&mut self, fact: &CaseFact<'_>, now: i64) {
        self.received += 1;
        self.settled += u64::from(fact.resolved_at.is_some_and(|at| at <= now));
        // A withdrawn case owes no settlement any more.
        if fact.withdrawn_at.is_none_or(|at| at > now) {
            self.settled_in_time.count_clock(fact.settle, now);
        }
        self.people += u64::from(fact.people);
        self.amount_fen = self.amount_fen.saturating_add(fact.amount_fen);
        if fact.rating > 0 {
            self.satisfied.count(fact.rating >= 4);
        }
        self.self_reported += u64::from(fact.channel == Channel::QrCode);
        self.repeats += u64::from(fact.repeat);
        self.rebounds += u64::from(fact.rebound);
        if let Some(mediated) = fact.mediated {
            self.mediated.count(mediated);
        }
        if fact.resolved_at.is_some_and(|at| at <= now) {
            self.rated.count(fact.rating > 0);
        }
    }

    /// Counts one order in a period, as it stands at `now`.
    pub fn count_order(&mut self, order: &OrderFact, period: Period, now: i64) {
        if period.contains(order.issued_at) && order.issued_at <= now {
            self.orders += 1;
            self.checked_in.count_clock(order.check_in, now);
        }
    }

    /// Counts one judicial confirmation in a period, as it stands at `now`.
    pub fn count_confirmation(&mut self, confirmation: &ConfirmationFact, period: Period, now: i64) {
        if period.contains(confirmation.applied_at) && confirmation.applied_at <= now {
            self.confirmations += 1;
            self.confirmed_in_time.count_clock(confirmation.confirmed, now);
        }
    }
}

/// Applies an operation field by field.
fn zip(a: Counts, b: Counts, count: impl Fn(u64, u64) -> u64, amount: impl Fn(i64, i64) -> i64) -> Counts {
    let part = |a: Part, b: Part| Part { part: count(a.part, b.part), whole: count(a.whole, b.whole) };
    Counts {
        received: count(a.received, b.received),
        settled: count(a.settled, b.settled),
        open: count(a.open, b.open),
        overdue: count(a.overdue, b.overdue),
        due_soon: count(a.due_soon, b.due_soon),
        answered: part(a.answered, b.answered),
        accepted: part(a.accepted, b.accepted),
        settled_in_time: part(a.settled_in_time, b.settled_in_time),
        people: count(a.people, b.people),
        amount_fen: amount(a.amount_fen, b.amount_fen),
        satisfied: part(a.satisfied, b.satisfied),
        self_reported: count(a.self_reported, b.self_reported),
        repeats: count(a.repeats, b.repeats),
        rebounds: count(a.rebounds, b.rebounds),
        orders: count(a.orders, b.orders),
        checked_in: part(a.checked_in, b.checked_in),
        mediated: part(a.mediated, b.mediated),
        confirmations: count(a.confirmations, b.confirmations),
        confirmed_in_time: part(a.confirmed_in_time, b.confirmed_in_time),
        rated: part(a.rated, b.rated),
    }
}

impl core::ops::Add for Counts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        zip(self, other, u64::saturating_add, i64::saturating_add)
    }
}

impl core::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl core::ops::Sub for Counts {
    type Output = Self;
    /// Takes away what was counted before; a count never goes below 0.
    fn sub(self, other: Self) -> Self {
        zip(self, other, u64::saturating_sub, i64::saturating_sub)
    }
}

impl core::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), core::ops::Add::add)
    }
}

impl From<Counts> for Figures {
    /// Shows every count; [`crate::withholding::withhold`] takes back those that are too small to show.
    fn from(counts: Counts) -> Self {
        let share = |part: Part| Share { part: Some(part.part), whole: Some(part.whole) };
        Self {
            received: Some(counts.received),
            settled: Some(counts.settled),
            open: Some(counts.open),
            overdue: Some(counts.overdue),
            due_soon: Some(counts.due_soon),
            answered: share(counts.answered),
            accepted: share(counts.accepted),
            settled_in_time: share(counts.settled_in_time),
            people: Some(counts.people),
            amount_fen: Some(counts.amount_fen),
            satisfied: share(counts.satisfied),
            self_reported: Some(counts.self_reported),
            repeats: Some(counts.repeats),
            rebounds: Some(counts.rebounds),
            orders: Some(counts.orders),
            checked_in: share(counts.checked_in),
            mediated: share(counts.mediated),
            confirmations: Some(counts.confirmations),
            confirmed_in_time: share(counts.confirmed_in_time),
            // A count of its own kind: `withholding::coarse`.
            psychological: None,
            rated: share(counts.rated),
            // Not ours to count: the courts' own figures.
            lawsuits: None,
        }
    }
}

/// Returns lawsuits over the years that people lived through them: times 10,000 that is lawsuits per 10,000 people and year
/// 万人成讼率, whatever the length of the period; withheld where none of its months is known.
pub fn lawsuit_rate(lawsuits: Option<Lawsuits>) -> Share {
    let of = |known: Lawsuits| Some(Share { part: Some(known.filed?), whole: Some(person_years(known)) });
    lawsuits.and_then(of).unwrap_or_default()
}

const fn person_years(lawsuits: Lawsuits) -> u64 {
    (lawsuits.people * lawsuits.months as u64 + 6) / 12
}

/// Returns the figures of a period over any cases, as they stand at `now`.
pub fn figures<'a>(facts: impl IntoIterator<Item = &'a CaseFact<'a>>, period: Period, now: i64) -> Counts {
    let mut counts = Counts::default();
    facts.into_iter().for_each(|fact| counts.count(fact, period, now));
    counts
}

/// Fewest cases from which a place takes part in a ranking.
pub const LEAST_RANKED: u64 = 30;

/// Returns the interval that a rate lies in with 95 % confidence (Wilson's score); `None`: nothing was counted.
pub fn wilson(part: Part) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    if part.whole == 0 {
        return None;
    }
    let n = part.whole as f64;
    let p = (part.part as f64 / n).min(1.0);
    let scale = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    // Where it was none or all, an end is the rate itself: rounded, it would lie beside it, and the rate outside its own interval.
    let low = if part.part == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if part.part >= part.whole { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

/// Returns what a rate is ranked by: the lower end of its interval; `None`: too few cases to rank at all.
///
/// Two of two settled is no better than 990 of 1,000.
pub fn rank_key(part: Part) -> Option<f64> {
    (part.whole >= LEAST_RANKED).then(|| wilson(part)).flatten().map(|interval| interval.0)
}
