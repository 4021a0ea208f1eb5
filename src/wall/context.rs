//! What the parts of the wall share beyond the stores: what it speaks of, how it is laid out, what was asked for.

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::geojson::FeatureCollection;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::statistics::Statistics;
use fengtu_wire::walls::Pairing;
use leptos::prelude::*;

use super::fit::{self, Fit, Window};
use super::news::News;
use super::press;
use super::scenes::{self, LocalTime, Programme, Scene, Show};
use super::settings::{Look, Settings};
use super::watch;
use crate::browser::{clock, history, screen, storage};
use crate::map::model::HeatLegend;
use crate::reactive::memo;
use crate::scene::heat::HeatData;
use crate::state::live::{Freshness, LiveStore};
use crate::state::{DistrictStore, Loadable, SessionStore, use_store};

/// Figures that stand in the first row.
pub const HEROES: usize = 8;

/// What the parts of the wall share.
#[derive(Debug, Clone, Copy)]
pub struct Wall {
    /// What the installation and the address set.
    pub settings: StoredValue<Settings>,
    /// What is on, and until when.
    pub show: RwSignal<Show>,
    /// What it speaks of.
    pub scene: Memo<Scene>,
    /// The street whose figures are shown; absent: the district's. A grid that turned red has its street's.
    pub node: Memo<Option<PlaceId>>,
    /// Days of the figures.
    pub days: Memo<i64>,
    /// What is shown in turn at this time of the day.
    pub programme: Memo<Programme>,
    /// Where everything goes.
    pub fit: Memo<Fit>,
    /// The server's time in the district's own offset, to the second.
    pub now: Memo<DateTime<FixedOffset>>,
    /// The same, to the minute.
    pub minute: Memo<DateTime<FixedOffset>>,
    /// The server's time, in steps of ten seconds, for what has an age.
    pub ten_seconds: Memo<DateTime<Utc>>,
    /// Whether a hand is there, as it is laid out.
    pub held: Memo<bool>,
    /// Whether the stream has lost the district.
    pub stopped: Memo<bool>,
    /// Whether it is on paper.
    pub day: Memo<bool>,

    /// The base map.
    pub base: RwSignal<Loadable<FeatureCollection<BaseFeature>>>,
    /// Figures of the period of the place that the scene speaks of, with its communities.
    pub month: RwSignal<Loadable<Statistics>>,
    /// Whether those of another place, which were known before, stand there until its new ones come, which are asked for just now.
    pub turned: RwSignal<bool>,
    /// The same of the whole days that ended last midnight, beside as many before them.
    pub recent: RwSignal<Loadable<Statistics>>,
    /// Figures of the week of the district, with its streets.
    pub week: RwSignal<Loadable<Statistics>>,
    /// Figures of the day of the district, with its streets.
    pub today: RwSignal<Loadable<Statistics>>,
    /// How many places more have turned red than the one that is spoken of.
    pub more_red: Memo<usize>,
    /// Whether a new red warning sounds.
    pub sound: RwSignal<bool>,
    /// The code that is shown for pairing.
    pub pairing: RwSignal<Option<Pairing>>,
    /// What has come since.
    pub news: RwSignal<News>,
    /// The heat as cells.
    pub heat: RwSignal<Loadable<HeatData>>,
    /// What the heat's colours mean at the moment.
    pub legend: RwSignal<HeatLegend>,
    /// What the scene's circles cover of the ground in view, 0–1.
    pub covered: RwSignal<Option<f64>>,
}

/// Returns what the parts of the wall share.
pub fn use_wall() -> Wall {
    expect_context()
}

