//! The drawer of a station: is it open, what does it do, who is there, whom does it reach.

use fengtu_domain::opening::mobile_now;
use fengtu_geo::coverage::Circle;
use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::ids::StationId;
use fengtu_wire::stations::{CircleKind, OpeningHours, Station, Stop};
use leptos::prelude::*;

use super::parts::{Head, OpenNow, Part, clock_time, facts, telephone, text};
use crate::api::buildings::BuildingPointsQuery;
use crate::desk::scope::{asked, lon_lat, name_of, station_at, use_scope};
use crate::desk::words;
use crate::routes::Layer;
use crate::state::{DistrictStore, StationsStore, ViewStore, use_store};
use crate::tr;
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::number::grouped;
use crate::ui::time::hour_and_minute;

/// A station.
#[component]
pub fn StationDrawer(
    /// The station.
    id: StationId,
) -> impl IntoView {
    let (stations, district) = (use_store::<StationsStore>(), use_store::<DistrictStore>());
    let feature = Memo::new(move |_| stations.with(|s| s.get(&id).cloned()));
    let title = Signal::derive(move || feature.get().map(|f| f.properties.name).unwrap_or_default());
    let sort = Signal::derive(move || {
        feature.get().map(|f| words::station_level(f.properties.level).to_owned()).unwrap_or_default()
    });
    let body = move || {
        if let Some(found) = feature.get() {
            return view! { <Whole station=found.properties /> }.into_any();
        }
        let offset = district.with(DistrictStore::utc_offset_s);
        let gone = |_: &Vec<_>| view! { <EmptyMessage text=|| tr!(desk.detail_gone) /> };
        stations.with(|s| loaded(&s.all, offset, Callback::new(|()| ()), gone))
    };
    view! { <Head sort title />{body} }
}

#[component]
fn Whole(station: Station) -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let place = station.place.clone().map(|id| (move || district.with(|d| name_of(d, &id))).into_any());
    let services = station.services.iter().map(|s| words::service(*s)).collect::<Vec<_>>().join(tr!(desk.map_comma));
    let site = station.site.and_then(|s| text(words::land(s)));
    view! {
        <p><OpenNow station=station.clone() /></p>
        {facts(vec![
            (tr!(desk.station_address), text(station.address.clone())),
            (tr!(desk.detail_telephone), station.telephone.as_deref().map(telephone)),
            (tr!(desk.station_place), place),
            (tr!(desk.building_land), site),
            (tr!(desk.station_services), text(services)),
        ])}
        <Timetable stops=station.stops.clone() />
        <Hours rows=station.hours.clone() mobile=!station.stops.is_empty() />
        <OnDuty station=station.clone() />
        <Circles kinds=station.circles.clone() />
        <Reach id=station.id.clone() kinds=station.circles />
    }
}

#[component]
fn Timetable(stops: Vec<Stop>) -> impl IntoView {
    if stops.is_empty() {
        return None;
    }
    let now = use_scope().now;
    let whole = stops.clone();
    let words = move || {
        let at = now.get();
        let mobile = mobile_now(&whole, at);
        let here = mobile
            .at
            .map_or_else(|| tr!(desk.station_moving).to_owned(), |s| format!("{} {}", tr!(desk.station_here), s.name));
        let next =
            mobile.next.map(|(s, time)| tr!(desk.station_next, name = s.name.clone(), time = clock_time(time, at)));
        format!("{here}{}", next.map(|n| format!("{}{n}", tr!(desk.semicolon))).unwrap_or_default())
    };
    let row = |stop: Stop| {
        let when =
            format!("{} {}–{}", words::weekday(stop.weekday), hour_and_minute(&stop.from), hour_and_minute(&stop.to));
        view! { <tr><th scope="row">{stop.name}</th><td>{when}</td></tr> }
    };
    Some(view! {
        <Part title=Signal::derive(|| tr!(desk.station_timetable).to_owned())>
            <p role="status">{words}</p>
            <table class="table">
                <caption class="sr-only">{tr!(desk.station_timetable)}</caption>
                <thead><tr><th scope="col">{tr!(desk.station_stop)}</th><th scope="col">{tr!(desk.station_when)}</th></tr></thead>
                <tbody>{stops.into_iter().map(row).collect_view()}</tbody>
            </table>
        </Part>
    })
}

/// Returns weekdays in words: runs are joined, all seven are "every day".
pub fn days(weekdays: &[u8]) -> String {
    let days: Vec<u8> = (1..=7).filter(|day| weekdays.contains(day)).collect();
    if days.len() == 7 {
        return tr!(desk.weekdays_daily).to_owned();
    }
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == day => run.1 = day,
            _ => runs.push((day, day)),
        }
    }
    let word = |(from, to): &(u8, u8)| match to - from {
        0 => words::weekday(*from).to_owned(),
        _ => format!("{}–{}", words::weekday(*from), words::weekday(*to)),
    };
    runs.iter().map(word).collect::<Vec<_>>().join(tr!(desk.map_comma))
}

