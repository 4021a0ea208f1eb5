//! The page: one question first (where are you?), then the stations, nearest first.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::nearby::{Wish, circles_here};
use super::station_card::StationCard;
use super::store::PortalStore;
use super::whereabouts::{Whereabouts, search};
use crate::api::config::EssentialsQuery;
use crate::api::stations::StationsQuery;
use crate::api::{ApiError, PublicApi};
use crate::browser::{clock, history, page as document, storage};
use crate::i18n::{self, local, locale};
use crate::reactive::{effect, part};
use crate::state::Loadable;
use crate::ui::button::Button;
use crate::ui::message::ErrorMessage;
use crate::{say, tr};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Portal {
    pub store: RwSignal<PortalStore>,
    pub api: StoredValue<PublicApi>,
    pub now: RwSignal<DateTime<Utc>>,
    /// Whether the configured backend takes reports.
    pub reports: RwSignal<bool>,
}

impl Portal {
    pub fn new() -> Self {
        Self {
            store: RwSignal::default(),
            api: StoredValue::new(PublicApi::default()),
            now: RwSignal::new(clock::wall()),
            reports: RwSignal::new(false),
        }
    }
}

/// Under which name the tab remembers the language that was chosen: both pages of residents speak the same.
const LANGUAGE: &str = "fengtu.lang";

/// Begins a page of residents: what its parts share, its language, its title, its clock.
pub(super) fn begin(portal: Portal, title: fn() -> &'static str) {
    provide_context(portal);
    let chosen = storage::get_tab(LANGUAGE).into_iter();
    let lang = i18n::preferred(&chosen.chain(document::languages()).collect::<Vec<_>>());
    i18n::set_locale(i18n::of_lang(lang));
    effect(move || {
        document::set_root("lang", lang_of_page());
        document::set_title(title());
    });
    let ticker = StoredValue::new_local(None);
    let start = Memo::new(move |_| portal.store.with(|store| store.config.at()));
    effect(move || keep_time(portal, start.get(), ticker));
}

fn lang_of_page() -> &'static str {
    if locale() == i18n::Locale::en { "en" } else { "zh-CN" }
}

/// The residents' face.
#[component]
pub fn App() -> impl IntoView {
    let portal = Portal::new();
    begin(portal, || tr!(portal.title));
    load(portal);
    view! {
        <Head />
        <main class="portal">
            <h1>{say!(portal.heading)}</h1>
            {part(move || ways(portal))}
            <Whereabouts title=say!(portal.where_title) text=RwSignal::new(String::new()) />
            <Stations />
        </main>
        <Foot privacy=say!(portal.privacy) />
    }
}

/// Beside the stations: to report, where the backend takes reports, and to ask after a report.
fn ways(portal: Portal) -> AnyView {
    if !portal.reports.get() {
        return ().into_any();
    }
    // Whoever came by the code of a door reports from there.
    let query = history::location().1;
    let report = if code_in(&query).is_some() { format!("/report/new/?{query}") } else { "/report/new/".to_owned() };
    view! {
        <nav class="ways" aria-label=tr!(portal.ways)>
            <a class="button" href=report>{tr!(portal.to_report)}</a>
            <a class="button" href="/report/new/?track">{tr!(portal.to_track)}</a>
        </nav>
    }
    .into_any()
}

/// Fetches settings and stations; a retry does the same again.
pub(super) fn load(portal: Portal) {
    portal.store.update(|store| (store.config, store.stations) = (Loadable::Loading, Loadable::Loading));
    leptos::task::spawn_local(async move {
        match PublicApi::open().await {
            Ok(api) => fetch(portal, api).await,
            Err(error) => portal.store.update(|store| store.config.settle(Err(error), clock::wall())),
        }
    });
}

async fn fetch(portal: Portal, api: PublicApi) {
    portal.api.set_value(api.clone());
    portal.reports.set(api.backends().takes_reports());
    let everywhere = StationsQuery::default();
    let (config, stations) = futures::join!(api.ask(&EssentialsQuery), api.ask(&everywhere));
    let at = config.as_ref().map_or_else(|_| clock::wall(), |config| config.server_time.to_utc());
    let stations = stations.map(|list| (list.items, list.refused));
    portal.now.set(at);
    portal.store.update(|store| {
        store.config.settle(config, at);
        store.stations.settle_list(stations, at);
    });
    let (_, query) = history::location();
    if let Some(code) = code_in(&query) {
        search(portal, code);
    }
}

/// Returns the code of the door that the address carries: `?code=…`, as a QR code does.
pub(super) fn code_in(query: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("code="))?;
    // Codes are letters, figures and hyphens; anything else is not one, and is not sent on.
    let sound = !value.is_empty() && value.len() <= 40 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    sound.then(|| value.to_owned())
}

/// Lets the page's clock follow the server's: it began at the server's time and is moved on by what has passed since.
fn keep_time(portal: Portal, start: Option<DateTime<Utc>>, ticker: StoredValue<Option<clock::Ticker>, LocalStorage>) {
    let Some(start) = start else { return };
    let since = (clock::monotonic_ms(), clock::wall_ms());
    ticker.set_value(Some(clock::Ticker::new(20_000, move || {
        // The one clock stands still while a phone sleeps, the other may be put back: whichever ran further.
        let passed = (clock::monotonic_ms() - since.0).max(clock::wall_ms() - since.1);
        let passed = chrono::TimeDelta::milliseconds(passed as i64);
        portal.now.set(start + passed);
    })));
}

