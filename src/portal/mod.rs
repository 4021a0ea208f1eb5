//! The residents' face: opens in a second on a cheap phone.

use leptos::prelude::*;

use crate::browser::page;
use crate::i18n;
use crate::tr;

/// The portal.
#[component]
pub fn App() -> impl IntoView {
    let lang = i18n::preferred(&page::languages());
    i18n::set_locale(i18n::of_lang(lang));
    page::set_root("lang", lang.as_str());
    view! { <main class="portal"><h1>{move || tr!(portal.title)}</h1></main> }
}
