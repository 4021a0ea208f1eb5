//! Many things drawn as one, and one out of many: what a click on them does. A cluster parts as the map flies in; where it
//! cannot part, its cases are listed; a single case is found by when, what and where it was, for the map knows no number of it.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use fengtu_geo::coord::nearest;
use fengtu_geo::mercator::{self, Metres};
use fengtu_geo::{BBox, LonLat};
use fengtu_wire::cases::CaseSummary;
use fengtu_wire::heat::OTHER_CATEGORIES;
use leptos::prelude::*;

use super::context::MapContext;
use super::reading::each_once;
use super::scene::things::heat_wish;
use super::words;
use crate::api::cases::CasesQuery;
use crate::api::{ApiError, StaffApi};
use crate::map::Hit;
use crate::map::model::{CaseSpot, Cluster, Many, Seen};
use crate::routes::{Camera, Selection};
use crate::scene::heat::HeatWish;
use crate::state::{DistrictStore, SessionStore, ViewStore, hover, spawn_scoped, use_store};
use crate::ui::button::Button;
use crate::ui::message::error_words;
use crate::ui::number::grouped;
use crate::ui::time::exact;
use crate::{say, tr};

/// What somebody clicked.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Many things.
    Cluster(Cluster),
    /// One out of many.
    Case(CaseSpot),
}

/// What was found of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// It is being looked for.
    Looking,
    /// This viewer may not see it, or it is there no more.
    Nothing,
    /// It cannot be looked for now.
    Failed(ApiError),
    /// The cases on one spot, the newest first.
    Cases {
        /// The cases.
        cases: Vec<CaseSummary>,
        /// Whether there may be more.
        more: bool,
    },
}

/// Returns what the map's many are to the store of what is pointed at.
pub fn many_of(hit: &Hit) -> Option<hover::Many> {
    match hit {
        Hit::Cluster(Cluster { of: Many::Cases, count, .. }) => Some(hover::Many::Cases(*count)),
        Hit::Cluster(Cluster { of: Many::Buildings, count, .. }) => Some(hover::Many::Buildings(*count)),
        Hit::CaseSpot(spot) => Some(hover::Many::Case { category: spot.category.clone(), at: time_of(spot) }),
        _ => None,
    }
}

fn time_of(spot: &CaseSpot) -> DateTime<Utc> {
    DateTime::from_timestamp(spot.time, 0).unwrap_or_default()
}

/// Returns what opens a cluster or a single case.
pub fn opener(map: MapContext) -> Callback<Asked> {
    let (view, session, wish) = (use_store::<ViewStore>(), use_store::<SessionStore>(), heat_wish(map));
    let owner = Owner::current();
    Callback::new(move |asked: Asked| {
        map.found.set(None);
        let seen = map.seen.get_untracked();
        if let (Asked::Cluster(cluster), Some(seen)) = (&asked, seen)
            && let Some(camera) = parting(cluster, &seen)
        {
            return view.update(|v| v.state.camera = Some(camera));
        }
        let Some(staff) = session.with_untracked(|s| s.staff().cloned()) else { return };
        let wish = wish.get_untracked();
        map.found.set(Some(Found::Looking));
        let look = async move {
            let found = find(&staff, &asked, &wish).await;
            // Something else was clicked meanwhile.
            if map.found.try_get_untracked().flatten() != Some(Found::Looking) {
                return;
            }
            match found {
                Found::Cases { cases, .. } if matches!(asked, Asked::Case(_)) => {
                    map.found.set(None);
                    let first = cases.into_iter().next();
                    view.update(|v| v.select(first.map(|case| Selection::Case(case.number))));
                }
                found => map.found.set(Some(found)),
            }
        };
        match &owner {
            Some(owner) => owner.with(|| spawn_scoped(look)),
            None => spawn_scoped(look),
        }
    })
}

