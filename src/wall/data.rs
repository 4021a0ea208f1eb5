//! What the wall asks for, again and again: each resource by itself, so that one that fails blanks nothing else.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use fengtu_geo::coverage::{self, Circle};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::Service;
use fengtu_wire::statistics::Statistics;
use futures::future::AbortHandle;
use leptos::prelude::*;

use super::context::{Wall, use_wall};
use super::facts::{WEEK, fewest};
use super::map::{self, Drawing};
use super::panels;
use super::scenes::Scene;
use crate::api::basemap::BasemapQuery;
use crate::api::dialect::Question;
use crate::api::heat::{HeatCellsQuery, HeatFilter};
use crate::api::stations::StationsQuery;
use crate::api::statistics::StatisticsQuery;
use crate::api::{ApiError, StaffApi};
use crate::browser::clock::{self, Ticker};
use crate::reactive::{effect, memo};
use crate::scene::heat::{HeatData, cells};
use crate::state::{
    DistrictStore, LiveStore, Loadable, SessionStore, StationsStore, places, spawn_abortable, spawn_scoped, use_store,
};

/// Seconds between two questions for figures.
const FIGURES_S: u32 = 20;
/// The same for what changes by the hour: heat, stations.
const SLOW_S: u32 = 600;
/// The same for the district itself.
const DISTRICT_S: u32 = 6 * 3_600;
/// While one of those has not come it is asked for as often as figures are.
const AGAIN_S: u32 = FIGURES_S;
/// Age at which figures are older than they may be, seconds: three questions and an answer.
pub const FIGURES_BUDGET_S: i64 = 90;
/// The same for what changes by the hour.
pub const SLOW_BUDGET_S: i64 = 2 * SLOW_S as i64 + FIGURES_BUDGET_S;
/// Rows of the raster that areas are measured by, metres: under 0.1 % of a circle.
const CELL_M: f64 = 30.0;

/// Asks for everything, now and from then on.
pub fn load(wall: Wall, drawing: Drawing) {
    let figures = beat(FIGURES_S);
    load_district();
    load_stations(wall);
    load_base(wall);
    load_month(wall, figures);
    load_recent(wall, figures);
    load_week(wall, figures);
    load_today(wall, figures);
    load_heat(wall, drawing);
    measure_coverage(wall, drawing);
}

/// Counts up every so many seconds.
fn beat(seconds: u32) -> RwSignal<u32> {
    let beat = RwSignal::new(0);
    let tick = move || beat.try_update(|turn: &mut u32| *turn = turn.wrapping_add(1)).unwrap_or_default();
    let ticker = StoredValue::new_local(Some(Ticker::new(seconds * 1_000, tick)));
    on_cleanup(move || drop(ticker.try_update_value(Option::take)));
    beat
}

/// Takes an answer, and when it came by the server's clock.
type Settle<Q> = Rc<dyn Fn(Result<<Q as Question>::Answer, ApiError>, DateTime<Utc>)>;

/// Asks a question now, with each beat and whenever it changes; another one cancels it. The same one is waited for: where an answer
/// takes longer than a beat, there would never be any.
fn ask<Q: Question + PartialEq + 'static>(
    question: impl Fn() -> Option<Q> + 'static,
    settle: impl Fn(Result<Q::Answer, ApiError>, DateTime<Utc>) + 'static,
) {
    ask_boxed(Box::new(question), Rc::new(settle));
}

/// What there is to be done about a question.
enum Next {
    /// There is none.
    Nothing,
    /// The one that is under way is waited for.
    Wait,
    /// This one is asked.
    Ask(Pin<Box<dyn Future<Output = ()>>>),
}

/// Compiled once for each kind of question, and not for each that is asked.
fn ask_boxed<Q: Question + PartialEq + 'static>(question: Box<dyn Fn() -> Option<Q>>, settle: Settle<Q>) {
    let (under_way, now) = (Rc::new(RefCell::new(None::<Rc<Q>>)), use_wall().now);
    keep_asking(Box::new(move |api| {
        let Some((question, api)) = question().zip(api) else {
            under_way.take();
            return Next::Nothing;
        };
        if under_way.borrow().as_deref() == Some(&question) {
            return Next::Wait;
        }
        let question = Rc::new(question);
        under_way.replace(Some(Rc::clone(&question)));
        let (settle, under_way) = (Rc::clone(&settle), Rc::clone(&under_way));
        Next::Ask(Box::pin(async move {
            let answer = api.ask(&*question).await;
            under_way.take();
            settle(answer, now.get_untracked().to_utc());
        }))
    }));
}

/// Compiled once.
fn keep_asking(next: Box<dyn Fn(Option<StaffApi>) -> Next>) {
    let session = use_store::<SessionStore>();
    let running = StoredValue::new_local(None::<AbortHandle>);
    let stop = move || {
        if let Some(handle) = running.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    };
    effect(move || match next(session.with(|s| s.staff().cloned())) {
        Next::Wait => {}
        Next::Nothing => stop(),
        Next::Ask(future) => {
            stop();
            running.set_value(Some(spawn_abortable(future)));
        }
    });
    on_cleanup(stop);
}

