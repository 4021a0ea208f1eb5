//! What the service answers: the same picture from columns and `GeoJSON`, live cases, choices, bad input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "tests; weights are whole numbers")]

use std::time::{Duration, Instant};

use fengtu_geo::LonLat;
use fengtu_geo::mercator::{self, Metres};
use fengtu_heat_worker::points::Points;
use fengtu_heat_worker::{
    Choice, Command, Crowd, Draw, Gather, Item, Kind, LiveCase, Loaded, Look, Looked, Pictured, Reply, Service,
};
use fengtu_wire::heat::{PointColumns, PointsForm};
use proptest::prelude::*;

const BASE: i64 = 1_770_000_000;
const BOUNDS: [f64; 4] = [113.8, 22.6, 114.0, 22.8];

fn columns() -> PointColumns {
    PointColumns {
        bounds: BOUNDS,
        base: BASE,
        categories: vec!["wages".into(), "noise".into()],
        seconds: vec![0, 86_400],
        x: vec![20_000, 40_000],
        y: vec![30_000, 31_000],
        category: vec![0, 1],
        weight: vec![2, 3],
    }
}

/// Takes columns as a server sends them.
fn taken(columns: &PointColumns) -> Points {
    Points::read(PointsForm::Columns, &columns.encode()).unwrap()
}

fn geojson(points: &PointColumns) -> Vec<u8> {
    let feature = |row: usize| {
        let [lon, lat] = points.position(row).unwrap();
        let (t, weight) = (points.base + i64::from(points.seconds[row]), points.weight[row]);
        let category = &points.categories[usize::from(points.category[row])];
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},"properties":{{"number":"a","category":"{category}","place":null,"t":{t},"weight":{weight}}}}}"#
        )
    };
    let features: Vec<_> = (0..points.len()).map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")).into_bytes()
}

fn draw() -> Command {
    let corner = mercator::project(LonLat { lon: BOUNDS[0], lat: BOUNDS[3] });
    let metres_per_px = 60.0;
    Command::Draw(Draw {
        job: 7,
        width: 400,
        height: 440,
        west: corner.x,
        north: corner.y,
        metres_per_px,
        ground_per_metre: 0.92,
        radius_m: 500.0,
        seen: [0, 0, 400, 440],
    })
}

fn choose(choice: Choice) -> Command {
    Command::Choose(Choice { now: BASE + 86_400, ..choice })
}

fn loaded(form: PointsForm, bytes: Vec<u8>) -> (Service, Option<Reply>) {
    let mut service = Service::new();
    let reply = service.obey(Command::Load { turn: 1, form, bytes });
    (service, reply)
}

fn pictured(service: &mut Service) -> Pictured {
    pictured_as(service, draw())
}

fn pictured_as(service: &mut Service, draw: Command) -> Pictured {
    match service.obey(draw) {
        Some(Reply::Pictured(picture)) => picture,
        other => panic!("no picture: {other:?}"),
    }
}

#[test]
fn what_lies_in_the_margin_is_drawn_while_nothing_is_seen() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    let Command::Draw(whole) = draw() else { panic!("that is a drawing") };
    let picture = pictured_as(&mut service, Command::Draw(Draw { seen: [0, 0, 40, 40], ..whole }));
    assert_eq!((picture.cases, picture.full_per_km2, picture.width), (0, 0.0, 400), "figures are of what is seen");
    let margin = service.pixels().to_vec();
    pictured(&mut service);
    assert!(margin == service.pixels() && margin.iter().any(|&byte| byte != 0), "as it looks when it is seen");
}

