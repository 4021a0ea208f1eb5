//! Short notices that go by themselves, read aloud politely.

use leptos::prelude::*;

use crate::browser::clock;

/// Milliseconds that a notice stays.
const STAYS_MS: u32 = 5_000;

/// The notices that are shown now; get it with `use_context`.
#[derive(Debug, Clone, Copy)]
pub struct Toasts(RwSignal<Vec<(u64, String)>>);

impl Toasts {
    /// Makes notices available to everything below.
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new())));
    }

    /// Shows a notice.
    pub fn say(self, text: impl Into<String>) {
        let id = self.0.with_untracked(|shown| shown.last().map_or(0, |(id, _)| id + 1));
        self.0.update(|shown| shown.push((id, text.into())));
        leptos::task::spawn_local(async move {
            clock::sleep(STAYS_MS).await;
            // The page may be gone by now.
            self.0.try_update(|shown| shown.retain(|(other, _)| *other != id));
        });
    }
}

/// Where notices appear; once on a page.
#[component]
pub fn ToastShelf() -> impl IntoView {
    let shown = move || use_context::<Toasts>().map(|toasts| toasts.0.get()).unwrap_or_default();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=shown key=|(id, _)| *id let((_, text))><p class="toast">{text}</p></For>
        </div>
    }
}
