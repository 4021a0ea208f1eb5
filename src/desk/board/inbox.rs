//! The inbox of warnings 预警处置: by level, with their reasons, what was done, and what can be done.

use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{Level, Warning, WarningState};
use leptos::prelude::*;

use super::frame::Said;
use super::inbox_detail::{detail, is_ours};
use super::trial::trial;
use crate::api::lenient::Listed;
use crate::api::warnings::WarningsQuery;
use crate::browser::{clock, media, page};
use crate::desk::beside::note;
use crate::desk::breadcrumb::way;
use crate::desk::scope::{Asked, Scope, asked, name_of, use_scope};
use crate::desk::words;
use crate::reactive::{effect, memo, part, words as follow};
use crate::routes::Selection;
use crate::state::again::{is_silent, while_lacking};
use crate::state::{DistrictStore, ViewStore, use_store};
use crate::tr;
use crate::ui::level::LevelBadge;
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::segmented::{Choice, Segmented};
use crate::ui::time::exact;

/// What the parts of the inbox share.
#[derive(Clone, Copy)]
pub struct Inbox {
    /// The warnings of the node in view.
    pub list: Asked<Listed<Warning>>,
    /// The node in view and the server's time.
    pub scope: Scope,
    /// What is in the address; the warning that is open is the selection.
    pub view: RwSignal<ViewStore>,
    /// Names of places.
    pub district: RwSignal<DistrictStore>,
    /// Whether something was just done: the focus then goes on at the head of the warning.
    pub acted: RwSignal<bool>,
    level: RwSignal<Option<Level>>,
    places: RwSignal<PlaceLevel>,
    state: RwSignal<Option<WarningState>>,
}

/// A window in which the detail lies below the list.
const ONE_COLUMN: &str = "(max-width: 1099px)";

/// The id of the head of the warning.
pub const TITLE: &str = "warning-title";

/// Returns the word of a state.
pub fn state_word(state: WarningState) -> &'static str {
    match state {
        WarningState::Open => tr!(board.state_open),
        WarningState::Acknowledged => tr!(board.state_acknowledged),
        WarningState::Handled => tr!(board.state_handled),
        WarningState::Closed => tr!(board.state_closed),
    }
}

/// The page.
pub fn inbox() -> AnyView {
    let (scope, places) = (use_scope(), RwSignal::new(PlaceLevel::Grid));
    let question = move || {
        let place = scope.place.get()?;
        Some(WarningsQuery {
            place: Some(place),
            place_level: Some(places.get()),
            limit: Some(1_000),
            ..WarningsQuery::default()
        })
    };
    let inbox = Inbox {
        list: asked(question),
        scope,
        view: use_store(),
        district: use_store(),
        acted: RwSignal::new(false),
        level: RwSignal::new(None),
        places,
        state: RwSignal::new(None),
    };
    ask_again(inbox);
    let title = follow(move || {
        let place = inbox.scope.place.get().map(|id| inbox.district.with(|d| name_of(d, &id))).unwrap_or_default();
        tr!(board.inbox_title, place = place)
    });
    view! {
        <div class="board-head"><div class="board-title"><h1>{title}</h1><p class="quiet">{follow(|| tr!(board.inbox_says).to_owned())}</p></div>{filters(inbox)}</div>
        <div class="inbox">
            <section class="inbox-list" aria-label=follow(|| tr!(board.inbox_list).to_owned())>{part(move || rows(inbox))}</section>
            <section class="inbox-detail" aria-live="polite" aria-label=follow(|| tr!(board.inbox_detail).to_owned())>{part(move || detail(inbox))}</section>
        </div>
        {is_ours().then(|| trial(inbox))}
    }
    .into_any()
}

/// A list that a backend did not answer to is asked for again by itself.
fn ask_again(inbox: Inbox) {
    let list = inbox.list;
    let is_lacking = move || list.answer.with(|answer| is_silent(answer.value().map(|listed| &listed.refused)));
    let turn = while_lacking(is_lacking);
    effect(move || {
        if turn.get() > 0 {
            list.again.run(());
        }
    });
}

