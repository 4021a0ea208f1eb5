//! `/warnings/{id}/actions`: what is done about a warning, and by whom.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fengtu_domain::handling;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::problem::{FieldError, kinds};
use fengtu_wire::warnings::{Warning, WarningAction, WarningOrder, WarningRecord};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::warnings::View;
use crate::app::AppState;
use crate::auth::Caller;
use crate::board::tree::Ix;
use crate::board::{Board, Scope, asked};
use crate::body::Body;
use crate::live;
use crate::params::{Params, Segment};
use crate::precondition;
use crate::problem::{Answer, Failure};
use crate::store::change_log;
use crate::store::meta::local;
use crate::store::warning_actions::{self, ActionRow, WARNING_HANDLED, WarningFact};

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, act))
}

/// What was done about a place's warnings, newest first.
#[utoipa::path(get, path = "/warnings/{id}/actions", tag = "warnings",
    params(("id" = String, Path, description = "The warning; the same as the place's id.")),
    responses((status = 200, description = "What was done.", body = Vec<WarningRecord>)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
    params: Params,
) -> Answer<Json<Vec<WarningRecord>>> {
    params.finish()?;
    let place = PlaceId(id);
    node(&state.live.board(), &caller, &place)?;
    let rows = warning_actions::of_place(state.db.pool(), &place).await?;
    let offset = state.config().utc_offset_s;
    Ok(Json(rows.into_iter().map(|row| record(row, offset)).collect()))
}

/// Does something about a warning: takes it up, hands it down, says what was done, ends it or opens it again.
///
/// `If-Match` names the `version` that it is based on, as `"N"`; `Idempotency-Key` is the request's own name: sent twice, it
/// is done once.
#[utoipa::path(post, path = "/warnings/{id}/actions", tag = "warnings", request_body = WarningOrder,
    params(
        ("id" = String, Path, description = "The warning; the same as the place's id."),
        ("If-Match" = String, Header, pattern = "^\"[0-9]+\"$", description = "The version that this is based on, as `\"N\"`."),
        ("Idempotency-Key" = String, Header, min_length = 1, max_length = 100, pattern = "^[!-~]+$", description = "1 to 100 characters, new for each intent."),
    ),
    responses(
        (status = 201, description = "It was done, or had been by the same request.", body = WarningRecord),
        (status = 409, description = "It cannot be done in this state."),
        (status = 412, description = "Somebody else did something meanwhile."),
        (status = 422, description = "The key was used for another request."),
        (status = 428, description = "`If-Match` is missing."),
    ))]
async fn act(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
    params: Params,
    headers: HeaderMap,
    body: Result<Body<WarningOrder>, Failure>,
) -> Answer {
    params.finish()?;
    let place = PlaceId(id);
    let ix = node(&state.live.board(), &caller, &place)?;
    let Body(order) = body?;
    let key = precondition::idempotency_key(&headers)?;
    let based_on = precondition::version(&headers, changed_meanwhile)?;
    let order = checked(&state.live.board(), &caller, ix, order)?;
    if !handling::may(caller.viewer.role, order.action) {
        return Err(Failure::forbidden());
    }
    let asked = Request { place, ix, key, based_on, order };
    let (row, sequence) = asked.perform(&state, &caller).await?;
    if let Some(sequence) = sequence {
        live::arrive(&state, sequence).await;
    }
    Ok(done(row, state.config().utc_offset_s))
}

/// One request as it is understood.
struct Request {
    place: PlaceId,
    ix: Ix,
    key: String,
    based_on: u32,
    order: WarningOrder,
}

