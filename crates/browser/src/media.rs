//! What the device prefers: dark, less motion.

use crate::Listener;

/// Whether a media query matches now.
pub fn matches(query: &str) -> bool {
    crate::window().and_then(|w| w.match_media(query).ok()?).is_some_and(|list| list.matches())
}

/// Whether the device prefers a dark ground.
pub fn prefers_dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}

/// Whether nothing should move.
pub fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Calls `changed` when the answer to `query` changes, until the result is dropped.
pub fn watch(query: &str, changed: impl Fn(bool) + 'static) -> Option<Listener> {
    let list = crate::window()?.match_media(query).ok()??;
    let now = list.clone();
    Some(Listener::new(&list, "change", move |_| changed(now.matches())))
}
