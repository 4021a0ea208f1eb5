//! `GET /config`: the district's own settings.

use axum::extract::State;
use axum::http::HeaderMap;
use fengtu_wire::config::Config;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::conditional;
use crate::params::Params;
use crate::problem::Answer;
use crate::store::meta;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Tells what this district does differently, and what time it is there.
#[utoipa::path(get, path = "/config", tag = "config", responses((status = 200, body = Config), (status = 304)))]
async fn read(State(state): State<AppState>, caller: Caller, params: Params, headers: HeaderMap) -> Answer {
    params.finish()?;
    let mut lasting = Config::clone(&state.config());
    lasting.warning_rules = lasting.warning_rules.filter(|_| !caller.access.is_anonymous());
    let mut config = lasting.clone();
    config.server_time = meta::local(state.now(), config.utc_offset_s);
    conditional::json_tagged_by(&headers, &config, &lasting)
}
