//! Tests of the whole district; one is generated for all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod lawsuits;
mod orders;
mod simulator;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use fengtu_domain::calendar::{WorkCalendar, built_in};
use fengtu_domain::clocks::clocks_of;
use fengtu_domain::states::{TRANSITIONS, is_open};
use fengtu_domain::{categories, defaults};
use fengtu_geo::coord::LonLat;
use fengtu_geo::polygon::{MultiPolygon, Polygon};
use fengtu_wire::basemap::BaseClass;
use fengtu_wire::cases::{CaseState, Channel, ClockKind, ClockState};
use fengtu_wire::geojson::{Geometry, Position};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, StationLevel};
use sha2::{Digest, Sha256};

use super::{accounts, generate, rhythm, texts};
use crate::dataset::{CaseRow, Dataset, PlaceRow};

const SEED: u64 = 7;
const CASES: usize = 12_000;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

static DISTRICT: LazyLock<Dataset> = LazyLock::new(|| generate(SEED, CASES, now()));

fn at_level(level: PlaceLevel) -> Vec<&'static PlaceRow> {
    DISTRICT.places.iter().filter(|p| p.level == level).collect()
}

fn lon_lat(p: &Position) -> LonLat {
    LonLat::new(p[0], p[1]).unwrap()
}

fn shape(row: &PlaceRow) -> MultiPolygon {
    let polygon = |rings: &Vec<Vec<Position>>| {
        let mut rings = rings.iter().map(|r| r.iter().map(lon_lat).collect::<Vec<_>>());
        Polygon { outer: rings.next().unwrap(), holes: rings.collect() }
    };
    match row.geometry.as_ref().unwrap() {
        Geometry::Polygon(rings) => MultiPolygon { polygons: vec![polygon(rings)] },
        Geometry::MultiPolygon(all) => MultiPolygon { polygons: all.iter().map(polygon).collect() },
        other => panic!("not an area: {other:?}"),
    }
}

fn land_uses() -> BTreeMap<&'static PlaceId, LandUse> {
    at_level(PlaceLevel::Grid).into_iter().map(|p| (&p.id, p.grid.as_ref().unwrap().land_use)).collect()
}

#[test]
fn the_district_has_guangmings_sizes() {
    let counts = PlaceLevel::ALL.iter().map(|l| at_level(*l).len()).collect::<Vec<_>>();
    assert_eq!(counts, [1, 6, 31, 1734, 275]);
    assert_eq!(DISTRICT.buildings.len(), 60_000);
    let (year, before): (Vec<_>, Vec<_>) =
        DISTRICT.cases.iter().map(|c| now() - c.events[0].at).partition(|age| *age < TimeDelta::days(365));
    assert_eq!(year.len(), CASES);
    let in_121_days_of_it = CASES * 121 / 365;
    assert!((in_121_days_of_it * 4 / 5..in_121_days_of_it).contains(&before.len()), "{}", before.len());
    assert!(before.iter().all(|age| *age < TimeDelta::days(365 + 121)), "a quarter, and the same a year before");
    let stations = |level| DISTRICT.stations.iter().filter(|s| s.properties.level == level).count();
    assert_eq!(
        [StationLevel::District, StationLevel::Street, StationLevel::Community, StationLevel::Site].map(stations),
        [1, 6, 31, 160]
    );
    assert_eq!(stations(StationLevel::Mobile), 3);
    assert_eq!(at_level(PlaceLevel::District)[0].population, 1_400_000);
    let area = shape(at_level(PlaceLevel::District)[0]).area_m2();
    assert!((145e6..165e6).contains(&area), "{area} m²");
}

#[test]
fn ids_are_unique_and_parents_come_first() {
    let mut seen = BTreeSet::new();
    for place in &DISTRICT.places {
        assert!(place.parent.as_ref().is_none_or(|p| seen.contains(p)), "{}", place.id);
        assert!(seen.insert(&place.id), "{}", place.id);
    }
    let codes: BTreeSet<_> = DISTRICT.buildings.iter().map(|b| &b.code).collect();
    assert_eq!(codes.len(), DISTRICT.buildings.len());
    let numbers: BTreeSet<_> = DISTRICT.cases.iter().map(|c| &c.number).collect();
    assert_eq!(numbers.len(), DISTRICT.cases.len());
    let stations: BTreeSet<_> = DISTRICT.stations.iter().map(|s| &s.properties.id).collect();
    assert_eq!(stations.len(), DISTRICT.stations.len());
}

