//! The risk score and its reasons.

use fengtu_domain::defaults::WARNING_THRESHOLDS;
use fengtu_domain::warnings::{Signals, Weights, WrongRules, check, level, reckoned_population, rules, score};
use fengtu_wire::config::{SignalWeight, WarningRules};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, Signal};
use proptest::prelude::*;

fn busy() -> Signals {
    Signals {
        open_cases: 9,
        overdue_clocks: 3,
        urgent_cases: 1,
        repeats: 2,
        group_matters: 1,
        lately: 8,
        before: 12,
        amount_fen: 30_000_000,
        amount_cases: 4,
        failed_mediations: 1,
        rebounds: 1,
    }
}

fn total(signals: &Signals) -> f64 {
    score(signals, 800, &Weights::default()).total
}

#[test]
fn the_weights_sum_to_a_hundred_and_name_every_signal_once() {
    let weights = Weights::default().signals;
    assert_eq!(weights.iter().map(|weight| weight.points).sum::<f64>(), 100.0);
    assert_eq!(weights.iter().map(|weight| weight.signal).collect::<Vec<_>>(), Signal::ALL);
    assert!(weights.iter().all(|weight| weight.half > 0.0 && weight.usual > 0.0 && weight.usual < weight.half));
}

#[test]
fn a_quiet_place_has_no_score_and_no_reason() {
    let scored = score(&Signals::default(), 800, &Weights::default());
    assert_eq!((scored.total.to_bits(), scored.reasons.len()), (0.0_f64.to_bits(), 0), "nought, and not minus nought");
    assert_eq!(level(scored.total, &WARNING_THRESHOLDS), Level::None);
}

#[test]
fn a_signal_at_its_half_earns_half_its_points() {
    let signals = Signals { rebounds: 1, ..Signals::default() };
    let scored = score(&signals, 800, &Weights::default());
    let reason = &scored.reasons[0];
    assert_eq!(
        (reason.signal, reason.value, reason.points, reason.share, reason.cases),
        (Signal::Rebounds, 1.0, 3.0, 1.0, 1)
    );
}

#[test]
fn one_ordinary_case_colours_nothing_however_few_live_there() {
    let one = Signals { open_cases: 1, lately: 1, ..Signals::default() };
    for population in [0, 10, 300, 5_000] {
        let scored = score(&one, population, &Weights::default());
        assert_eq!(level(scored.total, &WARNING_THRESHOLDS), Level::None, "{population}");
    }
}

#[test]
fn trouble_of_every_kind_at_once_is_red() {
    assert_eq!(level(total(&busy()), &WARNING_THRESHOLDS), Level::Red);
}

#[test]
fn rules_that_a_district_sets_are_checked() {
    assert_eq!(check(&rules(), &WARNING_THRESHOLDS), Ok(()));
    for thresholds in [[20.0, 8.5, 35.0], [0.0, 1.0, 2.0], [1.0, 2.0, 101.0], [f64::NAN, 2.0, 3.0], [5.0, 5.0, 6.0]] {
        assert_eq!(check(&rules(), &thresholds), Err(WrongRules::Thresholds), "{thresholds:?}");
    }
    let wrong = |change: fn(&mut WarningRules)| {
        let mut rules = rules();
        change(&mut rules);
        check(&rules, &WARNING_THRESHOLDS)
    };
    assert_eq!(wrong(|rules| rules.weights.truncate(8)), Err(WrongRules::Signal(Signal::Rebounds)));
    assert_eq!(wrong(|rules| rules.weights[1].signal = Signal::OpenCases), Err(WrongRules::Signal(Signal::OpenCases)));
    let changes: [fn(&mut SignalWeight); 5] = [
        |weight| weight.points = -1.0,
        |weight| weight.half = 0.0,
        |weight| weight.half = f64::INFINITY,
        |weight| weight.usual = 4.0,
        |weight| weight.points = f64::NAN,
    ];
    for change in changes {
        let mut rules = rules();
        change(&mut rules.weights[0]);
        assert_eq!(check(&rules, &WARNING_THRESHOLDS), Err(WrongRules::Weight(Signal::OpenCases)));
    }
    assert_eq!(wrong(|rules| rules.weights[0].points = 20.0), Err(WrongRules::Sum(105.0)));
    assert_eq!(wrong(|rules| rules.windows.urgent_s = 60), Err(WrongRules::Windows));
    assert_eq!(wrong(|rules| rules.windows.recent_s = 92 * 86_400), Ok(()));
    assert_eq!(wrong(|rules| rules.windows.recent_s = 93 * 86_400), Err(WrongRules::Windows));
    assert_eq!(wrong(|rules| rules.windows.before_s = rules.windows.growth_s - 1), Err(WrongRules::Windows));
}

