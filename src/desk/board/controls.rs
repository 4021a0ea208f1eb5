//! The head of the board: of what and when it is, its period, and ways to take or show it.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::card::{Base, workbook_link};
use super::context::Board;
use super::period::{self, Preset};
use crate::browser::{history, page};
use crate::reactive::{memo, part, words};
use crate::routes::ViewState;
use crate::routes::brush::{day_text, read_day};
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::segmented::{Choice, Segmented};
use crate::ui::time::{day_and_time, hour_and_minute};
use crate::{say, tr};

/// The head.
pub fn head(board: Board) -> AnyView {
    let title = words(move || {
        let place = board.scope.place.get().map(|id| board.place(&id)).unwrap_or_default();
        tr!(board.title, place = place)
    });
    let shown = memo(move || days(board));
    view! {
        <div class="board-head">
            <div class="board-title"><h1>{title}</h1><p class="quiet">{words(move || span(board))}</p></div>
            {part(move || presets(board))}
            {part(move || dates(board, shown))}
            {tools(board)}
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
fn days(board: Board) -> (NaiveDate, NaiveDate, NaiveDate) {
    let now = board.scope.now.get();
    let (from, to) = board.view.with(|v| period::period(&v.state, now));
    let last = to.map_or_else(|| now.date_naive(), |to| (to - chrono::TimeDelta::seconds(1)).date_naive());
    (from.date_naive(), last, now.date_naive())
}

fn dates(board: Board, shown: Memo<(NaiveDate, NaiveDate, NaiveDate)>) -> AnyView {
    let (first, last, today) = shown.get();
    let now = board.scope.now;
    let field = move |word: &'static str, id: &'static str, value: NaiveDate, is_first: bool| {
        let set = move |text: String| {
            let Some(day) = read_day(&text) else { return };
            let (from, to) = if is_first { (day, last) } else { (first, day) };
            board.change(|state| period::choose_days(state, from, to, now.get_untracked()));
        };
        view! {
            <label><span class="sr-only">{word}</span><input type="date" class="field-input" id=id prop:value=day_text(value)
                max=day_text(today) on:change:target=move |event| set(event.target().value()) /></label>
        }
    };
    view! {
        <div class="board-dates">
            {field(tr!(board.first_day), "board-from", first, true)}"–"{field(tr!(board.last_day), "board-to", last, false)}
        </div>
    }
    .into_any()
}

/// The whole as a workbook, the board for a meeting, the address for another device.
fn tools(board: Board) -> AnyView {
    let is_presenting = move || board.view.with(|v| v.state.present);
    let present = Callback::new(move |()| set_presenting(board, !board.view.with_untracked(|v| v.state.present)));
    let label = move || if is_presenting() { tr!(board.present_end) } else { tr!(board.present) };
    let workbook = part(move || workbook_link(board, None, tr!(board.workbook).to_owned()));
    view! {
        <div class="board-tools">
            {workbook}
            <Button label=label on_press=present icon=Icon::Play />
            {hand_over(board)}
        </div>
    }
    .into_any()
}

fn set_presenting(board: Board, on: bool) {
    board.change(|state| state.present = on);
    page::full_screen(on);
}

/// A QR code of what is shown, for another device.
fn hand_over(board: Board) -> AnyView {
    let is_open = RwSignal::new(false);
    let base = use_context::<Base>().map(|base| base.0).unwrap_or_default();
    let code = part(move || {
        if !is_open.get() {
            return ().into_any();
        }
        let query = board.view.with(|v| ViewState { present: false, ..v.state.clone() }.to_query());
        let path = format!("{}?{query}", history::location().0);
        let source = format!("{base}/qr?path={}", crate::api::dialect::encode(&path));
        view! { <img class="qr" src=source alt=tr!(board.qr_alt) width="220" height="220" /><p class="quiet">{tr!(board.qr_hint)}</p> }.into_any()
    });
    view! {
        <details class="menu" on:toggle=move |_| is_open.update(|open| *open = !*open)>
            <summary class="button">{say!(board.qr)}</summary>
            <div class="menu-body">{code}</div>
        </details>
    }
    .into_any()
}
