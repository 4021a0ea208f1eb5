//! The worker's end of the messages.
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
