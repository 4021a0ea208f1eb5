//! `GET /statistics`: the figures of supervision for any node and period.

use axum::Json;
use axum::extract::State;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::statistics::Statistics;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::board::figures::{self, Question};
use crate::board::next::next;
use crate::board::{Board, Scope, asked};
use crate::params::Params;
use crate::problem::{Answer, Failure};

/// Days that are counted where no period is asked for.
const DAYS: i64 = 30;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// The figures of one node in one period, beside the period before and the year before, with the nodes below.
///
/// For those who get counts from `k` up the period is widened to whole days; the answer names the one that was counted. A wall has
/// the district and its streets, with rows down to communities, and 1, 7, 30 or 90 days that end now or with the last midnight, of
/// these without rows; anything else is refused.
#[utoipa::path(get, path = "/statistics", tag = "statistics",
    params(
        ("place" = Option<String>, Query, description = "The node; absent: the viewer's part of the tree."),
        ("from" = Option<String>, Query, format = DateTime, description = "Start, inclusive; absent: 30 days before `to`."),
        ("to" = Option<String>, Query, format = DateTime, description = "End, exclusive; absent: now, or just after `from` where that is a day ahead at most."),
        ("level" = Option<PlaceLevel>, Query, description = "Level of the rows below; absent: the next one."),
    ),
    responses(
        (status = 200, description = "The figures.", body = Statistics),
    ))]
async fn read(State(state): State<AppState>, caller: Caller, mut params: Params) -> Answer<Json<Statistics>> {
    let now = state.live.now();
    let place = params.text("place").map(PlaceId);
    let period = asked::period(&mut params, now, DAYS);
    let level: Option<PlaceLevel> = params.one("level");
    params.finish()?;
    let live = state.live;
    let answer = tokio::task::spawn_blocking(move || {
        let board = live.board();
        let audience = asked::audience(&board, &caller.viewer, caller.access);
        let scope = asked::headed(&board, asked::scope(&board, &audience, place.as_ref())?);
        let place = match scope {
            Scope::Node(ix) => board.tree.id(ix).cloned().ok_or_else(Failure::not_found)?,
            // No single top: the figures are of everything, which has no id.
            Scope::All => PlaceId(String::new()),
        };
        let is_wall = audience.role == Role::Wall;
        let period = if is_wall {
            asked::expect_of_wall(&board, scope, level)?;
            asked::granted_to_wall(period, now)?
        } else {
            asked::granted(period, &audience, *now.offset())
        };
        let k = audience.is_anonymous().then(|| live.config().k_anonymity);
        let answer = figures::answer(&board, &Question { scope, place, period, level, now, k });
        Ok(match is_wall {
            true if period.to <= now.timestamp() => sums(answer),
            true if is_whole(&board, scope) => Statistics { next: Some(next(&board, now)), ..answer },
            _ => answer,
        })
    });
    answer.await.map_err(|error| Failure::internal(&error))?.map(Json)
}

/// Whether it is all that there is.
fn is_whole(board: &Board, scope: Scope) -> bool {
    match scope {
        Scope::All => true,
        Scope::Node(ix) => board.tree.above(ix).is_none(),
    }
}

/// Days that are over, without those since and with today: what is left is one day. For a wall that is so of sums alone.
fn sums(answer: Statistics) -> Statistics {
    Statistics { days: Vec::new(), hours: Vec::new(), categories: Vec::new(), children: Vec::new(), ..answer }
}
