//! Real input: every reason to refuse or repair a row, and that a file is written whole, once, or not at all.

mod hours;
mod lawsuits;
mod writing;

use std::path::{Path, PathBuf};

use fengtu_geo::coord::LonLat;
use fengtu_geo::datum::{Datum, from_wgs84};
use fengtu_server::import::mapping::{Kind, Mapping};
use fengtu_server::import::report::{FileError, Reason, Report};
use fengtu_server::import::{Context, Outcome, read};
use fengtu_wire::cases::{CaseState, Sensitivity};
use fengtu_wire::places::PlaceLevel;

use crate::common::NOW;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)
}

fn empty() -> Context {
    Context { categories: fengtu_domain::categories::tree(), now: NOW.parse().unwrap(), ..Context::default() }
}

fn try_read(bytes: &[u8], name: &str, kind: Kind, map: &str, context: &Context) -> Result<Outcome, FileError> {
    let mapping = Mapping::parse(map, kind).unwrap();
    read(bytes, name, kind, &mapping, context, &mut |_, _| {})
}

fn read_fixture(name: &str, kind: Kind, map: &str, context: &Context) -> Outcome {
    let (bytes, map) = (std::fs::read(fixture(name)).unwrap(), std::fs::read_to_string(fixture(map)).unwrap());
    try_read(&bytes, name, kind, &map, context).unwrap()
}

/// The example district, with its grids and buildings.
fn district() -> Context {
    let mut context = empty();
    context.existing.places = read_fixture("places.geojson", Kind::Places, "places.toml", &context).dataset.places;
    let grids = read_fixture("grids.geojson", Kind::Grids, "grids.toml", &context).dataset.places;
    context.existing.places.extend(grids);
    context.existing.buildings =
        read_fixture("buildings.geojson", Kind::Buildings, "buildings.toml", &context).dataset.buildings;
    context
}

/// What is said of a row, by its id.
fn said(report: &Report, id: &str) -> Vec<&'static str> {
    report.lines.iter().filter(|line| line.id.as_deref() == Some(id)).map(|line| line.reason.code()).collect()
}

fn assert_counts(report: &Report) {
    let accounted = report.ignored + report.refused + report.new + report.updated + report.unchanged;
    assert_eq!(report.read, accounted, "every row is somewhere: {report:?}");
}

#[test]
fn a_tree_is_read_parents_first() {
    let Outcome { dataset, report } = read_fixture("places.geojson", Kind::Places, "places.toml", &empty());
    assert_eq!((report.read, report.new, report.lines.len()), (6, 6, 0), "{report:?}");
    assert_eq!(dataset.places[0].level, PlaceLevel::District);
    let south = dataset.places.iter().find(|place| place.name == "西南社区").unwrap();
    assert_eq!((south.parent.as_ref().unwrap().as_str(), south.population), ("440399001", 4000));
}

#[test]
fn every_fault_of_a_grid_has_its_reason() {
    let mut context = empty();
    context.existing.places = read_fixture("places.geojson", Kind::Places, "places.toml", &context).dataset.places;
    let Outcome { dataset, report } = read_fixture("grids.geojson", Kind::Grids, "grids.toml", &context);
    assert_counts(&report);
    let expected: [(&str, &[&str]); 16] = [
        ("G1", &["duplicate_number"]),
        ("G2", &["ring_unclosed"]),
        ("G3", &["ring_self_crossing"]),
        ("G4", &["hole_outside"]),
        ("G5", &["unknown_word", "ring_rewound"]),
        ("G6", &["negative_number", "wrong_place"]),
        ("G7", &["unknown_place"]),
        ("G8", &["parent_unknown", "no_shape"]),
        ("G9", &["no_shape"]),
        ("G10", &["outside_district"]),
        ("G11", &["no_name"]),
        ("G12", &["shape_kind"]),
        ("G13", &["shape_too_few"]),
        ("G14", &["shape_coordinate"]),
        ("G15", &["shape_coordinate"]),
        ("G16", &["rings_cross"]),
    ];
    for (id, reasons) in expected {
        let mut found = said(&report, id);
        let mut wanted = reasons.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{id}");
    }
    assert!(report.lines.iter().any(|line| line.id.is_none() && line.reason == Reason::NoNumber));
    let of = |id: &str| dataset.places.iter().find(|place| place.id.as_str() == id).unwrap();
    assert_eq!(of("G1").name, "西南一格", "the first of two counts");
    assert_eq!(of("G6").parent.as_ref().unwrap().as_str(), "440399002001", "placed by geometry");
    assert_eq!(of("G9").population, 1200, "grouping commas");
    assert_eq!((report.new, report.refused), (6, 12));
}