#[test]
fn every_area_is_a_valid_polygon() {
    for place in &DISTRICT.places {
        let checked = fengtu_geo::validity::check_all(&shape(place));
        assert!(checked.is_ok(), "{} {:?}", place.id, checked);
    }
}

#[test]
fn grids_fill_the_levels_above_without_gap_or_overlap() {
    let areas = |level| at_level(level).into_iter().map(|p| shape(p).area_m2()).sum::<f64>();
    let whole = areas(PlaceLevel::District);
    for level in [PlaceLevel::Street, PlaceLevel::Community, PlaceLevel::Grid] {
        assert!((areas(level) / whole - 1.0).abs() < 1e-6, "{level}");
    }
}

#[test]
fn inner_edges_of_grids_are_shared_by_exactly_two() {
    let mut edges = BTreeMap::<[[u64; 2]; 2], i32>::new();
    let mut border = 0;
    for grid in at_level(PlaceLevel::Grid) {
        for polygon in &shape(grid).polygons {
            for pair in polygon.outer.windows(2) {
                let [a, b] = [0, 1].map(|i| [pair[i].lon.to_bits(), pair[i].lat.to_bits()]);
                *edges.entry([a.min(b), a.max(b)]).or_default() += if a < b { 1 } else { -1 };
                border += i32::from(edges[&[a.min(b), a.max(b)]] != 0) * 2 - 1;
            }
        }
    }
    let district = shape(at_level(PlaceLevel::District)[0]);
    let rings = district.polygons.iter().flat_map(|p| core::iter::once(&p.outer).chain(&p.holes));
    let outline: usize = rings.map(|r| r.len() - 1).sum();
    let single = edges.values().filter(|n| **n != 0).count();
    assert!(edges.values().all(|n| n.abs() <= 1), "an edge runs twice the same way");
    assert_eq!((single, border), (outline, i32::try_from(outline).unwrap()));
}

#[test]
fn places_lie_inside_their_parents_bounds_and_people_add_up() {
    let by_id: BTreeMap<_, _> = DISTRICT.places.iter().map(|p| (&p.id, p)).collect();
    let mut people = BTreeMap::<&PlaceId, u32>::new();
    for place in &DISTRICT.places {
        let Some(parent) = &place.parent else { continue };
        let (own, above) = (shape(place).bbox().unwrap(), shape(by_id[parent]).bbox().unwrap());
        assert_eq!(above.union(&own), above, "{}", place.id);
        *people.entry(parent).or_default() += if place.level == PlaceLevel::SubGrid { 0 } else { place.population };
    }
    for place in DISTRICT.places.iter().filter(|p| p.level < PlaceLevel::Grid) {
        assert_eq!(people[&place.id], place.population, "{}", place.id);
    }
}

#[test]
fn buildings_stand_inside_their_grids_and_house_all_people() {
    let grids: BTreeMap<_, _> =
        at_level(PlaceLevel::Grid).into_iter().map(|p| (&p.id, (shape(p), p.population))).collect();
    let mut people = BTreeMap::<&PlaceId, u32>::new();
    for building in &DISTRICT.buildings {
        let id = building.place.as_ref().unwrap();
        assert!(grids[id].0.contains(lon_lat(&building.at.unwrap())), "{}", building.code);
        *people.entry(id).or_default() += building.population;
    }
    assert!(grids.iter().all(|(id, (_, population))| people[id] == *population));
}

#[test]
fn circles_reach_most_people_but_not_all() {
    let centres: Vec<LonLat> = DISTRICT
        .stations
        .iter()
        .filter(|s| s.properties.circles.contains(&CircleKind::Appeal) && s.properties.stops.is_empty())
        .map(|s| match s.geometry {
            Some(Geometry::Point(p)) => lon_lat(&p),
            _ => panic!("a station without a point"),
        })
        .collect();
    // Flat metres are good to a fraction of a per cent here, and fast.
    let near = |p: LonLat| {
        centres.iter().any(|c| libm::hypot((c.lon - p.lon) * 102_690.0, (c.lat - p.lat) * 110_745.0) <= 500.0)
    };
    let (mut covered, mut all) = (0_u32, 0_u32);
    for b in &DISTRICT.buildings {
        all += b.population;
        covered += if near(lon_lat(&b.at.unwrap())) { b.population } else { 0 };
    }
    let share = f64::from(covered) / f64::from(all);
    assert!((0.72..0.88).contains(&share), "{share}");
}

