//! The inbox of warnings 预警处置: by level, with their reasons, what was done, and what can be done.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::paging::MAX_LIMIT;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::walls::WallScene;
use fengtu_wire::warnings::{Level, Warning, WarningState};
use leptos::prelude::*;

use super::card::{Files, Grid, Of, Tabled, invented, take_along};
use super::context::{REFRESH_MIN, keep_focus, share_board};
use super::controls::tools;
use super::draft::{Draft, keep_typed};
use super::frame::Said;
use super::inbox_detail::{detail, is_ours};
use super::inbox_pages::{asked_whole, count};
use super::inbox_words::{as_read, cells, reasons, with_zone};
use super::trial::trial;
use crate::api::lenient::Listed;
use crate::api::warnings::WarningsQuery;
use crate::browser::{clock, media, page};
use crate::desk::beside::note;
use crate::desk::breadcrumb::way;
use crate::desk::scope::{Asked, Scope, name_of, use_scope};
use crate::desk::words;
use crate::reactive::{effect, memo, part, words as follow};
use crate::routes::Selection;
use crate::state::again::{is_silent, while_lacking};
use crate::state::{DistrictStore, ViewStore, WarningsStore, use_store};
use crate::tr;
use crate::ui::level::{LevelBadge, level_word};
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::segmented::{Choice, Segmented};
use crate::ui::time::{ago, day_and_time, exact};

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
    /// What is being written about the warning that is open.
    pub draft: Draft,
    /// The warnings that the filters leave, in their order, and each by its place.
    shown: RwSignal<Vec<PlaceId>>,
    known: RwSignal<Arc<HashMap<PlaceId, Warning>>>,
    level: RwSignal<Option<Level>>,
    places: RwSignal<PlaceLevel>,
    state: RwSignal<Option<Standing>>,
}

/// A window in which the detail lies below the list.
const ONE_COLUMN: &str = "(max-width: 1099px)";

/// The list is asked for no oftener than this, milliseconds: in a flood levels are told many times a second.
const PACE_MS: u32 = 10_000;

/// The id of the head of the warning.
pub const TITLE: &str = "warning-title";

/// How a warning stands, and whether it was handed down and nobody has dealt with it since.
type Standing = (WarningState, bool);

/// Those that can be chosen.
const STANDINGS: [Standing; 5] = [
    (WarningState::Open, false),
    (WarningState::Acknowledged, false),
    (WarningState::Acknowledged, true),
    (WarningState::Handled, false),
    (WarningState::Closed, false),
];

fn standing(warning: &Warning) -> Standing {
    (warning.state, warning.handed_to.is_some() && warning.state == WarningState::Acknowledged)
}

fn word_of((state, is_handed): Standing) -> &'static str {
    if is_handed { tr!(board.state_handed) } else { state_word(state) }
}

/// Returns the word of how a warning stands.
pub fn standing_word(warning: &Warning) -> &'static str {
    word_of(standing(warning))
}

/// Returns the word of a state.
fn state_word(state: WarningState) -> &'static str {
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
            limit: Some(MAX_LIMIT),
            ..WarningsQuery::default()
        })
    };
    let inbox = Inbox {
        list: asked_whole(question),
        scope,
        view: use_store(),
        district: use_store(),
        draft: Draft::new(),
        shown: RwSignal::new(Vec::new()),
        known: RwSignal::new(Arc::default()),
        level: RwSignal::new(None),
        places,
        state: RwSignal::new(None),
    };
    ask_again(inbox);
    keep_typed(move || inbox.draft.is_any_written());
    inbox.follow();
    inbox.take();
    let title = follow(move || {
        let place = inbox.scope.place.get().map(|id| inbox.district.with(|d| name_of(d, &id))).unwrap_or_default();
        tr!(board.inbox_title, place = place)
    });
    view! {
        <div class="board-head"><div class="board-title"><h1>{title}</h1><p class="quiet">{follow(|| tr!(board.inbox_says).to_owned())}</p></div>{filters(inbox)}{tools(share_board(), ().into_any(), Some(WallScene::Warnings))}</div>
        <div class="inbox">
            <section class="inbox-list" aria-label=follow(|| tr!(board.inbox_list).to_owned())>{rows(inbox)}</section>
            <section class="inbox-detail" aria-live="polite" aria-label=follow(|| tr!(board.inbox_detail).to_owned())>{detail(inbox)}</section>
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
    let levels = [None, Some(Level::Red), Some(Level::Yellow), Some(Level::Blue)];
    let levels = levels
        .into_iter()
        .map(|level| Choice::new(level, move || level.map_or_else(|| tr!(board.all), level_word)))
        .collect();
    let places = [PlaceLevel::Grid, PlaceLevel::Community, PlaceLevel::Street];
    let places = places.into_iter().map(|level| Choice::new(level, move || words::place_level(level))).collect();
    let states = std::iter::once(None).chain(STANDINGS.map(Some));
    let states =
        states.map(|state| Choice::new(state, move || state.map_or_else(|| tr!(board.all), word_of))).collect();
    view! {
        <div class="board-filters">
            <Segmented name="inbox-level" legend=|| tr!(board.level) choices=levels chosen=inbox.level on_choose=move |level| inbox.level.set(level) />
            <Segmented name="inbox-places" legend=|| tr!(board.level_of_places) choices=places chosen=inbox.places on_choose=move |level| inbox.places.set(level) />
            <Segmented name="inbox-state" legend=|| tr!(board.state) choices=states chosen=inbox.state on_choose=move |state| inbox.state.set(state) />
        </div>
    }
    .into_any()
}

