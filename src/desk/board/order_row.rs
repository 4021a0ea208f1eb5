//! One order: its line in the list, and, opened, each department that was ordered to come.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::{Clock, ClockState};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::orders::{CheckIn, Order, OrderState, Summons};
use leptos::prelude::*;

use super::card::Grid;
use super::context::Board;
use crate::desk::words;
use crate::routes::{Page, Selection, ViewState};
use crate::tr;
use crate::ui::time::{day_and_time, hour_and_minute};

/// Which orders are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Not everyone has come.
    Awaited,
    /// Somebody came late, or has not come though the minutes are over.
    Late,
    /// All came, and not all have said what they did.
    Unreported,
    /// All have said what they did.
    Done,
}

impl Wanted {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Awaited, Self::Late, Self::Unreported, Self::Done];

    /// Whether an order is one of them.
    pub fn takes(self, order: &Order) -> bool {
        match self {
            Self::Awaited => order.state == OrderState::Issued,
            Self::Late => order.clock.state == ClockState::Overdue,
            Self::Unreported => order.state == OrderState::CheckedIn,
            Self::Done => matches!(order.state, OrderState::Reported | OrderState::Scored),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Awaited => tr!(board.orders_awaited),
            Self::Late => tr!(board.orders_late),
            Self::Unreported => tr!(board.orders_unreported),
            Self::Done => tr!(board.orders_done),
        }
    }
}

/// Says how its minutes stand.
pub fn minutes(clock: &Clock, now: DateTime<FixedOffset>) -> String {
    let Some(due) = clock.due_at else { return "—".to_owned() };
    let span = |from: DateTime<FixedOffset>, to: DateTime<FixedOffset>| words::span((to - from).num_seconds().max(0));
    let within = span(clock.started_at, due);
    match clock.stopped_at {
        Some(at) if at > due => tr!(board.came_late, time = span(clock.started_at, at), late = span(due, at)),
        Some(at) => tr!(board.came_in, time = span(clock.started_at, at), within = within),
        None if now > due => tr!(board.not_come, late = span(due, now), within = within),
        None => tr!(board.left, time = span(now, due), within = within),
    }
}

/// The departments of an order, and how many of them have come.
pub fn summoned(order: &Order) -> String {
    let names: Vec<&str> = order.departments.iter().map(|one| one.department.as_str()).collect();
    let came = order.departments.iter().filter(|one| one.check_in.is_some()).count();
    tr!(board.summoned_of, names = names.join(tr!(board.and)), came = came, of = names.len())
}

/// The line of an order.
pub fn line(board: Board, order: &Order, now: DateTime<FixedOffset>) -> AnyView {
    let is_late = order.clock.state == ClockState::Overdue;
    let badge = if is_late { "badge standing-yellow" } else { "badge" };
    let word = if is_late && order.state == OrderState::Issued {
        tr!(board.orders_late)
    } else {
        words::order_state(order.state)
    };
    view! {
        <span class=badge>{word}</span>
        <span class="order-what"><b>{order.title.clone()}</b>" "<span class="quiet">{board.place(&order.place)}</span></span>
        <span class="order-clock">{minutes(&order.clock, now)}</span>
        <span class="order-who">{summoned(order)}</span>
        <time class="quiet">{day_and_time(&order.issued_at)}</time>
    }
    .into_any()
}

/// An order, opened.
pub fn whole(board: Board, order: &Order) -> AnyView {
    let says = tr!(
        board.order_says,
        number = order.number.to_string(),
        by = format!("{} {}", board.place(&order.by.place), order.by.office),
        kind = words::order_kind(order.kind),
        class = words::class(order.class),
        people = order.people,
        rank = words::rank(order.least_rank)
    );
    let case = order.case.as_ref().map(|number| case_link(board, number));
    let heads = [
        tr!(board.department),
        tr!(board.check_in),
        tr!(board.who_came),
        tr!(board.where_came),
        tr!(board.reported),
        tr!(board.score_of),
    ];
    let rows = order.departments.iter().map(|one| cells(order, one)).collect();
    let table = Grid { heads: heads.map(str::to_owned).to_vec(), rows }.view(order.number.to_string());
    view! { <p class="quiet">{says}" "{case}</p><div class="card-scroll" tabindex="0" role="group" aria-label=order.number.to_string()>{table}</div> }
        .into_any()
}

