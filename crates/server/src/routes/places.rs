//! `GET /places`: the organisation tree.

use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use fengtu_domain::sight::Access;
use fengtu_wire::geojson::{Feature, FeatureCollection};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::Place;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::params::Params;
use crate::problem::Answer;
use crate::store::places::{self, StoredPlace, Wanted};
use crate::{conditional, paging};

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

// GeoJSON allows members of its own beside `features` (RFC 7946 §6.1): a reader that knows no pages still reads this one.
#[derive(Serialize)]
struct PlacePage {
    #[serde(flatten)]
    collection: FeatureCollection<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// Lists nodes of the tree in the order of their ids; all of them unless a `limit` is given.
#[utoipa::path(get, path = "/places", tag = "places", params(
    ("parent" = Option<String>, Query, description = "The nodes right below this one."),
    ("place" = Option<String>, Query, description = "This node and all below it."),
    ("level" = Option<fengtu_wire::places::PlaceLevel>, Query, description = "The nodes of this level."),
    ("q" = Option<String>, Query, description = "Words of the name, in Chinese or English, or of the code."),
    ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees."),
    ("geometry" = Option<bool>, Query, description = "With shapes."),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows of a page, at most 1,000."),
    ("cursor" = Option<String>, Query, description = "Where the page begins, as the page before said."),
    ("total" = Option<bool>, Query, description = "Count all rows."),
), responses((status = 200, body = FeatureCollection<Place>, content_type = "application/geo+json"), (status = 304)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    mut params: Params,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let below = super::take_place(&state.db, &mut params, "place").await?;
    let limit = params.one::<u32>("limit");
    if limit.is_some_and(|limit| !(1..=fengtu_wire::paging::MAX_LIMIT).contains(&limit)) {
        params.wrong("limit", "must be 1 to 1000");
    }
    let mut wanted = Wanted {
        below: below.map(|(_, span)| span),
        parent: params.text("parent").map(PlaceId),
        level: params.one("level"),
        q: params.text("q"),
        bbox: params.bounds("bbox"),
        geometry: params.flag("geometry"),
        after: paging::take_cursor(&mut params, "places")?,
        limit: limit.map(|limit| limit + 1),
    };
    let total = params.flag("total");
    params.finish()?;
    let mut rows = places::read(&state.db, &wanted).await?;
    let next = cut(&mut rows, limit)?;
    wanted.limit = None;
    let total = if total { Some(places::count(&state.db, &wanted).await?) } else { None };
    let link = paging::link(&uri, next.as_deref());
    let features = rows.into_iter().map(|row| feature(row, caller.access)).collect();
    let page = PlacePage { collection: FeatureCollection::new(features), next, total };
    Ok((link, conditional::geojson(&headers, &page)?).into_response())
}

fn cut(rows: &mut Vec<StoredPlace>, limit: Option<u32>) -> Answer<Option<String>> {
    let Some(limit) = limit.map(|limit| limit as usize).filter(|limit| rows.len() > *limit) else { return Ok(None) };
    rows.truncate(limit);
    rows.last().map(|row| paging::cursor("places", &row.place.id)).transpose()
}

// Names and shapes are public; how many people live there is for those who have signed in.
fn feature(row: StoredPlace, access: Access) -> Feature<Place> {
    let mut place = row.place;
    place.population = place.population.filter(|_| access != Access::Anyone);
    Feature::new(row.geometry, place)
}
