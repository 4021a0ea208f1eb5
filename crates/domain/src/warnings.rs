//! The risk score of a place, and the reasons it was given.
//!
//! Each signal `x` earns `points × x² / (x² + half²)`: nothing at 0, half its points at `half`, never all of them.
//! The square keeps a single ordinary case from colouring a grid. The points of all signals sum to 100, so a score
//! lies in 0..100, and a signal that grows never lowers it.
//!
//! # Places that hold many grids
//!
//! A community of fifty grids is judged by the same signals as a grid, summed, but not by the same halves times fifty:
//! fifty grids are never all bad at once, so that nothing would ever be coloured. What chance does to a mean shrinks
//! with the square root of what it is taken over, and the halves follow it (the control limits of a funnel plot, as
//! hospitals and schools of different size are compared; D. Spiegelhalter, *Statistics in Medicine* 24, 2005). Per
//! 1,000 people a half goes from a grid's own down to [`BASE`] times what is usual:
//!
//! `half(n) = base + (half − base) / √n`, with n thousand people and `base = BASE × usual`, never more than `half`.
//!
//! A community, a street or a district at the usual rate in everything then stays under the threshold of blue, one at a
//! third more is blue, one at twice the rate yellow, and one at four times red.

use fengtu_wire::config::{SignalWeight, WarningRules, WarningWindows};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, Reason, Signal};

/// Least number of people that a rate is taken of: in an empty grid one case is not a riot.
const LEAST_POPULATION: u32 = 500;
/// So many times the usual rate earns half the points in a place so large that chance no longer counts.
const BASE: f64 = 3.5;

/// What was counted at a place. A case may stand behind several signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals {
    /// Cases open now.
    pub open_cases: u32,
    /// Open cases with an overdue clock.
    pub overdue_clocks: u32,
    /// Class-1 cases reported a short while ago.
    pub urgent_cases: u32,
    /// Recent cases that repeat the parties or the cause of an earlier one.
    pub repeats: u32,
    /// Open or recent cases with five or more people.
    pub group_matters: u32,
    /// Cases reported in the last span of growth, a week as a rule.
    pub lately: u32,
    /// Cases reported in the longer span before it.
    pub before: u32,
    /// Amount in dispute in open cases, in fen.
    pub amount_fen: i64,
    /// Open cases with an amount in dispute.
    pub amount_cases: u32,
    /// Mediations that failed recently.
    pub failed_mediations: u32,
    /// Cases reopened recently.
    pub rebounds: u32,
}

impl Signals {
    /// Returns a signal in its own unit: per 1,000 people, a count, cases above the usual, or yuan. `spans` is how many
    /// times longer the span before is than the one of growth.
    pub fn value(&self, signal: Signal, population: u32, spans: f64) -> f64 {
        let per_thousand = |count: u32| f64::from(count) * 1000.0 / f64::from(population.max(LEAST_POPULATION));
        match signal {
            Signal::OpenCases => per_thousand(self.open_cases),
            Signal::OverdueClocks => per_thousand(self.overdue_clocks),
            Signal::UrgentCases => f64::from(self.urgent_cases),
            Signal::Repeats => f64::from(self.repeats),
            Signal::GroupMatters => f64::from(self.group_matters),
            Signal::Growth => (f64::from(self.lately) - f64::from(self.before) / spans).max(0.0),
            Signal::Amount => (self.amount_fen.max(0) as f64) / 100.0,
            Signal::FailedMediations => f64::from(self.failed_mediations),
            Signal::Rebounds => f64::from(self.rebounds),
        }
    }

    /// Returns how many cases stand behind a signal.
    pub const fn cases(&self, signal: Signal) -> u32 {
        match signal {
            Signal::OpenCases => self.open_cases,
            Signal::OverdueClocks => self.overdue_clocks,
            Signal::UrgentCases => self.urgent_cases,
            Signal::Repeats => self.repeats,
            Signal::GroupMatters => self.group_matters,
            Signal::Growth => self.lately,
            Signal::Amount => self.amount_cases,
            Signal::FailedMediations => self.failed_mediations,
            Signal::Rebounds => self.rebounds,
        }
    }
}

