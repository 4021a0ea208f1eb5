//! What the parts of the map page share beyond the stores: what is in sight, what is measured, and what was made of the data.
//!
//! [`use_map`] gives it to any part below the page.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::geojson::FeatureCollection;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::Statistics;
use leptos::prelude::*;

use super::camera;
use super::crowd::Found;
use super::playback;
use crate::api::lenient::Refused;
use crate::map::model::{HeatLegend, Located, MeasureMode, Measured, Pulse, Seen, Shared, ViewTarget};
use crate::routes::MapLevel;
use crate::scene::atlas::Atlas;
use crate::scene::follow::{atlas, half_minutes};
use crate::scene::heat::HeatData;
use crate::state::live::LiveStore;
use crate::state::{CasesStore, DistrictStore, Loadable, SessionStore, ViewStore, use_store};

/// What the parts of the map page share.
#[derive(Debug, Clone, Copy)]
pub struct MapContext {
    /// What the map shows, once it is there.
    pub seen: RwSignal<Option<Seen>>,
    /// Where the map is asked to look.
    pub target: RwSignal<Option<ViewTarget>>,
    /// What the heat's colours mean at the moment.
    pub heat_legend: RwSignal<HeatLegend>,
    /// What clicks measure.
    pub measure: RwSignal<MeasureMode>,
    /// What has been measured.
    pub measured: RwSignal<Measured>,
    /// Where the device is.
    pub located: RwSignal<Option<Located>>,
    /// New cases, to be drawn once each.
    pub pulses: RwSignal<Shared<Pulse>>,
    /// Whether the tile server of the chosen base map fails.
    pub tiles_fail: RwSignal<bool>,
    /// How many cases the period has, where they are drawn.
    pub all_cases: RwSignal<Option<u64>>,
    /// What was found of a case or of cases on one spot that somebody clicked.
    pub found: RwSignal<Option<Found>>,
    /// Cases of a backend of another dialect that could not be understood.
    pub unread: RwSignal<Refused>,
    /// Asks for all data anew when it counts up.
    pub reload: RwSignal<u32>,

    /// The base map.
    pub base: RwSignal<Loadable<FeatureCollection<BaseFeature>>>,
    /// The heat, as points or as cells.
    pub heat: RwSignal<Loadable<HeatData>>,
    /// The buildings of the place in view.
    pub buildings: RwSignal<Loadable<Arc<BuildingPoints>>>,
    /// The figures of the last year, for the histogram of days.
    pub year: RwSignal<Loadable<Statistics>>,

    /// The server's time, to half a minute.
    pub now: Memo<DateTime<Utc>>,
    /// The same, or the moment of the newest case where all are older than the slider would reach.
    pub present: Memo<DateTime<Utc>>,
    /// The areas.
    pub atlas: Memo<Arc<Atlas>>,
    /// The place in view: that of the address, else the viewer's own, else the top.
    pub place: Memo<Option<PlaceId>>,
    /// The level that is shown: the chosen one, else by scale.
    pub level: Memo<MapLevel>,
}

/// Returns what the parts of the map page share.
pub fn use_map() -> MapContext {
    expect_context()
}

/// Makes it available to everything below.
pub fn provide_map() -> MapContext {
    let (view, district, session) =
        (use_store::<ViewStore>(), use_store::<DistrictStore>(), use_store::<SessionStore>());
    let live = use_store::<LiveStore>();
    let (seen, cases) = (RwSignal::new(None::<Seen>), use_store::<CasesStore>());
    let now = half_minutes(live);
    let context = MapContext {
        seen,
        target: RwSignal::new(None),
        heat_legend: RwSignal::new(HeatLegend::default()),
        measure: RwSignal::new(MeasureMode::Off),
        measured: RwSignal::new(Measured::default()),
        located: RwSignal::new(None),
        pulses: RwSignal::new(Arc::default()),
        tiles_fail: RwSignal::new(false),
        all_cases: RwSignal::new(None),
        found: RwSignal::new(None),
        unread: RwSignal::default(),
        reload: RwSignal::new(0),
        base: RwSignal::new(Loadable::Loading),
        heat: RwSignal::new(Loadable::Loading),
        buildings: RwSignal::new(Loadable::Loading),
        year: RwSignal::new(Loadable::Loading),
        now,
        present: Memo::new(move |_| playback::present(now.get(), cases.with(CasesStore::newest))),
        atlas: atlas(district),
        place: Memo::new(move |_| {
            let chosen = view.with(|v| v.state.place.clone()).or_else(|| session.with(|s| s.place().cloned()));
            chosen.or_else(|| district.with(|d| d.config.value()?.root.clone()))
        }),
        level: Memo::new(move |_| {
            let chosen = view.with(|v| v.state.level);
            let scale = seen.with(|seen| seen.as_ref().map(|seen| seen.metres_per_pixel));
            chosen.or_else(|| scale.map(camera::level_for_scale)).unwrap_or(MapLevel::Grid)
        }),
    };
    provide_context(context);
    context
}
