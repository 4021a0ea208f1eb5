//! Asking for what the map page shows: each resource by itself, so that one that fails blanks nothing else.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fengtu_wire::config::Config;
use leptos::prelude::*;

use super::context::MapContext;
use super::playback::{self, Calendar};
use super::scene::things::heat_wish;
use super::scene::{layer, shown};
use crate::api::ApiError;
use crate::api::basemap::BasemapQuery;
use crate::api::buildings::BuildingPointsQuery;
use crate::api::dialect::{Question, Resource};
use crate::api::heat::{HeatCellsQuery, HeatFilter, HeatPointsQuery};
use crate::api::lenient::{Listed, Refused};
use crate::api::stations::StationsQuery;
use crate::api::statistics::StatisticsQuery;
use crate::api::warnings::WarningHistoryQuery;
use crate::browser::clock;
use crate::reactive::effect;
use crate::routes::{Layer, MapLevel};
use crate::scene::heat::{HeatData, HeatPoints, cells};
use crate::state::again::while_lacking;
use crate::state::live::LiveStore;
use crate::state::warnings::History;
use crate::state::{
    CasesStore, DistrictStore, FiguresStore, Loadable, SessionStore, StationsStore, ViewStore, WarningsStore, places,
    spawn_scoped, use_store,
};

/// Milliseconds between two questions that follow a slider.
const PACE_MS: u32 = 300;

/// Asks for everything, and again for what depends on place, period or level as those change.
pub fn load(map: MapContext) {
    load_district(map);
    load_stations(map);
    load_base(map);
    load_history(map);
    load_figures(map);
    load_year(map);
    load_heat(map);
    load_buildings(map);
}

/// Asks a question now and whenever what it is made of changes; leaving or a newer question cancels it.
fn ask<Q: Question + 'static>(
    map: MapContext,
    pace_ms: u32,
    question: impl Fn() -> Option<Q> + 'static,
    settle: impl Fn(Result<Q::Answer, ApiError>, DateTime<Utc>) + Copy + 'static,
) {
    let (session, pace) = (use_store::<SessionStore>(), clock::Pace::new(pace_ms));
    effect(move || {
        map.reload.track();
        let (Some(question), Some(api)) = (question(), session.with(|s| s.staff().cloned())) else { return };
        let pace = pace.clone();
        spawn_scoped(async move {
            pace.turn().await;
            let answer = api.ask(&question).await;
            settle(answer, clock::wall());
        });
    });
}

fn list<T>(listed: Listed<T>) -> (Vec<T>, Refused) {
    (listed.items, listed.refused)
}

fn load_district(map: MapContext) {
    let (district, session) = (use_store::<DistrictStore>(), use_store::<SessionStore>());
    let again = while_lacking(move || district.with(DistrictStore::is_lacking));
    let mut turn = again.get_untracked();
    effect(move || {
        map.reload.track();
        let by_itself = std::mem::replace(&mut turn, again.get()) != turn;
        let Some(api) = session.with(|s| s.staff().cloned()) else { return };
        spawn_scoped(async move { places::load(&api, district, by_itself).await });
    });
}

fn load_stations(map: MapContext) {
    let stations = use_store::<StationsStore>();
    let settle = move |answer: Result<Listed<_>, _>, at| stations.update(|s| s.all.settle_list(answer.map(list), at));
    ask(map, 0, || Some(StationsQuery::default()), settle);
}

fn load_base(map: MapContext) {
    ask(map, 0, || Some(BasemapQuery), move |answer, at| map.base.update(|base| base.settle(answer, at)));
}

/// The slider's calendar: it moves on at the district's midnight and not with every tick of the clock.
pub fn calendar(map: MapContext) -> Memo<Calendar> {
    let (district, cases) = (use_store::<DistrictStore>(), use_store::<CasesStore>());
    Memo::new(move |_| {
        let newest = cases.with(CasesStore::newest);
        Calendar::new(map.now.get(), newest, district.with(DistrictStore::utc_offset_s))
    })
}

