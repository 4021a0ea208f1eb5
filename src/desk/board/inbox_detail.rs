//! One warning: why, what can be done, what was done, and what came after earlier ones.

use fengtu_domain::handling::needs_note;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::Place;
use fengtu_wire::warnings::{Level, Reason, Warning, WarningAction, WarningEpisode, WarningOrder, WarningRecord};
use leptos::prelude::*;

use super::inbox::{Inbox, TITLE, state_word};
use crate::api::dialect::Resource;
use crate::api::supervision::{EpisodesQuery, WarningCommand, WarningRecordsQuery};
use crate::browser::clock;
use crate::desk::scope::{asked, name_of, place_name};
use crate::desk::sign_in::role_word;
use crate::desk::words;
use crate::reactive::part;
use crate::routes::brush::day_text;
use crate::routes::{Layer, Page, Selection, ViewState};
use crate::state::{DistrictStore, SessionStore, use_store};
use crate::tr;
use crate::ui::button::{Button, Look};
use crate::ui::level::{LevelBadge, level_word};
use crate::ui::message::{EmptyMessage, error_words, loaded};
use crate::ui::time::exact;

/// Shows the warning that is selected.
pub fn detail(inbox: Inbox) -> AnyView {
    let selected = inbox.view.with(|v| v.state.selection.clone());
    let Some(Selection::Place(id)) = selected else {
        return view! { <EmptyMessage text=|| tr!(board.inbox_choose) /> }.into_any();
    };
    let found =
        inbox.list.answer.with(|list| list.value().and_then(|list| list.items.iter().find(|w| w.place == id).cloned()));
    let Some(warning) = found else {
        return view! { <EmptyMessage text=|| tr!(board.inbox_none) /> }.into_any();
    };
    let name = inbox.district.with(|d| name_of(d, &id));
    if inbox.acted.get_untracked() && inbox.list.answer.with(|list| list.error().is_none()) {
        inbox.acted.set(false);
        clock::next_frame(|| crate::browser::page::focus(TITLE));
    }
    view! {
        <h2 id=TITLE tabindex="-1">{name}" "<LevelBadge level=warning.level /></h2>
        <p>{tr!(board.warning_says, score = format!("{:.1}", warning.score), state = state_word(warning.state))}{handed(inbox, &warning)}</p>
        <h3>{tr!(board.why)}</h3>
        <ul class="reasons">{warning.reasons.iter().map(reason).collect_view()}</ul>
        <p>{links(inbox, &id)}</p>
        {done(inbox, &warning, id)}
    }
    .into_any()
}

/// What can be done and was done; another dialect tells of warnings alone.
fn done(inbox: Inbox, warning: &Warning, id: PlaceId) -> AnyView {
    if !is_ours() {
        return view! { <p class="quiet">{tr!(board.warnings_alone)}</p> }.into_any();
    }
    view! { {actions(inbox, warning)}{records(inbox, id.clone())}{episodes(inbox, id)} }.into_any()
}

/// Whether the warnings come from a backend of our own contract.
pub fn is_ours() -> bool {
    use_store::<SessionStore>().with_untracked(|s| !s.public().backends().of(Resource::Warnings).is_foreign)
}

fn handed(inbox: Inbox, warning: &Warning) -> Option<String> {
    let to = warning.handed_to.as_ref()?;
    Some(tr!(board.handed_to, place = inbox.district.with(|d| name_of(d, to))))
}

fn reason(reason: &Reason) -> AnyView {
    let width = format!("{:.1}%", reason.share * 100.0);
    view! {
        <li>
            <span>{words::signal(reason.signal)}</span>
            <span class="bar-track" aria-hidden="true"><i class="bar-fill" style:display="block" style:width=width></i></span>
            <span class="figure">{tr!(board.reason_share, share = format!("{:.0}%", reason.share * 100.0), n = reason.cases)}</span>
        </li>
    }
    .into_any()
}

/// The place on the map, and the cases behind it.
fn links(inbox: Inbox, id: &PlaceId) -> AnyView {
    let (theme, lang) = inbox.view.with(|v| (v.state.theme, v.state.lang));
    let base = ViewState { place: Some(id.clone()), theme, lang, ..ViewState::default() };
    let map = ViewState { selection: Some(Selection::Place(id.clone())), ..base.clone() };
    let cases = ViewState { list: Some(Layer::Cases), ..base };
    let address = |state: ViewState| format!("{}?{}", Page::Map.path(), state.to_query());
    view! { <a class="button" href=address(map)>{tr!(board.on_map)}</a>" "<a class="button" href=address(cases)>{tr!(board.to_cases)}</a> }.into_any()
}

