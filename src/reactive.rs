//! What Leptos compiles for each closure, behind a pointer: compiled once.

use leptos::prelude::*;

/// Does something now, and again whenever a signal changes that it read.
///
/// Leptos compiles an effect for each closure, 1.5 kB a time.
pub fn effect(act: impl FnMut() + 'static) {
    run(Box::new(act));
}

fn run(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}
