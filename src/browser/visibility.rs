//! Whether anybody can see this tab.

use super::Listener;

/// Whether the tab is shown.
pub fn is_visible() -> bool {
    super::document().is_none_or(|d| !d.hidden())
}

/// Calls `changed` with the new state until the result is dropped.
pub fn watch(changed: impl Fn(bool) + 'static) -> Option<Listener> {
    let document = super::document()?;
    Some(Listener::new(&document, "visibilitychange", move |_| changed(is_visible())))
}