/// Counts up with a slow beat, and with the quick one as long as there is none, or one that is too old.
fn due(seconds: u32, wanting: impl Fn() -> bool + Send + Sync + 'static) -> Memo<(u32, u32)> {
    let (slow, quick) = (beat(seconds), beat(AGAIN_S));
    Memo::new(move |before: Option<&(u32, u32)>| {
        let quick = quick.get();
        (slow.get(), if wanting() { quick } else { before.map_or(0, |before| before.1) })
    })
}

/// Whether it could not be had, or is older than it may be, or of a time to come: what came before the server's time was known may
/// be of any.
fn is_wanting<T>(wall: Wall, of: &Loadable<T>) -> bool {
    let is_ahead = |at: DateTime<Utc>| (at - wall.ten_seconds.get()).num_seconds() > i64::from(AGAIN_S);
    of.error().is_some() || panels::old(wall, of).is_some() || of.at().is_some_and(is_ahead)
}

fn load_district() {
    let (district, session) = (use_store::<DistrictStore>(), use_store::<SessionStore>());
    let (live, due) =
        (use_store::<LiveStore>(), due(DISTRICT_S, move || district.with_untracked(DistrictStore::is_lacking)));
    // With the first snapshot it is asked for anyhow; each after that may be of another district: its places were imported anew.
    let anew = memo(move || live.with(|live| live.snapshots.saturating_sub(1)));
    effect(move || {
        due.get();
        anew.track();
        let Some(api) = session.with(|s| s.staff().cloned()) else { return };
        spawn_scoped(async move { places::load(&api, district, false).await });
    });
}

fn load_stations(wall: Wall) {
    let stations = use_store::<StationsStore>();
    let due = due(SLOW_S, move || stations.with_untracked(|s| is_wanting(wall, &s.all)));
    let question = move || {
        due.get();
        Some(StationsQuery::default())
    };
    ask(question, move |answer, at| {
        stations.update(|s| s.all.settle_list(answer.map(|listed| (listed.items, listed.refused)), at));
    });
}

fn load_base(wall: Wall) {
    let again = beat(AGAIN_S);
    let is_there = memo(move || wall.base.with(|base| base.value().is_some()));
    let question = move || {
        again.track();
        (!is_there.get()).then_some(BasemapQuery)
    };
    ask(question, move |answer, at| wall.base.update(|base| base.settle(answer, at)));
}

/// The start of a period of whole days that ends today.
fn start(wall: Wall, days: impl Fn() -> i64 + Send + Sync + 'static) -> Memo<DateTime<FixedOffset>> {
    memo(move || midnight(wall.minute.get(), days() - 1))
}

fn midnight(now: DateTime<FixedOffset>, days_ago: i64) -> DateTime<FixedOffset> {
    let day = (now - TimeDelta::days(days_ago)).date_naive().and_time(NaiveTime::MIN);
    day.and_local_timezone(*now.offset()).single().unwrap_or(now)
}

/// Places whose figures are kept: more than a district has streets.
const MOST_KNOWN: usize = 24;

fn load_month(wall: Wall, beat: RwSignal<u32>) {
    let from = start(wall, move || wall.days.get());
    let question = memo(move || StatisticsQuery {
        place: wall.node.get(),
        from: Some(from.get()),
        to: None,
        level: Some(PlaceLevel::Community),
    });
    load_places(wall, beat, wall.month, question, false);
}

/// Whole days hardly change, but by ratings that come in later: they are asked for once a place and hour.
fn load_recent(wall: Wall, beat: RwSignal<u32>) {
    let to = start(wall, || 1);
    let question = memo(move || {
        let to = to.get();
        StatisticsQuery { place: wall.node.get(), from: Some(midnight(to, wall.days.get())), to: Some(to), level: None }
    });
    load_places(wall, beat, wall.recent, question, true);
}

/// Figures of one place after another: what was known of it stands until the new ones have come; of whole days, what was
/// known of the same ones.
fn load_places(
    wall: Wall,
    beat: RwSignal<u32>,
    into: RwSignal<Loadable<Statistics>>,
    question: Memo<StatisticsQuery>,
    is_whole: bool,
) {
    // Of days that go on, the start moves with midnight, and what was known then still stands.
    let key = memo(move || {
        let question = question.get();
        (question.place, question.to, wall.days.get())
    });
    let known = StoredValue::new(Vec::new());
    effect(move || {
        let key = key.get();
        let kept = known.with_value(|known: &Vec<Known>| known.iter().find(|(of, ..)| *of == key).cloned());
        // What is known is from the last round: it is old only where the new does not come.
        if !is_whole {
            wall.turned.set(kept.is_some() && into.with_untracked(|into| into.error().is_none()));
        }
        into.set(kept.map_or(Loadable::Loading, |(_, value, at)| Loadable::Ready { value, at }));
    });
    let next = move || {
        beat.track();
        let (question, key) = (question.get(), key.get());
        let since = wall.now.get_untracked().to_utc() - WHOLE_FOR;
        let is_known = known.with_value(|known: &Vec<Known>| known.iter().any(|(of, _, at)| *of == key && *at > since));
        (!is_whole || !is_known).then_some(question)
    };
    ask(next, move |answer, at| {
        if let Ok(figures) = &answer {
            let key = key.get_untracked();
            known.update_value(|known| {
                known.retain(|(of, ..)| *of != key);
                // A red warning's place is seldom asked for twice.
                known.truncate(MOST_KNOWN);
                known.insert(0, (key, figures.clone(), at));
            });
        }
        if !is_whole {
            wall.turned.set(false);
        }
        into.update(|into| into.settle(answer, at));
    });
}