impl core::ops::AddAssign for Signals {
    /// Adds the counts of a place below.
    fn add_assign(&mut self, other: Self) {
        self.open_cases += other.open_cases;
        self.overdue_clocks += other.overdue_clocks;
        self.urgent_cases += other.urgent_cases;
        self.repeats += other.repeats;
        self.group_matters += other.group_matters;
        self.lately += other.lately;
        self.before += other.before;
        self.amount_fen = self.amount_fen.saturating_add(other.amount_fen);
        self.amount_cases += other.amount_cases;
        self.failed_mediations += other.failed_mediations;
        self.rebounds += other.rebounds;
    }
}

/// Returns the built-in rules: weights for a grid of about a thousand people, and the windows of the trade.
pub fn rules() -> WarningRules {
    const DAY: u32 = 86_400;
    let weight = |signal, points, half, usual| SignalWeight { signal, points, half, usual };
    let weights = vec![
        weight(Signal::OpenCases, 15.0, 3.0, 0.4),
        weight(Signal::OverdueClocks, 20.0, 1.5, 0.05),
        weight(Signal::UrgentCases, 15.0, 1.0, 0.006),
        weight(Signal::Repeats, 10.0, 1.5, 0.9),
        weight(Signal::GroupMatters, 12.0, 1.0, 0.3),
        weight(Signal::Growth, 10.0, 3.0, 0.2),
        weight(Signal::Amount, 6.0, 300_000.0, 6_000.0),
        weight(Signal::FailedMediations, 6.0, 1.0, 0.35),
        weight(Signal::Rebounds, 6.0, 1.0, 0.35),
    ];
    let windows = WarningWindows { urgent_s: DAY, recent_s: 30 * DAY, growth_s: 7 * DAY, before_s: 28 * DAY };
    WarningRules { weights, windows }
}

/// What is wrong with rules that a district has set.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum WrongRules {
    /// The thresholds are not three ascending scores.
    #[error(
        "预警阈值须为 0–100 之间由低到高的三个分值 / the thresholds must be three ascending scores within 0 and 100"
    )]
    Thresholds,
    /// A signal is there twice or not at all.
    #[error("信号“{0}”须有且只有一项权重 / the signal {0} must have one weight")]
    Signal(Signal),
    /// A weight is no usable number.
    #[error(
        "信号“{0}”的权重无效:points ≥ 0,0 ≤ usual ≤ half,half > 0 / the weight of {0} cannot be used: points ≥ 0, 0 ≤ usual ≤ half, half > 0"
    )]
    Weight(Signal),
    /// The points do not sum to 100.
    #[error("各信号的 points 合计为 {0},须为 100 / the points sum to {0}; they must sum to 100")]
    Sum(f64),
    /// A window is too short or too long.
    #[error(
        "时间窗须在 1 小时至 92 天之间,且 before_s 不短于 growth_s / windows must be of 1 hour to 92 days, before_s no shorter than growth_s"
    )]
    Windows,
}

/// Checks rules: only with such as these does a score lie in 0..100 and never fall when a signal rises.
pub fn check(rules: &WarningRules, thresholds: &[f64; 3]) -> Result<(), WrongRules> {
    let [blue, yellow, red] = *thresholds;
    // Written so that a number that is none fails.
    if !(0.0 < blue && blue < yellow && yellow < red && red <= 100.0) {
        return Err(WrongRules::Thresholds);
    }
    for &signal in Signal::ALL {
        let mut weights = rules.weights.iter().filter(|weight| weight.signal == signal);
        let (Some(weight), None) = (weights.next(), weights.next()) else { return Err(WrongRules::Signal(signal)) };
        let usable = (0.0..=100.0).contains(&weight.points) && weight.half > 0.0 && weight.half.is_finite();
        if !(usable && (0.0..=weight.half).contains(&weight.usual)) {
            return Err(WrongRules::Weight(signal));
        }
    }
    let sum: f64 = rules.weights.iter().map(|weight| weight.points).sum();
    if (sum - 100.0).abs() > 1e-6 {
        return Err(WrongRules::Sum(sum));
    }
    check_windows(&rules.windows)
}

