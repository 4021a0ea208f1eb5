//! `GET /warnings`: risk warnings with the reasons they were given, now and in the past.

use std::cmp::Ordering;
use std::ops::Range;

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_domain::handling;
use fengtu_wire::ids::{PlaceId, WarningId};
use fengtu_wire::paging::Page;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::warnings::{Level, Warning, WarningAction, WarningHistory};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::board::handled::{self, Standing};
use crate::board::history::{Walk, digits};
use crate::board::risk::{self, Mark};
use crate::board::tree::Ix;
use crate::board::{Board, Scope, WARNED, asked};
use crate::live::Shared;
use crate::live::stream::Audience;
use crate::paging;
use crate::params::{Params, Segment};
use crate::problem::{Answer, Failure};
use crate::store::warning_actions::WarningFact;

/// Frames that one answer may hold.
const MOST_FRAMES: i64 = 1_000;
const DAY_S: u32 = 86_400;
/// The longest step between two frames: a leap year.
const MOST_STEP_S: u32 = 366 * DAY_S;
/// Names the list in its cursors.
const LIST: &str = "warnings";

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(history)).routes(routes!(read))
}

/// Places with a warning, the highest first.
///
/// Restricted cases add to no score.
#[utoipa::path(get, path = "/warnings", tag = "warnings",
    params(
        ("place" = Option<String>, Query, description = "Only inside this node of the tree."),
        ("level" = Option<Vec<Level>>, Query, description = "Only these levels; may be repeated. Absent: all above `none`."),
        ("place_level" = Option<PlaceLevel>, Query, description = "Only places of this level of the tree."),
        ("at" = Option<String>, Query, format = DateTime, description = "As it was then; absent: now."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows of a page."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: `next` of the one before."),
        ("total" = Option<bool>, Query, description = "Whether to count all rows."),
    ),
    responses(
        (status = 200, description = "A page of warnings.", body = Page<Warning>),
    ))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    mut params: Params,
) -> Answer<Response> {
    let place = params.text("place").map(PlaceId);
    let levels: Vec<Level> = params.many("level");
    let place_level: Option<PlaceLevel> = params.one("place_level");
    let at = params.instant("at");
    let (limit, total) = (params.limit() as usize, params.flag("total"));
    let after: Option<Key> = paging::take_cursor(&mut params, LIST)?;
    params.finish()?;
    asked::expect_of_now(caller.viewer.role, at)?;
    let live = state.live;
    let page = tokio::task::spawn_blocking(move || {
        let board = live.board();
        let audience = asked::audience(&board, &caller.viewer, caller.access);
        let scope = asked::scope(&board, &audience, place.as_ref())?;
        let view = View::new(&live, &board, &audience, at);
        let wanted = |level: Level| if levels.is_empty() { level > Level::None } else { levels.contains(&level) };
        let of_level = |ix: &Ix| place_level.is_none_or(|level| board.tree.get(*ix).is_some_and(|n| n.level == level));
        let mut keys: Vec<Key> =
            view.places(scope.range(&board.tree)).filter(of_level).filter_map(|ix| view.key(ix)).collect();
        keys.retain(|key| wanted(key.level));
        keys.sort_by(Key::order);
        view.page(&keys, after.as_ref(), limit, total)
    });
    let page = page.await.map_err(|error| Failure::internal(&error))??;
    Ok((paging::link(&uri, page.next.as_deref()), Json(page)).into_response())
}

/// One place's warning, whatever its level: its signals, and each one's share of the score.
#[utoipa::path(get, path = "/warnings/{id}", tag = "warnings",
    params(
        ("id" = String, Path, description = "The warning; the same as the place's id."),
        ("at" = Option<String>, Query, format = DateTime, description = "As it was then; absent: now."),
    ),
    responses(
        (status = 200, description = "The warning.", body = Warning),
    ))]