#[test]
fn buildings_come_as_points_or_outlines() {
    let context = district();
    let mut fresh = context.clone();
    fresh.existing.buildings.clear();
    let Outcome { dataset, report } = read_fixture("buildings.geojson", Kind::Buildings, "buildings.toml", &fresh);
    assert_counts(&report);
    assert_eq!(said(&report, "GM0001"), ["duplicate_row"]);
    assert_eq!(said(&report, "GM0003"), ["no_coordinate", "no_place"]);
    assert_eq!(said(&report, "GM0004"), ["coordinate_swapped", "negative_number", "number_unreadable"]);
    assert_eq!(said(&report, "GM0005"), ["coordinate_zero", "no_place"]);
    assert_eq!(said(&report, "GM0006"), ["outside_district"]);
    assert_eq!(said(&report, "GM0007"), ["no_name"]);
    let outline = dataset.buildings.iter().find(|building| building.code.as_str() == "GM0002").unwrap();
    assert_eq!(outline.name, "东街道学府路2号", "called by its address");
    assert_eq!(outline.at, Some([113.9605, 22.7125]), "the middle of its outline");
    let nowhere = dataset.buildings.iter().find(|building| building.code.as_str() == "GM0003").unwrap();
    assert_eq!((nowhere.at, nowhere.place.as_ref().unwrap().as_str()), (None, "440399"), "kept, at the top");
}

#[test]
fn stations_come_in_gb18030_and_bd09() {
    let Outcome { dataset, report } = read_fixture("stations.csv", Kind::Stations, "stations.toml", &district());
    assert_counts(&report);
    let station = &dataset.stations[0];
    assert_eq!(station.properties.name, "西南社区诉求服务厅");
    assert_near(station.geometry.as_ref().unwrap(), 113.91, 22.71);
    assert_eq!(station.properties.place.as_ref().unwrap().as_str(), "G1", "named a community, refined to its grid");
    assert_eq!(station.properties.circles.len(), 2, "appeal, and legal by its services");
    assert_eq!(station.properties.staff[0].count, 3);
    assert_eq!(station.properties.staff[0].names, ["张三", "李四"]);
    assert_eq!(station.properties.hours[0].from.to_string(), "08:30:00");
    assert_eq!(said(&report, "S2"), ["unknown_word", "no_coordinate", "no_place"]);
    assert_eq!(said(&report, "S3"), ["no_name"]);
    assert_eq!(said(&report, "S4"), ["unknown_level"]);
    assert_eq!(report.refused, 2);
}

#[test]
fn a_timetable_makes_a_mobile_station_move() {
    let mut context = district();
    let stations = |context: &Context| read_fixture("stations.csv", Kind::Stations, "stations.toml", context);
    context.existing.stations = stations(&context).dataset.stations;
    let Outcome { dataset, report } = read_fixture("stops.csv", Kind::Stops, "stops.toml", &context);
    assert_counts(&report);
    assert_eq!((report.new, report.unchanged, report.refused), (3, 1, 7), "{report:?}");
    let reasons =
        ["stop_without_coordinate", "weekday_unreadable", "not_mobile", "unknown_station", "outside_district"];
    for reason in reasons {
        let found = report.lines.iter().filter(|line| line.reason.code() == reason).count();
        assert_eq!(found, 1, "{reason}");
    }
    let found = report.lines.iter().filter(|line| line.reason == Reason::TimeOfDayUnreadable).count();
    assert_eq!(found, 2, "a time that cannot be read, and a stop of no length");
    let [station] = dataset.stations.as_slice() else { panic!("one station moves") };
    let days: Vec<u8> = station.properties.stops.iter().map(|stop| stop.weekday).collect();
    assert_eq!(days, [1, 3, 5], "in the order of the week");
    assert_near(station.geometry.as_ref().unwrap(), 113.905, 22.705);
    let own = context.existing.stations.iter_mut().find(|known| known.properties.id.as_str() == "S5").unwrap();
    own.clone_from(station);
    let again = stations(&context);
    assert_eq!(
        (again.report.updated, said(&again.report, "S5")),
        (0, vec!["at_first_stop", "no_place"]),
        "its timetable stays"
    );
}

