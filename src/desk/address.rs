//! The address is in step with the view, both ways; while time is played, up to a second late.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::browser::{clock, history};
use crate::state::{ViewStore, use_store};

/// Milliseconds between two addresses while time is played: with each the browser reads the page's icon again, and of more than two
/// hundred in ten seconds it refuses the last too.
const PACE_MS: f64 = 1000.0;
/// Milliseconds after which time has come to rest: whoever then loads the page again finds the day that is shown.
const REST_MS: f64 = 300.0;

/// What the address shows, and what it is to show soon.
struct Address {
    shown: RefCell<String>,
    late: RefCell<Option<String>>,
    /// What shows it.
    waits: RefCell<Option<Timeout>>,
    /// When it last followed time, on the browser's clock, milliseconds.
    followed_ms: Cell<f64>,
}

impl Address {
    /// Shows a query; `push` adds a step that "back" undoes.
    fn show(&self, query: String, push: bool) {
        self.late.take();
        history::show_query(&query, push);
        // The browser may have refused it.
        self.shown.replace(history::location().1);
    }

    /// Shows a query of another moment when it is due.
    fn follow(self: &Rc<Self>, query: String) {
        self.late.replace(Some(query));
        let wait_ms = due_in_ms(clock::monotonic_ms() - self.followed_ms.get());
        let me = Rc::downgrade(self);
        let catch_up = move || {
            if let Some(address) = me.upgrade() {
                address.followed_ms.set(clock::monotonic_ms());
                address.catch_up();
            }
        };
        self.waits.replace(Some(Timeout::new(wait_ms, catch_up)));
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
    let view = use_store::<ViewStore>();
    let address = Rc::new(Address {
        shown: RefCell::default(),
        late: RefCell::default(),
        waits: RefCell::default(),
        followed_ms: Cell::new(f64::NEG_INFINITY),
    });
    write(view, Rc::clone(&address));
    let leaving = Rc::clone(&address);
    // Whoever comes back from another page finds the day that was left.
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
    Effect::new(move |before: Option<(_, _)>| {
        let query = query.get();
        let (place, at) = view.with_untracked(|v| ((v.state.place.clone(), v.state.selection.clone()), v.state.at));
        // Another place or selection is a step that "back" undoes; a moved map or slider is not.
        let is_step = before.as_ref().is_some_and(|(before, _)| *before != place);
        let is_moment = before.is_some_and(|(_, before)| before != at);
        if is_moment && !is_step {
            address.follow(query);
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

/// Returns in how many milliseconds the address follows a moment, by how long ago it followed the last: time that goes on is followed
/// once a second, and once more when it rests.
fn due_in_ms(since_ms: f64) -> u32 {
    (PACE_MS - since_ms).clamp(0.0, REST_MS).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the address follows time that moves every so many milliseconds and rests after two seconds; each move calls off the one that
    /// waits.
    fn followed(every_ms: f64) -> Vec<f64> {
        let (mut last, mut waits, mut times) = (f64::NEG_INFINITY, None::<f64>, Vec::new());
        for step in 0..=(2000.0 / every_ms) as u32 {
            let now = f64::from(step) * every_ms;
            if let Some(due) = waits.filter(|due| *due < now) {
                times.push(due);
                last = due;
            }
            waits = Some(now + f64::from(due_in_ms(now - last)));
        }
        times.into_iter().chain(waits).collect()
    }

    #[test]
    fn time_that_is_played_is_followed_once_a_second_and_when_it_rests() {
        let played = followed(1000.0 / 30.0);
        assert!((3..=4).contains(&played.len()), "{played:?}");
        assert!(played.iter().all(|at| *at <= 2000.0 + REST_MS));
        // A step a second: each at once.
        assert_eq!(followed(1000.0), [0.0, 1000.0, 2000.0]);
        // Single steps by hand: each when time has come to rest.
        for (at, step) in followed(400.0).iter().zip([0.0, 400.0, 800.0, 1200.0, 1600.0, 2000.0]) {
            assert!((step..=step + REST_MS).contains(at), "{at} after {step}");
        }
    }
}
