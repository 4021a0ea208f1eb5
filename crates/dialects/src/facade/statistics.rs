//! `GET /statistics`, counted here by the rules that every Fengtu counts by, of the cases that the backend gives.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, NaiveDate};
use fengtu_domain::categories::is_dispute;
use fengtu_domain::statistics::{CaseFact, Counts, Period};
use fengtu_domain::terms::Terms;
use fengtu_wire::cases::CaseState;
use fengtu_wire::statistics::{CategoryCount, DayCount, Figures, PlaceFigures, Share, Statistics};
use fengtu_wire::warnings::Level;

use super::asked::Asked;
use super::backlog;
use super::cases::{Cases, Known};
use super::failed;
use super::good;
use super::kept::{earlier, of_cases, since};
use super::tree::Tree;
use crate::exchange::{Answer, Request};
use crate::problem::{self, Trouble};
use crate::record::told::{Told, is_settled, waits};
use crate::speech::Talk;

/// Most days of a histogram.
const MAX_DAYS: i64 = 20_000;
/// The longest period that is set beside the one before it, in days: of a year, two years would have to be read.
const MAX_COMPARED_DAYS: i64 = 183;

/// What of a case is counted.
struct Facts {
    terms: Vec<Terms>,
}

impl Facts {
    fn new(known: &[&Known]) -> Self {
        let terms = |known: &&Known| {
            let case = &known.case.summary;
            Terms::new(&case.clocks, known.accepted_at.is_some(), case.resolved_at.is_some())
        };
        Self { terms: known.iter().map(terms).collect() }
    }

    fn count(&self, known: &[&Known], period: Period, now: i64) -> Counts {
        let mut counts = Counts::default();
        for (known, terms) in known.iter().zip(&self.terms) {
            counts.count(&fact(known, terms), period, now);
        }
        counts
    }
}

/// Returns when a case counts as accepted: when the server says so, else with its report, if it is past that or no step of its
/// server's.
fn accepted(known: &Known) -> Option<i64> {
    let case = &known.case.summary;
    let told = known.accepted_at.map(|at| at.timestamp());
    told.or_else(|| (known.taken_in || !waits(case.state)).then(|| case.reported_at.timestamp()))
}

fn fact<'a>(known: &Known, terms: &'a Terms) -> CaseFact<'a> {
    let case = &known.case.summary;
    let reported_at = case.reported_at.timestamp();
    let told = case.resolved_at.map(|at| at.timestamp());
    CaseFact {
        reported_at,
        accepted_at: accepted(known),
        // Settled without an instant: that it is counts, when it was is not told.
        resolved_at: told.or_else(|| is_settled(case.state).then_some(reported_at)),
        withdrawn_at: (case.state == CaseState::Withdrawn).then(|| told.unwrap_or(reported_at)),
        answer: terms.answer,
        accept: terms.accept,
        settle: terms.settle,
        late: &terms.late,
        // No list of another server tells when a case was over before.
        rests: &[],
        place: 0,
        category: 0,
        class: case.class,
        sensitivity: case.sensitivity,
        channel: case.channel,
        people: case.people,
        amount_fen: case.amount_fen,
        rating: known.case.rating.unwrap_or_default(),
        repeat: known.case.repeat_of.is_some(),
        rebound: case.state == CaseState::Reopened,
        failed_mediation: false,
        mediated: is_dispute(&case.category).then_some(case.state == CaseState::Mediating),
    }
}

/// Figures of which a foreign server says nothing are withheld, not zero: no case tells what they are made of.
fn told(counts: Counts, told: Told) -> Figures {
    let none = Share::default();
    let (figures, says) = (Figures::from(counts), |name: &str| told.has(name));
    let timed = |share: Share| if told.has_clocks() { share } else { none };
    let (answered, accepted) = (timed(figures.answered), timed(figures.accepted));
    let settled_in_time = if says("resolved_at") { timed(figures.settled_in_time) } else { none };
    let rated = |share: Share| if says("rating") { share } else { none };
    let (satisfied, rated) = (rated(figures.satisfied), rated(figures.rated));
    Figures {
        answered,
        accepted,
        settled_in_time,
        people: figures.people.filter(|_| says("people")),
        amount_fen: figures.amount_fen.filter(|_| says("amount_fen")),
        satisfied,
        rated,
        self_reported: figures.self_reported.filter(|_| says("channel")),
        repeats: figures.repeats.filter(|_| says("repeat_of")),
        orders: None,
        checked_in: none,
        mediated: none,
        confirmations: None,
        confirmed_in_time: none,
        ..figures
    }
}

