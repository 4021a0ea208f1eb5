//! Asking after a report by its number: where it is in our words, what they say, and when, with the zone.

use chrono::{DateTime, FixedOffset, Utc};
use leptos::prelude::*;

use super::draft::offset;
use super::fields::{Field, Kind, field};
use super::page::{Way, show, to_stations};
use super::store::Filing;
use super::told::{state_words, their_words, tracking_words};
use crate::api::ApiError;
use crate::api::reports::{Progress, ReportQuery};
use crate::browser::{clock, page as document};
use crate::reactive::part;
use crate::tr;
use crate::ui::time::exact;

/// The longest number that anybody types.
const MAX_CHARS: usize = 120;

/// What is known of the report that was asked after.
#[derive(Debug, Clone, PartialEq, Default)]
enum Found {
    #[default]
    Nothing,
    Asking,
    Known(Progress, DateTime<Utc>),
    Failed(ApiError),
}

/// Asks for a number and shows what became of its report.
#[component]
pub(super) fn Track(number: String) -> impl IntoView {
    let (filing, way): (Filing, RwSignal<Way>) = (expect_context(), expect_context());
    let (text, found) = (RwSignal::new(number.clone()), RwSignal::new(Found::default()));
    if !number.is_empty() {
        ask(filing, number.clone(), found);
    }
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let number: String = text.get_untracked().trim().chars().take(MAX_CHARS).collect();
        if number.is_empty() {
            return document::focus("number");
        }
        if way.get_untracked() == Way::Track(number.clone()) {
            return ask(filing, number, found);
        }
        show(way, Way::Track(number));
    };
    let asked = Field {
        id: "number".to_owned(),
        label: tr!(report.track_label).to_owned(),
        required: true,
        hint: tr!(report.track_hint).to_owned(),
        kind: Kind::Line("text", "text"),
        value: number,
        autocomplete: "off",
    };
    view! {
        <h1>{tr!(report.track_heading)}</h1>
        <form class="ask-step" role="search" novalidate on:submit=submit>
            {field(filing, asked, move |typed| text.set(typed))}
            <button type="submit" class="button primary">{tr!(report.track_go)}</button>
        </form>
        <div class="ask-step" aria-live="polite">{part(move || shown(filing, &found.get()))}</div>
        <p class="report-aside"><a href="/report/new/">{tr!(report.heading)}</a></p>
        {to_stations()}
    }
}

fn ask(filing: Filing, number: String, found: RwSignal<Found>) {
    found.set(Found::Asking);
    let api = filing.portal.api.get_value();
    leptos::task::spawn_local(async move {
        let answer = api.ask(&ReportQuery(number)).await;
        let at = clock::wall();
        let _ = found.try_set(answer.map_or_else(Found::Failed, |progress| Found::Known(progress, at)));
    });
}

fn shown(filing: Filing, found: &Found) -> AnyView {
    match found {
        Found::Nothing => ().into_any(),
        Found::Asking => view! { <p>{tr!(portal.asking)}</p> }.into_any(),
        Found::Failed(error) => {
            let theirs = their_words(error)
                .map(|words| view! { <p>{tr!(report.they_say)}</p> <blockquote>{words}</blockquote> });
            view! { <div class="faults" role="alert"><p><b>{tracking_words(error)}</b></p>{theirs}</div> }.into_any()
        }
        Found::Known(progress, at) => card(filing, progress, *at),
    }
}

/// A moment in the district's time, which is said with it.
fn moment(at: DateTime<Utc>, zone: i32) -> String {
    format!("{} (UTC{})", exact(at, zone), offset(zone))
}

fn card(filing: Filing, progress: &Progress, at: DateTime<Utc>) -> AnyView {
    let zone = filing.portal.store.with(|s| s.config.value().map_or(0, |config| config.utc_offset_s));
    let time = |at: Option<DateTime<FixedOffset>>| at.map(|at| moment(at.to_utc(), zone)).unwrap_or_default();
    let rows = [
        (tr!(report.done_number), progress.number.clone().unwrap_or_else(|| tr!(report.track_no_number).to_owned())),
        (tr!(report.check_place), progress.address.clone().unwrap_or_default()),
        (tr!(report.track_office), progress.office.clone().unwrap_or_default()),
        (tr!(report.track_reported), time(progress.reported_at)),
        (tr!(report.track_updated), time(progress.updated_at)),
        (tr!(report.track_expected), time(progress.expected_at)),
        (tr!(report.track_checked), moment(at, zone)),
    ];
    let rows = rows.into_iter().filter(|(_, said)| !said.is_empty());
    let rows = rows.map(|(name, said)| view! { <div><dt>{name}</dt><dd>{said}</dd></div> }).collect_view();
    let note =
        progress.note.clone().map(|text| view! { <p>{tr!(report.they_say)}</p> <blockquote>{text}</blockquote> });
    let title = Some(progress.title.clone()).filter(|title| !title.is_empty());
    view! {
        <article class="card">
            {title.map(|title| view! { <h2>{title}</h2> })}
            <p class="report-state">{state_words(progress.state)}</p>
            {note}
            <dl class="check-list">{rows}</dl>
        </article>
    }
    .into_any()
}
