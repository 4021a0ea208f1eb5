//! An address that leads nowhere.

use leptos::prelude::*;

use crate::routes::Page;
use crate::say;

/// Says so, and leads back to the map.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="entry">
            <div class="entry-sheet">
                <h1>{say!(desk.not_found)}</h1>
                <p>{say!(desk.not_found_hint)}</p>
                <p><a href=Page::Map.path()>{say!(desk.to_map)}</a></p>
            </div>
        </main>
    }
}
