//! What colours and shapes mean.

use fengtu_wire::warnings::Level;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::level::LevelBadge;

/// The four levels.
#[component]
pub fn LevelLegend() -> impl IntoView {
    let levels = [Level::Red, Level::Yellow, Level::Blue, Level::None];
    view! { <ul class="legend">{levels.map(|level| view! { <li><LevelBadge level /></li> }).collect_view()}</ul> }
}

/// The heat ramp from nothing to `most`, with its unit.
#[component]
pub fn HeatLegend(#[prop(into)] most: TextProp, #[prop(into)] unit: TextProp) -> impl IntoView {
    view! {
        <div class="legend">
            <div class="legend-ramp" aria-hidden="true"></div>
            <div class="legend-ends"><span>"0"</span><span>{move || unit.get()}</span><span>{move || most.get()}</span></div>
        </div>
    }
}