#[test]
fn columns_and_geojson_give_the_same_picture() {
    let (mut one, told) = loaded(PointsForm::Columns, columns().encode());
    assert_eq!(told, Some(Reply::Loaded(Loaded { turn: 1, cases: 2, left_out: 0 })));
    let (mut other, told) = loaded(PointsForm::GeoJson, geojson(&columns()));
    assert_eq!(told, Some(Reply::Loaded(Loaded { turn: 1, cases: 2, left_out: 0 })));
    let (of_columns, of_geojson) = (pictured(&mut one), pictured(&mut other));
    assert_eq!((of_columns.job, of_columns.width, of_columns.height, of_columns.cases), (7, 400, 440, 2));
    assert!((of_columns.full_per_km2 - of_geojson.full_per_km2).abs() < 0.01 * of_columns.full_per_km2);
    assert_eq!(one.pixels().len(), 400 * 440 * 4);
    let far = one.pixels().iter().zip(other.pixels()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(far <= 24, "colours differ by {far}: the origins differ, so rounding does");
}

#[test]
fn a_second_beyond_32_bits_lies_at_their_end_in_both() {
    let far = PointColumns { seconds: vec![0, u32::MAX - 86_400], ..columns() };
    for points in [taken(&far), Points::read(PointsForm::GeoJson, &geojson(&far)).unwrap()] {
        assert_eq!(points.columns.get(fengtu_heat::Slot(1)).unwrap().time, u32::MAX - 1);
    }
    for (form, bytes) in [(PointsForm::Columns, far.encode()), (PointsForm::GeoJson, geojson(&far))] {
        assert_eq!(pictured(&mut loaded(form, bytes).0).cases, 2, "{form:?}: a period without an end holds it");
    }
}

#[test]
fn a_choice_counts_what_it_names() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    let mut counted = |choice: Choice| {
        service.obey(choose(choice));
        let picture = pictured(&mut service);
        (picture.cases, picture.weight)
    };
    assert_eq!(counted(Choice::default()), (2, 5.0));
    assert_eq!(counted(Choice { categories: Some(vec!["noise".into()]), ..Choice::default() }), (1, 3.0));
    assert_eq!(counted(Choice { categories: Some(vec![]), ..Choice::default() }).0, 0);
    assert_eq!(counted(Choice { to: Some(BASE + 10), ..Choice::default() }), (1, 2.0));
    assert_eq!(counted(Choice { from: BASE + 10, ..Choice::default() }), (1, 3.0));
    assert_eq!(counted(Choice { half_life_s: Some(86_400.0), ..Choice::default() }), (2, 4.0));
}

#[test]
fn live_cases_are_added() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    let case = |time, category: &str| LiveCase { lon: 113.9, lat: 22.7, time, weight: 5.0, category: category.into() };
    service.obey(Command::Add(vec![case(BASE + 90_000, "lift")]));
    assert_eq!(pictured(&mut service).cases, 3);
    service.obey(choose(Choice { categories: Some(vec!["lift".into()]), ..Choice::default() }));
    assert_eq!(pictured(&mut service).weight, 5.0);
    // A choice made before its category was known holds for what comes.
    service.obey(choose(Choice { categories: Some(vec!["new".into()]), ..Choice::default() }));
    assert_eq!(pictured(&mut service).cases, 0);
    service
        .obey(Command::Add(vec![case(BASE + 90_001, "new"), LiveCase { lat: f64::NAN, ..case(BASE + 90_002, "new") }]));
    assert_eq!(pictured(&mut service).cases, 1);
}

/// A case of the load, as it comes live: exactly where it is, not where the load's steps round it to.
fn live_row(row: usize, metres_off: f64) -> LiveCase {
    let points = columns();
    let [lon, lat] = points.position(row).unwrap();
    LiveCase {
        lon: lon + metres_off / 102_700.0,
        lat,
        time: BASE + i64::from(points.seconds[row]),
        weight: 5.0,
        category: points.categories[usize::from(points.category[row])].as_str().into(),
    }
}

