//! The address is in step with the view, both ways; while time moves, a second late.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::browser::{clock, history};
use crate::state::{ViewStore, spawn_scoped, use_store};

/// Milliseconds between two addresses while time moves: with each the browser reads the page's icon again, and of more than two
/// hundred in ten seconds it refuses the last too.
const PACE_MS: u32 = 1000;

/// What the address shows, and what it is to show soon.
#[derive(Default)]
struct Address {
    shown: RefCell<String>,
    late: RefCell<Option<String>>,
}

impl Address {
    /// Shows a query; `push` adds a step that "back" undoes.
    fn show(&self, query: String, push: bool) {
        self.late.take();
        history::show_query(&query, push);
        self.shown.replace(query);
    }

    /// Shows what was put off.
    fn catch_up(&self) {
        if let Some(query) = self.late.take() {
            self.show(query, false);
        }
    }

    /// Takes note of where "back" has led to; tells whether that is elsewhere: a mark within the page is a step too.
    fn has_led_to(&self, query: &str) -> bool {
        let is_elsewhere = *self.shown.borrow() != query;
        if is_elsewhere {
            self.late.take();
            self.shown.replace(query.to_owned());
        }
        is_elsewhere
    }
}

/// Follows the view for as long as the page is there.
pub fn follow() {
    let (view, address) = (use_store::<ViewStore>(), Rc::<Address>::default());
    write(view, Rc::clone(&address));
    let leaving = Rc::clone(&address);
    // Whoever comes back or loads the page again finds the day that was left.
    let on_leave = history::on_leave(move || leaving.catch_up());
    let on_back = history::watch(move || {
        let query = history::location().1;
        if address.has_led_to(&query) {
            view.update(|v| v.read(&query));
        }
    });
    let heard = StoredValue::new_local((on_leave, on_back));
    on_cleanup(move || drop(heard.try_update_value(|(leave, back)| (leave.take(), back.take()))));
}

fn write(view: RwSignal<ViewStore>, address: Rc<Address>) {
    let query = Memo::new(move |_| view.with(|v| v.state.to_query()));
    let turns = clock::Pace::new(PACE_MS);
    Effect::new(move |before: Option<(_, _)>| {
        let query = query.get();
        let (place, at) = view.with_untracked(|v| ((v.state.place.clone(), v.state.selection.clone()), v.state.at));
        // Another place or selection is a step that "back" undoes; a moved map or slider is not.
        let is_step = before.as_ref().is_some_and(|(before, _)| *before != place);
        let is_moment = before.is_some_and(|(_, before)| before != at);
        if is_moment && !is_step {
            address.late.replace(Some(query));
            let (address, turns) = (Rc::clone(&address), turns.clone());
            spawn_scoped(async move {
                turns.turn().await;
                address.catch_up();
            });
        } else {
            if is_step {
                // Back leads to the day that was left.
                address.catch_up();
            }
            address.show(query, is_step);
        }
        (place, at)
    });
}