/// Makes it available to everything below.
pub fn provide_wall() -> Wall {
    let (session, district) = (use_store::<SessionStore>(), use_store::<DistrictStore>());
    let live = use_store::<LiveStore>();
    let (_, query) = history::location();
    let settings = session.with_untracked(|s| Settings::read(s.public().backends(), &query));
    let now = local_now();
    let minute = memo(move || {
        let now = now.get();
        now.with_second(0).and_then(|now| now.with_nanosecond(0)).unwrap_or(now)
    });
    let streets = memo(move || district.with(streets));
    let playlist = StoredValue::new(settings.playlist.clone());
    let programme = memo(move || {
        playlist.with_value(|list| streets.with(|streets| scenes::programme(list, streets, local_time(&minute.get()))))
    });
    let mut show = Show::new(settings.rules, &programme.get_untracked(), watch::seconds());
    let kept = storage::get_tab(watch::KEPT).and_then(|text| show.take_text(&text, watch::unix_s(), watch::seconds()));
    let show = RwSignal::new(show);
    let scene = memo(move || show.with(|show| show.now().clone()));
    let (seats, look, sound) = (settings.seats, settings.look, kept.unwrap_or(settings.sound));
    let (window, held) = (window_size(), press::held(show));
    let wall = Wall {
        settings: StoredValue::new(settings),
        show,
        scene,
        node: memo(move || {
            let place = scene.with(|scene| scene.place().cloned())?;
            district.with(|d| {
                let street = d.tree.value()?.ancestor_at(&place, PlaceLevel::Street)?;
                Some(street.id.clone())
            })
        }),
        days: memo(move || i64::from(show.with(Show::days))),
        programme,
        fit: memo(move || {
            let (window, first) = (window.get(), scene.with(Scene::panels));
            let fit = fit::fit(window, seats, first, HEROES);
            if held.get() { fit.above_hand(window, first) } else { fit }
        }),
        now,
        minute,
        held,
        day: memo(move || match look {
            Look::Night => false,
            Look::Day => true,
            Look::Clock(hours) => scenes::is_between(hours, local_time(&minute.get()).minute),
        }),
        ten_seconds: memo(move || {
            let step = now.get().timestamp().div_euclid(10) * 10;
            DateTime::from_timestamp(step, 0).unwrap_or_default()
        }),
        stopped: memo(move || live.with(|live| live.freshness == Freshness::Stopped)),
        base: RwSignal::new(Loadable::Loading),
        turned: RwSignal::new(false),
        month: RwSignal::new(Loadable::Loading),
        recent: RwSignal::new(Loadable::Loading),
        week: RwSignal::new(Loadable::Loading),
        today: RwSignal::new(Loadable::Loading),
        more_red: memo(move || show.with(Show::more_red)),
        sound: RwSignal::new(sound),
        pairing: RwSignal::new(None),
        news: RwSignal::new(News::default()),
        heat: RwSignal::new(Loadable::Loading),
        legend: RwSignal::new(HeatLegend::default()),
        covered: RwSignal::new(None),
    };
    provide_context(wall);
    wall
}

fn local_now() -> Memo<DateTime<FixedOffset>> {
    let (live, district) = (use_store::<LiveStore>(), use_store::<DistrictStore>());
    let offset = memo(move || district.with(DistrictStore::utc_offset_s));
    let second = memo(move || live.with(|live| live.now.timestamp()));
    memo(move || {
        // Before the first sign of life the machine's own time stands in for the server's.
        let known = DateTime::from_timestamp(second.get(), 0).filter(|at| at.timestamp() > 0);
        local(known.unwrap_or_else(clock::wall), offset.get())
    })
}

fn local(at: DateTime<Utc>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(utc_offset_s).map_or_else(|| at.fixed_offset(), |offset| at.with_timezone(&offset))
}

/// Returns the time as a timetable reads it.
pub fn local_time(at: &DateTime<FixedOffset>) -> LocalTime {
    let weekday = at.weekday().number_from_monday() as u8;
    LocalTime { weekday, minute: (at.hour() * 60 + at.minute()) as u16 }
}

/// Returns the streets of the district.
pub fn streets(district: &DistrictStore) -> Vec<PlaceId> {
    let Some(tree) = district.tree.value() else { return Vec::new() };
    let streets = tree.iter().filter(|f| f.properties.level == PlaceLevel::Street);
    streets.map(|f| f.properties.id.clone()).collect()
}

fn window_size() -> RwSignal<Window> {
    let read = || {
        let (width, height) = screen::size();
        Window { width, height }
    };
    let window = RwSignal::new(read());
    let listener = StoredValue::new_local(screen::watch_size(move || window.set(read())));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
    window
}
