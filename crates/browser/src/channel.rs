//! Talk between the tabs of one browser, and the lock by which they choose who holds the one stream.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::Listener;

/// A channel to the other tabs; closed when dropped.
#[derive(Debug)]
pub struct Channel {
    inner: web_sys::BroadcastChannel,
    _listener: Listener,
}

impl Channel {
    /// Opens the channel `name`; absent where the browser has none.
    pub fn open(name: &str, heard: impl Fn(String) + 'static) -> Option<Self> {
        crate::window()?;
        let inner = web_sys::BroadcastChannel::new(name).ok()?;
        let listener = Listener::new(&inner, "message", move |event| {
            let text = event.dyn_into::<web_sys::MessageEvent>().ok().and_then(|e| e.data().as_string());
            if let Some(text) = text {
                heard(text);
            }
        });
        Some(Self { inner, _listener: listener })
    }

    /// Sends a text to every other tab.
    pub fn send(&self, text: &str) {
        let _ = self.inner.post_message(&JsValue::from_str(text));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.close();
    }
}

/// Being, or waiting to be, the one tab that holds a lock; given up when dropped.
pub struct Lock {
    release: Rc<Cell<Option<js_sys::Function>>>,
    given_up: Rc<Cell<bool>>,
}

impl Lock {
    /// Waits for the lock `name`, or takes it from its holder if `steal`. `held` is called with `true` when it is ours and with
    /// `false` when another tab took it. Absent where the browser has no locks or the page is not served securely.
    pub fn request(name: &str, steal: bool, held: impl Fn(bool) + Clone + 'static) -> Option<Self> {
        // Typed bindings of Web Locks are behind an unstable flag of `web_sys`: the three names are called by hand.
        let locks = property(&crate::window()?.navigator(), "locks")?;
        let ask = property(&locks, "request")?.dyn_into::<js_sys::Function>().ok()?;
        let (release, given_up) = (Rc::new(Cell::new(None)), Rc::new(Cell::new(false)));
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"steal".into(), &steal.into()).ok()?;
        let granted = granted(release.clone(), given_up.clone(), held.clone());
        let request = ask.call3(&locks, &name.into(), &options, &granted).ok()?.dyn_into().ok()?;
        lost(request, given_up.clone(), held);
        Some(Self { release, given_up })
    }
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined())
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.given_up.set(true);
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// The lock is held for as long as the promise that this returns is open.
fn granted(
    release: Rc<Cell<Option<js_sys::Function>>>,
    given_up: Rc<Cell<bool>>,
    held: impl Fn(bool) + 'static,
) -> JsValue {
    Closure::once_into_js(move |_lock: JsValue| {
        if given_up.get() {
            return JsValue::UNDEFINED;
        }
        let release = release.clone();
        let promise = js_sys::Promise::new(&mut |resolve, _| release.set(Some(resolve)));
        held(true);
        promise.into()
    })
}

/// The request's own promise is rejected when another tab steals the lock.
fn lost(request: js_sys::Promise, given_up: Rc<Cell<bool>>, held: impl Fn(bool) + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        if wasm_bindgen_futures::JsFuture::from(request).await.is_err() && !given_up.get() {
            held(false);
        }
    });
}
