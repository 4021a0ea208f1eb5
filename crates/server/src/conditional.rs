//! Answers that a browser may keep and ask for again: a weak `ETag`, and 304 where nothing has changed.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::problem::Answer;

/// Answers with JSON whose `ETag` is a hash of it.
pub fn json(request: &HeaderMap, body: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(body)?;
    let tag = tag_of(&bytes);
    Ok(tagged(request, &tag, "application/json", bytes.into()))
}

/// Answers with JSON whose `ETag` is a hash of another value: of what stays the same while a clock in the body moves on.
pub fn json_tagged_by(request: &HeaderMap, body: &impl Serialize, lasting: &impl Serialize) -> Answer {
    let tag = tag_of(&serde_json::to_vec(lasting)?);
    Ok(tagged(request, &tag, "application/json", serde_json::to_vec(body)?.into()))
}

/// Answers with `GeoJSON` whose `ETag` is a hash of it.
pub fn geojson(request: &HeaderMap, body: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(body)?;
    Ok(geojson_text(request, bytes.into()))
}

/// Answers with `GeoJSON` that is text already.
pub fn geojson_text(request: &HeaderMap, body: Bytes) -> Response {
    let tag = tag_of(&body);
    tagged(request, &tag, "application/geo+json", body)
}

/// Answers with a body and its `ETag`, or with 304 if the browser has that one.
pub fn tagged(request: &HeaderMap, tag: &str, media_type: &'static str, body: Bytes) -> Response {
    let mut response = if is_known(request, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response()
    };
    let headers = response.headers_mut();
    // Kept, but asked for each time: what one sees depends on who one is.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Returns the weak `ETag` of a body: compression changes the bytes, not the meaning.
pub fn tag_of(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let short: Vec<u8> = hash.iter().take(15).copied().collect();
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(short))
}

/// Returns whether a request says that it has the body of a tag already.
pub fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = request.get_all(HeaderName::from_static("if-none-match")).iter();
    let mut tags = known.filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(','));
    tags.any(|one| one.trim() == "*" || opaque(one) == opaque(tag))
}