/// Whose page it is, and the other language.
#[component]
pub(super) fn Head() -> impl IntoView {
    let Portal { store, .. } = expect_context();
    let name = move || store.with(|s| s.config.value().map(|config| local(&config.name)));
    let demo = move || store.with(|s| s.config.value().is_some_and(|config| config.demo));
    let other = move || if locale() == i18n::Locale::en { "中文" } else { "English" };
    let switch = move |_| {
        let next = if locale() == i18n::Locale::en { i18n::Locale::zh_CN } else { i18n::Locale::en };
        i18n::set_locale(next);
        storage::set_tab(LANGUAGE, lang_of_page());
    };
    view! {
        <header class="portal-head">
            <p class="portal-name">{say!(common.app)}" "<span class="quiet">{name}</span></p>
            <Show when=demo><span class="portal-demo">{say!(common.demo)}</span></Show>
            <button type="button" class="portal-lang" on:click=switch>{other}</button>
        </header>
    }
}

#[component]
fn Stations() -> impl IntoView {
    let portal: Portal = expect_context();
    let trouble = move || portal.store.with(|s| s.config.error().or_else(|| s.stations.error()).cloned());
    let bare = move || portal.store.with(|s| s.stations.value().is_some_and(Vec::is_empty));
    let placed = move || portal.store.with(|s| s.here.at().is_some());
    let retry = Callback::new(move |()| load(portal));
    view! {
        {move || trouble().map(|error: ApiError| view! { <ErrorMessage error on_retry=retry /> })}
        <Show when=bare><p class="nothing" role="status">{say!(portal.no_stations_yet)}</p></Show>
        <Show when=placed><Found /></Show>
    }
}

#[component]
fn Found() -> impl IntoView {
    let portal: Portal = expect_context();
    let all = Memo::new(move |_| portal.store.with(|s| s.nearby(portal.now.get())));
    let wanted = Memo::new(move |_| {
        let wish = portal.store.with(|s| s.wish);
        all.get().into_iter().filter(|nearby| wish.takes(nearby)).collect::<Vec<_>>()
    });
    let shown = move || wanted.get().into_iter().take(portal.store.with(|s| s.shown)).collect::<Vec<_>>();
    let more = move || wanted.with(Vec::len) > portal.store.with(|s| s.shown);
    let loading = move || portal.store.with(|s| s.stations.is_loading() || s.config.is_loading());
    view! {
        <section class="found" aria-labelledby="found-title">
            <h2 id="found-title" tabindex="-1">{say!(portal.near_title)}</h2>
            <Show when=move || !loading() fallback=|| view! { <p role="status">{say!(common.loading)}</p> }>
                <p class="circles" role="status">{move || circle_words(&all.get(), portal)}</p>
            </Show>
            <WishForm />
            <Show when=move || !loading() && wanted.with(Vec::is_empty)>
                <p class="nothing">{say!(portal.no_station)}</p>
            </Show>
            <ol class="cards">
                {move || shown().into_iter().map(|nearby| view! { <StationCard nearby /> }).collect_view()}
            </ol>
            <Show when=more>
                <Button label=say!(portal.more) on_press=move |()| portal.store.update(|s| s.shown += 10) />
            </Show>
        </section>
    }
}

/// Says which circles reach the place.
fn circle_words(all: &[super::nearby::Nearby], portal: Portal) -> String {
    let kinds = circles_here(all);
    if kinds.is_empty() {
        return tr!(portal.outside).to_owned();
    }
    let names = portal.store.with(|s| {
        let rules = s.config.value().map(|config| config.circles.as_slice()).unwrap_or_default();
        let named = rules.iter().filter(|rule| kinds.contains(&rule.kind)).map(|rule| local(&rule.name));
        named.collect::<Vec<_>>().join(if locale() == i18n::Locale::en { ", " } else { "、" })
    });
    tr!(portal.inside, names = names)
}

#[component]
fn WishForm() -> impl IntoView {
    let Portal { store, .. } = expect_context();
    let wish = move || store.with(|s| s.wish);
    let open_now = move |ev| store.update(|s| s.set_wish(Wish { open_now: event_target_checked(&ev), ..s.wish }));
    let service = move |ev| {
        let service = event_target_value(&ev).parse().ok();
        store.update(|s| s.set_wish(Wish { service, ..s.wish }));
    };
    view! {
        <form class="wish" on:submit=|ev| ev.prevent_default()>
            <label class="check">
                <input type="checkbox" prop:checked=move || wish().open_now on:change=open_now />
                {say!(portal.open_now)}
            </label>
            <label class="pick">
                {say!(portal.service)}
                <select on:change=service>
                    <option value="">{say!(portal.any_service)}</option>
                    {fengtu_wire::stations::Service::ALL
                        .iter()
                        .map(|service| {
                            view! { <option value=service.as_str()>{move || super::station_card::service_word(*service)}</option> }
                        })
                        .collect_view()}
                </select>
            </label>
        </form>
    }
}

/// Whom to call, and what happens to what is said here.
#[component]
pub(super) fn Foot(privacy: fn() -> &'static str) -> impl IntoView {
    view! {
        <footer class="portal-foot">
            <p>{say!(portal.hotline)}" "<a href="tel:12345">"12345"</a></p>
            <p class="quiet">{privacy}</p>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sound_code_is_taken_from_the_address() {
        assert_eq!(code_in("code=GM001-0012").as_deref(), Some("GM001-0012"));
        assert_eq!(code_in("a=1&code=GM1").as_deref(), Some("GM1"));
        for bad in ["", "code=", "code=%3Cscript%3E", "code=a b", &format!("code={}", "9".repeat(41))] {
            assert_eq!(code_in(bad), None, "{bad}");
        }
    }
}
