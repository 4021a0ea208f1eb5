//! `GET /openapi.json`: the description of this API, made from the handlers themselves.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::Level;
use utoipa::openapi::{Info, License, OpenApi};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{self, AppState};
use crate::params::Params;
use crate::problem::Answer;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "openapi",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json")))]
async fn read(params: Params) -> Answer<Response> {
    static TEXT: OnceLock<String> = OnceLock::new();
    params.finish()?;
    let text = TEXT.get_or_init(text);
    Ok(([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response())
}

/// Returns the description of every resource.
pub fn document() -> OpenApi {
    let (_, mut document) = app::api().split_for_parts();
    let mut info = Info::new("Fengtu 枫图", env!("CARGO_PKG_VERSION"));
    info.description = Some("Grassroots governance on one map: the contract of the reference backend.".to_owned());
    let mut licence = License::new("MIT OR Apache-2.0");
    licence.identifier = Some("MIT OR Apache-2.0".to_owned());
    info.license = Some(licence);
    document.info = info;
    // Types of parameters alone are not gathered from the handlers.
    let schemas = &mut document.components.get_or_insert_default().schemas;
    schemas.insert(PlaceLevel::name().into(), PlaceLevel::schema());
    schemas.insert(Level::name().into(), Level::schema());
    document
}

/// Returns the description as it is served and kept in `docs/openapi.json`.
pub fn text() -> String {
    // The document holds nothing but text, numbers and lists, which always serialise.
    document().to_pretty_json().unwrap_or_default() + "\n"
}
