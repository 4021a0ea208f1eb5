//! `GET /statistics/cube`: the leaders' board, cut by brushes along cause, place and time.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate};
use fengtu_domain::statistics::Period;
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::auth::Caller;
use crate::board::cube::{self, Brush, Question};
use crate::board::sheets::{Names, weekday};
use crate::board::{Board, Scope, asked};
use crate::live::stream::Audience;
use crate::params::Params;
use crate::problem::{Answer, Failure};

/// Days that are counted where no period is asked for.
const DAYS: i64 = 30;
/// The most places of a brush: more make no address that every server on the way takes.
const MOST_PLACES: usize = 256;

/// Returns this resource's routes.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// The figures of one node in one period, cut by brushes; each dimension is counted under all brushes but its own.
///
/// Those who get counts from `k` up cannot brush: of questions that overlap one case could be worked out.
#[utoipa::path(get, path = "/statistics/cube", tag = "statistics",
    params(
        ("place" = Option<String>, Query, description = "The node; absent: the viewer's part of the tree."),
        ("from" = Option<String>, Query, format = DateTime, description = "Start, inclusive; absent: 30 days before `to`."),
        ("to" = Option<String>, Query, format = DateTime, description = "End, exclusive; absent: now, or just after `from` where that is a day ahead at most."),
        ("level" = Option<PlaceLevel>, Query, description = "Level of the rows below; absent: the next one."),
        ("category" = Option<Vec<String>>, Query, description = "Brush: only these causes; may be repeated. A first-level one stands for those below it."),
        ("within" = Option<Vec<String>>, Query, description = "Brush: only inside these nodes; may be repeated, up to 256 times."),
        ("day_from" = Option<String>, Query, format = Date, description = "Brush: from this local day on."),
        ("day_to" = Option<String>, Query, format = Date, description = "Brush: up to and with this local day."),
        ("weekday" = Option<Vec<u8>>, Query, description = "Brush: only these days of the week, 1 = Monday; may be repeated."),
        ("hour" = Option<Vec<u8>>, Query, description = "Brush: only these local hours of the day, 0–23; may be repeated."),
    ),
    responses(
        (status = 200, description = "The figures.", body = Cube),
    ))]
async fn read(State(state): State<AppState>, caller: Caller, mut params: Params) -> Answer<Json<Cube>> {
    let asked = Asked::take(&mut params, state.live.now());
    params.finish()?;
    answer(&state, caller, asked).await.map(Json)
}

/// Answers off the threads that serve.
pub async fn answer(state: &AppState, caller: Caller, asked: Asked) -> Answer<Cube> {
    let live = state.live.shared();
    let answer = tokio::task::spawn_blocking(move || {
        let board = live.board();
        let audience = asked::audience(&board, &caller.viewer, caller.access);
        let question = asked.question(&board, &audience, live.config().k_anonymity)?;
        Ok(cube::answer(&board, &question))
    });
    answer.await.map_err(|error| Failure::internal(&error))?
}

/// What a request asks, as it is written.
#[derive(Debug, Clone)]
pub struct Asked {
    place: Option<PlaceId>,
    period: Period,
    level: Option<PlaceLevel>,
    categories: Option<Vec<CategoryId>>,
    within: Vec<PlaceId>,
    days: Option<(NaiveDate, NaiveDate)>,
    weekdays: Vec<u8>,
    hours: Vec<u8>,
    now: DateTime<FixedOffset>,
}

impl Asked {
    /// Takes the parameters.
    pub fn take(params: &mut Params, now: DateTime<FixedOffset>) -> Self {
        let asked = Self {
            place: params.text("place").map(PlaceId),
            period: asked::period(params, now, DAYS),
            level: params.one("level"),
            categories: asked::categories(params),
            within: params.texts("within").into_iter().map(PlaceId).collect(),
            days: days(params.one("day_from"), params.one("day_to")),
            weekdays: params.many("weekday"),
            hours: params.many("hour"),
            now,
        };
        if asked.weekdays.iter().any(|day| !(1..=7).contains(day)) {
            params.wrong("weekday", "must be 1 (Monday) to 7");
        }
        if asked.within.len() > MOST_PLACES {
            params.wrong("within", "may be given 256 times");
        }
        if asked.hours.iter().any(|hour| *hour > 23) {
            params.wrong("hour", "must be 0 to 23");
        }
        asked
    }

    /// Returns what is chosen along each dimension, in words.
    pub fn chosen(&self, names: &Names) -> Vec<String> {
        let days = self.days.map(|(first, last)| format!("{first} – {last}"));
        let hours = self.hours.iter().map(|hour| format!("{hour}:00"));
        let places = self.within.iter().map(|id| names.place(id));
        let causes = self.categories.iter().flatten().map(|id| names.category(id));
        let weekdays = self.weekdays.iter().map(|&day| weekday(day, names).to_owned());
        places.chain(causes).chain(days).chain(weekdays).chain(hours).collect()
    }

    fn question(self, board: &Board, audience: &Audience, k: u32) -> Answer<Question> {
        let scope = asked::headed(board, asked::scope(board, audience, self.place.as_ref())?);
        let place = match scope {
            Scope::Node(ix) => board.tree.id(ix).cloned().ok_or_else(Failure::not_found)?,
            Scope::All => PlaceId(String::new()),
        };
        let period = asked::granted(self.period, audience, *self.now.offset());
        let k = audience.is_anonymous().then_some(k);
        let (level, now) = (self.level, self.now);
        let brush = self.brush(board, scope, period)?;
        if k.is_some() && brush.is_any() {
            return Err(Failure::forbidden().detail("Who gets counts from k up cannot brush."));
        }
        Ok(Question { scope, place, period, level, brush, now, k })
    }

    fn brush(self, board: &Board, scope: Scope, period: Period) -> Answer<Brush> {
        let inside = |id: &PlaceId| board.tree.find(id).filter(|&ix| scope.holds(&board.tree, ix));
        let places = self.within.iter().map(inside).collect::<Option<Vec<_>>>();
        let places =
            places.ok_or_else(|| Failure::invalid_parameter("within", "is not a place inside the one asked for"))?;
        let days = match self.days {
            Some(days) => Some(span(days, period, *self.now.offset()).ok_or_else(|| {
                Failure::invalid_parameter(
                    "day_from",
                    "must not be after `day_to`, and some of the days must be of the period",
                )
            })?),
            None => None,
        };
        let categories = asked::covered(board, self.categories.as_deref())?;
        Ok(Brush { categories, places, days, weekdays: self.weekdays, hours: self.hours })
    }
}

/// One day alone is that day.
fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    let first = from.or(to)?;
    Some((first, to.unwrap_or(first)))
}

/// Returns local days as a span of the period; `None`: none of them is of it.
fn span((first, last): (NaiveDate, NaiveDate), period: Period, offset: FixedOffset) -> Option<Period> {
    let start =
        |day: NaiveDate| Some(day.and_time(chrono::NaiveTime::MIN).and_local_timezone(offset).earliest()?.timestamp());
    let (from, to) = (start(first)?.max(period.from), start(last.succ_opt()?)?.min(period.to));
    (first <= last && from < to).then_some(Period { from, to })
}
