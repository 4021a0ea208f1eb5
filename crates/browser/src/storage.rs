//! What this browser remembers for us. It may be forbidden or full: then nothing is remembered, and nothing fails.

/// Returns what was remembered under `key`.
pub fn get(key: &str) -> Option<String> {
    local()?.get_item(key).ok()?
}

/// Remembers `value` under `key`; says whether that worked.
pub fn set(key: &str, value: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Forgets `key`.
pub fn remove(key: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(key);
    }
}

/// Returns what this tab remembers under `key`: over a reload, and no longer than the tab is open.
pub fn get_tab(key: &str) -> Option<String> {
    tab()?.get_item(key).ok()?
}

/// Lets this tab remember `value` under `key`.
pub fn set_tab(key: &str, value: &str) {
    if let Some(storage) = tab() {
        let _ = storage.set_item(key, value);
    }
}

/// Lets this tab forget `key`.
pub fn remove_tab(key: &str) {
    if let Some(storage) = tab() {
        let _ = storage.remove_item(key);
    }
}

fn tab() -> Option<web_sys::Storage> {
    crate::window()?.session_storage().ok()?
}

fn local() -> Option<web_sys::Storage> {
    crate::window()?.local_storage().ok()?
}