#[test]
fn a_live_case_that_came_with_the_load_is_left_out_and_any_other_counts() {
    let mut points = taken(&columns());
    assert_eq!(points.add(&[live_row(0, 0.1), live_row(1, -0.1)]), 0, "both are in the load");
    let elsewhere = live_row(1, 30.0);
    let other_kind = LiveCase { category: "lift".into(), ..live_row(1, 0.0) };
    let older = LiveCase { time: BASE - 7, ..live_row(1, 0.0) };
    assert_eq!(points.add(&[elsewhere, other_kind, older]), 3, "of the newest second too, and older");
    // A row of the load stands for one case; and one that came live, for none.
    let mut points = taken(&columns());
    assert_eq!(points.add(&[live_row(0, 0.0), live_row(0, 0.0)]), 1);
    assert_eq!(points.columns.len(), 3);
}

/// Where times are dates alone, cases of one day, category and door look alike; the page sends none of them twice.
#[test]
fn a_row_of_the_load_stands_for_one_live_case_and_not_for_one_of_each_batch() {
    let mut service = Service::new();
    for turn in 1..3 {
        service.obey(Command::Load { turn, form: PointsForm::Columns, bytes: columns().encode() });
        let mut counted = || {
            service.obey(Command::Add(vec![live_row(0, 0.0)]));
            pictured(&mut service).cases
        };
        assert_eq!([counted(), counted(), counted()], [2, 3, 4], "load {turn}");
    }
}

#[test]
fn a_case_of_the_future_in_the_load_silences_no_live_one() {
    let ahead = PointColumns { seconds: vec![0, 10 * 86_400], ..columns() };
    let mut points = taken(&ahead);
    assert_eq!(points.add(&[LiveCase { time: BASE + 86_400, ..live_row(0, 0.0) }]), 1);
}

#[test]
fn live_cases_without_end_push_the_oldest_out() {
    let mut points = taken(&columns());
    let case = |n: i64| LiveCase { time: BASE + 100_000 + n, ..live_row(0, 0.0) };
    for from in 0..30 {
        let batch: Vec<_> = (0..10_000).map(|n| case(from * 10_000 + n)).collect();
        assert_eq!(points.add(&batch), batch.len());
    }
    assert_eq!(points.columns.len(), 200_002, "and all of the load");
    assert!(points.columns.within(0..=points.second(BASE + 100_100)).count() == 2);
    assert_eq!(points.columns.within(points.second(BASE + 399_999)..=u32::MAX).count(), 1);
}

/// Each batch is looked for among the rows of its second; comparing all of them with all takes minutes here.
#[test]
fn many_cases_of_one_second_are_added_in_no_more_time_than_as_many_of_others() {
    let mut points = taken(&columns());
    let began = Instant::now();
    for from in (0..20_000).step_by(400) {
        let case = |n: u32| LiveCase { lat: 22.6 + f64::from(n) * 1e-5, time: BASE + 90_000, ..live_row(0, 0.0) };
        let batch: Vec<_> = (from..from + 400).map(case).collect();
        assert_eq!(points.add(&batch), 400);
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

/// Holds whatever there is.
const WORLD: [Metres; 2] = [Metres { x: -3e7, y: -3e7 }, Metres { x: 3e7, y: 3e7 }];

fn gathered(service: &mut Service, radius: f64) -> Crowd {
    match service.obey(Command::Gather(Gather { job: 3, radius, within: WORLD })) {
        Some(Reply::Gathered { job: 3, crowd }) => crowd,
        other => panic!("no crowd: {other:?}"),
    }
}

#[test]
fn a_crowd_is_of_the_choice_and_heat_that_cools_loses_none() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    service.obey(choose(Choice { half_life_s: Some(1.0), now: BASE + 40_000_000, ..Choice::default() }));
    let apart = gathered(&mut service, 60.0);
    let kinds: Vec<_> = apart.items.iter().map(|item| item.kind).collect();
    assert!(kinds.contains(&Kind::One { time: BASE, category: 0 }));
    assert!(kinds.contains(&Kind::One { time: BASE + 86_400, category: 1 }));
    assert_eq!(apart.categories, ["wages", "noise"]);
    let [lon, lat] = columns().position(0).unwrap();
    let first = mercator::project(LonLat { lon, lat });
    let of_first = apart.items.iter().find(|item| item.kind == Kind::One { time: BASE, category: 0 }).unwrap();
    assert!((of_first.at.x - first.x).hypot(of_first.at.y - first.y) < 0.05);

    // Of a box around it nothing else comes, and all are counted.
    let corner = |by: f64| Metres { x: first.x + by, y: first.y + by };
    let near = Gather { job: 3, radius: 60.0, within: [corner(-1.0), corner(1.0)] };
    let Some(Reply::Gathered { crowd, .. }) = service.obey(Command::Gather(near)) else { panic!("no crowd") };
    assert_eq!((crowd.items.as_slice(), crowd.count), ([*of_first].as_slice(), 2));

    let one = gathered(&mut service, 50_000.0);
    assert_eq!(one.items.iter().map(Item::count).collect::<Vec<_>>(), [2]);
    service.obey(Command::Add(vec![LiveCase { time: BASE + 90_000, ..live_row(0, 0.0) }]));
    assert_eq!(gathered(&mut service, 50_000.0).items[0].count(), 3);
    service.obey(choose(Choice { to: Some(BASE + 10), ..Choice::default() }));
    assert_eq!(gathered(&mut service, 50_000.0).items.len(), 1);
    service.obey(choose(Choice { categories: Some(vec![]), ..Choice::default() }));
    assert!(gathered(&mut service, 50_000.0).items.is_empty());
    for radius in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(gathered(&mut service, radius).items.is_empty());
    }
}

