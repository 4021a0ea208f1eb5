//! The frame of the pages beside the map: the top bar with the way from page to page, and the live data that all of them follow.

use std::collections::BTreeSet;

use fengtu_domain::sight;
use fengtu_wire::session::Role;
use futures::join;
use leptos::prelude::*;

use super::card::Base;
use super::measures::Word;
use crate::api::PublicApi;
use crate::api::config::ConfigQuery;
use crate::api::dialect::Resource;
use crate::api::lenient::Refused;
use crate::api::places::PlacesQuery;
use crate::browser::{clock, history};
use crate::desk::account::{AccountMenu, sign_out};
use crate::desk::beside::note;
use crate::desk::breadcrumb::Breadcrumb;
use crate::desk::not_found::Lack;
use crate::desk::watermark::Watermark;
use crate::reactive::{effect, memo, part, words};
use crate::routes::{Page, ViewState};
use crate::state::again::while_lacking;
use crate::state::district::Tree;
use crate::state::{DistrictStore, LiveStore, SessionStore, ViewStore, live, spawn_scoped, use_store};
use crate::ui::status::{DemoBadge, FreshnessMark};
use crate::{say, tr};

/// Shows a page in the frame, and keeps it live.
pub fn frame(inside: fn() -> AnyView) -> AnyView {
    let session = use_store::<SessionStore>();
    if let Some(staff) = session.with_untracked(|s| s.staff().cloned()) {
        let base = staff.public().backends().of(Resource::Statistics).base.clone();
        provide_context(Base(base));
        live::start(staff, Callback::new(move |()| sign_out(session)));
    }
    load_district();
    let said = said();
    provide_context(Said(said));
    let view = use_store::<ViewStore>();
    view! {
        <a class="skip" href="#board">{say!(board.skip)}</a>
        <div class="board-page" class:presenting=move || view.with(|v| v.state.present)>
            {top()}
            <main class="board" id="board" tabindex="-1">{part(move || note(&said.get()))}{inside()}</main>
        </div>
        <Watermark />
    }
    .into_any()
}

/// What stands over the page of how whole the answers are: the parts of the page do not say it again.
#[derive(Clone, Copy)]
pub struct Said(pub Memo<Refused>);

/// The backends that what is shown is made of and that do not answer.
fn said() -> Memo<Refused> {
    let (district, live) = (use_store::<DistrictStore>(), use_store::<LiveStore>());
    memo(move || {
        let mut beside = district.with(|d| d.tree.refused().cloned()).unwrap_or_default();
        live.with(|live| beside.add_silent(&live.silent));
        beside
    })
}

fn top() -> AnyView {
    let (district, live) = (use_store::<DistrictStore>(), use_store::<LiveStore>());
    let is_demo = move || district.with(|d| d.config.value().is_some_and(|c| c.demo));
    let freshness = Memo::new(move |_| live.with(|l| l.freshness));
    let age_s = Memo::new(move |_| live.with(|l| l.age_s));
    let polled_s = Memo::new(move |_| live.with(|l| l.polled_s));
    view! {
        <header class="desk-top board-top">
            <p class="desk-name"><a href=Page::Map.path()>{say!(common.app)}</a></p>
            {navigation()}
            <div class="desk-crumb"><Breadcrumb /></div>
            <span class="board-gap"></span>
            {move || is_demo().then(|| view! { <DemoBadge /> })}
            <FreshnessMark freshness age_s polled_s />
            <AccountMenu />
        </header>
    }
    .into_any()
}

/// Settings and the names of places; the outlines are the map's.
fn load_district() {
    let (district, session) = (use_store::<DistrictStore>(), use_store::<SessionStore>());
    let again = while_lacking(move || district.with(DistrictStore::is_lacking));
    let mut turn = again.get_untracked();
    effect(move || {
        let by_itself = std::mem::replace(&mut turn, again.get()) != turn;
        let Some(api) = session.with(|s| s.staff().cloned()) else { return };
        spawn_scoped(async move {
            let all = PlacesQuery::default();
            let (config, places) = join!(api.ask(&ConfigQuery), api.ask(&all));
            let tree = places.map(|listed| (Tree::new(listed.items), listed.refused));
            district.maybe_update(|d| d.settle((config, tree), clock::wall(), by_itself));
        });
    });
}

