//! What is shown, for another device: its address as a QR code, and one that hands it to a wall.

use fengtu_domain::sight;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};
use fengtu_wire::walls::{PERIODS, WallScene};
use leptos::prelude::*;

use super::card::Base;
use super::context::Board;
use super::period;
use crate::browser::{history, page};
use crate::desk::scope::place_name;
use crate::reactive::part;
use crate::routes::{Page, ViewState};
use crate::state::{DistrictStore, SessionStore, use_store};
use crate::{say, tr};

/// Bytes of an address that the backend makes a code of; more could not be read from across a table.
const LONGEST_CODE: usize = 512;

/// Whether the viewer may hold a remote, as the server decides it.
fn may_steer_walls() -> bool {
    let role = use_store::<SessionStore>().with(SessionStore::role);
    sight::access("POST", "/api/v1/walls/remotes", role).is_some_and(sight::Access::is_granted)
}

/// What a wall can show of the view: its street, or the district, and the nearest period that walls have.
fn on_wall(board: Board, scene: Option<WallScene>) -> (Option<Place>, u16) {
    let now = board.scope.now.get();
    let (from, to) = board.view.with(|v| period::period(&v.state, now));
    let days = nearest((to.unwrap_or(now) - from).num_days() + i64::from(to.is_none()));
    let street =
        |d: &DistrictStore, id: &PlaceId| d.breadcrumb(id).into_iter().find(|p| p.level == PlaceLevel::Street).cloned();
    let place = board.scope.place.get().filter(|_| scene.is_none());
    let place = place.and_then(|id| board.district.with(|d| street(d, &id)));
    (place, days)
}

/// The address of the remote that hands it to a wall.
fn wall_address(place: Option<&Place>, scene: Option<WallScene>, days: u16) -> String {
    let scene = scene.map(|scene| format!("scene={scene}&")).unwrap_or_default();
    let street = place.map(|p| format!("place={}&", crate::api::dialect::encode(p.id.as_str()))).unwrap_or_default();
    format!("{}?{scene}{street}days={days}", Page::Remote.path())
}

/// The code and the link that hand the view to a wall, and what the wall will show of it.
fn for_wall(board: Board, scene: Option<WallScene>, code: impl Fn(&str, &'static str) -> AnyView) -> AnyView {
    let (place, days) = on_wall(board, scene);
    let path = wall_address(place.as_ref(), scene, days);
    let whole =
        || if scene == Some(WallScene::Warnings) { tr!(wall.scene_warnings) } else { tr!(board.qr_wall_district) };
    let name = place.as_ref().map_or_else(|| whole().to_owned(), place_name);
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
pub fn hand_over(board: Board, scene: Option<WallScene>) -> AnyView {
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
        let wall = may_steer_walls().then(|| for_wall(board, scene, code));
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
