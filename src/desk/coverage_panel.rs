//! What the circles reach of the node in view, and where the next station would reach most.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengtu_geo::coverage::{self, Cell, Circle, CircleSet, WeightedPoint};
use fengtu_geo::{MultiPolygon, siting};
use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::stations::CircleKind;
use leptos::prelude::*;

use super::context::{MapContext, use_map};
use super::drawer::parts::{facts, text};
use super::scope::{Asked, lon_lat, use_scope};
use super::words;
use crate::browser::clock;
use crate::i18n::locale;
use crate::map::model::CircleMark;
use crate::reactive::effect;
use crate::routes::Layer;
use crate::scene::stations;
use crate::state::coverage::{Coverage, Site, Siting, UncoveredBuilding};
use crate::state::{CoverageStore, DistrictStore, StationsStore, ViewStore, spawn_scoped, use_store};
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::number::{self, grouped};
use crate::{say, tr};

/// Rows of the raster that areas are measured by, metres: under 0.1 % of a circle.
const CELL_M: f64 = 30.0;

/// Works out what circles of the chosen kinds reach; without ground, of the buildings alone.
pub fn compute(
    points: &BuildingPoints,
    circles: &[CircleMark],
    kinds: &BTreeSet<CircleKind>,
    ground: Option<&MultiPolygon>,
) -> Coverage {
    let chosen = of_kinds(circles, kinds);
    let weighted = weighted(points);
    let left = coverage::uncovered_points(&weighted, &chosen);
    let area = ground.and_then(|ground| coverage::of_region(&chosen, ground, CELL_M));
    let building = |row: &usize| {
        let (code, at, people) = (points.codes.get(*row)?, weighted.get(*row)?.at, points.population.get(*row)?);
        Some(UncoveredBuilding { code: code.clone(), at, people: *people })
    };
    Coverage {
        region_m2: area.as_ref().map_or(0.0, |a| a.region_m2),
        covered_m2: area.as_ref().map_or(0.0, |a| a.covered_m2),
        ground: area.map(|a| a.mask.rectangles(Cell::Uncovered)).unwrap_or_default(),
        uncovered: left.indices.iter().filter_map(building).collect(),
        buildings: weighted.len(),
        people: points.population.iter().map(|n| u64::from(*n)).sum(),
        by_kind: CircleKind::ALL
            .iter()
            .map(|kind| (*kind, reached(points, &of_kinds(circles, &BTreeSet::from([*kind])))))
            .collect(),
    }
}

/// Finds where a circle of `radius_m` metres would reach most of what the chosen kinds do not.
pub fn next(points: &BuildingPoints, circles: &[CircleMark], kinds: &BTreeSet<CircleKind>, radius_m: f64) -> Siting {
    let found = siting::best_next(&weighted(points), &of_kinds(circles, kinds), radius_m);
    found.map_or(Siting::Nowhere, |c| {
        Siting::Found(Site {
            at: c.at,
            radius_m,
            buildings: c.gained_buildings,
            people: c.gained_people.round() as u64,
        })
    })
}

fn of_kinds(circles: &[CircleMark], kinds: &BTreeSet<CircleKind>) -> Vec<Circle> {
    let chosen = circles.iter().filter(|c| kinds.contains(&c.kind));
    chosen.map(|c| Circle { center: c.center, radius_m: c.radius_m }).collect()
}

fn weighted(points: &BuildingPoints) -> Vec<WeightedPoint> {
    let places = points.lon.iter().zip(&points.lat).zip(&points.population);
    places.map(|((lon, lat), n)| WeightedPoint { at: lon_lat([*lon, *lat]), people: f64::from(*n) }).collect()
}

fn reached(points: &BuildingPoints, circles: &[Circle]) -> u64 {
    let set = CircleSet::new(circles);
    let places = points.lon.iter().zip(&points.lat).zip(&points.population);
    places.filter(|((lon, lat), _)| set.covers(lon_lat([**lon, **lat]))).map(|(_, n)| u64::from(*n)).sum()
}

/// The panel; it keeps the store in step while the layer is on, and shows nothing while it is off.
#[component]
pub fn CoveragePanel() -> impl IntoView {
    let (map, view) = (use_map(), use_store::<ViewStore>());
    let on = Memo::new(move |_| view.with(|v| v.has_layer(Layer::Coverage)));
    let again = Callback::new(move |()| map.reload.update(|turn| *turn += 1));
    let points = Asked { answer: map.buildings, again, is_busy: RwSignal::new(false) };
    let circles = circles();
    follow(map, on, points, circles);
    move || {
        // Words that were looked up once are looked up anew in another language.
        let _ = locale();
        on.get().then(|| view! { <Body map points circles /> })
    }
}

