//! Whether the device says that it has a network.

use crate::Listener;

/// Whether there is a network, as far as the device knows; `true` when it does not know.
pub fn is_online() -> bool {
    crate::window().is_none_or(|w| w.navigator().on_line())
}

/// Calls `changed` with the new state until the result is dropped.
pub fn watch(changed: impl Fn(bool) + Clone + 'static) -> Vec<Listener> {
    let Some(window) = crate::window() else { return Vec::new() };
    let listen = |name| {
        let changed = changed.clone();
        Listener::new(&window, name, move |_| changed(is_online()))
    };
    vec![listen("online"), listen("offline")]
}
