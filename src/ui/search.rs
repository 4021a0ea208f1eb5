//! A search box with suggestions: the combobox pattern of the ARIA practices.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::{Glyph, Icon};
use crate::{say, tr};

/// One suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Names it among the others.
    pub key: String,
    /// Its sort.
    pub icon: Icon,
    /// What people read.
    pub label: String,
    /// Where it is, or what else tells it from the others.
    pub note: String,
}

/// A search box. The page fills `found` as `text` changes; Enter or a click hands the chosen key to `on_choose`.
#[component]
pub fn SearchBox(
    /// The id in the document; unique on the page.
    id: &'static str,
    #[prop(into)] label: TextProp,
    text: RwSignal<String>,
    /// What was found; `None` while it is being looked for.
    #[prop(into)]
    found: Signal<Option<Vec<Suggestion>>>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let active = RwSignal::new(0_usize);
    let list_id = format!("{id}-list");
    let choose = move |index: usize| {
        let key = found.with(|f| f.as_ref().and_then(|f| f.get(index)).map(|s| s.key.clone()));
        if let Some(key) = key {
            open.set(false);
            on_choose.run(key);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let last = found.with(|f| f.as_ref().map_or(0, Vec::len)).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|a| *a = if open.get_untracked() { (*a + 1).min(last) } else { 0 }),
            "ArrowUp" => active.update(|a| *a = a.saturating_sub(1)),
            "Enter" => return choose(active.get_untracked()),
            "Escape" => return open.set(false),
            _ => return,
        }
        event.prevent_default();
        open.set(true);
    };
    let shown = Signal::derive(move || open.get() && !text.get().trim().is_empty());
    let owner = list_id.clone();
    let (label_again, active_option) = (label.clone(), move || shown.get().then(|| format!("{id}-{}", active.get())));
    view! {
        <div class="search" role="search">
            <Glyph icon=Icon::Search />
            <input class="search-input" id=id type="text" role="combobox" autocomplete="off" spellcheck="false" enterkeyhint="search"
                aria-label=move || label.get() placeholder=move || label_again.get() aria-autocomplete="list"
                aria-expanded=move || shown.get().to_string() aria-controls=owner aria-activedescendant=active_option prop:value=text
                on:input:target=move |event| { text.set(event.target().value()); active.set(0); open.set(true); }
                on:keydown=on_key on:blur=move |_| open.set(false) />
            <Options id list_id shown active=active.read_only() found choose=Callback::new(choose) />
        </div>
    }
}

#[component]
fn Options(
    id: &'static str,
    list_id: String,
    shown: Signal<bool>,
    active: ReadSignal<usize>,
    found: Signal<Option<Vec<Suggestion>>>,
    choose: Callback<usize>,
) -> impl IntoView {
    let option = move |(index, s): (usize, Suggestion)| {
        view! {
            <li class="search-option" id=format!("{id}-{index}") role="option" aria-selected=move || (active.get() == index).to_string()
                on:mousedown=move |event| { event.prevent_default(); choose.run(index); }>
                <Glyph icon=s.icon /><span>{s.label}</span><small>{s.note}</small>
            </li>
        }
    };
    let options = move || found.get().unwrap_or_default().into_iter().enumerate().map(option).collect_view();
    let note = move || match found.with(|f| f.as_ref().map(Vec::len)) {
        None => Some(tr!(common.loading)),
        Some(0) => Some(tr!(common.no_match)),
        Some(_) => None,
    };
    view! {
        <div class="search-list" hidden=move || !shown.get()>
            <ul id=list_id role="listbox" aria-label=say!(common.options)>{options}</ul>
            <p class="search-note" role="status" hidden=move || note().is_none()>{note}</p>
        </div>
    }
}