/// Pixels that what a cluster is made of takes when the map has flown in: several times what would be gathered again.
const PARTED_PX: f64 = 260.0;
/// What takes fewer pixels at the greatest zoom does not part.
const TOO_NEAR_PX: f64 = 40.0;
/// The greatest zoom of the map.
const GREATEST: f64 = 20.0;
/// Doors are drawn one by one from here.
const DOORS: f64 = 16.0;

/// Returns the camera in which a cluster parts; `None` where it cannot.
pub fn parting(cluster: &Cluster, seen: &Seen) -> Option<Camera> {
    let side_px = side(&cluster.reach) / mercator_metres_per_px(GREATEST);
    let greatest = if cluster.of == Many::Buildings { DOORS.max(seen.zoom + 1.0).min(GREATEST) } else { GREATEST };
    let cannot = side_px < TOO_NEAR_PX || seen.zoom > GREATEST - 0.5;
    if cannot && cluster.of == Many::Cases {
        return None;
    }
    let fits = GREATEST + (PARTED_PX / side_px.max(1.0)).log2();
    let zoom = fits.max(seen.zoom + 1.0).min(greatest);
    let LonLat { lon, lat } = middle(&cluster.reach);
    Some(Camera { lon, lat, zoom: (zoom * 4.0).floor() / 4.0 })
}

fn corners(reach: &BBox) -> [Metres; 2] {
    let corner = |lon, lat| mercator::project(LonLat { lon, lat });
    [corner(reach.west, reach.south), corner(reach.east, reach.north)]
}

fn side(reach: &BBox) -> f64 {
    let [low, high] = corners(reach);
    (high.x - low.x).max(high.y - low.y)
}

fn middle(reach: &BBox) -> LonLat {
    let [low, high] = corners(reach);
    mercator::unproject(Metres { x: f64::midpoint(low.x, high.x), y: f64::midpoint(low.y, high.y) })
}

fn mercator_metres_per_px(zoom: f64) -> f64 {
    2.0 * mercator::HALF_WORLD / mercator::world_size(zoom)
}

/// Pages of a thousand cases that are read at most to find those on one spot.
const MOST_PAGES: u32 = 8;
/// How far from where the map has a case its record may have it, degrees: steps of the columns, and rounding.
const SLACK_DEG: f64 = 2e-5;
/// The same of a single case, which is told from others by its second and its kind too, and of several is the nearest: half a step
/// of columns that go around the earth.
const SLACK_OF_ONE_DEG: f64 = 3e-3;

async fn find(staff: &StaffApi, asked: &Asked, wish: &HeatWish) -> Found {
    let (mut question, at) = question(asked, wish);
    let (mut cases, mut more) = (Vec::new(), false);
    for _ in 0..MOST_PAGES {
        let page = match staff.ask(&question).await {
            Ok(page) => page,
            Err(error) if matches!(error.status(), Some(403 | 404)) => return Found::Nothing,
            Err(error) => return Found::Failed(error),
        };
        cases.extend(page.items.into_iter().filter(|case| stands_in(case, &at)));
        more = page.next.is_some();
        if !more {
            break;
        }
        question.cursor = page.next;
    }
    let mut cases: Vec<CaseSummary> = each_once(cases.iter()).cloned().collect();
    if let Asked::Case(spot) = asked {
        let far = |case: &CaseSummary| {
            case.at.map_or(f64::MAX, |[lon, lat]| nearest(lon - spot.at.lon, 0.0).hypot(lat - spot.at.lat))
        };
        fengtu_geo::order::sort_by(&mut cases, |a, b| far(a).total_cmp(&far(b)));
    }
    if cases.is_empty() { Found::Nothing } else { Found::Cases { cases, more } }
}

