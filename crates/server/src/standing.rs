//! Where a district stands: what has not come to its end, and which numbers are taken. Whoever moves the district on
//! begins with it.

use chrono::{DateTime, Utc};
use fengtu_domain::orders::state;
use fengtu_domain::states::is_terminal;
use fengtu_wire::ids::{CaseNumber, OrderNumber};
use fengtu_wire::orders::OrderState;

use crate::dataset::{CaseRow, ConfirmationRow, Dataset, MediationRow, OrderRow};

/// What of a district goes on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// When the last step of any case was taken; until then all is known.
    pub at: DateTime<Utc>,
    /// The cases that have not come to their end, in the order of their numbers.
    pub cases: Vec<CaseRow>,
    /// The orders that somebody has yet to answer, report on or score, the oldest first.
    pub orders: Vec<OrderRow>,
    /// The attempts to mediate that go on.
    pub mediations: Vec<MediationRow>,
    /// The judicial confirmations that were applied for and are not made.
    pub confirmations: Vec<ConfirmationRow>,
    /// Numbers of cases that are taken: of each day at least the highest, in no particular order.
    pub case_numbers: Vec<CaseNumber>,
    /// Numbers of orders that are taken: of each day at least the highest, in no particular order.
    pub order_numbers: Vec<OrderNumber>,
}

impl Standing {
    /// Returns where a district stands that was written as these rows; the store reads the same back.
    pub fn of(data: &Dataset) -> Self {
        let last = data.cases.iter().filter_map(|case| case.events.last());
        let mut cases: Vec<CaseRow> = data.cases.iter().filter(|case| goes_on(case)).cloned().collect();
        cases.sort_by(|a, b| a.number.cmp(&b.number));
        let mut orders: Vec<OrderRow> = data.orders.iter().filter(|order| !is_scored(order)).cloned().collect();
        orders.sort_by(|a, b| (a.issued_at, &a.number).cmp(&(b.issued_at, &b.number)));
        Self {
            at: last.map(|event| event.at).max().unwrap_or_default(),
            cases,
            orders,
            mediations: data.mediations.iter().filter(|row| row.ended.is_none()).cloned().collect(),
            confirmations: data.confirmations.iter().filter(|row| row.confirmed_at.is_none()).cloned().collect(),
            case_numbers: data.cases.iter().map(|case| case.number.clone()).collect(),
            order_numbers: data.orders.iter().map(|order| order.number.clone()).collect(),
        }
    }
}

fn goes_on(case: &CaseRow) -> bool {
    case.events.last().is_some_and(|event| !is_terminal(event.to))
}

fn is_scored(order: &OrderRow) -> bool {
    state(&order.progress()) == OrderState::Scored
}
