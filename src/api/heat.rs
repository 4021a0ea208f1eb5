//! Case heat: cells for anyone, points for those who may see them, as they were sent: the heat engine reads them.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::heat::{HEADER, HeatCells, PointsAsSent, PointsForm, PointsView};
use fengtu_wire::ids::{CategoryId, PlaceId};

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, is_on_earth};
use crate::browser::buffer::Buffer;

/// What heat is asked of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeatFilter {
    /// Only cases in this node.
    pub place: Option<PlaceId>,
    /// Only those reported at or after this.
    pub from: Option<DateTime<FixedOffset>>,
    /// Only those reported before this.
    pub to: Option<DateTime<FixedOffset>>,
    /// Only those of these categories, of either level; empty: of all.
    pub categories: Vec<CategoryId>,
}

impl HeatFilter {
    fn onto(&self, request: Request) -> Request {
        request
            .with("place", self.place.as_ref())
            .with("from", self.from.map(|t| t.to_rfc3339()))
            .with("to", self.to.map(|t| t.to_rfc3339()))
            .with_each("category", &self.categories)
    }
}

/// Asks for counts per cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeatCellsQuery(pub HeatFilter);

impl Question for HeatCellsQuery {
    type Answer = HeatCells;
    const RESOURCE: Resource = Resource::Heat;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(self.0.onto(Request::get("/heat"))),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => lenient::json("heat", response).and_then(on_earth),
        }
    }
}

/// Asks for one point a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeatPointsQuery(pub HeatFilter);

impl Question for HeatPointsQuery {
    type Answer = PointsAsSent<Buffer>;
    const RESOURCE: Resource = Resource::Heat;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(self.0.onto(Request::get("/heat/points")).header("accept", ACCEPTED).handed_on()),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => {
                let bytes = response.apart.clone();
                points_as_sent(bytes.unwrap_or_else(|| Buffer::from(response.body.as_slice())))
            }
        }
    }
}

/// Columns first: `GeoJSON` is for a server that has nothing better, and for cases on both sides of the antimeridian.
const ACCEPTED: &str = "application/vnd.fengtu.points, application/geo+json;q=0.5";

/// `GeoJSON` begins after no more blanks than these.
const MOST_BLANK: usize = 1024;

/// Tells the forms apart and looks at the head; the rest is the engine's to read.
fn points_as_sent(bytes: Buffer) -> Result<PointsAsSent<Buffer>, ApiError> {
    let head = bytes.head(HEADER.max(MOST_BLANK));
    if head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        return Ok(PointsAsSent { form: PointsForm::GeoJson, bytes });
    }
    PointsView::check(&head, bytes.len()).map_err(|e| ApiError::decode("heat points", e))?;
    Ok(PointsAsSent { form: PointsForm::Columns, bytes })
}

fn on_earth(heat: HeatCells) -> Result<HeatCells, ApiError> {
    if heat.cell_m > 0.0 && heat.cell_m.is_finite() && heat.cells.iter().all(|cell| is_on_earth(cell.at)) {
        return Ok(heat);
    }
    Err(ApiError::decode("heat", "a cell has no size or is not on the earth"))
}
