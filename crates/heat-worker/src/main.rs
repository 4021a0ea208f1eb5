//! The worker's end of the messages: takes commands, sends answers. Pictures go as bitmaps, drawn here, where there is an
//! `OffscreenCanvas`; else as bytes.
#![allow(missing_docs, reason = "a binary")]

#[cfg(target_arch = "wasm32")]
mod port;

#[cfg(target_arch = "wasm32")]
fn main() {
    port::open();
}

/// On its own machine there is no page to talk to.
#[cfg(not(target_arch = "wasm32"))]
const fn main() {}
