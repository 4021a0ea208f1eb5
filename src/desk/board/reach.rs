//! The card of coverage: whom the service circles leave out, what each kind of them reaches, and where the next station should be.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use fengtu_wire::stations::CircleKind;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::elsewhere::{only, to_map};
use crate::api::buildings::BuildingPointsQuery;
use crate::api::stations::StationsQuery;
use crate::browser::clock;
use crate::desk::coverage_panel::{Kinds, compute, next, radius};
use crate::desk::scope::asked;
use crate::desk::words;
use crate::reactive::{effect, memo, when_near};
use crate::routes::{Camera, Layer, ViewState};
use crate::scene::stations;
use crate::state::coverage::{Coverage, Site, Siting};
use crate::state::{CoverageStore, DistrictStore, spawn_scoped, use_store};
use crate::tr;
use crate::ui::message::ErrorMessage;
use crate::ui::number::{self, grouped};

/// How near the map stands to a place that is proposed: the circle fills the view.
const ZOOM: f64 = 15.0;

/// The card. It counts when it comes into view: sixty thousand doors are asked for by those alone who look.
pub fn reach(board: Board) -> AnyView {
    let near = when_near("reach");
    let store = use_store::<CoverageStore>();
    let failed = follow(board, near, store);
    card(
        "",
        Parts {
            id: "reach",
            sheet: None,
            controls: Some(Arc::new(|| view! { <Kinds /> }.into_any())),
            title: || tr!(desk.coverage_title),
            says: Arc::new(move || {
                store.with(|s| s.result.as_ref().map(|found| sentence(board, found)).unwrap_or_default())
            }),
            chart: Arc::new(move || match failed.get() {
                Some(error) => view! { <ErrorMessage error /> }.into_any(),
                None => store.with(|s| chart(board, s)),
            }),
            grid: Arc::new(move || store.with(|s| s.result.as_ref().map(|found| grid(found)).unwrap_or_default())),
            file: None,
        },
    )
}

/// Counts anew when doors, stations or the chosen kinds change, between two pictures; returns what went wrong in asking.
fn follow(board: Board, near: RwSignal<bool>, store: RwSignal<CoverageStore>) -> Memo<Option<crate::api::ApiError>> {
    let points = asked(move || {
        // Doors are asked for by one place: of several that are chosen, those of the whole.
        let chosen = near.get().then(|| board.view.with(|v| only(&v.state.brush)))?;
        chosen.or_else(|| board.scope.place.get()).map(|place| BuildingPointsQuery { place: Some(place) })
    });
    let all = asked(move || near.get().then(StationsQuery::default));
    let kinds = memo(move || board.view.with(|v| v.state.covered_by.clone()));
    // Mobile stations move, but not by the minute.
    let hour = memo(move || board.scope.now.get().timestamp().div_euclid(3_600));
    effect(move || {
        let kinds = kinds.get();
        hour.get();
        store.update(CoverageStore::outdate);
        if points.answer.with(|p| p.value().is_none()) {
            return;
        }
        let rules = board.district.with(|d| d.config.value().map(|c| c.circles.clone())).unwrap_or_default();
        let at = board.scope.now.get_untracked();
        let Some(circles) = all.answer.with(|s| s.value().map(|s| stations::circles(&s.items, &rules, at))) else {
            return;
        };
        let radius_m = board.district.with_untracked(|district: &DistrictStore| radius(district, &kinds));
        spawn_scoped(async move {
            clock::sleep(16).await;
            let result = points.answer.with_untracked(|p| Some(compute(p.value()?, &circles, &kinds, None)));
            store.update(|s| (s.result, s.siting) = (result.map(Arc::new), Siting::Busy));
            clock::sleep(32).await;
            let found = points.answer.with_untracked(|p| Some(next(p.value()?, &circles, &kinds, radius_m)));
            store.update(|s| s.siting = found.unwrap_or_default());
        });
    });
    memo(move || {
        let failed = points.answer.with(|p| p.error().filter(|_| p.value().is_none()).cloned());
        failed.or_else(|| all.answer.with(|s| s.error().filter(|_| s.value().is_none()).cloned()))
    })
}

