//! The steps by which a backend of another dialect lets a case be moved on: those that its mapping names, with what is said with each.

use fengtu_domain::sight;
use fengtu_wire::ids::CaseNumber;
use leptos::prelude::*;

use super::parts::Part;
use crate::api::ApiError;
use crate::api::capabilities::{Action, Input};
use crate::api::dialect::Resource;
use crate::desk::list::data::Lists;
use crate::desk::words::case_step;
use crate::i18n::{local, told};
use crate::reactive::{part, words};
use crate::state::{LiveStore, SessionStore, use_store};
use crate::tr;
use crate::ui::button::Button;
use crate::ui::dialog::Dialog;
use crate::ui::message::error_words;

/// The id of the dialog's title.
const TITLE: &str = "act-title";

/// What is said: step, input, words.
type Said = (String, String, String);

/// The steps of one case, as one of them is being taken.
#[derive(Clone, Copy)]
struct Draft {
    number: StoredValue<CaseNumber>,
    /// The step that is open; it stays when the dialog closes, and so does what was typed.
    action: RwSignal<Option<Action>>,
    /// What is said, by step and input.
    said: RwSignal<Vec<Said>>,
    is_open: RwSignal<bool>,
    is_busy: RwSignal<bool>,
    /// Why it was not done.
    refused: RwSignal<String>,
    done: RwSignal<String>,
    /// Reads the case anew.
    again: Callback<()>,
    session: RwSignal<SessionStore>,
    live: RwSignal<LiveStore>,
    lists: Option<Lists>,
}

/// The steps that the backend of cases offers; nothing where it has none.
pub fn actions(number: &CaseNumber, again: Callback<()>) -> AnyView {
    let session = use_store::<SessionStore>();
    let all = session.with_untracked(|s| s.public().capabilities(Resource::Cases).actions.clone());
    // Those who keep or watch the system move no case on; our own proxy refuses it.
    let may_act = sight::access("POST", sight::PROXY, session.with_untracked(SessionStore::role))
        .is_some_and(sight::Access::is_granted);
    if all.is_empty() || !may_act {
        return ().into_any();
    }
    let draft = Draft {
        number: StoredValue::new(number.clone()),
        action: RwSignal::new(None),
        said: RwSignal::default(),
        is_open: RwSignal::new(false),
        is_busy: RwSignal::new(false),
        refused: RwSignal::default(),
        done: RwSignal::default(),
        again,
        session,
        live: use_store(),
        lists: use_context(),
    };
    let buttons = all.into_iter().map(|action| button(draft, action)).collect_view();
    let title = move || draft.action.with(|action| action.as_ref().map(step_name).unwrap_or_default());
    // The key closes the dialog alone, not the drawer around it.
    let keep = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            draft.is_open.set(false);
        }
    };
    view! {
        <Part title=Signal::derive(|| tr!(desk.act_title).to_owned())>
            <div class="case-actions">{buttons}</div>
            <p role="status">{draft.done}</p>
            <div on:keydown=keep><Dialog id=TITLE title open=draft.is_open>{part(move || form(draft))}</Dialog></div>
        </Part>
    }
    .into_any()
}

fn button(draft: Draft, action: Action) -> AnyView {
    let named = action.clone();
    let open = Callback::new(move |()| {
        if draft.action.with_untracked(|before| before.as_ref() != Some(&action)) {
            draft.refused.set(String::new());
            draft.action.set(Some(action.clone()));
        }
        draft.done.set(String::new());
        draft.is_open.set(true);
    });
    view! { <Button label=move || step_name(&named) on_press=open /> }.into_any()
}

/// The name that the mapping gives it; a step of our own loop has one without.
fn step_name(action: &Action) -> String {
    let own = (action.name.zh == action.key).then(|| case_step(&action.key)).flatten();
    own.map_or_else(|| local(&action.name), str::to_owned)
}

/// What is said with the step, and the button that takes it.
fn form(draft: Draft) -> AnyView {
    let Some(action) = draft.action.get() else { return ().into_any() };
    let fields = action.inputs.iter().enumerate().map(|(at, input)| field(draft, &action.key, input, at));
    let fields = fields.collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        take(draft);
    };
    let label = words(move || {
        let word = if draft.is_busy.get() { tr!(desk.act_busy) } else { tr!(desk.act_do) };
        word.to_owned()
    });
    view! {
        <form class="case-act" on:submit=submit>
            <p class="quiet">{draft.number.get_value().to_string()}</p>
            {fields}
            <p class="field-error" role="alert">{draft.refused}</p>
            <button type="submit" class="button primary" prop:disabled=draft.is_busy>{label}</button>
        </form>
    }
    .into_any()
}