fn check_windows(windows: &WarningWindows) -> Result<(), WrongRules> {
    let WarningWindows { urgent_s, recent_s, growth_s, before_s } = *windows;
    let fits = |seconds: u32| (3_600..=92 * 86_400).contains(&seconds);
    let all = [urgent_s, recent_s, growth_s, before_s].into_iter().all(fits);
    if all && before_s >= growth_s { Ok(()) } else { Err(WrongRules::Windows) }
}

/// What each signal weighs in one place, and what growth is measured against.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// One for each signal.
    pub signals: Vec<SignalWeight>,
    /// How many times longer the span before is than the one of growth.
    pub spans: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self::new(&rules())
    }
}

impl Weights {
    /// Returns the weights for a grid.
    pub fn new(rules: &WarningRules) -> Self {
        let spans = f64::from(rules.windows.before_s) / f64::from(rules.windows.growth_s.max(1));
        Self { signals: rules.weights.clone(), spans }
    }

    /// Returns the weights for a place of so many people that holds many grids; see the head of this module.
    #[must_use]
    pub fn scaled_to(mut self, population: u32) -> Self {
        let thousands = (f64::from(population) / 1000.0).max(1.0);
        self.signals.iter_mut().for_each(|weight| weight.half = half_for(weight, thousands));
        self
    }
}

/// Returns the half for a place of so many thousand people, in the signal's own unit.
fn half_for(weight: &SignalWeight, thousands: f64) -> f64 {
    let base = (BASE * weight.usual).min(weight.half);
    let rate = base + (weight.half - base) / thousands.sqrt();
    // Rates are per 1,000 people already; counts and yuan grow with the people.
    let is_rate = matches!(weight.signal, Signal::OpenCases | Signal::OverdueClocks);
    if is_rate { rate } else { rate * thousands }
}

/// Returns the people to reckon with: those that are known, else as many as a place of its level has as a rule.
///
/// Of a city that has given no figures every area would else be measured as if nobody lived there, and be red.
pub const fn reckoned_population(known: u32, level: PlaceLevel) -> u32 {
    match (known, level) {
        (0, PlaceLevel::District) => 1_400_000,
        (0, PlaceLevel::Street) => 230_000,
        (0, PlaceLevel::Community) => 45_000,
        _ => known,
    }
}

/// A score and why it was given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scored {
    /// 0–100.
    pub total: f64,
    /// Each signal that adds to it, largest first; the shares sum to 1.
    pub reasons: Vec<Reason>,
}

/// Returns the score of a place.
pub fn score(signals: &Signals, population: u32, weights: &Weights) -> Scored {
    let one = |weight: &SignalWeight| reason(signals.value(weight.signal, population, weights.spans), signals, weight);
    let mut reasons: Vec<Reason> = weights.signals.iter().filter_map(one).collect();
    // Not `sum`, which makes −0 of nothing.
    let total = reasons.iter().fold(0.0, |total, reason| total + reason.points);
    for reason in &mut reasons {
        reason.share = reason.points / total;
    }
    reasons.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.signal.cmp(&b.signal)));
    Scored { total, reasons }
}

fn reason(value: f64, signals: &Signals, weight: &SignalWeight) -> Option<Reason> {
    let points = weight.points * saturated(value, weight.half);
    let cases = signals.cases(weight.signal);
    (points > 0.0).then_some(Reason { signal: weight.signal, value, points, share: 0.0, cases })
}

/// Returns 0 at 0, one half at `half`, towards 1; 0 for a `half` that is no positive number.
fn saturated(value: f64, half: f64) -> f64 {
    let ratio = value / half;
    if half > 0.0 && ratio.is_finite() { 1.0 - 1.0 / (1.0 + ratio * ratio) } else { 0.0 }
}

/// Returns the level of a score; the thresholds are those of blue, yellow, red, ascending.
pub fn level(score: f64, thresholds: &[f64; 3]) -> Level {
    let [blue, yellow, red] = *thresholds;
    match score {
        s if s >= red => Level::Red,
        s if s >= yellow => Level::Yellow,
        s if s >= blue => Level::Blue,
        _ => Level::None,
    }
}
