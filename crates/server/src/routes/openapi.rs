//! `GET /openapi.json`: the description of this API, made from the handlers themselves.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::problem::{FieldError, MEDIA_TYPE, Problem};
use fengtu_wire::warnings::Level;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, Info, License, OpenApi, Ref, RefOr, ResponseBuilder};
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
    schemas.insert(Problem::name().into(), Problem::schema());
    schemas.insert(FieldError::name().into(), FieldError::schema());
    operations(&mut document).for_each(tell_refusals);
    document
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|path| {
        [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete].into_iter().flatten()
    })
}

/// Every operation may be refused, and then the answer is a problem, whatever the status.
fn tell_refusals(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, said) in [("4XX", "Refused."), ("5XX", "Something failed inside the server.")] {
        responses.entry(status.to_owned()).or_insert_with(|| ResponseBuilder::new().description(said).build().into());
    }
    for (status, response) in responses {
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
            response.content.insert(MEDIA_TYPE.to_owned(), content);
        }
    }
}

/// Returns the description as it is served and kept in `docs/openapi.json`.
pub fn text() -> String {
    // The document holds nothing but text, numbers and lists, which always serialise.
    document().to_pretty_json().unwrap_or_default() + "\n"
}
