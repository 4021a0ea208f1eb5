//! The window as a screen on a wall: its size, hands at it, and keeping it awake.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};

use super::{Listener, clock, visibility};

/// Returns the window's width and height in CSS pixels.
pub fn size() -> (f64, f64) {
    let Some(window) = super::window() else { return (1920.0, 1080.0) };
    let side = |value: Result<JsValue, JsValue>| value.ok().and_then(|v| v.as_f64());
    (side(window.inner_width()).unwrap_or(1920.0), side(window.inner_height()).unwrap_or(1080.0))
}

/// Calls `changed` when the window has another size, until the result is dropped.
pub fn watch_size(changed: impl Fn() + 'static) -> Option<Listener> {
    let window = super::window()?;
    Some(Listener::new(&window, "resize", move |_| changed()))
}

/// Calls `touched` with the key (empty for a pointer) whenever a hand is at the page, until the result is dropped.
pub fn watch_hands(touched: impl Fn(&str) + Clone + 'static) -> Vec<Listener> {
    let Some(window) = super::window() else { return Vec::new() };
    let pointed = touched.clone();
    let key = move |event: web_sys::Event| {
        if let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() {
            touched(&event.key());
        }
    };
    vec![Listener::new(&window, "pointerdown", move |_| pointed("")), Listener::new(&window, "keydown", key)]
}

/// Keeps the screen from going dark until it is dropped; a browser that cannot lets it go dark.
#[derive(Debug)]
pub struct Awake {
    held: Rc<Lock>,
    _visible: Option<Listener>,
}

/// The lock, and what hears that the browser has let go of it: where it had to save power, the page may be in view all the same.
type Lock = RefCell<Option<(JsValue, Option<Listener>)>>;

/// How long it is waited after the browser has let go, in milliseconds: it has its reasons.
const AGAIN_MS: u32 = 60_000;

impl Awake {
    /// Asks now, again whenever the page is shown after it was hidden, and a minute after the browser has refused or let go.
    pub fn keep() -> Self {
        let held = Rc::new(RefCell::new(None));
        ask(&held);
        let again = Rc::clone(&held);
        let watching = visibility::watch(move |visible| {
            if visible {
                ask(&again);
            }
        });
        Self { held, _visible: watching }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        let held = self.held.borrow_mut().take();
        if let Some((lock, heard)) = held {
            // It is not to be asked for again.
            drop(heard);
            let _ = call(&lock, "release", &[]);
        }
    }
}

/// Spelt out because not every browser has it, and plain HTTP has it nowhere.
fn ask(held: &Rc<Lock>) {
    let held = Rc::downgrade(held);
    let Some(window) = super::window() else { return };
    let Ok(keeper) = js_sys::Reflect::get(&window.navigator(), &"wakeLock".into()) else { return };
    let Some(promise) = call(&keeper, "request", &["screen".into()]) else { return };
    let Ok(promise) = promise.dyn_into::<js_sys::Promise>() else { return };
    leptos::task::spawn_local(async move {
        let Ok(lock) = wasm_bindgen_futures::JsFuture::from(promise).await else { return later(&held) };
        let Some(kept) = held.upgrade() else { return };
        let heard = lock.dyn_ref::<web_sys::EventTarget>().map(|lock| {
            let held = held.clone();
            Listener::new(lock, "release", move |_| later(&held))
        });
        *kept.borrow_mut() = Some((lock, heard));
    });
}

fn later(held: &Weak<Lock>) {
    let held = held.clone();
    leptos::task::spawn_local(async move {
        clock::sleep(AGAIN_MS).await;
        // A page that is hidden asks when it is shown again.
        if let Some(held) = held.upgrade().filter(|_| visibility::is_visible()) {
            ask(&held);
        }
    });
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: js_sys::Function = js_sys::Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    function.apply(object, &arguments.iter().collect()).ok()
}
