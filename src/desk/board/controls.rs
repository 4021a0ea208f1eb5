//! The head of the board: of what and when it is, its period, and ways to take or show it.

use std::sync::Arc;

use chrono::NaiveDate;
use fengtu_domain::sight;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};
use fengtu_wire::walls::PERIODS;
use leptos::prelude::*;

use super::card::{Base, workbook_link};
use super::context::Board;
use super::day_field::{day_field, with_day};
use super::period::{self, Preset};
use crate::browser::{history, page};
use crate::desk::scope::place_name;
use crate::reactive::{memo, part, words};
use crate::routes::brush::day_text;
use crate::routes::{Page, ViewState};
use crate::state::{DistrictStore, SessionStore, use_store};
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
            {tools(board, tool)}
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

/// A tool of the page's own, the page for a meeting, its address for another device.
fn tools(board: Board, own: AnyView) -> AnyView {
    let is_presenting = move || board.view.with(|v| v.state.present);
    let present = Callback::new(move |()| set_presenting(board, !board.view.with_untracked(|v| v.state.present)));
    let label = move || if is_presenting() { tr!(board.present_end) } else { tr!(board.present) };
    view! {
        <div class="board-tools">
            {own}
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

/// Bytes of an address that the backend makes a code of; more could not be read from across a table.
const LONGEST_CODE: usize = 512;

/// Whether the viewer may hold a remote, as the server decides it.
fn may_steer_walls() -> bool {
    let role = use_store::<SessionStore>().with(SessionStore::role);
    sight::access("POST", "/api/v1/walls/remotes", role).is_some_and(sight::Access::is_granted)
}

/// What a wall can show of the view: its street, or the district, and the nearest period that walls have.
fn on_wall(board: Board) -> (Option<Place>, u16) {
    let now = board.scope.now.get();
    let (from, to) = board.view.with(|v| period::period(&v.state, now));
    let days = nearest((to.unwrap_or(now) - from).num_days() + i64::from(to.is_none()));
    let street =
        |d: &DistrictStore, id: &PlaceId| d.breadcrumb(id).into_iter().find(|p| p.level == PlaceLevel::Street).cloned();
    let place = board.scope.place.get().and_then(|id| board.district.with(|d| street(d, &id)));
    (place, days)
}

/// The address of the remote that hands it to a wall.
fn wall_address(place: Option<&Place>, days: u16) -> String {
    let street = place.map(|p| format!("place={}&", crate::api::dialect::encode(p.id.as_str()))).unwrap_or_default();
    format!("{}?{street}days={days}", Page::Remote.path())
}

/// The code and the link that hand the view to a wall, and what the wall will show of it.
fn for_wall(board: Board, code: impl Fn(&str, &'static str) -> AnyView) -> AnyView {
    let (place, days) = on_wall(board);
    let path = wall_address(place.as_ref(), days);
    let name = place.as_ref().map_or_else(|| tr!(board.qr_wall_district).to_owned(), place_name);
    view! {
        <div>{code(&path, tr!(board.qr_wall_alt))}<p class="quiet">{tr!(board.qr_wall_hint, place = name, n = days)}</p>
        <a class="button" href=path target="_blank" rel="noopener">{tr!(board.qr_wall)}</a></div>
    }
    .into_any()
}

/// Returns the period of walls that is nearest to so many days.
fn nearest(days: i64) -> u16 {
    PERIODS.into_iter().min_by_key(|period| i64::from(*period).abs_diff(days)).unwrap_or_default()
}

/// A QR code of what is shown, for another device, and one that hands it to a wall.
fn hand_over(board: Board) -> AnyView {
    let is_open = RwSignal::new(false);
    let base = use_context::<Base>().map(|base| base.0).unwrap_or_default();
    let code = part(move || {
        if !is_open.get() {
            return ().into_any();
        }
        let query = board.view.with(|v| ViewState { present: false, ..v.state.clone() }.to_query());
        let path = format!("{}?{query}", history::location().0);
        let code = |path: &str, alt: &'static str| {
            let source = format!("{base}/qr?path={}", crate::api::dialect::encode(path));
            view! { <img class="qr" src=source alt=alt width="220" height="220" /> }.into_any()
        };
        let wall = may_steer_walls().then(|| for_wall(board, code));
        let own = if path.len() > LONGEST_CODE {
            view! { <p class="quiet">{tr!(board.qr_long)}</p> }.into_any()
        } else {
            view! { {code(&path, tr!(board.qr_alt))}<p class="quiet">{tr!(board.qr_hint)}</p> }.into_any()
        };
        view! { <div>{own}</div>{wall} }.into_any()
    });
    view! {
        <details class="menu" on:toggle=move |event| is_open.set(page::is_open(&event))>
            <summary class="button">{say!(board.qr)}</summary>
            <div class="menu-body">{code}</div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_wall_shows_the_nearest_period_that_it_has() {
        assert_eq!([1, 7, 18, 19, 28, 59, 61, 365].map(nearest), [7, 7, 7, 30, 30, 30, 90, 90]);
    }
}
