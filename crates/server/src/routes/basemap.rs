//! `GET /basemap`: the built-in vector base map.

use axum::extract::State;
use axum::http::HeaderMap;
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::geojson::FeatureCollection;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::conditional;
use crate::params::Params;
use crate::problem::Answer;
use crate::store::basemap;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Gives the base map in drawing order.
#[utoipa::path(get, path = "/basemap", tag = "basemap", params(
    ("bbox" = Option<String>, Query, description = "What touches west,south,east,north in degrees."),
), responses((status = 200, body = FeatureCollection<BaseFeature>, content_type = "application/geo+json"), (status = 304)))]
async fn read(State(state): State<AppState>, _caller: Caller, mut params: Params, headers: HeaderMap) -> Answer {
    let bbox = params.bounds("bbox");
    params.finish()?;
    // The features are kept as text: reading them only to write them again would cost more than all the rest.
    let features = basemap::texts(&state.db, bbox).await?.join(",");
    let body = format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
    Ok(conditional::geojson_text(&headers, body.into()))
}
