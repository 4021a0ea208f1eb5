//! Tools over the map: where am I, how far, how large.

use fengtu_geo::LonLat;
use leptos::prelude::*;

use super::context::MapContext;
use crate::browser::geolocation::{self, GeolocationError};
use crate::map::model::{Located, MeasureMode, Measured};
use crate::routes::Camera;
use crate::state::{ViewStore, use_store};
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::{say, tr};

/// Milliseconds that the device may take to find itself.
const LOCATE_MS: u32 = 15_000;
/// The zoom at which one's own surroundings read.
const LOCATED_ZOOM: f64 = 16.0;

/// The tools, and what they have found.
#[component]
pub fn MapTools(
    /// What the parts of the page share.
    map: MapContext,
) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let trouble = RwSignal::new(None::<GeolocationError>);
    let measures = move |mode| Signal::derive(move || map.measure.get() == mode);
    let toggle =
        move |mode| move |()| map.measure.update(|now| *now = if *now == mode { MeasureMode::Off } else { mode });
    view! {
        <div class="map-tools" role="group" aria-label=say!(desk.map_tools)>
            <IconButton icon=Icon::Locate label=say!(desk.map_locate) on_press=move |()| locate(map, view, trouble) />
            <IconButton icon=Icon::Measure label=say!(desk.map_distance)
                pressed=measures(MeasureMode::Distance) on_press=toggle(MeasureMode::Distance) />
            <IconButton icon=Icon::Area label=say!(desk.map_area)
                pressed=measures(MeasureMode::Area) on_press=toggle(MeasureMode::Area) />
        </div>
        <div class="map-found" role="status">
            <MeasureResult map />
            <LocateResult map trouble />
        </div>
    }
}

fn locate(map: MapContext, view: RwSignal<ViewStore>, trouble: RwSignal<Option<GeolocationError>>) {
    trouble.set(None);
    leptos::task::spawn_local(async move {
        match geolocation::locate(LOCATE_MS).await {
            Ok(fix) => {
                let at = LonLat { lon: fix.lon, lat: fix.lat };
                let _ = map.located.try_set(Some(Located { at, accuracy_m: fix.accuracy_m }));
                // As if the user had gone there by hand: the address says what is seen, and the map follows it.
                let camera = Camera { lon: at.lon, lat: at.lat, zoom: LOCATED_ZOOM };
                let _ = view.try_update(|v| v.state.camera = Some(camera));
            }
            Err(error) => drop(trouble.try_set(Some(error))),
        }
    });
}

#[component]
fn MeasureResult(map: MapContext) -> impl IntoView {
    let words = move || match map.measure.get() {
        MeasureMode::Off => None,
        mode => Some(map.measured.with(|measured| measured_words(mode, measured))),
    };
    move || words().map(|words| view! { <p class="map-note">{words}</p> })
}

fn measured_words(mode: MeasureMode, measured: &Measured) -> String {
    if measured.points.len() < 2 {
        return tr!(desk.map_measure_hint).to_owned();
    }
    match (mode, measured.area_m2) {
        (MeasureMode::Area, Some(area)) => {
            tr!(desk.map_measured_area, area = area_text(area), length = length_text(measured.length_m))
        }
        _ => tr!(desk.map_measured_length, length = length_text(measured.length_m)),
    }
}

/// Writes a length: metres below a kilometre, else kilometres with two decimals.
pub fn length_text(metres: f64) -> String {
    if metres < 1_000.0 { format!("{metres:.0}\u{2009}m") } else { format!("{:.2}\u{2009}km", metres / 1_000.0) }
}

/// Writes an area: square metres below a hectare, else square kilometres.
pub fn area_text(m2: f64) -> String {
    if m2 < 10_000.0 { format!("{m2:.0}\u{2009}m²") } else { format!("{:.3}\u{2009}km²", m2 / 1e6) }
}

#[component]
fn LocateResult(map: MapContext, trouble: RwSignal<Option<GeolocationError>>) -> impl IntoView {
    let words = move || match (trouble.get(), map.located.get()) {
        (Some(error), _) => Some(trouble_words(error).to_owned()),
        (None, Some(located)) => Some(tr!(desk.map_located, accuracy = length_text(located.accuracy_m))),
        (None, None) => None,
    };
    let close = move |()| {
        trouble.set(None);
        map.located.set(None);
    };
    move || {
        words().map(|words| {
            view! {
                <p class="map-note">{words}<IconButton icon=Icon::Close label=say!(common.close) on_press=close /></p>
            }
        })
    }
}

fn trouble_words(error: GeolocationError) -> &'static str {
    match error {
        GeolocationError::Unsupported => tr!(desk.map_locate_unsupported),
        GeolocationError::Denied => tr!(desk.map_locate_denied),
        GeolocationError::Unavailable => tr!(desk.map_locate_unavailable),
        GeolocationError::TimedOut => tr!(desk.map_locate_timed_out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units_that_fit_them() {
        assert_eq!([length_text(999.4), length_text(1_234.0)], ["999\u{2009}m", "1.23\u{2009}km"]);
        assert_eq!([area_text(2_500.0), area_text(1_250_000.0)], ["2500\u{2009}m²", "1.250\u{2009}km²"]);
    }
}
