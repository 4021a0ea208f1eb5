//! The figures, counted.

use fengtu_domain::clocks::{clocks_of, is_overdue};
use fengtu_domain::defaults;
use fengtu_domain::states::{is_acceptance, is_open};
use fengtu_domain::statistics::{
    CaseFact, ConfirmationFact, Counts, OrderFact, Part, Period, Rest, figures, lawsuit_rate, rank_key, wilson,
};
use fengtu_domain::terms::{Late, Term, Terms};
use fengtu_wire::cases::{CaseState, Channel, Class, Sensitivity};
use fengtu_wire::statistics::{Figures, Lawsuits, Share};
use proptest::prelude::*;

use super::{china, work_calendar};

const PERIOD: Period = Period { from: 1_000, to: 2_000 };
const NOW: i64 = 5_000;

/// A clock that ran out at 1,500 and still runs.
const LEFT_LYING: &[Late] = &[Late { due: 1_500, stopped: None }];

const fn term(due: i64, stopped: Option<i64>) -> Term {
    Term { due: Some(due), stopped }
}

/// A case that was settled at an instant.
fn settled_at(at: i64, late: &[Late]) -> CaseFact<'_> {
    CaseFact { resolved_at: Some(at), settle: term(1_500, Some(at)), late, ..fact() }
}

/// Reported at 1,100, accepted in time, and then left lying past its due time.
fn fact() -> CaseFact<'static> {
    CaseFact {
        reported_at: 1_100,
        accepted_at: Some(1_120),
        resolved_at: None,
        withdrawn_at: None,
        answer: term(1_110, Some(1_110)),
        accept: term(1_200, Some(1_120)),
        settle: term(1_500, None),
        late: LEFT_LYING,
        rests: &[],
        place: 0,
        category: 0,
        class: Class::Ordinary,
        sensitivity: Sensitivity::Internal,
        channel: Channel::QrCode,
        people: 3,
        amount_fen: 1_000,
        rating: 0,
        repeat: false,
        rebound: false,
        failed_mediation: false,
        mediated: Some(false),
    }
}

