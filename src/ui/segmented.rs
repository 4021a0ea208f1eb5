//! One choice among a few, all in sight: native radio buttons.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// One choice.
#[derive(Clone)]
pub struct Choice<T> {
    /// What is chosen.
    pub value: T,
    /// What people read.
    pub label: TextProp,
}

impl<T> Choice<T> {
    /// Joins a value and its word.
    pub fn new(value: T, label: impl Into<TextProp>) -> Self {
        Self { value, label: label.into() }
    }
}

/// Shows every choice; arrow keys move among them, as in every radio group.
#[component]
pub fn Segmented<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Names the group in the document; unique on the page.
    name: &'static str,
    /// What the choice is about.
    #[prop(into)]
    legend: TextProp,
    choices: Vec<Choice<T>>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] on_choose: Callback<T>,
) -> impl IntoView {
    let one = move |choice: Choice<T>| {
        let value = choice.value;
        view! {
            <label class:chosen=move || chosen.get() == value>
                <input type="radio" name=name prop:checked=move || chosen.get() == value on:change=move |_| on_choose.run(value) />
                {move || choice.label.get()}
            </label>
        }
    };
    view! {
        <fieldset class="segmented">
            <legend class="sr-only">{move || legend.get()}</legend>
            {choices.into_iter().map(one).collect_view()}
        </fieldset>
    }
}
