//! A labelled text field that says what is wrong with it.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// A text field.
#[component]
pub fn Field(
    /// The id in the document; unique on the page.
    id: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<String>,
    /// `text`, `password`, `search`, `tel`…
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in, such as `username`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What is wrong with it; empty: nothing.
    #[prop(optional, into)]
    error: Signal<String>,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let described = error_id.clone();
    view! {
        <div class="field">
            <label class="field-label" for=id>{move || label.get()}</label>
            <input class="field-input" id=id name=id type=kind autocomplete=autocomplete prop:value=value
                aria-invalid=move || (!error.get().is_empty()).then_some("true")
                aria-describedby=move || (!error.get().is_empty()).then(|| described.clone())
                on:input:target=move |event| value.set(event.target().value()) />
            <p class="field-error" id=error_id hidden=move || error.get().is_empty()>{move || error.get()}</p>
        </div>
    }
}
