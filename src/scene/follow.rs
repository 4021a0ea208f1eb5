//! Memos that every face with this map draws from: they follow the stores and make values no more often than needed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::config::Config;
use fengtu_wire::geojson::FeatureCollection;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::atlas::Atlas;
use super::base;
use crate::i18n::{Locale, local, locale};
use crate::map::model::{Area, BaseMap, Levels, MapWords, Shared};
use crate::state::live::LiveStore;
use crate::state::{DistrictStore, Loadable, WarningsStore, use_store};
use crate::tr;

/// What depends on the time of day (open stations, cooling heat) need not be worked out every second.
pub fn half_minutes(live: RwSignal<LiveStore>) -> Memo<DateTime<Utc>> {
    const STEP_S: i64 = 30;
    let step = Memo::new(move |_| live.with(|live| live.now.timestamp().div_euclid(STEP_S)));
    Memo::new(move |_| DateTime::from_timestamp(step.get() * STEP_S, 0).unwrap_or_default())
}

/// Made anew only when places or grids have come, or the language of names changes.
pub fn atlas(district: RwSignal<DistrictStore>) -> Memo<Arc<Atlas>> {
    let stamp = Memo::new(move |_| (district.with(|d| (d.tree.at(), d.grids.at())), locale()));
    Memo::new_with_compare(
        move |_| {
            let (_, locale) = stamp.get();
            let grids = |d: &DistrictStore| {
                Arc::new(Atlas::new(d.tree.value(), d.grids.value().map_or(&[], Vec::as_slice), locale == Locale::en))
            };
            district.with_untracked(grids)
        },
        |_, _| true,
    )
}

/// The built-in base map, made anew only when it has come.
pub fn base_map(base: RwSignal<Loadable<FeatureCollection<BaseFeature>>>) -> Memo<Option<Arc<BaseMap>>> {
    Memo::new_with_compare(move |_| base.with(|b| b.value().map(|f| Arc::new(base::base_map(f)))), |_, _| true)
}

/// Returns whether two lists are not the very same list; comparing thousands of polygons would cost more than drawing them.
pub fn differs<T>(a: Option<&Shared<T>>, b: Option<&Shared<T>>) -> bool {
    !matches!((a, b), (Some(a), Some(b)) if Arc::ptr_eq(a, b))
}

/// The district's working days and holidays.
pub fn calendar() -> Memo<WorkCalendar> {
    let district = use_store::<DistrictStore>();
    Memo::new(move |_| district.with(|d| d.config.value().map(|c| WorkCalendar::new(&c.calendar)).unwrap_or_default()))
}

/// Returns the levels above `none` of some areas; those of a past that has not come yet are not the present's.
pub fn of_areas(warnings: &WarningsStore, areas: &[Area], at: Option<DateTime<Utc>>) -> Levels {
    let level = |area: &Area| {
        let level = warnings.level_at(&area.id, at).filter(|level| *level != Level::None)?;
        Some((area.id.clone(), level))
    };
    areas.iter().filter_map(level).collect()
}

/// The words on and of the map.
pub fn words() -> Memo<MapWords> {
    let district = use_store::<DistrictStore>();
    Memo::new(move |_| MapWords {
        label: tr!(desk.map_label).to_owned(),
        keys: tr!(desk.map_keys).to_owned(),
        notice: district.with(|d| d.config.value().map(notice).unwrap_or_default()),
        north: tr!(desk.map_north).to_owned(),
        zoom_in: tr!(desk.map_zoom_in).to_owned(),
        zoom_out: tr!(desk.map_zoom_out).to_owned(),
        datum: "CGCS2000".to_owned(),
    })
}

/// Returns the line that must stand at the foot of every map.
pub fn notice(config: &Config) -> String {
    let review = config.map_notice.review_number.clone();
    let demo = config.demo.then(|| tr!(common.demo).to_owned());
    let lines = [Some(local(&config.map_notice.source)), review, demo];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::events::WarningLevel;
    use fengtu_wire::places::PlaceLevel;

    use super::super::atlas::tests::{grid, square};
    use super::*;

    #[test]
    fn the_past_is_not_painted_with_the_present() {
        let atlas = Atlas::new(None, &[grid("g", "c", Some(square(113.0, 0.1)))], false);
        let areas = atlas.areas(PlaceLevel::Grid);
        let mut warnings = WarningsStore::default();
        warnings.take(WarningLevel { place: "g".into(), level: Level::Red, score: 9.0 });
        warnings.take(WarningLevel { place: "elsewhere".into(), level: Level::Red, score: 9.0 });
        assert_eq!(of_areas(&warnings, &areas, None).len(), 1);
        let past = DateTime::from_timestamp(1_770_000_000, 0);
        assert!(past.is_some() && of_areas(&warnings, &areas, past).is_empty(), "no frame has come yet");
    }
}
