//! One warning: why, what can be done, what was done, and what came after earlier ones.

use std::sync::Arc;

use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::Place;
use fengtu_wire::warnings::{Reason, Warning, WarningAction, WarningEpisode, WarningRecord};
use leptos::prelude::*;

use super::card::{Grid, take_along};
use super::draft::Draft;
use super::inbox::{Inbox, TITLE, standing_word};
use crate::api::dialect::Resource;
use crate::api::supervision::{EpisodesQuery, WarningRecordsQuery};
use crate::browser::{clock, page};
use crate::desk::scope::{asked, name_of, place_name};
use crate::desk::sign_in::role_word;
use crate::desk::words;
use crate::reactive::{effect, memo, part, words as follow};
use crate::routes::brush::day_text;
use crate::routes::{Page, Selection, ViewState};
use crate::state::{DistrictStore, SessionStore, use_store};
use crate::tr;
use crate::ui::button::{Button, Look};
use crate::ui::level::{LevelBadge, level_word};
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::time::exact;

/// Shows the warning that is selected. The list is read again and again: what did not change is not made anew, least of all
/// the field in which somebody writes.
pub fn detail(inbox: Inbox) -> AnyView {
    let chosen = memo(move || {
        inbox.view.with(|v| match &v.state.selection {
            Some(Selection::Place(id)) => Some(id.clone()),
            _ => None,
        })
    });
    let open = Memo::new(move |before: Option<&Option<Warning>>| {
        let id = chosen.get()?;
        // What is being written about does not vanish because its level fell meanwhile.
        let kept = before.cloned().flatten().filter(|w| w.place == id && inbox.draft.is_written());
        inbox.warning(id).get().or(kept)
    });
    let is_here = memo(move || open.with(Option::is_some));
    let inside = part(move || match (chosen.get(), is_here.get()) {
        (None, _) => view! { <EmptyMessage text=|| tr!(board.inbox_choose) /> }.into_any(),
        (Some(_), false) => view! { <EmptyMessage text=|| tr!(board.inbox_none) /> }.into_any(),
        (Some(id), true) => whole(inbox, open, id),
    });
    inbox.go_on();
    view! { {inside} }.into_any()
}

impl Inbox {
    /// When something was done and the list has come, the focus goes on at the head of the warning.
    fn go_on(self) {
        effect(move || {
            let is_read = self.list.answer.with(|list| list.value().is_some() && list.error().is_none());
            if is_read && self.draft.acted.get_untracked() {
                self.draft.acted.set(false);
                clock::next_frame(|| page::pass_focus(Some(".warning-actions button"), TITLE));
            }
        });
    }
}

/// The warning that is open, as it changes.
type Open = Memo<Option<Warning>>;

fn whole(inbox: Inbox, open: Open, id: PlaceId) -> AnyView {
    inbox.draft.begin(&id);
    // What is read here is followed in parts of its own: names that come late must not make the field anew in which somebody writes.
    let (named, linked, listed) = (id.clone(), id.clone(), inbox.warning(id.clone()));
    let name = follow(move || inbox.district.with(|d| name_of(d, &named)));
    let level = memo(move || open.with(|w| w.as_ref().map(|w| w.level)));
    let reasons = memo(move || open.with(|w| w.as_ref().map(|w| w.reasons.clone()).unwrap_or_default()));
    let badge = part(move || level.get().map(|level| view! { <LevelBadge level /> }).into_any());
    let is_over = memo(move || listed.with(Option::is_none));
    let over = part(move || is_over.get().then(|| view! { <p class="note">{tr!(board.inbox_over)}</p> }).into_any());
    let standing = part(move || open.with(|w| w.as_ref().map(|w| standing(inbox, w))).into_any());
    view! {
        <h2 id=TITLE tabindex="-1">{name}" "{badge}</h2>
        {over}
        {standing}
        <h3>{tr!(board.why)}</h3>
        <ul class="reasons">{part(move || reasons.get().iter().map(reason).collect_view().into_any())}</ul>
        <p>{part(move || link(inbox, &linked))}</p>
        {done(inbox, open, id)}
    }
    .into_any()
}

