//! The address bar.

use crate::Listener;

/// Returns the path and the query string without its `?`.
pub fn location() -> (String, String) {
    let Some(location) = crate::window().map(|w| w.location()) else { return ("/".to_owned(), String::new()) };
    let query = location.search().unwrap_or_default();
    let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
    (path, query.trim_start_matches('?').to_owned())
}

/// Returns what stands after the address's `#`, without it; it is never sent to a server.
pub fn fragment() -> String {
    let hash = crate::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Returns the whole address, to hand to another person.
pub fn href() -> String {
    crate::window().and_then(|w| w.location().href().ok()).unwrap_or_default()
}

/// Shows another address without loading a page; `push` adds a step that "back" undoes.
pub fn show(address: &str, push: bool) {
    let Some(history) = crate::window().and_then(|w| w.history().ok()) else { return };
    let null = wasm_bindgen::JsValue::NULL;
    // Browsers refuse too many changes in a row; the next one carries the state.
    let _ = if push {
        history.push_state_with_url(&null, "", Some(address))
    } else {
        history.replace_state_with_url(&null, "", Some(address))
    };
}

/// Shows another query of the same page, unless it is shown already.
pub fn show_query(query: &str, push: bool) {
    let (path, shown) = location();
    if shown != query {
        show(&if query.is_empty() { path } else { format!("{path}?{query}") }, push);
    }
}

/// Calls `leave` when the page is left, until the result is dropped.
pub fn on_leave(leave: impl Fn() + 'static) -> Option<Listener> {
    let window = crate::window()?;
    Some(Listener::new(&window, "pagehide", move |_| leave()))
}

/// Calls `moved` when the person goes back or forward, until the result is dropped.
pub fn watch(moved: impl Fn() + 'static) -> Option<Listener> {
    let window = crate::window()?;
    Some(Listener::new(&window, "popstate", move |_| moved()))
}
