//! A worker's port: messages come and go as `[Float64Array, ArrayBuffer]`, the second handed over, not copied.

use fengtu_dialects_worker::{Message, Service};
use js_sys::{Array, ArrayBuffer, Float64Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answers messages for as long as the worker lives.
pub fn open() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut service = Service::default();
    let port = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        for message in read(&event.data()).map(|message| service.take(&message)).unwrap_or_default() {
            send(&port, &message);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
    send(&scope, &Message::ready());
}

fn read(data: &JsValue) -> Option<Message> {
    let parts: &Array = data.dyn_ref()?;
    let numbers = parts.get(0).dyn_into::<Float64Array>().ok()?.to_vec();
    let bytes = parts.get(1).dyn_into::<ArrayBuffer>().map_or_else(|_| Vec::new(), |b| Uint8Array::new(&b).to_vec());
    Some(Message { numbers, bytes })
}

fn send(port: &DedicatedWorkerGlobalScope, message: &Message) {
    let bytes = Uint8Array::from(message.bytes.as_slice()).buffer();
    let both = Array::of2(&Float64Array::from(message.numbers.as_slice()), &bytes);
    // A page that is gone takes no message.
    let _ = port.post_message_with_transfer(&both, &Array::of1(&bytes));
}
