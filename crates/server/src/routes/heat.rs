//! `GET /heat` and `GET /heat/points`: where cases are, as cells for anyone and as points for those who may see them.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fengtu_domain::anonymity;
use fengtu_domain::sight::Access;
use fengtu_wire::geojson::FeatureCollection;
use fengtu_wire::heat::{HeatCells, HeatPoint, POINTS_MEDIA_TYPE};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::problem::kinds;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::board::facts::Packed;
use crate::board::heat::{self, Filter};
use crate::board::{Board, Slot, asked};
use crate::live::stream::Audience;
use crate::params::Params;
use crate::problem::{Answer, Failure};
use crate::store::cases::{self, Wanted};

const GEOJSON: &str = "application/geo+json";
/// Days that are shown where no period is asked for.
const DAYS: i64 = 30;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(cells)).routes(routes!(points))
}

/// Counts of cases per cell, none under `k`.
///
/// Restricted cases are not counted. The period is widened to whole days.
#[utoipa::path(get, path = "/heat", tag = "heat",
    params(
        ("place" = Option<String>, Query, description = "Only cases inside this node of the tree."),
        ("from" = Option<String>, Query, format = DateTime, description = "Reported from then on; absent: 30 days before `to`."),
        ("to" = Option<String>, Query, format = DateTime, description = "Reported before; absent: now, or just after `from` where that is a day ahead at most."),
        ("category" = Option<Vec<String>>, Query, description = "Only these categories, first-level ones with all below; may be repeated."),
    ),
    responses(
        (status = 200, description = "The cells.", body = HeatCells),
    ))]
async fn cells(State(state): State<AppState>, caller: Caller, mut params: Params) -> Answer<Json<HeatCells>> {
    let asked = Asked::read(&state, &mut params);
    params.finish()?;
    let config = state.live.config();
    let board = state.live.board();
    let (_, mut filter) = asked.filter(&board, &caller)?;
    filter.reported = asked::span(crate::board::figures::whole_days(asked.period, *state.live.now().offset()));
    let points: Vec<_> = heat::drawn(&board, &filter).map(|(_, _, at)| at).collect();
    drop(board);
    let bounds = config.bounds.unwrap_or_else(|| heat::bounds(points.iter().copied()));
    let cells = anonymity::cells(points, bounds, config.heat.cell_m, config.k_anonymity);
    Ok(Json(heat::coarse(cells)))
}

/// One point per case, for those who may see single cases; never a restricted one. Who is given single cases gets those.
///
/// As `GeoJSON`, or by `Accept: application/vnd.fengtu.points` in columns of 10 bytes a case. Cases on both sides of the
/// antimeridian come as `GeoJSON` wherever that is accepted too: the box of the columns cannot lie across it.
#[utoipa::path(get, path = "/heat/points", tag = "heat",
    params(
        ("place" = Option<String>, Query, description = "Only cases inside this node of the tree."),
        ("from" = Option<String>, Query, format = DateTime, description = "Reported from then on; absent: 30 days before `to`."),
        ("to" = Option<String>, Query, format = DateTime, description = "Reported before; absent: now, or just after `from` where that is a day ahead at most."),
        ("category" = Option<Vec<String>>, Query, description = "Only these categories, first-level ones with all below; may be repeated."),
    ),
    responses(
        (status = 200, description = "The points.", content(
            (FeatureCollection<HeatPoint> = "application/geo+json"),
            (Vec<u8> = "application/vnd.fengtu.points"),
        )),
    ))]
async fn points(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    mut params: Params,
) -> Answer<Response> {
    let asked = Asked::read(&state, &mut params);
    params.finish()?;
    let accepted = Accepted::read(&headers)?;
    let own = asked.own(&state, &caller).await?;
    let live = Arc::clone(&state.live);
    // A district's year takes tens of milliseconds to write: not on a thread that others wait for.
    let body = tokio::task::spawn_blocking(move || {
        let board = live.board();
        let (audience, filter) = asked.filter(&board, &caller)?;
        accepted.write(&board, &filter, |slot, case| match &own {
            Some(own) => own.contains(board.number(slot)),
            None => audience.sees(&board, case),
        })
    });
    let (form, body) = body.await.map_err(|error| Failure::internal(&error))??;
    let headers = [(header::CONTENT_TYPE, form.media_type()), (header::VARY, "Accept")];
    Ok((headers, body).into_response())
}

