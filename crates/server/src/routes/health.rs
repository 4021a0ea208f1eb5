//! `GET /health`: whether the server can answer, for those who watch over it.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::params::Params;
use crate::problem::Answer;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Says that the server and its database answer.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 204, description = "All is well.")))]
async fn read(State(state): State<AppState>, _caller: Caller, params: Params) -> Answer<StatusCode> {
    params.finish()?;
    sqlx::query("SELECT 1").execute(state.db.pool()).await?;
    Ok(StatusCode::NO_CONTENT)
}
