//! How the heat is drawn: over which period, how fast it cools, how far a case reaches.

use fengtu_heat::view::seen_radius_px;
use leptos::prelude::*;

use super::context::MapContext;
use super::playback::{self, PERIODS};
use super::scene::things::heat_wish;
use crate::state::{SessionStore, ViewStore, use_store};
use crate::ui::segmented::{Choice, Segmented};
use crate::{say, tr};

/// Half-lives of the slider in seconds; the first: it does not cool.
pub const HALF_LIVES_S: [u32; 9] = [0, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800];
/// Radii of the slider, metres.
pub const RADII_M: [u32; 7] = [50, 75, 100, 150, 250, 400, 800];
/// CSS pixels of one pixel of the heat's picture.
const HEAT_PX: f64 = 2.0;

/// The controls.
#[component]
pub fn HeatControls(
    /// What the parts of the page share.
    map: MapContext,
) -> impl IntoView {
    // Cells neither cool nor reach.
    let session = use_store::<SessionStore>();
    let points = move || session.with(SessionStore::sees_cases).then(|| view! { <HalfLife map /><Radius map /> });
    view! { <PeriodChoice map />{points} }
}

#[component]
fn PeriodChoice(map: MapContext) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let chosen = Memo::new(move |_| view.with(|v| playback::period_days(&v.state, map.present.get())));
    let choices = PERIODS.map(|days| Choice::new(days, move || tr!(desk.heat_days, n = days))).to_vec();
    let choose = move |days| view.update(|v| playback::set_days(&mut v.state, days, map.present.get_untracked()));
    view! {
        <div class="layer-control">
            <span class="layer-hint">{say!(desk.heat_period)}</span>
            <Segmented name="heat-period" legend=say!(desk.heat_period) choices chosen on_choose=choose />
        </div>
    }
}

/// Returns the step of a slider that is nearest to a value.
pub fn nearest_step(steps: &[f64], value: f64) -> usize {
    let near = steps.iter().enumerate().min_by(|a, b| (a.1 - value).abs().total_cmp(&(b.1 - value).abs()));
    near.map_or(0, |(index, _)| index)
}

#[component]
fn HalfLife(map: MapContext) -> impl IntoView {
    let (view, wish) = (use_store::<ViewStore>(), heat_wish(map));
    let steps = HALF_LIVES_S.map(f64::from);
    let step = Memo::new(move |_| nearest_step(&steps, f64::from(wish.with(|w| w.half_life_s.unwrap_or(0)))));
    let text = move || half_life_text(HALF_LIVES_S.get(step.get()).copied().unwrap_or(0));
    let set = move |index: usize| view.update(|v| v.state.half_life_s = HALF_LIVES_S.get(index).copied());
    view! { <Slider id="heat-half-life" label=move || tr!(desk.heat_half_life).to_owned() last=HALF_LIVES_S.len() - 1 step text on_set=set /> }
}

/// Writes a half-life.
pub fn half_life_text(seconds: u32) -> String {
    match seconds {
        0 => tr!(desk.heat_half_life_off).to_owned(),
        1..86_400 => tr!(desk.heat_hours, n = seconds / 3_600),
        _ => tr!(desk.heat_days, n = seconds / 86_400),
    }
}

#[component]
fn Radius(map: MapContext) -> impl IntoView {
    let (view, wish) = (use_store::<ViewStore>(), heat_wish(map));
    let steps = RADII_M.map(f64::from);
    let step = Memo::new(move |_| nearest_step(&steps, wish.with(|w| w.radius_m)));
    let text = move || format!("{:.0}\u{2009}m", wish.with(|w| w.radius_m));
    let set = move |index: usize| view.update(|v| v.state.radius_m = RADII_M.get(index).copied());
    let metres_per_pixel = move || map.seen.with(|seen| seen.as_ref().map(|seen| seen.metres_per_pixel));
    let drawn = Memo::new(move |_| larger_radius_m(wish.with(|w| w.radius_m), metres_per_pixel()?));
    let drawn_text = move || drawn.get().map(|metres| tr!(desk.heat_radius_drawn, n = format!("{metres:.0}")));
    view! {
        <Slider id="heat-radius" label=move || tr!(desk.heat_radius).to_owned() last=RADII_M.len() - 1 step text on_set=set />
        <p class="layer-hint" hidden=move || drawn.get().is_none()>{drawn_text}</p>
    }
}

/// What nobody sees of a radius.
const ALIKE: f64 = 1.05;

/// Returns the radius that is drawn where the map's scale is too small for the chosen one, metres.
fn larger_radius_m(radius_m: f64, metres_per_pixel: f64) -> Option<f64> {
    let metres_per_heat_pixel = HEAT_PX * metres_per_pixel;
    let seen = (seen_radius_px((radius_m / metres_per_heat_pixel) as f32) * metres_per_heat_pixel).round();
    (seen > radius_m * ALIKE).then_some(seen)
}

/// A slider over the steps of a scale, with its value in words.
#[component]
fn Slider(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    /// The number of the last step.
    last: usize,
    step: Memo<usize>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] on_set: Callback<usize>,
) -> impl IntoView {
    let input = move |e| {
        if let Ok(index) = event_target_value(&e).parse() {
            on_set.run(index);
        }
    };
    view! {
        <div class="layer-control">
            <label class="layer-hint" for=id>{label}</label>
            <output class="figure" for=id>{text}</output>
            <input type="range" id=id min="0" max=last step="1" prop:value=move || step.get().to_string()
                aria-valuetext=text on:input=input />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use fengtu_geo::LonLat;

    use super::*;
    use crate::map::plane::Frame;

    #[test]
    fn a_radius_smaller_than_the_heat_has_pixels_is_told() {
        // Zoom 12 and 15 in Shenzhen.
        assert_eq!([50.0, 100.0, 400.0].map(|m| larger_radius_m(m, 35.3)), [Some(112.0), Some(132.0), None]);
        assert_eq!(larger_radius_m(50.0, 4.4), None);
    }

    /// The map lays pictures with a margin on whole pixels of the heat: that is how large they are.
    #[test]
    fn the_heat_has_pixels_of_the_size_that_is_told() {
        let left = |n: u32| {
            let center = LonLat { lon: 113.9 + f64::from(n) * 1e-4, lat: 22.7 };
            Frame::around(center, 12.0, (800.0, 600.0), 0.2, 1.0).left
        };
        let steps: Vec<_> = (1..100).map(|n| left(n) - left(n - 1)).filter(|step| *step > 0.0).collect();
        assert!(steps.iter().all(|step| (step - HEAT_PX).abs() < 1e-9), "{steps:?}");
    }

    #[test]
    fn a_value_between_two_steps_is_shown_by_the_nearer() {
        let radii = RADII_M.map(f64::from);
        assert_eq!([nearest_step(&radii, 120.0), nearest_step(&radii, 130.0)], [2, 3]);
        assert_eq!(nearest_step(&[], 1.0), 0);
        assert_eq!(half_life_text(0), "不冷却");
        assert_eq!([half_life_text(3_600), half_life_text(604_800)], ["1 小时", "7 天"]);
    }
}