impl Request {
    /// Does it once; returns what was done, and its number in the log if it was done now.
    async fn perform(self, state: &AppState, caller: &Caller) -> Answer<(ActionRow, Option<u64>)> {
        let account =
            caller.session.as_ref().map(|session| session.account.clone()).ok_or_else(Failure::unauthenticated)?;
        let mut tx = state.db.begin_write().await?;
        // Whoever writes waits here for whoever wrote before: what is read next is what this is based on.
        let sequence = change_log::take_number(&mut tx).await?;
        let hash = precondition::hash(&(&self.place, self.based_on, &self.order))?;
        if let Some(before) = warning_actions::by_request(&mut tx, &account.id, &self.key).await? {
            return if before.request_hash == hash { Ok((before, None)) } else { Err(precondition::key_reused()) };
        }
        let last = warning_actions::last(&mut tx, &self.place).await?.map(|row| WarningFact::from(&row));
        let version = last.as_ref().map_or(0, |last| last.version);
        if version != self.based_on {
            return Err(changed_meanwhile());
        }
        let warning = self.warning(state, last.as_ref())?;
        if !warning.actions.contains(&self.order.action) {
            return Err(not_now());
        }
        let row = ActionRow {
            version: version + 1,
            at: state.now(),
            action: self.order.action,
            level: warning.level,
            score: warning.score,
            account: account.id,
            name: account.display_name,
            role: caller.viewer.role,
            note: self.order.note,
            handed_to: self.order.to,
            place: self.place,
            request_key: self.key,
            request_hash: hash,
        };
        warning_actions::add(&mut tx, &row).await?;
        change_log::record(&mut tx, state.db.kind(), sequence, row.at, WARNING_HANDLED, &WarningFact::from(&row))
            .await?;
        tx.commit().await?;
        Ok((row, Some(sequence)))
    }

    /// The warning after what was done last: what another process did may not have come here yet.
    fn warning(&self, state: &AppState, last: Option<&WarningFact>) -> Answer<Warning> {
        let board = state.live.board();
        View::exact(&state.live, &board).warning_after(self.ix, last).ok_or_else(Failure::not_found)
    }
}

/// Finds a place that the caller answers for.
pub fn node(board: &Board, caller: &Caller, place: &PlaceId) -> Answer<Ix> {
    let audience = asked::audience(board, &caller.viewer, caller.access);
    match asked::scope(board, &audience, Some(place))? {
        Scope::Node(ix) if super::warnings::carries(board, ix) => Ok(ix),
        _ => Err(Failure::not_found()),
    }
}

fn done(row: ActionRow, offset: i32) -> Response {
    let tag = format!("\"{}\"", row.version);
    let mut response = (StatusCode::CREATED, Json(record(row, offset))).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn record(row: ActionRow, offset: i32) -> WarningRecord {
    WarningRecord {
        version: row.version,
        at: local(row.at, offset),
        action: row.action,
        level: row.level,
        score: row.score,
        by: row.name,
        role: row.role,
        note: row.note,
        to: row.handed_to,
    }
}

/// Takes what belongs to an action, trimmed, and refuses what does not.
fn checked(board: &Board, caller: &Caller, ix: Ix, order: WarningOrder) -> Answer<WarningOrder> {
    let wrong = |pointer: &str, detail: &str| FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() };
    let note = order.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    let mut errors = Vec::new();
    if note.is_none() && handling::needs_note(order.action) {
        errors.push(wrong("/note", "is missing: say why, or what was done"));
    }
    let is_unfit = |c: char| c.is_control() && c != '\n';
    if note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE || note.contains(is_unfit)) {
        errors.push(wrong("/note", "must have at most 500 characters, and none that cannot be shown"));
    }
    let may_take = |to: &PlaceId| board.tree.find(to).is_some_and(|to| is_responsible(board, caller, ix, to));
    match (order.action, &order.to) {
        (WarningAction::HandDown, Some(to)) if may_take(to) => {}
        (WarningAction::HandDown, _) => {
            errors.push(wrong("/to", "must be the place, one inside it or one that it lies in, below your own"));
        }
        (_, Some(_)) => errors.push(wrong("/to", "is for handing down alone")),
        (_, None) => {}
    }
    if errors.is_empty() { Ok(WarningOrder { note, ..order }) } else { Err(Failure::invalid(errors)) }
}

/// Whether a place can be told to deal with a warning: it is the warning's own, one inside it, or one that it lies in; and
/// below whoever hands it down.
fn is_responsible(board: &Board, caller: &Caller, ix: Ix, to: Ix) -> bool {
    let audience = asked::audience(board, &caller.viewer, caller.access);
    let is_own = asked::headed(board, audience.scope) == Scope::Node(to);
    let is_related = board.tree.inside(ix).contains(&to) || board.tree.inside(to).contains(&ix);
    is_related && !is_own && audience.scope.holds(&board.tree, to)
}

fn changed_meanwhile() -> Failure {
    precondition::changed("Somebody else did something about this warning meanwhile.")
}

fn not_now() -> Failure {
    Failure::new(StatusCode::CONFLICT, kinds::NOT_NOW, "This cannot be done as the warning stands.")
}
