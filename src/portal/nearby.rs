//! Which stations are near, how far on foot, and whether they are open: plain values, no clock of its own.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_domain::opening::{self, Opening};
use fengtu_geo::walk::{self, Walk};
use fengtu_geo::{LonLat, distance};
use fengtu_wire::config::CircleRule;
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::stations::{CircleKind, Service, Station, Stop};

/// A station as seen from where somebody stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearby {
    /// The station.
    pub station: Station,
    /// The walk there, an estimate.
    pub walk: Walk,
    /// Whether it is open; nothing where it does not say when.
    pub opening: Option<Opening>,
    /// The circles of this station that reach the place.
    pub circles: Vec<CircleKind>,
    /// Where a mobile station stands, or stops next.
    pub stop: Option<Stop>,
}

/// What a resident wants of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Only those that are open now.
    pub open_now: bool,
    /// Only those with this service.
    pub service: Option<Service>,
}

impl Wish {
    /// Whether a station is what is wanted.
    pub fn takes(self, nearby: &Nearby) -> bool {
        let service = self.service.is_none_or(|service| nearby.station.services.contains(&service));
        service && (!self.open_now || nearby.opening.is_some_and(Opening::is_open))
    }
}

/// Lists all stations that can be placed, nearest first. `now` is the server's time in the district's own offset.
pub fn nearby(
    stations: &[Feature<Station>],
    from: LonLat,
    now: DateTime<FixedOffset>,
    calendar: &WorkCalendar,
    rules: &[CircleRule],
) -> Vec<Nearby> {
    let mut found: Vec<Nearby> = Vec::new();
    for station in stations.iter().filter_map(|station| seen_from(station, from, now, calendar, rules)) {
        // A few hundred stations, put in place one by one: the sort of geo::order would add 2.7 kB to this small page.
        let at = found.partition_point(|nearer| nearer.walk.metres <= station.walk.metres);
        found.insert(at, station);
    }
    found
}

/// Lists the kinds of circle that reach the place through any station.
pub fn circles_here(nearby: &[Nearby]) -> Vec<CircleKind> {
    CircleKind::ALL.iter().copied().filter(|kind| nearby.iter().any(|n| n.circles.contains(kind))).collect()
}

/// Returns how far to round a walk for people: to 10 m below a kilometre, else to 100 m.
pub fn rounded_metres(metres: f64) -> u32 {
    let step = if metres < 1_000.0 { 10.0 } else { 100.0 };
    ((metres / step).round() * step) as u32
}

fn seen_from(
    feature: &Feature<Station>,
    from: LonLat,
    now: DateTime<FixedOffset>,
    calendar: &WorkCalendar,
    rules: &[CircleRule],
) -> Option<Nearby> {
    let station = &feature.properties;
    // One without a timetable stands where it is, whatever it is called; so the desk has it too.
    let (at, opening, stop) = if station.stops.is_empty() {
        let Some(Geometry::Point(position)) = feature.geometry else { return None };
        (point(position)?, (!station.hours.is_empty()).then(|| opening::opening(&station.hours, now, calendar)), None)
    } else {
        let (stop, opening) = mobile(station, now)?;
        (point(stop.at)?, Some(opening), Some(stop))
    };
    let straight_m = distance::metres(from, at);
    let reaches = |kind: &CircleKind| rules.iter().any(|rule| rule.kind == *kind && straight_m <= rule.radius_m);
    Some(Nearby {
        circles: station.circles.iter().copied().filter(reaches).collect(),
        station: station.clone(),
        walk: walk::along(straight_m),
        opening,
        stop,
    })
}

/// Returns the stop at which a mobile station can be met soonest, and whether it stands there now.
fn mobile(station: &Station, now: DateTime<FixedOffset>) -> Option<(Stop, Opening)> {
    let found = opening::mobile_now(&station.stops, now);
    if let Some(stop) = found.at {
        let leaves = now.date_naive().and_time(stop.to).and_local_timezone(*now.offset()).single();
        return Some((stop.clone(), leaves.map_or(Opening::AlwaysOpen, Opening::OpenUntil)));
    }
    let (stop, arrives) = found.next?;
    Some((stop.clone(), Opening::Closed { opens_at: Some(arrives) }))
}