/// Returns the word of what can be done about a warning.
pub fn action_word(action: WarningAction) -> &'static str {
    match action {
        WarningAction::Acknowledge => tr!(board.do_acknowledge),
        WarningAction::HandDown => tr!(board.do_hand_down),
        WarningAction::Handle => tr!(board.do_handle),
        WarningAction::Close => tr!(board.do_close),
        WarningAction::Reopen => tr!(board.do_reopen),
    }
}

/// What is being written before it is done.
#[derive(Clone, Copy)]
struct Draft {
    note: RwSignal<String>,
    to: RwSignal<Option<PlaceId>>,
    said: RwSignal<String>,
    is_busy: RwSignal<bool>,
    /// The name of the request; it stays until it was answered, so that a second try does it once.
    key: RwSignal<String>,
}

fn new_key() -> String {
    format!("{:.0}-{:.0}", clock::wall_ms(), clock::random() * 1e12)
}

fn actions(inbox: Inbox, warning: &Warning) -> AnyView {
    if warning.actions.is_empty() {
        return view! { <p class="quiet">{tr!(board.no_action)}</p> }.into_any();
    }
    let below = below(inbox, &warning.place);
    let draft = Draft {
        note: RwSignal::new(String::new()),
        to: RwSignal::new(below.first().map(|(id, _)| id.clone())),
        said: RwSignal::new(String::new()),
        is_busy: RwSignal::new(false),
        key: RwSignal::new(new_key()),
    };
    let offered = |action: &&WarningAction| **action != WarningAction::HandDown || !below.is_empty();
    let button = |action: &WarningAction| {
        let (action, place, version) = (*action, warning.place.clone(), warning.version);
        let look = if action == WarningAction::Acknowledge { Look::Primary } else { Look::Plain };
        let press = Callback::new(move |()| perform(inbox, draft, place.clone(), version, action));
        view! { <Button label=move || action_word(action) on_press=press look disabled=draft.is_busy /> }
    };
    let buttons = warning.actions.iter().filter(offered).map(button).collect_view();
    let choose =
        (warning.actions.contains(&WarningAction::HandDown) && !below.is_empty()).then(|| places(&below, draft));
    view! {
        <div class="warning-actions">
            <label class="field">{tr!(board.note)}<textarea class="field-input" id="warning-note" rows="3" maxlength="500"
                prop:value=draft.note on:input:target=move |event| draft.note.set(event.target().value())></textarea></label>
            {choose}
            <div class="card-files">{buttons}</div>
            <p role="status">{draft.said}</p>
        </div>
    }
    .into_any()
}

/// Who can be told to deal with it: the place, those that it lies in, those inside it.
fn below(inbox: Inbox, place: &PlaceId) -> Vec<(PlaceId, String)> {
    let session = use_store::<SessionStore>();
    let own = session.with_untracked(|s| s.place().cloned());
    let named = |place: &Place| (place.id.clone(), place_name(place));
    let all = |d: &DistrictStore| {
        let tree = d.tree.value()?;
        let mut way: Vec<_> = tree.breadcrumb(place);
        // Those above one's own place, and it itself, are not told by whoever sits there.
        let first = own.as_ref().and_then(|own| way.iter().position(|place| place.id == *own)).map_or(1, |at| at + 1);
        way.drain(..first.min(way.len()));
        way.reverse();
        Some(way.into_iter().chain(tree.children(place)).map(named).collect())
    };
    inbox.district.with(all).unwrap_or_default()
}

fn places(below: &[(PlaceId, String)], draft: Draft) -> AnyView {
    let option = |(id, name): &(PlaceId, String)| view! { <option value=id.to_string()>{name.clone()}</option> };
    let choose = move |event: leptos::ev::Event| draft.to.set(Some(PlaceId(event_target_value(&event))));
    view! {
        <label class="field">{tr!(board.hand_to)}<select class="field-input" id="warning-to" on:change=choose>{below.iter().map(option).collect_view()}</select></label>
    }
    .into_any()
}

