//! The guard before every route: who calls, and how far they reach there.

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use fengtu_domain::sight::{Access, Viewer};
use fengtu_wire::session::Role;

use super::{cookie, foreign, password};
use crate::app::AppState;
use crate::problem::{Answer, Failure};
use crate::store::sessions::{self, LiveSession};

/// Who calls, and how far they reach on this route. A handler that takes it cannot be reached unguarded.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who is looking.
    pub viewer: Viewer,
    /// How far they reach on this route; granted.
    pub access: Access,
    /// Their session; absent for the public.
    pub session: Option<LiveSession>,
}

impl Caller {
    /// Returns the office whose cases are this caller's own.
    pub fn office(&self) -> Option<&str> {
        self.session.as_ref()?.office.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Failure::not_found)
    }
}

/// Finds out who calls and lets them through, or refuses: a route that the table of sight does not list is not there.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&state, &parts).await {
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(failure) => failure.into_response(),
    }
}

async fn admit(state: &AppState, request: &Parts) -> Answer<Caller> {
    foreign::check(&state.settings, &request.method, &request.headers)?;
    let session = live_session(state, request).await?;
    let viewer = session.as_ref().map_or_else(Viewer::public, LiveSession::viewer);
    let path = request.extensions.get::<MatchedPath>().ok_or_else(Failure::not_found)?;
    let access = viewer.access(table_method(&request.method), path.as_str()).ok_or_else(Failure::not_found)?;
    match (access.is_granted(), viewer.role) {
        (true, _) => Ok(Caller { viewer, access, session }),
        (false, Role::Public) => Err(Failure::unauthenticated()),
        (false, _) => Err(Failure::forbidden()),
    }
}

async fn live_session(state: &AppState, request: &Parts) -> Answer<Option<LiveSession>> {
    match cookie::token(&state.settings, &request.headers) {
        Some(token) => Ok(sessions::find(&state.db, &password::hash_token(&token), state.now()).await?),
        None => Ok(None),
    }
}

// axum answers HEAD with GET's handler.
fn table_method(method: &Method) -> &str {
    if method == Method::HEAD { "GET" } else { method.as_str() }
}
