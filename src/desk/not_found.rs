//! An address that leads nowhere, or to a page that nothing can fill.

use leptos::prelude::*;

use crate::routes::Page;
use crate::{say, tr};

/// Says so, and leads back to the map.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="entry">
            <div class="entry-sheet">
                <h1>{say!(desk.not_found)}</h1>
                <p>{say!(desk.not_found_hint)}</p>
                <p><a href=Page::Map.path()>{say!(desk.to_map)}</a></p>
            </div>
        </main>
    }
}

/// Why a page beside the map cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The viewer's role has no such page.
    Role,
    /// The figures that cut one another are made by our own contract alone.
    Figures,
    /// Nobody gives any warnings.
    Warnings,
    /// Single orders are our own contract's.
    Orders,
}

/// Says why a page is not there, and leads back to the map.
pub fn lacking(page: Page, lack: Lack) -> AnyView {
    let title = move || match page {
        Page::Warnings => tr!(board.to_warnings),
        Page::Orders => tr!(board.to_orders),
        Page::Bulletin => tr!(board.to_bulletin),
        Page::Backends => tr!(desk.be_title),
        _ => tr!(board.to_board),
    };
    let why = move || match lack {
        Lack::Role => tr!(board.lacks_role),
        Lack::Figures => tr!(board.lacks_figures),
        Lack::Warnings => tr!(board.lacks_warnings),
        Lack::Orders => tr!(board.lacks_orders),
    };
    view! {
        <main class="entry">
            <div class="entry-sheet">
                <h1>{title}</h1>
                <p>{why}</p>
                <p><a href=Page::Map.path()>{say!(desk.to_map)}</a></p>
            </div>
        </main>
    }
    .into_any()
}
