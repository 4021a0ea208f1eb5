//! The resources, one module each, named as in `fengtu_wire`.

use fengtu_wire::ids::PlaceId;
use utoipa_axum::router::OpenApiRouter;

use crate::app::AppState;
use crate::db::Db;
use crate::params::Params;
use crate::problem::Answer;
use crate::store;
use crate::store::tree::Span;

pub mod basemap;
pub mod buildings;
mod case_view;
pub mod cases;
pub mod config;
pub mod cube;
pub mod events;
pub mod grids;
pub mod health;
pub mod heat;
pub mod openapi;
pub mod orders;
pub mod places;
pub mod qr;
pub mod session;
pub mod snapshot;
pub mod stations;
pub mod statistics;
pub mod walls;
pub mod warning_actions;
pub mod warning_trial;
pub mod warnings;
pub mod workbook;

/// Returns every resource, without the common prefix.
pub fn all() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(health::router())
        .merge(config::router())
        .merge(session::router())
        .merge(walls::router())
        .merge(places::router())
        .merge(grids::router())
        .merge(stations::router())
        .merge(buildings::router())
        .merge(basemap::router())
        .merge(cases::router())
        .merge(orders::router())
        .merge(heat::router())
        .merge(warnings::router())
        .merge(warning_actions::router())
        .merge(warning_trial::router())
        .merge(statistics::router())
        .merge(cube::router())
        .merge(workbook::router())
        .merge(qr::router())
        .merge(snapshot::router())
        .merge(events::router())
        .merge(openapi::router())
}

/// Takes a parameter that names a node of the tree; one that does not exist is refused by name.
pub async fn take_place(db: &Db, params: &mut Params, name: &str) -> Answer<Option<(PlaceId, Span)>> {
    let Some(id) = params.text(name).map(PlaceId) else { return Ok(None) };
    let span = store::places::span(db, &id).await?;
    if span.is_none() {
        params.wrong(name, "is not a place of this district");
    }
    Ok(span.map(|span| (id, span)))
}
