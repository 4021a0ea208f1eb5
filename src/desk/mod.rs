//! The desk: find, decide, act in few clicks.

use leptos::prelude::*;

use crate::tr;

/// The desk and the wall.
#[component]
pub fn App() -> impl IntoView {
    view! { <main class="desk"><h1>{move || tr!(desk.title)}</h1></main> }
}
