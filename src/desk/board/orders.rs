//! Orders one by one 发令督办: which wait, which were late, who came, what they did.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use fengtu_wire::ids::OrderNumber;
use fengtu_wire::orders::{Order, OrderKind, OrderState};
use fengtu_wire::paging::MAX_LIMIT;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::{Board, REFRESH_MIN, share_board};
use super::controls::head_of;
use super::departments;
use super::insight::count;
use super::order_row::{Wanted, line, row, whole};
use super::period::period;
use crate::api::lenient::Listed;
use crate::api::orders::OrdersQuery;
use crate::browser::page;
use crate::desk::scope::{Asked, asked};
use crate::desk::words;
use crate::reactive::{effect, memo, part};
use crate::routes::Brush;
use crate::tr;
use crate::ui::button::Button;
use crate::ui::message::loaded;
use crate::ui::number::{grouped, share};
use crate::ui::segmented::{Choice, Segmented};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Orders {
    board: Board,
    list: Asked<Listed<Order>>,
    kind: RwSignal<Option<OrderKind>>,
    wanted: RwSignal<Option<Wanted>>,
    /// The orders that the filters leave, in their order, and each by its number.
    shown: RwSignal<Vec<OrderNumber>>,
    known: RwSignal<Arc<HashMap<OrderNumber, Order>>>,
    /// How many of them stand on the page.
    most: RwSignal<usize>,
}

/// Orders that stand on the page at once, and as many more with each press.
const ROWS: usize = 50;

/// The page.
pub fn page() -> AnyView {
    let board = share_board();
    // Orders have no cause, and are cut by no brush: what an address says of these is not said to hold.
    board.view.update(|v| {
        v.state.categories.clear();
        v.state.brush = Brush::default();
    });
    let question = move || {
        let place = board.scope.place.get()?;
        let (from, to) = board.view.with(|v| period(&v.state, board.scope.now.get()));
        Some(OrdersQuery { place: Some(place), from: Some(from), to, limit: Some(MAX_LIMIT) })
    };
    let orders = Orders {
        board,
        list: asked(question),
        kind: RwSignal::new(None),
        wanted: RwSignal::new(None),
        shown: RwSignal::new(Vec::new()),
        known: RwSignal::new(Arc::default()),
        most: RwSignal::new(ROWS),
    };
    orders.follow();
    orders.take();
    view! {
        {head_of(board, |place| tr!(board.orders_of, place = place), ().into_any())}
        {orders.standing()}
        <div class="cards single">{orders.departments()}{orders.one_by_one()}</div>
    }
    .into_any()
}

impl Orders {
    /// Asks again every minute while somebody is waited for, else as often as figures are asked for.
    fn follow(self) {
        let waits = memo(move || self.read(|orders| orders.iter().any(|order| Wanted::Awaited.takes(order))));
        let turn = memo(move || {
            let minutes = self.board.scope.now.get().timestamp().div_euclid(60);
            if waits.get() { minutes } else { minutes.div_euclid(REFRESH_MIN) }
        });
        Effect::new(move |before: Option<i64>| {
            let now = turn.get();
            if before.is_some_and(|before| before != now) && !self.list.is_busy.get_untracked() {
                self.list.again.run(());
            }
            now
        });
    }

    fn read<T: Default>(self, of: impl FnOnce(&[Order]) -> T) -> T {
        self.list.answer.with(|list| list.value().map(|list| of(&list.items)).unwrap_or_default())
    }

    fn now(self) -> DateTime<FixedOffset> {
        self.board.scope.now.get()
    }

    /// Takes what came or what the filters leave. Rows that stay are not made anew: what is opened stays open.
    fn take(self) {
        effect(move || {
            let (kind, wanted) = (self.kind.get(), self.wanted.get());
            let is_shown = |order: &&Order| {
                kind.is_none_or(|kind| order.kind == kind) && wanted.is_none_or(|wanted| wanted.takes(order))
            };
            let shown: Vec<_> =
                self.read(|orders| orders.iter().filter(is_shown).map(|order| order.number.clone()).collect());
            let known = self.read(|orders| orders.iter().map(|order| (order.number.clone(), order.clone())).collect());
            self.known.set(Arc::new(known));
            if self.shown.with_untracked(|before| *before != shown) {
                self.shown.set(shown);
            }
        });
    }

    /// While nothing has come, and when it failed; what came stays.
    fn standing(self) -> AnyView {
        let list = self.list;
        part(move || list.answer.with(|answer| loaded(answer, self.board.offset(), list.again, |_| ()))).into_any()
    }

    fn departments(self) -> AnyView {
        let grid = move || self.read(|orders| departments::grid(orders, self.now()));
        let parts = Parts {
            id: "departments",
            sheet: None,
            controls: None,
            title: || tr!(board.departments),
            says: Arc::new(move || self.read(|orders| of_departments(orders, self.now()))),
            chart: Arc::new(move || {
                let grid = grid();
                if grid.rows.is_empty() { ().into_any() } else { grid.view(tr!(board.departments).to_owned()) }
            }),
            grid: Arc::new(grid),
            file: None,
        };
        card("wide", parts)
    }

    fn one_by_one(self) -> AnyView {
        let parts = Parts {
            id: "orders",
            sheet: None,
            controls: Some(Arc::new(move || self.filters())),
            title: || tr!(board.orders_title),
            says: Arc::new(move || self.says()),
            chart: Arc::new(move || self.rows()),
            grid: Arc::new(move || self.grid()),
            file: None,
        };
        card("wide", parts)
    }

