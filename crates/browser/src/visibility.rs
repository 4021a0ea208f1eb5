//! Whether anybody can see this tab, and what of the page is in view.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::{Listener, clock};

/// Whether the tab is shown.
pub fn is_visible() -> bool {
    crate::document().is_none_or(|d| !d.hidden())
}

/// Calls `changed` with the new state until the result is dropped.
pub fn watch(changed: impl Fn(bool) + 'static) -> Option<Listener> {
    let document = crate::document()?;
    Some(Listener::new(&document, "visibilitychange", move |_| changed(is_visible())))
}

/// What [`watch_near`] has begun.
#[derive(Debug)]
pub struct Near {
    _watch: Rc<RefCell<Option<Watch>>>,
    _print: Option<Listener>,
}

/// Calls `seen` when the element with this id comes into view, or the page is printed, until the result is dropped. The element is
/// in the document when the page has been drawn next.
///
/// A browser that cannot tell is taken to show everything.
pub fn watch_near(id: &'static str, seen: impl Fn() + Clone + 'static) -> Near {
    let printed = seen.clone();
    let print = crate::window().map(|window| Listener::new(&window, "beforeprint", move |_| printed()));
    let watch = Rc::new(RefCell::new(None));
    let kept = Rc::downgrade(&watch);
    clock::next_frame(move || {
        // The page may have been left meanwhile.
        let Some(kept) = kept.upgrade() else { return };
        match Watch::new(id, seen.clone()) {
            Some(watching) => drop(kept.replace(Some(watching))),
            None => seen(),
        }
    });
    Near { _watch: watch, _print: print }
}

/// Watches an element until it is dropped.
#[derive(Debug)]
struct Watch {
    observer: web_sys::IntersectionObserver,
    _closure: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    fn new(id: &str, seen: impl Fn() + 'static) -> Option<Self> {
        let element = crate::document()?.get_element_by_id(id)?;
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
