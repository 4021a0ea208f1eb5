//! The map of the wall: it flies to what is spoken of and draws what the scene is about; nobody has to set anything.

use std::sync::Arc;

use fengtu_geo::BBox;
use fengtu_geo::coverage::{AreaCoverage, Cell};
use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, Service, Station, StationLevel};
use leptos::prelude::*;

use super::context::Wall;
use super::scenes::{Scene, Show};
use crate::browser::{clock, screen};
use crate::map::MapScene;
use crate::map::model::{CircleMark, Heat, Hit, Levels, Shared, StationMark, Uncovered, ViewPlace, ViewTarget};
use crate::reactive::{effect, memo};
use crate::routes::StationSort;
use crate::scene::atlas::Atlas;
use crate::scene::follow;
use crate::scene::heat::HeatData;
use crate::scene::stations;
use crate::state::live::LiveStore;
use crate::state::{DistrictStore, StationsStore, WarningsStore, spawn_scoped, use_store};

/// What is drawn, made of the stores once.
#[derive(Debug, Clone, Copy)]
pub struct Drawing {
    /// The areas.
    pub atlas: Memo<Arc<Atlas>>,
    /// The top of the tree.
    pub root: Memo<Option<PlaceId>>,
    /// Every circle.
    pub circles: Memo<Shared<CircleMark>>,
    /// Whether heat is drawn.
    pub heat: Memo<bool>,
    /// Ground that the scene's circles leave out.
    pub uncovered: RwSignal<Option<Arc<Uncovered>>>,
}

/// Makes what is drawn.
pub fn drawing(wall: Wall) -> Drawing {
    let (district, all, live) = (use_store::<DistrictStore>(), use_store::<StationsStore>(), use_store::<LiveStore>());
    // Mobile stations move by the timetable: half minutes are exact enough.
    let now = follow::half_minutes(live);
    let circles = memo(move || {
        let rules = district.with(|d| d.config.value().map(|c| c.circles.clone()).unwrap_or_default());
        let at = now.get().with_timezone(wall.minute.get_untracked().offset());
        Arc::new(all.with(|s| stations::circles(s.all.value().map_or(&[], Vec::as_slice), &rules, at)))
    });
    Drawing {
        atlas: follow::atlas(district),
        root: memo(move || district.with(|d| d.config.value()?.root.clone())),
        circles,
        heat: memo(move || wall.scene.with(has_heat)),
        uncovered: RwSignal::new(None),
    }
}

/// The kind of circle that a scene speaks of.
pub const fn circle_kind(scene: &Scene) -> CircleKind {
    match scene {
        Scene::Psychological => CircleKind::Psychological,
        _ => CircleKind::Appeal,
    }
}

/// Returns the ground that no circle reaches, as the map draws it.
pub fn uncovered(measured: &AreaCoverage) -> Arc<Uncovered> {
    Arc::new(Uncovered { ground: measured.mask.rectangles(Cell::Uncovered), buildings: Vec::new() })
}

/// Whether a scene shades grids by their level.
pub const fn has_levels(scene: &Scene) -> bool {
    matches!(scene, Scene::District | Scene::Street(_) | Scene::Warnings | Scene::Red(_))
}

/// Whether a scene draws where cases are dense.
pub const fn has_heat(scene: &Scene) -> bool {
    matches!(scene, Scene::Heat | Scene::Mediation)
}

/// Whether a scene draws circles and what they leave out.
pub const fn has_circles(scene: &Scene) -> bool {
    matches!(scene, Scene::Stations | Scene::Psychological)
}

/// Wires the stores to a scene of the map.
pub fn scene(wall: Wall, drawing: Drawing) -> MapScene {
    let atlas = drawing.atlas;
    let shown = memo(move || atlas.with(|atlas| atlas.nearest(PlaceLevel::Grid)));
    let circles = memo(move || wall.scene.with(has_circles));
    let theme = memo(move || format!("{} {}", wall.day.get(), wall.fit.with(|fit| fit.sizes.text)));
    MapScene {
        view: target(wall, drawing).into(),
        theme: theme.into(),
        bar_px: memo(move || wall.fit.with(|fit| fit.sizes.text * SCALE_BAR)).into(),
        words: follow::words().into(),
        base: follow::base_map(wall.base).into(),
        areas: Memo::new_with_compare(move |_| atlas.with(|a| a.areas(shown.get())), follow::differs).into(),
        outlines: Memo::new_with_compare(move |_| atlas.with(|a| a.outlines(shown.get())), follow::differs).into(),
        levels: levels(wall, atlas, shown).into(),
        focus: memo(move || wall.scene.with(|scene| scene.place().cloned())).into(),
        // Dimmed around is little, seen from afar: what is spoken of has the accent around it too.
        selected: memo(move || wall.scene.with(|scene| scene.place().cloned()).map(Hit::Area)).into(),
        stations: marks(wall).into(),
        circles: drawing.circles.into(),
        circle_kinds: memo(move || {
            if circles.get() { vec![wall.scene.with(circle_kind)] } else { Vec::new() }
        })
        .into(),
        uncovered: Memo::new_with_compare(
            move |_| drawing.uncovered.get().filter(|_| circles.get()),
            |a: Option<&Option<Arc<Uncovered>>>, b: Option<&Option<Arc<Uncovered>>>| {
                !matches!((a.and_then(Option::as_ref), b.and_then(Option::as_ref)), (Some(a), Some(b)) if Arc::ptr_eq(a, b))
            },
        )
        .into(),
        heat: heat(wall, drawing).into(),
        ..MapScene::default()
    }
}

