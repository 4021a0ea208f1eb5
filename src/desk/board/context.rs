//! What the parts of the board share: the question, its answer, and the names in it.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use fengtu_wire::cube::Cube;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use leptos::prelude::*;

use super::period;
use crate::api::ApiError;
use crate::api::cube::CubeQuery;
use crate::api::lenient::Refused;
use crate::browser::{clock, page, screen};
use crate::desk::scope::{Scope, name_of, use_scope};
use crate::i18n;
use crate::reactive::{effect, memo};
use crate::routes::{MapLevel, ViewState};
use crate::state::again::while_lacking;
use crate::state::{DistrictStore, Loadable, SessionStore, ViewStore, spawn_scoped, use_store};

/// What the parts of the board share.
#[derive(Clone, Copy)]
pub struct Board {
    /// The answer; the one before stays until the next is here, or could not be had.
    pub cube: RwSignal<Loadable<Arc<Cube>>>,
    /// Whether another answer is on its way.
    pub is_busy: RwSignal<bool>,
    /// The question.
    pub query: Memo<Option<CubeQuery>>,
    /// The node in view and the server's time.
    pub scope: Scope,
    /// The width of the page, in CSS pixels.
    pub width: RwSignal<f64>,
    /// What is in the address.
    pub view: RwSignal<ViewStore>,
    /// Settings and places.
    pub district: RwSignal<DistrictStore>,
    turn: RwSignal<u32>,
}

/// Returns what the parts of the board share.
pub fn use_board() -> Board {
    expect_context()
}

/// Minutes after which figures are asked for anew.
pub const REFRESH_MIN: i64 = 5;

/// Asks the board's question as it changes, and makes the answer available to everything below.
pub fn provide_board() -> Board {
    let board = share_board();
    board.ask();
    board
}

/// Shares place and period with everything below; nothing is asked of them.
pub fn share_board() -> Board {
    let (view, district, scope) = (use_store::<ViewStore>(), use_store::<DistrictStore>(), use_scope());
    let query = memo(move || {
        let place = scope.place.get()?;
        Some(question(&view.get().state, Some(place), scope.now.get()))
    });
    let board = Board {
        cube: RwSignal::new(Loadable::Loading),
        is_busy: RwSignal::new(false),
        query,
        scope,
        width: RwSignal::new(screen::size().0),
        view,
        district,
        turn: RwSignal::new(0),
    };
    provide_context(board);
    let resized = screen::watch_size(move || board.width.set(screen::size().0));
    let resized = StoredValue::new_local(resized);
    on_cleanup(move || drop(resized.try_update_value(Option::take)));
    board
}

/// Returns what an address asks.
pub fn question(state: &ViewState, place: Option<PlaceId>, now: DateTime<FixedOffset>) -> CubeQuery {
    let (from, to) = period::period(state, now);
    CubeQuery {
        place,
        from: Some(from),
        to,
        level: state.level.and_then(level),
        categories: state.categories.iter().cloned().collect(),
        within: state.brush.within.iter().cloned().collect(),
        days: state.brush.days,
        weekdays: state.brush.weekdays.clone(),
        hours: state.brush.hours.clone(),
    }
}

const fn level(level: MapLevel) -> Option<PlaceLevel> {
    match level {
        MapLevel::Street => Some(PlaceLevel::Street),
        MapLevel::Community => Some(PlaceLevel::Community),
        MapLevel::Grid => Some(PlaceLevel::Grid),
        MapLevel::District | MapLevel::Building => None,
    }
}

impl Board {
    /// Asks once more.
    pub fn again(self) -> Callback<()> {
        let turn = self.turn;
        Callback::new(move |()| turn.update(|turn| *turn += 1))
    }

    /// Changes the address.
    pub fn change(self, change: impl FnOnce(&mut ViewState)) {
        let focused = page::focused();
        self.view.update(|view| change(&mut view.state));
        // What was pressed is drawn anew: the focus goes on in what takes its place.
        clock::next_frame(move || keep_focus(focused.as_deref()));
    }

    /// Returns the answer, if there is one, and follows it.
    pub fn answer(self) -> Option<Arc<Cube>> {
        self.cube.with(|cube| cube.value().cloned())
    }

    /// Returns a place's name.
    pub fn place(self, id: &PlaceId) -> String {
        self.district.with(|district| name_of(district, id))
    }

    /// Returns a category's name.
    pub fn category(self, id: &CategoryId) -> String {
        let named = |d: &DistrictStore| d.category(id).map(|category| i18n::local(&category.name));
        self.district.with(named).unwrap_or_else(|| id.to_string())
    }

    /// Returns the district's offset from UTC.
    pub fn offset(self) -> i32 {
        self.district.with(DistrictStore::utc_offset_s)
    }

    fn ask(self) {
        let session = use_store::<SessionStore>();
        let refresh = memo(move || self.scope.now.get().timestamp().div_euclid(60 * REFRESH_MIN));
        let again = while_lacking(move || self.cube.with(|cube| cube.error().is_some()));
        let mut turn = again.get_untracked();
        let answered = StoredValue::new(None);
        effect(move || {
            refresh.get();
            self.turn.get();
            let by_itself = std::mem::replace(&mut turn, again.get()) != turn;
            let (Some(query), Some(api)) = (self.query.get(), session.with(|s| s.staff().cloned())) else { return };
            self.is_busy.set(true);
            spawn_scoped(async move {
                let answer = api.ask(&query).await.map(Arc::new);
                let focused = page::focused();
                self.is_busy.set(false);
                let is_other = answered.with_value(|before| before.as_ref() != Some(&query));
                answered.set_value(Some(query));
                self.cube.maybe_update(|cube| settle(cube, answer, clock::wall(), (is_other, by_itself)));
                clock::next_frame(move || keep_focus(focused.as_deref()));
            });
        });
    }
}

/// Takes an answer: where another question than the one before has none, what stood there is none to it and goes. Returns whether
/// anything is to be shown.
fn settle<T>(
    cube: &mut Loadable<T>,
    answer: Result<T, ApiError>,
    at: DateTime<Utc>,
    (is_other, by_itself): (bool, bool),
) -> bool {
    if is_other && answer.is_err() {
        *cube = Loadable::Loading;
    }
    cube.settle_again(answer.map(|value| (value, Refused::default())), at, by_itself && !is_other)
}

/// Puts the focus back where it was, if what had it was drawn anew and nothing else has it since.
pub fn keep_focus(id: Option<&str>) {
    if let Some(id) = id {
        page::pass_focus(None, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_another_question_never_stand_for_those_that_could_not_be_had() {
        let (at, failed) = (DateTime::UNIX_EPOCH, || Err(ApiError::NotOffered("x")));
        let mut cube = Loadable::default();
        assert!(settle(&mut cube, Ok(288), at, (true, false)));
        assert!(settle(&mut cube, failed(), at, (false, false)));
        assert_eq!((cube.value(), cube.error().is_some()), (Some(&288), true), "old figures of the same question");
        assert!(settle(&mut cube, failed(), at, (true, false)));
        assert_eq!((cube.value(), cube.lack().is_some()), (None, true), "a brush that failed");
        assert!(!settle(&mut cube, failed(), at, (false, true)), "asked again by itself: nothing is said twice");
        assert!(settle(&mut cube, Ok(5), at, (false, true)) && cube.error().is_none());
        assert!(settle(&mut cube, failed(), at, (true, true)), "another question in the minute of an asking again");
        assert_eq!(cube.value(), None);
    }
}
