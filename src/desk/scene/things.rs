//! Everything that stands on the ground: stations, circles, heat, cases, buildings, what is uncovered.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use fengtu_geo::LonLat;
use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::cases::Class;
use fengtu_wire::events::CaseDot;
use fengtu_wire::stations::CircleKind;
use leptos::prelude::*;

use super::layer;
use crate::desk::context::MapContext;
use crate::desk::playback;
use crate::map::MapScene;
use crate::map::model::{
    BuildingMark, Candidate, CaseMark, CasePoints, CircleMark, Heat, Shared, StationMark, Uncovered,
};
use crate::routes::{Layer, MapLevel, StationSort};
use crate::scene::follow::calendar;
use crate::scene::heat::{self as heats, HeatData, HeatWish};
use crate::scene::{geometry, stations};
use crate::state::coverage::Coverage;
use crate::state::{CasesStore, CoverageStore, DistrictStore, StationsStore, ViewStore, use_store};
use crate::tr;
use crate::ui::number::grouped;

/// Fills the fields of a scene that this module knows.
pub fn scene(map: MapContext) -> MapScene {
    MapScene {
        stations: station_marks(map).into(),
        circles: circles(map).into(),
        circle_kinds: circle_kinds().into(),
        uncovered: uncovered().into(),
        candidate: candidate().into(),
        heat: heat(map).into(),
        cases: case_marks().into(),
        all_cases: all_cases(map).into(),
        buildings: building_marks(map).into(),
        ..MapScene::default()
    }
}

/// The moment that is shown, in the district's own offset.
pub fn moment(map: MapContext) -> Memo<DateTime<FixedOffset>> {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    Memo::new(move |_| {
        let at = view.with(|v| v.state.at).unwrap_or_else(|| map.now.get());
        local_time(at, district.with(DistrictStore::utc_offset_s))
    })
}

fn local_time(at: DateTime<Utc>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(utc_offset_s).map_or_else(|| at.fixed_offset(), |offset| at.with_timezone(&offset))
}

fn station_marks(map: MapContext) -> Memo<Shared<StationMark>> {
    let store = use_store::<StationsStore>();
    let (on, at, calendar, hidden) = (layer(Layer::Stations), moment(map), calendar(), hidden_stations());
    Memo::new(move |_| {
        if !on.get() {
            return Arc::default();
        }
        let (hidden, at) = (hidden.get(), at.get());
        let marks = |s: &StationsStore| {
            stations::marks(s.all.value().map_or(&[], Vec::as_slice), &hidden, at, &calendar.read())
        };
        Arc::new(store.with(marks))
    })
}

/// The sorts of station that are left out.
pub fn hidden_stations() -> Memo<Vec<StationSort>> {
    let view = use_store::<ViewStore>();
    Memo::new(move |_| view.with(|v| v.state.hidden.clone()))
}

/// Every circle of every station, whatever is switched on.
pub fn circles(map: MapContext) -> Memo<Shared<CircleMark>> {
    let (store, district, at) = (use_store::<StationsStore>(), use_store::<DistrictStore>(), moment(map));
    let rules = Memo::new(move |_| district.with(|d| d.config.value().map(|c| c.circles.clone()).unwrap_or_default()));
    Memo::new(move |_| {
        let circles =
            |s: &StationsStore| stations::circles(s.all.value().map_or(&[], Vec::as_slice), &rules.read(), at.get());
        Arc::new(store.with(circles))
    })
}

/// The kinds of circle that are switched on.
pub fn circle_kinds() -> Memo<Vec<CircleKind>> {
    let view = use_store::<ViewStore>();
    Memo::new(move |_| {
        let on = |(layer, kind): (Layer, CircleKind)| view.with(|v| v.has_layer(layer)).then_some(kind);
        stations::CIRCLE_LAYERS.into_iter().filter_map(on).collect()
    })
}

/// What no circle reaches, once it was worked out.
fn uncovered() -> Memo<Option<Arc<Uncovered>>> {
    let (on, store) = (layer(Layer::Coverage), use_store::<CoverageStore>());
    let result = Memo::new_with_compare(
        move |_| store.with(|s| s.result.clone()),
        |a: Option<&Option<Arc<Coverage>>>, b| !matches!((a.and_then(Option::as_ref), b.and_then(Option::as_ref)), (Some(a), Some(b)) if Arc::ptr_eq(a, b)),
    );
    Memo::new_with_compare(
        move |_| on.get().then(|| result.get()).flatten().map(|coverage| Arc::new(drawn(&coverage))),
        |_, _| true,
    )
}

fn drawn(coverage: &Coverage) -> Uncovered {
    Uncovered { ground: coverage.ground.clone(), buildings: coverage.uncovered.iter().map(|b| b.at).collect() }
}

