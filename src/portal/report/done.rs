//! The receipt: the number, or that it is on its way, followed until it is there.

use leptos::prelude::*;

use super::page::{Way, show, to_stations};
use super::store::Filing;
use crate::api::reports::{Receipt, ReportQuery};
use crate::browser::{clock, visibility};
use crate::reactive::part;
use crate::tr;
use crate::ui::button::{Button, Look};

/// Seconds between two questions for the number, the first ones sooner.
const PAUSES_S: [u32; 4] = [2, 4, 8, 15];
/// So often it is asked for; then the resident is told to come back.
const TIMES: usize = 40;

/// What came of sending a report.
#[component]
pub(super) fn Done(receipt: Receipt) -> impl IntoView {
    let (filing, way): (Filing, RwSignal<Way>) = (expect_context(), expect_context());
    let is_late = RwSignal::new(false);
    if let Receipt { number: None, token: Some(token), .. } = &receipt {
        follow(filing, token.clone(), is_late);
    }
    let (known, name) = (receipt.clone(), name_of(&receipt));
    let track = name.map(|name| {
        let go = move |()| show(way, Way::Track(name.clone()));
        view! { <Button label=tr!(report.done_track) look=Look::Primary on_press=go /> }
    });
    let there = receipt.was_there.then(|| view! { <p>{tr!(report.done_there)}</p> });
    let notice =
        receipt.notice.clone().map(|text| view! { <p>{tr!(report.they_say)}</p> <blockquote>{text}</blockquote> });
    view! {
        <section class="ask-step" aria-labelledby="done-title">
            <h1 id="done-title" tabindex="-1">{tr!(report.done_title)}</h1>
            {there}
            <div aria-live="polite">{part(move || number(&known, is_late.get()))}</div>
            {notice}
            <div class="report-ways">
                {track}
                <Button label=tr!(report.done_new) on_press=move |()| filing.settle(None) />
            </div>
            {to_stations()}
        </section>
    }
}

/// By what it can be asked after.
fn name_of(receipt: &Receipt) -> Option<String> {
    receipt.number.clone().or_else(|| receipt.token.as_ref().map(|token| format!("token:{token}")))
}

fn number(receipt: &Receipt, is_late: bool) -> AnyView {
    match (&receipt.number, &receipt.token) {
        (Some(number), _) => view! {
            <p>{tr!(report.done_number)}</p>
            <p class="report-number">{number.clone()}</p>
            <p>{tr!(report.done_keep)}</p>
        }
        .into_any(),
        (None, Some(token)) if is_late => view! {
            <p>{tr!(report.done_late)}</p>
            <p class="report-number">{format!("token:{token}")}</p>
        }
        .into_any(),
        (None, Some(_)) => view! { <p>{tr!(report.done_token)}</p> }.into_any(),
        (None, None) => view! { <p>{tr!(report.done_none)}</p> }.into_any(),
    }
}

/// Asks for the number until it is there, somebody reports anew, or it takes too long. A hidden tab asks for nothing.
fn follow(filing: Filing, token: String, is_late: RwSignal<bool>) {
    let api = filing.portal.api.get_value();
    let is_waited_for = {
        let token = token.clone();
        move || {
            let receipt = filing.receipt.try_get_untracked().flatten();
            receipt.is_some_and(|receipt| receipt.number.is_none() && receipt.token.as_deref() == Some(token.as_str()))
        }
    };
    leptos::task::spawn_local(async move {
        for time in 0..TIMES {
            let pause = PAUSES_S.get(time).or(PAUSES_S.last()).copied().unwrap_or(15);
            clock::sleep(pause * 1_000).await;
            if !is_waited_for() {
                return;
            }
            if !visibility::is_visible() {
                continue;
            }
            let known = api.ask(&ReportQuery(format!("token:{token}"))).await.ok().and_then(|progress| progress.number);
            if known.is_some() && is_waited_for() {
                let receipt = filing.receipt.get_untracked().map(|receipt| Receipt { number: known, ..receipt });
                return filing.settle(receipt);
            }
        }
        let _ = is_late.try_set(true);
    });
}
