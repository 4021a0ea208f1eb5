//! Signing in; in demo mode every demo account is one click away.

use fengtu_wire::config::DemoAccount;
use fengtu_wire::session::Role;
use leptos::prelude::*;

use super::data;
use super::status::EmptyDistrict;
use crate::routes::{Lang, Theme};
use crate::state::sign_in::Attempt;
use crate::state::{DistrictStore, ViewStore, use_store};
use crate::ui::field::Field;
use crate::ui::message::error_words;
use crate::ui::status::DemoBadge;
use crate::ui::switches::{LangSwitch, ThemeSwitch};
use crate::{say, tr};

/// Returns the word of a role.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Public => tr!(desk.role_public),
        Role::GridMember => tr!(desk.role_grid_member),
        Role::CommunityClerk => tr!(desk.role_community_clerk),
        Role::CommunitySecretary => tr!(desk.role_community_secretary),
        Role::Street => tr!(desk.role_street),
        Role::Department => tr!(desk.role_department),
        Role::DistrictLeader => tr!(desk.role_district_leader),
        Role::Mediator => tr!(desk.role_mediator),
        Role::Counsellor => tr!(desk.role_counsellor),
        Role::CourtClerk => tr!(desk.role_court_clerk),
        Role::Wall => tr!(desk.role_wall),
        Role::SystemAdmin => tr!(desk.role_system_admin),
        Role::SecurityAdmin => tr!(desk.role_security_admin),
        Role::Auditor => tr!(desk.role_auditor),
    }
}

/// The page for who is not signed in.
#[component]
pub fn SignIn() -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let attempt = Attempt::new();
    let name = move || district.with(|d| d.config.value().map(|c| crate::i18n::local(&c.name))).unwrap_or_default();
    let is_empty = move || district.with(|d| data::is_empty(&d.config));
    let accounts = move || district.with(|d| d.config.value().map(|c| c.demo_accounts.clone())).unwrap_or_default();
    view! {
        <main class="entry">
            <div class="entry-sheet">
                <div><h1>{say!(desk.sign_in_title)}</h1><p class="quiet">{name}</p></div>
                <Form attempt />
                {move || is_empty().then(|| view! { <EmptyDistrict /> })}
                {move || Some(accounts()).filter(|a| !a.is_empty()).map(|accounts| view! { <Accounts accounts attempt /> })}
                <Foot />
            </div>
        </main>
    }
}

#[component]
fn Form(attempt: Attempt) -> impl IntoView {
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let missing = move |field: RwSignal<String>, words: fn() -> &'static str| {
        Signal::derive(
            move || if tried.get() && field.get().trim().is_empty() { words().to_owned() } else { String::new() },
        )
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (name, password) = (name.get_untracked().trim().to_owned(), password.get_untracked());
        if !name.is_empty() && !password.is_empty() {
            attempt.run(name, password);
        }
    };
    let failed = move || attempt.failed.get().map(|error| error_words(&error));
    let label = move || if attempt.running.get() { tr!(desk.signing_in) } else { tr!(desk.sign_in) };
    view! {
        <form class="entry-form" novalidate on:submit=submit>
            <Field id="sign-in-name" label=say!(desk.name) value=name autocomplete="username"
                error=missing(name, || tr!(desk.name_missing)) />
            <Field id="sign-in-password" label=say!(desk.password) value=password kind="password"
                autocomplete="current-password" error=missing(password, || tr!(desk.password_missing)) />
            <p class="field-error" role="alert">{failed}</p>
            <button class="button primary" type="submit" prop:disabled=attempt.running>{label}</button>
        </form>
    }
}

#[component]
fn Accounts(accounts: Vec<DemoAccount>, attempt: Attempt) -> impl IntoView {
    let one = move |account: DemoAccount| {
        let (title, role) = (account.title.clone(), account.role);
        let enter = move |_| attempt.run(account.name.clone(), account.password.clone());
        view! {
            <li><button type="button" class="button entry-account" on:click=enter prop:disabled=attempt.running>
                <span>{move || crate::i18n::local(&title)}</span><small>{move || role_word(role)}</small>
            </button></li>
        }
    };
    view! {
        <section aria-labelledby="demo-accounts">
            <h2 id="demo-accounts">{say!(desk.demo_accounts)}" "<DemoBadge /></h2>
            <p class="quiet">{say!(desk.demo_hint)}</p>
            <ul class="entry-accounts">{accounts.into_iter().map(one).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Foot() -> impl IntoView {
    let view = use_store::<ViewStore>();
    let lang = Signal::derive(move || view.with(|v| v.lang(&crate::browser::page::languages())));
    let theme = Signal::derive(move || view.with(|v| v.state.theme));
    view! {
        <div class="entry-foot">
            <LangSwitch lang on_choose=move |lang: Lang| view.update(|v| v.state.lang = Some(lang)) />
            <ThemeSwitch theme on_choose=move |theme: Theme| view.update(|v| v.state.theme = theme) />
        </div>
    }
}