/// Returns the figures of a period that goes on; `open` are the cases that are open now, if they are known.
pub(crate) fn figures_of(cases: &Cases, open: Option<&Cases>, from: i64, to: i64) -> Figures {
    let (period, all): (_, Vec<&Known>) = (Period { from, to }, cases.known.iter().collect());
    let open = open.map(|open| backlog::joined(cases, open).collect::<Vec<_>>());
    let open = open.map(|open| Facts::new(&open).count(&open, period, to));
    backlog::put(told(Facts::new(&all).count(&all, period, to), cases.told), open, cases.told)
}

/// `GET /statistics`.
pub(crate) async fn statistics(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let asked = Asked::read(request)?;
    let to = asked.filters.to.unwrap_or(talk.now);
    let from = asked.filters.from.unwrap_or_else(|| earlier(to, 30));
    if (to - from).num_days() > MAX_DAYS {
        return Err(problem::invalid("?from", "最长 20000 天", "a period of at most 20000 days was expected"));
    }
    let (config, tree) = (talk.config().await?, talk.tree().await);
    let period = Period { from: from.timestamp(), to: to.timestamp() };
    let before = period.before(FixedOffset::east_opt(config.utc_offset_s).unwrap_or_else(|| *talk.now.offset()));
    let before = Some(before).filter(|_| (to - from).num_days() <= MAX_COMPARED_DAYS);
    let first = before.and_then(|before| DateTime::from_timestamp(before.from, 0));
    let cases = since(talk, first.map_or(from, |at| at.with_timezone(from.offset()))).await?;
    let open = if backlog::goes_on(talk, to) { backlog::open(talk, of_cases(talk)?, cases.told).await } else { None };
    let place = asked.place.clone().unwrap_or_else(|| talk.inner.district.root.clone());
    let is_top = place == talk.inner.district.root;
    if !is_top {
        tree.is_whole()?;
    }
    let is_in = |known: &&Known| {
        is_top || known.case.summary.place.as_ref().is_some_and(|own| tree.is_within(own.as_str(), &place))
    };
    let known: Vec<&Known> = cases.known.iter().filter(is_in).collect();
    let open = open.as_deref().map(|open| backlog::joined(&cases, open).filter(is_in).collect::<Vec<_>>());
    let level = request.parameter("level").map_or_else(|| below(&tree, &place).to_owned(), str::to_owned);
    let (facts, now) = (Facts::new(&known), talk.now.timestamp());
    let counted_open = open.as_ref().map(|open| Facts::new(open).count(open, period, now));
    let statistics = Statistics {
        place: place.as_str().into(),
        from,
        to,
        at: talk.now,
        figures: backlog::put(told(facts.count(&known, period, now), cases.told), counted_open, cases.told),
        before: before.map_or_else(Figures::default, |before| {
            backlog::put(told(facts.count(&known, before, now), cases.told), None, cases.told)
        }),
        year_before: None,
        categories: categories(&known, period),
        days: days(&known, (from, to), config.utc_offset_s, cases.told.has("resolved_at")),
        hours: hours(&known, period, config.utc_offset_s),
        // Of a part of the tree, each would be too small.
        children: if tree.is_part() {
            Vec::new()
        } else {
            children((&known, open.as_deref()), &tree, &level, (period, now), cases.told)
        },
        next: None,
    };
    let mut value = serde_json::to_value(&statistics).map_err(|_| problem::internal("statistics"))?;
    if let Some(value) = value.as_object_mut() {
        value.insert("failed".to_owned(), failed::listed(&tree.failed));
        value.insert("refused".to_owned(), cases.refused.json());
    }
    Ok(good(&value))
}

/// The next level below a place that the tree has.
fn below(tree: &Tree, place: &str) -> &'static str {
    match tree.level(place) {
        Some("street") => "community",
        Some("community" | "grid") => "grid",
        _ if tree.has_level("street") => "street",
        _ if tree.has_level("community") => "community",
        _ => "grid",
    }
}