/// Frames are asked for once somebody leaves the present, a level of places at a time.
fn load_history(map: MapContext) {
    let (view, warnings, district) =
        (use_store::<ViewStore>(), use_store::<WarningsStore>(), use_store::<DistrictStore>());
    let (level, calendar) = (shown(map), calendar(map));
    let session = use_store::<SessionStore>();
    let keeps = session.with_untracked(|s| s.public().capabilities(Resource::Warnings).history);
    let wanted = Memo::new(move |_| {
        let past = keeps && view.with(|v| !v.is_live());
        let known = district.with(|d| d.config.value().is_some());
        (past && known).then(|| (level.get(), calendar.get()))
    });
    let question = move || {
        let (level, calendar) = wanted.get()?;
        // Frames of another level would leave every area of this one blank without saying so.
        warnings.update(|w| w.history = Loadable::Loading);
        Some(WarningHistoryQuery {
            place: None,
            level: Some(level),
            from: Some(calendar.local(calendar.first_frame())),
            to: Some(calendar.local(map.present.get_untracked())),
            step_s: Some(86_400),
        })
    };
    let settle = move |answer: Result<_, _>, at| warnings.update(|w| w.history.settle(answer.map(History::new), at));
    ask(map, 0, question, settle);
}

fn load_figures(map: MapContext) {
    let (view, figures) = (use_store::<ViewStore>(), use_store::<FiguresStore>());
    let (calendar, level) = (calendar(map), shown(map));
    let wanted = Memo::new(move |_| {
        let period = view.with(|v| playback::period(&v.state, calendar.get().end()));
        (map.place.get(), period, level.get())
    });
    let question = move || {
        let (place, (from, to), level) = wanted.get();
        let calendar = calendar.get_untracked();
        let to = to.unwrap_or_else(|| calendar.end());
        Some(StatisticsQuery {
            place: Some(place?),
            from: Some(calendar.local(from)),
            to: Some(calendar.local(to)),
            // The areas that can be pointed at, whatever their level.
            level: Some(level),
        })
    };
    ask(map, PACE_MS, question, move |answer, at| figures.update(|f| f.view.settle(answer, at)));
}

fn load_year(map: MapContext) {
    let calendar = calendar(map);
    let question = move || {
        let (place, calendar) = (map.place.get()?, calendar.get());
        let (from, to) = (calendar.local(calendar.start()), calendar.local(calendar.end()));
        Some(StatisticsQuery { place: Some(place), from: Some(from), to: Some(to), level: None })
    };
    ask(map, 0, question, move |answer, at| map.year.update(|year| year.settle(answer, at)));
}

