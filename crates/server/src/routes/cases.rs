//! `/cases`: cases to read, each cut to what this viewer may see.

use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use chrono::{DateTime, FixedOffset};
use fengtu_wire::cases::{Case, CaseEvent, CaseState, CaseSummary, Channel, Class};
use fengtu_wire::ids::{CaseNumber, CategoryId, PlaceId};
use fengtu_wire::paging::Page;
use fengtu_wire::warnings::Signal;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::case_view::View;
use crate::app::AppState;
use crate::auth::Caller;
use crate::board::asked;
use crate::params::{Params, Segment};
use crate::problem::{Answer, Failure};
use crate::store::cases::{self, Key, Order, Sight, StoredCase, Wanted};
use crate::store::places;
use crate::{conditional, paging};

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(events))
}

/// Lists the cases that the viewer may see.
#[utoipa::path(get, path = "/cases", tag = "cases", params(
    ("place" = Option<String>, Query, description = "In or below this node."),
    ("from" = Option<String>, Query, description = "Reported at or after this instant, RFC 3339."),
    ("to" = Option<String>, Query, description = "Reported before this instant, RFC 3339."),
    ("category" = Option<Vec<String>>, Query, description = "Of any of these categories; a first-level one stands for those below it."),
    ("state" = Option<Vec<CaseState>>, Query, description = "In any of these states."),
    ("class" = Option<Vec<Class>>, Query, description = "Of any of these classes."),
    ("channel" = Option<Vec<Channel>>, Query, description = "That came in by any of these channels."),
    ("people_from" = Option<u32>, Query, maximum = 1_000_000, description = "That so many people or more are part of; 5 are a group."),
    ("repeats" = Option<bool>, Query, description = "Only those that repeat an earlier one which the viewer may see."),
    ("building" = Option<String>, Query, description = "Of the building with this code."),
    ("overdue" = Option<bool>, Query, description = "Only those that are open and have an overdue clock."),
    ("behind" = Option<Signal>, Query, description = "Of `place`, only those that raise this signal of its warning."),
    ("at" = Option<String>, Query, format = DateTime, description = "With `behind`: as it was then; absent: now."),
    ("q" = Option<String>, Query, description = "Words of the number or the title."),
    ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees."),
    ("sort" = Option<String>, Query, description = "-reported_at (default), reported_at or -changed_at."),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows of a page, at most 1,000."),
    ("cursor" = Option<String>, Query, description = "Where the page begins, as the page before said."),
    ("total" = Option<bool>, Query, description = "Count all rows."),
), responses((status = 200, body = Page<CaseSummary>), (status = 304)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    mut params: Params,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let mut asked = Asked::take(&state, &caller, &mut params).await?;
    let after = paging::take_cursor(&mut params, &asked.name())?;
    params.finish()?;
    asked.find_behind(&state).await?;
    let mut rows = asked.rows(&state, after).await?;
    let more = rows.len() > asked.limit as usize;
    rows.truncate(asked.limit as usize);
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| paging::cursor(&asked.name(), &row.key(asked.wanted.order))).transpose()?;
    let total = if asked.total { Some(asked.count(&state).await?) } else { None };
    let link = paging::link(&uri, next.as_deref());
    let items = rows.into_iter().map(|row| asked.view.summary(&row)).collect();
    Ok((link, conditional::json(&headers, &Page { items, next, total })?).into_response())
}

/// Gives one case in full.
#[utoipa::path(get, path = "/cases/{number}", tag = "cases",
    params(("number" = String, Path, description = "The case's number.")),
    responses((status = 200, body = Case), (status = 304), (status = 404)))]
async fn read(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    Segment(number): Segment,
    headers: HeaderMap,
) -> Answer {
    params.finish()?;
    let sight = sight(&state, &caller).await?;
    let mut row = find(&state, &sight, number).await?;
    row.fact.repeat_of = seen(&state, &sight, row.fact.repeat_of).await?;
    let case = View::new(&state).case(row);
    // The version is the case's own; its clocks go on with time, and what is shown of it depends on the viewer.
    let tag = format!(
        "W/\"{}-{}\"",
        case.version,
        conditional::tag_of(&serde_json::to_vec(&case)?).trim_matches(['W', '/', '"'])
    );
    Ok(conditional::tagged(&headers, &tag, "application/json", serde_json::to_vec(&case)?.into()))
}

