//! What every drawer is made of: its head, rows of facts, stations nearby.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_domain::opening::{Opening, mobile_now, opening};
use fengtu_geo::{LonLat, walk};
use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::stations::Station;
use leptos::prelude::*;

use crate::desk::scope::{is_within, lon_lat, station_at, use_scope};
use crate::routes::Selection;
use crate::state::{DistrictStore, StationsStore, ViewStore, use_store};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::message::EmptyMessage;
use crate::{say, tr};

/// The id of the title, which takes the focus when the drawer opens.
pub const TITLE: &str = "drawer-title";

/// The head: sort, title, the button that closes.
#[component]
pub fn Head(
    /// What sort of thing it is.
    #[prop(into)]
    sort: Signal<String>,
    /// What it is called.
    #[prop(into)]
    title: Signal<String>,
) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let close = Callback::new(move |()| view.update(|v| v.select(None)));
    view! {
        <header class="drawer-head">
            <div>
                <p class="quiet">{sort}</p>
                <h2 id=TITLE tabindex="-1">{title}</h2>
            </div>
            <IconButton icon=Icon::Close label=say!(common.close) on_press=close />
        </header>
    }
}

/// A titled part of a drawer.
#[component]
pub fn Part(
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! { <section class="drawer-part"><h3>{title}</h3>{children()}</section> }
}

/// Words and their values; a value that is empty is left out.
pub fn facts(rows: Vec<(&'static str, Option<AnyView>)>) -> impl IntoView {
    let row = |(word, value): (&'static str, Option<AnyView>)| {
        value.map(|value| view! { <div class="fact"><dt>{word}</dt><dd>{value}</dd></div> })
    };
    view! { <dl class="facts">{rows.into_iter().map(row).collect_view()}</dl> }
}

/// Makes a text the value of a fact.
pub fn text(value: impl Into<String>) -> Option<AnyView> {
    let value: String = value.into();
    (!value.is_empty()).then(|| value.into_any())
}

/// A telephone number that can be called.
pub fn telephone(number: &str) -> AnyView {
    let href = format!("tel:{}", number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
    view! { <a href=href><Glyph icon=Icon::Telephone />{number.to_owned()}</a> }.into_any()
}

/// A station near a spot.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The station.
    pub station: Station,
    /// Metres in a straight line.
    pub metres: f64,
    /// Whether it stands in the place that is shown.
    pub inside: bool,
}

/// Returns the stations nearest to a spot, nearest first; those inside `node` are marked.
pub fn nearest(
    stations: &[Feature<Station>],
    district: &DistrictStore,
    node: Option<&PlaceId>,
    from: LonLat,
    now: DateTime<FixedOffset>,
    count: usize,
) -> Vec<Near> {
    let located = stations.iter().filter_map(|s| Some((s, lon_lat(station_at(s, now)?))));
    let mut all: Vec<_> = located.map(|(s, at)| (s, fengtu_geo::distance::metres(from, at))).collect();
    fengtu_geo::order::sort_by(&mut all, |a, b| a.1.total_cmp(&b.1));
    let inside =
        |s: &Station| matches!((&s.place, node), (Some(place), Some(node)) if is_within(district, place, node));
    let near = |(s, metres): (&Feature<Station>, f64)| Near {
        station: s.properties.clone(),
        metres,
        inside: inside(&s.properties),
    };
    all.into_iter().take(count).map(near).collect()
}

/// The stations nearest to a spot.
#[component]
pub fn Nearby(
    /// The spot.
    at: LonLat,
    /// The place that is shown; stations inside it are marked.
    node: Option<PlaceId>,
    /// How many are listed.
    #[prop(default = 3)]
    count: usize,
) -> impl IntoView {
    let (stations, district, now) = (use_store::<StationsStore>(), use_store::<DistrictStore>(), use_scope().now);
    move || {
        let found = stations.with(|s| {
            let all = s.all.value().map(Vec::as_slice).unwrap_or_default();
            district.with(|d| nearest(all, d, node.as_ref(), at, now.get(), count))
        });
        if found.is_empty() {
            return view! { <EmptyMessage text=|| tr!(desk.detail_stations_none) /> }.into_any();
        }
        view! { <ul class="nearby">{found.into_iter().map(|near| view! { <NearRow near /> }).collect_view()}</ul> }
            .into_any()
    }
}

#[component]
fn NearRow(near: Near) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let walk = walk::along(near.metres);
    let way = tr!(
        desk.detail_walk,
        m = format!("{:.0}", (walk.metres / 10.0).round() * 10.0),
        n = format!("{:.0}", walk.minutes.ceil())
    );
    let (id, inside) = (near.station.id.clone(), near.inside);
    view! {
        <li>
            <button type="button" class="link" on:click=move |_| view.update(|v| v.select(Some(Selection::Station(id.clone()))))>
                {near.station.name.clone()}
            </button>
            {inside.then(|| view! { <span class="badge">{tr!(desk.detail_inside)}</span> })}
            <OpenNow station=near.station.clone() />
            <p class="quiet">{way}</p>
        </li>
    }
}