async fn read(
    State(state): State<AppState>,
    caller: Caller,
    Segment(id): Segment,
    mut params: Params,
) -> Answer<Response> {
    let at = params.instant("at");
    params.finish()?;
    asked::expect_of_now(caller.viewer.role, at)?;
    let board = state.live.board();
    let audience = asked::audience(&board, &caller.viewer, caller.access);
    let Scope::Node(ix) = asked::scope(&board, &audience, Some(&PlaceId(id)))? else {
        return Err(Failure::not_found());
    };
    let warning = View::new(&state.live, &board, &audience, at).warning(ix).ok_or_else(Failure::not_found)?;
    let tag = format!("\"{}\"", warning.version);
    let mut response = Json(warning).into_response();
    // What an edit is based on is what was done so far; scores and clocks move on by themselves.
    if let (Ok(tag), None, false) = (HeaderValue::from_str(&tag), at, audience.is_anonymous()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The levels of many places over time, one frame per step.
#[utoipa::path(get, path = "/warnings/history", tag = "warnings",
    params(
        ("from" = Option<String>, Query, format = DateTime, description = "Time of the first frame; absent: 365 days before `to`."),
        ("to" = Option<String>, Query, format = DateTime, description = "No frame is later; absent: now."),
        ("step_s" = Option<u32>, Query, minimum = 60, maximum = 31_622_400, description = "Seconds between frames; absent: a day."),
        ("level" = Option<PlaceLevel>, Query, description = "Level of the places; absent: grids."),
        ("place" = Option<String>, Query, description = "Only inside this node of the tree."),
    ),
    responses(
        (status = 200, description = "The frames.", body = WarningHistory),
    ))]
async fn history(State(state): State<AppState>, caller: Caller, mut params: Params) -> Answer<Json<WarningHistory>> {
    let now = state.live.now();
    let place = params.text("place").map(PlaceId);
    let level: PlaceLevel = params.one("level").unwrap_or(PlaceLevel::Grid);
    let step_s: u32 = params.one("step_s").unwrap_or(DAY_S);
    let to = params.instant("to").unwrap_or(now).min(now);
    let from = params.instant("from").unwrap_or(to - TimeDelta::days(365));
    let frames = (to - from).num_seconds() / i64::from(step_s.max(1)) + 1;
    if !(60..=MOST_STEP_S).contains(&step_s) || from > to || frames > MOST_FRAMES {
        params.wrong(
            "step_s",
            "must be at least 60 and at most a year, and leave at most 1,000 frames between `from` and `to`",
        );
    }
    params.finish()?;
    let live = state.live;
    let answer = tokio::task::spawn_blocking(move || {
        let places = asked::places(&live.board(), &caller, place.as_ref(), level)?;
        Ok(frames_of(&live, &places, from, step_s, frames))
    });
    answer.await.map_err(|error| Failure::internal(&error))?.map(Json)
}

/// Computes frame by frame, lending the board anew for each, so that changes need not wait for a year of frames.
fn frames_of(live: &Shared, places: &[Ix], from: DateTime<FixedOffset>, step_s: u32, frames: i64) -> WarningHistory {
    let mut walk = Walk::default();
    let at = |n: i64| from.timestamp() + n * i64::from(step_s);
    let frames = (0..frames).map(|n| digits(&walk.levels(&live.board(), at(n), places))).collect();
    let board = live.board();
    let places = places.iter().filter_map(|&ix| board.tree.id(ix).cloned()).collect();
    WarningHistory { from, step_s, places, frames }
}

/// Whether a place is of a level that carries warnings.
pub(super) fn carries(board: &Board, ix: Ix) -> bool {
    board.tree.get(ix).is_some_and(|node| WARNED.contains(&node.level))
}

/// The warnings of one instant, as one viewer may have them.
pub(super) struct View<'a> {
    board: &'a Board,
    live: &'a Shared,
    role: Role,
    anonymous: bool,
    now: DateTime<FixedOffset>,
    /// The past instant asked for, and the counts of every place's own cases then.
    past: Option<(DateTime<FixedOffset>, Vec<fengtu_domain::warnings::Signals>)>,
}

impl<'a> View<'a> {
    /// Shows all of it, as it is now, to whoever decides what may be done.
    pub(super) fn exact(live: &'a Shared, board: &'a Board) -> Self {
        Self { board, live, role: Role::DistrictLeader, anonymous: false, now: live.now(), past: None }
    }

    fn new(live: &'a Shared, board: &'a Board, audience: &Audience, at: Option<DateTime<FixedOffset>>) -> Self {
        let now = live.now();
        let past = at.filter(|at| *at < now).map(|at| (at, Walk::default().direct(board, at.timestamp())));
        Self { board, live, role: audience.role, anonymous: audience.is_anonymous(), now, past }
    }