#[test]
fn a_look_tells_density_and_cases_of_the_last_picture() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    let [lon, lat] = columns().position(1).unwrap();
    let at = mercator::project(LonLat { lon, lat });
    let look = |service: &mut Service, x: f64, y: f64| match service.obey(Command::Look(Look { job: 8, x, y })) {
        Some(Reply::Looked(told)) => told,
        other => panic!("no answer: {other:?}"),
    };
    let nothing = Looked { job: 8, ..Looked::default() };
    assert_eq!(look(&mut service, at.x, at.y), nothing, "there is no picture yet");
    let picture = pictured(&mut service);
    let told = look(&mut service, at.x, at.y);
    assert_eq!((told.cases, told.causes), (1, vec![("noise".to_owned(), 1)]));
    let per_km2 = told.per_km2.unwrap();
    assert!(per_km2 > 0.5 * picture.full_per_km2 && per_km2 < 2.0 * picture.full_per_km2, "{per_km2}");
    // The kernel reaches 500 m on the ground: 543 of the map's.
    assert_eq!(look(&mut service, at.x + 530.0, at.y).cases, 1);
    assert_eq!(look(&mut service, at.x + 680.0, at.y), Looked { per_km2: Some(0.0), ..nothing.clone() });
    assert_eq!(look(&mut service, at.x + 1e6, at.y), nothing, "outside of the picture");
    assert_eq!(look(&mut service, f64::NAN, at.y), nothing);
    service.obey(Command::Load { turn: 2, form: PointsForm::Columns, bytes: columns().encode() });
    assert_eq!(look(&mut service, at.x, at.y), nothing, "the picture is of what was loaded before");
    pictured(&mut service);
    assert_eq!(look(&mut service, at.x, at.y).cases, told.cases);
}

#[test]
fn colours_are_those_that_were_named() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    service.obey(Command::Colour(vec![0, 0, 255, 0, 0, 255]));
    pictured(&mut service);
    let painted = service.pixels().as_chunks::<4>().0.iter().filter(|[.., alpha]| *alpha > 0);
    assert!(painted.clone().count() > 100 && painted.clone().all(|[r, _, b, _]| *r == 0 && *b == 255));
}

