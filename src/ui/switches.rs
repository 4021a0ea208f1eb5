//! Language and theme.

use leptos::prelude::*;

use super::segmented::{Choice, Segmented};
use crate::routes::{Lang, Theme};
use crate::{say, tr};

/// Chooses the language; each is named in itself.
#[component]
pub fn LangSwitch(#[prop(into)] lang: Signal<Lang>, #[prop(into)] on_choose: Callback<Lang>) -> impl IntoView {
    let choices = vec![Choice::new(Lang::Zh, "中文"), Choice::new(Lang::En, "English")];
    view! { <Segmented name="lang" legend=say!(common.language) choices chosen=lang on_choose /> }
}

/// Chooses the theme.
#[component]
pub fn ThemeSwitch(#[prop(into)] theme: Signal<Theme>, #[prop(into)] on_choose: Callback<Theme>) -> impl IntoView {
    let choices = vec![
        Choice::new(Theme::Auto, || tr!(common.theme_auto)),
        Choice::new(Theme::Day, || tr!(common.theme_day)),
        Choice::new(Theme::Night, || tr!(common.theme_night)),
    ];
    view! { <Segmented name="theme" legend=say!(common.theme) choices chosen=theme on_choose /> }
}