/// A fingerprint of everything that was generated.
fn fingerprint(d: &Dataset) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(format!("{:?}{:?}{:?}", d.places, d.buildings, d.cases));
    hash.update(format!("{:?}{:?}{:?}", d.orders, d.mediations, d.confirmations));
    hash.update(serde_json::to_vec(&(&d.stations, &d.basemap)).unwrap());
    hash.finalize().to_vec()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    assert_eq!(fingerprint(&generate(SEED, 300, now())), fingerprint(&generate(SEED, 300, now())));
    assert_ne!(fingerprint(&generate(SEED, 300, now())), fingerprint(&generate(SEED + 1, 300, now())));
}

#[test]
fn other_seeds_give_valid_districts_too() {
    for seed in [1, 2, 3, 4] {
        let district = generate(seed, 50, now());
        for place in &district.places {
            let checked = fengtu_geo::validity::check_all(&shape(place));
            assert!(checked.is_ok(), "seed {seed} {} {checked:?}", place.id);
        }
        assert_eq!((district.places.len(), district.buildings.len()), (1 + 6 + 31 + 1734 + 275, 60_000));
    }
}

fn local(case: &CaseRow) -> DateTime<chrono::FixedOffset> {
    case.events[0].at.with_timezone(&rhythm::offset())
}

#[test]
fn the_year_has_a_rhythm() {
    let calendar = WorkCalendar::new(&built_in());
    let (mut days, mut hours, mut by_day) = ([0.0; 3], [0_u32; 24], BTreeMap::<_, f64>::new());
    for case in &DISTRICT.cases {
        *by_day.entry(local(case).date_naive()).or_default() += 1.0;
        hours[local(case).hour() as usize] += 1;
    }
    let kind = |d: chrono::NaiveDate| {
        if calendar.is_holiday(d) {
            2
        } else {
            usize::from(d.weekday().number_from_monday() > 5 && !calendar.is_makeup_workday(d))
        }
    };
    let mut lengths = [0.0; 3];
    for (day, n) in &by_day {
        days[kind(*day)] += n;
        lengths[kind(*day)] += 1.0;
    }
    let [work, weekend, holiday] = [0, 1, 2].map(|i| days[i] / lengths[i]);
    assert!((0.55..0.92).contains(&(weekend / work)), "weekend {weekend} of {work}");
    assert!((0.30..0.75).contains(&(holiday / work)), "holiday {holiday} of {work}");
    assert!(hours[10] > 8 * hours[4] && hours[20] > hours[13], "{hours:?}");
}

#[test]
fn wages_come_before_the_spring_festival_and_codes_are_scanned_more_and_more() {
    let share = |from: &str, to: &str, test: &dyn Fn(&CaseRow) -> bool| {
        let (from, to): (DateTime<Utc>, DateTime<Utc>) = (from.parse().unwrap(), to.parse().unwrap());
        let all: Vec<_> = DISTRICT.cases.iter().filter(|c| c.events[0].at >= from && c.events[0].at < to).collect();
        all.iter().filter(|c| test(c)).count() as f64 / all.len() as f64
    };
    let wages = |c: &CaseRow| c.category.as_str() == "mediation.wages";
    let wave = share("2026-01-20T00:00:00Z", "2026-02-14T00:00:00Z", &wages);
    assert!(wave > 1.7 * share("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z", &wages), "{wave}");
    let scanned = |c: &CaseRow| c.channel == Channel::QrCode;
    let (then, lately) = (
        share("2025-11-25T00:00:00Z", "2026-02-01T00:00:00Z", &scanned),
        share("2026-09-01T00:00:00Z", "2026-11-23T00:00:00Z", &scanned),
    );
    assert!(lately > 1.6 * then, "{then} {lately}");
}

#[test]
fn causes_differ_by_what_the_ground_is_used_for() {
    let uses = land_uses();
    let share = |category: &str, kind: LandUse| {
        let here: Vec<_> =
            DISTRICT.cases.iter().filter(|c| uses.get(c.place.as_ref().unwrap()) == Some(&kind)).collect();
        here.iter().filter(|c| c.category.as_str() == category).count() as f64 / here.len() as f64
    };
    assert!(share("mediation.wages", LandUse::IndustrialPark) > 4.0 * share("mediation.wages", LandUse::Estate));
    assert!(share("mediation.property", LandUse::Estate) > 3.0 * share("mediation.property", LandUse::UrbanVillage));
    assert!(share("mediation.housing", LandUse::UrbanVillage) > 2.0 * share("mediation.housing", LandUse::Estate));
    assert!(share("mediation.school", LandUse::School) > 0.25);
    assert!(share("mediation.medical", LandUse::Hospital) > 0.25);
}