/// Points come once and are filtered by the engine; cells are filtered by the server and come anew with each filter.
fn load_heat(map: MapContext) {
    let (session, on, calendar) = (use_store::<SessionStore>(), layer(Layer::Heat), calendar(map));
    let sees = Memo::new(move |_| session.with(SessionStore::sees_cases));
    let settle = move |answer: Result<HeatData, ApiError>, at| map.heat.update(|heat| heat.settle(answer, at));
    let (cases, live) = (use_store::<CasesStore>(), use_store::<LiveStore>());
    // Live cases are added one by one; what came while nothing was heard is in a snapshot's figures, and in no event.
    let snapshots = Memo::new(move |_| live.with(|live| live.snapshots.max(1)));
    // How many live cases there were when the load was asked for.
    let known = StoredValue::new(0);
    let points_of = move |sent| {
        let mut points = HeatPoints::new(sent);
        // What has come while this was on its way, and, before the first load, the newest of it.
        map.heat.with_untracked(|heat| {
            if let Some(HeatData::Points(before)) = heat.value() {
                points.carry(before, known.get_value());
            }
        });
        cases.with_untracked(|cases| {
            for dot in cases.recent.iter().rev() {
                points.add(dot);
            }
        });
        HeatData::Points(points)
    };
    let view = use_store::<ViewStore>();
    let (all, past) = (layer(Layer::Cases), Memo::new(move |_| view.with(|v| !v.is_live())));
    // Without heat only the period is asked for, from its midnight; what was ever asked for stays.
    let span = move || {
        let calendar = calendar.get();
        let period = view.with(|v| playback::period(&v.state, calendar.end()));
        let is_period = !(on.get() || past.get() || calendar.is_past()) && playback::fits(period, calendar);
        if is_period { (whole(period.0, 86_400), None) } else { playback::to_load(period, calendar) }
    };
    let earliest = Memo::new(move |before: Option<&(DateTime<Utc>, Option<DateTime<Utc>>)>| {
        let (from, to) = span();
        let known = before.filter(|(_, known)| *known == to);
        (known.map_or(from, |(before, _)| from.min(*before)), to)
    });
    let refills = refills(map);
    let points = move || {
        snapshots.get();
        refills.get();
        let (from, to) = earliest.get();
        let to = to.map(|to| to.fixed_offset());
        known.set_value(map.heat.with_untracked(|heat| heat.value().map_or(0, HeatData::came)));
        ((on.get() || all.get()) && sees.get())
            .then(|| HeatPointsQuery(HeatFilter { from: Some(from.fixed_offset()), to, ..HeatFilter::default() }))
    };
    ask(map, 0, points, move |answer, at| settle(answer.map(points_of), at));
    let wish = heat_wish(map);
    let asked = Memo::new(move |_| {
        let wish = wish.get();
        // An open period moves on by the hour here; by the minute it would only ask the same again.
        (wish.categories, whole(wish.from, 3_600), wish.to)
    });
    let is_listed = Memo::new(move |_| view.with(|v| v.state.list == Some(Layer::Heat)));
    let question = move || {
        snapshots.get();
        let (categories, from, to) = asked.get();
        ((on.get() || is_listed.get()) && !sees.get()).then(|| {
            let categories = categories.into_iter().collect();
            HeatCellsQuery(HeatFilter {
                place: None,
                from: Some(
                    playback::within_reach(from, to.unwrap_or_else(|| calendar.get_untracked().end())).fixed_offset(),
                ),
                to: to.map(|t| t.fixed_offset()),
                categories,
            })
        })
    };
    ask(map, PACE_MS, question, move |answer, at| settle(answer.map(|heat| cells(&heat)), at));
}

/// Counts how often so many cases have come live that the load is to be asked for anew.
fn refills(map: MapContext) -> Memo<u32> {
    let came = Memo::new(move |_| map.heat.with(|heat| heat.value().map_or(0, HeatData::fills)));
    // A load that comes empties the count; only its growing asks for one.
    let turns = Memo::new(move |before: Option<&(usize, u32)>| {
        let (last, turn) = before.copied().unwrap_or_default();
        let now = came.get();
        (now, turn + u32::from(now > last))
    });
    Memo::new(move |_| turns.get().1)
}

fn whole(at: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp().div_euclid(seconds) * seconds, 0).unwrap_or(at)
}

/// Doors come where they are drawn or counted, for the place in view alone: once for the layer, the list and coverage.
fn load_buildings(map: MapContext) {
    let (doors, coverage) = (layer(Layer::Buildings), layer(Layer::Coverage));
    let wanted = Memo::new(move |_| {
        let needed = doors.get() || coverage.get() || map.level.get() == MapLevel::Building;
        if needed { map.place.get() } else { None }
    });
    // Another place's doors must not stand for this one's.
    effect(move || {
        wanted.track();
        map.buildings.set(Loadable::Loading);
    });
    let question = move || Some(BuildingPointsQuery { place: Some(wanted.get()?) });
    ask(map, 0, question, move |answer, at| map.buildings.update(|b| b.settle(answer.map(Arc::new), at)));
}

/// Whether this server has no district yet: that is to be said, and how one gets in.
pub fn is_empty(config: &Loadable<Config>) -> bool {
    config.value().is_some_and(|config| config.root.is_none())
}