fn of(facts: &[CaseFact<'_>]) -> Counts {
    figures(facts, PERIOD, NOW)
}

const fn part(part: u64, whole: u64) -> Part {
    Part { part, whole }
}

#[test]
fn an_open_and_overdue_case_counts_as_not_in_time() {
    let counts = of(&[fact(), settled_at(1_400, &[])]);
    assert_eq!((counts.received, counts.settled), (2, 1));
    assert_eq!(counts.settled_in_time, part(1, 2), "and not 1 of 1");
    assert_eq!((counts.open, counts.overdue), (1, 1));
}

#[test]
fn an_open_case_that_still_has_time_counts_for_neither() {
    let open = CaseFact { settle: term(NOW, None), ..fact() };
    assert_eq!(of(&[open]).settled_in_time, part(0, 0));
    let no_calendar = CaseFact { settle: Term::default(), ..fact() };
    assert_eq!(of(&[no_calendar]).settled_in_time, part(0, 0));
}

#[test]
fn a_case_that_nobody_accepted_is_missing_from_the_received_but_not_from_the_share() {
    let (answer, accept) = (term(1_110, None), term(1_200, None));
    let late = &[Late { due: 1_110, stopped: None }];
    let ignored = CaseFact { accepted_at: None, answer, accept, settle: Term::default(), late, ..fact() };
    let counts = of(&[ignored]);
    assert_eq!(counts.received, 0);
    assert_eq!((counts.answered, counts.accepted), (part(0, 1), part(0, 1)));
    assert_eq!((counts.open, counts.overdue), (1, 1));
}

#[test]
fn stopped_at_the_very_second_is_in_time_and_a_second_later_is_not() {
    assert_eq!(of(&[fact()]).answered, part(1, 1));
    let late = CaseFact { answer: term(1_110, Some(1_111)), ..fact() };
    assert_eq!(of(&[late]).answered, part(0, 1));
}

#[test]
fn the_start_of_a_period_belongs_to_it_and_its_end_does_not() {
    let received = |at| of(&[CaseFact { reported_at: 900, accepted_at: Some(at), ..fact() }]).received;
    assert_eq!([999, 1_000, 1_999, 2_000].map(received), [0, 1, 1, 0]);
}

#[test]
fn a_case_settled_after_the_period_was_open_at_its_end() {
    let counts = of(&[settled_at(3_000, &[Late { due: 1_500, stopped: Some(3_000) }])]);
    assert_eq!((counts.open, counts.overdue, counts.settled), (1, 1, 1), "open then, settled now");
}

#[test]
fn a_case_that_was_reopened_was_over_in_between() {
    let rests = [Rest { over_at: 1_300, reopened_at: 2_500 }];
    let again = CaseFact { rests: &rests, rebound: true, ..settled_at(2_800, &[]) };
    let open = |fact: CaseFact<'_>| [1_300, 1_301, 2_500, 2_501, 2_800, 2_801].map(|at| fact.is_open_at(at));
    assert_eq!(open(again), [true, false, false, true, true, false]);
    assert_eq!(of(&[again]).open, 0, "at the end of the period it was settled");
    let still = CaseFact { resolved_at: None, settle: term(1_500, None), ..again };
    assert_eq!(open(still), [true, false, false, true, true, true]);
}

#[test]
fn a_case_settled_at_the_very_end_of_a_period_was_still_open_and_overdue_in_it() {
    let late = |at| [Late { due: 1_500, stopped: Some(at) }];
    let counts = of(&[settled_at(PERIOD.to, &late(PERIOD.to))]);
    assert_eq!((counts.open, counts.overdue), (1, 1));
    let just_before = of(&[settled_at(PERIOD.to - 1, &late(PERIOD.to - 1))]);
    assert_eq!((just_before.open, just_before.overdue), (0, 0));
}

#[test]
fn what_runs_out_within_a_day_is_soon_once_and_of_what_goes_on_alone() {
    let late = |due, stopped| [Late { due, stopped }];
    let soon = |late: &[Late], period, now| figures(&[CaseFact { late, ..fact() }], period, now).due_soon;
    let (now, on) = (1_600, Period { from: 1_000, to: 1_601 });
    assert_eq!(soon(&late(1_600, None), on, now), 1, "this very second");
    assert_eq!((soon(&late(1_600 + 86_400, None), on, now), soon(&late(1_601 + 86_400, None), on, now)), (1, 0));
    assert_eq!(soon(&late(1_599, None), on, now), 0, "which is overdue");
    let both = [Late { due: 1_500, stopped: None }, Late { due: 1_700, stopped: None }];
    assert_eq!(soon(&both, on, now), 0, "and is told as that");
    assert_eq!(soon(&late(1_700, Some(1_590)), on, now), 0, "which was stopped");
    assert_eq!(soon(&late(1_700, None), PERIOD, NOW), 0, "of a period that is over nobody knows");
}

#[test]
fn a_withdrawn_case_owes_no_settlement() {
    let withdrawn = CaseFact { withdrawn_at: Some(1_300), ..fact() };
    let counts = of(&[withdrawn]);
    assert_eq!((counts.settled_in_time, counts.open), (part(0, 0), 0));
}

#[test]
fn what_happens_after_now_has_not_happened() {
    let counts = figures(&[settled_at(1_400, &[])], PERIOD, 1_130);
    assert_eq!((counts.received, counts.settled, counts.open, counts.overdue), (1, 0, 1, 0));
    assert_eq!(counts.settled_in_time, part(0, 0));
}

#[test]
fn ratings_of_four_and_five_are_satisfied_and_none_is_no_rating() {
    let facts: Vec<_> = (0..=5).map(|rating| CaseFact { rating, ..fact() }).collect();
    assert_eq!(of(&facts).satisfied, part(2, 5));
}

#[test]
fn the_figures_show_every_count_before_any_is_withheld() {
    let shown = Figures::from(of(&[fact()]));
    assert_eq!(
        (shown.received, shown.people, shown.amount_fen, shown.self_reported),
        (Some(1), Some(3), Some(1_000), Some(1))
    );
    assert_eq!(shown.settled_in_time.whole, Some(1));
}

#[test]
fn two_of_two_rank_nowhere_and_many_rank_by_what_is_sure() {
    assert_eq!(rank_key(part(2, 2)), None);
    assert_eq!(wilson(part(0, 0)), None);
    assert!(rank_key(part(30, 30)).unwrap() < rank_key(part(990, 1_000)).unwrap());
    let (low, high) = wilson(part(5, 10)).unwrap();
    assert!((low - 0.2366).abs() < 1e-4 && (high - 0.7634).abs() < 1e-4, "{low} {high}");
}

#[test]
fn orders_are_in_time_if_answered_inside_their_minutes_and_late_once_those_are_over() {
    let order = |issued_at, stopped| OrderFact { issued_at, check_in: term(issued_at + 100, stopped), place: 0 };
    let orders = [order(1_100, Some(1_200)), order(1_100, Some(1_201)), order(1_100, None), order(2_000, Some(2_001))];
    let counted = |now| {
        let mut counts = Counts::default();
        for order in &orders {
            counts.count_order(order, PERIOD, now);
        }
        (counts.orders, counts.checked_in)
    };
    assert_eq!(counted(NOW), (3, part(1, 3)));
    assert_eq!(counted(1_150), (3, part(0, 0)), "their minutes still run");
    assert_eq!(counted(1_099), (0, part(0, 0)));
}

#[test]
fn a_confirmation_belongs_to_the_period_in_which_it_was_applied_for() {
    let one =
        |applied_at, stopped| ConfirmationFact { applied_at, confirmed: term(applied_at + 30, stopped), place: 0 };
    let mut counts = Counts::default();
    for confirmation in [one(1_990, Some(2_010)), one(1_990, Some(2_100)), one(990, Some(1_010))] {
        counts.count_confirmation(&confirmation, PERIOD, NOW);
    }
    assert_eq!((counts.confirmations, counts.confirmed_in_time), (2, part(1, 2)));
}

#[test]
fn of_disputes_some_are_mediated_and_of_the_settled_some_are_rated() {
    let settled = settled_at(1_400, &[]);
    let cases = [
        CaseFact { mediated: Some(true), rating: 4, ..settled },
        settled,
        CaseFact { mediated: None, rating: 5, ..fact() },
    ];
    let counts = of(&cases);
    assert_eq!(
        (counts.mediated, counts.rated),
        (part(1, 2), part(1, 2)),
        "an advice is no dispute, an open case no rating"
    );
}

/// Counts an ordinary case by its steps alone, a week later.
fn by_steps(steps: &[(&str, CaseState)]) -> Counts {
    let reported = china("2025-03-03 10:00:00");
    let now = china("2025-03-10 00:00:00");
    let steps: Vec<_> = steps.iter().map(|&(at, state)| (china(at), state)).collect();
    let rule = defaults::classes().into_iter().find(|rule| rule.class == Class::Ordinary).unwrap();
    let at = |wanted: fn(CaseState) -> bool| steps.iter().find(|step| wanted(step.1)).map(|step| step.0.timestamp());
    let (accepted_at, resolved_at) = (at(is_acceptance), at(|state| state == CaseState::Resolved));
    let clocks = clocks_of(&rule, reported, &steps, &work_calendar(), now);
    let Terms { answer, accept, settle, late } = Terms::new(&clocks, accepted_at.is_some(), resolved_at.is_some());
    let reported_at = reported.timestamp();
    let fact = CaseFact { reported_at, accepted_at, resolved_at, answer, accept, settle, late: &late, ..fact() };
    let period = Period { from: reported.timestamp(), to: now.timestamp() };
    figures(&[fact], period, now.timestamp())
}

#[test]
fn a_returned_report_was_answered_and_owes_no_acceptance() {
    let counts = by_steps(&[("2025-03-03 10:30:00", CaseState::Returned)]);
    assert_eq!((counts.answered, counts.accepted, counts.overdue), (part(1, 1), part(0, 0), 0));
}

#[test]
fn a_case_passed_on_is_in_time_if_each_level_was() {
    use CaseState::{Accepted, Resolved, Transferred};
    let passed = ("2025-03-03 11:30:00", Transferred);
    let in_time = by_steps(&[passed, ("2025-03-03 13:00:00", Accepted), ("2025-03-03 18:00:00", Resolved)]);
    assert_eq!((in_time.accepted, in_time.settled_in_time), (part(1, 1), part(1, 1)));
    let late_there = by_steps(&[passed, ("2025-03-03 14:00:00", Accepted), ("2025-03-04 18:00:00", Resolved)]);
    assert_eq!((late_there.accepted, late_there.settled_in_time), (part(0, 1), part(0, 1)));
    let never_there = by_steps(&[passed]);
    assert_eq!((never_there.accepted, never_there.overdue), (part(0, 1), 1));
}

#[test]
fn a_case_passed_on_twice_is_in_time_only_if_the_second_was_too() {
    use CaseState::{Accepted, Escalated, Handling, Resolved};
    let up = [("2025-03-03 10:20:00", Accepted), ("2025-03-03 11:00:00", Handling), ("2025-03-03 12:00:00", Escalated)];
    let late_there = by_steps(&[&up[..], &[("2025-03-03 15:00:00", Accepted)]].concat());
    assert_eq!(
        (late_there.received, late_there.accepted),
        (1, part(0, 1)),
        "the first acceptance does not stand for it"
    );
    let waiting = by_steps(&up);
    assert_eq!((waiting.accepted, waiting.settled_in_time, waiting.overdue), (part(0, 1), part(0, 0), 1));
    let there = [("2025-03-03 13:00:00", Accepted), ("2025-03-03 18:00:00", Resolved)];
    let in_time = by_steps(&[&up[..], &there].concat());
    assert_eq!((in_time.accepted, in_time.settled_in_time, in_time.overdue), (part(1, 1), part(1, 1), 0));
}

#[test]
fn a_case_that_was_only_passed_up_has_not_been_received() {
    let counts = by_steps(&[("2025-03-03 10:20:00", CaseState::Escalated)]);
    assert_eq!((counts.received, counts.answered, counts.accepted), (0, part(1, 1), part(0, 1)));
}

fn facts() -> impl Strategy<Value = Vec<CaseFact<'static>>> {
    let at = || prop::option::of(0_i64..6_000);
    let row = (0_i64..4_000, at(), at(), at(), at(), at(), 0_u8..6);
    let row = row.prop_map(|(reported_at, answered_at, accepted_at, resolved_at, withdrawn_at, due, rating)| {
        let settle = Term { due, stopped: resolved_at };
        let answer = term(1_110, answered_at);
        CaseFact { reported_at, answer, accepted_at, resolved_at, withdrawn_at, settle, rating, ..fact() }
    });
    prop::collection::vec(row, 0..60)
}

