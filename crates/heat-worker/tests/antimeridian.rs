//! Cases on both sides of the antimeridian, seen from either side.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use fengtu_geo::LonLat;
use fengtu_geo::mercator::{self, HALF_WORLD, Metres};
use fengtu_heat_worker::points::Points;
use fengtu_heat_worker::{Command, Crowd, Draw, Gather, Kind, LiveCase, Look, Looked, Pictured, Reply, Service};
use fengtu_wire::heat::PointsForm;
use proptest::prelude::*;

const TIME: i64 = 1_770_000_000;
const METRES_PER_PX: f64 = 50.0;

fn geojson(lons: &[f64]) -> Vec<u8> {
    let feature = |lon: &f64| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},0]}},"properties":{{"number":"a","category":"noise","place":null,"t":{TIME},"weight":1}}}}"#
        )
    };
    let features: Vec<_> = lons.iter().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")).into_bytes()
}

fn service_of(lons: &[f64]) -> Service {
    let mut service = Service::new();
    service.obey(Command::Load { turn: 1, form: PointsForm::GeoJson, bytes: geojson(lons) });
    service
}

fn metres(lon: f64) -> f64 {
    mercator::project(LonLat { lon, lat: 0.0 }).x
}

/// Draws 20 km around a place on the equator.
fn drawn(service: &mut Service, lon: f64) -> Pictured {
    let draw = Draw {
        job: 1,
        width: 400,
        height: 300,
        west: metres(lon) - 200.0 * METRES_PER_PX,
        north: 150.0 * METRES_PER_PX,
        metres_per_px: METRES_PER_PX,
        ground_per_metre: 1.0,
        radius_m: 600.0,
        seen: [0, 0, 400, 300],
    };
    match service.obey(Command::Draw(draw)) {
        Some(Reply::Pictured(told)) => told,
        other => panic!("no picture: {other:?}"),
    }
}

fn looked(service: &mut Service, lon: f64) -> Looked {
    match service.obey(Command::Look(Look { job: 2, x: metres(lon), y: 0.0 })) {
        Some(Reply::Looked(told)) => told,
        other => panic!("no answer: {other:?}"),
    }
}

/// Holds whatever there is.
const WORLD: [Metres; 2] = [Metres { x: -3e7, y: -3e7 }, Metres { x: 3e7, y: 3e7 }];

fn gathered(service: &mut Service, radius: f64, within: [Metres; 2]) -> Crowd {
    match service.obey(Command::Gather(Gather { job: 3, radius, within })) {
        Some(Reply::Gathered { crowd, .. }) => crowd,
        other => panic!("no crowd: {other:?}"),
    }
}

/// Gives the mean column of what is heated, in pixels.
fn mean_column(service: &Service) -> f64 {
    let alphas = service.pixels().as_chunks::<4>().0.iter().enumerate().filter(|(_, [.., alpha])| *alpha > 0);
    let columns: Vec<_> = alphas.map(|(at, _)| (at % 400) as f64 + 0.5).collect();
    columns.iter().sum::<f64>() / columns.len() as f64
}

#[test]
fn cases_on_both_sides_are_seen_from_either() {
    let mut service = service_of(&[179.99, -179.99]);
    for centre in [180.0, -180.0] {
        assert_eq!(drawn(&mut service, centre).cases, 2, "{centre}");
        let middle = mean_column(&service);
        assert!((middle - 200.0).abs() < 0.5, "{centre}: {middle}");
        for lon in [179.99, -179.99] {
            assert_eq!(looked(&mut service, lon).cases, 1, "{lon} from {centre}");
        }
    }
    assert_eq!(drawn(&mut service, 0.0).cases, 0);
}

#[test]
fn a_crowd_of_the_whole_world_is_not_joined_across_its_edge() {
    let mut service = service_of(&[179.99, -179.99]);
    let crowd = gathered(&mut service, 50_000.0, WORLD);
    let mut places: Vec<_> = crowd.items.iter().map(|item| item.at.x).collect();
    places.sort_by(f64::total_cmp);
    assert_eq!(places.len(), 2);
    assert!((places[0] - metres(-179.99)).abs() < 1.0 && (places[1] - metres(179.99)).abs() < 1.0, "{places:?}");
}

#[test]
fn a_crowd_on_both_sides_is_seen_from_either() {
    // Two on one spot, which are one with a reach, and one across.
    let mut service = service_of(&[179.99, 179.99, -179.99]);
    for centre in [180.0, -180.0, 540.0] {
        let corner = |sign: f64| Metres { x: metres(centre) + sign * 20_000.0, y: sign * 20_000.0 };
        let crowd = gathered(&mut service, 100.0, [corner(-1.0), corner(1.0)]);
        assert_eq!((crowd.items.len(), crowd.count), (2, 3), "{centre}");
        for (item, lon) in crowd.items.iter().zip([centre - 0.01, centre + 0.01]) {
            assert!((item.at.x - metres(lon)).abs() < 1.0, "{centre}: {item:?}");
        }
        let Kind::Many { reach: [low, high], .. } = crowd.items[0].kind else { panic!("{crowd:?}") };
        let is_there = |at: Metres| (at.x - metres(centre - 0.01)).abs() < 1.0;
        assert!(is_there(low) && is_there(high), "{centre}: {low:?} {high:?}");
    }
}

#[test]
fn a_live_case_of_the_load_is_known_from_either_side() {
    let mut points = Points::read(PointsForm::GeoJson, &geojson(&[180.0])).unwrap();
    let live = |lon| LiveCase { lon, lat: 0.0, time: TIME, weight: 1.0, category: "noise".into() };
    assert_eq!(points.add(&[live(-180.0)]), 0, "it is the same place");
    assert_eq!(points.add(&[live(-179.9)]), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40, ..ProptestConfig::default() })]

    /// However often the map was turned round the world, and wherever the first case of the load lies.
    #[test]
    fn a_case_is_drawn_where_it_is(first in -180.0..180.0_f64, off in -0.03..0.03_f64, beside in -0.03..0.03_f64, turns in -2..=2_i32) {
        let lon = first + beside;
        let on_earth = if lon > 180.0 { lon - 360.0 } else if lon < -180.0 { lon + 360.0 } else { lon };
        let mut service = service_of(&[first, on_earth]);
        let centre = lon + off + 360.0 * f64::from(turns);
        prop_assert_eq!(drawn(&mut service, centre).cases, 2);
        let wanted = 200.0 - (off + 0.5 * beside) / 360.0 * 2.0 * HALF_WORLD / METRES_PER_PX;
        let middle = mean_column(&service);
        prop_assert!((middle - wanted).abs() < 2.0, "{middle} is not {wanted}");
        prop_assert!(looked(&mut service, on_earth).cases >= 1);
    }
}