/// Whether a role has figures of a place to look at: the pages beside the map are for it.
pub const fn may_see(role: Role) -> bool {
    !matches!(role, Role::Public | Role::Wall)
}

/// Whether a role answers for warnings: the inbox and the trial are for it.
pub const fn may_supervise(role: Role) -> bool {
    matches!(
        role,
        Role::GridMember | Role::CommunityClerk | Role::CommunitySecretary | Role::Street | Role::DistrictLeader
    )
}

/// Whether a page is for a role: orders are for those who may see single ones, as the server decides it.
fn is_for(page: Page, role: Role) -> bool {
    let may_read = || sight::access("GET", "/api/v1/orders", role).is_some_and(sight::Access::is_granted);
    may_see(role) && (page != Page::Orders || may_read())
}

/// Whether the backends behind a page can fill it: what the board cuts is not to be had of other dialects.
pub fn is_offered(page: Page, api: &PublicApi) -> bool {
    let is_ours = |resource| !api.backends().of(resource).is_foreign;
    match page {
        Page::Board | Page::Bulletin => is_ours(Resource::Statistics) && is_ours(Resource::Cases),
        Page::Orders => is_ours(Resource::Cases),
        Page::Warnings => api.reads(Resource::Warnings),
        _ => true,
    }
}

/// Why a page beside the map cannot be shown, if it cannot: what no backend gives first, since no role changes that.
pub fn lack(page: Page, session: &SessionStore) -> Option<Lack> {
    let none = match page {
        Page::Warnings => Lack::Warnings,
        Page::Orders => Lack::Orders,
        _ => Lack::Figures,
    };
    let lacks = (!is_offered(page, session.public())).then_some(none);
    lacks.or_else(|| (!is_for(page, session.role())).then_some(Lack::Role))
}

/// The way from page to page; each shows the same place and period.
pub fn navigation() -> AnyView {
    let page = Page::from_path(&history::location().0);
    let (view, session) = (use_store::<ViewStore>(), use_store::<SessionStore>());
    let role = session.with_untracked(SessionStore::role);
    if !may_see(role) {
        return ().into_any();
    }
    let pages: [(Page, Word); 5] = [
        (Page::Map, || tr!(board.to_map)),
        (Page::Board, || tr!(board.to_board)),
        (Page::Warnings, || tr!(board.to_warnings)),
        (Page::Orders, || tr!(board.to_orders)),
        (Page::Bulletin, || tr!(board.to_bulletin)),
    ];
    let link = |(to, word): (Page, Word)| {
        let href = words(move || view.with(|v| address(&v.state, to)));
        let current = (Some(to) == page).then_some("page");
        view! { <li><a href=href aria-current=current>{words(move || word().to_owned())}</a></li> }
    };
    let api = session.with_untracked(|session| session.public().clone());
    let is_shown = |to: Page| is_offered(to, &api) && is_for(to, role) && (to != Page::Warnings || may_supervise(role));
    let shown: Vec<_> = pages.into_iter().filter(|(to, _)| is_shown(*to)).collect();
    // A way to nowhere else is none.
    if shown.len() < 2 {
        return ().into_any();
    }
    let shown = shown.into_iter();
    view! { <nav class="pages" aria-label=say!(board.pages)><ul>{shown.map(link).collect_view()}</ul></nav> }.into_any()
}

/// The address of another page with what both know: place, period, causes (orders have none), look.
pub fn address(state: &ViewState, page: Page) -> String {
    let kept = ViewState {
        place: state.place.clone(),
        from: state.from,
        to: state.to,
        categories: if page == Page::Orders { BTreeSet::new() } else { state.categories.clone() },
        theme: state.theme,
        lang: state.lang,
        ..ViewState::default()
    };
    let query = kept.to_query();
    if query.is_empty() { page.path().to_owned() } else { format!("{}?{query}", page.path()) }
}
