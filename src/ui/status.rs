//! How things stand: a clock of a case, the freshness of the data, invented data.

use fengtu_wire::cases::ClockState;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::state::live::Freshness;
use crate::{say, tr};

/// How a clock stands: a shape and a word first, a tint second.
#[component]
pub fn ClockBadge(state: ClockState) -> impl IntoView {
    let icon = match state {
        ClockState::Running | ClockState::DueSoon => Icon::Clock,
        ClockState::Overdue => Icon::Warning,
        ClockState::Met => Icon::Done,
    };
    let word = move || match state {
        ClockState::Running => tr!(common.clock_running),
        ClockState::DueSoon => tr!(common.clock_due_soon),
        ClockState::Overdue => tr!(common.clock_overdue),
        ClockState::Met => tr!(common.clock_met),
    };
    view! { <span class=format!("badge {state}")><Glyph icon />{word}</span> }
}

/// Whether what is shown moves with the district: live, delayed, stopped.
#[component]
pub fn FreshnessMark(
    #[prop(into)] freshness: Signal<Freshness>,
    #[prop(into)] age_s: Signal<u32>,
    /// Seconds between two questions, where nothing arrives by itself.
    #[prop(into)]
    polled_s: Signal<Option<u32>>,
) -> impl IntoView {
    let class = move || match freshness.get() {
        Freshness::Connecting => "freshness connecting",
        Freshness::Live => "freshness live",
        Freshness::Delayed => "freshness delayed",
        Freshness::Stopped => "freshness stopped",
    };
    let word = move || match (freshness.get(), polled_s.get()) {
        (Freshness::Connecting, _) => tr!(common.connecting).to_owned(),
        (Freshness::Live, None) => tr!(common.live).to_owned(),
        (Freshness::Live, Some(n)) => tr!(common.polled, n = n),
        (Freshness::Delayed, _) => tr!(common.delayed).to_owned(),
        (Freshness::Stopped, _) => tr!(common.stopped).to_owned(),
    };
    let hint = move || match freshness.get() {
        Freshness::Live if polled_s.get().is_some() => tr!(common.polled_hint).to_owned(),
        Freshness::Connecting => tr!(common.connecting).to_owned(),
        Freshness::Live => tr!(common.live_hint).to_owned(),
        Freshness::Delayed => tr!(common.delayed_hint, n = age_s.get()),
        Freshness::Stopped => tr!(common.stopped_hint).to_owned(),
    };
    view! {
        <span class=class role="status" title=hint>
            <i class="freshness-mark" aria-hidden="true"></i><span class="freshness-word">{word}</span>
        </span>
    }
}

/// Says that everything here is invented.
#[component]
pub fn DemoBadge() -> impl IntoView {
    view! { <strong class="badge demo">{say!(common.demo)}</strong> }
}
