//! Whom to answer, all of it once more, and sending: never twice by one press.

use leptos::prelude::*;

use super::draft::{Draft, Step};
use super::fields::{Field, Kind, field};
use super::store::{Filing, Sending};
use super::told::{may_have_arrived, sending_words, their_words};
use crate::api::ApiError;
use crate::api::reports::{AttributeKind, Receipt, ReportCommand};
use crate::browser::{clock, page as document};
use crate::reactive::{flag, part, words};
use crate::tr;
use crate::ui::message::details;

/// The last step.
pub(super) fn contact(filing: Filing) -> AnyView {
    let takes = |member: &str| untrack(|| filing.with_terms(|_, terms| terms.takes(member)));
    let is_needed = untrack(|| filing.with_terms(|_, terms| MEMBERS.iter().any(|member| terms.needs(member.0))));
    let hint = if is_needed { tr!(report.contact_needed) } else { tr!(report.contact_hint) };
    let asked = MEMBERS.iter().filter(|member| takes(member.0)).map(|member| line(filing, member)).collect_view();
    let hint = MEMBERS.iter().any(|member| takes(member.0)).then(|| view! { <p>{hint}</p> });
    view! {
        {hint}
        {asked}
        <h3>{tr!(report.check_title)}</h3>
        {check(filing)}
        {part(move || trouble(filing))}
        {send_button(filing)}
    }
    .into_any()
}

/// A member of a report: its type, what the keyboard shows, and what a browser may fill in.
type Member = (&'static str, &'static str, &'static str, &'static str);

const MEMBERS: [Member; 3] =
    [("name", "text", "text", "name"), ("telephone", "tel", "tel", "tel"), ("email", "email", "email", "email")];

fn line(filing: Filing, (id, kind, mode, autocomplete): &'static Member) -> AnyView {
    let of = |draft: &Draft| match *id {
        "name" => draft.name.clone(),
        "telephone" => draft.telephone.clone(),
        _ => draft.email.clone(),
    };
    let label = match *id {
        "name" => tr!(report.name),
        "telephone" => tr!(report.telephone),
        _ => tr!(report.email),
    };
    let asked = Field {
        id: (*id).to_owned(),
        label: label.to_owned(),
        required: untrack(|| filing.with_terms(|_, terms| terms.needs(id))),
        hint: String::new(),
        kind: Kind::Line(kind, mode),
        value: filing.draft.with_untracked(of),
        autocomplete,
    };
    let fill = move |text: String| {
        filing.change(|draft| match *id {
            "name" => draft.name = text,
            "telephone" => draft.telephone = text,
            _ => draft.email = text,
        });
    };
    field(filing, asked, fill)
}

/// What will be sent, each with the way back to it.
fn check(filing: Filing) -> AnyView {
    let draft = filing.draft.get_untracked();
    let (steps, _) = filing.steps();
    let kind = filing.services.with_untracked(|services| {
        let chosen = services.value().and_then(|services| draft.chosen(services));
        chosen.map(|service| service.name.clone()).unwrap_or_default()
    });
    let spot = draft.spot.clone().unwrap_or_default();
    let place =
        if spot.words.is_empty() && spot.at.is_some() { tr!(report.place_phone).to_owned() } else { spot.words };
    let row = |step: Step, name: &'static str, said: String| {
        view! {
            <div><dt>{name}</dt><dd>{said}</dd>
            <dd><button type="button" class="link" aria-label=format!("{} {name}", tr!(report.change))
                on:click=move |_| filing.go_to(step)>{tr!(report.change)}</button></dd></div>
        }
    };
    let rows = [
        (Step::Kind, tr!(report.check_kind), kind),
        (Step::Place, tr!(report.check_place), place),
        (Step::What, tr!(report.check_what), draft.description.trim().to_owned()),
        (Step::Questions, tr!(report.check_answers), answers(filing, &draft)),
    ];
    let shown = rows.into_iter().filter(|(step, ..)| steps.contains(step));
    view! { <dl class="check-list">{shown.map(|(step, name, said)| row(step, name, said)).collect_view()}</dl> }
        .into_any()
}

