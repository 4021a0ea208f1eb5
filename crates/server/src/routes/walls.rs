//! `/walls`: walls that are signed in, and the remotes paired with them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use fengtu_wire::problem::{FieldError, kinds};
use fengtu_wire::session::Role;
use fengtu_wire::walls::{Claim, PERIODS, Pairing, Remote, WallAction, WallCommand, WallScene, WallSession};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::{self, Caller};
use crate::body::Body;
use crate::params::{Params, Segment};
use crate::problem::{Answer, Failure};
use crate::qr;
use crate::store::meta::local;
use crate::store::sessions::{self, LiveSession};
use crate::store::walls::{self, Sent, StoredRemote};
use crate::store::{failures, places};

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(end_wall))
        .routes(routes!(pair, unpair))
        .routes(routes!(call))
        .routes(routes!(remotes, claim))
        .routes(routes!(end_remote))
        .routes(routes!(command))
}

/// Lists the walls that are signed in, newest first.
#[utoipa::path(get, path = "/walls", tag = "walls", responses((status = 200, body = Vec<WallSession>)))]
async fn list(State(state): State<AppState>, caller: Caller, params: Params) -> Answer<Json<Vec<WallSession>>> {
    params.finish()?;
    own_session(&caller)?;
    let counts = walls::counts(&state.db, state.now()).await?;
    let offset = state.config().utc_offset_s;
    let one = |live: LiveSession| WallSession {
        remotes: counts.iter().find(|(wall, _)| *wall == live.id).map_or(0, |(_, n)| *n),
        name: live.account.display_name,
        started_at: local(live.started_at, offset),
        seen_at: local(live.seen_at, offset),
        user_agent: live.user_agent,
        id: live.id,
    };
    let all = sessions::of_role(&state.db, Role::Wall, state.now()).await?;
    Ok(Json(all.into_iter().map(one).collect()))
}

/// Ends a wall's session: it shows nothing more until somebody signs it in again.
#[utoipa::path(delete, path = "/walls/{id}", tag = "walls",
    params(("id" = String, Path, description = "The id of the wall's session.")), responses((status = 204), (status = 404)))]
async fn end_wall(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    Segment(id): Segment,
) -> Answer<StatusCode> {
    params.finish()?;
    let by = own_session(&caller)?;
    let all = sessions::of_role(&state.db, Role::Wall, state.now()).await?;
    let found = all.into_iter().find(|one| one.id.as_str() == id).ok_or_else(Failure::not_found)?;
    sessions::end(&state.db, &found.id).await?;
    tracing::info!("{} ended the session of {}", by.account.id, found.account.id);
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the wall a code for pairing, good for three minutes and for one remote; the one before is no longer good.
#[utoipa::path(post, path = "/walls/pairings", tag = "walls", responses((status = 201, body = Pairing)))]
async fn pair(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> Answer<(StatusCode, Json<Pairing>)> {
    params.finish()?;
    let wall = own_session(&caller)?;
    let opened = walls::open(&state.db, &wall.id, state.now()).await?;
    let (code, ends_at) = opened.ok_or_else(|| Failure::unavailable(&"no pairing code is free"))?;
    let address = format!("{}/remote#{code}", origin(&state, &headers));
    let qr = qr::draw(&address).map_err(|cause| Failure::internal(&cause))?;
    let ends_at = local(ends_at, state.config().utc_offset_s);
    Ok((StatusCode::CREATED, Json(Pairing { code, ends_at, address, qr })))
}

/// Takes the wall's code and all its remotes away.
#[utoipa::path(delete, path = "/walls/pairings", tag = "walls", responses((status = 204)))]
async fn unpair(State(state): State<AppState>, caller: Caller, params: Params) -> Answer<StatusCode> {
    params.finish()?;
    walls::close(&state.db, &own_session(&caller)?.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks every wall to show a code: for walls that nobody can touch.
#[utoipa::path(post, path = "/walls/calls", tag = "walls",
    responses((status = 202), (status = 429, description = "Too many within a short time; `Retry-After` says when.")))]
async fn call(State(state): State<AppState>, caller: Caller, params: Params) -> Answer<StatusCode> {
    params.finish()?;
    let by = own_session(&caller)?;
    slow_down(&state, "call", by).await?;
    let sequence = walls::tell_all(&state.db, WallCommand::of(WallAction::Code), state.now()).await;
    state.live.arrived(sequence.map_err(|cause| Failure::internal(&cause))?).await;
    Ok(StatusCode::ACCEPTED)
}

/// Lists the remotes of one's own session, newest first.
#[utoipa::path(get, path = "/walls/remotes", tag = "walls", responses((status = 200, body = Vec<Remote>)))]
async fn remotes(State(state): State<AppState>, caller: Caller, params: Params) -> Answer<Json<Vec<Remote>>> {
    params.finish()?;
    let all = walls::of_holder(&state.db, &own_session(&caller)?.id, state.now()).await?;
    Ok(Json(all.into_iter().map(|one| remote(&state, one)).collect()))
}

/// Pairs one's own session with the wall that shows this code. The remote ends with either session, and after four hours.
#[utoipa::path(post, path = "/walls/remotes", tag = "walls", request_body = Claim,
    responses((status = 201, body = Remote), (status = 404, description = "No wall shows this code."),
        (status = 429, description = "Too many wrong codes; `Retry-After` says when.")))]
