//! The window as a screen on a wall: its size, hands at it, and keeping it awake.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};

use crate::{Listener, clock, visibility};

/// Returns the window's width and height in CSS pixels.
pub fn size() -> (f64, f64) {
    let Some(window) = crate::window() else { return (1920.0, 1080.0) };
    let side = |value: Result<JsValue, JsValue>| value.ok().and_then(|v| v.as_f64());
    (side(window.inner_width()).unwrap_or(1920.0), side(window.inner_height()).unwrap_or(1080.0))
}

/// Calls `changed` when the window has another size, until the result is dropped.
pub fn watch_size(changed: impl Fn() + 'static) -> Option<Listener> {
    let window = crate::window()?;
    Some(Listener::new(&window, "resize", move |_| changed()))
}

/// Calls `touched` with the key (empty for a pointer or a wheel) whenever a hand is at the page, until the result is dropped.
pub fn watch_hands(touched: impl Fn(&str) + Clone + 'static) -> Vec<Listener> {
    let Some(window) = crate::window() else { return Vec::new() };
    let (pointed, turned) = (touched.clone(), touched.clone());
    let key = move |event: web_sys::Event| {
        if let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() {
            touched(&event.key());
        }
    };
    vec![
        Listener::new(&window, "pointerdown", move |_| pointed("")),
        // A map that zooms by it tells nobody above it.
        Listener::first(&window, "wheel", move |_| turned("")),
        Listener::new(&window, "keydown", key),
    ]
}

/// Calls `changed` when a pointer goes down on the page and when it goes up or is lost, until the result is dropped.
pub fn watch_presses(changed: impl Fn(bool) + Clone + 'static) -> Vec<Listener> {
    let Some(window) = crate::window() else { return Vec::new() };
    let on = |name: &'static str, is: bool| {
        let changed = changed.clone();
        // Before anybody who may keep it from those above.
        Listener::first(&window, name, move |_| changed(is))
    };
    vec![on("pointerdown", true), on("pointerup", false), on("pointercancel", false)]
}

/// Keeps the screen from going dark until it is dropped; a browser that cannot lets it go dark.
#[derive(Debug)]
pub struct Awake {
    lock: Rc<Lock>,
    _visible: Option<Listener>,
}

/// The browser's lock.
#[derive(Debug, Default)]
struct Lock {
    /// The last one, and what hears that the browser has let go of it: to save power it does, with the page in view too.
    last: RefCell<Option<(JsValue, Option<Listener>)>>,
    is_held: Cell<bool>,
    is_asked_for: Cell<bool>,
    is_waited: Cell<bool>,
}

/// How long it is waited after the browser has refused or let go, in milliseconds: it has its reasons.
const AGAIN_MS: u32 = 60_000;

impl Awake {
    /// Asks now, again when the page is shown after it was hidden, and a minute after the browser has refused or let go.
    pub fn keep() -> Self {
        let lock = Rc::new(Lock::default());
        ask(&lock);
        let again = Rc::clone(&lock);
        let watching = visibility::watch(move |visible| {
            if visible {
                ask(&again);
            }
        });
        Self { lock, _visible: watching }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        if let Some((last, heard)) = self.lock.last.take() {
            // It is not to be asked for again.
            drop(heard);
            release(&last);
        }
    }
}

fn release(lock: &JsValue) {
    let _ = call(lock, "release", &[]);
}

/// Spelt out because not every browser has it, and plain HTTP has it nowhere.
fn ask(lock: &Rc<Lock>) {
    if lock.is_held.get() || lock.is_asked_for.get() {
        return;
    }
    let Some(window) = crate::window() else { return };
    let Ok(keeper) = js_sys::Reflect::get(&window.navigator(), &"wakeLock".into()) else { return };
    let Some(promise) = call(&keeper, "request", &["screen".into()]) else { return };
    let Ok(promise) = promise.dyn_into::<js_sys::Promise>() else { return };
    lock.is_asked_for.set(true);
    let lock = Rc::downgrade(lock);
    wasm_bindgen_futures::spawn_local(async move {
        let answer = wasm_bindgen_futures::JsFuture::from(promise).await;
        match (lock.upgrade(), answer) {
            (Some(lock), answer) => settle(&lock, answer.ok()),
            (None, Ok(late)) => release(&late),
            (None, Err(_)) => {}
        }
    });
}

fn settle(lock: &Rc<Lock>, got: Option<JsValue>) {
    lock.is_asked_for.set(false);
    lock.is_held.set(got.is_some());
    let Some(got) = got else { return later(lock) };
    let weak = Rc::downgrade(lock);
    let let_go = move |_| {
        if let Some(lock) = weak.upgrade() {
            lock.is_held.set(false);
            later(&lock);
        }
    };
    let heard = got.dyn_ref::<web_sys::EventTarget>().map(|target| Listener::new(target, "release", let_go));
    lock.last.replace(Some((got, heard)));
}

fn later(lock: &Rc<Lock>) {
    if lock.is_waited.replace(true) {
        return;
    }
    let lock = Rc::downgrade(lock);
    wasm_bindgen_futures::spawn_local(async move {
        clock::sleep(AGAIN_MS).await;
        let Some(lock) = lock.upgrade() else { return };
        lock.is_waited.set(false);
        // A page that is hidden asks when it is shown again.
        if visibility::is_visible() {
            ask(&lock);
        }
    });
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: js_sys::Function = js_sys::Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    function.apply(object, &arguments.iter().collect()).ok()
}
