//! Live changes on the map: new cases pulse once and warm the heat; what is in sight is told in words, calmly.

use std::sync::Arc;

use fengtu_geo::BBox;
use fengtu_wire::events::CaseDot;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::context::MapContext;
use super::scene::shown;
use crate::browser::clock;
use crate::map::model::{Area, Levels, Pulse};
use crate::reactive::effect;
use crate::scene::follow::of_areas;
use crate::scene::geometry;
use crate::scene::heat::HeatData;
use crate::state::live::LiveStore;
use crate::state::{CasesStore, ViewStore, WarningsStore, use_store};
use crate::tr;

/// Most pulses at once: after a gap a hundred cases may come together, and a hundred rings say nothing.
const MAX_PULSES: usize = 24;
/// A screen reader is told of changes at most this often, milliseconds.
const TELL_MS: u32 = 10_000;

/// Lets new cases pulse and adds them to the heat.
pub fn follow(map: MapContext) {
    let live = use_store::<LiveStore>();
    let change = Memo::new(move |_| live.with(|live| live.changes));
    effect(move || {
        // A memo that nobody reads is not followed.
        change.get();
        let (new, late) = live.with_untracked(|live| (live.came.clone(), live.late.clone()));
        // What was registered late is no news to pulse; heat and its counts are of all cases.
        pulse(map, &new);
        if !new.is_empty() || !late.is_empty() {
            map.heat.update(|heat| warm(heat.value_mut(), new.iter().chain(&late)));
        }
    });
}

fn pulse(map: MapContext, new: &[CaseDot]) {
    let first = map.pulses.with_untracked(|pulses| pulses.last().map_or(1, |pulse| pulse.id + 1));
    let pulses = pulses(new, first);
    // The last one says where counting goes on.
    if !pulses.is_empty() {
        map.pulses.set(Arc::new(pulses));
    }
}

/// Returns a pulse for each of the newest cases that stands somewhere, the newest last.
pub fn pulses(new: &[CaseDot], first: u64) -> Vec<Pulse> {
    let newest = new.len().saturating_sub(MAX_PULSES);
    let places = new.iter().skip(newest).filter_map(|dot| dot.at);
    (first..).zip(places).map(|(id, at)| Pulse { id, at: geometry::place(at) }).collect()
}

fn warm<'a>(heat: Option<&mut HeatData>, new: impl IntoIterator<Item = &'a CaseDot>) {
    if let Some(HeatData::Points(points)) = heat {
        for dot in new {
            points.add(dot);
        }
    }
}

/// What is in sight, in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InSight {
    /// Areas at red, yellow, blue.
    pub levels: [usize; 3],
    /// New cases.
    pub cases: usize,
}

/// Counts what a box shows.
pub fn in_sight(bounds: &BBox, areas: &[Area], levels: &Levels, cases: impl Iterator<Item = CaseDot>) -> InSight {
    let shows = |area: &&Area| area.shape.bbox().is_some_and(|b| b.intersects(bounds));
    let mut found = InSight {
        cases: cases.filter(|dot| dot.at.is_some_and(|at| bounds.contains(geometry::place(at)))).count(),
        ..InSight::default()
    };
    let [red, yellow, blue] = &mut found.levels;
    for area in areas.iter().filter(shows) {
        match levels.get(&area.id) {
            Some(Level::Red) => *red += 1,
            Some(Level::Yellow) => *yellow += 1,
            Some(Level::Blue) => *blue += 1,
            _ => {}
        }
    }
    found
}

/// Tells a screen reader what is in sight, at most once in ten seconds and only when it has changed.
#[component]
pub fn LiveSummary(
    /// What the parts of the page share.
    map: MapContext,
) -> impl IntoView {
    let told = RwSignal::new(InSight::default());
    let look = summary(map);
    let ticker = StoredValue::new_local(Some(clock::Ticker::new(TELL_MS, move || {
        if let Some(now) = look()
            && told.try_get_untracked().is_some_and(|before| before != now)
        {
            told.set(now);
        }
    })));
    on_cleanup(move || drop(ticker.try_update_value(Option::take)));
    let words = move || {
        let InSight { levels: [red, yellow, blue], cases } = told.get();
        if told.get() == InSight::default() {
            return String::new();
        }
        tr!(desk.map_summary, red = red, yellow = yellow, blue = blue, cases = cases)
    };
    view! { <p class="sr-only" role="status" aria-live="polite">{words}</p> }
}

fn summary(map: MapContext) -> impl Fn() -> Option<InSight> + Clone + 'static {
    let (view, warnings, cases) = (use_store::<ViewStore>(), use_store::<WarningsStore>(), use_store::<CasesStore>());
    let level = shown(map);
    move || {
        let bounds = map.seen.try_get_untracked()??.bounds;
        let areas = map.atlas.try_with_untracked(|atlas| atlas.areas(level.get_untracked()))?;
        let at = view.with_untracked(|v| v.state.at);
        let levels = warnings.with_untracked(|w| of_areas(w, &areas, at));
        Some(cases.with_untracked(|c| in_sight(&bounds, &areas, &levels, c.recent.iter().cloned())))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use fengtu_wire::cases::{CaseState, Class};
    use fengtu_wire::places::PlaceLevel;

    use super::*;
    use crate::scene::atlas::Atlas;
    use crate::scene::atlas::tests::{grid, square};

    fn dot(number: &str, at: Option<[f64; 2]>) -> CaseDot {
        CaseDot {
            number: number.into(),
            category: "noise".into(),
            class: Class::Ordinary,
            state: CaseState::Reported,
            place: None,
            at,
            reported_at: DateTime::from_timestamp(1_770_000_000, 0).unwrap_or_default().fixed_offset(),
            weight: 1,
            title: String::new(),
        }
    }

    #[test]
    fn pulses_count_on_and_cases_without_a_place_have_none() {
        let new = [dot("a", Some([113.1, 22.0])), dot("lost", None), dot("b", Some([113.2, 22.0]))];
        let found = pulses(&new, 7);
        assert_eq!(found.iter().map(|p| (p.id, p.at.lon)).collect::<Vec<_>>(), [(7, 113.1), (8, 113.2)]);
        let flood: Vec<_> = (0..100).map(|_| dot("x", Some([113.0, 22.0]))).collect();
        assert_eq!(pulses(&flood, 1).len(), MAX_PULSES);
    }

    #[test]
    fn only_what_the_view_shows_is_counted() {
        let grids = [grid("near", "c", Some(square(113.0, 0.1))), grid("far", "c", Some(square(115.0, 0.1)))];
        let areas = Atlas::new(None, &grids, false).areas(PlaceLevel::Grid);
        let levels = Levels::from([("near".into(), Level::Yellow), ("far".into(), Level::Red)]);
        let bounds = BBox { west: 112.9, south: 21.9, east: 113.2, north: 22.2 };
        let cases = [dot("a", Some([113.1, 22.0])), dot("b", Some([115.0, 22.0])), dot("c", None)];
        let found = in_sight(&bounds, &areas, &levels, cases.into_iter());
        assert_eq!(found, InSight { levels: [0, 1, 0], cases: 1 });
    }
}