/// Returns how a station stands at a moment; a mobile one is open while it stands at a stop. `None`: no hours are known.
pub fn stands(station: &Station, now: DateTime<FixedOffset>, calendar: &WorkCalendar) -> Option<Opening> {
    if !station.stops.is_empty() {
        let mobile = mobile_now(&station.stops, now);
        return Some(match mobile.at {
            Some(stop) => {
                let end = now.date_naive().and_time(stop.to).and_local_timezone(*now.offset()).single();
                end.filter(|end| *end > now).map_or(Opening::AlwaysOpen, Opening::OpenUntil)
            }
            None => Opening::Closed { opens_at: mobile.next.map(|(_, at)| at) },
        });
    }
    (!station.hours.is_empty()).then(|| opening(&station.hours, now, calendar))
}

/// Returns the words for how a station stands.
pub fn opening_words(opening: Opening, now: DateTime<FixedOffset>) -> String {
    match opening {
        Opening::AlwaysOpen => tr!(desk.station_always).to_owned(),
        Opening::OpenUntil(end) => {
            format!("{} · {}", tr!(desk.station_open), tr!(desk.station_until, time = clock_time(end, now)))
        }
        Opening::Closed { opens_at: Some(at) } => {
            format!("{} · {}", tr!(desk.station_closed), tr!(desk.station_opens, time = clock_time(at, now)))
        }
        Opening::Closed { opens_at: None } => tr!(desk.station_closed).to_owned(),
    }
}

/// Today the hour alone, else with the weekday or the date.
pub fn clock_time(at: DateTime<FixedOffset>, now: DateTime<FixedOffset>) -> String {
    let days = (at.date_naive() - now.date_naive()).num_days();
    let time = crate::ui::time::hour_and_minute(&at);
    match days {
        0 => time,
        1..=6 => {
            let day = chrono::Datelike::weekday(&at).number_from_monday();
            format!("{} {time}", crate::desk::words::weekday(u8::try_from(day).unwrap_or(7)))
        }
        _ => format!("{} {time}", crate::ui::time::month_and_day(&at)),
    }
}

/// Whether a station is open now, as a shape and a word.
#[component]
pub fn OpenNow(
    /// The station.
    station: Station,
) -> impl IntoView {
    let (district, now) = (use_store::<DistrictStore>(), use_scope().now);
    move || {
        let calendar = district.with(|d| d.config.value().map(|c| WorkCalendar::new(&c.calendar)))?;
        let opening = stands(&station, now.get(), &calendar)?;
        let class = if opening.is_open() { "badge met" } else { "badge" };
        let icon = if opening.is_open() { Icon::Done } else { Icon::Clock };
        Some(view! { <span class=class><Glyph icon />{opening_words(opening, now.get())}</span> })
    }
}
