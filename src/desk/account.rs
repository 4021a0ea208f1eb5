//! The account menu: who I am, how the page looks, the way out.

use leptos::prelude::*;

use super::backends;
use super::board::frame::navigation;
use super::sessions::sessions;
use super::sign_in::role_word;
use crate::browser::page;
use crate::routes::{Lang, Page, Theme};
use crate::state::{SessionStore, ViewStore, use_store};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::switches::{LangSwitch, ThemeSwitch};
use crate::{say, tr};

/// A menu behind the person's name.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let (session, view) = (use_store::<SessionStore>(), use_store::<ViewStore>());
    let who =
        move || session.with(|s| Some(s.staff()?.session().account.as_ref()?.display_name.clone())).unwrap_or_default();
    let role = move || session.with(|s| role_word(s.role()));
    // Where nobody signs in, there is no way out.
    let signs_in = move || session.with(|s| s.public().has_sessions());
    let has_backends = move || session.with(backends::is_open_to);
    let lang = Signal::derive(move || view.with(|v| v.lang(&page::languages())));
    let theme = Signal::derive(move || view.with(|v| v.state.theme));
    view! {
        <details class="menu">
            <summary class="button bare account" aria-label=move || format!("{} {}", tr!(desk.account), who())>
                <Glyph icon=Icon::Person /><span class="account-name">{who}</span>
            </summary>
            <div class="menu-body">
                {navigation()}
                <p>{who}<br /><span class="quiet">{role}</span></p>
                <LangSwitch lang on_choose=move |lang: Lang| view.update(|v| v.state.lang = Some(lang)) />
                <ThemeSwitch theme on_choose=move |theme: Theme| view.update(|v| v.state.theme = theme) />
                {move || has_backends().then(|| view! { <a class="button" href=Page::Backends.path()>{say!(desk.be_title)}</a> })}
                {signs_in().then(sessions)}
                {move || signs_in().then(|| view! { <Button label=say!(desk.sign_out) on_press=move |()| sign_out(session) /> })}
            </div>
        </details>
    }
}

/// Ends the session; the page is loaded anew so that nothing of it stays in memory.
pub fn sign_out(session: RwSignal<SessionStore>) {
    let staff = session.with_untracked(|s| s.staff().cloned());
    leptos::task::spawn_local(async move {
        if let Some(staff) = staff {
            // A session that the server has lost already is over too.
            let _ = staff.sign_out().await;
        }
        page::reload();
    });
}