/// The answers in the words that were chosen.
fn answers(filing: Filing, draft: &Draft) -> String {
    let attributes = filing.attributes.get_untracked();
    let all = attributes.value().map(Vec::as_slice).unwrap_or_default();
    let named = all.iter().flat_map(|attribute| {
        let name = |said: &String| {
            let choice = attribute.choices.iter().find(|choice| choice.key == *said);
            let written =
                || if attribute.kind == AttributeKind::Moment { said.replace('T', " ") } else { said.clone() };
            choice.map_or_else(written, |choice| choice.name.clone())
        };
        draft.answer(&attribute.code).iter().map(name).collect::<Vec<_>>()
    });
    named.filter(|name| !name.is_empty()).collect::<Vec<_>>().join("；")
}

fn send_button(filing: Filing) -> AnyView {
    let is_busy = flag(move || filing.sending.with(|sending| *sending == Sending::Busy));
    let label = words(move || match filing.sending.get() {
        Sending::Busy => tr!(report.sending).to_owned(),
        Sending::Failed(_) => tr!(report.send_again).to_owned(),
        Sending::Not if filing.draft.with(|draft| draft.sent_at.is_some()) => tr!(report.send_again).to_owned(),
        Sending::Not => tr!(report.send).to_owned(),
    });
    view! {
        <button type="button" class="button primary" id="send" prop:disabled=is_busy on:click=move |_| send(filing)>{label}</button>
    }
    .into_any()
}

/// What went wrong, what to do, and what the server says; also after a reload in the middle of sending.
fn trouble(filing: Filing) -> AnyView {
    let sending = filing.sending.get();
    let was_sent = filing.draft.with(|draft| draft.sent_at.is_some());
    let (said, theirs, detail) = match &sending {
        Sending::Failed(error) => (sending_words(error), their_words(error), Some(details(error))),
        Sending::Not if was_sent => (tr!(report.err_interrupted), None, None),
        Sending::Not | Sending::Busy => return ().into_any(),
    };
    let theirs = theirs.map(|words| view! { <p>{tr!(report.they_say)}</p> <blockquote>{words}</blockquote> });
    let detail =
        detail.map(|detail| view! { <details><summary>{tr!(common.details)}</summary><p>{detail}</p></details> });
    view! { <div id="trouble" class="faults" role="alert" tabindex="-1"><p><b>{said}</b></p>{theirs}{detail}</div> }
        .into_any()
}

/// Sends the report, once; what is wrong is said first.
fn send(filing: Filing) {
    if filing.sending.get_untracked() == Sending::Busy {
        return;
    }
    let zone = filing.portal.store.with_untracked(|s| s.config.value().map_or(0, |config| config.utc_offset_s));
    let (faults, report) =
        untrack(|| filing.with_terms(|draft, terms| (draft.faults(terms), draft.report(terms, zone))));
    if !faults.is_empty() {
        return filing.blame(faults);
    }
    let now = filing.portal.now.get_untracked().to_rfc3339();
    let mut is_first = false;
    filing.change(|draft| {
        is_first = draft.sent_at.is_none();
        draft.sent_at = draft.sent_at.take().or(Some(now));
    });
    filing.sending.set(Sending::Busy);
    let api = filing.portal.api.get_value();
    leptos::task::spawn_local(async move {
        match api.ask(&ReportCommand(report)).await {
            Ok(receipt) => arrived(filing, receipt),
            Err(error) => failed(filing, error, is_first),
        }
    });
}

fn arrived(filing: Filing, receipt: Receipt) {
    filing.settle(Some(receipt));
    clock::next_frame(|| document::focus("done-title"));
}

fn failed(filing: Filing, error: ApiError, is_first: bool) {
    // It was surely not taken: the next sending is a first one. Else the first time stays, and it is looked for; so it does
    // where an earlier sending may have arrived.
    if is_first && !may_have_arrived(&error) {
        filing.change(|draft| draft.sent_at = None);
    }
    filing.sending.set(Sending::Failed(error));
    clock::next_frame(|| document::focus("trouble"));
}