impl Inbox {
    /// Asks again whenever levels were told, by the stream or, where there is none, as often as the state is asked for; and
    /// every few minutes, since of what others do about a warning nothing tells.
    fn follow(self) {
        let (store, pace) = (use_store::<WarningsStore>(), StoredValue::new_local(clock::Pace::new(PACE_MS)));
        let told = memo(move || store.with(|warnings| warnings.told));
        let turn = memo(move || self.scope.now.get().timestamp().div_euclid(60 * REFRESH_MIN));
        let (is_owed, is_due) = (StoredValue::new(false), StoredValue::new(false));
        Effect::new(move |before: Option<(u64, i64)>| {
            let (now, is_busy) = ((told.get(), turn.get()), self.list.is_busy.get());
            if before.is_some_and(|before| before != now) {
                is_owed.set_value(true);
            }
            // A question that is under way is not cancelled for the next: an answer that takes long would never come.
            if is_owed.get_value() && !is_busy && !is_due.get_value() {
                is_owed.set_value(false);
                is_due.set_value(true);
                leptos::task::spawn_local(async move {
                    let Some(pace) = pace.try_get_value() else { return };
                    pace.turn().await;
                    // The page may have been left meanwhile.
                    if is_due.try_set_value(false).is_none() {
                        self.list.again.run(());
                    }
                });
            }
            now
        });
    }

    /// Takes what came or what the filters leave. Rows that stay are not made anew: neither the focus nor the place to which
    /// the list was scrolled is lost.
    fn take(self) {
        effect(move || {
            let (level, state) = (self.level.get(), self.state.get());
            let is_shown = |w: &&Warning| level.is_none_or(|l| w.level == l) && state.is_none_or(|s| standing(w) == s);
            let items = self.list.answer.with(|list| list.value().map(|list| list.items.clone()).unwrap_or_default());
            let shown: Vec<PlaceId> = items.iter().filter(is_shown).map(|w| w.place.clone()).collect();
            let known: HashMap<PlaceId, Warning> = items.into_iter().map(|w| (w.place.clone(), as_read(w))).collect();
            if self.known.with_untracked(|before| **before != known) {
                self.known.set(Arc::new(known));
            }
            if self.shown.with_untracked(|before| *before != shown) {
                let focused = page::focused();
                self.shown.set(shown);
                clock::next_frame(move || keep_focus(focused.as_deref()));
            }
        });
    }

    /// Returns a warning of the list as it changes.
    pub fn warning(self, place: PlaceId) -> Memo<Option<Warning>> {
        memo(move || self.known.with(|known| known.get(&place).cloned()))
    }

    /// What a table of this page is saved from; `place`: of which it is, if not of the node in view.
    pub fn files(self, title: fn() -> &'static str, place: Option<PlaceId>, grid: Tabled) -> Files {
        let named = move || {
            let place = place.clone().or_else(|| self.scope.place.get());
            let name = place.map(|id| self.district.with(|d| name_of(d, &id))).unwrap_or_default();
            Of {
                name: format!("{name} {}", day_and_time(&self.scope.now.get())),
                note: self.district.with(invented),
                ..Of::default()
            }
        };
        Files { title, of: Arc::new(named), says: Arc::new(String::new), grid, file: None, workbook: None }
    }

    /// The rows that are shown as a table.
    fn grid(self) -> Grid {
        let words = [
            tr!(board.place),
            tr!(board.inbox_above),
            tr!(board.level),
            tr!(board.score),
            tr!(board.state),
            tr!(board.began),
            tr!(board.why),
        ];
        let offset = self.district.with(DistrictStore::utc_offset_s);
        let row = |id: &PlaceId| {
            let (own, above) = self.names(id);
            self.known.with(|known| known.get(id).map(|w| [vec![own, above], cells(w, offset)].concat()))
        };
        let rows = self.shown.with(|shown| shown.iter().filter_map(row).collect());
        Grid { heads: words.map(str::to_owned).to_vec(), rows }
    }

    /// Returns a place's own name, and those that it lies in.
    fn names(self, id: &PlaceId) -> (String, String) {
        let names: Vec<String> = self.district.with(|d| way(d, id).into_iter().map(|(_, name)| name).collect());
        let above = names.get(1..names.len().saturating_sub(1)).unwrap_or_default().join(" › ");
        (names.last().cloned().unwrap_or_default(), above)
    }
}

