//! The client's files: compressed beforehand, kept for ever where their name says what is in them.

use std::path::Path;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse as _, Response};
use fengtu_wire::problem::kinds;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::app::AppState;
use crate::problem::Failure;

/// Answers whatever no route of the API answers.
pub async fn serve(State(state): State<AppState>, request: Request) -> Response {
    let (request, _body) = request.into_parts();
    let path = request.uri.path().to_owned();
    let Some(dist) = state.settings.dist.as_deref().filter(|_| !is_api(&path)) else {
        return Failure::not_found().into_response();
    };
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return method_not_allowed().await;
    }
    match file(dist, &request, request.uri.clone()).await {
        Some(response) => kept(response, &path),
        None => page(dist, &request, &path).await,
    }
}

/// Refuses a method that an address does not take.
pub async fn method_not_allowed() -> Response {
    let title = "This address does not take that method.";
    Failure::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, kinds::METHOD_NOT_ALLOWED, title).into_response()
}

fn is_api(path: &str) -> bool {
    ["/api", "/proxy"]
        .iter()
        .any(|top| path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

// A path inside a face is answered with that face's page, which reads the rest of the path itself.
async fn page(dist: &Path, request: &Parts, path: &str) -> Response {
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let index = if path == "/report" || path.starts_with("/report/") { "/report/index.html" } else { "/index.html" };
    let found = if is_file { None } else { file(dist, request, Uri::from_static(index)).await };
    found.map_or_else(|| Failure::not_found().into_response(), |response| kept(response, index))
}

async fn file(dist: &Path, request: &Parts, uri: Uri) -> Option<Response> {
    let mut inner = Request::new(Body::empty());
    inner.method_mut().clone_from(&request.method);
    inner.headers_mut().clone_from(&request.headers);
    *inner.uri_mut() = uri;
    let served = ServeDir::new(dist).precompressed_br().precompressed_gzip().oneshot(inner).await.ok()?;
    (!served.status().is_client_error() && !served.status().is_server_error()).then(|| served.into_response())
}

fn kept(mut response: Response, path: &str) -> Response {
    let value = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response
}

// Trunk writes name-0123456789abcdef.ext, and name-0123456789abcdef_bg.wasm.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_']).any(|part| part.len() >= 16 && part.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("/fengtu-0123456789abcdef_bg.wasm"));
        assert!(is_hashed("/report/portal-0123456789abcdef.js"));
        for name in ["/", "/index.html", "/config.json", "/boot.js", "/favicon-32.png"] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