fn chart(board: Board, store: &CoverageStore) -> AnyView {
    let Some(found) = &store.result else {
        return view! { <p role="status" class="quiet card-waiting">{tr!(desk.coverage_busy)}</p> }.into_any();
    };
    view! { {grid(found).view(tr!(desk.coverage_title).to_owned())} <div class="reach-next" role="status">{proposed(board, store.siting)}</div> }
        .into_any()
}

/// Where the next station should be, with the way to the map there.
fn proposed(board: Board, siting: Siting) -> AnyView {
    let site = match siting {
        Siting::Found(site) => site,
        Siting::Nowhere => return view! { <p>{tr!(desk.coverage_nowhere)}</p> }.into_any(),
        Siting::NotAsked | Siting::Busy => {
            return view! { <p class="quiet card-waiting">{tr!(desk.coverage_busy)}</p> }.into_any();
        }
    };
    let href = move || board.view.with(|v| address(&v.state, board.scope.now.get(), &site));
    let (b, n, m) = (grouped(site.buildings as u64), grouped(site.people), format!("{:.0}", site.radius_m));
    view! {
        <p>{tr!(board.next_says, b = b, n = n, m = m)}</p>
        <a class="button" href=href>{tr!(board.next_map)}</a>
    }
    .into_any()
}

/// The address of the map at a proposed place, with the circles that count and what they leave out.
fn address(state: &ViewState, now: DateTime<FixedOffset>, site: &Site) -> String {
    let camera = Camera { lon: site.at.lon, lat: site.at.lat, zoom: ZOOM };
    let at = ViewState { camera: Some(camera), ..state.clone() };
    to_map(&at, now, Layer::Coverage)
}

fn share(part: u64, whole: u64) -> String {
    number::share(part as f64 / whole.max(1) as f64)
}

fn sentence(board: Board, found: &Coverage) -> String {
    let people = found.uncovered_people();
    let mut text = tr!(
        board.reach_says,
        n = grouped(people),
        share = share(people, found.people),
        b = grouped(found.uncovered.len() as u64),
        all = grouped(found.buildings as u64)
    );
    if board.view.with(|v| v.state.brush.within.len() > 1) {
        let place = board.scope.place.get().map(|id| board.place(&id)).unwrap_or_default();
        text.push_str(&tr!(board.reach_whole, place = place));
    }
    text
}

fn grid(found: &Coverage) -> Grid {
    let row = |(kind, people): &(CircleKind, u64)| {
        vec![words::circle(*kind).to_owned(), grouped(*people), share(*people, found.people)]
    };
    let left = found.uncovered_people();
    let outside = vec![tr!(desk.coverage_people).to_owned(), grouped(left), share(left, found.people)];
    Grid {
        heads: [tr!(board.reach_kind), tr!(board.reach_people), tr!(board.share)].map(str::to_owned).to_vec(),
        rows: found.by_kind.iter().map(row).chain([outside]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fengtu_geo::LonLat;

    use super::*;

    #[test]
    fn the_way_to_the_map_leads_to_the_proposed_place_with_the_same_circles() {
        let site = Site { at: LonLat { lon: 113.95, lat: 22.75 }, radius_m: 500.0, buildings: 9, people: 99 };
        let kinds = BTreeSet::from([CircleKind::Legal]);
        let state = ViewState { place: Some("d".into()), covered_by: kinds.clone(), ..ViewState::default() };
        let now = DateTime::from_timestamp(1_772_328_600, 0).unwrap_or_default().fixed_offset();
        let (read, ignored) = ViewState::from_query(address(&state, now, &site).trim_start_matches("/?"));
        assert_eq!((ignored, read.covered_by, read.place), (0, kinds, Some("d".into())));
        assert!(read.layers.contains(&Layer::Coverage));
        assert!(read.camera.is_some_and(|at| (at.lon, at.lat, at.zoom) == (113.95, 22.75, ZOOM)));
    }

    #[test]
    fn shares_are_of_all_people_and_nobody_is_no_share_of_nothing() {
        assert_eq!((share(1, 3), share(0, 0)), ("33.3%".to_owned(), "0%".to_owned()));
    }
}