#[test]
fn categories_are_the_domains_and_sensitivity_is_never_below_theirs() {
    let tree: BTreeMap<_, _> = categories::tree().into_iter().map(|c| (c.id, c.sensitivity)).collect();
    for cause in super::causes::CAUSES {
        assert!(tree.contains_key(&cause.category.into()), "{}", cause.category);
        assert!(texts::has(cause.category), "{}", cause.category);
        assert!((cause.classes.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{}", cause.category);
    }
    assert!(DISTRICT.cases.iter().all(|c| c.sensitivity >= tree[&c.category]));
}

/// Checks that a case's events are in order and each a step of the loop.
fn assert_legal(case: &CaseRow) {
    assert_eq!(case.events[0].to, CaseState::Reported);
    for pair in case.events.windows(2) {
        assert!(pair[0].at <= pair[1].at, "{}", case.number);
        assert!(
            TRANSITIONS.iter().any(|t| t.from.contains(&pair[0].to) && t.to == pair[1].to),
            "{} {pair:?}",
            case.number
        );
    }
}

#[test]
fn every_case_goes_a_legal_way() {
    for case in &DISTRICT.cases {
        assert_legal(case);
        assert!(case.events.iter().all(|e| e.at <= now() && e.at > now() - TimeDelta::days(365 + 122)));
        assert_eq!(case.rating.is_some(), case.events.iter().any(|e| e.to == CaseState::Rated), "{}", case.number);
        assert!(case.parties.iter().all(|p| p.telephone.as_ref().is_none_or(|t| t.starts_with("1990000"))));
        assert!(case.parties.iter().all(|p| !case.title.contains(&p.name)), "{}", case.title);
        assert!(!case.title.contains('{') && !case.description.contains('{'), "{} {}", case.title, case.description);
    }
}

#[test]
fn most_clocks_are_met_and_few_cases_are_open() {
    let calendar = WorkCalendar::new(&built_in());
    let (rules, offset) = (defaults::classes(), rhythm::offset());
    let mut counts = BTreeMap::<ClockKind, [u32; 2]>::new();
    for case in &DISTRICT.cases {
        let rule = rules.iter().find(|r| r.class == case.class).unwrap();
        let steps: Vec<_> = case.events[1..].iter().map(|e| (e.at.with_timezone(&offset), e.to)).collect();
        for clock in clocks_of(rule, local(case), &steps, &calendar, now().with_timezone(&offset)) {
            let count = counts.entry(clock.kind).or_default();
            count[0] += u32::from(clock.state == ClockState::Met);
            count[1] += u32::from(matches!(clock.state, ClockState::Met | ClockState::Overdue));
        }
    }
    for (kind, [met, ended]) in &counts {
        let share = f64::from(*met) / f64::from(*ended);
        assert!((0.965..0.9999).contains(&share), "{kind} {share}");
    }
    let open = DISTRICT.cases.iter().filter(|c| is_open(c.events.last().unwrap().to)).count();
    assert!((CASES / 250..CASES / 40).contains(&open), "{open}");
}

#[test]
fn cases_on_the_map_lie_in_their_grids_and_repeats_point_back() {
    let grids: BTreeMap<_, _> = at_level(PlaceLevel::Grid).into_iter().map(|p| (&p.id, shape(p))).collect();
    let order: BTreeMap<_, _> = DISTRICT.cases.iter().enumerate().map(|(i, c)| (&c.number, i)).collect();
    for (i, case) in DISTRICT.cases.iter().enumerate() {
        if let Some(at) = case.at {
            assert!(grids[case.place.as_ref().unwrap()].contains(lon_lat(&at)), "{}", case.number);
        }
        assert!(case.repeat_of.as_ref().is_none_or(|n| order[n] < i), "{}", case.number);
    }
    let off = DISTRICT.cases.iter().filter(|c| c.at.is_none()).count();
    assert!((1..CASES / 300).contains(&off), "{off} not on the map");
}

#[test]
fn the_base_map_has_every_class() {
    for class in BaseClass::ALL {
        assert!(DISTRICT.basemap.iter().any(|f| f.properties.class == *class), "{class}");
    }
}

#[test]
fn accounts_belong_to_places_that_exist() {
    let places: BTreeSet<_> = DISTRICT.places.iter().map(|p| &p.id).collect();
    let names: BTreeSet<_> = accounts().iter().map(|a| a.name).collect();
    assert_eq!(names.len(), accounts().len());
    assert!(accounts().iter().all(|a| a.place.as_ref().is_none_or(|p| places.contains(p))));
}
