//! The page: reporting step by step, the receipt, and asking after a report.

use chrono::Utc;
use leptos::prelude::*;

use super::done::Done;
use super::draft::{Spot, Step};
use super::steps::Steps;
use super::store::Filing;
use super::track::Track;
use crate::api::config::EssentialsQuery;
use crate::api::reports::ServicesQuery;
use crate::api::{ApiError, PublicApi};
use crate::browser::{clock, history};
use crate::portal::page::{Foot, Head, Portal, begin, code_in};
use crate::portal::store::Here;
use crate::portal::whereabouts::search;
use crate::reactive::{effect, part};
use crate::state::Loadable;
use crate::ui::message::ErrorMessage;
use crate::{say, tr};

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// To report.
    Report,
    /// To ask after a report, and which.
    Track(String),
}

impl Way {
    fn of(query: &str) -> Self {
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        match value("number") {
            Some(number) => Self::Track(decoded(number)),
            None if query.split('&').any(|pair| pair == "track" || pair == "track=") => Self::Track(String::new()),
            None => Self::Report,
        }
    }

    fn query(&self) -> String {
        match self {
            Self::Report => "?".to_owned(),
            Self::Track(number) if number.is_empty() => "?track".to_owned(),
            Self::Track(number) => format!("?number={}", crate::api::dialect::encode(number)),
        }
    }
}

/// Decodes what `encode` has written; what is no encoding stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let ahead = rest.clone();
        let digit = |at: usize| ahead.clone().nth(at).and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest.nth(1);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Goes another way without a load of the page.
pub(super) fn show(way: RwSignal<Way>, to: Way) {
    history::show(&to.query(), true);
    way.set(to);
}

/// The residents' page for reporting.
#[component]
pub fn App() -> impl IntoView {
    let portal = Portal::new();
    begin(portal, || tr!(report.title));
    let filing = Filing::restore(portal);
    let here = || Way::of(&history::location().1);
    let way = RwSignal::new(here());
    provide_context(filing);
    provide_context(way);
    let back = StoredValue::new_local(history::watch(move || way.set(here())));
    on_cleanup(move || drop(back.try_update_value(Option::take)));
    load(filing);
    effect(move || take_place(filing));
    view! {
        <Head />
        <main class="portal report">{part(move || body(filing, way.get()))}</main>
        <Foot privacy=say!(report.privacy) />
    }
}

/// Fetches what can be reported; a retry does the same again.
pub(super) fn load(filing: Filing) {
    filing.services.set(Loadable::Loading);
    leptos::task::spawn_local(async move {
        match PublicApi::open().await {
            Ok(api) => fetch(filing, api).await,
            Err(error) => fail(filing, error),
        }
    });
}

fn fail(filing: Filing, error: ApiError) {
    filing.is_offered.set(Some(true));
    filing.services.update(|services| services.settle(Err(error), clock::wall()));
}

async fn fetch(filing: Filing, api: PublicApi) {
    let offers = api.backends().takes_reports();
    filing.portal.api.set_value(api.clone());
    filing.is_offered.set(Some(offers));
    let services = async { if offers { Some(api.ask(&ServicesQuery).await) } else { None } };
    let (config, services) = futures::join!(api.ask(&EssentialsQuery), services);
    let at = config.as_ref().map_or_else(|_| clock::wall(), |config| config.server_time.with_timezone(&Utc));
    filing.portal.now.set(at);
    filing.portal.store.update(|store| store.config.settle(config, at));
    if let Some(services) = services {
        filing.services.update(|known| known.settle(services, at));
    }
    let steps = filing.steps().0;
    if steps.contains(&Step::Questions) && filing.step.get_untracked() >= Step::Questions {
        filing.ask_questions();
    }
    if let Some(code) = code_in(&history::location().1) {
        search(filing.portal, code);
    }
}

/// Takes up the place that was found.
fn take_place(filing: Filing) {
    let spot = filing.portal.store.with(|store| match &store.here {
        Here::Phone { at, .. } => Some(Spot { at: Some([at.lon, at.lat]), words: String::new() }),
        Here::Building { at, name } => Some(Spot { at: Some([at.lon, at.lat]), words: name.clone() }),
        _ => None,
    });
    if spot.is_some() {
        filing.change(|draft| draft.spot = spot);
    }
}

fn body(filing: Filing, way: Way) -> AnyView {
    match (filing.is_offered.get(), way) {
        (None, _) => view! { <p role="status">{tr!(common.loading)}</p> }.into_any(),
        (Some(false), _) => {
            view! { <h1>{tr!(report.heading)}</h1> <p>{tr!(report.not_offered)}</p> {to_stations()} }.into_any()
        }
        (_, Way::Track(number)) => view! { <Track number /> }.into_any(),
        (_, Way::Report) => match filing.receipt.get() {
            Some(receipt) => view! { <Done receipt /> }.into_any(),
            None => reporting(filing),
        },
    }
}

/// The questions, once it is known what can be reported.
fn reporting(filing: Filing) -> AnyView {
    let error =
        filing.services.with(|services| services.value().is_none().then(|| services.error().cloned()).flatten());
    let is_loading = filing.services.with(Loadable::is_loading);
    let is_empty = filing.services.with(|services| services.value().is_some_and(|services| services.items.is_empty()));
    let retry = Callback::new(move |()| load(filing));
    let inside = match error {
        Some(error) => view! { <ErrorMessage error on_retry=retry /> <p>{tr!(report.or_else)}</p> }.into_any(),
        None if is_loading => view! { <p role="status">{tr!(common.loading)}</p> }.into_any(),
        None if is_empty => view! { <p>{tr!(report.no_kinds)}</p> }.into_any(),
        None => view! { <Steps /> }.into_any(),
    };
    view! { <h1>{tr!(report.heading)}</h1> {inside} {to_stations()} }.into_any()
}

/// Leads to the other page of residents.
pub(super) fn to_stations() -> AnyView {
    view! { <p class="report-aside"><a href="/report/">{tr!(report.to_stations)}</a></p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_wanted_and_back_again() {
        assert_eq!(Way::of(""), Way::Report);
        assert_eq!(Way::of("code=GM001"), Way::Report);
        for way in [Way::Track(String::new()), Way::Track("N 1/号%".to_owned()), Way::Track("token:t&1".to_owned())] {
            assert_eq!(Way::of(way.query().trim_start_matches('?')), way);
        }
        assert_eq!(decoded("%zz%e4%B8%AD%"), "%zz中%");
    }
}