fn received<'a>(known: &'a [&Known], period: Period) -> impl Iterator<Item = (&'a Known, i64)> {
    known.iter().filter_map(move |known| Some((*known, accepted(known).filter(|at| period.contains(*at))?)))
}

fn categories(known: &[&Known], period: Period) -> Vec<CategoryCount> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (known, _) in received(known, period) {
        *counts.entry(known.case.summary.category.as_str()).or_default() += 1;
    }
    let mut rows: Vec<(&str, u64)> = counts.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows.into_iter()
        .map(|(category, count)| CategoryCount { category: category.into(), received: Some(count) })
        .collect()
}

fn local_day(at: i64, utc_offset_s: i32) -> Option<NaiveDate> {
    DateTime::from_timestamp(at + i64::from(utc_offset_s), 0).map(|at| at.date_naive())
}

fn days(
    known: &[&Known],
    (from, to): (DateTime<FixedOffset>, DateTime<FixedOffset>),
    utc_offset_s: i32,
    tells_settled: bool,
) -> Vec<DayCount> {
    let day = |at: i64| local_day(at, utc_offset_s);
    let mut counts: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
    let (first, last) = (from.timestamp(), (to.timestamp() - 1).max(from.timestamp()));
    let length = ((last - first) / 86_400 + 1).min(MAX_DAYS);
    let starts = (0..=length).filter_map(|index| day(first + index * 86_400));
    for start in starts.filter(|start| day(last).is_some_and(|last| *start <= last)) {
        counts.entry(start).or_default();
    }
    for known in known {
        let settled = known.case.summary.resolved_at.and_then(|at| day(at.timestamp()));
        if let Some(row) = accepted(known).and_then(day).and_then(|day| counts.get_mut(&day)) {
            row.0 += 1;
        }
        if let Some(row) = settled.and_then(|day| counts.get_mut(&day)) {
            row.1 += 1;
        }
    }
    // Where no case tells when it was settled, none settled on a day is not known.
    let row = |(day, (received, settled))| DayCount {
        day,
        received: Some(received),
        settled: tells_settled.then_some(settled),
    };
    counts.into_iter().map(row).collect()
}

fn hours(known: &[&Known], period: Period, utc_offset_s: i32) -> Vec<Option<u64>> {
    let mut hours = [0_u64; 24];
    for (_, at) in received(known, period) {
        let hour = (at + i64::from(utc_offset_s)).rem_euclid(86_400) / 3_600;
        if let Some(count) = usize::try_from(hour).ok().and_then(|hour| hours.get_mut(hour)) {
            *count += 1;
        }
    }
    hours.iter().map(|count| Some(*count)).collect()
}

/// Cases by the place of a level that they lie in.
fn by_place<'a>(known: &[&'a Known], tree: &'a Tree, level: &str) -> BTreeMap<&'a str, Vec<&'a Known>> {
    let mut by_place: BTreeMap<&str, Vec<&Known>> = BTreeMap::new();
    for known in known {
        let place = known.case.summary.place.as_ref().and_then(|own| tree.at_level(own.as_str(), level));
        if let Some(place) = place {
            by_place.entry(place).or_default().push(known);
        }
    }
    by_place
}

fn children<'a>(
    (known, open): (&[&'a Known], Option<&[&'a Known]>),
    tree: &'a Tree,
    level: &str,
    (period, now): (Period, i64),
    told: Told,
) -> Vec<PlaceFigures> {
    let (known, open) = (by_place(known, tree, level), open.map(|open| by_place(open, tree, level)));
    let count = |of: &BTreeMap<&str, Vec<&Known>>, place: &str| {
        let known = of.get(place).map(Vec::as_slice).unwrap_or_default();
        Facts::new(known).count(known, period, now)
    };
    let places: BTreeSet<&str> = known.keys().chain(open.iter().flat_map(BTreeMap::keys)).copied().collect();
    let row = |place: &str| {
        let (counts, open) = (count(&known, place), open.as_ref().map(|open| count(open, place)));
        let Figures { open, overdue, .. } = backlog::put(Figures::default(), open, told);
        let (received, settled) = (Some(counts.received), Some(counts.settled));
        PlaceFigures { place: place.into(), level: Level::None, grids: [0, 0, 0], received, settled, open, overdue }
    };
    places.into_iter().map(row).collect()
}
