//! The head of the board: of what and when it is, its period, and ways to take or show it.

use std::sync::Arc;

use chrono::NaiveDate;
use fengtu_wire::walls::WallScene;
use leptos::prelude::*;

use super::card::workbook_link;
use super::context::Board;
use super::day_field::{day_field, with_day};
use super::hand_over::hand_over;
use super::period::{self, Preset};
use crate::browser::page;
use crate::reactive::{memo, part, words};
use crate::routes::brush::day_text;
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::segmented::{Choice, Segmented};
use crate::ui::time::{day_and_time, hour_and_minute};
use crate::{say, tr};

/// The head of the board.
pub fn head(board: Board) -> AnyView {
    let workbook = part(move || workbook_link(board, None, tr!(board.workbook).to_owned()));
    head_of(board, |place| tr!(board.title, place = place), workbook.into_any())
}

/// The head of a page of a place and a period, with its own title from the place's name, and its own tool.
pub fn head_of(board: Board, title: fn(String) -> String, tool: AnyView) -> AnyView {
    let title = words(move || title(board.scope.place.get().map(|id| board.place(&id)).unwrap_or_default()));
    let shown = memo(move || days(board));
    view! {
        <div class="board-head">
            <div class="board-title"><h1>{title}</h1><p class="quiet">{words(move || span(board))}</p></div>
            {part(move || presets(board))}
            {part(move || dates(board, shown))}
            {tools(board, tool, None)}
        </div>
    }
    .into_any()
}

/// The period in words, and how old the figures are.
fn span(board: Board) -> String {
    let now = board.scope.now.get();
    let (from, to) = board.view.with(|v| period::period(&v.state, now));
    let until = to.map_or_else(|| tr!(board.until_now, time = hour_and_minute(&now)), |to| day_and_time(&to));
    let made = board.answer().map(|cube| tr!(board.made, time = day_and_time(&cube.at))).unwrap_or_default();
    format!("{} – {until} {made}", day_text(from.date_naive()))
}

fn presets(board: Board) -> AnyView {
    let now = board.scope.now;
    let chosen = Signal::derive(move || board.view.with(|v| period::preset(&v.state, now.get())));
    let words: [fn() -> &'static str; 5] =
        [|| tr!(board.today), || tr!(board.days7), || tr!(board.days28), || tr!(board.quarter), || tr!(board.days365)];
    let choices = Preset::ALL.iter().zip(words).map(|(preset, word)| Choice::new(Some(*preset), word)).collect();
    let choose = Callback::new(move |preset: Option<Preset>| {
        if let Some(preset) = preset {
            board.change(|state| period::choose(state, preset, now.get_untracked()));
        }
    });
    view! { <Segmented name="board-period" legend=say!(board.period) choices chosen on_choose=choose /> }.into_any()
}

/// The first and the last day, and today; none of them moves with the minute.
pub fn days(board: Board) -> (NaiveDate, NaiveDate, NaiveDate) {
    let now = board.scope.now.get();
    let (from, to) = board.view.with(|v| period::period(&v.state, now));
    let last = to.map_or_else(|| now.date_naive(), |to| (to - chrono::TimeDelta::seconds(1)).date_naive());
    (from.date_naive(), last, now.date_naive())
}

fn dates(board: Board, shown: Memo<(NaiveDate, NaiveDate, NaiveDate)>) -> AnyView {
    let field = move |id: &'static str, is_first: bool| {
        let days = move || {
            let (first, last, today) = shown.get();
            (Some(if is_first { first } else { last }), NaiveDate::default(), today)
        };
        let choose = move |day| {
            let (first, last, _) = shown.get_untracked();
            let (from, to) = with_day((first, last), day, is_first);
            let now = board.scope.now.get_untracked();
            board.change(|state| period::choose_days(state, from, to, now));
        };
        day_field(id, Arc::new(days), Callback::new(choose))
    };
    view! {
        <div class="board-dates">
            <label><span class="sr-only">{tr!(board.first_day)}</span>{field("board-from", true)}</label>"–"
            <label><span class="sr-only">{tr!(board.last_day)}</span>{field("board-to", false)}</label>
        </div>
    }
    .into_any()
}

/// A tool of the page's own, the page for a meeting, its address for another device; `scene`: what a wall shows of it, where that is
/// not the place.
pub fn tools(board: Board, own: AnyView, scene: Option<WallScene>) -> AnyView {
    let is_presenting = move || board.view.with(|v| v.state.present);
    let present = Callback::new(move |()| set_presenting(board, !board.view.with_untracked(|v| v.state.present)));
    let label = move || if is_presenting() { tr!(board.present_end) } else { tr!(board.present) };
    view! {
        <div class="board-tools">
            {own}
            <Button label=label on_press=present icon=Icon::Play />
            {hand_over(board, scene)}
        </div>
    }
    .into_any()
}

fn set_presenting(board: Board, on: bool) {
    board.change(|state| state.present = on);
    page::full_screen(on);
}
