//! Warnings of every place at one instant: signals counted where the cases are, summed up the tree, scored.

use fengtu_domain::statistics::CaseFact;
use fengtu_domain::warnings::{self, Scored, Signals, Weights};
use fengtu_wire::cases::Class;
use fengtu_wire::config::{Config, WarningWindows};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, Signal};

use super::facts::Packed;
use super::tree::{Ix, Tree};
use super::{Board, Slot};

/// How far back signals look, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    urgent: i64,
    recent: i64,
    growth: i64,
    before: i64,
}

impl Windows {
    /// How long after its report a case that is over can still count.
    fn longest(self) -> i64 {
        self.recent.max(self.urgent).max(self.growth + self.before)
    }
}

impl From<WarningWindows> for Windows {
    fn from(windows: WarningWindows) -> Self {
        let WarningWindows { urgent_s, recent_s, growth_s, before_s } = windows;
        let [urgent, recent, growth, before] = [urgent_s, recent_s, growth_s, before_s].map(i64::from);
        Self { urgent, recent, growth, before }
    }
}

/// The scores of all places now, and what they are made of.
#[derive(Debug, Clone)]
pub struct Risk {
    scale: Scale,
    direct: Vec<Signals>,
    marks: Vec<Mark>,
}

/// A place's score at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Its level.
    pub level: Level,
    /// Its score.
    pub score: f64,
    /// Since when it has had this level, as far as this process has seen (Unix seconds).
    pub since: i64,
}

impl Default for Mark {
    fn default() -> Self {
        Self { level: Level::None, score: 0.0, since: 0 }
    }
}

/// What a score is measured by: thresholds, windows, and weights for the size of each place.
#[derive(Debug, Clone)]
pub struct Scale {
    thresholds: [f64; 3],
    windows: Windows,
    measures: Vec<Measure>,
}

/// What one place is measured by.
#[derive(Debug, Clone, Default)]
struct Measure {
    population: u32,
    weights: Weights,
}

impl Scale {
    fn new(tree: &Tree, config: &Config) -> Self {
        let rules = config.warning_rules.clone().unwrap_or_else(warnings::rules);
        let weights = Weights::new(&rules);
        let measures = tree.numbers().map(|ix| measure(tree, ix, &weights)).collect();
        Self { thresholds: config.warning_thresholds, windows: rules.windows.into(), measures }
    }

    /// Returns how far back signals look.
    pub const fn windows(&self) -> Windows {
        self.windows
    }

    /// Returns a place's score and the reasons for it.
    pub fn score(&self, ix: Ix, signals: &Signals) -> Scored {
        let by = |measure: &Measure| warnings::score(signals, measure.population, &measure.weights);
        self.measures.get(ix as usize).map_or_else(Scored::default, by)
    }

    /// Returns the level of a score.
    pub fn level(&self, score: f64) -> Level {
        warnings::level(score, &self.thresholds)
    }
}

fn measure(tree: &Tree, ix: Ix, weights: &Weights) -> Measure {
    let level = tree.get(ix).map_or(PlaceLevel::Grid, |node| node.level);
    let population = warnings::reckoned_population(tree.population(ix), level);
    let weights = weights.clone();
    let weights = if level < PlaceLevel::Grid { weights.scaled_to(population) } else { weights };
    Measure { population, weights }
}

impl Risk {
    /// Starts with nothing counted.
    pub fn new(tree: &Tree, config: &Config) -> Self {
        let empty = vec![Signals::default(); tree.len()];
        Self { scale: Scale::new(tree, config), direct: empty, marks: vec![Mark::default(); tree.len()] }
    }

    /// Returns what scores are measured by.
    pub const fn scale(&self) -> &Scale {
        &self.scale
    }

    /// Returns a place's score now.
    pub fn mark(&self, ix: Ix) -> Mark {
        self.marks.get(ix as usize).copied().unwrap_or_default()
    }

    /// Returns what was counted inside a place.
    pub fn signals(&self, tree: &Tree, ix: Ix) -> Signals {
        sum(tree, &self.direct, ix)
    }

    /// Takes over new counts for all places; returns those whose level changed.
    pub fn replace(&mut self, tree: &Tree, direct: Vec<Signals>, now: i64) -> Vec<Ix> {
        self.direct = direct;
        tree.numbers().filter(|&ix| self.rescore(tree, ix, now)).collect()
    }

    /// Takes over new counts for one place; returns the places (it and those above) whose level changed.
    pub fn update(&mut self, tree: &Tree, place: Ix, signals: Signals, now: i64) -> Vec<Ix> {
        if let Some(slot) = self.direct.get_mut(place as usize) {
            *slot = signals;
        }
        tree.upwards(place).filter(|&ix| self.rescore(tree, ix, now)).collect()
    }

