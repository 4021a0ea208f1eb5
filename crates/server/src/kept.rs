//! Answers that only an import changes (places, grids, stations, doors, the base map), kept as they go out.
//!
//! Reading a district's 60,000 doors and compressing them takes half a second; giving the bytes again takes none. Each
//! answer is kept for the dataset that it was made from, and which dataset it is now is asked of the database every time:
//! an import, by whichever process, counts from its commit on.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use fengtu_domain::sight::Access;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::session::Role;

use crate::app::AppState;
use crate::auth::Caller;
use crate::conditional;
use crate::live::prepared::{Coding, Prepared};
use crate::problem::{Answer, Failure};
use crate::store::{meta, write};

/// The routes whose answers depend on the dataset, the question and the viewer, and on nothing else.
const ROUTES: [&str; 5] =
    ["/api/v1/places", "/api/v1/grids", "/api/v1/stations", "/api/v1/basemap", "/api/v1/buildings/points"];
/// Answers kept at once, and their bytes together; beyond that all go and those in use come back.
const MOST: usize = 512;
const MOST_BYTES: usize = 64 << 20;

/// What was asked, by whom, and how it is compressed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    role: Role,
    access: Access,
    place: Option<PlaceId>,
    uri: String,
    coding: Coding,
}

/// An answer as it goes out.
#[derive(Debug, Clone)]
struct Ready {
    headers: HeaderMap,
    body: Bytes,
}

/// The answers of one dataset.
#[derive(Debug, Default)]
struct Held {
    dataset: String,
    bytes: usize,
    answers: HashMap<Key, Ready>,
}

/// The answers that are kept.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Held>);

impl Kept {
    fn get(&self, dataset: &str, key: &Key) -> Option<Ready> {
        let held = self.held();
        (held.dataset == dataset).then(|| held.answers.get(key).cloned())?
    }

    fn put(&self, dataset: String, key: Key, ready: Ready) {
        let mut held = self.held();
        let full = held.answers.len() >= MOST || held.bytes + ready.body.len() > MOST_BYTES;
        if held.dataset != dataset || full {
            *held = Held { dataset, ..Held::default() };
        }
        held.bytes += ready.body.len();
        if let Some(old) = held.answers.insert(key, ready) {
            held.bytes -= old.body.len();
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives a kept answer, or keeps the one that the handler gives.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else { return next.run(request).await };
    match answer(&state, key, request, next).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

fn key(request: &Request) -> Option<Key> {
    let path = request.extensions().get::<MatchedPath>()?;
    if request.method() != Method::GET || !ROUTES.contains(&path.as_str()) {
        return None;
    }
    let caller = request.extensions().get::<Caller>()?;
    Some(Key {
        role: caller.viewer.role,
        access: caller.access,
        place: caller.viewer.place.clone(),
        uri: request.uri().to_string(),
        coding: Coding::of(request.headers()),
    })
}

async fn answer(state: &AppState, key: Key, mut request: Request, next: Next) -> Answer<Response> {
    // Before the handler reads: an import in between leaves an answer of the old name, which nobody will ask for.
    let dataset = meta::get(state.db.pool(), write::DATASET_CHANGED).await?.unwrap_or_default();
    let asked = request.headers().clone();
    if let Some(ready) = state.live.kept.get(&dataset, &key) {
        return Ok(ready.response(&asked));
    }
    // The whole answer is wanted, whatever the browser has already.
    request.headers_mut().remove(header::IF_NONE_MATCH);
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| Failure::internal(&error))?;
    let ready = Ready::new(parts.headers, body, key.coding).await;
    state.live.kept.put(dataset, key, ready.clone());
    Ok(ready.response(&asked))
}

impl Ready {
    async fn new(mut headers: HeaderMap, body: Bytes, coding: Coding) -> Self {
        let (body, encoding) = Prepared::new(body.into(), coding).await.into_parts();
        headers.remove(header::CONTENT_LENGTH);
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        Self { headers, body }
    }

    fn response(self, asked: &HeaderMap) -> Response {
        let tag = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let is_known = tag.is_some_and(|tag| conditional::is_known(asked, tag));
        let mut response = Response::new(if is_known { Body::empty() } else { Body::from(self.body) });
        *response.headers_mut() = self.headers;
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.headers_mut().remove(header::CONTENT_ENCODING);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(uri: &str) -> Key {
        let (role, access) = (Role::DistrictLeader, Access::District);
        Key { role, access, place: None, uri: uri.to_owned(), coding: Coding::Brotli }
    }

    fn ready(bytes: usize) -> Ready {
        Ready { headers: HeaderMap::new(), body: vec![b'x'; bytes].into() }
    }

    #[test]
    fn an_answer_is_for_its_dataset_and_its_viewer_alone() {
        let kept = Kept::default();
        kept.put("1".to_owned(), key("/a"), ready(3));
        assert!(kept.get("1", &key("/a")).is_some());
        assert!(kept.get("2", &key("/a")).is_none() && kept.get("1", &key("/a?place=1")).is_none());
        let public = Key { role: Role::Public, access: Access::Anyone, ..key("/a") };
        assert!(kept.get("1", &public).is_none());
        kept.put("2".to_owned(), key("/b"), ready(3));
        assert!(kept.get("1", &key("/a")).is_none(), "what an import has replaced is gone");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let kept = Kept::default();
        for number in 0..200 {
            kept.put("1".to_owned(), key(&format!("/{number}")), ready(1 << 20));
            assert!(kept.held().bytes <= MOST_BYTES);
        }
        for number in 0..2_000 {
            kept.put("1".to_owned(), key(&format!("/{number}")), ready(1));
            assert!(kept.held().answers.len() <= MOST);
        }
        let held = kept.held();
        assert_eq!(held.bytes, held.answers.values().map(|ready| ready.body.len()).sum::<usize>());
    }
}
