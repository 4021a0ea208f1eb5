//! `GET /qr`: an address of this server as a QR code, to hand what one sees to another device.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use fengtu_wire::walls::Qr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{AppState, Settings};
use crate::params::Params;
use crate::problem::{Answer, Failure};
use crate::qr;

/// Modules of white around the code, as the standard wants.
const QUIET: u16 = 4;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// An address of this server as a QR code, black on white.
#[utoipa::path(get, path = "/qr", tag = "config",
    params(("path" = String, Query, description = "Path and query of a page of this server, from `/` on.")),
    responses((status = 200, description = "The code.", content_type = "image/svg+xml", body = String)))]
async fn read(State(state): State<AppState>, headers: HeaderMap, mut params: Params) -> Answer<Response> {
    let path = params.text("path").unwrap_or_default();
    // Two slashes would name another server.
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if !is_ours {
        params.wrong("path", "must be the path of a page of this server");
    }
    params.finish()?;
    let address = format!("{}{path}", origin(&state.settings, &headers));
    let too_long = |_| Failure::invalid_parameter("path", "is too long for a code");
    let code = qr::draw(&address).map_err(too_long)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, svg(&code)).into_response())
}

fn origin(settings: &Settings, headers: &HeaderMap) -> String {
    if let Some(own) = &settings.public_origin {
        return own.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if settings.secure_cookies { "https" } else { "http" })
}

/// Gives a code its white margin and ground.
fn svg(Qr { size, path }: &Qr) -> String {
    let whole = size + 2 * QUIET;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{QUIET} -{QUIET} {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"white\" d=\"M-{QUIET} -{QUIET}h{whole}v{whole}h-{whole}z\"/><path d=\"{path}\"/></svg>"
    )
}
