//! `/buildings`: the unified address base.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use fengtu_domain::sight::Access;
use fengtu_wire::buildings::{Building, BuildingPoints};
use fengtu_wire::geojson::Bounds;
use fengtu_wire::paging::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::dataset::BuildingRow;
use crate::params::Params;
use crate::problem::Answer;
use crate::store::buildings::{self, Key, Wanted};
use crate::store::search_text;
use crate::{conditional, paging};

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(points))
}

/// Most rows that those who are not staff get; there is no page after it.
const MOST_FOUND: u32 = 50;
/// Fewest characters of the longest word that they search for.
const LEAST_CHARS: usize = 2;
/// Longest side of their box, in degrees: two kilometres.
const MOST_DEGREES: f64 = 0.02;

/// Searches buildings by code, name or address; the best matches come first.
///
/// The public and walls find doors 50 at a time: they name a text with a word of at least 2 characters or a box of at most
/// 0.02° each way, and no `place`, and get at most 50 rows, without a next page or a total.
#[utoipa::path(get, path = "/buildings", tag = "buildings", params(
    ("q" = Option<String>, Query, description = "Words of the code, the name or the address; full and half width are the same."),
    ("place" = Option<String>, Query, description = "In or below this node."),
    ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees."),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows of a page, at most 1,000."),
    ("cursor" = Option<String>, Query, description = "Where the page begins, as the page before said."),
    ("total" = Option<bool>, Query, description = "Count all rows."),
), responses((status = 200, body = Page<Building>)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    mut params: Params,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let below = super::take_place(&state.db, &mut params, "place").await?.map(|(_, span)| span);
    let wanted = Wanted { q: params.text("q"), below, bbox: params.bounds("bbox") };
    let finder = caller.access.is_anonymous();
    let (limit, total) =
        if finder { (few(&mut params, &wanted), false) } else { (params.limit(), params.flag("total")) };
    let after: Option<Key> = if finder { None } else { paging::take_cursor(&mut params, "buildings")? };
    params.finish()?;
    let mut rows = buildings::read(&state.db, &wanted, after.as_ref(), limit + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| more && !finder);
    let next = last.map(|(key, _)| paging::cursor("buildings", key)).transpose()?;
    let total = if total { Some(buildings::count(&state.db, &wanted).await?) } else { None };
    let link = paging::link(&uri, next.as_deref());
    let items = rows.into_iter().map(|(_, row)| building(row, caller.access)).collect();
    Ok((link, Json(Page { items, next, total })).into_response())
}

/// Takes the limit of those who are not staff, and refuses what would list the district's doors.
fn few(params: &mut Params, wanted: &Wanted) -> u32 {
    for name in ["cursor", "total"] {
        if params.text(name).is_some() {
            params.wrong(name, "is for staff");
        }
    }
    if wanted.below.is_some() {
        params.wrong("place", "is for staff");
    }
    // The longest word, as each is searched for on its own: a row of single letters finds nearly every door.
    let words = wanted.q.as_deref().unwrap_or_default().split_whitespace();
    let chars = words.map(|word| search_text::fold(word).chars().count()).max().unwrap_or(0);
    let is_near = |[west, south, east, north]: Bounds| east - west <= MOST_DEGREES && north - south <= MOST_DEGREES;
    if chars < LEAST_CHARS && !wanted.bbox.is_some_and(is_near) {
        params.wrong("q", "must have a word of at least 2 characters, or `bbox` be at most 0.02 degrees each way");
    }
    let limit = params.one("limit").unwrap_or(MOST_FOUND);
    if !(1..=MOST_FOUND).contains(&limit) {
        params.wrong("limit", "must be 1 to 50");
    }
    limit
}

/// Gives every building of a node in columns.
#[utoipa::path(get, path = "/buildings/points", tag = "buildings", params(
    ("place" = Option<String>, Query, description = "In or below this node; absent: the district."),
), responses((status = 200, body = BuildingPoints), (status = 304)))]
async fn points(State(state): State<AppState>, caller: Caller, mut params: Params, headers: HeaderMap) -> Answer {
    let below = super::take_place(&state.db, &mut params, "place").await?.map(|(_, span)| span);
    params.finish()?;
    let mut points = buildings::points(&state.db, below).await?;
    if caller.access.is_anonymous() {
        let k = state.config().k_anonymity;
        points.population.iter_mut().filter(|people| **people < k).for_each(|people| *people = 0);
    }
    conditional::json(&headers, &points)
}

// Residents look up where a door is, not how many people live behind it.
fn building(row: BuildingRow, access: Access) -> Building {
    Building {
        code: row.code,
        name: row.name,
        address: row.address,
        place: row.place,
        at: row.at,
        floors: row.floors,
        population: if access.is_anonymous() { 0 } else { row.population },
        land_use: row.land_use,
    }
}
