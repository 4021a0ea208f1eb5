//! `GET /events`: the stream of Server-Sent Events.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::Sse;
use axum::response::{IntoResponse as _, Response};
use fengtu_wire::events::Event;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::board::asked;
use crate::live::stream::{Audience, Start};
use crate::params::Params;
use crate::problem::Answer;
use crate::store::sessions;

const LAST_EVENT_ID: &str = "last-event-id";

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Events as they happen, cut to what the viewer may see.
///
/// Each has `event`, `id` (the position, `epoch:sequence`) and `data`, the JSON of one event. The stream begins after
/// `Last-Event-ID`, else after `after`, else now. A position that is gone gets `event: reset`: take a new snapshot.
#[utoipa::path(get, path = "/events", tag = "live",
    params(
        ("after" = Option<String>, Query, description = "Position after which to begin; for a first connection, which cannot set headers."),
        ("Last-Event-ID" = Option<String>, Header, description = "Position after which to begin; stronger than `after`."),
    ),
    responses(
        (status = 200, description = "The stream; each `data` is one event.", body = Event, content_type = "text/event-stream"),
    ))]
async fn read(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    mut params: Params,
) -> Answer<Response> {
    let after = params.text("after");
    params.finish()?;
    let start = start(&headers, after.as_deref());
    let audience = {
        let board = state.live.board();
        let session = caller.session.as_ref().map(|session| session.id.clone());
        Audience { session, ..asked::audience(&board, &caller.viewer, caller.access) }
    };
    let shared = state.live.shared();
    let holds = {
        let (state, caller) = (state, Arc::new(caller));
        move || {
            let (state, caller) = (state.clone(), Arc::clone(&caller));
            async move { still_holds(&state, &caller).await }
        }
    };
    // Proxies and compression must pass each event on at once.
    let headers =
        [(header::CACHE_CONTROL, "no-store, no-transform"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(shared.stream(audience, start, holds))).into_response())
}

fn start(headers: &HeaderMap, after: Option<&str>) -> Start {
    let last = headers.get(LAST_EVENT_ID).filter(|value| !value.is_empty());
    let position = match (last, after) {
        (Some(last), _) => last.to_str().unwrap_or_default(),
        (None, Some(after)) => after,
        (None, None) => return Start::Now,
    };
    position.parse().map_or(Start::Unknown, Start::After)
}

/// Returns whether the session that opened a stream still lasts. A database that cannot be asked now ends no stream.
async fn still_holds(state: &AppState, caller: &Caller) -> bool {
    let Some(session) = &caller.session else { return true };
    sessions::is_alive(&state.db, &session.id, state.now()).await.unwrap_or(true)
}
