//! Signing a wall in, once for a year, or whoever holds a remote: a form that can be read and pressed from where one stands.

use fengtu_wire::config::DemoAccount;
use fengtu_wire::session::Role;
use leptos::prelude::*;

use crate::i18n::local;
use crate::reactive::{memo, part, words};
use crate::routes::Page;
use crate::state::sign_in::Attempt;
use crate::state::{DistrictStore, SessionStore, use_store};
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::message::error_words;
use crate::ui::status::DemoBadge;
use crate::{say, tr};

/// Who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The device of a wall.
    Wall,
    /// A member of staff with a remote.
    Remote,
}

/// What is shown where nobody has signed in.
#[component]
pub fn SignIn(
    /// Who.
    face: Face,
) -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let attempt = Attempt::new();
    let title = words(move || {
        let name = district.with(|d| d.config.value().map(|c| local(&c.name))).unwrap_or_default();
        tr!(wall.heading, name = name)
    });
    let walls = part(move || {
        let accounts = district.with(|d| d.config.value().map(|c| c.demo_accounts.clone())).unwrap_or_default();
        accounts
            .into_iter()
            .filter(|account| (account.role == Role::Wall) == (face == Face::Wall))
            .map(|account| demo(account, attempt))
            .collect_view()
            .into_any()
    });
    // Whoever is signed in here and is no wall.
    let session = use_store::<SessionStore>();
    let someone = memo(move || session.with(|s| Some(s.staff()?.session().account.as_ref()?.display_name.clone())));
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (name, password) = (name.get_untracked().trim().to_owned(), password.get_untracked());
        if !name.is_empty() && !password.is_empty() {
            attempt.run(name, password);
        }
    };
    let hint = words(move || match face {
        Face::Wall => match someone.get() {
            Some(name) => tr!(wall.not_a_wall, name = name),
            None => tr!(wall.sign_in_hint).to_owned(),
        },
        Face::Remote => tr!(wall.remote_sign_in).to_owned(),
    });
    let device = move || if face == Face::Wall { tr!(wall.device) } else { tr!(wall.remote_name) };
    let failed = words(move || attempt.failed.get().map(|error| error_words(&error)).unwrap_or_default().to_owned());
    let label = words(move || match face {
        _ if attempt.running.get() => tr!(wall.signing_in).to_owned(),
        Face::Wall => tr!(wall.sign_in).to_owned(),
        Face::Remote => tr!(wall.remote_enter).to_owned(),
    });
    view! {
        <div class="wall-entry">
            {(face == Face::Wall).then(|| view! { <h1>{title}</h1> })}
            <p>{hint}</p>
            <form class="entry-form" novalidate on:submit=submit>
                <Field id="wall-name" label=device value=name autocomplete="username" />
                <Field id="wall-password" label=say!(wall.password) value=password kind="password" autocomplete="current-password" />
                <p class="field-error" role="alert">{failed}</p>
                <button class="button primary" type="submit" prop:disabled=attempt.running>{label}</button>
            </form>
            {walls}
            {(face == Face::Wall).then(|| view! { <p><a href=Page::Map.path()>{say!(wall.to_desk)}</a></p> })}
        </div>
    }
}

fn demo(account: DemoAccount, attempt: Attempt) -> AnyView {
    let title = account.title.clone();
    let enter = move |()| attempt.run(account.name.clone(), account.password.clone());
    view! {
        <p class="wall-demo"><DemoBadge /><Button label=move || tr!(wall.enter_as, name = local(&title)) on_press=enter /></p>
    }
    .into_any()
}