#[test]
fn what_cannot_be_read_is_refused_and_nothing_is_drawn() {
    for (form, bytes) in [
        (PointsForm::Columns, b"FTP2".to_vec()),
        (PointsForm::Columns, Vec::new()),
        (PointsForm::GeoJson, b"{\"features\":7}".to_vec()),
        (PointsForm::GeoJson, b"<html>".to_vec()),
        (PointsForm::GeoJson, vec![0xff; 20]),
    ] {
        let (mut service, reply) = loaded(form, bytes);
        assert!(matches!(reply, Some(Reply::Refused { turn: 1, .. })), "{reply:?}");
        let live = LiveCase { lon: 113.9, lat: 22.7, time: BASE, weight: 5.0, category: "lift".into() };
        service.obey(Command::Add(vec![live]));
        assert_eq!((pictured(&mut service).width, service.pixels().len()), (0, 0), "a few would look like all");
    }
}

#[test]
fn features_that_are_no_cases_are_counted() {
    let good = String::from_utf8(geojson(&columns())).unwrap();
    let bad = [
        r#"{"type":"Feature","geometry":null,"properties":{}}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e9,22.7]},"properties":{"category":"a","t":1770000000,"weight":1}}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[113.9]},"properties":{"category":"a","t":1770000000,"weight":1}}"#,
        r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[113.9,22.7]},"properties":{"category":"a","t":1770000000,"weight":1}}"#,
        "17",
    ];
    let mut points = serde_json::from_str::<serde_json::Value>(&good).unwrap();
    for feature in bad {
        points["features"].as_array_mut().unwrap().push(serde_json::from_str(feature).unwrap());
    }
    let (_, reply) = loaded(PointsForm::GeoJson, points.to_string().into_bytes());
    assert_eq!(reply, Some(Reply::Loaded(Loaded { turn: 1, cases: 2, left_out: 5 })));
}

#[test]
fn a_view_that_is_none_gives_no_picture() {
    let (mut service, _) = loaded(PointsForm::Columns, columns().encode());
    let Command::Draw(good) = draw() else { panic!("that is a drawing") };
    for odd in [
        Draw { width: 0, ..good },
        Draw { metres_per_px: f64::NAN, ..good },
        Draw { metres_per_px: 0.0, ..good },
        Draw { west: f64::INFINITY, ..good },
        Draw { width: u32::MAX, height: u32::MAX, seen: [0, 0, u32::MAX, u32::MAX], ..good },
        Draw { radius_m: f64::NAN, ..good },
        Draw { seen: [9, 9, 0, 0], ..good },
    ] {
        let reply = service.obey(Command::Draw(odd));
        let Some(Reply::Pictured(picture)) = reply else { panic!("{reply:?}") };
        assert_eq!(service.pixels().len(), picture.width as usize * picture.height as usize * 4, "{odd:?}");
    }
    assert_eq!(pictured(&mut service).cases, 2, "and the next one is as ever");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_bring_it_down(at in 0_usize..400, byte: u8, cut in 0_usize..400, json: bool) {
        let (form, mut bytes) =
            if json { (PointsForm::GeoJson, geojson(&columns())) } else { (PointsForm::Columns, columns().encode()) };
        let at = at % bytes.len();
        bytes[at] = byte;
        if cut % 3 == 0 {
            bytes.truncate(cut);
        }
        let (mut service, reply) = loaded(form, bytes);
        let answered = matches!(reply, Some(Reply::Loaded(_) | Reply::Refused { .. }));
        prop_assert!(answered);
        let picture = pictured(&mut service);
        prop_assert_eq!(service.pixels().len(), picture.width as usize * picture.height as usize * 4);
    }

    #[test]
    fn a_place_is_where_the_wire_says(x: u16, y: u16) {
        let points = PointColumns { x: vec![x], y: vec![y], seconds: vec![0], category: vec![0], weight: vec![1], ..columns() };
        let taken = taken(&points);
        let case = taken.columns.get(fengtu_heat::Slot(0)).unwrap();
        let [lon, lat] = points.position(0).unwrap();
        let wanted = mercator::project(LonLat { lon, lat });
        prop_assert!((case.x + taken.origin.x - wanted.x).hypot(case.y + taken.origin.y - wanted.y) < 0.01);
    }
}
