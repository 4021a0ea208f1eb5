//! The frame of the map in plain HTML: scale bar, north, datum, source and review number; zoom buttons.

use leptos::prelude::*;

use super::model::{MapWords, Seen, TileSource};

/// Shows the foot of the map, which nothing may cover.
#[component]
pub fn MapFoot(
    /// What the map shows; nothing is said of a scale before that is known.
    #[prop(into)]
    seen: Signal<Option<Seen>>,
    /// The words.
    words: Signal<MapWords>,
    /// Whose tiles lie under the map.
    tiles: Signal<Option<TileSource>>,
    /// Greatest width of the scale bar, CSS pixels: its figure must fit.
    bar_px: Signal<f64>,
) -> impl IntoView {
    let bar = Memo::new(move |_| seen.get().map(|seen| scale_bar(seen.metres_per_pixel, bar_px.get())));
    let width = move || bar.get().map(|bar| format!("{}px", bar.px.round()));
    let length = move || bar.get().map(|bar| metres_text(bar.metres));
    let attribution = move || tiles.get().map(|tiles| tiles.attribution);
    view! {
        <div class="map-foot">
            <div class="map-scale" style:width=width>{length}</div>
            <span class="map-north">
                <svg viewBox="0 0 10 14" width="10" height="14" aria-hidden="true">
                    <path d="M5 0 L9 13 L5 10 L1 13 Z" fill="currentColor" />
                </svg>
                {move || words.with(|words| words.north.clone())}
            </span>
            <span class="map-datum">{move || words.with(|words| words.datum.clone())}</span>
            <span class="map-notice">{move || words.with(|words| words.notice.clone())}</span>
            <span class="map-attribution">{attribution}</span>
        </div>
    }
}

/// Greatest width of the scale bar at a desk, CSS pixels.
pub const BAR_PX: f64 = 110.0;

/// Holds a scale bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleBar {
    /// Metres on the ground that it stands for: 1, 2 or 5 times a power of ten.
    pub metres: f64,
    /// Its width in CSS pixels.
    pub px: f64,
}

/// Finds the longest round length that fits.
pub fn scale_bar(metres_per_pixel: f64, most_px: f64) -> ScaleBar {
    let most = metres_per_pixel * most_px;
    let power = 10_f64.powf(most.log10().floor());
    let metres = [5.0, 2.0, 1.0].map(|digit| digit * power).into_iter().find(|&metres| metres <= most).unwrap_or(most);
    ScaleBar { metres, px: metres / metres_per_pixel }
}

/// Writes a length with its unit: metres below a kilometre, kilometres above.
pub fn metres_text(metres: f64) -> String {
    if metres < 1000.0 { format!("{metres}\u{2009}m") } else { format!("{}\u{2009}km", metres / 1000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_round_and_fits() {
        for step in 0..120 {
            let metres_per_pixel = 0.1 * 1.1_f64.powi(step);
            let bar = scale_bar(metres_per_pixel, 110.0);
            assert!(bar.px <= 110.0 && bar.px > 43.0, "{bar:?}");
            let digit = bar.metres / 10_f64.powf(bar.metres.log10().floor());
            assert!([1.0, 2.0, 5.0, 10.0].iter().any(|round| (digit - round).abs() < 1e-6), "{bar:?}");
        }
    }

    #[test]
    fn lengths_have_units() {
        assert_eq!(metres_text(500.0), "500\u{2009}m");
        assert_eq!(metres_text(2000.0), "2\u{2009}km");
    }
}
