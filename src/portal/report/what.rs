//! What happened, and the questions of the chosen kind in the server's own words.

use leptos::prelude::*;

use super::draft::{MAX_DESCRIPTION, field_id, offset};
use super::fields::{Field, Kind, field, hint_and_error, invalid, mark};
use super::store::Filing;
use crate::api::reports::{Attribute, AttributeKind, Choice};
use crate::reactive::{part, words};
use crate::state::Loadable;
use crate::tr;
use crate::ui::message::ErrorMessage;

/// More answers than these stand in a list that opens.
const FEW: usize = 6;
/// So few characters left are said.
const NEARLY: usize = 400;

/// What happened.
pub(super) fn what(filing: Filing) -> AnyView {
    let asked = Field {
        id: "description".to_owned(),
        label: tr!(report.what_label).to_owned(),
        required: true,
        hint: tr!(report.what_hint).to_owned(),
        kind: Kind::Lines,
        value: filing.draft.with_untracked(|draft| draft.description.clone()),
        autocomplete: "off",
    };
    let left = words(move || {
        let written = filing.draft.with(|draft| draft.description.chars().count());
        let left = MAX_DESCRIPTION.saturating_sub(written);
        if left < NEARLY { tr!(report.what_left, n = left) } else { String::new() }
    });
    view! {
        {field(filing, asked, move |text| filing.change(|draft| draft.description = text))}
        <p class="quiet" role="status">{left}</p>
    }
    .into_any()
}

/// The questions, once they are here.
pub(super) fn questions(filing: Filing) -> AnyView {
    let retry = Callback::new(move |()| filing.ask_questions());
    part(move || match filing.attributes.get() {
        Loadable::Loading => view! { <p role="status">{tr!(common.loading)}</p> }.into_any(),
        Loadable::Failed { error, .. } => view! { <ErrorMessage error on_retry=retry /> }.into_any(),
        Loadable::Ready { value, .. } | Loadable::Partial { value, .. } => {
            value.into_iter().enumerate().map(|(index, one)| question(filing, index, one)).collect_view().into_any()
        }
    })
    .into_any()
}

fn question(filing: Filing, index: usize, attribute: Attribute) -> AnyView {
    if !attribute.asked {
        return view! { <p class="circles">{attribute.text}</p> }.into_any();
    }
    match attribute.kind {
        AttributeKind::OneOf if attribute.choices.len() > FEW => list(filing, index, attribute),
        AttributeKind::OneOf | AttributeKind::SomeOf => choices(filing, index, attribute),
        kind => written(filing, index, attribute, kind),
    }
}

fn written(filing: Filing, index: usize, attribute: Attribute, kind: AttributeKind) -> AnyView {
    let Attribute { code, required, text, hint, .. } = attribute;
    let mut hint = hint.unwrap_or_default();
    let kind = match kind {
        AttributeKind::Number => Kind::Line("text", "decimal"),
        AttributeKind::Moment => {
            let zone = filing.portal.store.with_untracked(|s| s.config.value().map_or(0, |config| config.utc_offset_s));
            hint = [hint, tr!(report.zone, zone = offset(zone))].join(" ").trim_start().into();
            Kind::Line("datetime-local", "text")
        }
        AttributeKind::Text => Kind::Lines,
        _ => Kind::Line("text", "text"),
    };
    let value = filing.draft.with_untracked(|draft| draft.answer(&code).first().cloned().unwrap_or_default());
    let asked = Field { id: field_id(index), label: text, required, hint, kind, value, autocomplete: "off" };
    field(filing, asked, move |text| filing.change(|draft| draft.set_answer(&code, vec![text])))
}

fn list(filing: Filing, index: usize, attribute: Attribute) -> AnyView {
    let Attribute { code, required, text, hint, choices, .. } = attribute;
    let id = field_id(index);
    let chosen = filing.draft.with_untracked(|draft| draft.answer(&code).first().cloned().unwrap_or_default());
    let option = |Choice { key, name }: Choice| {
        let is_chosen = key == chosen;
        view! { <option value=key selected=is_chosen>{name}</option> }
    };
    let options = choices.into_iter().map(option).collect_view();
    let choose = move |event: leptos::ev::Event| {
        filing.change(|draft| draft.set_answer(&code, vec![event_target_value(&event)]));
    };
    view! {
        <div class="ask">
            <label for=id.clone()>{text}" "{mark(required)}</label>
            {hint_and_error(filing, &id, hint.unwrap_or_default())}
            <select id=id.clone() name=id.clone() class="ask-input" required=required
                aria-describedby=format!("{id}-hint {id}-error") aria-invalid=invalid(filing, &id) on:change=choose>
                <option value="">{tr!(report.choose)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

fn choices(filing: Filing, index: usize, attribute: Attribute) -> AnyView {
    let Attribute { code, kind, required, text, hint, choices, .. } = attribute;
    let id = field_id(index);
    let kind = if kind == AttributeKind::SomeOf { "checkbox" } else { "radio" };
    let chosen = filing.draft.with_untracked(|draft| draft.answer(&code).to_vec());
    let rows = choices.into_iter().map(|Choice { key, name }| {
        let (is_chosen, code) = (chosen.contains(&key), code.clone());
        let turn = move |event: leptos::ev::Event| {
            let on = event_target_checked(&event);
            filing.change(|draft| {
                if kind == "radio" { draft.set_answer(&code, vec![key.clone()]) } else { draft.turn(&code, &key, on) }
            });
        };
        view! {
            <label class="option">
                <input type=kind name=field_id(index) checked=is_chosen on:change=turn />
                <span class="option-words">{name}</span>
            </label>
        }
        .into_any()
    });
    let rows = rows.collect_view();
    view! {
        <fieldset id=id.clone() class="options ask" tabindex="-1" aria-describedby=format!("{id}-hint {id}-error")>
            <legend>{text}" "{mark(required)}</legend>
            {hint_and_error(filing, &id, hint.unwrap_or_default())}
            {rows}
        </fieldset>
    }
    .into_any()
}
