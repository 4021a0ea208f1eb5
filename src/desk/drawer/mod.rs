//! The drawer: what is known about the thing that is selected. Steps are taken here where a backend of another dialect has them
//! ([`actions`]); moving a case of our own on is another page's.

pub mod actions;
pub mod building;
pub mod case;
pub mod cases;
pub mod figures;
pub mod parts;
pub mod place;
pub mod signals;
pub mod station;

use leptos::prelude::*;

use crate::browser::{clock, page};
use crate::i18n::locale;
use crate::routes::Selection;
use crate::state::{ViewStore, use_store};
use building::BuildingDrawer;
use case::CaseDrawer;
use place::PlaceDrawer;
use station::StationDrawer;

/// The id of the map, to which the focus returns that came from nowhere.
const MAP: &str = "map";

/// The drawer; hidden while nothing is selected. Escape closes it.
#[component]
pub fn Drawer() -> impl IntoView {
    let view = use_store::<ViewStore>();
    let selection = Memo::new(move |_| view.with(|v| v.state.selection.clone()));
    follow_focus(selection);
    let close = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() && selection.with_untracked(Option::is_some) {
            view.update(|v| v.select(None));
        }
    });
    on_cleanup(move || close.remove());
    move || {
        // Words that were looked up once are looked up anew in another language.
        let _ = locale();
        selection.get().map(|selection| {
            view! { <div class="drawer">{of(selection)}</div> }
        })
    }
}

fn of(selection: Selection) -> AnyView {
    match selection {
        Selection::Place(id) => view! { <PlaceDrawer id /> }.into_any(),
        Selection::Station(id) => view! { <StationDrawer id /> }.into_any(),
        Selection::Building(code) => view! { <BuildingDrawer code /> }.into_any(),
        Selection::Case(number) => view! { <CaseDrawer number /> }.into_any(),
    }
}

/// Moves the focus to the title of what was opened, and back to where it came from when it was closed; a page that opens
/// with a selection in its address keeps the focus where it is.
fn follow_focus(selection: Memo<Option<Selection>>) {
    let from = StoredValue::new(None::<String>);
    Effect::new(move |before: Option<Option<Selection>>| {
        let now = selection.get();
        match (&before, &now) {
            (Some(old), Some(_)) if *old != now => {
                if old.is_none() {
                    from.set_value(page::focused());
                }
                clock::next_frame(|| page::focus(parts::TITLE));
            }
            (Some(Some(_)), None) => {
                let back = from.try_update_value(Option::take).flatten();
                clock::next_frame(move || page::focus(back.as_deref().unwrap_or(MAP)));
            }
            _ => {}
        }
        now
    });
}
