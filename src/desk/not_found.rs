//! An address that leads nowhere.

use leptos::prelude::*;

use crate::routes::Page;
use crate::tr;

/// Says so, and leads back to the map.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="entry">
            <div class="entry-sheet">
                <h1>{move || tr!(desk.not_found)}</h1>
                <p>{move || tr!(desk.not_found_hint)}</p>
                <p><a href=Page::Map.path()>{move || tr!(desk.to_map)}</a></p>
            </div>
        </main>
    }
}
