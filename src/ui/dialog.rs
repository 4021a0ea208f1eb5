//! A native modal dialog: focus, Escape and the backdrop are the browser's.

use crate::reactive::effect;
use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::panel::Panel;

/// A dialog that is open while `open` is true.
#[component]
pub fn Dialog(
    id: &'static str,
    #[prop(into)] title: TextProp,
    open: RwSignal<bool>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // It fails only where it is open already or not in the document.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=id on:close=move |_| open.set(false)>
            <Panel id title on_close=Callback::new(move |()| open.set(false))>{children()}</Panel>
        </dialog>
    }
}
