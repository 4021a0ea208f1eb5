//! Whether anybody can see this tab, and what of the page is in view.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::{Listener, clock};

/// Whether the tab is shown.
pub fn is_visible() -> bool {
    super::document().is_none_or(|d| !d.hidden())
}

/// Calls `changed` with the new state until the result is dropped.
pub fn watch(changed: impl Fn(bool) + 'static) -> Option<Listener> {
    let document = super::document()?;
    Some(Listener::new(&document, "visibilitychange", move |_| changed(is_visible())))
}

/// Returns whether the element with this id has come into view, or the page was printed, once it has; from then on it stays so.
///
/// A browser that cannot tell is taken to show everything.
pub fn when_near(id: &'static str) -> RwSignal<bool> {
    let (is_near, watch) = (RwSignal::new(false), StoredValue::new_local(None::<Watch>));
    let print = super::window().map(|window| Listener::new(&window, "beforeprint", move |_| is_near.set(true)));
    let printing = StoredValue::new_local(print);
    // The element is in the document when this page has been drawn.
    clock::next_frame(move || {
        // The page may have been left meanwhile.
        let seen = move || {
            let _ = is_near.try_set(true);
        };
        match Watch::new(id, seen) {
            Some(watching) => drop(watch.try_set_value(Some(watching))),
            None => seen(),
        }
    });
    on_cleanup(move || {
        drop(watch.try_update_value(Option::take));
        drop(printing.try_update_value(Option::take));
    });
    is_near
}

/// Watches an element until it is dropped.
struct Watch {
    observer: web_sys::IntersectionObserver,
    _closure: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    fn new(id: &str, seen: impl Fn() + 'static) -> Option<Self> {
        let element = super::document()?.get_element_by_id(id)?;
        let closure = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let is_in = |entry: wasm_bindgen::JsValue| {
                entry.dyn_into::<web_sys::IntersectionObserverEntry>().is_ok_and(|entry| entry.is_intersecting())
            };
            if entries.iter().any(is_in) {
                seen();
            }
        });
        let observer = web_sys::IntersectionObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _closure: closure })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