fn field(draft: Draft, action: &str, input: &Input, at: usize) -> AnyView {
    let id = format!("act-{at}");
    let label = input.label.as_ref().map_or_else(|| known_word(&input.key), local);
    let optional = (!input.required).then(|| view! { <span class="quiet">{tr!(desk.act_optional)}</span> });
    let key = (action.to_owned(), input.key.clone());
    let is_it = move |said: &Said| said.0 == key.0 && said.1 == key.1;
    let value = draft.said.with_untracked(|said| said.iter().find(|said| is_it(said)).map(|said| said.2.clone()));
    let key = (action.to_owned(), input.key.clone());
    let write = move |event: leptos::ev::Event| {
        draft.said.update(|said| {
            said.retain(|said| said.0 != key.0 || said.1 != key.1);
            said.push((key.0.clone(), key.1.clone(), event_target_value(&event)));
        });
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}{optional}</label>
            <textarea class="field-input" id=id rows="3" maxlength="500" required=input.required prop:value=value.unwrap_or_default() on:input=write></textarea>
        </div>
    }
    .into_any()
}

/// Words for what mappings usually name; any other is its own.
fn known_word(key: &str) -> String {
    match key {
        "reason" => tr!(desk.act_reason).to_owned(),
        "note" => tr!(desk.act_note).to_owned(),
        "evidence" => tr!(desk.act_evidence).to_owned(),
        "rating" => tr!(desk.case_rating).to_owned(),
        other => other.to_owned(),
    }
}

/// Takes the step; what was typed stays until it is done.
fn take(draft: Draft) {
    let api = draft.session.with_untracked(|s| s.staff().cloned());
    let action = draft.action.with_untracked(|action| action.as_ref().map(|action| action.key.clone()));
    let (Some(api), Some(action), false) = (api, action, draft.is_busy.get_untracked()) else { return };
    let own = |(step, input, words): &Said| (*step == action).then(|| (input.clone(), words.trim().to_owned()));
    let said: Vec<_> = draft.said.with_untracked(|said| said.iter().filter_map(own).collect());
    let number = draft.number.get_value();
    draft.is_busy.set(true);
    draft.refused.set(String::new());
    leptos::task::spawn_local(async move {
        let answer = api.public().act(&number, &action, &said).await;
        // The drawer may show another case by now: what was changed is read anew all the same.
        draft.live.update(|live| live.is_hurried = true);
        if let Some(lists) = draft.lists {
            lists.cases.again.run(());
        }
        if draft.is_busy.try_set(false).is_none() {
            settle(draft, answer);
            draft.again.run(());
        }
    });
}

fn settle(draft: Draft, answer: Result<(), ApiError>) {
    match answer {
        Ok(()) => {
            draft.is_open.set(false);
            draft.action.set(None);
            draft.said.set(Vec::new());
            draft.done.set(tr!(desk.act_done).to_owned());
        }
        Err(error) => draft.refused.set(refusal(&error)),
    }
}

/// The server's own words where it has said any.
fn refusal(error: &ApiError) -> String {
    let ApiError::Problem { problem, .. } = error else {
        return format!("{} {}", error_words(error), tr!(desk.act_unsure));
    };
    let said = problem.detail.as_deref().map(|detail| own_words(told(detail))).unwrap_or_default();
    if said.is_empty() { error_words(error).to_owned() } else { tr!(desk.act_refused, said = said) }
}

/// Takes off what the translator puts before a server's words: the backend's name and the status.
fn own_words(detail: &str) -> String {
    let rest = detail.split_once(": ").map_or(detail, |(_, rest)| rest);
    match rest.split_once(": ") {
        Some((status, words)) if status.starts_with("HTTP ") => words,
        _ => rest,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_servers_own_words() {
        assert_eq!(own_words("db: HTTP 400: 该工单不在待受理状态"), "该工单不在待受理状态");
        assert_eq!(own_words("oa: 该案件已受理,不能重复受理"), "该案件已受理,不能重复受理");
        assert_eq!(own_words("refused"), "refused");
    }
}
