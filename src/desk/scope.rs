//! What every panel asks about: the node in view, the period, the server's time, and the questions for them.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use fengtu_geo::LonLat;
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::Place;
use fengtu_wire::stations::Station;
use leptos::prelude::*;

use super::playback::present;
use crate::api::ApiError;
use crate::api::dialect::Question;
use crate::browser::clock;
use crate::i18n::{Locale, locale};
use crate::routes::ViewState;
use crate::state::live::LiveStore;
use crate::state::{CasesStore, DistrictStore, Loadable, SessionStore, ViewStore, spawn_scoped, use_store};

/// Days of the period when nobody has chosen one.
pub const DEFAULT_DAYS: i64 = 28;

/// What every panel asks about.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The node in view: that of the address, else the viewer's own, else the top.
    pub place: Memo<Option<PlaceId>>,
    /// The start and the end of the period; the end is absent while it goes on.
    pub period: Memo<(DateTime<FixedOffset>, Option<DateTime<FixedOffset>>)>,
    /// The server's time to the minute, in the district's own offset.
    pub now: Memo<DateTime<FixedOffset>>,
}

/// Returns what every panel asks about.
pub fn use_scope() -> Scope {
    let (view, district, session) =
        (use_store::<ViewStore>(), use_store::<DistrictStore>(), use_store::<SessionStore>());
    let (live, cases) = (use_store::<LiveStore>(), use_store::<CasesStore>());
    let offset = Memo::new(move |_| district.with(DistrictStore::utc_offset_s));
    let minute = Memo::new(move |_| live.with(|live| live.now.timestamp().div_euclid(60)));
    let now =
        Memo::new(move |_| local(DateTime::from_timestamp(minute.get() * 60, 0).unwrap_or_default(), offset.get()));
    // The period moves by the hour: each step asks the server anew.
    let hour = Memo::new(move |_| local(ceil_hour(now.get().to_utc()), offset.get()));
    Scope {
        place: Memo::new(move |_| {
            let chosen = view.with(|v| v.state.place.clone()).or_else(|| session.with(|s| s.place().cloned()));
            chosen.or_else(|| district.with(|d| d.config.value()?.root.clone()))
        }),
        period: Memo::new(move |_| {
            let (hour, newest) = (hour.get(), cases.with(CasesStore::newest));
            let present = present(hour.to_utc(), newest);
            let (from, to) = view.with(|v| period(&v.state, local(present, offset.get())));
            (from, to.or_else(|| (present < hour).then(|| local(present, offset.get()))))
        }),
        now,
    }
}

/// Returns a moment in the district's own time.
pub fn local(at: DateTime<Utc>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(utc_offset_s) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(),
    }
}

fn ceil_hour(at: DateTime<Utc>) -> DateTime<Utc> {
    let hours = at.timestamp().div_euclid(3600) + 1;
    DateTime::from_timestamp(hours * 3600, 0).unwrap_or(at)
}

/// Returns the period that is looked at: its start, and its end unless it goes on.
pub fn period(state: &ViewState, now: DateTime<FixedOffset>) -> (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>) {
    let to = state.to.or(state.at);
    let end = to.unwrap_or_else(|| now.to_utc());
    let from = state.from.filter(|from| *from < end).unwrap_or_else(|| end - TimeDelta::days(DEFAULT_DAYS));
    (from.with_timezone(now.offset()), to.map(|to| to.with_timezone(now.offset())))
}

/// A question that is asked again whenever it changes.
pub struct Asked<A: Send + Sync + 'static> {
    /// The answer as far as it is here.
    pub answer: RwSignal<Loadable<A>>,
    /// Asks once more.
    pub again: Callback<()>,
    /// Whether it is being asked.
    pub is_busy: RwSignal<bool>,
}

impl<A: Send + Sync + 'static> Copy for Asked<A> {}
impl<A: Send + Sync + 'static> Clone for Asked<A> {
    fn clone(&self) -> Self {
        *self
    }
}

/// Milliseconds between two questions of one panel: while time is played they change thirty times a second.
const PACE_MS: u32 = 300;
/// The same for one that shows no answer but its own.
const LEAST_MS: u32 = 125;
/// How long an answer to the question before stays, milliseconds: longer, and it would be taken for the new one's.
const KEEP_MS: u32 = 400;

