//! The root of the wall: installation, session, language; it waits and tries again by itself, for nobody is there to press.

use fengtu_wire::session::Role;
use leptos::prelude::*;

use super::board::Board;
use super::sign_in::{Face, SignIn};
use crate::api::{ApiError, PublicApi};
use crate::browser::clock::Ticker;
use crate::browser::{history, page};
use crate::i18n;
use crate::reactive::effect;
use crate::state::opening::open;
use crate::state::{SessionStore, ViewStore, provide_stores, use_store};
use crate::ui::message::error_words;
use crate::{say, tr};

/// Milliseconds between two attempts to open.
const AGAIN_MS: u32 = 5_000;

/// The wall.
#[component]
pub fn App() -> impl IntoView {
    begin(|| tr!(wall.title));
    page::begin_root("data-theme", "night");
    let failed = RwSignal::new(None::<ApiError>);
    open(failed);
    try_again(failed);
    body(failed)
}

/// Makes the stores, and keeps language and title of the page by the address: for the wall and for its remote.
pub(super) fn begin(title: fn() -> &'static str) {
    let (_, query) = history::location();
    provide_stores(ViewStore::from_query(&query), PublicApi::default());
    let view = use_store::<ViewStore>();
    effect(move || {
        let lang = view.with(|v| v.lang(&page::languages()));
        i18n::set_locale(i18n::of_lang(lang));
        page::set_root("lang", lang.as_str());
        page::set_title(title());
    });
}

fn try_again(failed: RwSignal<Option<ApiError>>) {
    let owner = Owner::current();
    let again = move || {
        if failed.get_untracked().is_some()
            && let Some(owner) = &owner
        {
            failed.set(None);
            owner.with(|| open(failed));
        }
    };
    let ticker = StoredValue::new_local(Some(Ticker::new(AGAIN_MS, again)));
    on_cleanup(move || drop(ticker.try_update_value(Option::take)));
}

/// Whether a wall may be shown: to its own account, for anybody else has more rights than who walks by may see. Where a backend has no
/// accounts, there is nobody to tell apart.
fn is_let_in(session: &SessionStore) -> bool {
    session.staff().is_some_and(|staff| staff.session().account.is_none() || staff.session().role == Role::Wall)
}

fn body(failed: RwSignal<Option<ApiError>>) -> impl IntoView {
    let session = use_store::<SessionStore>();
    let is_known = Memo::new(move |_| session.with(SessionStore::is_known));
    let is_in = Memo::new(move |_| session.with(is_let_in));
    // What was said stays until the next answer: it must not flicker with each attempt.
    let words = Memo::new(move |before: Option<&&'static str>| {
        let words = failed.with(|error| error.as_ref().map(error_words));
        words.or(before.copied()).unwrap_or_else(|| tr!(common.connecting))
    });
    move || match (is_in.get(), is_known.get()) {
        (true, _) => view! { <Board /> }.into_any(),
        (false, true) => view! { <main><SignIn face=Face::Wall /></main> }.into_any(),
        (false, false) => view! {
            <main class="wall-entry"><h1>{say!(wall.title)}</h1><p role="status">{words}</p></main>
        }
        .into_any(),
    }
}