fn cells(order: &Order, one: &Summons) -> Vec<String> {
    let none = || "—".to_owned();
    let came = one.check_in.as_ref();
    let spot = came.map(|check_in| check_in.spot.clone()).filter(|spot| !spot.is_empty());
    let report = one.report.as_ref().map(|report| format!("{} {}", hour_and_minute(&report.at), report.text));
    vec![
        one.department.clone(),
        came.map_or_else(|| tr!(board.not_yet).to_owned(), |check_in| time_of(order, check_in)),
        came.map_or_else(none, who),
        spot.unwrap_or_else(none),
        report.unwrap_or_else(none),
        one.score.map_or_else(none, |score| score.to_string()),
    ]
}

fn time_of(order: &Order, check_in: &CheckIn) -> String {
    let span = words::span((check_in.at - order.issued_at).num_seconds().max(0));
    let word = if check_in.in_time { tr!(board.was_in_time) } else { tr!(board.was_late) };
    format!("{} · {span} · {word}", hour_and_minute(&check_in.at))
}

fn who(check_in: &CheckIn) -> String {
    let name = check_in.person.as_ref().map(|name| format!("{name} · ")).unwrap_or_default();
    tr!(board.came_as, who = name, rank = words::rank(check_in.rank), n = check_in.people)
}

fn case_link(board: Board, number: &CaseNumber) -> AnyView {
    let (theme, lang) = board.view.with(|v| (v.state.theme, v.state.lang));
    let map = ViewState { selection: Some(Selection::Case(number.clone())), theme, lang, ..ViewState::default() };
    let href = format!("{}?{}", Page::Map.path(), map.to_query());
    view! { <a href=href>{tr!(board.order_case, number = number.to_string())}</a> }.into_any()
}

/// An order as a row of a file, the time with its zone.
pub fn row(board: Board, order: &Order, now: DateTime<FixedOffset>) -> Vec<String> {
    vec![
        order.number.to_string(),
        format!("{} {}", day_and_time(&order.issued_at), order.issued_at.offset()),
        board.place(&order.place),
        order.title.clone(),
        words::order_kind(order.kind).to_owned(),
        words::class(order.class).to_owned(),
        words::order_state(order.state).to_owned(),
        minutes(&order.clock, now),
        summoned(order),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use chrono::TimeDelta;
    use fengtu_wire::paging::Page;

    use super::*;

    fn order() -> Order {
        let orders = include_str!("../../../crates/wire/tests/golden/orders.json");
        serde_json::from_str::<Page<Order>>(orders).unwrap().items.swap_remove(0)
    }

    #[test]
    fn minutes_say_what_is_left_how_late_it_is_and_how_long_it_took() {
        let clock = order().clock;
        let (from, due) = (clock.started_at, clock.due_at.unwrap());
        assert_eq!(minutes(&clock, due - TimeDelta::minutes(12)), "还剩 12 分钟（限 1 小时 0 分钟）");
        assert_eq!(minutes(&clock, due + TimeDelta::minutes(3)), "已超 3 分钟未到（限 1 小时 0 分钟）");
        let came = |at| minutes(&Clock { stopped_at: Some(at), ..clock.clone() }, due + TimeDelta::days(9));
        assert_eq!(came(from + TimeDelta::minutes(25)), "用时 25 分钟（限 1 小时 0 分钟）");
        assert_eq!(came(due + TimeDelta::minutes(5)), "用时 1 小时 5 分钟，迟 5 分钟");
    }

    #[test]
    fn an_order_is_in_one_stage_and_may_be_late_in_each() {
        let waits = order();
        let taken = |order: &Order| Wanted::ALL.map(|wanted| wanted.takes(order));
        assert_eq!(taken(&waits), [true, false, false, false]);
        let late = Clock { state: ClockState::Overdue, ..waits.clock.clone() };
        assert_eq!(taken(&Order { clock: late.clone(), ..waits.clone() }), [true, true, false, false]);
        let came = |state| Order { state, ..waits.clone() };
        assert_eq!(taken(&came(OrderState::CheckedIn)), [false, false, true, false]);
        assert_eq!(taken(&Order { clock: late, ..came(OrderState::Scored) }), [false, true, false, true]);
        assert!(summoned(&waits).contains("2/3"), "{}", summoned(&waits));
    }
}