/// Gives what happened to a case, in order.
#[utoipa::path(get, path = "/cases/{number}/events", tag = "cases",
    params(("number" = String, Path, description = "The case's number.")),
    responses((status = 200, body = Vec<CaseEvent>), (status = 304), (status = 404)))]
async fn events(
    State(state): State<AppState>,
    caller: Caller,
    params: Params,
    Segment(number): Segment,
    headers: HeaderMap,
) -> Answer {
    params.finish()?;
    let row = find(&state, &sight(&state, &caller).await?, number).await?;
    let events = cases::events(&state.db, &row.fact.number, state.config().utc_offset_s).await?;
    let masked: Vec<CaseEvent> = events.into_iter().map(super::case_view::event).collect();
    conditional::json(&headers, &masked)
}

async fn find(state: &AppState, sight: &Sight, number: String) -> Answer<StoredCase> {
    // PostgreSQL refuses the character in a text, and no number holds it.
    if number.contains('\0') {
        return Err(Failure::not_found());
    }
    let found = cases::one(&state.db, sight, &state.config().categories, &CaseNumber(number)).await?;
    found.ok_or_else(Failure::not_found)
}

// The number of a case that the viewer may not see would tell them that there is one.
async fn seen(state: &AppState, sight: &Sight, number: Option<CaseNumber>) -> Answer<Option<CaseNumber>> {
    let Some(number) = number else { return Ok(None) };
    let seen = cases::seen(&state.db, sight, &state.config().categories, vec![number]).await?;
    Ok(seen.into_iter().next())
}

pub(super) async fn sight(state: &AppState, caller: &Caller) -> Answer<Sight> {
    let span = match &caller.viewer.place {
        Some(place) => places::span(&state.db, place).await?,
        None => None,
    };
    let office = caller.office().map(|office| (caller.viewer.place.clone(), office.to_owned()));
    Ok(Sight { role: caller.viewer.role, access: caller.access, span, office })
}

/// More than a district has in one case.
const MOST_PEOPLE: u32 = 1_000_000;

/// What a request for a list asks for.
struct Asked {
    sight: Sight,
    wanted: Wanted,
    overdue: bool,
    limit: u32,
    total: bool,
    behind: Option<Behind>,
    view: View,
}

impl Asked {
    async fn take(state: &AppState, caller: &Caller, params: &mut Params) -> Answer<Self> {
        let (place, below) = super::take_place(&state.db, params, "place").await?.unzip();
        let behind = behind(params, place);
        let overdue = params.flag("overdue");
        let wanted = Wanted {
            below,
            from: params.instant("from").map(|at| at.timestamp_millis()),
            to: params.instant("to").map(|at| at.timestamp_millis()),
            categories: categories(state, params),
            states: states(params.many("state"), overdue),
            classes: params.many::<Class>("class").into_iter().map(|one| one.as_str().to_owned()).collect(),
            people_from: params.count("people_from", MOST_PEOPLE),
            channels: params.many::<Channel>("channel").into_iter().map(|one| one.as_str().to_owned()).collect(),
            building: params.text("building"),
            numbers: None,
            repeats_seen: params.flag("repeats")
                || behind.as_ref().is_some_and(|behind| behind.signal == Signal::Repeats),
            q: params.text("q"),
            bbox: params.bounds("bbox"),
            order: params.one::<Order>("sort").unwrap_or_default(),
        };
        let (limit, total) = (params.limit(), params.flag("total"));
        Ok(Self { sight: sight(state, caller).await?, wanted, overdue, limit, total, behind, view: View::new(state) })
    }

