//! The leaders' board: figures cut by brushes.

use chrono::{DateTime, FixedOffset, NaiveDate};
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient;
use crate::routes::brush::day_text;

/// Asks for the figures of a node in a period under brushes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CubeQuery {
    /// The node; absent: the viewer's own.
    pub place: Option<PlaceId>,
    /// Start of the period, inclusive.
    pub from: Option<DateTime<FixedOffset>>,
    /// End of the period, exclusive.
    pub to: Option<DateTime<FixedOffset>>,
    /// The level of the nodes below; absent: the next.
    pub level: Option<PlaceLevel>,
    /// Only these causes; empty: all.
    pub categories: Vec<CategoryId>,
    /// Only inside these nodes; empty: all.
    pub within: Vec<PlaceId>,
    /// Only these days.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Only these days of the week, 1 = Monday.
    pub weekdays: Vec<u8>,
    /// Only these hours of the day.
    pub hours: Vec<u8>,
}

impl CubeQuery {
    fn at(&self, path: &str) -> Request {
        Request::get(path)
            .with("place", self.place.as_ref())
            .with("from", self.from.map(|t| t.to_rfc3339()))
            .with("to", self.to.map(|t| t.to_rfc3339()))
            .with("level", self.level)
            .with_each("category", &self.categories)
            .with_each("within", &self.within)
            .with("day_from", self.days.map(|days| day_text(days.0)))
            .with("day_to", self.days.map(|days| day_text(days.1)))
            .with_each("weekday", &self.weekdays)
            .with_each("hour", &self.hours)
    }

    /// Whether anything is chosen along a dimension.
    pub fn is_cut(&self) -> bool {
        let any = [self.categories.is_empty(), self.within.is_empty(), self.weekdays.is_empty(), self.hours.is_empty()];
        self.days.is_some() || any.contains(&false)
    }

    /// Returns the request for the same figures as a workbook, one table of it or all.
    pub fn workbook(&self, table: Option<&str>, lang: &str) -> Request {
        self.at("/statistics/workbook").with("table", table).with("lang", Some(lang))
    }
}

impl Question for CubeQuery {
    type Answer = Cube;
    const RESOURCE: Resource = Resource::Statistics;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(self.at("/statistics/cube")),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("statistics cube", response).and_then(whole),
        }
    }
}

/// Refuses tables that do not fit their heads: a shifted cell would blame the wrong place.
fn whole(cube: Cube) -> Result<Cube, ApiError> {
    let (places, causes) = (cube.places.len(), cube.categories.len());
    let crossed = cube.cross.is_empty() || cube.cross.len() == places;
    let fits = crossed && cube.cross.iter().all(|row| row.len() == causes) && matches!(cube.week.len(), 0 | 168);
    let fits = fits && cube.areas.places.len() == cube.areas.received.len();
    if fits { Ok(cube) } else { Err(ApiError::decode("statistics cube", "a table does not fit its heads")) }
}