fn perform(inbox: Inbox, draft: Draft, place: PlaceId, version: u32, action: WarningAction) {
    let note = Some(draft.note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
    if needs_note(action) && note.is_none() {
        draft.said.set(tr!(board.note_missing).to_owned());
        return crate::browser::page::focus("warning-note");
    }
    let Some(api) = use_store_session() else { return };
    let to = draft.to.get_untracked().filter(|_| action == WarningAction::HandDown);
    let command =
        WarningCommand { place, version, key: draft.key.get_untracked(), order: WarningOrder { action, note, to } };
    draft.is_busy.set(true);
    leptos::task::spawn_local(async move {
        let answer = api.ask(&command).await;
        // The page may have gone on meanwhile.
        let _ = draft.is_busy.try_set(false);
        match answer {
            Ok(_) => {
                let _ = inbox.acted.try_set(true);
                inbox.list.again.run(());
            }
            Err(error) => {
                let words = match error.status() {
                    Some(412) => tr!(board.meanwhile),
                    Some(409) => tr!(board.not_now),
                    _ => error_words(&error),
                };
                let _ = draft.said.try_set(words.to_owned());
                if error.status().is_some() {
                    let _ = draft.key.try_set(new_key());
                }
                if error.status() == Some(412) {
                    inbox.list.again.run(());
                }
            }
        }
    });
}

fn use_store_session() -> Option<crate::api::StaffApi> {
    use_store::<SessionStore>().with_untracked(|s| s.staff().cloned())
}

fn records(inbox: Inbox, id: PlaceId) -> AnyView {
    // Asked again with the list, which an action renews.
    let records = asked(move || Some(WarningRecordsQuery(id.clone())));
    let inside = part(move || {
        let offset = inbox.district.with(DistrictStore::utc_offset_s);
        records.answer.with(|list| {
            loaded(list, offset, records.again, |list: &Vec<WarningRecord>| {
                if list.is_empty() {
                    return view! { <p class="quiet">{tr!(board.no_record)}</p> }.into_any();
                }
                view! { <ol class="records">{list.iter().map(|one| record(inbox, one, offset)).collect_view()}</ol> }
                    .into_any()
            })
        })
    });
    view! { <h3>{tr!(board.records)}</h3>{inside} }.into_any()
}

fn record(inbox: Inbox, one: &WarningRecord, offset: i32) -> AnyView {
    let to = one.to.as_ref().map(|to| tr!(board.handed_to, place = inbox.district.with(|d| name_of(d, to))));
    let who = format!("{} ({})", one.by, role_word(one.role));
    view! {
        <li><b>{action_word(one.action)}</b>" "{to}" "<span class="quiet">{exact(one.at.to_utc(), offset)}" "{who}" "{level_word(one.level)}</span>
            {one.note.clone().map(|note| view! { <p>{note}</p> })}</li>
    }
    .into_any()
}

fn episodes(inbox: Inbox, id: PlaceId) -> AnyView {
    let episodes = asked(move || Some(EpisodesQuery(id.clone())));
    let inside = part(move || {
        let offset = inbox.district.with(DistrictStore::utc_offset_s);
        episodes.answer.with(|list| loaded(list, offset, episodes.again, |list: &Vec<WarningEpisode>| earlier(list)))
    });
    view! { <h3>{tr!(board.episodes)}</h3>{inside} }.into_any()
}

fn earlier(list: &[WarningEpisode]) -> AnyView {
    let over: Vec<&WarningEpisode> = list.iter().filter(|one| one.right.is_some()).collect();
    let right = over.iter().filter(|one| one.right == Some(true)).count();
    let says = tr!(board.episodes_say, n = list.len(), judged = over.len(), right = right);
    let row = |one: &WarningEpisode| {
        let to = one.to.map_or_else(|| tr!(board.goes_on).to_owned(), |to| day_text(to.date_naive()));
        let came = match one.right {
            Some(true) => tr!(board.came_true, n = one.grave),
            Some(false) => tr!(board.came_not).to_owned(),
            None => tr!(board.too_early).to_owned(),
        };
        view! { <tr><th scope="row">{day_text(one.from.date_naive())}</th><td>{to}</td><td>{badge(one.level)}</td><td>{came}</td></tr> }
    };
    view! {
        <p class="quiet">{says}</p>
        <div class="card-scroll" tabindex="0" role="group" aria-label=tr!(board.episodes)>
            <table class="table">
                <caption class="sr-only">{tr!(board.episodes)}</caption>
                <thead><tr><th scope="col">{tr!(board.began)}</th><th scope="col">{tr!(board.ended)}</th><th scope="col">{tr!(board.highest)}</th><th scope="col">{tr!(board.came)}</th></tr></thead>
                <tbody>{list.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn badge(level: Level) -> AnyView {
    view! { <LevelBadge level /> }.into_any()
}
