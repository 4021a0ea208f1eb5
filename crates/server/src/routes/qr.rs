//! `GET /qr`: an address of this server as a QR code, to hand what one sees to another device.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use qrcodegen::{QrCode, QrCodeEcc};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{AppState, Settings};
use crate::params::Params;
use crate::problem::{Answer, Failure};

/// Modules of white around the code, as the standard wants.
const QUIET: i32 = 4;

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
    let code = QrCode::encode_text(&address, QrCodeEcc::Medium).map_err(too_long)?;
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

/// Draws a code, a path for all of its dark modules.
fn svg(code: &QrCode) -> String {
    use std::fmt::Write as _;
    let mut path = String::new();
    for (x, y) in (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))) {
        if code.get_module(x, y) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let size = code.size() + 2 * QUIET;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"white\" d=\"M0,0h{size}v{size}h-{size}z\"/><path d=\"{path}\"/></svg>"
    )
}