fn point(position: Position) -> Option<LonLat> {
    LonLat::new(position[0], position[1]).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use chrono::NaiveTime;
    use fengtu_wire::stations::{OpeningHours, StationLevel};

    use super::*;

    const HOME: LonLat = LonLat { lon: 113.93, lat: 22.75 };

    fn station(id: &str, lon: f64, services: &[Service]) -> Feature<Station> {
        let properties = Station {
            id: id.into(),
            name: id.to_owned(),
            level: StationLevel::Community,
            site: None,
            place: None,
            address: String::new(),
            telephone: None,
            services: services.to_vec(),
            circles: vec![CircleKind::Appeal, CircleKind::Legal],
            staff: Vec::new(),
            hours: vec![OpeningHours {
                weekdays: vec![1, 2, 3, 4, 5],
                from: time(9),
                to: time(18),
                on_holidays: false,
            }],
            stops: Vec::new(),
        };
        Feature::new(Some(Geometry::Point([lon, 22.75])), properties)
    }

    fn time(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    fn rules() -> Vec<CircleRule> {
        fengtu_domain::defaults::circles()
    }

    fn calendar() -> WorkCalendar {
        WorkCalendar::new(&fengtu_domain::calendar::built_in())
    }

    fn monday(hour: u32) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(&format!("2026-11-23T{hour:02}:00:00+08:00")).unwrap()
    }

    #[test]
    fn the_nearest_comes_first_and_says_whether_its_circle_reaches_here() {
        let stations = [station("far", 113.95, &[]), station("near", 113.933, &[])];
        let found = nearby(&stations, HOME, monday(10), &calendar(), &rules());
        assert_eq!(found.iter().map(|n| n.station.name.as_str()).collect::<Vec<_>>(), ["near", "far"]);
        assert_eq!(found[0].circles, [CircleKind::Appeal, CircleKind::Legal]);
        assert!(found[1].circles.is_empty());
        assert_eq!(circles_here(&found), [CircleKind::Appeal, CircleKind::Legal]);
    }

    #[test]
    fn a_wish_for_open_ones_or_for_a_service_leaves_out_the_rest() {
        let stations = [station("legal", 113.93, &[Service::Legal]), station("other", 113.931, &[])];
        let at = |hour| nearby(&stations, HOME, monday(hour), &calendar(), &rules());
        let open = Wish { open_now: true, service: None };
        assert_eq!(at(10).iter().filter(|n| open.takes(n)).count(), 2);
        assert_eq!(at(20).iter().filter(|n| open.takes(n)).count(), 0);
        let legal = Wish { open_now: false, service: Some(Service::Legal) };
        assert_eq!(
            at(20).iter().filter(|n| legal.takes(n)).map(|n| n.station.name.clone()).collect::<Vec<_>>(),
            ["legal"]
        );
    }

    #[test]
    fn a_mobile_station_is_where_it_stands_or_stops_next() {
        let mut bus = station("bus", 0.5, &[]);
        bus.properties.level = StationLevel::Mobile;
        let stop = |weekday, lon| Stop { at: [lon, 22.75], name: String::new(), weekday, from: time(9), to: time(12) };
        bus.properties.stops = vec![stop(1, 113.931), stop(2, 113.94)];
        let see = |hour| nearby(std::slice::from_ref(&bus), HOME, monday(hour), &calendar(), &rules()).remove(0);
        assert_eq!(see(10).stop.unwrap().weekday, 1);
        assert_eq!(see(10).opening, Some(Opening::OpenUntil(monday(12))));
        assert_eq!(see(13).stop.unwrap().weekday, 2);
        assert!(!see(13).opening.unwrap().is_open());
    }

    #[test]
    fn one_that_does_not_say_when_it_is_open_is_neither_open_nor_closed() {
        let mut hall = station("hall", 113.931, &[]);
        hall.properties.hours.clear();
        let seen = nearby(std::slice::from_ref(&hall), HOME, monday(10), &calendar(), &rules()).remove(0);
        assert_eq!(seen.opening, None);
        assert!(Wish::default().takes(&seen) && !Wish { open_now: true, ..Wish::default() }.takes(&seen));
    }

    #[test]
    fn a_mobile_station_without_a_timetable_is_where_it_is_and_open_by_its_hours() {
        let mut bus = station("bus", 113.931, &[]);
        bus.properties.level = StationLevel::Mobile;
        let see = |hour| nearby(std::slice::from_ref(&bus), HOME, monday(hour), &calendar(), &rules());
        assert_eq!(see(10).iter().map(|n| n.opening).collect::<Vec<_>>(), [Some(Opening::OpenUntil(monday(18)))]);
        assert!(!see(20)[0].opening.unwrap().is_open() && see(20)[0].stop.is_none());
    }

    #[test]
    fn a_station_that_is_not_on_the_map_is_not_near_anything() {
        let mut lost = station("lost", f64::NAN, &[]);
        assert!(nearby(std::slice::from_ref(&lost), HOME, monday(10), &calendar(), &rules()).is_empty());
        lost.geometry = None;
        assert!(nearby(&[lost], HOME, monday(10), &calendar(), &rules()).is_empty());
    }

    #[test]
    fn walks_are_rounded_as_people_say_them() {
        assert_eq!([rounded_metres(4.0), rounded_metres(347.0), rounded_metres(1_234.0)], [0, 350, 1_200]);
    }
}
