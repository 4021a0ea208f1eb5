//! The root of the desk: installation, session, address, language, theme.

use fengtu_wire::session::Role;
use leptos::prelude::*;

use super::address;
use super::backends::{self, BackendsPage};
use super::board::BoardPages;
use super::board::frame::lack;
use super::map_page::MapPage;
use super::not_found::{Lack, NotFound, lacking};
use super::sign_in::SignIn;
use crate::api::{ApiError, PublicApi, Trouble};
use crate::browser::{history, page};
use crate::i18n;
use crate::reactive::effect;
use crate::routes::{Page, Theme};
use crate::state::opening::open;
use crate::state::{SessionStore, ViewStore, provide_stores, use_store};
use crate::ui::message::ErrorMessage;
use crate::ui::panel::Skeleton;
use crate::ui::toast::{ToastShelf, Toasts};
use crate::{say, tr};

/// The desk.
#[component]
pub fn App() -> impl IntoView {
    let (path, query) = history::location();
    provide_stores(ViewStore::from_query(&query), PublicApi::default());
    Toasts::provide();
    follow_view();
    address::follow();
    let failed = RwSignal::new(None::<ApiError>);
    open(failed);
    let body = move || match Page::from_path(&path) {
        Some(page) if page != Page::Wall => view! { <Entry page failed /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    };
    view! { {body} <ToastShelf /> }
}

#[component]
fn Entry(page: Page, failed: RwSignal<Option<ApiError>>) -> impl IntoView {
    let session = use_store::<SessionStore>();
    let is_known = Memo::new(move |_| session.with(SessionStore::is_known));
    let is_staff = Memo::new(move |_| session.with(|s| s.staff().is_some()));
    let is_open = Memo::new(move |_| session.with(backends::is_open_to));
    let view = use_store::<ViewStore>();
    let is_wall = Memo::new(move |_| session.with(|s| s.role() == Role::Wall));
    let retry = Callback::new(move |()| {
        failed.set(None);
        open(failed);
    });
    // A wall has the figures of its own periods and places: a desk that asks for others would be refused.
    effect(move || {
        if is_wall.get() {
            let lang = view.with_untracked(|v| v.state.lang.map(|lang| format!("?lang={}", lang.as_str())));
            page::replace(&format!("{}{}", Page::Wall.path(), lang.unwrap_or_default()));
        }
    });
    move || match (failed.get(), is_known.get(), is_staff.get()) {
        _ if is_wall.get() => view! { <main class="entry"><Skeleton lines=6 /></main> }.into_any(),
        // The page that shows what is wrong with the backends must not fail with them.
        _ if page == Page::Backends && is_open.get() => view! { <BackendsPage /> }.into_any(),
        (_, _, true) if page.is_board() => match session.with_untracked(|s| lack(page, s)) {
            Some(lack) => lacking(page, lack),
            None => view! { <BoardPages page /> }.into_any(),
        },
        (_, _, true) if page == Page::Backends => lacking(page, Lack::Role),
        (_, _, true) => view! { <MapPage /> }.into_any(),
        (Some(error), ..) => failure(error, retry),
        (None, false, _) => view! { <main class="entry"><Skeleton lines=6 /></main> }.into_any(),
        (None, true, false) => view! { <SignIn /> }.into_any(),
    }
}

fn failure(error: ApiError, retry: Callback<()>) -> AnyView {
    let about = error.clone();
    let hint = move || hint(&about);
    view! {
        <main class="entry">
            <div class="entry-sheet"><h1>{say!(common.app)}</h1><p>{hint}</p><ErrorMessage error on_retry=retry /></div>
        </main>
    }
    .into_any()
}

/// Says what whoever runs the site can do about it.
fn hint(error: &ApiError) -> Option<&'static str> {
    match (error, error.trouble()) {
        (ApiError::Decode { what: "config.json", .. }, _) => Some(tr!(common.err_config)),
        (_, Trouble::Unreadable) => Some(tr!(common.err_version)),
        (_, Trouble::Unreachable | Trouble::TimedOut | Trouble::NotFound) => Some(tr!(common.err_no_backend)),
        _ => None,
    }
}

/// Keeps language and theme in step with the view.
fn follow_view() {
    let view = use_store::<ViewStore>();
    let lang = Memo::new(move |_| view.with(|v| v.lang(&page::languages())));
    effect(move || {
        i18n::set_locale(i18n::of_lang(lang.get()));
        page::set_root("lang", lang.get().as_str());
        page::set_title(tr!(desk.title));
    });
    effect(move || match view.with(|v| v.state.theme) {
        Theme::Auto => page::remove_root("data-theme"),
        chosen => page::set_root("data-theme", chosen.as_str()),
    });
}