#[test]
fn a_new_timetable_replaces_the_old_and_says_what_is_gone() {
    let mut context = district();
    let map = std::fs::read_to_string(fixture("stops.toml")).unwrap();
    let stops = |rows: &str, context: &Context| {
        let file = format!("station,stop,weekday,arrives,leaves,lng,lat\n{rows}");
        try_read(file.as_bytes(), "s.csv", Kind::Stops, &map, context).unwrap()
    };
    context.existing.stations =
        read_fixture("stations.csv", Kind::Stations, "stations.toml", &context).dataset.stations;
    let first = stops("S5,甲,1,09:00,10:00,113.91,22.71\nS5,乙,2,09:00,10:00,113.92,22.71\n", &context);
    context.existing.stations = first.dataset.stations;
    let second = stops("S5,甲,1,09:00,10:00,113.91,22.71\n", &context);
    assert_eq!((second.report.unchanged, second.report.new, second.report.updated), (1, 0, 0));
    assert_eq!(said(&second.report, "S5"), ["stop_gone"]);
    assert_eq!(second.dataset.stations[0].properties.stops.len(), 1);
    context.existing.stations = second.dataset.stations;
    let third = stops("S5,甲,1,09:00,10:00,113.91,22.71\n", &context);
    assert!(third.dataset.stations.is_empty(), "the same file twice does nothing");
}

#[test]
fn a_point_a_little_beyond_the_border_is_placed_beside_it_and_says_so() {
    // The district's western edge is at 113.9°; a metre is about 1e-5° there.
    let read = |lon: f64, more: &str| {
        let file = format!("code,lon,lat\nB1,{lon},22.705\n");
        let map = format!("datum = \"WGS84\"\n{more}{POINTS}");
        try_read(file.as_bytes(), "b.csv", Kind::Buildings, &map, &district()).unwrap()
    };
    let metre = 1.0 / fengtu_geo::ellipsoid::metres_per_degree(22.705).0;
    let west = 113.9;
    let Outcome { dataset, report } = read(west - 4.0 * metre, "");
    assert_eq!((said(&report, "B1"), report.repaired), (vec!["near_border"], 1), "{report:?}");
    assert_eq!(report.lines[0].found, "4.0 m");
    let building = &dataset.buildings[0];
    assert_position(building.at.unwrap(), west - 4.0 * metre, 22.705);
    assert_eq!(building.place.as_ref().unwrap().as_str(), "440399001001", "in the lowest place that it lies beside");
    assert_eq!(said(&read(west - 11.0 * metre, "").report, "B1"), ["outside_district"]);
    assert_eq!(said(&read(west - 11.0 * metre, "border_tolerance_m = 20\n").report, "B1"), ["near_border"]);
    assert_eq!(said(&read(west - 0.5 * metre, "border_tolerance_m = 0\n").report, "B1"), ["outside_district"]);
    let wrong = |metres: &str| {
        Mapping::parse(&format!("border_tolerance_m = {metres}\nfields = {{ code = \"x\" }}"), Kind::Buildings)
    };
    assert!(wrong("-1").is_err() && wrong("501").is_err() && wrong("nan").is_err() && wrong("500").is_ok());
}

fn assert_near(geometry: &fengtu_wire::geojson::Geometry, lon: f64, lat: f64) {
    let fengtu_wire::geojson::Geometry::Point(at) = geometry else { panic!("not a point") };
    assert_position(*at, lon, lat);
}

// 1e-8 degrees are about a millimetre.
fn assert_position(at: [f64; 2], lon: f64, lat: f64) {
    assert!((at[0] - lon).abs() < 1e-8 && (at[1] - lat).abs() < 1e-8, "{at:?} is not {lon}, {lat}");
}

#[test]
fn every_fault_of_a_case_has_its_reason() {
    let Outcome { dataset, report } = read_fixture("cases.csv", Kind::Cases, "cases.toml", &district());
    assert_counts(&report);
    let expected: [(&str, &[&str]); 32] = [
        ("A01", &["duplicate_number"]),
        ("A02", &["no_coordinate", "duplicate_row", "no_coordinate"]),
        ("A03", &["coordinate_unreadable"]),
        ("A04", &["coordinate_unreadable"]),
        ("A05", &["coordinate_out_of_range"]),
        ("A06", &["coordinate_zero"]),
        ("A07", &["coordinate_swapped"]),
        ("A08", &["outside_district"]),
        ("A09", &["date_unreadable"]),
        ("A10", &["date_in_future"]),
        ("A11", &["settled_before_reported"]),
        ("A12", &["settled_without_date"]),
        ("A13", &["settled_but_open", "state_without_date"]),
        ("A14", &["accepted_out_of_order"]),
        ("A15", &["state_without_date"]),
        ("A16", &["unknown_category"]),
        ("A17", &["unknown_state"]),
        ("A20", &["wrong_place"]),
        ("A21", &["unknown_place"]),
        ("A22", &["no_coordinate", "no_place"]),
        ("A23", &["at_building"]),
        ("A24", &["unknown_building"]),
        ("A25", &["negative_number", "number_unreadable", "number_unreadable"]),
        ("A26", &[]),
        ("A27", &["date_missing"]),
        ("A28", &[]),
        ("A29", &[]),
        ("A30", &[]),
        ("A31", &[]),
        ("A32", &[]),
        ("A33", &[]),
        ("A99", &[]),
    ];
    for (id, reasons) in expected {
        let (mut found, mut wanted) = (said(&report, id), reasons.to_vec());
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{id}");
    }
    assert_eq!(report.ignored, 1, "a row for testing");
    let unnamed = |reason| report.lines.iter().any(|line| line.id.is_none() && line.reason == reason);
    assert!(unnamed(Reason::CellCount) && unnamed(Reason::NoNumber));
    assert!(report.unused_columns.is_empty());
    check_cases(&dataset.cases);
}