    fn places(&self, range: Range<Ix>) -> impl Iterator<Item = Ix> + '_ {
        range.filter(|&ix| carries(self.board, ix))
    }

    fn signals(&self, ix: Ix) -> fengtu_domain::warnings::Signals {
        match &self.past {
            Some((_, direct)) => risk::sum(&self.board.tree, direct, ix),
            None => self.board.risk.signals(&self.board.tree, ix),
        }
    }

    fn mark(&self, ix: Ix) -> Mark {
        let Some((at, _)) = &self.past else { return self.board.risk.mark(ix) };
        let scale = self.board.risk.scale();
        let score = scale.score(ix, &self.signals(ix)).total;
        Mark { level: scale.level(score), score: risk::shown(score), since: at.timestamp() }
    }

    fn key(&self, ix: Ix) -> Option<Key> {
        let mark = self.mark(ix);
        let score = if self.anonymous { 0.0 } else { mark.score };
        Some(Key { level: mark.level, score, place: self.board.tree.id(ix)?.clone() })
    }

    fn warning(&self, ix: Ix) -> Option<Warning> {
        self.warning_after(ix, self.board.last_done(ix))
    }

    /// Returns a place's warning as it stands after what was done last.
    pub(super) fn warning_after(&self, ix: Ix, last: Option<&WarningFact>) -> Option<Warning> {
        let node = self.board.tree.get(ix).filter(|node| WARNED.contains(&node.level))?;
        let mark = self.mark(ix);
        let scored = self.board.risk.scale().score(ix, &self.signals(ix));
        let level = fengtu_wire::events::WarningLevel { place: node.id.clone(), level: mark.level, score: mark.score };
        let thresholds = self.live.config().warning_thresholds;
        let level = if self.anonymous { crate::live::coarse(level, &thresholds) } else { level };
        let since = self.board.since(ix, mark.level, mark.since);
        let standing = self.board.standing(ix, mark, since, last.filter(|_| self.tells_what_was_done()));
        let local = |at: i64| DateTime::from_timestamp(at, 0).map(|at| at.with_timezone(self.now.offset()));
        Some(Warning {
            id: WarningId(node.id.0.clone()),
            place: level.place,
            level: level.level,
            score: level.score,
            reasons: if self.anonymous { Vec::new() } else { scored.reasons },
            at: self.past.as_ref().map_or(self.now, |(at, _)| *at),
            since: local(since)?,
            state: standing.state,
            actions: self.actions(&standing, mark.level),
            version: standing.version,
            handed_to: standing.handed_to,
        })
    }

    /// Of the past and to those who get counts alone, nothing is told of what was done.
    const fn tells_what_was_done(&self) -> bool {
        self.past.is_none() && !self.anonymous
    }

    fn actions(&self, standing: &Standing, level: Level) -> Vec<WarningAction> {
        let possible = if self.past.is_some() { &[] } else { handled::possible(standing, level) };
        possible.iter().copied().filter(|&action| handling::may(self.role, action)).collect()
    }

    fn page(&self, keys: &[Key], after: Option<&Key>, limit: usize, total: bool) -> Answer<Page<Warning>> {
        let first = after.map_or(0, |after| keys.partition_point(|key| key.order(after) != Ordering::Greater));
        let rest = keys.get(first..).unwrap_or_default();
        let shown = rest.get(..limit.min(rest.len())).unwrap_or_default();
        let last = shown.last().filter(|_| rest.len() > limit);
        let next = last.map(|last| paging::cursor(LIST, last)).transpose()?;
        let items = shown.iter().filter_map(|key| self.warning(self.board.tree.find(&key.place)?)).collect();
        Ok(Page { items, next, total: total.then_some(keys.len() as u64) })
    }
}

/// What the list is sorted by: level, then score, then place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Key {
    level: Level,
    score: f64,
    place: PlaceId,
}

impl Key {
    fn order(&self, other: &Self) -> Ordering {
        let higher = other.level.cmp(&self.level).then(other.score.total_cmp(&self.score));
        higher.then_with(|| self.place.cmp(&other.place))
    }
}