/// Asks the staff's questions as they change; a changed question cancels the one that runs, and so does leaving.
pub fn asked<Q>(question: impl Fn() -> Option<Q> + Send + Sync + 'static) -> Asked<Q::Answer>
where
    Q: Question + Clone + PartialEq + Send + Sync + 'static,
    Q::Answer: Send + Sync + 'static,
{
    ask(Box::new(question), 0)
}

/// The same for what follows the slider: the answer for the moment before stays until the next has come, but not for long.
pub fn asked_over_time<Q>(question: impl Fn() -> Option<Q> + Send + Sync + 'static) -> Asked<Q::Answer>
where
    Q: Question + Clone + PartialEq + Send + Sync + 'static,
    Q::Answer: Send + Sync + 'static,
{
    ask(Box::new(question), KEEP_MS)
}

/// Compiled once for each kind of question, and not for each place that asks it.
fn ask<Q>(question: Box<dyn Fn() -> Option<Q> + Send + Sync>, keep_ms: u32) -> Asked<Q::Answer>
where
    Q: Question + Clone + PartialEq + Send + Sync + 'static,
    Q::Answer: Send + Sync + 'static,
{
    let session = use_store::<SessionStore>();
    let (answer, turn) = (RwSignal::new(Loadable::Loading), RwSignal::new(0_u32));
    let is_busy = RwSignal::new(false);
    let pace = StoredValue::new_local(clock::Pace::new(if keep_ms > 0 { PACE_MS } else { LEAST_MS }));
    let question = Memo::new(move |_| question());
    Effect::new(move |before: Option<Option<Q>>| {
        turn.track();
        let question = question.get();
        let staff = session.with(|s| s.staff().cloned());
        let settled = StoredValue::new(false);
        // The same question again (a retry) keeps what is shown as stale; another one must not show the old answer.
        let is_other = before.flatten() != question;
        if is_other && keep_ms == 0 {
            answer.set(Loadable::Loading);
        } else if is_other {
            spawn_scoped(async move {
                clock::sleep(keep_ms).await;
                if !settled.get_value() {
                    answer.set(Loadable::Loading);
                }
            });
        }
        match (question.clone(), staff) {
            (Some(question), Some(staff)) => spawn_scoped(async move {
                is_busy.set(true);
                if let Some(pace) = pace.try_get_value() {
                    pace.turn().await;
                }
                let found = staff.ask(&question).await;
                settled.set_value(true);
                answer.update(|a| a.settle(found, clock::wall()));
                is_busy.set(false);
            }),
            (Some(_), None) => answer.update(|a| a.settle(Err(ApiError::NotOffered("single cases")), clock::wall())),
            (None, _) => answer.set(Loadable::Loading),
        }
        question
    });
    Asked { answer, again: Callback::new(move |()| turn.update(|t| *t += 1)), is_busy }
}

/// Returns a place's name in the reader's language.
pub fn place_name(place: &Place) -> String {
    match (locale(), &place.name_en) {
        (Locale::en, Some(name)) => name.clone(),
        _ => place.name.clone(),
    }
}

/// Returns the name of a place of the tree, or its id where it is not known.
pub fn name_of(district: &DistrictStore, id: &PlaceId) -> String {
    if let Some(place) = district.place(id) {
        return place_name(place);
    }
    let grids = district.grids.value().map(Vec::as_slice).unwrap_or_default();
    grids.iter().find(|g| g.properties.id == *id).map_or_else(|| id.to_string(), |g| g.properties.name.clone())
}

/// Whether a place lies in a node; a grid that the tree lacks counts by its parent.
pub fn is_within(district: &DistrictStore, id: &PlaceId, node: &PlaceId) -> bool {
    let Some(tree) = district.tree.value() else { return id == node };
    if tree.get(id).is_some() {
        return tree.is_within(id, node);
    }
    let grids = district.grids.value().map(Vec::as_slice).unwrap_or_default();
    let parent = grids.iter().find(|g| g.properties.id == *id).and_then(|g| g.properties.parent.as_ref());
    id == node || parent.is_some_and(|parent| tree.is_within(parent, node))
}

/// Turns a position of the wire into one to compute with.
pub const fn lon_lat(at: Position) -> LonLat {
    let [lon, lat] = at;
    LonLat { lon, lat }
}

/// Returns where a station stands, or where a mobile one is now.
pub fn station_at(station: &Feature<Station>, now: DateTime<FixedOffset>) -> Option<Position> {
    let stop = fengtu_domain::opening::mobile_now(&station.properties.stops, now);
    let stop = stop.at.or(stop.next.map(|(stop, _)| stop)).map(|stop| stop.at);
    stop.or(match station.geometry {
        Some(Geometry::Point(at)) => Some(at),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn the_period_ends_at_the_moment_shown_and_never_before_its_start() {
        let now = at("2026-03-29T12:00:00+08:00");
        let (from, to) = period(&ViewState::default(), now);
        assert_eq!((from, to), (at("2026-03-01T12:00:00+08:00"), None));
        let past = ViewState { at: Some(at("2026-02-01T00:00:00+08:00").to_utc()), ..ViewState::default() };
        let turned = ViewState { from: Some(now.to_utc()), ..past.clone() };
        assert_eq!(period(&past, now), period(&turned, now));
        assert_eq!(period(&past, now).1, Some(at("2026-02-01T00:00:00+08:00")));
    }
}
