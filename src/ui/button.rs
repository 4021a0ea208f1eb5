//! Buttons.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::{Glyph, Icon};

/// How much a button calls for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// An ordinary one.
    #[default]
    Plain,
    /// The one that people came for; at most one on a view.
    Primary,
    /// Without an edge, among others of its kind.
    Bare,
}

/// A button with a word, and an icon if there is one.
#[component]
pub fn Button(
    #[prop(into)] label: TextProp,
    #[prop(into)] on_press: Callback<()>,
    #[prop(optional)] look: Look,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button type="button" class="button" class:primary=look == Look::Primary class:bare=look == Look::Bare
            prop:disabled=disabled on:click=move |_| on_press.run(())>
            {icon.map(|icon| view! { <Glyph icon /> })}
            {move || label.get()}
        </button>
    }
}

/// A button that shows an icon alone; the word is its name and its tip.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: TextProp,
    #[prop(into)] on_press: Callback<()>,
    /// Makes it a switch that is on or off.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
) -> impl IntoView {
    let title = label.clone();
    view! {
        <button type="button" class="button bare icon-only" aria-label=move || label.get() title=move || title.get()
            aria-pressed=move || pressed.map(|on| on.get().to_string()) on:click=move |_| on_press.run(())>
            <Glyph icon />
        </button>
    }
}
