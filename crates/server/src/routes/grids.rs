//! `GET /grids`: the polygons that warnings shade.

use axum::extract::State;
use axum::http::HeaderMap;
use fengtu_domain::sight::Access;
use fengtu_wire::geojson::{Feature, FeatureCollection};
use fengtu_wire::grids::{Grid, LandUse};
use fengtu_wire::places::PlaceLevel;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::conditional;
use crate::params::Params;
use crate::problem::Answer;
use crate::store::places::{self, StoredPlace, Wanted};

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Lists the grids of a node with their shapes.
#[utoipa::path(get, path = "/grids", tag = "grids", params(
    ("place" = Option<String>, Query, description = "In or below this node."),
    ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees."),
), responses((status = 200, body = FeatureCollection<Grid>, content_type = "application/geo+json"), (status = 304)))]
async fn list(State(state): State<AppState>, caller: Caller, mut params: Params, headers: HeaderMap) -> Answer {
    let below = super::take_place(&state.db, &mut params, "place").await?.map(|(_, span)| span);
    let (bbox, level) = (params.bounds("bbox"), Some(PlaceLevel::Grid));
    params.finish()?;
    let wanted = Wanted { below, bbox, level, geometry: true, ..Wanted::default() };
    let rows = places::read(&state.db, &wanted).await?;
    let buildings = places::buildings_in(&state.db).await?;
    let feature = |row: StoredPlace| {
        let count = buildings.get(row.place.id.as_str()).copied().unwrap_or_default();
        feature(row, count, caller.access)
    };
    conditional::geojson(&headers, &FeatureCollection::new(rows.into_iter().map(feature).collect()))
}

// A wall has no use for who is on duty, and everyone in the hall would read it.
fn feature(row: StoredPlace, buildings: u32, access: Access) -> Feature<Grid> {
    let named = !access.is_anonymous();
    let grid = Grid {
        id: row.place.id,
        parent: row.place.parent,
        name: row.place.name,
        land_use: row.land_use.unwrap_or(LandUse::Other),
        population: row.place.population.unwrap_or_default(),
        buildings,
        area_m2: row.place.area_m2.unwrap_or_default(),
        member: row.member.filter(|_| named),
        telephone: row.telephone.filter(|_| named),
    };
    Feature::new(row.geometry, grid)
}