/// Returns what is asked of the server, and where it must stand.
fn question(asked: &Asked, wish: &HeatWish) -> (CasesQuery, BBox) {
    let local = |at: DateTime<Utc>| -> DateTime<FixedOffset> { at.fixed_offset() };
    let all = CasesQuery { limit: Some(fengtu_wire::paging::MAX_LIMIT), ..CasesQuery::default() };
    let (mut query, at) = match asked {
        Asked::Case(spot) => {
            let (from, to) = (time_of(spot), time_of(spot) + TimeDelta::seconds(1));
            let LonLat { lon, lat } = spot.at;
            let known = Some(&spot.category).filter(|id| id.as_str() != OTHER_CATEGORIES);
            let categories = known.cloned().into_iter().collect();
            let at = BBox { west: lon, south: lat, east: lon, north: lat }.padded(SLACK_OF_ONE_DEG);
            (CasesQuery { from: Some(local(from)), to: Some(local(to)), categories, ..all }, at)
        }
        Asked::Cluster(cluster) => {
            let categories = wish.categories.iter().cloned().collect();
            let (from, to) = (Some(local(wish.from)), wish.to.map(local));
            let at = cluster.reach.padded(SLACK_DEG);
            let place = cluster.area.clone();
            (CasesQuery { place, from, to, categories, ..all }, at)
        }
    };
    let at = on_earth(&at);
    query.bounds = Some([at.west, at.south, at.east, at.north]);
    (query, at)
}

/// Takes a box to where a server has it: the map may have gone round the world.
fn on_earth(at: &BBox) -> BBox {
    let middle = at.center().lon;
    let by = nearest(middle, 0.0) - middle;
    BBox { west: (at.west + by).max(-180.0), east: (at.east + by).min(180.0), ..*at }
}

fn stands_in(case: &CaseSummary, reach: &BBox) -> bool {
    case.at.is_some_and(|[lon, lat]| reach.contains(LonLat { lon, lat }))
}

/// What was found, over the map's upper edge.
#[component]
pub fn FoundCases(
    /// What the parts of the page share.
    map: MapContext,
) -> impl IntoView {
    let close = Callback::new(move |()| map.found.set(None));
    let words = move || match map.found.get()? {
        Found::Looking => Some(tr!(desk.crowd_looking).to_owned()),
        Found::Nothing => Some(tr!(desk.crowd_nothing).to_owned()),
        Found::Failed(error) => Some(error_words(&error).to_owned()),
        Found::Cases { cases, more } => {
            let n = grouped(cases.len() as u64);
            Some(if more { tr!(desk.crowd_spot_more, n = n) } else { tr!(desk.crowd_spot, n = n) })
        }
    };
    let list = move || match map.found.get()? {
        Found::Cases { cases, .. } => Some(view! { <ul class="map-found-cases">{rows(cases)}</ul> }),
        _ => None,
    };
    move || {
        map.found.with(Option::is_some).then(|| {
            view! {
                <section class="map-note found" aria-label=say!(desk.crowd_label)>
                    <header><p role="status">{words}</p><Button label=say!(common.close) on_press=close /></header>
                    {list}
                </section>
            }
        })
    }
}