#[component]
fn Hours(rows: Vec<OpeningHours>, mobile: bool) -> impl IntoView {
    if mobile {
        return None;
    }
    let line = |row: &OpeningHours| {
        let span = if row.from == row.to {
            "00:00–24:00".to_owned()
        } else {
            format!("{}–{}", hour_and_minute(&row.from), hour_and_minute(&row.to))
        };
        let holidays =
            if row.on_holidays { tr!(desk.brackets, text = tr!(desk.weekdays_holidays)) } else { String::new() };
        view! { <li>{days(&row.weekdays)}" "{span}{holidays}</li> }
    };
    let none = rows.is_empty().then(|| view! { <p class="quiet">{tr!(desk.station_no_hours)}</p> });
    Some(view! {
        <Part title=Signal::derive(|| tr!(desk.station_hours).to_owned())>{none}<ul>{rows.iter().map(line).collect_view()}</ul></Part>
    })
}

#[component]
fn OnDuty(station: Station) -> impl IntoView {
    let rows = station.staff.into_iter().map(|staff| {
        let count = tr!(desk.station_count, n = staff.count);
        let names = (!staff.names.is_empty()).then(|| tr!(desk.brackets, text = staff.names.join(tr!(desk.map_comma))));
        view! { <li>{words::staff(staff.kind)}" "{count}{names}</li> }
    });
    let rows: Vec<_> = rows.collect();
    let none = rows.is_empty().then(|| view! { <p class="quiet">{tr!(desk.station_none)}</p> });
    view! { <Part title=Signal::derive(|| tr!(desk.station_staff).to_owned())>{none}<ul>{rows}</ul></Part> }
}

/// Returns the layer that draws a kind of circle.
pub const fn layer_of(kind: CircleKind) -> Layer {
    match kind {
        CircleKind::Appeal => Layer::AppealCircles,
        CircleKind::Legal => Layer::LegalCircles,
        CircleKind::Psychological => Layer::PsychologicalCircles,
    }
}

/// The circles it is the centre of; each can be shown on the map.
#[component]
fn Circles(kinds: Vec<CircleKind>) -> impl IntoView {
    if kinds.is_empty() {
        return None;
    }
    let view = use_store::<ViewStore>();
    let one = move |kind: CircleKind| {
        let layer = layer_of(kind);
        let on = move || view.with(|v| v.has_layer(layer));
        view! {
            <li><label class="check">
                <input type="checkbox" prop:checked=on on:change=move |_| view.update(|v| { let now = v.has_layer(layer); v.set_layer(layer, !now); }) />
                {move || tr!(desk.station_circle_on, name = words::circle(kind))}
            </label></li>
        }
    };
    Some(view! {
        <Part title=Signal::derive(|| tr!(desk.station_circles).to_owned())><ul>{kinds.into_iter().map(one).collect_view()}</ul></Part>
    })
}

/// Counts the buildings and people inside a circle.
pub fn reached(points: &BuildingPoints, circle: Circle) -> (usize, u64) {
    let places = points.lon.iter().zip(&points.lat).zip(&points.population);
    let inside = places.filter(|((lon, lat), _)| circle.covers(lon_lat([**lon, **lat])));
    inside.fold((0, 0), |(n, people), (_, more)| (n + 1, people + u64::from(*more)))
}

/// Whom its circles reach.
#[component]
fn Reach(id: StationId, kinds: Vec<CircleKind>) -> impl IntoView {
    let (stations, district, now) = (use_store::<StationsStore>(), use_store::<DistrictStore>(), use_scope().now);
    let points = asked(|| Some(BuildingPointsQuery::default()));
    let at = Memo::new(move |_| stations.with(|s| s.get(&id).and_then(|f| station_at(f, now.get()))));
    let radius = Memo::new(move |_| {
        let rules = district.with(|d| d.config.value().map(|c| c.circles.clone())).unwrap_or_default();
        rules.iter().filter(|rule| kinds.contains(&rule.kind)).map(|rule| rule.radius_m).reduce(f64::max)
    });
    let body = move || {
        let Some(at) = at.get() else {
            return view! { <p class="quiet">{tr!(desk.station_not_on_map)}</p> }.into_any();
        };
        let Some(radius_m) = radius.get() else { return ().into_any() };
        let circle = Circle { center: lon_lat(at), radius_m };
        let words = move |points: &BuildingPoints| {
            let (buildings, people) = reached(points, circle);
            let text = tr!(desk.station_reach_people, b = grouped(buildings as u64), n = grouped(people));
            view! { <p>{tr!(desk.station_reach, m = format!("{radius_m:.0}"))}" "{text}</p> }
        };
        points.answer.with(|p| loaded(p, district.with(DistrictStore::utc_offset_s), points.again, words))
    };
    view! { <Part title=Signal::derive(|| tr!(desk.detail_population).to_owned())>{body}</Part> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_read_as_runs() {
        assert_eq!(days(&[5, 1, 2, 3, 4]), "周一–周五");
        assert_eq!(days(&[1, 3, 6, 7, 7, 9]), "周一、周三、周六–周日");
        assert_eq!(days(&[1, 2, 3, 4, 5, 6, 7]), "每天");
    }

    #[test]
    fn a_circle_reaches_the_buildings_inside_it() {
        let points = BuildingPoints {
            codes: vec!["a".into(), "b".into()],
            lon: vec![113.9, 113.9],
            lat: vec![22.7, 22.71],
            population: vec![10, 20],
            not_on_map: 0,
        };
        let circle = |radius_m| Circle { center: lon_lat([113.9, 22.7]), radius_m };
        assert_eq!(reached(&points, circle(500.0)), (1, 10));
        assert_eq!(reached(&points, circle(1200.0)), (2, 30));
    }
}
