//! The drawer of a case: what it is, how its clocks stand, the way it has come.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::{Case, CaseEvent, CaseSummary, Clock, ClockState, Party};
use fengtu_wire::ids::CaseNumber;
use leptos::prelude::*;

use super::actions::actions;
use super::parts::{Head, Part, facts, text};
use crate::api::cases::{CaseEventsQuery, CaseQuery, WholeCase, host};
use crate::desk::scope::{Asked, asked, name_of, use_scope};
use crate::desk::words;
use crate::i18n;
use crate::reactive::part;
use crate::routes::Selection;
use crate::state::{CasesStore, DistrictStore, ViewStore, use_store};
use crate::tr;
use crate::ui::message::loaded;
use crate::ui::number::grouped;
use crate::ui::status::ClockBadge;
use crate::ui::time::exact;

/// A case in full, as this viewer may see it.
#[component]
pub fn CaseDrawer(
    /// Its number.
    number: CaseNumber,
) -> impl IntoView {
    let (title, events, acted) = (number.clone(), number.clone(), number.clone());
    let asked_number = number.clone();
    let case = asked(move || Some(CaseQuery(asked_number.clone())));
    let events = asked(move || Some(CaseEventsQuery(events.clone())));
    follow(&number, case, events);
    let sort = Signal::derive(move || format!("{} {title}", tr!(desk.case_title)));
    let name = Signal::derive(move || {
        case.answer.with(|c| c.value().map_or_else(|| number.to_string(), |c| c.case.summary.title.clone()))
    });
    let offset = move || use_store::<DistrictStore>().with(DistrictStore::utc_offset_s);
    let now = use_scope().now;
    let again = Callback::new(move |()| {
        case.again.run(());
        events.again.run(());
    });
    // They stay as the case is read anew: nothing that was typed is lost.
    let is_there = Memo::new(move |_| case.answer.with(|c| c.value().is_some()));
    let steps = part(move || if is_there.get() { actions(&acted, again) } else { ().into_any() });
    view! {
        <Head sort title=name />
        {move || case.answer.with(|c| loaded(c, offset(), case.again, |case| whole(case, offset(), now)))}
        {steps}
        <Part title=Signal::derive(|| tr!(desk.case_timeline).to_owned())>
            {move || events.answer.with(|e| loaded(e, offset(), events.again, |events| timeline(events, offset())))}
        </Part>
    }
}

/// Reads the case anew when the stream says that it has changed.
fn follow(number: &CaseNumber, case: Asked<WholeCase>, events: Asked<Vec<CaseEvent>>) {
    let (cases, number) = (use_store::<CasesStore>(), number.clone());
    let state = Memo::new(move |_| cases.with(|c| c.dot(&number).map(|dot| dot.state)));
    Effect::new(move |before: Option<Option<_>>| {
        let now = state.get();
        if before.is_some_and(|before| before.is_some() && before != now) {
            case.again.run(());
            events.again.run(());
        }
        now
    });
}

fn whole(told: &WholeCase, offset: i32, now: Memo<DateTime<FixedOffset>>) -> impl IntoView + use<> {
    let WholeCase { case, media, media_refused } = told;
    let clocks = case.summary.clocks.clone();
    let parties = case.parties.clone();
    let repeat = case.repeat_of.clone();
    let description = case.description.clone();
    let known = known(case, offset);
    view! {
        {repeat.map(|number| view! { <Repeat number /> })}
        {(!clocks.is_empty()).then(|| view! {
            <Part title=Signal::derive(|| tr!(desk.case_clocks).to_owned())>
                <ul class="clocks">{clocks.into_iter().map(|clock| view! { <ClockRow clock now offset /> }).collect_view()}</ul>
            </Part>
        })}
        <Part title=Signal::derive(|| tr!(desk.detail_facts).to_owned())>{known}</Part>
        {(!description.is_empty()).then(|| view! {
            <Part title=Signal::derive(|| tr!(desk.case_description).to_owned())><p>{description}</p></Part>
        })}
        {links(media, *media_refused)}
        {(!parties.is_empty()).then(|| view! {
            <Part title=Signal::derive(|| tr!(desk.case_parties).to_owned())>
                <ul class="parties">{parties.into_iter().map(party).collect_view()}</ul>
                <p class="quiet">{tr!(desk.case_masked)}</p>
            </Part>
        })}
    }
}