fn rows(inbox: Inbox) -> AnyView {
    let list = inbox.list;
    let is_here = memo(move || list.answer.with(|list| list.value().is_some()));
    // Who does not answer stands over the page already.
    let said = use_context::<Said>();
    let beside = memo(move || {
        let said = said.map(|said| said.0.get().silent).unwrap_or_default();
        list.answer.with(|list| list.value().map(|l| l.refused.without_silent(&said)).unwrap_or_default())
    });
    // While nothing has come, and when it failed; what came stays.
    let standing = part(move || {
        let offset = inbox.district.with(DistrictStore::utc_offset_s);
        list.answer.with(|answer| loaded(answer, offset, list.again, |_| ()))
    });
    let inside = part(move || if is_here.get() { table(inbox) } else { ().into_any() });
    view! { {standing}{part(move || note(&beside.get()))}{inside} }.into_any()
}

fn table(inbox: Inbox) -> AnyView {
    let is_empty = memo(move || inbox.shown.with(Vec::is_empty));
    let first = memo(move || inbox.shown.with(|shown| shown.first().cloned()));
    let is_whole = memo(move || inbox.list.answer.with(|list| list.value().is_some_and(|l| l.next.is_none())));
    let count = follow(move || inbox.shown.with(|s| inbox.known.with(|known| count(s, known, is_whole.get()))));
    let empty =
        part(move || is_empty.get().then(|| view! { <EmptyMessage text=move || tr!(board.inbox_empty) /> }).into_any());
    let files = inbox.files(|| tr!(board.inbox_list), None, Arc::new(move || inbox.grid()));
    // A file of a part of the list would not say so.
    let files = part(move || if is_whole.get() { take_along(&files) } else { ().into_any() });
    view! {
        {empty}
        <p class="quiet">{count}</p>
        <div class="inbox-rows" role="group" aria-label=tr!(board.inbox_list)>
            <For each=move || inbox.shown.get() key=PlaceId::clone let(id)>{row(inbox, id, first)}</For>
        </div>
        {files}
    }
    .into_any()
}

fn row(inbox: Inbox, id: PlaceId, first: Memo<Option<PlaceId>>) -> AnyView {
    let own = id.clone();
    let is_open = memo(move || inbox.view.with(|v| v.state.selection == Some(Selection::Place(own.clone()))));
    let (own, at, warning) = (id.clone(), format!("warning-{id}"), inbox.warning(id.clone()));
    let press = move |_| {
        inbox.view.update(|v| v.select(Some(Selection::Place(id.clone()))));
        // Not every browser gives a pressed button the focus.
        page::focus(&format!("warning-{id}"));
        // Where the detail lies below the list, it is gone to; beside it, the focus stays in the list.
        if media::matches(ONE_COLUMN) {
            clock::next_frame(|| page::pass_focus(Some(".inbox-row"), TITLE));
        }
    };
    // The Tab key reaches the first row and the open one, the arrow keys the others: two hundred stops would be a wall.
    let (stop_at, is_first) = (own.clone(), move |id: &PlaceId| first.with(|first| first.as_ref() == Some(id)));
    let stop = move || if is_open.get() || is_first(&stop_at) { "0" } else { "-1" };
    let inside = part(move || warning.with(|w| w.as_ref().map(|w| said(inbox, w))).into_any());
    view! {
        <button type="button" class="inbox-row" tabindex=stop on:keydown=|event| walk(&event) id=at aria-current=move || is_open.get().then_some("true") on:click=press>{inside}</button>
    }
    .into_any()
}

/// What a row says.
fn said(inbox: Inbox, warning: &Warning) -> AnyView {
    let (own, above) = inbox.names(&warning.place);
    let is_new = warning.state == WarningState::Open;
    view! {
        <span class="inbox-level"><LevelBadge level=warning.level /></span>
        <span class="inbox-name"><b>{own}</b><small>{above}</small></span>
        <span class="inbox-score">{format!("{:.1}", warning.score)}</span>
        <span class="inbox-state" class:new=is_new>{standing_word(warning)}</span>
        <span class="inbox-why">{reasons(warning)}</span>
        <small class="inbox-since">{since(inbox, warning)}</small>
    }
    .into_any()
}

/// Since when it has had its level: how long ago, and the moment, with its zone on hover.
fn since(inbox: Inbox, warning: &Warning) -> AnyView {
    let (at, offset) = (warning.since.to_utc(), inbox.district.with(DistrictStore::utc_offset_s));
    let text = words_of(inbox, at, offset);
    view! { <time datetime=at.to_rfc3339() title=with_zone(warning, offset)>{text}</time> }.into_any()
}

fn words_of(inbox: Inbox, at: DateTime<Utc>, offset: i32) -> Box<dyn FnMut() -> String + Send> {
    follow(move || {
        let ago = ago(at, inbox.scope.now.get().to_utc());
        tr!(board.since_ago, ago = ago, time = tr!(board.since, time = exact(at, offset)))
    })
}

fn walk(event: &leptos::ev::KeyboardEvent) {
    match event.key().as_str() {
        "ArrowDown" => page::focus_sibling(event, true),
        "ArrowUp" => page::focus_sibling(event, false),
        _ => return,
    }
    event.prevent_default();
}
