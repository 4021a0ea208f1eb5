//! What the marks of the map mean, drawn as the map draws them.

use fengtu_wire::grids::LandUse;
use fengtu_wire::stations::{CircleKind, StationLevel};
use leptos::prelude::*;

use crate::map::glyph::{Glyph, SHARE};
use crate::map::model::{HeatLegend, HeatStop, HeatTrouble};
use crate::tr;
use crate::ui::number::grouped;

/// A service circle in its hue.
#[component]
pub fn CircleSwatch(
    /// Sets the hue.
    kind: CircleKind,
) -> impl IntoView {
    let class = match kind {
        CircleKind::Appeal => "swatch-circle appeal",
        CircleKind::Legal => "swatch-circle legal",
        CircleKind::Psychological => "swatch-circle psychological",
    };
    view! { <svg class=class viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.5"></circle></svg> }
}

/// A station as large as its level.
#[component]
pub fn StationMarkLegend(
    /// Sets the size, and the glyph but for a site's.
    level: StationLevel,
) -> impl IntoView {
    let half = match level {
        StationLevel::District => 9.0,
        StationLevel::Street => 8.0,
        StationLevel::Community | StationLevel::Mobile => 7.0,
        StationLevel::Site => 6.0,
    };
    mark(half, Glyph::of(level, None))
}

/// A site in the kind of ground that it stands in.
#[component]
pub fn SiteMarkLegend(
    /// Sets the glyph.
    land: LandUse,
) -> impl IntoView {
    mark(6.0, Glyph::of(StationLevel::Site, Some(land)))
}

fn mark(half: f64, glyph: Glyph) -> impl IntoView {
    let place = format!("translate(9 9) scale({})", half * SHARE);
    view! {
        <svg class="swatch-station" viewBox="0 0 18 18" aria-hidden="true">
            <circle cx="9" cy="9" r=half></circle><path d=glyph.path() transform=place></path>
        </svg>
    }
}

/// What the heat's densities are counted in.
pub fn heat_unit(legend: &HeatLegend) -> &'static str {
    if legend.is_weighted { tr!(desk.heat_unit_weighted) } else { tr!(desk.heat_unit) }
}

/// The ramp of the heat with its exact steps.
#[component]
pub fn HeatRamp(
    /// What the map says of its picture.
    #[prop(into)]
    legend: Signal<HeatLegend>,
) -> impl IntoView {
    let stop = |stop: &HeatStop, full: f64| {
        let left = format!("{:.1}%", stop.per_km2 / full * 100.0);
        view! { <li class="figure" style:inset-inline-start=left>{density_text(stop.per_km2)}</li> }
    };
    let stops = move || legend.with(|l| l.stops.iter().map(|s| stop(s, l.max_per_km2)).collect_view());
    let bar = move || legend.with(|l| format!("linear-gradient(90deg,{})", l.ramp.join(",")));
    let is_empty = move || legend.with(|l| l.max_per_km2 <= 0.0);
    let unit = move || legend.with(heat_unit);
    // Where nothing could be drawn, there may be cases all the same.
    let is_unknown = move || legend.with(|l| l.trouble.is_some_and(HeatTrouble::leaves_nothing));
    let head = move || match (is_empty(), is_unknown()) {
        (false, _) => unit(),
        (true, false) => tr!(desk.heat_none),
        (true, true) => "",
    };
    view! {
        <div class="heat-ramp">
            <p class="layer-hint">{head}</p>
            <div class="heat-bar" hidden=is_empty aria-hidden="true" style:background-image=bar></div>
            <ol class="heat-stops" hidden=is_empty aria-label=unit>{stops}</ol>
            <EngineWords legend />
        </div>
    }
}

/// How many cases cannot be drawn, and what is amiss with the engine that draws them.
#[component]
pub fn EngineWords(
    /// What the map says of its picture.
    #[prop(into)]
    legend: Signal<HeatLegend>,
) -> impl IntoView {
    let trouble = move || legend.with(|l| l.trouble.map(trouble_text).unwrap_or_default());
    let left_out = move || legend.with(|l| l.left_out);
    let left_out_text = move || tr!(desk.heat_left_out, n = grouped(u64::from(left_out())));
    view! {
        <p class="layer-hint" hidden=move || left_out() == 0>{left_out_text}</p>
        <p class="layer-hint" role="status">{trouble}</p>
    }
}

fn trouble_text(trouble: HeatTrouble) -> &'static str {
    match trouble {
        HeatTrouble::Restarting => tr!(desk.heat_restarting),
        HeatTrouble::InPage => tr!(desk.heat_in_page),
        HeatTrouble::Lost => tr!(desk.heat_lost),
        HeatTrouble::Unreadable => tr!(desk.heat_unreadable),
    }
}

/// Writes a density as exactly as it is round.
pub fn density_text(per_km2: f64) -> String {
    if per_km2 >= 10.0 || per_km2 == 0.0 {
        return grouped(per_km2.round() as u64);
    }
    let text = format!("{per_km2:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_have_no_idle_zeros() {
        let texts = [0.0, 0.05, 0.5, 2.0, 20.0, 20_000.0].map(density_text);
        assert_eq!(texts, ["0", "0.05", "0.5", "2", "20", "20\u{2009}000"]);
    }
}
