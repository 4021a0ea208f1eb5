//! Web workers: messages of numbers and bytes, the bytes handed over rather than copied.

use js_sys::{Array, Float64Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::Listener;
use crate::buffer::Buffer;

/// What a worker tells.
#[derive(Debug, Clone)]
pub enum Heard {
    /// A message.
    Message {
        /// Its numbers.
        numbers: Vec<f64>,
        /// What came beside them: bytes, a bitmap.
        more: JsValue,
    },
    /// It never started, or failed; it is of no more use.
    Died,
}

/// A worker; ended when dropped.
#[derive(Debug)]
pub struct Worker {
    inner: web_sys::Worker,
    _listeners: [Listener; 2],
}

impl Worker {
    /// Starts the script at an address; absent where the browser has no workers or forbids this one.
    pub fn start(url: &str, heard: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        crate::window()?;
        let inner = web_sys::Worker::new(url).ok()?;
        let died = heard.clone();
        let message = Listener::new(&inner, "message", move |event| {
            if let Some(message) = event.dyn_ref::<web_sys::MessageEvent>().and_then(|event| read(&event.data())) {
                heard(message);
            }
        });
        let error = Listener::new(&inner, "error", move |_| died(Heard::Died));
        Some(Self { inner, _listeners: [message, error] })
    }

    /// Sends a message; false if it could not be: the memory for it was not to be had.
    pub fn send(&self, numbers: &[f64], bytes: &[u8]) -> bool {
        self.give(numbers, &Uint8Array::from(bytes))
    }

    /// Sends a message with a copy of bytes that the browser holds.
    pub fn hand_on(&self, numbers: &[f64], bytes: &Buffer) -> bool {
        self.give(numbers, &bytes.to_give())
    }

    fn give(&self, numbers: &[f64], bytes: &Uint8Array) -> bool {
        let bytes = bytes.buffer();
        let message = Array::of2(&Float64Array::from(numbers), &bytes);
        self.inner.post_message_with_transfer(&message, &Array::of1(&bytes)).is_ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.inner.terminate();
    }
}

fn read(data: &JsValue) -> Option<Heard> {
    let parts: &Array = data.dyn_ref()?;
    let numbers = parts.get(0).dyn_into::<Float64Array>().ok()?.to_vec();
    Some(Heard::Message { numbers, more: parts.get(1) })
}
