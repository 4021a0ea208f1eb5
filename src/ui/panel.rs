//! A titled part of a side panel or drawer, and placeholders of its shape.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::button::IconButton;
use super::icon::Icon;
use crate::say;

/// A titled part.
#[component]
pub fn Panel(
    /// The id of its title; unique on the page.
    id: &'static str,
    #[prop(into)] title: TextProp,
    /// Shows a button that closes it.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby=id>
            <div class="panel-head">
                <h2 id=id tabindex="-1">{move || title.get()}</h2>
                {on_close.map(|on_press| view! { <IconButton icon=Icon::Close label=say!(common.close) on_press /> })}
            </div>
            {children()}
        </section>
    }
}

/// Grey lines in the shape of what is coming.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">{say!(common.loading)}</span>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
}