/// Width of the scale bar as a multiple of the text's size; style/wall.css leaves room for it.
const SCALE_BAR: f64 = 8.0;

/// Share of its own size by which a place that turned red has its neighbours around it.
const AROUND: f64 = 2.0;

/// Where the map looks: it flies with each new scene and when a hand has left; under the hand, to another place alone.
fn target(wall: Wall, drawing: Drawing) -> Memo<Option<ViewTarget>> {
    let goal = memo(move || {
        let scene = wall.scene.get();
        drawing.atlas.with(|atlas| goal(&scene, atlas, drawing.root.get().as_ref()))
    });
    let paused = memo(move || wall.show.with(Show::is_paused));
    let free = memo(move || (!paused.get()).then(|| wall.scene.get()));
    let turns = Memo::new(move |before: Option<&u32>| {
        before.copied().unwrap_or(0).wrapping_add(u32::from(free.with(Option::is_some)))
    });
    let resized = resized(wall);
    Memo::new(move |before: Option<&Option<ViewTarget>>| {
        let turn = before.copied().flatten().map_or(0, |target| target.turn);
        resized.get();
        turns.get();
        Some(ViewTarget { place: ViewPlace::Whole(goal.get()?), animate: turn > 0, turn: turn.wrapping_add(1) })
    })
}

/// Milliseconds after which a map in a new frame knows its own size.
const SETTLED_MS: u32 = 300;

/// Counts up when the map stands in a new frame: a window of another size has the same place in view.
fn resized(wall: Wall) -> RwSignal<u32> {
    let times = RwSignal::new(0_u32);
    let frame = memo(move || {
        let fit = wall.fit.get();
        (screen::size(), fit.columns.len(), fit.hero_rows, fit.map_px)
    });
    let mut first = true;
    effect(move || {
        frame.get();
        if !std::mem::take(&mut first) {
            spawn_scoped(async move {
                clock::sleep(SETTLED_MS).await;
                times.update(|times| *times = times.wrapping_add(1));
            });
        }
    });
    times
}

fn goal(scene: &Scene, atlas: &Atlas, root: Option<&PlaceId>) -> Option<BBox> {
    let whole = || root.and_then(|root| atlas.bounds(root)).or_else(|| atlas.extent());
    let Some(place) = scene.place() else { return whole() };
    let bounds = atlas.bounds(place)?;
    let around = matches!(scene, Scene::Red(_));
    let side = (bounds.east - bounds.west).max(bounds.north - bounds.south);
    Some(if around { bounds.padded(side * AROUND) } else { bounds })
}

fn levels(wall: Wall, atlas: Memo<Arc<Atlas>>, shown: Memo<PlaceLevel>) -> Memo<Arc<Levels>> {
    let warnings = use_store::<WarningsStore>();
    let on = memo(move || wall.scene.with(has_levels));
    memo(move || {
        if !on.get() {
            return Arc::default();
        }
        let areas = atlas.with(|atlas| atlas.areas(shown.get()));
        Arc::new(warnings.with(|w| follow::of_areas(w, &areas, None)))
    })
}

/// Stations as they stand: of the whole district, and around a street that is spoken of, its halls alone, or a town of dots would hide
/// the rest; where the scene speaks of one service, those that offer it.
fn marks(wall: Wall) -> Memo<Shared<StationMark>> {
    let (all, calendar) = (use_store::<StationsStore>(), follow::calendar());
    let district = use_store::<DistrictStore>();
    let street = memo(move || {
        wall.scene.with(|scene| if let Scene::Street(place) = scene { Some(place.clone()) } else { None })
    });
    let wanted = memo(move || match wall.scene.get() {
        // Levels alone: of warnings hardly a symbol of a station says anything.
        Scene::Heat | Scene::Mediation | Scene::Warnings => None,
        Scene::Psychological => Some((Some(Service::Psychological), true)),
        Scene::Stations | Scene::Street(_) | Scene::Red(_) => Some((None, true)),
        Scene::District => Some((None, false)),
    });
    memo(move || {
        let Some((service, sites)) = wanted.get() else { return Arc::default() };
        let hidden = if sites { &[][..] } else { &[StationSort::Level(StationLevel::Site)] };
        let at = wall.minute.get();
        Arc::new(all.with(|s| {
            let all = s.all.value().map_or(&[][..], Vec::as_slice);
            let offers = |f: &&_| service.is_none_or(|service| offers(f, service));
            let spoken = street.get();
            let is_near = |f: &&Feature<Station>| {
                let is_hall = f.properties.level != StationLevel::Site;
                is_hall || spoken.as_ref().is_none_or(|street| lies_in(district, &f.properties, street))
            };
            let chosen: Vec<_> = all.iter().filter(offers).filter(is_near).cloned().collect();
            stations::marks(&chosen, hidden, at, &calendar.read())
        }))
    })
}

fn lies_in(district: RwSignal<DistrictStore>, station: &Station, street: &PlaceId) -> bool {
    let place = station.place.as_ref();
    district.with(|d| place.zip(d.tree.value()).is_some_and(|(place, tree)| tree.is_within(place, street)))
}

fn offers(station: &Feature<Station>, service: Service) -> bool {
    station.properties.services.contains(&service)
}

fn heat(wall: Wall, drawing: Drawing) -> Memo<Heat> {
    Memo::new_with_compare(
        move |_| {
            if !drawing.heat.get() {
                return Heat::Off;
            }
            wall.heat.with(|heat| match heat.value() {
                Some(HeatData::Cells { cells, cell_m, .. }) => {
                    Heat::Cells { cells: Arc::clone(cells), cell_m: *cell_m }
                }
                _ => Heat::Off,
            })
        },
        |_, _| true,
    )
}
