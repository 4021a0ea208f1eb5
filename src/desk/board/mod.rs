//! The leaders' board 领导研判看板 and the pages beside it: figures that cut one another, warnings, bulletins.
//!
//! Reading order: [`context`] (the question and its answer), [`frame`], [`controls`] and [`hand_over`] (around the page), [`measures`] and
//! [`figures`], then the cards ([`card`], drawn by [`charts`] and [`tabled`], for files [`headed`]): [`trend`], [`causes`], [`areas`] (with [`sketch`] and [`choice`]),
//! [`ranking`] and its [`lists`], [`insight`], [`lawsuits`], [`reach`]; what is chosen is in [`brush`], where names lead in [`down`]. Beside it: [`inbox`] with [`inbox_pages`], [`inbox_words`] and [`inbox_detail`],
//! [`draft`] and [`trial`]; [`orders`] with [`departments`] and [`order_row`]; [`bulletin`] with its [`prose`], [`bulletin_cases`] and [`bulletin_drafts`].

pub mod areas;
pub mod brush;
pub mod bulletin;
pub mod bulletin_cases;
pub mod bulletin_drafts;
pub mod card;
pub mod causes;
pub mod charts;
pub mod choice;
pub mod concentration;
pub mod context;
pub mod controls;
pub mod day_field;
pub mod departments;
pub mod down;
pub mod draft;
pub mod elsewhere;
pub mod figures;
pub mod frame;
pub mod hand_over;
pub mod headed;
pub mod inbox;
pub mod inbox_detail;
pub mod inbox_pages;
pub mod inbox_words;
pub mod insight;
pub mod lawsuits;
pub mod lists;
pub mod measures;
pub mod order_row;
pub mod orders;
pub mod period;
pub mod prose;
pub mod ranking;
pub mod reach;
pub mod sketch;
pub mod tabled;
pub mod told;
pub mod trend;
pub mod trial;

use leptos::prelude::*;

use self::context::{Board, provide_board};
use self::frame::frame;
use crate::reactive::part;
use crate::routes::Page;
use crate::tr;
use crate::ui::message::loaded;

/// One of the pages beside the map.
#[component]
pub fn BoardPages(
    /// Which.
    page: Page,
) -> impl IntoView {
    match page {
        Page::Warnings => frame(inbox::inbox),
        Page::Orders => frame(orders::page),
        Page::Bulletin => frame(bulletin::page),
        _ => frame(board),
    }
}

fn board() -> AnyView {
    let board = provide_board();
    let again = board.again();
    // While nothing has come yet, and when it failed; what came stays.
    let standing = part(move || board.cube.with(|cube| loaded(cube, board.offset(), again, |_| ())));
    view! {
        {controls::head(board)}
        {brush::chips(board)}
        {standing}
        {cards(board)}
    }
    .into_any()
}

fn cards(board: Board) -> AnyView {
    let is_here = Memo::new(move |_| board.cube.with(|cube| cube.value().is_some()));
    let all = part(move || {
        if !is_here.get() {
            return ().into_any();
        }
        view! {
            <p class="print-lacks">{tr!(board.print_lacks)}</p>
            {figures::figures(board)}
            <div class="cards">
                {trend::days(board)}
                {trend::week(board)}
                {causes::causes(board)}
                {causes::cross(board)}
                {areas::areas(board)}
                {reach::reach(board)}
                {ranking::places(board)}
                {lists::lists(board)}
                {insight::growth(board)}
                {concentration::concentrated(board)}
                {insight::again(board)}
                {insight::orders(board)}
                {lawsuits::lawsuits(board)}
                {elsewhere::elsewhere(board)}
            </div>
        }
        .into_any()
    });
    view! { <div aria-busy=move || board.is_busy.get().to_string()>{all}</div> }.into_any()
}
