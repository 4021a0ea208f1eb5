//! `/session` and `/sessions`: signing in and out, and one's own sessions.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fengtu_domain::sight;
use fengtu_wire::ids::SessionId;
use fengtu_wire::session::{OwnSession, Session, SignIn};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::{self, Caller, Source};
use crate::body::Body;
use crate::params::{Params, Segment};
use crate::problem::{Answer, Failure};
use crate::store::meta::local;
use crate::store::sessions::{self, LiveSession};

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read, begin, end)).routes(routes!(list)).routes(routes!(end_one))
}

/// Tells who is signed in, and what they may see.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Session)))]
async fn read(State(state): State<AppState>, caller: Caller, params: Params) -> Answer<Json<Session>> {
    params.finish()?;
    Ok(Json(session(&state, caller.session.as_ref())))
}

/// Signs in: a new token each time, in a cookie; an earlier session of the same browser ends.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 201, body = Session), (status = 401, description = "The name or the password is wrong."),
        (status = 429, description = "Too many failed tries; `Retry-After` says when.")))]
async fn begin(
    State(state): State<AppState>,
    caller: Caller,
    source: Source,
    params: Params,
    headers: HeaderMap,
    body: Result<Body<SignIn>, Failure>,
) -> Answer {
    params.finish()?;
    let Body(given) = body?;
    let account = auth::sign_in(&state, &source, &given).await?;
    if let Some(before) = &caller.session {
        sessions::end(&state.db, &before.id).await?;
    }
    let token = auth::new_token().map_err(|cause| Failure::internal(&cause))?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let live = sessions::begin(&state.db, &account, &auth::hash_token(&token), agent, state.now()).await?;
    let max_age = (live.ends_at - live.started_at).num_seconds();
    let cookie = auth::set_cookie(&state.settings, &token, max_age);
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(session(&state, Some(&live)))).into_response())
}

/// Signs out: the session ends here and now, and the browser forgets what it kept.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn end(State(state): State<AppState>, caller: Caller, params: Params) -> Answer {
    params.finish()?;
    let current = caller.session.ok_or_else(Failure::unauthenticated)?;
    sessions::end(&state.db, &current.id).await?;
    Ok(signed_out(&state))
}

/// Lists one's own sessions, newest first.
#[utoipa::path(get, path = "/sessions", tag = "session", responses((status = 200, body = Vec<OwnSession>)))]
async fn list(State(state): State<AppState>, caller: Caller, params: Params) -> Answer<Json<Vec<OwnSession>>> {
    params.finish()?;
    let current = caller.session.ok_or_else(Failure::unauthenticated)?;
    let all = sessions::of_account(&state.db, &current.account, state.now()).await?;
    let offset = state.config().utc_offset_s;
    Ok(Json(all.into_iter().map(|one| own(one, &current.id, offset)).collect()))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "session",
    params(("id" = String, Path, description = "The session's id.")), responses((status = 204), (status = 404)))]
async fn end_one(State(state): State<AppState>, caller: Caller, params: Params, Segment(id): Segment) -> Answer {
    params.finish()?;
    let current = caller.session.ok_or_else(Failure::unauthenticated)?;
    let own = sessions::of_account(&state.db, &current.account, state.now()).await?;
    let found = own.into_iter().find(|one| one.id.as_str() == id).ok_or_else(Failure::not_found)?;
    sessions::end(&state.db, &found.id).await?;
    Ok(if found.id == current.id { signed_out(&state) } else { StatusCode::NO_CONTENT.into_response() })
}

fn signed_out(state: &AppState) -> Response {
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    let cookie = auth::clear_cookie(&state.settings);
    (
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie), (header::HeaderName::from_static("clear-site-data"), clear)],
    )
        .into_response()
}

fn session(state: &AppState, live: Option<&LiveSession>) -> Session {
    let viewer = live.map_or_else(sight::Viewer::public, LiveSession::viewer);
    let cases = viewer.access("GET", "/api/v1/cases").is_some_and(sight::Access::is_granted);
    let offset = state.config().utc_offset_s;
    Session {
        role: viewer.role,
        account: live.map(|live| live.account.clone()),
        place: viewer.place,
        sees_cases: cases,
        ends_at: live.map(|live| local(live.ends_at, offset)),
    }
}

fn own(live: LiveSession, current: &SessionId, offset: i32) -> OwnSession {
    OwnSession {
        current: live.id == *current,
        started_at: local(live.started_at, offset),
        seen_at: local(live.seen_at, offset),
        user_agent: live.user_agent,
        id: live.id,
    }
}
