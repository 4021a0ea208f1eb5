//! The body of a request to another server: limited in time and size, and no second way to what an entry sets.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, Method, StatusCode, header};
use fengtu_wire::problem::kinds;
use futures::StreamExt as _;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::outward::Outward;
use super::rule::{Refused, Rule};
use super::settings::Entry;
use super::{busy, not_passed};
use crate::problem::{Answer, Failure};

/// Reads what a page sends. Bodies have places of their own until they go, so that slow ones hold up nobody but each
/// other.
pub async fn read(body: Body, method: &Method, outward: &Outward) -> Answer<(Bytes, Option<OwnedSemaphorePermit>)> {
    if body.is_end_stream() {
        return Ok((Bytes::new(), None));
    }
    // Some servers take parameters from it all the same.
    if matches!(*method, Method::GET | Method::HEAD) {
        return Err(with_a_body());
    }
    let place = outward.reading_place().await.ok_or_else(busy)?;
    Ok((whole(body, outward.entry()).await?, Some(place)))
}

async fn whole(body: Body, entry: &Entry) -> Answer<Bytes> {
    let most = u64::from(entry.max_request_bytes);
    if body.size_hint().lower() > most {
        return Err(too_large());
    }
    let read = async {
        let (mut stream, mut all) = (body.into_data_stream(), Vec::new());
        while let Some(chunk) = stream.next().await {
            all.extend_from_slice(&chunk.map_err(|_| late())?);
            if all.len() as u64 > most {
                return Err(too_large());
            }
        }
        Ok(Bytes::from(all))
    };
    timeout(Duration::from_secs(entry.body_s.into()), read).await.unwrap_or_else(|_| Err(late()))
}

/// Checks that a body brings nothing that the entry sets: many servers read parameters from both, and its own count.
pub fn check(way: &Rule, headers: &HeaderMap, body: &[u8]) -> Answer<()> {
    if body.is_empty() || !way.sets_any() {
        return Ok(());
    }
    let names = match kind(headers).ok_or_else(unreadable)? {
        Kind::Form => form_names(body),
        Kind::Json => json_names(body).ok_or_else(unreadable)?,
        Kind::Other => Vec::new(),
    };
    let set = names.into_iter().find(|name| way.sets(name));
    set.map_or(Ok(()), |name| Err(not_passed('/', &Refused::set(&name))))
}

/// What servers read parameters out of.
enum Kind {
    Form,
    Json,
    Other,
}

/// Returns what a body is; nothing where readers could differ in it, or where only one with all its rules could tell.
fn kind(headers: &HeaderMap) -> Option<Kind> {
    let mut told = headers.get_all(header::CONTENT_TYPE).iter();
    let text = told.next().map_or(Some(""), |value| value.to_str().ok())?.to_ascii_lowercase();
    let (essence, parameters) = text.split_once(';').unwrap_or((&text, ""));
    let is_packed = headers.contains_key(header::CONTENT_ENCODING);
    if told.next().is_some() || is_packed || essence.contains(',') || essence.contains("multipart") {
        return None;
    }
    // Without a type it is a form to some.
    if essence.trim().is_empty() || essence.contains("form-urlencoded") {
        return is_utf8(parameters).then_some(Kind::Form);
    }
    Some(if essence.trim().ends_with("json") { Kind::Json } else { Kind::Other })
}

/// Whether the letters are those that we read: in others a name could be hidden.
fn is_utf8(parameters: &str) -> bool {
    let mut all = parameters.split(';').filter_map(|one| one.split_once('='));
    all.all(|(name, value)| name.trim() != "charset" || value.trim().trim_matches('"') == "utf-8")
}

/// Names in a form; a semicolon parts them for some servers.
fn form_names(body: &[u8]) -> Vec<String> {
    let parts = body.split(|byte| matches!(byte, b'&' | b';'));
    parts.flat_map(form_urlencoded::parse).map(|(name, _)| name.into_owned()).collect()
}

/// Names in an object, or in each of a list.
fn json_names(body: &[u8]) -> Option<Vec<String>> {
    let objects = match serde_json::from_slice(body).ok()? {
        Value::Array(all) => all,
        one => vec![one],
    };
    let names = objects.iter().filter_map(Value::as_object).flat_map(|object| object.keys().cloned());
    Some(names.collect())
}

fn with_a_body() -> Failure {
    let title = "A question that only reads has no body: write its parameters into the address.";
    Failure::new(StatusCode::BAD_REQUEST, kinds::INVALID_VALUE, title)
}

fn unreadable() -> Failure {
    let title = "To that address only bodies go in which parameters can be seen: a form or JSON, in UTF-8.";
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, kinds::UNSUPPORTED_MEDIA_TYPE, title)
}

fn too_large() -> Failure {
    let title = "The body is too large for that server.";
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, kinds::TOO_LARGE, title)
}

fn late() -> Failure {
    let title = "The body of the request did not arrive in time.";
    Failure::new(StatusCode::REQUEST_TIMEOUT, kinds::TOO_SLOW, title)
}
