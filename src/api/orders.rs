//! Orders 发令: who was ordered to come, and who came.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::orders::Order;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, Keyed, Listed};

/// Asks for the orders that the viewer may see, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrdersQuery {
    /// Only those of this node and below.
    pub place: Option<PlaceId>,
    /// Given at or after this.
    pub from: Option<DateTime<FixedOffset>>,
    /// Given before this; absent: until now.
    pub to: Option<DateTime<FixedOffset>>,
    /// Most rows.
    pub limit: Option<u32>,
}

impl Question for OrdersQuery {
    type Answer = Listed<Order>;
    // They are given about cases, and kept where these are.
    const RESOURCE: Resource = Resource::Cases;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(Request::get("/orders")
                .with("place", self.place.as_ref())
                .with("from", self.from.map(|at| at.to_rfc3339()))
                .with("to", self.to.map(|at| at.to_rfc3339()))
                .with("limit", self.limit)),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::page("orders", response),
        }
    }
}

impl Keyed for Order {
    fn key(&self) -> &str {
        self.number.as_str()
    }
}