fn circles() -> Memo<Vec<CircleMark>> {
    let (all, district, now) = (use_store::<StationsStore>(), use_store::<DistrictStore>(), use_scope().now);
    Memo::new(move |_| {
        let rules = district.with(|d| d.config.value().map(|c| c.circles.clone())).unwrap_or_default();
        all.with(|s| stations::circles(s.all.value().map_or(&[][..], Vec::as_slice), &rules, now.get()))
    })
}

/// The kinds of circle that count.
fn kinds() -> Memo<BTreeSet<CircleKind>> {
    let view = use_store::<ViewStore>();
    Memo::new(move |_| view.with(|v| v.state.covered_by.clone()))
}

/// Computes anew when buildings, circles or the chosen kinds change; never inside the click that changed them.
fn follow(map: MapContext, on: Memo<bool>, points: Asked<Arc<BuildingPoints>>, circles: Memo<Vec<CircleMark>>) {
    let store = use_store::<CoverageStore>();
    let kinds = kinds();
    effect(move || {
        let (kinds, circles, place) = (kinds.get(), circles.get(), map.place.get());
        let atlas = map.atlas.get();
        let here = on.get().then(|| points.answer.with(|p| p.value().cloned())).flatten();
        store.update(CoverageStore::outdate);
        let Some(here) = here else { return };
        spawn_scoped(async move {
            clock::sleep(16).await;
            let ground = place.as_ref().and_then(|id| atlas.ground(id));
            let result = Arc::new(compute(&here, &circles, &kinds, ground));
            store.update(|s| s.result = Some(result));
        });
    });
}

#[component]
fn Body(map: MapContext, points: Asked<Arc<BuildingPoints>>, circles: Memo<Vec<CircleMark>>) -> impl IntoView {
    let (store, district) = (use_store::<CoverageStore>(), use_store::<DistrictStore>());
    let offset = move || district.with_untracked(DistrictStore::utc_offset_s);
    let result = Memo::new(move |_| store.with(|s| s.result.clone()));
    let numbers = move || {
        points.answer.with(|answer| {
            loaded(answer, offset(), points.again, |here| match result.get() {
                Some(coverage) => view! { {figures(&coverage)} {off_map(here.not_on_map)} }.into_any(),
                None => view! { <p role="status">{tr!(desk.coverage_busy)}</p> }.into_any(),
            })
        })
    };
    let nowhere =
        move || map.place.get().is_none().then(|| view! { <EmptyMessage text=|| tr!(desk.coverage_no_place) /> });
    view! {
        <section class="coverage" aria-labelledby="coverage-title">
            <h2 id="coverage-title">{say!(desk.coverage_title)}</h2>
            <Kinds />
            {nowhere}
            {numbers}
            <Next points circles />
        </section>
    }
}

fn off_map(count: u32) -> Option<impl IntoView> {
    (count > 0).then(|| view! { <p class="quiet">{tr!(desk.coverage_not_on_map, n = count)}</p> })
}

fn figures(coverage: &Coverage) -> impl IntoView + use<> {
    let view = use_store::<ViewStore>();
    let km2 = |m2: f64| format!("{:.2}", m2 / 1e6);
    let area =
        |m2: f64, share: f64| text(format!("{} · {}", tr!(desk.coverage_km2, n = km2(m2)), number::share(share)));
    let of = |n: u64, m: u64| text(tr!(desk.coverage_of, n = grouped(n), m = grouped(m)));
    let share = coverage.share();
    let mut rows = vec![
        (tr!(desk.coverage_covered), share.and_then(|s| area(coverage.covered_m2, s))),
        (tr!(desk.coverage_uncovered), share.and_then(|s| area(coverage.region_m2 - coverage.covered_m2, 1.0 - s))),
        (tr!(desk.coverage_buildings), of(coverage.uncovered.len() as u64, coverage.buildings as u64)),
        (tr!(desk.coverage_people), of(coverage.uncovered_people(), coverage.people)),
    ];
    rows.extend(
        coverage
            .by_kind
            .iter()
            .map(|(kind, n)| (words::circle(*kind), text(tr!(desk.coverage_people_n, n = grouped(*n))))),
    );
    let no_ground = share.is_none().then(|| view! { <p class="quiet">{tr!(desk.coverage_no_ground)}</p> });
    view! {
        {no_ground}
        {facts(rows)}
        <button type="button" class="button" on:click=move |_| view.update(|v| v.open_list(Some(Layer::Coverage)))>{tr!(desk.coverage_list)}</button>
    }
}

