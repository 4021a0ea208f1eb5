//! Case heat: cells for anyone, points for those who may see them, as they were sent: the heat engine reads them.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::heat::{HeatCells, PointColumns, PointsAsSent, PointsForm};
use fengtu_wire::ids::{CategoryId, PlaceId};

use super::dialect::{Dialect, Question, Request, Resource, Response};
use super::error::ApiError;
use super::lenient::{self, is_on_earth};

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
    type Answer = PointsAsSent;
    const RESOURCE: Resource = Resource::Heat;

    fn request(&self, dialect: Dialect) -> Result<Request, ApiError> {
        match dialect {
            Dialect::Fengtu => Ok(self.0.onto(Request::get("/heat/points")).header("accept", ACCEPTED)),
        }
    }

    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => points_as_sent(response.body.clone()),
        }
    }

    fn take(&self, dialect: Dialect, response: Response) -> Result<Self::Answer, ApiError> {
        match dialect {
            Dialect::Fengtu => points_as_sent(response.body),
        }
    }
}

/// Columns first: `GeoJSON` is for a server that has nothing better.
const ACCEPTED: &str = "application/vnd.fengtu.points, application/geo+json;q=0.5";

/// Tells the forms apart and looks at the head; the rest is the engine's to read.
fn points_as_sent(bytes: Vec<u8>) -> Result<PointsAsSent, ApiError> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        return Ok(PointsAsSent { form: PointsForm::GeoJson, bytes });
    }
    PointColumns::check(&bytes).map_err(|e| ApiError::decode("heat points", e))?;
    Ok(PointsAsSent { form: PointsForm::Columns, bytes })
}

fn on_earth(heat: HeatCells) -> Result<HeatCells, ApiError> {
    if heat.cell_m > 0.0 && heat.cell_m.is_finite() && heat.cells.iter().all(|cell| is_on_earth(cell.at)) {
        return Ok(heat);
    }
    Err(ApiError::decode("heat", "a cell has no size or is not on the earth"))
}
