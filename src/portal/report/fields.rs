//! Fields with their label, their hint and what is wrong with them; and the list of all that is wrong, which takes the focus.

use leptos::prelude::*;

use super::draft::Fault;
use super::store::Filing;
use super::told::fault_words;
use crate::browser::page as document;
use crate::reactive::{part, words};
use crate::tr;

/// How a field is asked for.
pub(super) struct Field {
    pub id: String,
    pub label: String,
    pub required: bool,
    pub hint: String,
    pub kind: Kind,
    pub value: String,
    /// What a browser may fill in.
    pub autocomplete: &'static str,
}

/// What is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line: `type` and `inputmode`.
    Line(&'static str, &'static str),
    /// Several lines.
    Lines,
}

/// Whether what is filled in at an id was found wrong, as `aria-invalid` says it.
pub(super) fn invalid(filing: Filing, id: &str) -> impl Fn() -> Option<&'static str> + Send + Clone + 'static {
    let id = id.to_owned();
    move || filing.faults.with(|faults| faults.iter().any(|fault| fault.id == id)).then_some("true")
}

/// A field; `fill` takes what is typed.
pub(super) fn field(filing: Filing, field: Field, fill: impl Fn(String) + 'static) -> AnyView {
    let Field { id, label, required, hint, kind, value, autocomplete } = field;
    let described = format!("{id}-hint {id}-error");
    let typed = move |event: leptos::ev::Event| fill(event_target_value(&event));
    let invalid = invalid(filing, &id);
    let control = match kind {
        Kind::Lines => view! {
            <textarea id=id.clone() name=id.clone() class="ask-input" rows="6" required=required autocomplete=autocomplete
                aria-describedby=described aria-invalid=invalid prop:value=value on:input=typed></textarea>
        }
        .into_any(),
        Kind::Line(kind, mode) => view! {
            <input id=id.clone() name=id.clone() class="ask-input" type=kind inputmode=mode required=required autocomplete=autocomplete
                aria-describedby=described aria-invalid=invalid prop:value=value on:input=typed />
        }
        .into_any(),
    };
    view! {
        <div class="ask">
            <label for=id.clone()>{label}" "{mark(required)}</label>
            {hint_and_error(filing, &id, hint)}
            {control}
        </div>
    }
    .into_any()
}

/// Says whether it has to be filled in.
pub(super) fn mark(required: bool) -> AnyView {
    let word = if required { tr!(report.required) } else { tr!(report.optional) };
    view! { <span class="ask-mark">{word}</span> }.into_any()
}

/// The two lines that a field is described by.
pub(super) fn hint_and_error(filing: Filing, id: &str, hint: String) -> AnyView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let id = id.to_owned();
    let said = words(move || {
        let faults = filing.faults.get();
        faults.iter().find(|fault| fault.id == id).map(fault_words).unwrap_or_default()
    });
    view! { <p id=hint_id class="ask-hint">{hint}</p> <p id=error_id class="ask-error">{said}</p> }.into_any()
}

/// All that is wrong here, each leading to its field.
pub(super) fn summary(filing: Filing) -> AnyView {
    part(move || {
        let faults = filing.faults.get();
        if faults.is_empty() {
            return ().into_any();
        }
        let rows = faults.iter().map(leading).collect_view();
        view! {
            <div id="faults" class="faults" role="alert" tabindex="-1" aria-labelledby="faults-title">
                <h3 id="faults-title">{tr!(report.faults, n = faults.len())}</h3>
                <ul>{rows}</ul>
            </div>
        }
        .into_any()
    })
    .into_any()
}

fn leading(fault: &Fault) -> AnyView {
    let id = fault.id.clone();
    let lead = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        document::focus(&id);
    };
    view! { <li><a href=format!("#{}", fault.id) on:click=lead>{fault_words(fault)}</a></li> }.into_any()
}
