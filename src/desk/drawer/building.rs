//! The drawer of a building.

use fengtu_wire::buildings::Building;
use fengtu_wire::ids::{BuildingCode, PlaceId};
use leptos::prelude::*;

use super::cases::{Cases, PAGE};
use super::parts::{Head, Nearby, Part, facts, text};
use crate::api::buildings::BuildingsQuery;
use crate::api::cases::CasesQuery;
use crate::desk::scope::{asked, lon_lat, name_of, use_scope};
use crate::desk::words;
use crate::state::{DistrictStore, ViewStore, use_store};
use crate::tr;
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::number::grouped;

/// A building with its grid, its nearest stations and its cases.
#[component]
pub fn BuildingDrawer(
    /// The code on its door.
    code: BuildingCode,
) -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let (asked_code, wanted) = (code.to_string(), code.clone());
    let found = asked(move || {
        Some(BuildingsQuery { text: Some(asked_code.clone()), limit: Some(20), ..BuildingsQuery::default() })
    });
    let title = Signal::derive(move || {
        let name = found
            .answer
            .with(|a| a.value().and_then(|l| l.items.iter().find(|b| b.code == code).map(|b| b.name.clone())));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| code.to_string())
    });
    let body = move || {
        let offset = district.with(DistrictStore::utc_offset_s);
        found.answer.with(|answer| {
            loaded(answer, offset, found.again, |listed| match listed.items.iter().find(|b| b.code == wanted) {
                Some(building) => view! { <Whole building=building.clone() /> }.into_any(),
                None => view! { <EmptyMessage text=|| tr!(desk.detail_gone) /> }.into_any(),
            })
        })
    };
    view! { <Head sort=Signal::derive(|| tr!(desk.building_title).to_owned()) title />{body} }
}

#[component]
fn Whole(building: Building) -> impl IntoView {
    let period = use_scope().period;
    let code = building.code.clone();
    let query = Signal::derive(move || {
        let (from, to) = period.get();
        Some(CasesQuery {
            building: Some(code.clone()),
            from: Some(from),
            to,
            limit: Some(PAGE),
            total: true,
            ..CasesQuery::default()
        })
    });
    let (at, node) = (building.at, building.place.clone());
    view! {
        {known(&building)}
        <Part title=Signal::derive(|| tr!(desk.building_stations).to_owned())>
            {at.map(|at| view! { <Nearby at=lon_lat(at) node /> })}
            {at.is_none().then(|| view! { <p class="quiet">{tr!(desk.station_not_on_map)}</p> })}
        </Part>
        <Part title=Signal::derive(|| tr!(desk.building_cases).to_owned())><Cases query chosen=Signal::stored(None) /></Part>
    }
}

fn known(building: &Building) -> impl IntoView + use<> {
    facts(vec![
        (tr!(desk.building_address), text(building.address.clone())),
        (tr!(desk.building_code), text(building.code.to_string())),
        (tr!(desk.building_floors), building.floors.and_then(|n| text(n.to_string()))),
        (tr!(desk.building_people), text(grouped(building.population.into()))),
        (tr!(desk.building_land), text(words::land(building.land_use))),
        (tr!(desk.building_grid), building.place.clone().map(|id| view! { <GridLink id /> }.into_any())),
    ])
}

#[component]
fn GridLink(id: PlaceId) -> impl IntoView {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let named = id.clone();
    let name = move || district.with(|d| name_of(d, &named));
    view! { <button type="button" class="link" on:click=move |_| view.update(|v| v.go_to(Some(id.clone())))>{name}</button> }
}