fn candidate() -> Memo<Option<Candidate>> {
    let (on, store) = (layer(Layer::Coverage), use_store::<CoverageStore>());
    Memo::new(move |_| {
        let site = on.get().then(|| store.with(CoverageStore::candidate)).flatten()?;
        let label =
            tr!(desk.map_next_station, people = grouped(site.people), buildings = grouped(site.buildings as u64));
        Some(Candidate { at: site.at, radius_m: site.radius_m, label })
    })
}

/// What the heat is drawn of; as a memo, so that only a real change starts the engine.
fn heat(map: MapContext) -> Memo<Heat> {
    let (on, district, wish) = (layer(Layer::Heat), use_store::<DistrictStore>(), heat_wish(map));
    let tree =
        Memo::new(move |_| district.with(|d| d.config.value().map(|c| c.categories.clone()).unwrap_or_default()));
    Memo::new_with_compare(
        move |_| {
            if !on.get() {
                return Heat::Off;
            }
            let wish = wish.get();
            map.heat.with(|heat| match heat.value() {
                Some(HeatData::Points(points)) => {
                    Heat::Points { points: points.points(&wish, &tree.read()), radius_m: wish.radius_m }
                }
                Some(HeatData::Cells { cells, cell_m, .. }) => {
                    Heat::Cells { cells: Arc::clone(cells), cell_m: *cell_m }
                }
                None => Heat::Off,
            })
        },
        |_, _| true,
    )
}

/// All cases of the period, for those who may see them.
fn all_cases(map: MapContext) -> Memo<Option<CasePoints>> {
    let (on, district, wish) = (layer(Layer::Cases), use_store::<DistrictStore>(), heat_wish(map));
    let tree =
        Memo::new(move |_| district.with(|d| d.config.value().map(|c| c.categories.clone()).unwrap_or_default()));
    Memo::new_with_compare(
        move |_| {
            let wish = on.get().then(|| wish.get())?;
            map.heat.with(|heat| match heat.value()? {
                HeatData::Points(points) => Some(points.points(&wish, &tree.read())),
                HeatData::Cells { .. } => None,
            })
        },
        // They are not compared; that there are none still is nothing new: a year that is played would have the map laid anew.
        |before, now| !matches!((before, now), (Some(None), Some(None))),
    )
}

/// How the heat is to be drawn, from the address and the district's own rule.
pub fn heat_wish(map: MapContext) -> Memo<HeatWish> {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let rule = Memo::new(move |_| district.with(|d| d.config.value().map(|c| c.heat)));
    Memo::new(move |_| {
        let (now, rule) = (map.present.get(), rule.get());
        view.with(|v| {
            let half_life_s = v.state.half_life_s.or_else(|| rule.and_then(|r| r.half_life_s)).filter(|s| *s > 0);
            let (from, to) = playback::period(&v.state, now);
            let to = to.or_else(|| (now < map.now.get()).then_some(now));
            HeatWish {
                from,
                to,
                now: to.unwrap_or(now),
                categories: v.state.categories.clone(),
                half_life_s,
                radius_m: v.state.radius_m.map(f64::from).or_else(|| rule.map(|r| r.radius_m)).unwrap_or(150.0),
            }
        })
    })
}

/// The newest cases that stand somewhere and are of the category looked at.
fn case_marks() -> Memo<Shared<CaseMark>> {
    let (on, view, cases) = (layer(Layer::Cases), use_store::<ViewStore>(), use_store::<CasesStore>());
    let (district, filter) =
        (use_store::<DistrictStore>(), Memo::new(move |_| view.with(|v| (v.state.categories.clone(), v.is_live()))));
    let tree =
        Memo::new(move |_| district.with(|d| d.config.value().map(|c| c.categories.clone()).unwrap_or_default()));
    Memo::new(move |_| {
        let (categories, live) = filter.get();
        if !on.get() || !live {
            return Arc::default();
        }
        let wanted = |dot: &&CaseDot| tree.with(|tree| heats::is_chosen(&dot.category, &categories, tree));
        let marks = |c: &CasesStore| c.recent.iter().filter(wanted).filter_map(case_mark).collect();
        Arc::new(cases.with(marks))
    })
}

fn case_mark(dot: &CaseDot) -> Option<CaseMark> {
    Some(CaseMark { number: dot.number.clone(), at: geometry::place(dot.at?), urgent: dot.class == Class::Urgent })
}

/// Doors are drawn where they were asked for, or, one by one, where the level is that of single buildings.
fn building_marks(map: MapContext) -> Memo<Shared<BuildingMark>> {
    let on = layer(Layer::Buildings);
    Memo::new_with_compare(
        move |_| {
            if !on.get() && map.level.get() != MapLevel::Building {
                return Arc::default();
            }
            map.buildings.with(|b| b.value().map(|points| Arc::new(doors(points))).unwrap_or_default())
        },
        |_, _| true,
    )
}

fn doors(points: &BuildingPoints) -> Vec<BuildingMark> {
    let places = points.codes.iter().zip(&points.lon).zip(&points.lat);
    places.map(|((code, lon), lat)| BuildingMark { code: code.clone(), at: LonLat { lon: *lon, lat: *lat } }).collect()
}
