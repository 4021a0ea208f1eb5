//! One station: how far, open or not, what it does, whom to call.

use chrono::{DateTime, Datelike, FixedOffset};
use fengtu_domain::opening::Opening;
use fengtu_wire::stations::{OpeningHours, Service, StaffKind, Station};
use leptos::prelude::*;

use super::nearby::{Nearby, rounded_metres};
use super::page::Portal;
use super::store::local;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::time::{hour_and_minute, month_and_day};
use crate::{say, tr};

/// A station as a card.
#[component]
pub(super) fn StationCard(nearby: Nearby) -> impl IntoView {
    let Nearby { station, walk, opening, stop, .. } = nearby;
    let is_open = opening.is_some_and(Opening::is_open);
    let way = move || distance_words(rounded_metres(walk.metres), walk.minutes.ceil() as u32);
    let services = station.services.clone();
    let address = stop.map_or_else(|| station.address.clone(), |stop| stop.name);
    view! {
        <li class="card">
            <h3>{station.name.clone()}</h3>
            <p class="state" class:open=is_open>
                <Glyph icon=if is_open { Icon::Done } else { Icon::Clock } />
                <span>{move || opening.map_or_else(|| tr!(portal.no_hours).to_owned(), opening_words)}</span>
            </p>
            <p class="way"><Glyph icon=Icon::Pin /><span>{way}</span></p>
            <p class="quiet">{address}</p>
            <ul class="chips" aria-label=say!(portal.services)>
                {services.into_iter().map(|s| view! { <li>{move || service_word(s)}</li> }).collect_view()}
            </ul>
            {station.telephone.clone().map(|number| view! { <Call number /> })}
            <Details station />
        </li>
    }
}

#[component]
fn Call(number: String) -> impl IntoView {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    view! {
        <a class="button call" href=format!("tel:{digits}")>
            <Glyph icon=Icon::Telephone /><span>{say!(portal.call)}" "{number.clone()}</span>
        </a>
    }
}

#[component]
fn Details(station: Station) -> impl IntoView {
    let Station { staff, hours, stops, .. } = station;
    let people = staff
        .into_iter()
        .map(|s| view! { <li>{move || tr!(portal.staff_count, kind = staff_word(s.kind), n = s.count)}</li> });
    let rows = hours.into_iter().map(|row| view! { <li>{move || hours_words(&row)}</li> });
    let stops = stops.into_iter().map(|stop| {
        let times = format!("{}–{}", hour_and_minute(&stop.from), hour_and_minute(&stop.to));
        view! { <li>{move || weekday_word(stop.weekday)}" "{times}" "{stop.name}</li> }
    });
    view! {
        <details>
            <summary>{say!(portal.details)}</summary>
            <h4>{say!(portal.staff)}</h4>
            <ul>{people.collect_view()}</ul>
            <h4>{say!(portal.hours)}</h4>
            <ul>{rows.collect_view()}{stops.collect_view()}</ul>
        </details>
    }
}

fn distance_words(metres: u32, minutes: u32) -> String {
    if metres < 1_000 {
        return tr!(portal.way_m, m = metres, min = minutes);
    }
    tr!(portal.way_km, km = format!("{}.{}", metres / 1_000, metres % 1_000 / 100), min = minutes)
}

fn opening_words(opening: Opening) -> String {
    match opening {
        Opening::AlwaysOpen => tr!(portal.open_always).to_owned(),
        Opening::OpenUntil(end) => tr!(portal.open_until, time = moment(end)),
        Opening::Closed { opens_at: Some(at) } => tr!(portal.opens_at, time = moment(at)),
        Opening::Closed { opens_at: None } => tr!(portal.closed).to_owned(),
    }
}

/// Says a moment as people do: today by its time, another day with its weekday; at midnight tomorrow has become today.
fn moment(at: DateTime<FixedOffset>) -> String {
    let Portal { store, now, .. } = expect_context();
    let offset = store.with_untracked(|s| s.config.value().map_or(0, |config| config.utc_offset_s));
    let today = local(now.get(), offset).date_naive();
    let time = hour_and_minute(&at);
    match (at.date_naive() - today).num_days() {
        0 => time,
        1 => tr!(portal.tomorrow, time = time),
        2..7 => format!("{} {time}", weekday_word(at.weekday().number_from_monday() as u8)),
        _ => format!("{} {time}", month_and_day(&at)),
    }
}

fn hours_words(row: &OpeningHours) -> String {
    let days = match row.weekdays.as_slice() {
        [1, 2, 3, 4, 5, 6, 7] => tr!(portal.every_day).to_owned(),
        [1, 2, 3, 4, 5] => tr!(portal.workdays).to_owned(),
        days => days.iter().map(|day| weekday_word(*day)).collect::<Vec<_>>().join(" "),
    };
    if row.from == row.to {
        return format!("{days} 00:00–24:00");
    }
    format!("{days} {}–{}", hour_and_minute(&row.from), hour_and_minute(&row.to))
}

/// Returns the word for a service.
pub(super) fn service_word(service: Service) -> &'static str {
    match service {
        Service::Mediation => tr!(portal.service_mediation),
        Service::Complaints => tr!(portal.service_complaints),
        Service::Assistance => tr!(portal.service_assistance),
        Service::Legal => tr!(portal.service_legal),
        Service::Psychological => tr!(portal.service_psychological),
    }
}

fn staff_word(kind: StaffKind) -> &'static str {
    match kind {
        StaffKind::GridMember => tr!(portal.staff_grid_member),
        StaffKind::Mediator => tr!(portal.staff_mediator),
        StaffKind::Police => tr!(portal.staff_police),
        StaffKind::Counsellor => tr!(portal.staff_counsellor),
        StaffKind::Lawyer => tr!(portal.staff_lawyer),
    }
}

fn weekday_word(day: u8) -> &'static str {
    match day {
        1 => tr!(portal.day_1),
        2 => tr!(portal.day_2),
        3 => tr!(portal.day_3),
        4 => tr!(portal.day_4),
        5 => tr!(portal.day_5),
        6 => tr!(portal.day_6),
        _ => tr!(portal.day_7),
    }
}