    fn rescore(&mut self, tree: &Tree, ix: Ix, now: i64) -> bool {
        let score = self.scale.score(ix, &sum(tree, &self.direct, ix)).total;
        let level = self.scale.level(score);
        let Some(mark) = self.marks.get_mut(ix as usize) else { return false };
        let changed = mark.level != level;
        if changed || mark.since == 0 {
            mark.since = now;
        }
        (mark.level, mark.score) = (level, shown(score));
        changed
    }
}

/// Returns a score to two decimals, as people and readers of JSON take it.
pub fn shown(score: f64) -> f64 {
    // Plus nought, so that it is never −0.
    (score * 100.0).round() / 100.0 + 0.0
}

/// Returns the sum of what was counted at a node and below it.
pub fn sum(tree: &Tree, direct: &[Signals], ix: Ix) -> Signals {
    let range = tree.inside(ix);
    let inside = direct.get(range.start as usize..range.end as usize).unwrap_or_default();
    let mut total = Signals::default();
    for signals in inside {
        total += *signals;
    }
    total
}

/// Counts the signals of every place's own cases at an instant (Unix seconds).
pub fn direct<'a>(tree: &Tree, cases: impl Iterator<Item = &'a Packed>, windows: Windows, at: i64) -> Vec<Signals> {
    let mut all = vec![Signals::default(); tree.len()];
    for case in cases {
        if let Some(signals) = all.get_mut(case.place() as usize) {
            count(signals, case, windows, at);
        }
    }
    all
}

/// Counts the signals of some cases at an instant (Unix seconds).
pub fn signals<'a>(cases: impl Iterator<Item = &'a Packed>, windows: Windows, at: i64) -> Signals {
    let mut signals = Signals::default();
    cases.for_each(|case| count(&mut signals, case, windows, at));
    signals
}

impl Board {
    /// Returns the numbers of the cases inside a node that raise a signal at an instant (Unix seconds).
    pub fn raising(&self, ix: Ix, signal: Signal, at: i64) -> Vec<String> {
        let windows = self.risk.scale().windows();
        let raises = |slot: Slot| self.case(slot).is_some_and(|case| raises(case, signal, windows, at));
        let slots = self.tree.inside(ix).filter_map(|ix| self.by_place.get(ix as usize)).flatten();
        slots.filter(|slot| raises(**slot)).map(|slot| self.number(*slot).to_owned()).collect()
    }
}

/// Returns whether a case is one of those behind a signal at an instant (Unix seconds).
fn raises(case: &Packed, signal: Signal, windows: Windows, at: i64) -> bool {
    signals(std::iter::once(case), windows, at).cases(signal) > 0
}

/// Returns whether a case can still add to a score at `at` or later; once it cannot, it never will again.
pub fn still_counts(case: &Packed, windows: Windows, at: i64) -> bool {
    let recent = |when: Option<i64>| when.is_some_and(|when| when >= at - windows.recent);
    case.reported_at() >= at - windows.longest()
        || recent(case.reopened_at())
        || recent(case.failed_mediation_at())
        || case.fact().is_open_at(at)
}

fn count(signals: &mut Signals, case: &Packed, windows: Windows, at: i64) {
    let fact = case.fact();
    // A restricted case colours no ground: who sees the reasons could tell it by what is in no list.
    if fact.reported_at >= at || !fengtu_domain::sight::layer_ok(case.sensitivity()) {
        return;
    }
    let age = at - fact.reported_at;
    let recent = age <= windows.recent;
    let happened = |when: i64| when < at && at - when <= windows.recent;
    let open = fact.is_open_at(at);
    if open {
        count_open(signals, &fact, at);
    }
    signals.urgent_cases += u32::from(fact.class == Class::Urgent && age <= windows.urgent);
    signals.repeats += u32::from(fact.repeat && recent);
    signals.group_matters += u32::from(fact.is_group() && (open || recent));
    signals.lately += u32::from(age <= windows.growth);
    signals.before += u32::from(age > windows.growth && age <= windows.growth + windows.before);
    signals.failed_mediations += u32::from(case.failed_mediations().any(happened));
    signals.rebounds += u32::from(case.reopenings().any(happened));
}

fn count_open(signals: &mut Signals, fact: &CaseFact<'_>, at: i64) {
    signals.open_cases += 1;
    signals.overdue_clocks += u32::from(fact.is_overdue_at(at));
    if fact.amount_fen > 0 {
        signals.amount_fen = signals.amount_fen.saturating_add(fact.amount_fen);
        signals.amount_cases += 1;
    }
}
