//! `/warnings/trial` and `/warnings/{id}/episodes`: what thresholds would have done, and what came after earlier warnings.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset};
use fengtu_domain::trial::{self, Chance, HORIZON_DAYS, Outcome};
use fengtu_domain::warnings;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::{TrialOutcome, WarningEpisode, WarningTrial};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::warning_actions::node;
use crate::app::AppState;
use crate::auth::Caller;
use crate::board::WARNED;
use crate::board::asked;
use crate::board::trial::Past;
use crate::params::{Params, Segment};
use crate::problem::{Answer, Failure};

/// Returns these resources' routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(try_out)).routes(routes!(episodes))
}

/// Thresholds tried on the past year before they are set: how many warnings they would have given, and how many were right.
///
/// A warning was right if within 30 days something grave followed at the place: a group matter, an urgent or major case, a
/// failed mediation, a case that came back. `chance` is how often a place and day taken at random would have been.
#[utoipa::path(get, path = "/warnings/trial", tag = "warnings",
    params(
        ("blue" = Option<f64>, Query, minimum = 0, maximum = 100, description = "Least score of blue; absent: as it is set."),
        ("yellow" = Option<f64>, Query, minimum = 0, maximum = 100, description = "Least score of yellow; absent: as it is set."),
        ("red" = Option<f64>, Query, minimum = 0, maximum = 100, description = "Least score of red; absent: as it is set."),
        ("level" = Option<PlaceLevel>, Query, description = "Level of the places: grid (absent), community or street."),
        ("place" = Option<String>, Query, description = "Only inside this node of the tree."),
    ),
    responses((status = 200, description = "The trial.", body = WarningTrial)))]
async fn try_out(State(state): State<AppState>, caller: Caller, mut params: Params) -> Answer<Json<WarningTrial>> {
    let set = state.config().warning_thresholds;
    let [blue, yellow, red] = ["blue", "yellow", "red"].map(|name| params.one::<f64>(name));
    let thresholds = [blue.unwrap_or(set[0]), yellow.unwrap_or(set[1]), red.unwrap_or(set[2])];
    let level: PlaceLevel = params.one("level").unwrap_or(PlaceLevel::Grid);
    let place = params.text("place").map(PlaceId);
    if !WARNED.contains(&level) {
        params.wrong("level", "must be grid, community or street");
    }
    if warnings::check(&warnings::rules(), &thresholds).is_err() {
        params.wrong("red", "must be above yellow, yellow above blue, blue above 0, and none above 100");
    }
    params.finish()?;
    let live = state.live.shared();
    let answer = tokio::task::spawn_blocking(move || {
        let places = asked::places(&live.board(), &caller, place.as_ref(), level)?;
        let now = live.now();
        Ok(tried(&Past::new(&live, &places, now), places.len(), thresholds, now))
    });
    answer.await.map_err(|error| Failure::internal(&error))?.map(Json)
}

fn tried(past: &Past, places: usize, [blue, yellow, red]: [f64; 3], now: DateTime<FixedOffset>) -> WarningTrial {
    let days = past.days();
    let outcome = |threshold: f64| {
        let mut outcome = Outcome::default();
        past.series().for_each(|series| trial::add(&mut outcome, series, threshold));
        let Outcome { given, judged, right, days: in_level } = outcome;
        TrialOutcome { threshold, given, judged, right, daily: tenth(f64::from(in_level) / days.max(1) as f64) }
    };
    let mut chance = Chance::default();
    past.series().for_each(|series| trial::add_chance(&mut chance, series));
    WarningTrial {
        from: local(past.from, now),
        to: local(past.at(days), now),
        places: places as u32,
        horizon_days: HORIZON_DAYS as u32,
        red: outcome(red),
        yellow: outcome(yellow),
        blue: outcome(blue),
        chance: (chance.judged > 0).then(|| chance.right as f64 / chance.judged as f64),
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn local(at: i64, now: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(now.offset())
}

/// The times in the last year at which a place had a warning, newest first, and what came after each.
#[utoipa::path(get, path = "/warnings/{id}/episodes", tag = "warnings",
    params(("id" = String, Path, description = "The warning; the same as the place's id.")),
    responses((status = 200, description = "The times.", body = Vec<WarningEpisode>)))]
async fn episodes(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
    params: Params,
) -> Answer<Json<Vec<WarningEpisode>>> {
    params.finish()?;
    let thresholds = state.config().warning_thresholds;
    let live = state.live.shared();
    let answer = tokio::task::spawn_blocking(move || {
        let ix = node(&live.board(), &caller, &PlaceId(id))?;
        let now = live.now();
        Ok(told(&Past::new(&live, &[ix], now), thresholds, now))
    });
    answer.await.map_err(|error| Failure::internal(&error))?.map(Json)
}

fn told(past: &Past, thresholds: [f64; 3], now: DateTime<FixedOffset>) -> Vec<WarningEpisode> {
    let Some(series) = past.series().next() else { return Vec::new() };
    let mut all = trial::episodes(series, thresholds[0]);
    all.reverse();
    let told = |episode: trial::Episode| WarningEpisode {
        from: local(past.at(episode.from), now),
        to: (episode.to < past.days()).then(|| local(past.at(episode.to), now)),
        level: warnings::level(f64::from(episode.highest), &thresholds),
        grave: episode.grave,
        right: episode.right,
    };
    all.into_iter().map(told).collect()
}
