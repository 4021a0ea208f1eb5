//! What a request that changes something says of itself: what it is based on (`If-Match`, RFC 9110 § 13.1.1), and a name of its own
//! (`Idempotency-Key`), so that nothing is written over unseen and nothing is done twice.

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fengtu_wire::problem::kinds;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::problem::{Answer, Failure};

/// The longest `Idempotency-Key`, in bytes.
const MAX_KEY: usize = 100;

/// Returns what `If-Match` names.
pub fn if_match(headers: &HeaderMap) -> Answer<&str> {
    let title = "The header If-Match is missing.";
    let missing = || Failure::new(StatusCode::PRECONDITION_REQUIRED, kinds::PRECONDITION_REQUIRED, title);
    Ok(headers.get(header::IF_MATCH).ok_or_else(missing)?.to_str().unwrap_or_default().trim())
}

/// Returns the version that `If-Match` names, as `"N"`; any other name is that of no version, of which `changed` tells.
pub fn version(headers: &HeaderMap, changed: impl FnOnce() -> Failure) -> Answer<u32> {
    let text = if_match(headers)?;
    let number = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    // `parse` would take a sign too.
    let number = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    number.and_then(|number| number.parse().ok()).ok_or_else(changed)
}

/// What it is based on is no more.
pub fn changed(title: &'static str) -> Failure {
    let failure = Failure::new(StatusCode::PRECONDITION_FAILED, kinds::CHANGED_MEANWHILE, title);
    failure.detail("Read it again, then decide.")
}

/// Returns the request's own name.
pub fn idempotency_key(headers: &HeaderMap) -> Answer<String> {
    let missing =
        || Failure::new(StatusCode::BAD_REQUEST, kinds::KEY_MISSING, "The header Idempotency-Key is missing.");
    let text = headers.get("idempotency-key").ok_or_else(missing)?.to_str().unwrap_or_default().trim();
    let fits = (1..=MAX_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(missing().detail("It must have 1 to 100 visible characters.")) }
}

/// Returns a hash of all that a request asks: under one name it is always the same.
pub fn hash(asked: &impl Serialize) -> Answer<String> {
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(serde_json::to_vec(asked)?)))
}

/// The name was used for something else.
pub fn key_reused() -> Failure {
    let title = "The Idempotency-Key was used for another request.";
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, kinds::KEY_REUSED, title)
}