/// How long figures of whole days are kept.
const WHOLE_FOR: TimeDelta = TimeDelta::hours(1);
/// Seconds after which they are older than they may be: they are asked for anew with the first beat after an hour.
pub const WHOLE_BUDGET_S: i64 = WHOLE_FOR.num_seconds() + FIGURES_BUDGET_S;

/// Figures of a place, for whole days until a midnight, of how many days, and when they came.
type Known = ((Option<PlaceId>, Option<DateTime<FixedOffset>>, i64), Statistics, DateTime<Utc>);

fn load_week(wall: Wall, beat: RwSignal<u32>) {
    let from = start(wall, || WEEK);
    let question = move || {
        beat.track();
        Some(StatisticsQuery { from: Some(from.get()), level: Some(PlaceLevel::Street), ..StatisticsQuery::default() })
    };
    ask(question, move |answer, at| wall.week.update(|week| week.settle(answer, at)));
}

fn load_today(wall: Wall, beat: RwSignal<u32>) {
    let (from, district) = (start(wall, || 1), use_store::<DistrictStore>());
    let question = move || {
        beat.track();
        Some(StatisticsQuery { from: Some(from.get()), level: Some(PlaceLevel::Street), ..StatisticsQuery::default() })
    };
    ask(question, move |answer, at| {
        if let Ok(today) = &answer {
            let k = district.with_untracked(fewest);
            wall.news.update(|news| news.take(today, k));
        }
        wall.today.update(|today| today.settle(answer, at));
    });
}

/// Heat of the period, of disputes alone where the scene speaks of mediation: what was known of the same stands until the new has come.
fn load_heat(wall: Wall, drawing: Drawing) {
    let due = due(SLOW_S, move || wall.heat.with_untracked(|heat| is_wanting(wall, heat)));
    let from = start(wall, move || wall.days.get());
    let wanted = memo(move || {
        let mediation = wall.scene.with(|scene| *scene == Scene::Mediation);
        drawing.heat.get().then(|| (mediation, wall.days.get()))
    });
    let question = move || {
        due.get();
        let (mediation, _) = wanted.get()?;
        let categories = if mediation { vec![Service::Mediation.as_str().into()] } else { Vec::new() };
        Some(HeatCellsQuery(HeatFilter { place: None, from: Some(from.get()), to: None, categories }))
    };
    let kept = StoredValue::new(Vec::<KeptHeat>::new());
    effect(move || {
        let wanted = wanted.get();
        let known =
            kept.with_value(|kept| kept.iter().find(|(of, _)| Some(*of) == wanted).map(|(_, heat)| heat.clone()));
        wall.heat.set(known.unwrap_or_default());
    });
    ask(question, move |answer, at| {
        wall.heat.update(|heat| heat.settle(answer.map(|c| cells(&c)), at));
        let Some(of) = wanted.get_untracked() else { return };
        kept.update_value(|kept| {
            // Of all cases and of disputes, each of the days that were asked for last.
            kept.retain(|(other, _)| other.0 != of.0);
            kept.push((of, wall.heat.get_untracked()));
        });
    });
}

/// Heat, whether of disputes alone, and of how many days.
type KeptHeat = ((bool, i64), Loadable<HeatData>);

/// Measures what the scene's circles cover whenever circles or ground change; never inside what changed them.
fn measure_coverage(wall: Wall, drawing: Drawing) {
    let kind = memo(move || wall.scene.with(map::circle_kind));
    let stations = use_store::<StationsStore>();
    let is_known = memo(move || stations.with(|s| s.all.value().is_some()));
    effect(move || {
        // Of no station nobody says that there is none.
        if !is_known.get() {
            drawing.uncovered.set(None);
            wall.covered.set(None);
            return;
        }
        let (kind, circles) = (kind.get(), drawing.circles.get());
        let atlas = drawing.atlas.get();
        let place = wall.node.get().or_else(|| drawing.root.get());
        spawn_scoped(async move {
            clock::sleep(50).await;
            let chosen = circles.iter().filter(|circle| circle.kind == kind);
            let chosen: Vec<_> = chosen.map(|c| Circle { center: c.center, radius_m: c.radius_m }).collect();
            let ground = place.as_ref().and_then(|place| atlas.ground(place));
            let measured = ground.and_then(|ground| coverage::of_region(&chosen, ground, CELL_M));
            drawing.uncovered.set(measured.as_ref().map(map::uncovered));
            wall.covered.set(measured.and_then(|measured| measured.share()));
        });
    });
}