/// How it stands, and since when: not how long ago, as what is told aloud here must not change by the minute.
fn standing(inbox: Inbox, warning: &Warning) -> AnyView {
    let says = tr!(board.warning_says, score = format!("{:.1}", warning.score), state = standing_word(warning));
    let at = exact(warning.since.to_utc(), inbox.district.with(DistrictStore::utc_offset_s));
    view! { <p>{says}{handed(inbox, warning)}" "<small class="quiet">{tr!(board.since, time = at)}</small></p> }
        .into_any()
}

/// What can be done and was done; another dialect tells of warnings alone.
fn done(inbox: Inbox, open: Open, id: PlaceId) -> AnyView {
    if !is_ours() {
        return view! { <p class="quiet">{tr!(board.warnings_alone)}</p> }.into_any();
    }
    let version = memo(move || open.with(|w| w.as_ref().map(|w| w.version)));
    view! { {actions(inbox, open, id.clone())}{records(inbox, version, id.clone())}{episodes(inbox, id)} }.into_any()
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

/// The place on the map, whose drawer has the cases behind each reason.
fn link(inbox: Inbox, id: &PlaceId) -> AnyView {
    let (theme, lang) = inbox.view.with(|v| (v.state.theme, v.state.lang));
    let (place, selection) = (Some(id.clone()), Some(Selection::Place(id.clone())));
    let map = ViewState { place, selection, theme, lang, ..ViewState::default() };
    view! { <a class="button" href=format!("{}?{}", Page::Map.path(), map.to_query())>{tr!(board.on_map)}</a> }
        .into_any()
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

fn actions(inbox: Inbox, open: Open, id: PlaceId) -> AnyView {
    let offered = memo(move || open.with(|w| w.as_ref().map(|w| w.actions.clone()).unwrap_or_default()));
    let can_act = memo(move || offered.with(|offered| !offered.is_empty()));
    warn_of_others(inbox, open);
    let inside = part(move || {
        if !can_act.get() {
            return view! { <p class="quiet">{tr!(board.no_action)}</p> }.into_any();
        }
        form(inbox, open, offered, id.clone())
    });
    view! { {inside} }.into_any()
}

/// Whoever writes is told that somebody else did something meanwhile.
fn warn_of_others(inbox: Inbox, open: Open) {
    let version = memo(move || open.with(|w| w.as_ref().map(|w| w.version)));
    Effect::new(move |before: Option<Option<u32>>| {
        let now = version.get();
        let is_news = before.is_some_and(|before| before != now) && !inbox.draft.acted.get_untracked();
        if is_news && inbox.draft.is_written() {
            inbox.draft.said.set(tr!(board.meanwhile).to_owned());
        }
        now
    });
}

fn form(inbox: Inbox, open: Open, offered: Memo<Vec<WarningAction>>, id: PlaceId) -> AnyView {
    let draft = inbox.draft;
    let below = memo(move || below(inbox, &id));
    let choose = part(move || {
        let can_hand = offered.with(|offered| offered.contains(&WarningAction::HandDown));
        let below = below.get();
        if !can_hand || below.is_empty() {
            return ().into_any();
        }
        if draft.to.with_untracked(|to| !below.iter().any(|(id, _)| Some(id) == to.as_ref())) {
            draft.to.set(below.first().map(|(id, _)| id.clone()));
        }
        places(&below, draft)
    });
    let buttons = part(move || {
        let can_hand = !below.with(Vec::is_empty);
        let is_offered = |action: &WarningAction| *action != WarningAction::HandDown || can_hand;
        let offered: Vec<_> = offered.get().into_iter().filter(is_offered).collect();
        offered.into_iter().map(|action| button(inbox, open, action)).collect_view().into_any()
    });
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

fn button(inbox: Inbox, open: Open, action: WarningAction) -> AnyView {
    let look = if action == WarningAction::Acknowledge { Look::Primary } else { Look::Plain };
    let press = Callback::new(move |()| {
        if let Some(at) = open.with_untracked(|w| w.as_ref().map(|w| (w.place.clone(), w.version))) {
            inbox.draft.perform(inbox, at, action);
        }
    });
    view! { <Button label=move || action_word(action) on_press=press look disabled=inbox.draft.is_busy /> }.into_any()
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
    let chosen = draft.to.get_untracked();
    let option = |(id, name): &(PlaceId, String)| {
        view! { <option value=id.to_string() selected=chosen.as_ref() == Some(id)>{name.clone()}</option> }
    };
    let choose = move |event: leptos::ev::Event| draft.to.set(Some(PlaceId(event_target_value(&event))));
    view! {
        <label class="field">{tr!(board.hand_to)}<select class="field-input" id="warning-to" on:change=choose>{below.iter().map(option).collect_view()}</select></label>
    }
    .into_any()
}

fn records(inbox: Inbox, version: Memo<Option<u32>>, id: PlaceId) -> AnyView {
    let records = asked(move || Some(WarningRecordsQuery(id.clone())));
    // Asked again when something was done, here or by others.
    Effect::new(move |before: Option<Option<u32>>| {
        let now = version.get();
        if before.is_some_and(|before| before != now) {
            records.again.run(());
        }
        now
    });
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
    let own = id.clone();
    let episodes = asked(move || Some(EpisodesQuery(own.clone())));
    let inside = part(move || {
        let offset = inbox.district.with(DistrictStore::utc_offset_s);
        episodes
            .answer
            .with(|list| loaded(list, offset, episodes.again, |list: &Vec<WarningEpisode>| earlier(inbox, &id, list)))
    });
    view! { <h3>{tr!(board.episodes)}</h3>{inside} }.into_any()
}

fn earlier(inbox: Inbox, id: &PlaceId, list: &[WarningEpisode]) -> AnyView {
    let over: Vec<&WarningEpisode> = list.iter().filter(|one| one.right.is_some()).collect();
    let right = over.iter().filter(|one| one.right == Some(true)).count();
    let says = tr!(board.episodes_say, n = list.len(), judged = over.len(), right = right);
    let row = |one: &WarningEpisode| {
        let [from, to, came] = cells(one);
        view! { <tr><th scope="row">{from}</th><td>{to}</td><td><LevelBadge level=one.level /></td><td>{came}</td></tr> }
    };
    let kept = list.to_vec();
    let files = inbox.files(|| tr!(board.episodes), Some(id.clone()), Arc::new(move || grid(&kept)));
    view! {
        <p class="quiet">{says}</p>
        <div class="card-scroll" tabindex="0" role="group" aria-label=tr!(board.episodes)>
            <table class="table">
                <caption class="sr-only">{tr!(board.episodes)}</caption>
                <thead><tr>{heads().map(|word| view! { <th scope="col">{word}</th> }).into_iter().collect_view()}</tr></thead>
                <tbody>{list.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {take_along(&files)}
    }
    .into_any()
}

fn heads() -> [&'static str; 4] {
    [tr!(board.began), tr!(board.ended), tr!(board.highest), tr!(board.came)]
}

/// When an earlier warning began and ended, and what came after.
fn cells(one: &WarningEpisode) -> [String; 3] {
    let to = one.to.map_or_else(|| tr!(board.goes_on).to_owned(), |to| day_text(to.date_naive()));
    let came = match one.right {
        Some(true) => tr!(board.came_true, n = one.grave),
        Some(false) => tr!(board.came_not).to_owned(),
        None => tr!(board.too_early).to_owned(),
    };
    [day_text(one.from.date_naive()), to, came]
}

fn grid(list: &[WarningEpisode]) -> Grid {
    let row = |one: &WarningEpisode| {
        let [from, to, came] = cells(one);
        vec![from, to, level_word(one.level).to_owned(), came]
    };
    Grid { heads: heads().map(str::to_owned).to_vec(), rows: list.iter().map(row).collect() }
}
