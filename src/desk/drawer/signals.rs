//! Why a place has its level: signals with their shares, and which cases stand behind each.

use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_wire::cases::{CaseState, CaseSummary, Class, ClockState};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{Reason, Signal, Warning};
use leptos::prelude::*;

use crate::api::dialect::Resource;
use crate::desk::words;
use crate::state::{SessionStore, use_store};
use crate::ui::number;
use crate::{say, tr};

/// Returns the warning about a place among those of the node and below.
pub fn warning_of<'a>(warnings: &'a [Warning], place: &PlaceId) -> Option<&'a Warning> {
    warnings.iter().find(|warning| warning.place == *place)
}

/// Whether the cases behind a signal are asked for: our own contract knows them where warnings and cases are its; else those that
/// were read are looked at.
pub fn are_asked_for() -> bool {
    let is_ours = |s: &SessionStore, resource| !s.public().backends().of(resource).is_foreign;
    use_store::<SessionStore>().with_untracked(|s| is_ours(s, Resource::Cases) && is_ours(s, Resource::Warnings))
}

/// Whether the cases behind a signal can be told from what a list says of a case.
pub const fn can_be_told(signal: Signal) -> bool {
    !matches!(signal, Signal::Repeats | Signal::Growth | Signal::FailedMediations)
}

/// Whether a case is one of those behind a signal.
pub fn stands_behind(signal: Signal, case: &CaseSummary, now: DateTime<FixedOffset>) -> bool {
    match signal {
        Signal::OpenCases => is_open(case.state),
        Signal::OverdueClocks => case.clocks.iter().any(|c| {
            c.stopped_at.is_none() && (c.state == ClockState::Overdue || c.due_at.is_some_and(|due| due < now))
        }),
        Signal::UrgentCases => case.class == Class::Urgent && now - case.reported_at <= TimeDelta::hours(24),
        Signal::GroupMatters => case.people >= 5,
        Signal::Amount => case.amount_fen > 0,
        Signal::Rebounds => case.state == CaseState::Reopened,
        Signal::Repeats | Signal::Growth | Signal::FailedMediations => true,
    }
}

/// Whether a case still waits for something to be done.
pub const fn is_open(state: CaseState) -> bool {
    use CaseState as S;
    !matches!(state, S::Draft | S::Resolved | S::Confirmed | S::Rated | S::Archived | S::Withdrawn)
}

/// The signals of a warning, largest first; choosing one shows the cases behind it.
#[component]
pub fn Signals(
    /// The signals.
    reasons: Vec<Reason>,
    /// The one whose cases are shown.
    chosen: RwSignal<Option<Signal>>,
) -> impl IntoView {
    let rows = reasons.into_iter().map(|reason| view! { <SignalRow reason chosen /> }).collect_view();
    view! {
        <ul class="signals">{rows}</ul>
        <Show when=move || chosen.get().is_some()>
            <button type="button" class="button" on:click=move |_| chosen.set(None)>{say!(desk.detail_all_behind)}</button>
        </Show>
    }
}

#[component]
fn SignalRow(reason: Reason, chosen: RwSignal<Option<Signal>>) -> impl IntoView {
    let Reason { signal, points, share, cases, .. } = reason;
    let width = format!("{:.1}%", (share * 100.0).clamp(0.0, 100.0));
    let pressed = move || (chosen.get() == Some(signal)).to_string();
    let name = move || tr!(desk.detail_show_behind, name = words::signal(signal));
    let behind = move || tr!(desk.detail_behind, n = cases);
    let link = if cases > 0 && (can_be_told(signal) || are_asked_for()) {
        view! {
            <button type="button" class="link" aria-label=name aria-pressed=pressed
                on:click=move |_| chosen.update(|c| *c = (*c != Some(signal)).then_some(signal))>{behind}</button>
        }
        .into_any()
    } else {
        view! { <span class="quiet">{behind}</span> }.into_any()
    };
    view! {
        <li class="signal">
            <span class="signal-name">{move || words::signal(signal)}</span>
            <span class="bar-track" aria-hidden="true"><i class="bar-fill" style:display="block" style:width=width></i></span>
            <span class="figure">{move || tr!(desk.detail_points, n = format!("{points:.1}"))}" · "{number::share(share)}</span>
            {link}
        </li>
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::cases::{Channel, Clock, ClockKind, Sensitivity};

    use super::*;

    /// Makes a moment.
    pub fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    /// Makes an ordinary open case.
    pub fn case(number: &str) -> CaseSummary {
        CaseSummary {
            number: number.into(),
            channel: Channel::Hall,
            category: "noise".into(),
            class: Class::Ordinary,
            sensitivity: Sensitivity::Internal,
            state: CaseState::Handling,
            place: Some("g1".into()),
            address: None,
            at: Some([113.9, 22.7]),
            reported_at: at("2026-03-01T08:00:00+08:00"),
            resolved_at: None,
            title: "夜间施工噪声".to_owned(),
            people: 1,
            amount_fen: 0,
            holder: None,
            clocks: vec![],
        }
    }

    #[test]
    fn the_cases_behind_a_signal_are_those_that_raise_it() {
        let now = at("2026-03-02T07:00:00+08:00");
        let mut one = case("1");
        assert!(stands_behind(Signal::OpenCases, &one, now) && !stands_behind(Signal::OverdueClocks, &one, now));
        one.clocks.push(Clock {
            kind: ClockKind::Settle,
            started_at: one.reported_at,
            due_at: Some(at("2026-03-02T00:00:00+08:00")),
            stopped_at: None,
            state: ClockState::Running,
        });
        // The clock ran out since the server answered.
        assert!(stands_behind(Signal::OverdueClocks, &one, now));
        one.class = Class::Urgent;
        assert!(stands_behind(Signal::UrgentCases, &one, now));
        assert!(!stands_behind(Signal::UrgentCases, &one, at("2026-03-02T08:00:01+08:00")));
        one.state = CaseState::Confirmed;
        assert!(!stands_behind(Signal::OpenCases, &one, now));
    }
}
