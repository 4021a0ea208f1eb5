//! The browser behind plain functions and handles: the only place, with the client's `map`, that names `web_sys`.
//! It knows nothing of signals and nothing of what it is for, so that its tests in a browser compile quickly (decision 0017).
//!
//! Everything that a browser may forbid (storage, position, clipboard) answers with a `Result` or an `Option`.

pub mod abort;
pub mod buffer;
pub mod channel;
pub mod clock;
pub mod geolocation;
pub mod history;
pub mod media;
pub mod online;
pub mod open;
pub mod page;
pub mod picture;
pub mod redirect;
pub mod save;
pub mod screen;
pub mod sound;
pub mod storage;
pub mod stream;
pub mod visibility;
pub mod worker;

#[cfg(all(test, target_arch = "wasm32"))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A listener that is removed when this is dropped.
#[derive(Debug)]
pub struct Listener {
    target: web_sys::EventTarget,
    name: &'static str,
    /// It hears before what lies within the target, which may keep the event to itself.
    is_first: bool,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Listens to `name` on `target`.
    pub fn new(target: &web_sys::EventTarget, name: &'static str, heard: impl FnMut(web_sys::Event) + 'static) -> Self {
        Self::at(target, name, false, Closure::new(heard))
    }

    /// The same before anything within the target hears of it.
    pub fn first(
        target: &web_sys::EventTarget,
        name: &'static str,
        heard: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        Self::at(target, name, true, Closure::new(heard))
    }

    fn at(
        target: &web_sys::EventTarget,
        name: &'static str,
        is_first: bool,
        closure: Closure<dyn FnMut(web_sys::Event)>,
    ) -> Self {
        let heard = closure.as_ref().unchecked_ref();
        // It fails only for a target that is no target.
        let _ = target.add_event_listener_with_callback_and_bool(name, heard, is_first);
        Self { target: target.clone(), name, is_first, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let heard = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.name, heard, self.is_first);
    }
}

/// Returns the window; there is none in a native test or a worker.
pub fn window() -> Option<web_sys::Window> {
    // `web_sys::window` panics where there is no JavaScript at all, as in a native test.
    cfg!(target_arch = "wasm32").then(web_sys::window).flatten()
}

/// Returns the document.
pub fn document() -> Option<web_sys::Document> {
    window()?.document()
}
