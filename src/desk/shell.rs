//! The frame of the desk: bars and panels around the map, each a slot that its own module fills.

use leptos::prelude::*;

use super::account::{AccountMenu, sign_out};
use super::board::frame::navigation;
use super::list::LIST;
use super::watermark::Watermark;
use crate::browser::media;
use crate::reactive::effect;
use crate::routes::Page;
use crate::state::{DistrictStore, LiveStore, SessionStore, ViewStore, live, use_store};
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::message::EmptyMessage;
use crate::ui::status::{DemoBadge, FreshnessMark};
use crate::{say, tr};

/// What fills the frame; each slot is called once.
#[derive(Clone, Default)]
pub struct Slots {
    /// The breadcrumb in the top bar.
    pub crumb: ViewFn,
    /// The search box in the top bar.
    pub search: ViewFn,
    /// The layers in the left panel.
    pub panel: ViewFn,
    /// The map.
    pub map: ViewFn,
    /// The detail at the right; nothing in it: it takes no room.
    pub drawer: ViewFn,
    /// The time at the foot.
    pub time: ViewFn,
}

/// The frame, filled, and kept live.
#[component]
pub fn Shell() -> impl IntoView {
    let session = use_store::<SessionStore>();
    if let Some(staff) = session.with_untracked(|s| s.staff().cloned()) {
        live::start(staff, Callback::new(move |()| sign_out(session)));
    }
    let slots = use_context::<Slots>().unwrap_or_default();
    // On a phone the panel is a sheet over the map: the map comes first.
    let is_open = RwSignal::new(!media::matches(PHONE));
    let selected = one_sheet(is_open);
    view! {
        <a class="skip" href="#map">{say!(desk.skip)}</a>
        <a class="skip" href=format!("#{LIST}")>{say!(desk.skip_to_list)}</a>
        <div class="desk" class:has-drawer=move || selected.get()>
            <TopBar crumb=slots.crumb search=slots.search />
            <nav class="desk-panel" class:closed=move || !is_open.get() aria-label=say!(desk.panel)>
                <PanelToggle is_open />
                <div hidden=move || !is_open.get()>{guarded(slots.panel)}</div>
            </nav>
            <main class="desk-map" id="map" tabindex="-1" aria-label=say!(desk.map)>{guarded(slots.map)}</main>
            <aside class="desk-drawer" aria-label=say!(desk.drawer)>{guarded(slots.drawer)}</aside>
            <footer class="desk-time" aria-label=say!(desk.time)>{guarded(slots.time)}</footer>
        </div>
        <Watermark />
    }
}

/// A window in which panel and drawer are sheets from the bottom.
const PHONE: &str = "(max-width: 767px)";

/// A window in which panel and drawer together would leave no map.
const NARROW: &str = "(max-width: 1023px)";

/// In a narrow window the drawer takes the place of the panel, and the other way round; returns whether the drawer is open.
fn one_sheet(is_open: RwSignal<bool>) -> Memo<bool> {
    let view = use_store::<ViewStore>();
    let selected = Memo::new(move |_| view.with(|v| v.state.selection.is_some()));
    effect(move || {
        if selected.get() && media::matches(NARROW) {
            is_open.set(false);
        }
    });
    effect(move || {
        if is_open.get() && media::matches(NARROW) && selected.get_untracked() {
            view.update(|v| v.select(None));
        }
    });
    selected
}

/// An error inside a slot stays inside it.
fn guarded(slot: ViewFn) -> impl IntoView {
    view! {
        <ErrorBoundary fallback=|_| view! { <EmptyMessage text=say!(desk.broken) /> }>{slot.run()}</ErrorBoundary>
    }
}

#[component]
fn TopBar(crumb: ViewFn, search: ViewFn) -> impl IntoView {
    let (district, live) = (use_store::<DistrictStore>(), use_store::<LiveStore>());
    let is_demo = move || district.with(|d| d.config.value().is_some_and(|c| c.demo));
    let freshness = Memo::new(move |_| live.with(|l| l.freshness));
    let age_s = Memo::new(move |_| live.with(|l| l.age_s));
    let polled_s = Memo::new(move |_| live.with(|l| l.polled_s));
    view! {
        <header class="desk-top">
            <h1 class="desk-name"><a href=Page::Map.path()>{say!(common.app)}</a></h1>
            {navigation()}
            <div class="desk-crumb">{crumb.run()}</div>
            <div class="desk-search">{search.run()}</div>
            {move || is_demo().then(|| view! { <DemoBadge /> })}
            <FreshnessMark freshness age_s polled_s />
            <AccountMenu />
        </header>
    }
}

#[component]
fn PanelToggle(is_open: RwSignal<bool>) -> impl IntoView {
    let label = move || if is_open.get() { tr!(desk.panel_hide) } else { tr!(desk.panel_show) };
    view! {
        <div class="desk-panel-toggle">
            <IconButton icon=Icon::Layers label on_press=move |()| is_open.update(|open| *open = !*open) />
        </div>
    }
}
