//! What is said instead of data, or above it: empty, error, partial, stale. One sentence, one action.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::button::Button;
use super::icon::{Glyph, Icon};
use super::panel::Skeleton;
use super::time::exact;
use crate::api::{ApiError, Trouble};
use crate::i18n::told;
use crate::state::Loadable;
use crate::{say, tr};

/// Returns what people are told of an error.
pub fn error_words(error: &ApiError) -> &'static str {
    match error.trouble() {
        Trouble::Offline => tr!(common.err_offline),
        Trouble::TimedOut => tr!(common.err_timed_out),
        Trouble::Unreachable => tr!(common.err_unreachable),
        Trouble::SentOn => tr!(common.err_sent_on),
        Trouble::SignedOut => tr!(common.err_signed_out),
        Trouble::WrongCredentials => tr!(common.err_wrong_credentials),
        Trouble::SlowDown => tr!(common.err_slow_down),
        Trouble::Forbidden => tr!(common.err_forbidden),
        Trouble::NotFound => tr!(common.err_not_found),
        Trouble::Refused => tr!(common.err_refused),
        Trouble::Server => tr!(common.err_server),
        Trouble::Unreadable => tr!(common.err_unreadable),
        Trouble::NotOffered => tr!(common.err_not_offered),
    }
}

/// Returns what is behind an error, for whoever mends it: a translator's words in the reader's language.
pub fn details(error: &ApiError) -> String {
    match error {
        ApiError::Problem { problem, .. } => {
            format!("{} {} {}", problem.status, problem.kind, told(problem.detail.as_deref().unwrap_or_default()))
        }
        other => told(&other.to_string()).to_owned(),
    }
}

/// Says that there is nothing, and why.
#[component]
pub fn EmptyMessage(#[prop(into)] text: TextProp) -> impl IntoView {
    view! { <div class="message"><Glyph icon=Icon::Empty /><p>{move || text.get()}</p></div> }
}

/// Says what went wrong and offers to try again.
#[component]
pub fn ErrorMessage(error: ApiError, #[prop(optional, into)] on_retry: Option<Callback<()>>) -> impl IntoView {
    let (words, detail) = (error.clone(), details(&error));
    view! {
        <div class="message error" role="alert">
            <Glyph icon=Icon::Warning />
            <p>{move || error_words(&words)}</p>
            {on_retry.map(|on_press| view! { <Button label=say!(common.retry) on_press /> })}
            <details><summary>{say!(common.details)}</summary>{detail}</details>
        </div>
    }
}

/// Shows a loadable value in each of its states; `show` draws the value, fresh or stale. `utc_offset_s` is the district's.
pub fn loaded<T, V: IntoView>(
    loadable: &Loadable<T>,
    utc_offset_s: i32,
    on_retry: Callback<()>,
    show: impl FnOnce(&T) -> V,
) -> AnyView {
    let note = note(loadable, utc_offset_s);
    match (loadable.value(), loadable.error()) {
        (Some(value), _) => view! { {note} {show(value)} }.into_any(),
        (None, Some(error)) => view! { <ErrorMessage error=error.clone() on_retry /> }.into_any(),
        (None, None) => view! { <Skeleton /> }.into_any(),
    }
}

fn note<T>(loadable: &Loadable<T>, utc_offset_s: i32) -> Option<AnyView> {
    if let Some(refused) = loadable.refused().filter(|refused| refused.count > 0) {
        let (n, reasons) = (refused.count, refused.reasons.iter().map(|why| told(why)).collect::<Vec<_>>().join("\n"));
        return Some(
            view! { <p class="note" role="status" title=reasons>{move || tr!(common.partial, n = n)}</p> }.into_any(),
        );
    }
    let (error, at) = (loadable.error()?.clone(), loadable.at()?);
    let time = exact(at, utc_offset_s);
    let words = move || format!("{} {}", error_words(&error), tr!(common.stale, time = time.clone()));
    Some(view! { <p class="note" role="status">{words}</p> }.into_any())
}