/// The parameters that both addresses share.
struct Asked {
    place: Option<PlaceId>,
    period: fengtu_domain::statistics::Period,
    categories: Option<Vec<fengtu_wire::ids::CategoryId>>,
}

impl Asked {
    fn read(state: &AppState, params: &mut Params) -> Self {
        let place = params.text("place").map(PlaceId);
        let period = asked::period(params, state.live.now(), DAYS);
        Self { place, period, categories: asked::categories(params) }
    }

    /// Returns the numbers of the viewer's own cases, where those are all that they may see: who holds a case, the database
    /// knows. That a restricted one is not drawn holds for these too.
    async fn own(&self, state: &AppState, caller: &Caller) -> Answer<Option<HashSet<String>>> {
        if caller.access != Access::SelfOnly {
            return Ok(None);
        }
        let (from, to) = (self.period.from.saturating_mul(1_000), self.period.to.saturating_mul(1_000));
        let wanted = Wanted { from: Some(from), to: Some(to), ..Wanted::default() };
        let sight = super::cases::sight(state, caller).await?;
        let numbers = cases::numbers(&state.db, &sight, &state.config().categories, &wanted).await?;
        Ok(Some(numbers.into_iter().map(|number| number.0).collect()))
    }

    fn filter(&self, board: &Board, caller: &Caller) -> Answer<(Audience, Filter)> {
        let audience = asked::audience(board, &caller.viewer, caller.access);
        let scope = asked::scope(board, &audience, self.place.as_ref())?;
        let categories = asked::covered(board, self.categories.as_deref())?;
        Ok((audience, Filter { scope, reported: asked::span(self.period), categories }))
    }
}

/// The forms in which points are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    GeoJson,
    Columns,
}

impl Form {
    const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => GEOJSON,
            Self::Columns => POINTS_MEDIA_TYPE,
        }
    }
}

/// What a request takes.
#[derive(Debug, Clone, Copy)]
struct Accepted {
    /// The form that it likes best.
    best: Form,
    /// Whether it takes `GeoJSON` at all.
    geojson: bool,
}

impl Accepted {
    /// Returns the forms that the request names.
    fn read(headers: &HeaderMap) -> Answer<Self> {
        let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges: Vec<(f32, &str)> = accept.flat_map(|value| value.split(',')).map(range).collect();
        if ranges.is_empty() {
            return Ok(Self { best: Form::GeoJson, geojson: true });
        }
        let wanted = |names: &[&str]| {
            let matching = ranges.iter().filter(|(_, name)| names.contains(name));
            matching.map(|(quality, _)| *quality).fold(0.0, f32::max)
        };
        let columns = wanted(&[POINTS_MEDIA_TYPE]);
        let geojson = wanted(&[GEOJSON, "application/json", "application/*", "*/*"]);
        match () {
            () if columns > 0.0 && columns >= geojson => Ok(Self { best: Form::Columns, geojson: geojson > 0.0 }),
            () if geojson > 0.0 => Ok(Self { best: Form::GeoJson, geojson: true }),
            () => {
                let title = "Points are given as GeoJSON or in columns only.";
                Err(Failure::new(StatusCode::NOT_ACCEPTABLE, kinds::NOT_ACCEPTABLE, title))
            }
        }
    }

    /// Writes the points, and says in which form.
    fn write(self, board: &Board, filter: &Filter, sees: impl Fn(Slot, &Packed) -> bool) -> Answer<(Form, Vec<u8>)> {
        if self.best == Form::Columns {
            let columns = heat::columns(board, filter, &sees);
            if !(self.geojson && heat::is_round_the_world(columns.bounds)) {
                return Ok((Form::Columns, columns.encode()));
            }
        }
        let features = FeatureCollection::new(heat::features(board, filter, sees));
        Ok((Form::GeoJson, serde_json::to_vec(&features)?))
    }
}

/// Splits `type/subtype;q=0.5` into quality and name.
fn range(text: &str) -> (f32, &str) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
    (quality, name)
}