fn check_cases(cases: &[fengtu_server::dataset::CaseRow]) {
    let of = |number: &str| cases.iter().find(|case| case.number.as_str() == number).unwrap();
    let steps = |number: &str| -> Vec<(CaseState, String)> {
        of(number).events.iter().map(|event| (event.to, event.at.to_rfc3339())).collect()
    };
    assert_position(of("A01").at.unwrap(), 113.91, 22.71);
    assert_eq!((of("A01").amount_fen, of("A01").rating), (1_234_567, Some(5)));
    assert_eq!(of("A01").parties[0].name, "张三");
    assert_eq!(of("A01").events.last().unwrap().holder.as_ref().unwrap().1, "综治办");
    let expected = [
        (CaseState::Reported, "2026-03-01T01:00:00+00:00".to_owned()),
        (CaseState::Accepted, "2026-03-01T01:20:00+00:00".to_owned()),
        (CaseState::Resolved, "2026-03-02T02:00:00+00:00".to_owned()),
    ];
    assert_eq!(steps("A01"), expected);
    assert_eq!(of("A20").place.as_ref().unwrap().as_str(), "G1", "it lies where its coordinate is");
    assert_eq!(of("A23").at, Some([113.905, 22.705]), "where its building stands");
    assert_eq!((of("A03").at, of("A03").place.as_ref().unwrap().as_str()), (None, "440399001001"));
    assert_eq!(of("A13").events.last().unwrap().to, CaseState::Handling);
    assert_eq!(
        steps("A28")[2],
        (CaseState::Resolved, "2026-03-01T01:00:00+00:00".to_owned()),
        "the same day, not before"
    );
    assert_eq!(of("A29").events.last().unwrap().to, CaseState::Reported);
    let withdrawn = steps("A30").pop().unwrap();
    assert_eq!(withdrawn, (CaseState::Withdrawn, "2026-03-01T16:00:00+00:00".to_owned()));
    assert_eq!(of("A31").sensitivity, Sensitivity::Restricted, "at least its category's");
}

#[test]
fn every_datum_lands_on_the_same_millimetre() {
    for datum in [Datum::Wgs84, Datum::Cgcs2000, Datum::Gcj02, Datum::Bd09] {
        let given = from_wgs84(datum, LonLat { lon: 113.912_345_678, lat: 22.712_345_678 });
        let file = format!("code,lon,lat,address\nB1,{},{},一号\n", given.lon, given.lat);
        let map = format!(
            "datum = \"{datum}\"\nfields = {{ code = \"code\", address = \"address\" }}\nposition = {{ lon = \"lon\", lat = \"lat\" }}"
        );
        let outcome = try_read(file.as_bytes(), "b.csv", Kind::Buildings, &map, &empty()).unwrap();
        assert_position(outcome.dataset.buildings[0].at.unwrap(), 113.912_345_678, 22.712_345_678);
    }
}

const POINTS: &str =
    "fields = { code = \"code\" }\nconstants = { address = \"-\" }\nposition = { lon = \"lon\", lat = \"lat\" }\n";