/// Pictures and papers where the backend has them: whoever presses one goes there, and is not told on.
fn links(media: &[String], refused: usize) -> AnyView {
    if media.is_empty() && refused == 0 {
        return ().into_any();
    }
    let one = |(n, link): (usize, &String)| {
        let words = tr!(desk.case_media_one, n = n, host = host(link).unwrap_or_default());
        view! { <li><a href=link.clone() target="_blank" rel="noopener noreferrer">{words}</a></li> }
    };
    let all = (!media.is_empty()).then(|| view! { <ul>{(1..).zip(media).map(one).collect_view()}</ul> });
    let more = (refused > 0).then(|| view! { <p class="quiet">{tr!(desk.case_media_refused, n = refused)}</p> });
    view! { <h3>{tr!(desk.case_media)}</h3>{all}{more} }.into_any()
}

/// Writes fen as yuan with two decimals where there are fen.
pub fn yuan(fen: i64) -> String {
    let (sign, fen) = (if fen < 0 { "−" } else { "" }, fen.unsigned_abs());
    let rest = fen % 100;
    let cents = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    format!("{sign}{}{cents}", grouped(fen / 100))
}

fn known(case: &Case, offset: i32) -> impl IntoView + use<> {
    let CaseSummary { state, class, channel, sensitivity, people, amount_fen, reported_at, resolved_at, .. } =
        case.summary;
    let summary = &case.summary;
    let district = use_store::<DistrictStore>();
    let (category, place, holder) = district.with(|d| {
        let category =
            d.category(&summary.category).map_or_else(|| summary.category.to_string(), |c| i18n::local(&c.name));
        let holder = summary.holder.as_ref().map(|h| format!("{} {}", name_of(d, &h.place), h.office));
        (category, place_path(d, summary), holder)
    });
    facts(vec![
        (tr!(desk.case_state), text(words::state(state))),
        (tr!(desk.case_class), text(words::class(class))),
        (tr!(desk.case_category), text(category)),
        (tr!(desk.case_channel), text(words::channel(channel))),
        (tr!(desk.case_place), text(place)),
        (tr!(desk.building_address), summary.address.clone().and_then(text)),
        (tr!(desk.case_building), case.building.clone().map(|code| view! { <BuildingLink code /> }.into_any())),
        (tr!(desk.case_holder), holder.and_then(text)),
        (tr!(desk.case_reported), text(exact(reported_at.to_utc(), offset))),
        (tr!(desk.case_resolved), resolved_at.and_then(|at| text(exact(at.to_utc(), offset)))),
        (tr!(desk.case_people), text(grouped(people.into()))),
        (tr!(desk.case_amount), (amount_fen != 0).then(|| yuan(amount_fen)).and_then(text)),
        (tr!(desk.case_sensitivity), text(words::sensitivity(sensitivity))),
        (tr!(desk.case_rating), case.rating.and_then(|n| text(tr!(desk.case_stars, n = n)))),
    ])
}

fn place_path(district: &DistrictStore, case: &CaseSummary) -> String {
    let Some(place) = &case.place else { return tr!(desk.case_outside).to_owned() };
    let way: Vec<_> = district.breadcrumb(place).into_iter().skip(1).map(crate::desk::scope::place_name).collect();
    if way.is_empty() { name_of(district, place) } else { way.join(" › ") }
}

#[component]
fn BuildingLink(code: fengtu_wire::ids::BuildingCode) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let word = code.to_string();
    view! {
        <button type="button" class="link" on:click=move |_| view.update(|v| v.select(Some(Selection::Building(code.clone()))))>{word}</button>
    }
}

