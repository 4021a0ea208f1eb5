//! One faint line all over the page; a photograph of the screen then tells whose it was.

use leptos::prelude::*;

/// Tiles the page with a text; says nothing to a screen reader.
#[component]
pub fn Tiled(text: Signal<String>) -> impl IntoView {
    view! {
        <svg class="watermark" aria-hidden="true" focusable="false">
            <defs>
                <pattern id="watermark-tile" width="360" height="200" patternUnits="userSpaceOnUse" patternTransform="rotate(-20)">
                    <text x="8" y="40">{move || text.get()}</text>
                </pattern>
            </defs>
            <rect width="100%" height="100%" fill="url(#watermark-tile)"></rect>
        </svg>
    }
}
