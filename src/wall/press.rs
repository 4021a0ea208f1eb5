//! A press on a street, on the map or in a list: the wall speaks of it.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use leptos::prelude::*;

use super::context::Wall;
use super::scenes::{Scene, Show};
use super::watch::seconds;
use crate::browser::{clock, screen};
use crate::state::{DistrictStore, use_store};

/// Speaks of the street that a place lies in, or is.
pub fn speak_of(wall: Wall) -> Callback<PlaceId> {
    let district = use_store::<DistrictStore>();
    Callback::new(move |place: PlaceId| {
        let street = district.with_untracked(|d| {
            let street = d.tree.value()?.ancestor_at(&place, PlaceLevel::Street)?;
            Some(street.id.clone())
        });
        if let Some(street) = street {
            wall.show.update(|show| show.choose(Scene::Street(street), seconds()));
        }
    })
}

/// Milliseconds after a finger has left the wall by which what it has pressed has heard of it.
const HEARD_MS: u32 = 150;

/// Whether a hand is there, as the picture is laid out: its bar comes when the first press is over, or what is pressed would go from
/// under the finger.
pub fn held(show: RwSignal<Show>) -> Memo<bool> {
    let pressed = RwSignal::new(false);
    let listeners = StoredValue::new_local(screen::watch_presses(move |is: bool| follow(pressed, is)));
    on_cleanup(move || drop(listeners.try_update_value(std::mem::take)));
    Memo::new(move |before: Option<&bool>| {
        let is_late = before.copied().unwrap_or_default() || !pressed.get();
        show.with(Show::is_at_hand) && is_late
    })
}

fn follow(pressed: RwSignal<bool>, is: bool) {
    if is {
        let _ = pressed.try_set(true);
        return;
    }
    leptos::task::spawn_local(async move {
        clock::sleep(HEARD_MS).await;
        // The page may have gone.
        let _ = pressed.try_set(false);
    });
}
