//! Stations and their circles as the map takes them.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_domain::opening::{mobile_now, opening};
use fengtu_geo::LonLat;
use fengtu_wire::config::CircleRule;
use fengtu_wire::geojson::Feature;
use fengtu_wire::stations::{CircleKind, Station};

use super::geometry;
use crate::map::model::{CircleMark, StationMark};
use crate::routes::sorts::is_shown;
use crate::routes::{Layer, StationSort};

/// The radius of a circle whose kind the district has no rule for, metres.
const RADIUS_M: f64 = 500.0;

/// Returns the stations but for some sorts as they stand at a time, given in the district's own offset.
pub fn marks(
    stations: &[Feature<Station>],
    hidden: &[StationSort],
    at: DateTime<FixedOffset>,
    calendar: &WorkCalendar,
) -> Vec<StationMark> {
    let chosen = stations.iter().filter(|f| is_shown(&f.properties, hidden));
    chosen.filter_map(|feature| mark(feature, at, calendar)).collect()
}

fn mark(feature: &Feature<Station>, at: DateTime<FixedOffset>, calendar: &WorkCalendar) -> Option<StationMark> {
    let station = &feature.properties;
    Some(StationMark {
        id: station.id.clone(),
        name: station.name.clone(),
        level: station.level,
        site: station.site,
        at: stand(feature, at)?,
        open: is_open(station, at, calendar),
    })
}

/// Returns where a station is: a mobile one at its stop, or on its way at the next one.
pub fn stand(feature: &Feature<Station>, at: DateTime<FixedOffset>) -> Option<LonLat> {
    let station = &feature.properties;
    if station.stops.is_empty() {
        return geometry::point(feature.geometry.as_ref()?);
    }
    let now = mobile_now(&station.stops, at);
    let stop = now.at.or_else(|| now.next.map(|(stop, _)| stop))?;
    Some(geometry::place(stop.at))
}

/// Returns whether a station is open; `None` if it does not say.
pub fn is_open(station: &Station, at: DateTime<FixedOffset>, calendar: &WorkCalendar) -> Option<bool> {
    if !station.stops.is_empty() {
        return Some(mobile_now(&station.stops, at).at.is_some());
    }
    (!station.hours.is_empty()).then(|| opening(&station.hours, at, calendar).is_open())
}

/// Returns every circle of every station that is on the map.
pub fn circles(stations: &[Feature<Station>], rules: &[CircleRule], at: DateTime<FixedOffset>) -> Vec<CircleMark> {
    let of = |feature: &Feature<Station>| {
        let center = stand(feature, at);
        let kinds = feature.properties.circles.clone();
        kinds
            .into_iter()
            .filter_map(move |kind| Some(CircleMark { kind, center: center?, radius_m: radius(rules, kind) }))
    };
    stations.iter().flat_map(of).collect()
}

/// Returns the radius of a kind of circle, metres.
pub fn radius(rules: &[CircleRule], kind: CircleKind) -> f64 {
    let rule = rules.iter().find(|rule| rule.kind == kind);
    rule.map(|rule| rule.radius_m).filter(|r| r.is_finite() && *r > 0.0).unwrap_or(RADIUS_M)
}

/// The layers of the circles, with their kinds.
pub const CIRCLE_LAYERS: [(Layer, CircleKind); 3] = [
    (Layer::AppealCircles, CircleKind::Appeal),
    (Layer::LegalCircles, CircleKind::Legal),
    (Layer::PsychologicalCircles, CircleKind::Psychological),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use chrono::NaiveTime;
    use fengtu_wire::geojson::Geometry;
    use fengtu_wire::grids::LandUse;
    use fengtu_wire::stations::{OpeningHours, StationLevel, Stop};

    use super::*;

    fn time(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    fn hour(h: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(h, 0, 0).unwrap()
    }

    fn station(level: StationLevel) -> Feature<Station> {
        let all_week = OpeningHours { weekdays: (1..=7).collect(), from: hour(9), to: hour(18), on_holidays: true };
        let station = Station {
            id: "s".into(),
            name: "站".to_owned(),
            level,
            site: None,
            place: None,
            address: String::new(),
            telephone: None,
            services: Vec::new(),
            circles: vec![CircleKind::Appeal, CircleKind::Legal],
            staff: Vec::new(),
            hours: vec![all_week],
            stops: Vec::new(),
        };
        Feature::new(Some(Geometry::Point([113.9, 22.7])), station)
    }

    fn mobile() -> Feature<Station> {
        let mut mobile = station(StationLevel::Mobile);
        mobile.geometry = None;
        let stop =
            |lon, from, to| Stop { at: [lon, 22.7], name: String::new(), weekday: 3, from: hour(from), to: hour(to) };
        mobile.properties.stops = vec![stop(113.1, 9, 11), stop(113.2, 14, 16)];
        mobile
    }

    #[test]
    fn a_station_is_open_by_its_hours_and_unknown_without_any() {
        let calendar = WorkCalendar::default();
        let hall = station(StationLevel::Community);
        let open = |at| is_open(&hall.properties, time(at), &calendar);
        assert_eq!([open("2026-03-04T10:00:00+08:00"), open("2026-03-04T20:00:00+08:00")], [Some(true), Some(false)]);
        let mut silent = hall.clone();
        silent.properties.hours.clear();
        assert_eq!(is_open(&silent.properties, time("2026-03-04T10:00:00+08:00"), &calendar), None);
    }

    #[test]
    fn a_mobile_station_stands_at_its_stop_or_on_the_way_at_the_next() {
        let lon = |at| stand(&mobile(), time(at)).map(|p| p.lon);
        assert_eq!(lon("2026-03-04T10:00:00+08:00"), Some(113.1));
        assert_eq!(lon("2026-03-04T12:00:00+08:00"), Some(113.2));
    }

    #[test]
    fn sorts_are_left_out_and_a_station_without_a_place_too() {
        let mut school = station(StationLevel::Site);
        school.properties.site = Some(LandUse::School);
        let mut lost = station(StationLevel::Site);
        lost.geometry = None;
        let all = [station(StationLevel::Street), school, lost];
        let at = time("2026-03-04T10:00:00+08:00");
        let count = |hidden: &[StationSort]| marks(&all, hidden, at, &WorkCalendar::default()).len();
        let (street, sites) = (StationSort::Level(StationLevel::Street), StationSort::Level(StationLevel::Site));
        let kinds = [LandUse::School, LandUse::Hospital].map(StationSort::Site);
        assert_eq!(
            [count(&[]), count(&[street]), count(&[sites]), count(&kinds), count(&[street, sites])],
            [2, 1, 1, 1, 0]
        );
        assert_eq!(circles(&all, &[], at).len(), 4);
        assert!(circles(&all, &[], at).iter().all(|c| (c.radius_m - 500.0).abs() < 1e-9));
    }
}