#[test]
fn the_shares_follow_the_weights() {
    let mut set = rules();
    (set.weights[0].points, set.weights[1].points) = (35.0, 0.0);
    let scored = score(&busy(), 800, &Weights::new(&set));
    let built_in = score(&busy(), 800, &Weights::default());
    let of = |scored: &fengtu_domain::warnings::Scored, signal| {
        scored.reasons.iter().find(|reason| reason.signal == signal).map_or(0.0, |reason| reason.share)
    };
    assert!(of(&scored, Signal::OpenCases) > 2.0 * of(&built_in, Signal::OpenCases));
    assert_eq!(of(&scored, Signal::OverdueClocks), 0.0);
    assert!((scored.reasons.iter().map(|reason| reason.share).sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn growth_is_measured_against_the_span_that_is_set() {
    let mut set = rules();
    set.windows.before_s = 2 * set.windows.growth_s;
    let signals = Signals { lately: 8, before: 12, ..Signals::default() };
    let value = |weights: &Weights| score(&signals, 800, weights).reasons[0].value;
    assert_eq!((value(&Weights::default()), value(&Weights::new(&set))), (5.0, 2.0));
}

#[test]
fn a_level_begins_at_its_threshold() {
    let at = |score| level(score, &[20.0, 30.0, 45.0]);
    assert_eq!(
        [19.999, 20.0, 30.0, 45.0, 100.0].map(at),
        [Level::None, Level::Blue, Level::Yellow, Level::Red, Level::Red]
    );
    assert_eq!(at(f64::NAN), Level::None);
}

#[test]
fn a_larger_place_needs_more_cases_for_the_same_counts() {
    let community = score(&busy(), 45_000, &Weights::default().scaled_to(45_000));
    assert_eq!(level(community.total, &WARNING_THRESHOLDS), Level::None);
    assert_eq!(Weights::default().scaled_to(200), Weights::default());
}

#[test]
fn a_hostile_weight_earns_nothing() {
    let mut weights = Weights::default();
    weights.signals[0].half = 0.0;
    weights.signals[1].half = f64::NAN;
    let scored = score(&busy(), 800, &weights);
    assert!(scored.total.is_finite());
    assert!(scored.reasons.iter().all(|r| r.signal != Signal::OpenCases && r.signal != Signal::OverdueClocks));
}

/// What so many thousand people have at so many times the usual rate in everything.
fn at_rate(times: f64, thousands: f64) -> Signals {
    let usual = |signal| Weights::default().signals.iter().find(|w| w.signal == signal).map_or(0.0, |w| w.usual);
    let count = |signal| (usual(signal) * thousands * times).round() as u32;
    let before = (thousands * 4.0) as u32;
    Signals {
        open_cases: count(Signal::OpenCases),
        overdue_clocks: count(Signal::OverdueClocks),
        urgent_cases: count(Signal::UrgentCases),
        repeats: count(Signal::Repeats),
        group_matters: count(Signal::GroupMatters),
        lately: before / 4 + count(Signal::Growth),
        before,
        amount_fen: (usual(Signal::Amount) * thousands * times * 100.0) as i64,
        amount_cases: count(Signal::OpenCases),
        failed_mediations: count(Signal::FailedMediations),
        rebounds: count(Signal::Rebounds),
    }
}

fn level_at_rate(times: f64, population: u32) -> Level {
    let weights = Weights::default().scaled_to(population);
    let scored = score(&at_rate(times, f64::from(population) / 1000.0), population, &weights);
    level(scored.total, &WARNING_THRESHOLDS)
}

#[test]
fn a_large_place_at_the_usual_rate_is_not_coloured_and_one_far_above_it_is() {
    for population in [20_000, 45_000, 230_000, 1_400_000] {
        assert_eq!(level_at_rate(1.0, population), Level::None, "{population}");
        assert_eq!(level_at_rate(4.0, population), Level::Red, "{population}");
    }
    assert_eq!(level_at_rate(2.0, 230_000), Level::Yellow);
    assert_eq!(level_at_rate(1.35, 230_000), Level::Blue);
}

#[test]
fn a_place_whose_people_nobody_counted_is_reckoned_with_those_of_its_level() {
    assert_eq!(reckoned_population(0, PlaceLevel::Community), 45_000);
    assert_eq!(reckoned_population(7, PlaceLevel::Community), 7);
    assert_eq!(reckoned_population(0, PlaceLevel::Grid), 0);
}

fn signals() -> impl Strategy<Value = Signals> {
    let count = || 0_u32..60;
    let rest = (any::<i64>(), count(), count(), count());
    ((count(), count(), count(), count(), count(), count(), count()), rest).prop_map(|(a, b)| Signals {
        open_cases: a.0,
        overdue_clocks: a.1,
        urgent_cases: a.2,
        repeats: a.3,
        group_matters: a.4,
        lately: a.5,
        before: a.6,
        amount_fen: b.0,
        amount_cases: b.1,
        failed_mediations: b.2,
        rebounds: b.3,
    })
}

proptest! {
    #[test]
    fn a_score_lies_in_0_to_100_and_its_reasons_add_up(signals in signals(), population in any::<u32>()) {
        let scored = score(&signals, population, &Weights::default());
        prop_assert!((0.0..=100.0).contains(&scored.total));
        prop_assert!(scored.reasons.is_sorted_by(|a, b| a.points >= b.points));
        if !scored.reasons.is_empty() {
            prop_assert!((scored.reasons.iter().map(|r| r.share).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!((scored.reasons.iter().map(|r| r.points).sum::<f64>() - scored.total).abs() < 1e-9);
        }
    }

    #[test]
    fn more_of_any_signal_never_lowers_the_score(signals in signals(), more in 1_u32..50, which in 0..9) {
        let mut worse = signals;
        match which {
            0 => worse.open_cases += more,
            1 => worse.overdue_clocks += more,
            2 => worse.urgent_cases += more,
            3 => worse.repeats += more,
            4 => worse.group_matters += more,
            5 => worse.lately += more,
            6 => worse.amount_fen = worse.amount_fen.saturating_add(i64::from(more) * 1_000_000),
            7 => worse.failed_mediations += more,
            _ => worse.rebounds += more,
        }
        prop_assert!(total(&worse) >= total(&signals));
    }

    #[test]
    fn a_larger_place_takes_more_cases_but_fewer_per_head(population in 1_000_u32..3_000_000, more in 1_u32..1_000_000) {
        let (small, large) = (Weights::default().scaled_to(population), Weights::default().scaled_to(population + more));
        for (small, large) in small.signals.iter().zip(&large.signals) {
            let is_rate = matches!(small.signal, Signal::OpenCases | Signal::OverdueClocks);
            let per_head = |half: f64, people: u32| if is_rate { half } else { half / f64::from(people) };
            prop_assert!(is_rate || large.half >= small.half, "{:?}", small.signal);
            prop_assert!(per_head(large.half, population + more) <= per_head(small.half, population) * (1.0 + 1e-9));
            prop_assert!(large.half >= large.usual, "never less than what is usual");
        }
    }

    #[test]
    fn a_rising_rate_never_lowers_the_level_of_a_large_place(
        population in 1_000_u32..2_000_000, times in 0.0_f64..5.0, more in 0.0_f64..5.0,
    ) {
        prop_assert!(level_at_rate(times + more, population) >= level_at_rate(times, population));
    }
}

/// A small generator of our own, so that the district below is the same on every machine.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws a Poisson number.
    fn count(&mut self, mean: f64) -> u32 {
        let limit = (-mean).exp();
        let (mut product, mut drawn) = (self.unit(), 0);
        while product > limit {
            product *= self.unit();
            drawn += 1;
        }
        drawn
    }
}

/// A grid of a district with 80,000 cases a year over 1,734 grids: most quiet, some estates and parks five times as busy.
fn plausible(dice: &mut Dice) -> (Signals, u32) {
    let heat = (dice.unit() + dice.unit() + dice.unit() - 1.5) * 2.0;
    let month = 3.8 * heat.exp() * 0.6;
    let share = |part: f64| month * part;
    let population = 300 + (dice.unit() * 1_100.0) as u32;
    let open_cases = dice.count(share(0.25));
    let signals = Signals {
        open_cases,
        overdue_clocks: dice.count(share(0.04)).min(open_cases),
        urgent_cases: dice.count(share(0.002)),
        repeats: dice.count(share(0.06)),
        group_matters: dice.count(share(0.04)),
        lately: dice.count(share(0.25)),
        before: dice.count(share(1.0)),
        amount_fen: i64::from(open_cases) * (dice.unit() * 6_000_000.0) as i64,
        amount_cases: open_cases,
        failed_mediations: dice.count(share(0.03)),
        rebounds: dice.count(share(0.01)),
    };
    (signals, population)
}

#[test]
fn on_a_plausible_district_red_is_rare_yellow_seldom_and_blue_common() {
    let mut dice = Dice(7);
    let levels: Vec<Level> = (0..17_340)
        .map(|_| {
            let (signals, population) = plausible(&mut dice);
            level(score(&signals, population, &Weights::default()).total, &WARNING_THRESHOLDS)
        })
        .collect();
    let percent = |level| levels.iter().filter(|&&l| l == level).count() as f64 * 100.0 / levels.len() as f64;
    let [blue, yellow, red] = [Level::Blue, Level::Yellow, Level::Red].map(percent);
    assert!(
        (0.5..=3.0).contains(&red) && (4.0..=9.0).contains(&yellow) && (10.0..=20.0).contains(&blue),
        "blue {blue:.1} %, yellow {yellow:.1} %, red {red:.1} %"
    );
}