/// Which kinds of circle count.
#[component]
pub fn Kinds() -> impl IntoView {
    let (view, kinds) = (use_store::<ViewStore>(), kinds());
    let one = move |kind: CircleKind| {
        let on = move || kinds.with(|kinds| kinds.contains(&kind));
        let turn = move |_| {
            view.update(|v| {
                if !v.state.covered_by.remove(&kind) {
                    v.state.covered_by.insert(kind);
                }
            });
        };
        view! { <label class="check"><input type="checkbox" prop:checked=on on:change=turn />{move || words::circle(kind)}</label> }
    };
    view! {
        <fieldset>
            <legend>{say!(desk.coverage_kinds)}</legend>
            {CircleKind::ALL.iter().copied().map(one).collect_view()}
        </fieldset>
    }
}

/// Asks where the next station would reach most; the counting runs after the button has shown that it does.
#[component]
fn Next(points: Asked<Arc<BuildingPoints>>, circles: Memo<Vec<CircleMark>>) -> impl IntoView {
    let (store, district) = (use_store::<CoverageStore>(), use_store::<DistrictStore>());
    let (siting, kinds) = (Memo::new(move |_| store.with(|s| s.siting)), kinds());
    let owner = Owner::current();
    let ask = move |_| {
        let Some(here) = points.answer.with_untracked(|p| p.value().cloned()) else { return };
        let kinds = kinds.get_untracked();
        let radius_m = district.with_untracked(|d| radius(d, &kinds));
        let circles = circles.get_untracked();
        store.update(|s| s.siting = Siting::Busy);
        let count = async move {
            clock::sleep(32).await;
            let found = next(&here, &circles, &kinds, radius_m);
            // Circles that were changed meanwhile have outdated the question.
            store.update(|s| {
                if s.siting == Siting::Busy {
                    s.siting = found;
                }
            });
        };
        match &owner {
            Some(owner) => owner.with(|| spawn_scoped(count)),
            None => spawn_scoped(count),
        }
    };
    let words = move || match siting.get() {
        Siting::NotAsked => String::new(),
        Siting::Busy => tr!(desk.coverage_busy).to_owned(),
        Siting::Nowhere => tr!(desk.coverage_nowhere).to_owned(),
        Siting::Found(site) => tr!(
            desk.coverage_gain,
            b = grouped(site.buildings as u64),
            n = grouped(site.people),
            m = format!("{:.0}", site.radius_m)
        ),
    };
    view! {
        <button type="button" class="button" prop:disabled=move || siting.get() == Siting::Busy || points.answer.with(|p| p.value().is_none())
            aria-busy=move || (siting.get() == Siting::Busy).to_string() on:click=ask>{say!(desk.coverage_next)}</button>
        <p role="status">{words}</p>
    }
}

/// Returns the largest radius of some kinds of circle, as the district has them, metres.
pub fn radius(district: &DistrictStore, kinds: &BTreeSet<CircleKind>) -> f64 {
    let rules = district.config.value().map(|c| c.circles.as_slice()).unwrap_or_default();
    kinds.iter().map(|kind| stations::radius(rules, *kind)).reduce(f64::max).unwrap_or(500.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use super::*;

    fn points() -> BuildingPoints {
        BuildingPoints {
            codes: vec!["near".into(), "far1".into(), "far2".into()],
            lon: vec![113.9, 113.95, 113.9505],
            lat: vec![22.7, 22.7, 22.7],
            population: vec![10, 20, 30],
            not_on_map: 0,
        }
    }

    fn circle(kind: CircleKind) -> CircleMark {
        CircleMark { kind, center: lon_lat([113.9, 22.7]), radius_m: 500.0 }
    }

    #[test]
    fn only_circles_of_the_chosen_kinds_cover() {
        let circles = [circle(CircleKind::Legal)];
        let of = |kind| compute(&points(), &circles, &BTreeSet::from([kind]), None);
        assert_eq!((of(CircleKind::Appeal).uncovered.len(), of(CircleKind::Legal).uncovered.len()), (3, 2));
        assert_eq!((of(CircleKind::Legal).uncovered_people(), of(CircleKind::Legal).people), (50, 60));
        assert_eq!(
            of(CircleKind::Appeal).by_kind,
            [(CircleKind::Appeal, 0), (CircleKind::Legal, 10), (CircleKind::Psychological, 0)]
        );
        assert_eq!(of(CircleKind::Legal).share(), None);
    }

    #[test]
    fn the_next_station_reaches_both_far_buildings() {
        let kinds = BTreeSet::from([CircleKind::Legal]);
        let Siting::Found(site) = next(&points(), &[circle(CircleKind::Legal)], &kinds, 500.0) else { panic!("none") };
        assert_eq!((site.buildings, site.people), (2, 50));
        let whole = [CircleMark { radius_m: 9_000.0, ..circle(CircleKind::Legal) }];
        assert_eq!(next(&points(), &whole, &kinds, 500.0), Siting::Nowhere);
    }
}