fn filters(inbox: Inbox) -> AnyView {
    use crate::ui::level::level_word;
    let levels = [None, Some(Level::Red), Some(Level::Yellow), Some(Level::Blue)];
    let levels = levels
        .into_iter()
        .map(|level| Choice::new(level, move || level.map_or_else(|| tr!(board.all), level_word)))
        .collect();
    let places = [PlaceLevel::Grid, PlaceLevel::Community, PlaceLevel::Street];
    let places = places.into_iter().map(|level| Choice::new(level, move || words::place_level(level))).collect();
    let states = std::iter::once(None).chain(WarningState::ALL.iter().copied().map(Some));
    let states =
        states.map(|state| Choice::new(state, move || state.map_or_else(|| tr!(board.all), state_word))).collect();
    view! {
        <div class="board-filters">
            <Segmented name="inbox-level" legend=|| tr!(board.level) choices=levels chosen=inbox.level on_choose=move |level| inbox.level.set(level) />
            <Segmented name="inbox-places" legend=|| tr!(board.level_of_places) choices=places chosen=inbox.places on_choose=move |level| inbox.places.set(level) />
            <Segmented name="inbox-state" legend=|| tr!(board.state) choices=states chosen=inbox.state on_choose=move |state| inbox.state.set(state) />
        </div>
    }
    .into_any()
}

fn rows(inbox: Inbox) -> AnyView {
    let offset = inbox.district.with(DistrictStore::utc_offset_s);
    inbox.list.answer.with(|list| {
        loaded(list, offset, inbox.list.again, |list| {
            let (level, state) = (inbox.level.get(), inbox.state.get());
            let is_shown = |w: &&Warning| level.is_none_or(|l| w.level == l) && state.is_none_or(|s| w.state == s);
            let shown: Vec<&Warning> = list.items.iter().filter(is_shown).collect();
            // Who does not answer stands over the page already.
            let said = use_context::<Said>().map(|said| said.0.get().silent).unwrap_or_default();
            let beside = note(&list.refused.without_silent(&said));
            if shown.is_empty() {
                return view! { {beside}<EmptyMessage text=move || tr!(board.inbox_empty) /> }.into_any();
            }
            // The Tab key reaches the first row and the open one, the arrow keys the others: two hundred stops would be a wall.
            let one = |(at, warning): (usize, &Warning)| row(inbox, warning, at == 0);
            let open = list.items.iter().filter(|w| w.state == WarningState::Open).count();
            view! {
                {beside}
                <p class="quiet">{tr!(board.inbox_count, n = shown.len(), open = open)}</p>
                <div class="inbox-rows" role="group" aria-label=tr!(board.inbox_list)>{shown.into_iter().enumerate().map(one).collect_view()}</div>
            }
            .into_any()
        })
    })
}

fn row(inbox: Inbox, warning: &Warning, is_first: bool) -> AnyView {
    let id = warning.place.clone();
    // Read as it changes, so that the list stays where it was scrolled to.
    let own_id = id.clone();
    let is_open = memo(move || inbox.view.with(|v| v.state.selection == Some(Selection::Place(own_id.clone()))));
    let names: Vec<String> = inbox.district.with(|d| way(d, &id).into_iter().map(|(_, name)| name).collect());
    let (own, above) = (
        names.last().cloned().unwrap_or_default(),
        names.get(1..names.len().saturating_sub(1)).unwrap_or_default().join(" › "),
    );
    let reasons =
        warning.reasons.iter().take(3).map(|r| format!("{} {:.0}%", words::signal(r.signal), r.share * 100.0));
    let reasons = reasons.collect::<Vec<_>>().join(" · ");
    let since = exact(warning.since.to_utc(), inbox.district.with(DistrictStore::utc_offset_s));
    let press = move |_| {
        inbox.view.update(|v| v.select(Some(Selection::Place(id.clone()))));
        let row = format!("warning-{id}");
        // Where the detail lies below the list, it is gone to; beside it, the focus stays in the list.
        let is_below = media::matches(ONE_COLUMN);
        clock::next_frame(move || page::focus(if is_below { TITLE } else { &row }));
    };
    let stop = move || if is_open.get() || is_first { "0" } else { "-1" };
    let is_new = warning.state == WarningState::Open;
    view! {
        <button type="button" class="inbox-row" tabindex=stop on:keydown=|event| walk(&event) id=format!("warning-{}", warning.place) aria-current=move || is_open.get().then_some("true") on:click=press>
            <span class="inbox-level"><LevelBadge level=warning.level /></span>
            <span class="inbox-name"><b>{own}</b><small>{above}</small></span>
            <span class="inbox-score">{format!("{:.1}", warning.score)}</span>
            <span class="inbox-state" class:new=is_new>{state_word(warning.state)}</span>
            <span class="inbox-why">{reasons}</span>
            <small class="inbox-since">{tr!(board.since, time = since)}</small>
        </button>
    }
    .into_any()
}

fn walk(event: &leptos::ev::KeyboardEvent) {
    match event.key().as_str() {
        "ArrowDown" => page::focus_sibling(event, true),
        "ArrowUp" => page::focus_sibling(event, false),
        _ => return,
    }
    event.prevent_default();
}
