//! The resources, one module each, named as in `fengtu_wire`.

use utoipa_axum::router::OpenApiRouter;

use crate::app::AppState;

pub mod health;
pub mod openapi;

/// Returns every resource, without the common prefix.
pub fn all() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(health::router()).merge(openapi::router())
}