proptest! {
    /// The one meaning of "overdue": what a list finds at any second, a figure of a period that ends then counts.
    #[test]
    fn lists_and_figures_agree_on_what_is_overdue(
        path in prop::collection::vec((prop::sample::select(CaseState::ALL), 1_i64..90_000), 0..12),
        class in prop::sample::select(Class::ALL), wait in 0_i64..400_000,
    ) {
        let reported = china("2025-03-03 10:00:00");
        let mut at = reported;
        let steps: Vec<_> = path.into_iter().map(|(to, gap)| { at += chrono::TimeDelta::seconds(gap); (at, to) }).collect();
        let asked = at + chrono::TimeDelta::seconds(wait);
        let rule = defaults::classes().into_iter().find(|rule| rule.class == class).unwrap();
        let state = steps.last().map_or(CaseState::Reported, |step| step.1);
        let listed = is_overdue(state, &clocks_of(&rule, reported, &steps, &work_calendar(), asked));
        // As the server keeps it: computed once, when the case changed.
        let kept = Terms::new(&clocks_of(&rule, reported, &steps, &work_calendar(), reported), true, true);
        let ended = (!is_open(state)).then_some(at.timestamp());
        let fact = CaseFact { reported_at: reported.timestamp(), resolved_at: ended, late: &kept.late, ..fact() };
        let now = asked.timestamp();
        let counts = figures(&[fact], Period { from: 0, to: now + 1 }, now);
        prop_assert_eq!(counts.overdue, u64::from(listed), "{} {:?}", state, kept.late);
    }

    #[test]
    fn the_whole_is_the_sum_of_its_parts_wherever_it_is_cut(facts in facts(), cut in 0_usize..60) {
        let (left, right) = facts.split_at(cut.min(facts.len()));
        prop_assert_eq!(of(left) + of(right), of(&facts));
        prop_assert_eq!(of(&facts) - of(right), of(left));
        prop_assert_eq!([of(left), of(right)].into_iter().sum::<Counts>(), of(&facts));
    }

    #[test]
    fn no_part_is_more_than_its_whole(facts in facts(), now in 0_i64..6_000) {
        let counts = figures(&facts, PERIOD, now);
        let new = [counts.mediated, counts.rated];
        for share in [counts.answered, counts.accepted, counts.settled_in_time, counts.satisfied].into_iter().chain(new) {
            prop_assert!(share.part <= share.whole);
        }
        prop_assert!(counts.settled <= counts.received && counts.overdue <= counts.open);
    }

    #[test]
    fn two_halves_of_a_period_receive_what_the_whole_does(facts in facts(), cut in 1_000_i64..2_000) {
        let received = |from, to| figures(&facts, Period { from, to }, NOW).received;
        prop_assert_eq!(received(1_000, cut) + received(cut, 2_000), received(1_000, 2_000));
    }

    #[test]
    fn the_interval_holds_the_rate(part_of in 0_u64..1_000, rest in 0_u64..1_000) {
        prop_assume!(part_of + rest > 0);
        let (low, high) = wilson(part(part_of, part_of + rest)).unwrap();
        let rate = part_of as f64 / (part_of + rest) as f64;
        prop_assert!((0.0..=1.0).contains(&low) && low <= rate + 1e-9 && rate <= high + 1e-9 && high <= 1.0);
    }
}

#[test]
fn lawsuits_are_rated_by_the_year_whatever_the_period() {
    let rate = |filed: u64, months: u32| {
        let share = lawsuit_rate(Some(Lawsuits { filed: Some(filed), months, ended: months, people: 60_000 }));
        share.part.unwrap() as f64 / share.whole.unwrap() as f64 * 10_000.0
    };
    assert!((rate(40, 1) - 80.0).abs() < 1e-9);
    assert!((rate(480, 12) - 80.0).abs() < 1e-9);
    assert_eq!(lawsuit_rate(Some(Lawsuits { filed: None, months: 0, ended: 2, people: 60_000 })), Share::default());
    assert_eq!(lawsuit_rate(None), Share::default());
}