async fn claim(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    body: Result<Body<Claim>, Failure>,
) -> Answer<(StatusCode, Json<Remote>)> {
    params.finish()?;
    let Body(Claim { code }) = body?;
    let holder = own_session(&caller)?;
    if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(wrong("/code", "must be six digits"));
    }
    let key = slow_down(&state, "claim", holder).await?;
    let claimed = walls::claim(&state.db, &code, &holder.id, state.now()).await;
    let claimed = claimed.map_err(|cause| Failure::internal(&cause))?;
    let (sequence, stored) = claimed.ok_or_else(Failure::not_found)?;
    failures::forget(&state.db, &key).await?;
    state.live.arrived(sequence).await;
    tracing::info!("{} was paired with the wall {}", holder.account.id, stored.wall);
    Ok((StatusCode::CREATED, Json(remote(&state, stored))))
}

/// Ends one of one's own remotes.
#[utoipa::path(delete, path = "/walls/remotes/{id}", tag = "walls",
    params(("id" = String, Path, description = "The remote's id.")), responses((status = 204), (status = 404)))]
async fn end_remote(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    Segment(id): Segment,
) -> Answer<StatusCode> {
    params.finish()?;
    let ended = walls::end(&state.db, &id, &own_session(&caller)?.id).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Failure::not_found()) }
}

/// Tells the wall something: at once, or when it is back within half a minute; a wall that is away for longer is not told later.
#[utoipa::path(post, path = "/walls/remotes/{id}/commands", tag = "walls", request_body = WallCommand,
    params(("id" = String, Path, description = "The remote's id.")),
    responses((status = 202), (status = 404),
        (status = 429, description = "Too many within ten seconds; `Retry-After` says when.")))]
async fn command(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    Segment(id): Segment,
    body: Result<Body<WallCommand>, Failure>,
) -> Answer<StatusCode> {
    params.finish()?;
    let Body(command) = body?;
    let holder = own_session(&caller)?;
    check(&state, &command).await?;
    let sent = walls::command(&state.db, &id, &holder.id, command, state.now()).await;
    match sent.map_err(|cause| Failure::internal(&cause))? {
        Sent::Logged(sequence) => state.live.arrived(sequence).await,
        Sent::Unknown => return Err(Failure::not_found()),
        Sent::TooMany => return Err(too_many(10)),
    }
    Ok(StatusCode::ACCEPTED)
}

/// Refuses a command that does not say what it needs, or says what it does not.
async fn check(state: &AppState, command: &WallCommand) -> Answer<()> {
    let WallCommand { action, scene, place, days } = command;
    if !action.is_for_remotes() {
        return Err(wrong("/action", "is the server's own"));
    }
    if scene.is_some() != (*action == WallAction::Show) {
        return Err(wrong("/scene", "must be there with `show`, and with nothing else"));
    }
    if place.is_some() != (*scene == Some(WallScene::Street)) {
        return Err(wrong("/place", "must be there with `street`, and with nothing else"));
    }
    if days.is_some() != (*action == WallAction::Period) || days.is_some_and(|days| !PERIODS.contains(&days)) {
        return Err(wrong("/days", "must be 7, 30 or 90 with `period`, and absent with anything else"));
    }
    if let Some(place) = place
        && (place.as_str().contains('\0') || places::span(&state.db, place).await?.is_none())
    {
        return Err(wrong("/place", "is not a place of this district"));
    }
    Ok(())
}

/// Counts a try and refuses it where it comes too soon; returns the key to forget it by.
async fn slow_down(state: &AppState, what: &str, by: &LiveSession) -> Answer<String> {
    let key = auth::hash_token(&format!("wall {what}\n{}", by.account.id));
    match failures::count_try(&state.db, &key, state.now()).await? {
        Some(wait_s) => Err(too_many(wait_s)),
        None => Ok(key),
    }
}

fn too_many(wait_s: u32) -> Failure {
    let title = "Too many within a short time; wait before the next.";
    Failure::new(StatusCode::TOO_MANY_REQUESTS, kinds::SLOW_DOWN, title).retry_after(wait_s)
}

fn wrong(pointer: &str, detail: &str) -> Failure {
    Failure::invalid(vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }])
}

fn own_session(caller: &Caller) -> Answer<&LiveSession> {
    caller.session.as_ref().ok_or_else(Failure::unauthenticated)
}

fn remote(state: &AppState, stored: StoredRemote) -> Remote {
    let offset = state.config().utc_offset_s;
    let (started_at, ends_at) = (local(stored.started_at, offset), local(stored.ends_at, offset));
    Remote { id: stored.id, wall: stored.name, started_at, ends_at }
}

/// Returns our own origin as browsers see it: the one that was set, else the host that this wall has asked for.
fn origin(state: &AppState, headers: &HeaderMap) -> String {
    if let Some(own) = &state.settings.public_origin {
        return own.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let host: String = host.chars().filter(|&c| is_plain(c)).take(200).collect();
    format!("{}://{host}", if state.settings.secure_cookies { "https" } else { "http" })
}