    fn says(self) -> String {
        let Some(next) = self.list.answer.with(|list| list.value().map(|list| list.next.is_some())) else {
            return String::new();
        };
        let told = self.read(sentence);
        if next { told + &tr!(board.orders_part, n = grouped(u64::from(MAX_LIMIT))) } else { told }
    }

    fn filters(self) -> AnyView {
        let kinds = std::iter::once(None).chain([OrderKind::Quick, OrderKind::Emergency, OrderKind::Tough].map(Some));
        let kinds = kinds
            .map(|kind| Choice::new(kind, move || kind.map_or_else(|| tr!(board.all), words::order_kind)))
            .collect();
        let stages = std::iter::once(None).chain(Wanted::ALL.map(Some));
        let stages = stages
            .map(|wanted| Choice::new(wanted, move || wanted.map_or_else(|| tr!(board.all), Wanted::word)))
            .collect();
        let choose = move |wanted| {
            self.most.set(ROWS);
            self.wanted.set(wanted);
        };
        view! {
            <div class="board-filters">
                <Segmented name="orders-wanted" legend=|| tr!(board.state) choices=stages chosen=self.wanted on_choose=choose />
                <Segmented name="orders-kind" legend=|| tr!(board.order_kind) choices=kinds chosen=self.kind on_choose=move |kind| self.kind.set(kind) />
            </div>
        }
        .into_any()
    }

    fn rows(self) -> AnyView {
        let shown = move || self.shown.with(|shown| shown.iter().take(self.most.get()).cloned().collect::<Vec<_>>());
        let left = memo(move || self.shown.with(Vec::len).saturating_sub(self.most.get()));
        let more = part(move || {
            let press = move |()| self.most.update(|most| *most += ROWS);
            (left.get() > 0)
                .then(|| view! { <Button label=move || tr!(board.orders_more, n = left.get().min(ROWS)) on_press=press /> })
                .into_any()
        });
        view! { <ul class="orders"><For each=shown key=OrderNumber::clone let(number)>{self.row(number)}</For></ul>{more} }
            .into_any()
    }

    fn row(self, number: OrderNumber) -> AnyView {
        let id = format!("order-{number}");
        let order = memo(move || self.known.with(|known| known.get(&number).cloned()));
        let is_open = RwSignal::new(false);
        let head = part(move || {
            order.with(|order| order.as_ref().map(|order| line(self.board, order, self.now()))).into_any()
        });
        let inside = part(move || {
            let opened =
                is_open.get().then(|| order.with(|order| order.as_ref().map(|order| whole(self.board, order))));
            opened.into_any()
        });
        view! {
            <li><details class="order" on:toggle=move |event| is_open.set(page::is_open(&event))><summary id=id>{head}</summary>{inside}</details></li>
        }
        .into_any()
    }

    /// All that the filters leave, for a file.
    fn grid(self) -> Grid {
        let heads = [
            tr!(board.order_number),
            tr!(board.order_at),
            tr!(board.place),
            tr!(board.what),
            tr!(board.order_kind),
            tr!(board.class),
            tr!(board.state),
            tr!(board.check_in),
            tr!(board.department),
        ];
        let now = self.now();
        let rows = self.known.with(|known| {
            let made = |number: &OrderNumber| known.get(number).map(|order| row(self.board, order, now));
            self.shown.with(|shown| shown.iter().filter_map(made).collect())
        });
        Grid { heads: heads.map(str::to_owned).to_vec(), rows }
    }
}

/// Says how many there are, how many were answered in time, and what somebody can still act on.
fn sentence(orders: &[Order]) -> String {
    if orders.is_empty() {
        return tr!(board.orders_nothing).to_owned();
    }
    let n = |wanted: Wanted| orders.iter().filter(|order| wanted.takes(order)).count() as u64;
    let waiting = |is_late: bool| {
        let waits = |order: &&Order| order.state == OrderState::Issued && Wanted::Late.takes(order) == is_late;
        orders.iter().filter(waits).count() as u64
    };
    // Whose minutes run still is neither in time nor late.
    let due = orders.len() as u64 - waiting(false);
    let rate = (due > 0).then(|| share((due - n(Wanted::Late)) as f64 / due as f64));
    tr!(
        board.orders_each_say,
        n = grouped(orders.len() as u64),
        rate = rate.unwrap_or_else(|| count(None)),
        running = grouped(waiting(false)),
        missing = grouped(waiting(true)),
        unreported = grouped(n(Wanted::Unreported))
    )
}

fn of_departments(orders: &[Order], now: DateTime<FixedOffset>) -> String {
    let all = departments::by_department(orders, now);
    let late = all.iter().filter(|(_, one)| one.late() > 0).count();
    if all.is_empty() { String::new() } else { tr!(board.departments_say, n = all.len(), late = late) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::cases::ClockState;
    use fengtu_wire::paging::Page;

    use super::*;

    #[test]
    fn what_still_runs_is_neither_in_time_nor_late() {
        let orders = include_str!("../../../crates/wire/tests/golden/orders.json");
        let first = serde_json::from_str::<Page<Order>>(orders).unwrap().items.swap_remove(0);
        let of = |state, clock| {
            let mut order: Order = first.clone();
            (order.state, order.clock.state) = (state, clock);
            order
        };
        let all = [
            of(OrderState::Issued, ClockState::Running),
            of(OrderState::Issued, ClockState::Overdue),
            of(OrderState::CheckedIn, ClockState::Met),
            of(OrderState::Scored, ClockState::Met),
            of(OrderState::Scored, ClockState::Overdue),
        ];
        let told = sentence(&all);
        assert_eq!(told, "共 5 道，按时报到 50%；1 道正在计时，1 道逾时未到，1 道待反馈。");
        assert_eq!(sentence(&[]), tr!(board.orders_nothing));
    }
}
