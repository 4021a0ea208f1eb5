//! `GET /orders`: orders with who was ordered and who came, each cut to what this viewer may see.

use std::collections::HashSet;

use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use chrono::{DateTime, FixedOffset, SubsecRound as _, TimeDelta, Utc};
use fengtu_domain::masking::AddressCut;
use fengtu_domain::{clocks, masking, sight};
use fengtu_wire::cases::{Clock, ClockKind, Holder};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::orders::{CheckIn, Order, OrderKind, OrderState, Report, Summons};
use fengtu_wire::paging::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::dataset::{CheckInRow, OrderRow, SummonsRow};
use crate::params::Params;
use crate::problem::Answer;
use crate::store::cases::{self, Sight};
use crate::store::meta::local;
use crate::store::orders::{self, Key, Wanted};
use crate::{conditional, paging};

/// Names the list in its cursors.
const LIST: &str = "orders";

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Lists the orders that the viewer may see, the newest first.
///
/// Those of one's part of the tree, or that one's own office gave or was ordered by. Who came is named to those who order,
/// lead or come; the case behind an order to those who may see that case. Where somebody checked in is cut at the building,
/// and its position left out, for all but those who gave the order or were ordered.
#[utoipa::path(get, path = "/orders", tag = "orders", params(
    ("place" = Option<String>, Query, description = "In or below this node."),
    ("kind" = Option<Vec<OrderKind>>, Query, description = "Of any of these kinds."),
    ("state" = Option<Vec<OrderState>>, Query, description = "In any of these states."),
    ("from" = Option<String>, Query, description = "Given at or after this instant, RFC 3339."),
    ("to" = Option<String>, Query, description = "Given before this instant, RFC 3339."),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows of a page, at most 1,000."),
    ("cursor" = Option<String>, Query, description = "Where the page begins, as the page before said."),
    ("total" = Option<bool>, Query, description = "Count all rows."),
), responses((status = 200, body = Page<Order>), (status = 304)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    mut params: Params,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let wanted = wanted(&state, &mut params).await?;
    let (limit, total) = (params.limit(), params.flag("total"));
    let after: Option<Key> = paging::take_cursor(&mut params, LIST)?;
    params.finish()?;
    let sight = super::cases::sight(&state, &caller).await?;
    let mut rows = orders::read(&state.db, &sight, &wanted, after.as_ref(), limit + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| paging::cursor(LIST, &orders::key(row))).transpose()?;
    let total = if total { Some(orders::count(&state.db, &sight, &wanted).await?) } else { None };
    let numbers = rows.iter().filter_map(|row| row.case.clone()).collect();
    let seen = cases::seen(&state.db, &sight, &state.config().categories, numbers).await?;
    let view = View { seen, named: sight::names_who_came(caller.viewer.role), sight: &sight, state: &state };
    let items = rows.into_iter().map(|row| view.order(row)).collect();
    let link = paging::link(&uri, next.as_deref());
    Ok((link, conditional::json(&headers, &Page { items, next, total })?).into_response())
}

async fn wanted(state: &AppState, params: &mut Params) -> Answer<Wanted> {
    let below = super::take_place(&state.db, params, "place").await?.map(|(_, span)| span);
    Ok(Wanted {
        below,
        kinds: params.many::<OrderKind>("kind").into_iter().map(|one| one.as_str().to_owned()).collect(),
        states: params.many::<OrderState>("state").into_iter().map(|one| one.as_str().to_owned()).collect(),
        from: params.instant("from").map(|at| at.timestamp_millis()),
        to: params.instant("to").map(|at| at.timestamp_millis()),
    })
}

/// What one viewer reads of orders, at one moment.
struct View<'a> {
    /// The cases that they may see.
    seen: HashSet<CaseNumber>,
    /// Whether they are told by name who came.
    named: bool,
    sight: &'a Sight,
    state: &'a AppState,
}

impl View<'_> {
    fn order(&self, row: OrderRow) -> Order {
        let due = row.issued_at + TimeDelta::seconds(i64::from(row.check_in_s));
        let progress: Vec<_> = row.departments.iter().map(SummonsRow::progress).collect();
        let cut = if orders::is_party_to(self.sight, &row) { AddressCut::Full } else { AddressCut::Building };
        Order {
            state: fengtu_domain::orders::state(&progress),
            clock: self.clock(&row, due),
            departments: row.departments.into_iter().map(|one| self.summons(one, due, cut)).collect(),
            number: row.number,
            kind: row.kind,
            class: row.class,
            place: row.place,
            by: Holder { place: row.by.0, office: row.by.1 },
            title: masking::scrub(&row.title),
            case: row.case.filter(|case| self.seen.contains(case)),
            issued_at: self.local(row.issued_at),
            check_in_s: row.check_in_s,
            least_rank: row.least_rank,
            people: row.people,
        }
    }

    fn clock(&self, row: &OrderRow, due: DateTime<Utc>) -> Clock {
        let progress: Vec<_> = row.departments.iter().map(SummonsRow::progress).collect();
        let stopped = fengtu_domain::orders::answered_at(&progress).map(|at| self.local(crate::store::instant(at)));
        let (started_at, due) = (self.local(row.issued_at), self.local(due));
        let now = self.local(self.state.now().trunc_subsecs(0));
        let state = clocks::state(started_at, Some(due), stopped, now);
        Clock { kind: ClockKind::CheckIn, started_at, due_at: Some(due), stopped_at: stopped, state }
    }

    fn summons(&self, row: SummonsRow, due: DateTime<Utc>, cut: AddressCut) -> Summons {
        Summons {
            department: row.department,
            check_in: row.check_in.map(|check_in| self.check_in(check_in, due, cut)),
            report: row.report.map(|one| Report { at: self.local(one.at), text: masking::scrub(&one.text) }),
            score: row.score.map(|score| score.score),
        }
    }

    fn check_in(&self, row: CheckInRow, due: DateTime<Utc>, cut: AddressCut) -> CheckIn {
        CheckIn {
            at: self.local(row.at),
            in_time: row.at <= due,
            spot: masking::scrub(masking::address(&row.spot, cut).unwrap_or_default()),
            position: row.position.filter(|_| cut == AddressCut::Full),
            rank: row.rank,
            person: Some(row.person).filter(|_| self.named),
            people: row.people,
        }
    }

    fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        local(at, self.state.config().utc_offset_s)
    }
}
