//! What is chosen, as chips that let go of it.

use leptos::prelude::*;

use super::context::Board;
use super::period::choose_of;
use crate::desk::words;
use crate::reactive::part;
use crate::routes::brush::day_text;
use crate::routes::{Brush, ViewState};
use crate::ui::icon::{Glyph, Icon};
use crate::{say, tr};

/// One thing that is chosen: what people read, and how it is let go of.
type Chip = (String, Box<dyn Fn(&mut ViewState)>);

/// The chips; nothing is chosen: how one chooses.
pub fn chips(board: Board) -> AnyView {
    let busy = move || board.is_busy.get().to_string();
    let inside = part(move || {
        let chips = chosen(board);
        if chips.is_empty() {
            let is_exact = board.answer().is_none_or(|cube| cube.exact);
            let hint = if is_exact { tr!(board.brush_hint) } else { tr!(board.brush_withheld) };
            return view! { <p class="quiet">{hint}</p> }.into_any();
        }
        let one = |(index, (text, clear)): (usize, Chip)| {
            let clear = StoredValue::new_local(clear);
            let label = tr!(board.let_go, name = text.clone());
            let press = move |_| clear.with_value(|clear| board.change(|state| clear(state)));
            view! { <li><button type="button" class="chip" id=format!("chip-{index}") aria-label=label on:click=press>{text}<Glyph icon=Icon::Close /></button></li> }
        };
        let all = move |_| {
            board.change(|state| {
                state.categories.clear();
                state.brush = Brush::default();
            });
        };
        view! {
            <ul class="chips" aria-label=tr!(board.chosen)>{chips.into_iter().enumerate().map(one).collect_view()}</ul>
            <button type="button" class="button bare" id="chips-clear" on:click=all>{say!(board.clear)}</button>
        }
        .into_any()
    });
    view! { <div class="board-brush" aria-busy=busy>{inside}</div> }.into_any()
}

/// Returns what is chosen as people read it; nothing where all is.
pub fn said(board: Board) -> String {
    let texts: Vec<String> = chosen(board).into_iter().map(|(text, _)| text).collect();
    texts.join(tr!(board.comma))
}

fn chosen(board: Board) -> Vec<Chip> {
    let state = board.view.with(|v| v.state.clone());
    let mut chips: Vec<Chip> = Vec::new();
    if !state.brush.within.is_empty() {
        chips.push((places(board, &state.brush), Box::new(|state| state.brush.within.clear())));
    }
    for category in &state.categories {
        let id = category.clone();
        chips.push((
            board.category(category),
            Box::new(move |state| {
                state.categories.remove(&id);
            }),
        ));
    }
    if let Some((from, to)) = state.brush.days {
        let text = if from == to { day_text(from) } else { format!("{} – {}", day_text(from), day_text(to)) };
        let now = board.scope.now.get_untracked();
        chips.push((text, Box::new(move |state| choose_of(state, None, now))));
    }
    if !state.brush.weekdays.is_empty() {
        let text = state.brush.weekdays.iter().map(|&day| words::weekday(day)).collect::<Vec<_>>().join(" ");
        chips.push((text, Box::new(|state| state.brush.weekdays.clear())));
    }
    if !state.brush.hours.is_empty() {
        let text = state.brush.hours.iter().map(|hour| format!("{hour}:00")).collect::<Vec<_>>().join(" ");
        chips.push((text, Box::new(|state| state.brush.hours.clear())));
    }
    chips
}

/// Says which places are chosen: one or two by name, more by number.
fn places(board: Board, brush: &Brush) -> String {
    let names: Vec<String> = brush.within.iter().take(2).map(|id| board.place(id)).collect();
    match brush.within.len() {
        1 | 2 => names.join(tr!(board.comma)),
        n => tr!(board.places_chosen, n = n),
    }
}
