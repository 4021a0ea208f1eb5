//! What Leptos compiles for each closure, behind a pointer: compiled once.

use leptos::prelude::*;

use crate::browser::visibility;

/// Does something now, and again whenever a signal changes that it read.
///
/// Leptos compiles an effect for each closure, 1.5 kB a time.
pub fn effect(act: impl FnMut() + 'static) {
    run(Box::new(act));
}

fn run(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}

/// Text of a view that follows what it reads. A closure that stands in a view is a type of its own, and Leptos compiles the
/// following of each: 1 to 3 kB a time.
pub fn words(text: impl FnMut() -> String + Send + 'static) -> Box<dyn FnMut() -> String + Send> {
    Box::new(text)
}

/// The same for a class that is there or not.
pub fn flag(is: impl FnMut() -> bool + Send + 'static) -> Box<dyn FnMut() -> bool + Send> {
    Box::new(is)
}

/// The same for a part of a view.
pub fn part(view: impl FnMut() -> AnyView + Send + 'static) -> Box<dyn FnMut() -> AnyView + Send> {
    Box::new(view)
}

/// A memo, compiled once for each type of value.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    of(Box::new(value))
}

/// Whether the element with this id has come into view, or the page was printed; from then on it stays so.
pub fn when_near(id: &'static str) -> RwSignal<bool> {
    let is_near = RwSignal::new(false);
    let seen = move || {
        let _ = is_near.try_set(true);
    };
    let watch = StoredValue::new_local(Some(visibility::watch_near(id, seen)));
    on_cleanup(move || drop(watch.try_update_value(Option::take)));
    is_near
}

fn of<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}
