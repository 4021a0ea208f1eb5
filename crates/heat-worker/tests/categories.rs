//! More categories than eight bits have numbers for: the last ones share a name, and none has the name of another.
#![allow(clippy::unwrap_used, reason = "tests")]

use fengtu_heat::Slot;
use fengtu_heat_worker::LiveCase;
use fengtu_heat_worker::points::Points;
use fengtu_wire::heat::{OTHER_CATEGORIES, PointColumns, PointsForm};

const BASE: i64 = 1_770_000_000;
const AT: [f64; 2] = [113.8, 22.6];

/// Makes a load of one case of each of some categories, all at one door.
fn columns(categories: &[String]) -> PointColumns {
    let cases = categories.len();
    PointColumns {
        bounds: [AT[0], AT[1], AT[0] + 0.2, AT[1] + 0.2],
        base: BASE,
        categories: categories.iter().map(|name| name.as_str().into()).collect(),
        seconds: vec![0; cases],
        x: vec![0; cases],
        y: vec![0; cases],
        category: (0..=u8::MAX).take(cases).collect(),
        weight: vec![1; cases],
    }
}

/// Takes columns as a server sends them.
fn taken(columns: &PointColumns) -> Points {
    Points::read(PointsForm::Columns, &columns.encode()).unwrap()
}

fn numbered(names: usize) -> Vec<String> {
    (0..names).map(|n| n.to_string()).collect()
}

fn geojson(categories: &[String]) -> Vec<u8> {
    let [lon, lat] = AT;
    let feature = |category: &String| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},"properties":{{"category":"{category}","t":{BASE},"weight":1}}}}"#
        )
    };
    let features: Vec<_> = categories.iter().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")).into_bytes()
}

/// Makes a live case of the door and second of every load here.
fn live(category: &str) -> LiveCase {
    LiveCase { lon: AT[0], lat: AT[1], time: BASE, weight: 1.0, category: category.into() }
}

/// Gives what the cases are called, by slot.
fn names(points: &Points) -> Vec<&str> {
    let cases = (0..points.columns.len() as u32).map(|slot| points.columns.get(Slot(slot)).unwrap());
    cases.map(|case| points.categories[usize::from(case.category)].as_str()).collect()
}

#[test]
fn a_load_of_features_leaves_no_category_out() {
    let own = numbered(300);
    let points = Points::read(PointsForm::GeoJson, &geojson(&own)).unwrap();
    assert_eq!((points.left_out, points.columns.len(), points.categories.len()), (0, 300, 256));
    let names = names(&points);
    assert_eq!(names[..255], own[..255]);
    assert!(names[255..].iter().all(|name| *name == OTHER_CATEGORIES), "{:?}", &names[255..]);
}

#[test]
fn live_cases_have_their_own_name_while_there_are_numbers() {
    let mut points = taken(&columns(&["wages".to_owned(), "noise".to_owned()]));
    let own = numbered(300);
    let added = own.iter().filter(|name| points.add(&[live(name)]) == 1).count();
    assert_eq!((added, points.left_out, points.categories.len()), (300, 0, 256));
    let names = names(&points);
    assert_eq!(names[2..255], own[..253]);
    assert!(names[255..].iter().all(|name| *name == OTHER_CATEGORIES), "{:?}", &names[255..]);
}

#[test]
fn a_live_case_without_a_number_is_one_of_the_load_that_has_none() {
    let mut all = numbered(255);
    all.push(OTHER_CATEGORIES.to_owned());
    let mut points = taken(&columns(&all));
    assert_eq!(points.add(&[live("new")]), 0, "the load has it under the name that all such share");
    assert_eq!(points.add(&[live("new"), live("newer"), live("7")]), 2, "one row stands for one case");
    assert_eq!((points.left_out, points.categories.len()), (0, 256));
    assert_eq!(names(&points)[255..], [OTHER_CATEGORIES; 3]);
}

#[test]
fn what_is_left_out_of_live_cases_is_counted() {
    let mut points = taken(&columns(&numbered(256)));
    assert_eq!((points.add(&[live("new")]), points.left_out), (0, 1), "a full table without a name for the others");
    let nowhere = LiveCase { lat: f64::NAN, ..live("7") };
    assert_eq!((points.add(&[nowhere, live("8")]), points.left_out), (0, 2), "and one is a row");
}
