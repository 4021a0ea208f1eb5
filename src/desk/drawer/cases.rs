//! The cases of a place or a building, in pages, narrowed to those behind a signal.

use std::sync::Arc;

use fengtu_wire::cases::CaseSummary;
use fengtu_wire::warnings::Signal as Reason;
use leptos::prelude::*;

use super::signals::{self, stands_behind};
use crate::api::cases::CasesQuery;
use crate::api::dialect::Resource;
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
    /// Only those behind this signal, where nobody was asked for them.
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
    let is_ours = use_store::<SessionStore>().with_untracked(|s| !s.public().backends().of(Resource::Cases).is_foreign);
    let is_asked = signals::are_asked_for();
    let (is_behind, chosen) = (move || is_asked && chosen.get().is_some(), move || chosen.get().filter(|_| !is_asked));
    let all: Arc<Vec<CaseSummary>> = Arc::new(rest.after(&listed.items).cloned().collect());
    let read = all.len();
    let shown = {
        let all = all.clone();
        move || {
            let (chosen, now) = (chosen(), now.get());
            let behind = |case: &&CaseSummary| chosen.is_none_or(|signal| stands_behind(signal, case, now));
            all.iter().filter(behind).cloned().collect::<Vec<_>>()
        }
    };
    let next = rest.next(listed.next.as_ref());
    let (whole, mut refused, goes_on) = (all.clone(), listed.refused.clone(), next.is_some());
    refused.add_all(&rest.refused);
    let count = shown.clone();
    let note = move || match chosen() {
        Some(_) => tr!(desk.detail_cases_read, n = grouped(read as u64), m = grouped(count().len() as u64)),
        None if is_behind() => behind(listed.total.unwrap_or(read as u64), &refused, offset),
        None => standing(&Standing { cases: &whole, total: listed.total, goes_on, is_ours, refused: &refused }, offset),
    };
    let busy = rest.busy;
    view! {
        {(read == 0).then(|| view! { <EmptyMessage text=move || none(is_behind()) /> })}
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

fn none(is_behind: bool) -> &'static str {
    if is_behind { tr!(desk.detail_cases_behind_none) } else { tr!(desk.detail_cases_none) }
}

/// Says how many of those behind a signal the viewer may see, whenever they were reported.
fn behind(total: u64, refused: &Refused, offset: i32) -> String {
    let said = tr!(desk.detail_cases_behind, n = grouped(total));
    std::iter::once(said).chain(sentences(refused, offset)).collect::<Vec<_>>().join(tr!(desk.semicolon))
}

/// What is known of a list.
#[derive(Clone, Copy)]
struct Standing<'a> {
    /// What was read of it.
    cases: &'a [CaseSummary],
    /// How many there are, if anybody has counted.
    total: Option<u64>,
    /// There is more to read.
    goes_on: bool,
    /// Our own contract begins with the newest; of another backend only what was read shows its order.
    is_ours: bool,
    refused: &'a Refused,
}

/// Says how many there are, in which order, and how whole the list is: one of a server that keeps no order is not the newest.
fn standing(list: &Standing<'_>, offset: i32) -> String {
    let beside = sentences(list.refused, offset);
    std::iter::once(counted(list)).chain(beside).collect::<Vec<_>>().join(tr!(desk.semicolon))
}

fn counted(list: &Standing<'_>) -> String {
    let m = grouped(list.cases.len() as u64);
    let is_sorted = list.cases.is_sorted_by(|one, next| one.reported_at >= next.reported_at);
    let is_newest = is_sorted && !list.refused.is_unordered;
    let is_all = !list.goes_on || list.is_ours && list.total.is_some();
    match (is_all, list.total.map(grouped), is_newest) {
        (true, n, true) => tr!(desk.detail_cases_note, n = n.unwrap_or(m)),
        (true, n, false) => tr!(desk.detail_cases_plain, n = n.unwrap_or(m)),
        (false, Some(n), true) => tr!(desk.detail_cases_part_sorted, n = n, m = m),
        (false, Some(n), false) => tr!(desk.detail_cases_part, n = n, m = m),
        (false, None, true) => tr!(desk.detail_cases_more_sorted, m = m),
        (false, None, false) => tr!(desk.detail_cases_more, m = m),
    }
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

    fn of(number: &str, day: u32) -> CaseSummary {
        CaseSummary { reported_at: at(&format!("2026-03-0{day}T08:00:00+08:00")), ..case(number) }
    }

    #[test]
    fn only_a_list_in_order_is_said_to_begin_with_the_newest() {
        let (sorted, mixed) = ([of("b", 2), of("a", 1)], [of("a", 1), of("b", 2)]);
        let whole = Refused::default();
        let ours = Standing { cases: &sorted, total: Some(40), goes_on: true, is_ours: true, refused: &whole };
        let said = standing(&ours, 28_800);
        assert!(said.contains("40") && said.contains("最新"), "{said}");
        let said = standing(&Standing { cases: &mixed, total: None, goes_on: false, ..ours }, 28_800);
        assert!(said.contains('2') && !said.contains("最新"), "{said}");
        let unordered = Refused { is_unordered: true, ..Refused::default() };
        let said = standing(&Standing { refused: &unordered, ..ours }, 28_800);
        assert!(said.contains("40") && said.contains("固定顺序") && !said.contains("最新"), "{said}");
    }

    #[test]
    fn of_another_backend_what_was_read_says_nothing_of_what_was_not() {
        let sorted = [of("b", 2), of("a", 1)];
        let whole = Refused::default();
        let theirs = Standing { cases: &sorted, total: Some(40), goes_on: true, is_ours: false, refused: &whole };
        let said = standing(&theirs, 28_800);
        assert!(said.contains("40") && said.contains('2') && !said.contains("最新"), "{said}");
        let said = standing(&Standing { total: None, ..theirs }, 28_800);
        assert!(!said.contains("本期") && said.contains("后面还有"), "two of an unknown number are not all: {said}");
        let said = standing(&Standing { total: Some(2), goes_on: false, ..theirs }, 28_800);
        assert!(said.contains("最新"), "all was read: {said}");
    }
}
