//! Time and chance, which the pure parts take as arguments.

use chrono::{DateTime, Utc};

/// Returns milliseconds that never run backwards; they may stand still while the machine sleeps.
pub fn monotonic_ms() -> f64 {
    crate::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// Returns the machine's own idea of the time, in Unix milliseconds; it may be wrong and may jump.
pub fn wall_ms() -> f64 {
    if cfg!(target_arch = "wasm32") { js_sys::Date::now() } else { 0.0 }
}

/// Returns the machine's own idea of the time.
pub fn wall() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(wall_ms() as i64).unwrap_or_default()
}

/// Returns a number in 0…1.
pub fn random() -> f64 {
    if cfg!(target_arch = "wasm32") { js_sys::Math::random() } else { 0.5 }
}

/// Waits.
pub async fn sleep(ms: u32) {
    gloo_timers::future::TimeoutFuture::new(ms).await;
}

/// Spaces out what follows a slider: the first at once, then one in so many milliseconds, the last one always.
#[derive(Debug, Clone)]
pub struct Pace {
    least_ms: u32,
    began_ms: std::rc::Rc<std::cell::Cell<f64>>,
}

impl Pace {
    /// Lets one begin in `least_ms` milliseconds.
    pub fn new(least_ms: u32) -> Self {
        Self { least_ms, began_ms: std::rc::Rc::new(std::cell::Cell::new(f64::NEG_INFINITY)) }
    }

    /// Waits for its turn. Whoever is dropped while waiting takes none.
    pub async fn turn(&self) {
        let passed = monotonic_ms() - self.began_ms.get();
        let rest = f64::from(self.least_ms) - passed;
        if rest > 0.0 {
            sleep(rest.ceil() as u32).await;
        }
        self.began_ms.set(monotonic_ms());
    }
}

/// Calls again and again until it is dropped.
#[derive(Debug)]
pub struct Ticker {
    _interval: gloo_timers::callback::Interval,
}

impl Ticker {
    /// Calls `tick` every `ms` milliseconds.
    pub fn new(ms: u32, tick: impl FnMut() + 'static) -> Self {
        Self { _interval: gloo_timers::callback::Interval::new(ms, tick) }
    }
}

/// Calls `then` in so many milliseconds, in a task of its own. Nothing is left of it afterwards: a timer that is let go of by
/// `forget` keeps its closure for ever.
pub fn later(ms: u32, then: impl FnOnce() + 'static) {
    let closure = wasm_bindgen::closure::Closure::once_into_js(then);
    if let Some(window) = crate::window() {
        let function = wasm_bindgen::JsCast::unchecked_ref(&closure);
        let _ = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(function, i32::try_from(ms).unwrap_or(i32::MAX));
    }
}

/// Calls `then` before the next picture is drawn, or soon where no picture is being drawn (a hidden tab).
pub fn next_frame(then: impl FnOnce() + 'static) {
    let hidden = crate::document().is_none_or(|d| d.hidden());
    if hidden {
        return later(0, then);
    }
    let closure = wasm_bindgen::closure::Closure::once_into_js(then);
    if let Some(window) = crate::window() {
        let _ = window.request_animation_frame(wasm_bindgen::JsCast::unchecked_ref(&closure));
    }
}