    /// Finds which cases raise the signal, if one was asked for.
    async fn find_behind(&mut self, state: &AppState) -> Answer<()> {
        let Some(Behind { place, signal, at }) = self.behind.take() else { return Ok(()) };
        let live = state.live.clone();
        let found = tokio::task::spawn_blocking(move || {
            let (board, now) = (live.board(), live.now());
            let at = at.map_or(now, |at| at.min(now)).timestamp();
            board.tree.find(&place).map(|ix| board.raising(ix, signal, at)).unwrap_or_default()
        });
        self.wanted.numbers = Some(found.await.map_err(|error| Failure::internal(&error))?);
        Ok(())
    }

    fn name(&self) -> String {
        format!("cases{}", self.wanted.order.as_str())
    }

    // One row more than asked for, to know whether there is a next page. Whether a clock is overdue is computed and not
    // stored, so the open cases are read on until the page is full.
    async fn rows(&self, state: &AppState, mut after: Option<Key>) -> Answer<Vec<StoredCase>> {
        let (wish, mut rows) = (self.limit as usize + 1, Vec::new());
        let batch = if self.overdue { 1_000 } else { self.limit + 1 };
        loop {
            let categories = &state.config().categories;
            let found = cases::read(&state.db, &self.sight, categories, &self.wanted, after.as_ref(), batch).await?;
            let done = found.len() < batch as usize;
            after = found.last().map(|row| row.key(self.wanted.order));
            rows.extend(found.into_iter().filter(|row| !self.overdue || self.view.is_overdue(&row.fact)));
            if done || !self.overdue || rows.len() >= wish {
                return Ok(rows);
            }
        }
    }

    async fn count(&self, state: &AppState) -> Answer<u64> {
        if !self.overdue {
            return Ok(cases::count(&state.db, &self.sight, &state.config().categories, &self.wanted).await?);
        }
        let (mut total, mut after) = (0, None);
        loop {
            let categories = &state.config().categories;
            let found = cases::read(&state.db, &self.sight, categories, &self.wanted, after.as_ref(), 1_000).await?;
            total += found.iter().filter(|row| self.view.is_overdue(&row.fact)).count() as u64;
            after = found.last().map(|row| row.key(self.wanted.order));
            if found.len() < 1_000 {
                return Ok(total);
            }
        }
    }
}

/// Of which cases of a place a list is: those that raise a signal of its warning.
struct Behind {
    place: PlaceId,
    signal: Signal,
    at: Option<DateTime<FixedOffset>>,
}

/// Takes the signal asked for.
fn behind(params: &mut Params, place: Option<PlaceId>) -> Option<Behind> {
    let (signal, at) = (params.one::<Signal>("behind"), params.instant("at"));
    match (signal, place) {
        (Some(signal), Some(place)) => return Some(Behind { place, signal, at }),
        (Some(_), None) => params.wrong("behind", "is a signal of the warning of a `place`, which is to be named"),
        (None, _) if at.is_some() => params.wrong("at", "is only taken with `behind`"),
        (None, _) => {}
    }
    None
}

/// Takes the categories asked for, with those below them; one that is not known is refused.
fn categories(state: &AppState, params: &mut Params) -> Vec<String> {
    let asked: Vec<CategoryId> = asked::categories(params).unwrap_or_default();
    if state.live.board().categories().covered(&asked).is_none() {
        params.wrong("category", asked::UNKNOWN_CATEGORY);
    }
    let asked: Vec<String> = asked.into_iter().map(|id| id.0).collect();
    let config = state.config();
    let below =
        config.categories.iter().filter(|one| one.parent.as_ref().is_some_and(|parent| asked.contains(&parent.0)));
    let below: Vec<String> = below.map(|one| one.id.0.clone()).collect();
    asked.into_iter().chain(below).collect()
}

// An overdue case is an open one: naming the open states lets the database leave the others aside.
fn states(asked: Vec<CaseState>, overdue: bool) -> Vec<String> {
    let asked = if asked.is_empty() && overdue { CaseState::ALL.to_vec() } else { asked };
    let open = |state: &CaseState| !overdue || fengtu_domain::states::is_open(*state);
    let kept: Vec<String> = asked.into_iter().filter(open).map(|state| state.as_str().to_owned()).collect();
    // Only closed states were asked for, and only open cases can be overdue: no state is both.
    if kept.is_empty() && overdue { vec![String::new()] } else { kept }
}
