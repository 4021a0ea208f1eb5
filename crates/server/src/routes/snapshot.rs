//! `GET /snapshot`: what a live screen starts from, and the position from which events go on.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use fengtu_wire::events::WarningLevel;
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::warnings::Level;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::board::{Board, asked};
use crate::live::prepared::{Coding, Kind, Made};
use crate::live::stream::Audience;
use crate::live::{self, Shared};
use crate::params::Params;
use crate::problem::Answer;

/// Newest cases in a snapshot.
const RECENT: usize = 200;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// The state now and its position in the stream of events: with the events after it, nothing is missing or double.
#[utoipa::path(get, path = "/snapshot", tag = "live",
    responses(
        (status = 200, description = "The state.", body = Snapshot),
    ))]
async fn read(State(state): State<AppState>, caller: Caller, headers: HeaderMap, params: Params) -> Answer<Response> {
    params.finish()?;
    let live = &state.live;
    let audience = |board: &Board| asked::audience(board, &caller.viewer, caller.access);
    let now = || {
        let board = live.board();
        (kind(&audience(&board)), live.moment(&board))
    };
    let make = || {
        // One lock over all of it: events are published under the same, so position and state agree.
        let board = live.board();
        let audience = audience(&board);
        let json = serde_json::to_vec(&snapshot(live, &board, &audience))?;
        Ok(Made { kind: kind(&audience), moment: live.moment(&board), json })
    };
    Ok(live.snapshots.answer(Coding::of(&headers), now, make).await?.response())
}

fn kind(audience: &Audience) -> Kind {
    Kind { role: audience.role, access: audience.access, scope: audience.scope }
}

fn snapshot(live: &Shared, board: &Board, audience: &Audience) -> Snapshot {
    Snapshot {
        position: live.position().to_string(),
        server_time: live.now(),
        today: live.today(board, audience.head, audience.is_anonymous()),
        warnings: warnings(live, board, audience),
        recent: recent(live, board, audience),
    }
}

fn warnings(live: &Shared, board: &Board, audience: &Audience) -> Vec<WarningLevel> {
    let thresholds = live.config().warning_thresholds;
    let places = audience.scope.range(&board.tree);
    let warnings = places.filter_map(|ix| live::warning(board, ix)).filter(|warning| warning.level > Level::None);
    warnings.map(|warning| if audience.is_anonymous() { live::coarse(warning, &thresholds) } else { warning }).collect()
}

fn recent(live: &Shared, board: &Board, audience: &Audience) -> Vec<fengtu_wire::events::CaseDot> {
    if audience.is_anonymous() {
        return Vec::new();
    }
    let offset = *live.now().offset();
    let newest = board.reported(i64::MIN..i64::MAX).rev();
    let seen = newest.filter(|(_, case)| audience.sees(board, case));
    seen.filter_map(|(slot, _)| live::dot(board, slot, offset)).take(RECENT).collect()
}