#[test]
fn a_file_that_cannot_be_trusted_is_refused_whole() {
    let file = |bytes: &[u8], name: &str, map: &str| try_read(bytes, name, Kind::Buildings, map, &empty()).unwrap_err();
    let good = b"code,lon,lat\nB1,113.9,22.7\n";
    assert_eq!(file(good, "b.csv", POINTS), FileError::NoDatum);
    let wgs = format!("datum = \"WGS84\"\n{POINTS}");
    assert_eq!(file(good, "b.xlsx", &wgs), FileError::UnknownFormat);
    assert_eq!(file(b"code,lon,lat\n", "b.csv", &wgs), FileError::Empty);
    assert!(
        matches!(file(b"code,lon\nB1,1\n", "b.csv", &wgs), FileError::MissingColumn { column, .. } if column == "lat")
    );
    assert_eq!(file(b"code,lon,lat,lat\nB1,1,2,3\n", "b.csv", &wgs), FileError::DuplicateColumn("lat".to_owned()));
    assert!(matches!(file(b"code,lon,lat\n\xb9\xe2,1,2\n", "b.csv", &wgs), FileError::WrongEncoding(_)));
    assert!(matches!(file(b"{\"type\":\"Feature\"", "b.json", &wgs), FileError::Unreadable(_)));
    let crs =
        br#"{"type":"FeatureCollection","crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}"#;
    assert!(matches!(file(crs, "b.json", &wgs), FileError::ProjectedCrs(_)));
    let shapes = std::fs::read(fixture("places.geojson")).unwrap();
    let map = std::fs::read_to_string(fixture("places.toml")).unwrap().replace("datum", "# datum");
    assert_eq!(try_read(&shapes, "p.geojson", Kind::Places, &map, &empty()).unwrap_err(), FileError::NoDatum);
}

#[test]
fn a_mapping_that_is_wrong_says_where() {
    let wrong = |map: &str, kind| Mapping::parse(map, kind).unwrap_err().to_string();
    assert!(wrong("nonsense = 1", Kind::Cases).contains("nonsense"));
    assert!(wrong("fields = { nummer = \"x\" }", Kind::Cases).contains("nummer"));
    assert!(wrong("fields = { number = \"x\" }", Kind::Cases).contains("reported_at"));
    assert!(wrong("datum = \"WGS85\"\nfields = { code = \"x\" }", Kind::Buildings).contains("WGS85"));
    let cases = "fields = { number = \"a\", reported_at = \"b\", category = \"c\" }";
    assert!(wrong(cases, Kind::Cases).contains("utc_offset"));
    assert!(wrong("fields = { code = \"x\" }\nposition = { lon = \"x\" }", Kind::Buildings).contains("position"));
}

#[test]
fn policies_decide_what_bad_positions_do() {
    let file = "code,lon,lat\nB1,0,0\nB2,113.9,22.7\n";
    let map = format!("datum = \"WGS84\"\nbad_coordinate = \"refuse\"\n{POINTS}");
    let outcome = try_read(file.as_bytes(), "b.csv", Kind::Buildings, &map, &empty()).unwrap();
    assert_eq!((outcome.report.refused, outcome.report.new), (1, 1));
    let far = "code,lon,lat\nB1,116.4,39.9\n";
    let map = format!("datum = \"WGS84\"\noutside = \"keep\"\n{POINTS}");
    let outcome = try_read(far.as_bytes(), "b.csv", Kind::Buildings, &map, &district()).unwrap();
    assert_eq!((outcome.report.repaired, outcome.dataset.buildings[0].at), (1, None));
    let swapped = "code,lon,lat\nB1,22.7,113.9\n";
    let map = format!("datum = \"WGS84\"\n{POINTS}");
    let outcome = try_read(swapped.as_bytes(), "b.csv", Kind::Buildings, &map, &empty()).unwrap();
    assert_eq!(said(&outcome.report, "B1")[0], "coordinate_suspect", "without a district nothing proves it");
}

#[test]
fn a_city_with_areas_only_may_have_many_tops_or_one_made() {
    let file = std::fs::read(fixture("places.geojson")).unwrap();
    let map = "datum = \"WGS84\"\nignore_rows = { lvl = [\"区\", \"街道\"] }\nfields = { id = \"code\", name = \"name\" }\nconstants = { level = \"community\" }\n";
    let many = try_read(&file, "p.geojson", Kind::Places, map, &empty()).unwrap();
    assert!(many.dataset.places.len() == 3 && many.dataset.places.iter().all(|place| place.parent.is_none()));
    let one = format!("{map}root = {{ id = \"top\", name = \"全市\", level = \"district\" }}");
    let one = try_read(&file, "p.geojson", Kind::Places, &one, &empty()).unwrap();
    assert_eq!((one.dataset.places.len(), one.dataset.places[0].id.as_str(), one.report.new), (4, "top", 3));
    assert!(one.dataset.places[1..].iter().all(|place| place.parent.as_ref().unwrap().as_str() == "top"));
}
