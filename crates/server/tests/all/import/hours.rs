//! Opening hours and stops that end with the day.

use chrono::DateTime;
use fengtu_server::import::mapping::{Kind, Mapping};
use fengtu_wire::stations::StationLevel;

use super::{district, empty, fixture, read_fixture, said, try_read};

#[test]
fn a_station_may_be_open_until_24_00() {
    let map = "[fields]\nid = \"id\"\nname = \"name\"\nopens = \"from\"\ncloses = \"to\"\n\
               [hours]\nweekdays = [1, 2, 3, 4, 5, 6, 7]\nfrom = \"00:00\"\nto = \"24:00\"\n";
    let file = "id,name,from,to\nA,a,,\nB,b,08:00,24:00:00\nC,c,24:00,18:00\nD,d,08:00,25:00\n";
    let outcome = try_read(file.as_bytes(), "s.csv", Kind::Stations, map, &empty()).unwrap();
    let hours = |n: usize| outcome.dataset.stations[n].properties.hours[0].clone();
    let times = |n: usize| (hours(n).from.to_string(), hours(n).to.to_string());
    assert_eq!(times(0), ("00:00:00".to_owned(), "00:00:00".to_owned()), "all day");
    assert_eq!(times(1), ("08:00:00".to_owned(), "00:00:00".to_owned()), "until midnight");
    assert!(!said(&outcome.report, "B").contains(&"unknown_word"));
    assert!(said(&outcome.report, "C").contains(&"unknown_word"), "nothing opens at the end of a day");
    assert!(said(&outcome.report, "D").contains(&"unknown_word"));
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let calendar = fengtu_domain::calendar::WorkCalendar::default();
    let open = |n, text| fengtu_domain::opening::opening(&[hours(n)], at(text), &calendar).is_open();
    assert!(open(0, "2026-03-11T03:00:00+08:00") && open(1, "2026-03-11T23:59:59+08:00"));
    assert!(!open(1, "2026-03-11T00:00:00+08:00"));
    let wrong = map.replace("to = \"24:00\"", "to = \"24:01\"");
    assert!(Mapping::parse(&wrong, Kind::Stations).is_err());
}

#[test]
fn a_mobile_station_may_stand_at_a_stop_until_24_00() {
    let mut context = district();
    context.existing.stations =
        read_fixture("stations.csv", Kind::Stations, "stations.toml", &context).dataset.stations;
    let mobile = context.existing.stations.iter().find(|one| one.properties.level == StationLevel::Mobile).unwrap();
    let id = mobile.properties.id.clone();
    let file = format!(
        "station,stop,weekday,arrives,leaves,lng,lat\n{id},夜市,周五,20:00,24:00,113.95,22.72\n\
         {id},展会,周六,00:00,24:00,113.95,22.72\n{id},空,周日,00:00,00:00,113.95,22.72\n"
    );
    let map = std::fs::read_to_string(fixture("stops.toml")).unwrap();
    let outcome = try_read(file.as_bytes(), "s.csv", Kind::Stops, &map, &context).unwrap();
    assert_eq!(outcome.report.refused, 1, "a stop without length: {:?}", outcome.report.lines);
    let stops = &outcome.dataset.stations[0].properties.stops;
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let stop = |text| fengtu_domain::opening::mobile_now(stops, at(text)).at.map(|stop| stop.name.as_str());
    assert_eq!(stop("2026-03-13T23:59:00+08:00"), Some("夜市"));
    assert_eq!(stop("2026-03-14T23:59:00+08:00"), Some("展会"));
    assert_eq!(stop("2026-03-15T00:00:00+08:00"), None);
}
