//! The field of a day, by pointer and by keyboard.

use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::browser::{clock, page};
use crate::reactive::words;
use crate::routes::brush::{day_text, read_day};

/// What a field shows, and the first and the last day that it takes.
pub type Days = Arc<dyn Fn() -> (Option<NaiveDate>, NaiveDate, NaiveDate) + Send + Sync>;

/// Makes one that stays while its day moves. A browser calls every key a change: what is typed counts when the field is left, or
/// by Enter; what is chosen in the browser's calendar counts at once.
pub fn day_field(id: &'static str, days: Days, choose: Callback<NaiveDate>) -> AnyView {
    let (is_typed, kept) = (StoredValue::new(false), StoredValue::new(Arc::clone(&days)));
    let set = move || {
        // The field may be gone a frame after it was left.
        let (Some(days), Some(input)) = (kept.try_get_value(), page::field(id)) else { return };
        is_typed.set_value(false);
        let (before, min, max) = untrack(|| days());
        let day = read_day(&input.value()).map(|day| day.min(max).max(min));
        if let Some(day) = day.filter(|day| Some(*day) != before) {
            choose.run(day);
        }
        input.set_value(&text(untrack(|| days()).0));
    };
    let (least, most) = (Arc::clone(&days), Arc::clone(&days));
    view! {
        <input type="date" class="field-input" id=id prop:value=words(move || text(days().0))
            min=words(move || day_text(least().1)) max=words(move || day_text(most().2))
            on:keydown=move |event| match event.key().as_str() {
                "Enter" => set(),
                // Space, F4 and Alt with an arrow open the calendar; Tab goes on.
                key if is_typing(key) && !event.alt_key() => is_typed.set_value(true),
                _ => {}
            }
            on:change=move |_| if !is_typed.get_value() { set() }
            // A frame later it is known where the focus went: it stays there, whatever is drawn anew.
            on:focusout=move |_| clock::next_frame(set) />
    }
    .into_any()
}

/// Tells whether a key changes a date in its field.
fn is_typing(key: &str) -> bool {
    matches!(key, "ArrowUp" | "ArrowDown" | "Backspace" | "Delete") || key.chars().all(|c| c.is_ascii_digit())
}

fn text(day: Option<NaiveDate>) -> String {
    day.map(day_text).unwrap_or_default()
}

/// Returns the days when one of both was set: the other gives way to it, they do not change places.
pub fn with_day((first, last): (NaiveDate, NaiveDate), day: NaiveDate, is_first: bool) -> (NaiveDate, NaiveDate) {
    if is_first { (day, last.max(day)) } else { (first.min(day), day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_that_was_set_stands_and_the_other_gives_way() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap_or_default();
        let set = |d, is_first| with_day((day(10), day(20)), day(d), is_first);
        assert_eq!([5, 15, 25].map(|d| set(d, true)), [(day(5), day(20)), (day(15), day(20)), (day(25), day(25))]);
        assert_eq!([25, 15, 5].map(|d| set(d, false)), [(day(10), day(25)), (day(10), day(15)), (day(5), day(5))]);
    }
}