#[component]
fn Repeat(number: CaseNumber) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let word = tr!(desk.case_repeat, number = number.to_string());
    view! {
        <p class="note">
            <button type="button" class="link" on:click=move |_| view.update(|v| v.select(Some(Selection::Case(number.clone()))))>{word}</button>
        </p>
    }
}

fn party(party: Party) -> impl IntoView {
    view! {
        <li>
            <span class="quiet">{words::side(party.side)}</span>" "{party.name}
            {party.telephone.map(|number| view! { <span class="quiet">" · "{number}</span> })}
        </li>
    }
}

/// Returns how a clock stands now: the server told its state when it answered, and time has gone on since.
pub fn stands(clock: &Clock, now: DateTime<FixedOffset>) -> ClockState {
    match (clock.stopped_at, clock.due_at) {
        (None, Some(_)) => fengtu_domain::clocks::state(clock.started_at, clock.due_at, None, now),
        _ => clock.state,
    }
}

/// Returns the words beside a clock: how long it has left, or how late it is.
pub fn left(clock: &Clock, now: DateTime<FixedOffset>) -> Option<String> {
    let Some(due) = clock.due_at else { return Some(tr!(desk.case_due_unknown).to_owned()) };
    let seconds = (due - clock.stopped_at.unwrap_or(now)).num_seconds();
    match (seconds < 0, clock.stopped_at) {
        (true, _) => Some(tr!(desk.case_late, time = words::span(-seconds))),
        (false, None) => Some(tr!(desk.case_left, time = words::span(seconds))),
        (false, Some(_)) => None,
    }
}

#[component]
fn ClockRow(clock: Clock, now: Memo<DateTime<FixedOffset>>, offset: i32) -> impl IntoView {
    let title = clock.due_at.map(|due| exact(due.to_utc(), offset));
    let (kind, again) = (clock.kind, clock.clone());
    view! {
        <li title=title>
            <span>{move || words::clock(kind)}</span>
            {move || view! { <ClockBadge state=stands(&clock, now.get()) /> }}
            <span class="quiet">{move || left(&again, now.get())}</span>
        </li>
    }
}

fn timeline(events: &[CaseEvent], offset: i32) -> impl IntoView + use<> {
    let one = |event: CaseEvent| {
        let at = event.at.to_utc();
        view! {
            <li>
                <strong>{words::state(event.to)}</strong>" "<time class="quiet" datetime=at.to_rfc3339()>{exact(at, offset)}</time>
                <p>{event.by}{event.holder.map(|h| format!(" → {}", h.office))}</p>
                {event.note.map(|note| view! { <p class="quiet">{note}</p> })}
            </li>
        }
    };
    view! { <ol class="timeline">{events.iter().cloned().map(one).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use fengtu_wire::cases::ClockKind;

    use super::super::signals::tests::at;
    use super::*;

    #[test]
    fn a_running_clock_is_judged_by_the_time_now_and_a_stopped_one_stays() {
        let mut clock = Clock {
            kind: ClockKind::Accept,
            started_at: at("2026-03-01T08:00:00+08:00"),
            due_at: Some(at("2026-03-01T08:30:00+08:00")),
            stopped_at: None,
            state: ClockState::Running,
        };
        let late = at("2026-03-01T09:31:00+08:00");
        assert_eq!(stands(&clock, at("2026-03-01T08:10:00+08:00")), ClockState::Running);
        assert_eq!(stands(&clock, at("2026-03-01T08:25:00+08:00")), ClockState::DueSoon);
        assert_eq!(stands(&clock, late), ClockState::Overdue);
        assert_eq!(left(&clock, late).as_deref(), Some("超 1 小时 1 分钟"));
        clock.stopped_at = Some(at("2026-03-01T08:20:00+08:00"));
        clock.state = ClockState::Met;
        assert_eq!((stands(&clock, late), left(&clock, late)), (ClockState::Met, None));
    }

    #[test]
    fn money_is_read_in_yuan() {
        assert_eq!((yuan(1_234_500).as_str(), yuan(-105).as_str()), ("12\u{2009}345", "−1.05"));
    }
}
