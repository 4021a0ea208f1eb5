//! "Where are you?": the phone's position, or an address, or the code on the door.

use fengtu_geo::LonLat;
use fengtu_wire::buildings::Building;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::page::Portal;
use super::store::Here;
use crate::api::buildings::BuildingsQuery;
use crate::browser::geolocation::{self, GeolocationError};
use crate::browser::{history, page as document};
use crate::ui::button::{Button, Look};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::message::error_words;
use crate::{say, tr};

/// Most matches that are offered to choose from.
const CHOICES: u32 = 8;
/// Shortest and longest address that is searched.
const LEAST_CHARS: usize = 2;
const MAX_CHARS: usize = 60;

/// Asks where the resident is, or where it happened, and says what was understood.
#[component]
pub(super) fn Whereabouts(
    #[prop(into)] title: TextProp,
    /// What is typed.
    text: RwSignal<String>,
) -> impl IntoView {
    let portal: Portal = expect_context();
    let asking = Signal::derive(move || portal.store.with(|s| s.here == Here::Asking));
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        search(portal, text.get_untracked());
    };
    view! {
        <section class="where" aria-labelledby="where-title">
            <h2 id="where-title">{move || title.get()}</h2>
            <Button look=Look::Primary icon=Icon::Locate disabled=asking
                label=say!(portal.locate) on_press=move |()| locate(portal) />
            <form class="address" role="search" on:submit=submit>
                <label for="address">{say!(portal.address)}</label>
                <div class="address-row">
                    <input id="address" type="search" enterkeyhint="search" autocomplete="street-address"
                        maxlength=MAX_CHARS placeholder=say!(portal.address_hint) bind:value=text />
                    <button type="submit" class="button" prop:disabled=asking>
                        <Glyph icon=Icon::Search />{say!(common.search)}
                    </button>
                </div>
            </form>
            <div class="answer" aria-live="polite">{move || answer(portal)}</div>
        </section>
    }
}

/// Looks a building up by its address, name or code.
pub(super) fn search(portal: Portal, text: String) {
    let text: String = text.trim().chars().take(MAX_CHARS).collect();
    if text.is_empty() {
        return;
    }
    // One character is no address, and the server searches for two or more.
    if text.chars().count() < LEAST_CHARS {
        return arrive(portal, Here::NoMatch);
    }
    portal.store.update(|s| s.set_here(Here::Asking));
    leptos::task::spawn_local(async move {
        let query = BuildingsQuery { text: Some(text.clone()), limit: Some(CHOICES), ..BuildingsQuery::default() };
        let api = portal.api.get_value();
        let here = match api.ask(&query).await {
            Ok(list) => Here::of_search(&text, list.items),
            Err(error) => Here::Failed(error),
        };
        arrive(portal, here);
    });
}

fn locate(portal: Portal) {
    portal.store.update(|s| s.set_here(Here::Asking));
    leptos::task::spawn_local(async move {
        let here = match geolocation::locate(15_000).await {
            Ok(fix) => LonLat::new(fix.lon, fix.lat).map_or(Here::NoPosition(GeolocationError::Unavailable), |at| {
                Here::Phone { at, accuracy_m: fix.accuracy_m }
            }),
            Err(error) => Here::NoPosition(error),
        };
        arrive(portal, here);
    });
}

/// Takes up a place and leads the reader to the stations.
fn arrive(portal: Portal, here: Here) {
    let placed = here.at().is_some();
    portal.store.update(|s| s.set_here(here));
    if placed {
        crate::browser::clock::next_frame(|| document::focus("found-title"));
    }
}

fn answer(portal: Portal) -> AnyView {
    match portal.store.with(|s| s.here.clone()) {
        Here::Unknown => ().into_any(),
        Here::Asking => view! { <p>{tr!(portal.asking)}</p> }.into_any(),
        Here::Phone { accuracy_m, .. } => {
            view! { <p>{tr!(portal.at_phone, n = accuracy_m.round() as u32)}</p> }.into_any()
        }
        Here::Building { name, .. } => view! { <p>{tr!(portal.at_building, name = name)}</p> }.into_any(),
        Here::Choices(list) => view! { <Choices list /> }.into_any(),
        Here::NoMatch => view! { <p>{tr!(portal.no_match)}</p> }.into_any(),
        Here::NoPosition(error) => view! { <p>{no_position(error)}</p> }.into_any(),
        Here::Failed(error) => view! { <p role="alert">{error_words(&error)}</p> }.into_any(),
    }
}

fn no_position(error: GeolocationError) -> &'static str {
    match error {
        GeolocationError::Denied => tr!(portal.denied),
        GeolocationError::TimedOut => tr!(portal.position_late),
        GeolocationError::Unavailable | GeolocationError::Unsupported => tr!(portal.no_position),
    }
}

#[component]
fn Choices(list: Vec<Building>) -> impl IntoView {
    let portal: Portal = expect_context();
    let row = move |building: Building| {
        let choose = {
            let building = building.clone();
            move |_| {
                history::show(&format!("?code={}", building.code), false);
                arrive(portal, Here::of_building(&building));
            }
        };
        view! {
            <li><button type="button" class="choice" on:click=choose>
                <b>{building.name}</b><span class="quiet">{building.address}</span>
            </button></li>
        }
    };
    view! { <p>{tr!(portal.choose)}</p> <ul class="choices">{list.into_iter().map(row).collect_view()}</ul> }
}