fn rows(cases: Vec<CaseSummary>) -> Vec<AnyView> {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let offset = district.with_untracked(DistrictStore::utc_offset_s);
    let row = |case: CaseSummary| {
        let number = case.number;
        let select = move |_| view.update(|v| v.select(Some(Selection::Case(number.clone()))));
        let when = exact(case.reported_at.to_utc(), offset);
        view! {
            <li><button type="button" class="button bare" on:click=select>
                <span>{case.title}</span><span class="figure">{when}" · "{words::state(case.state)}</span>
            </button></li>
        }
        .into_any()
    };
    cases.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const AT: LonLat = LonLat { lon: 113.93, lat: 22.75 };

    fn cluster(of: Many, metres: f64) -> Cluster {
        let low = mercator::project(AT);
        let high = mercator::unproject(Metres { x: low.x + metres, y: low.y + metres / 2.0 });
        let reach = BBox { west: AT.lon, south: AT.lat, east: high.lon, north: high.lat };
        Cluster { of, at: AT, count: 9, reach, area: None }
    }

    fn seen(zoom: f64) -> Seen {
        let bounds = BBox { west: 113.8, south: 22.6, east: 114.0, north: 22.8 };
        Seen { bounds, center: bounds.center(), zoom, metres_per_pixel: 1.0 }
    }

    #[test]
    fn a_cluster_flies_to_where_its_cases_lie_apart() {
        let camera = parting(&cluster(Many::Cases, 1000.0), &seen(11.0)).unwrap();
        let px = 1000.0 / mercator_metres_per_px(camera.zoom);
        assert!((180.0..=PARTED_PX).contains(&px), "{px} {camera:?}");
        assert!(camera.lon > AT.lon && camera.lat > AT.lat, "the middle of its cases is the middle of the map");
        let near = parting(&cluster(Many::Cases, 1000.0), &seen(17.25)).unwrap();
        assert!((near.zoom - 18.25).abs() < 1e-9, "always nearer than now");
    }

    #[test]
    fn what_stands_on_one_spot_or_is_as_near_as_can_be_does_not_part() {
        assert_eq!(parting(&cluster(Many::Cases, 0.5), &seen(11.0)), None);
        assert_eq!(parting(&cluster(Many::Cases, 100.0), &seen(20.0)), None);
        assert!((parting(&cluster(Many::Buildings, 0.5), &seen(11.0)).unwrap().zoom - DOORS).abs() < 1e-9);
    }

    #[test]
    fn a_single_case_is_asked_for_by_its_second_and_category() {
        let spot = CaseSpot { at: AT, time: 1_770_000_000, category: "noise".into() };
        let wish = HeatWish {
            from: DateTime::UNIX_EPOCH,
            to: None,
            now: DateTime::UNIX_EPOCH,
            categories: std::collections::BTreeSet::new(),
            half_life_s: None,
            radius_m: 1.0,
        };
        let nameless = CaseSpot { category: OTHER_CATEGORIES.into(), ..spot.clone() };
        assert!(question(&Asked::Case(nameless), &wish).0.categories.is_empty());
        let turned = CaseSpot { at: LonLat { lon: AT.lon - 720.0, ..AT }, ..spot.clone() };
        let (query, at) = question(&Asked::Case(turned), &wish);
        assert!(at.contains(AT) && query.bounds.unwrap()[0] > 0.0, "wherever the map has gone round the world: {at:?}");
        let last = CaseSpot { at: LonLat { lon: -180.0, ..AT }, ..spot.clone() };
        let bounds = question(&Asked::Case(last), &wish).0.bounds.unwrap();
        assert!((bounds[0], bounds[2]) == (-180.0, -180.0 + SLACK_OF_ONE_DEG), "never beyond the edge: {bounds:?}");
        let (query, at) = question(&Asked::Case(spot), &wish);
        assert_eq!((query.to.unwrap() - query.from.unwrap()).num_seconds(), 1);
        assert_eq!((query.from.unwrap().timestamp(), query.categories.len()), (1_770_000_000, 1));
        assert!(at.contains(AT) && !at.contains(LonLat { lat: AT.lat + 1e-2, ..AT }));
        let half_a_step = 360.0 / 65_535.0 / 2.0;
        assert!(at.contains(LonLat { lon: AT.lon + half_a_step, ..AT }), "wherever the columns end");
        assert_eq!(query.bounds, Some([at.west, at.south, at.east, at.north]), "the server is asked for no others");
        let (query, at) = question(&Asked::Cluster(cluster(Many::Cases, 0.5)), &wish);
        assert_eq!((query.from.unwrap().timestamp(), query.to), (0, None));
        assert!(at.contains(AT));
        assert_eq!(query.bounds, Some([at.west, at.south, at.east, at.north]), "nor here");
    }
}
