//! The cases of a place or a building, in pages, narrowed to those behind a signal.

use std::sync::Arc;

use fengtu_wire::cases::CaseSummary;
use fengtu_wire::warnings::Signal as Reason;
use leptos::prelude::*;

use super::signals::stands_behind;
use crate::api::cases::CasesQuery;
use crate::api::lenient::{Listed, Refused};
use crate::desk::beside::sentences;
use crate::desk::reading::{Rest, reading};
use crate::desk::scope::{asked, use_scope};
use crate::desk::words;
use crate::routes::Selection;
use crate::state::{DistrictStore, SessionStore, ViewStore, use_store};
use crate::tr;
use crate::ui::message::{EmptyMessage, error_words, loaded};
use crate::ui::number::grouped;
use crate::ui::time::TimeAgo;

/// Rows that one page of the server holds here.
pub const PAGE: u32 = 10;

/// Lists the cases that a question finds; says why where none may be seen.
#[component]
pub fn Cases(
    /// What is asked.
    #[prop(into)]
    query: Signal<Option<CasesQuery>>,
    /// Only those behind this signal.
    #[prop(into)]
    chosen: Signal<Option<Reason>>,
) -> impl IntoView {
    let session = use_store::<SessionStore>();
    move || {
        if session.with(SessionStore::sees_cases) {
            view! { <Pages query chosen /> }.into_any()
        } else {
            view! { <EmptyMessage text=|| tr!(desk.detail_cases_hidden) /> }.into_any()
        }
    }
}

#[component]
fn Pages(query: Signal<Option<CasesQuery>>, chosen: Signal<Option<Reason>>) -> impl IntoView {
    let first = asked(move || query.get());
    let (rest, more) = reading(query);
    let district = use_store::<DistrictStore>();
    let offset = move || district.with(DistrictStore::utc_offset_s);
    move || {
        first.answer.with(|answer| {
            loaded(answer, offset(), first.again, |listed| {
                let (listed, rest_now) = (listed.clone(), rest.get());
                view! { <Rows listed rest=rest_now chosen more /> }
            })
        })
    }
}

#[component]
fn Rows(
    listed: Listed<CaseSummary>,
    rest: Rest,
    chosen: Signal<Option<Reason>>,
    more: Callback<String>,
) -> impl IntoView {
    let now = use_scope().now;
    let offset = use_store::<DistrictStore>().with_untracked(DistrictStore::utc_offset_s);
    let all: Arc<Vec<CaseSummary>> = Arc::new(listed.items.iter().chain(&rest.items).cloned().collect());
    let (read, total) = (all.len(), listed.total);
    let shown = {
        let all = all.clone();
        move || {
            let (chosen, now) = (chosen.get(), now.get());
            let behind = |case: &&CaseSummary| chosen.is_none_or(|signal| stands_behind(signal, case, now));
            all.iter().filter(behind).cloned().collect::<Vec<_>>()
        }
    };
    let (whole, refused) = (all.clone(), listed.refused.clone());
    let count = shown.clone();
    let note = move || match (chosen.get(), total) {
        (Some(_), _) => tr!(desk.detail_cases_read, n = grouped(read as u64), m = grouped(count().len() as u64)),
        (None, _) => standing(&whole, total, &refused, offset),
    };
    let next = rest.next(listed.next.as_ref());
    let busy = rest.busy;
    view! {
        {(read == 0).then(|| view! { <EmptyMessage text=|| tr!(desk.detail_cases_none) /> })}
        {(read > 0).then(|| view! { <p class="quiet" role="status">{note}</p> })}
        <ul class="case-list">{move || shown().into_iter().map(|case| view! { <CaseRow case /> }).collect_view()}</ul>
        {rest.error.map(|error| view! { <p class="note" role="alert">{error_words(&error)}</p> })}
        {next.map(|cursor| view! {
            <button type="button" class="button" prop:disabled=busy on:click=move |_| more.run(cursor.clone())>
                {move || if busy { tr!(common.loading) } else { tr!(desk.detail_more) }}
            </button>
        })}
    }
}

/// Says how many there are, in which order, and how whole the list is: one of a server that keeps no order is not the newest.
fn standing(cases: &[CaseSummary], total: Option<u64>, refused: &Refused, offset: i32) -> String {
    let n = grouped(total.unwrap_or(cases.len() as u64));
    let is_newest = !refused.is_unordered && cases.is_sorted_by(|one, next| one.reported_at >= next.reported_at);
    let said = if is_newest { tr!(desk.detail_cases_note, n = n) } else { tr!(desk.detail_cases_plain, n = n) };
    let beside = sentences(refused, offset);
    std::iter::once(said).chain(beside).collect::<Vec<_>>().join(tr!(desk.semicolon))
}

/// One case: what it says, and how it stands; leads to it.
#[component]
pub fn CaseRow(
    /// The case.
    case: CaseSummary,
) -> impl IntoView {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let now = use_scope().now;
    let utc_now = Signal::derive(move || now.get().to_utc());
    let number = case.number.clone();
    let (state, at) = (case.state, case.reported_at.to_utc());
    view! {
        <li>
            <button type="button" class="case-row" on:click=move |_| view.update(|v| v.select(Some(Selection::Case(number.clone()))))>
                <span class="case-title">{case.title}</span>
                <span class="quiet">
                    {case.number.to_string()}" · "{move || words::state(state)}" · "
                    <TimeAgo at now=utc_now utc_offset_s=district.with_untracked(DistrictStore::utc_offset_s) />
                </span>
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::drawer::signals::tests::{at, case};

    #[test]
    fn only_a_list_in_order_is_said_to_begin_with_the_newest() {
        let of = |number, day: u32| CaseSummary {
            reported_at: at(&format!("2026-03-0{day}T08:00:00+08:00")),
            ..case(number)
        };
        let (sorted, mixed) = ([of("b", 2), of("a", 1)], [of("a", 1), of("b", 2)]);
        let whole = Refused::default();
        let said = standing(&sorted, Some(40), &whole, 28_800);
        assert!(said.contains("40") && said.contains("最新"), "{said}");
        let said = standing(&mixed, None, &whole, 28_800);
        assert!(said.contains('2') && !said.contains("最新"), "{said}");
        let unordered = Refused { is_unordered: true, ..Refused::default() };
        let said = standing(&sorted, Some(40), &unordered, 28_800);
        assert!(said.contains("40") && said.contains("固定顺序") && !said.contains("最新"), "{said}");
    }
}
