//! The ways from the board to the map: what is not covered, heat, the cases behind the figures, and of those the repeats and group matters.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::ids::PlaceId;
use leptos::prelude::*;

use super::context::Board;
use super::period::{midnight, period};
use crate::desk::offers;
use crate::reactive::part;
use crate::routes::{Brush, Layer, Only, Page, ViewState};
use crate::tr;

/// Where the map tells more: what is not covered, the cases behind the figures, their heat.
pub fn elsewhere(board: Board) -> AnyView {
    let coverage = move || board.view.with(|v| to_map(&v.state, board.scope.now.get(), Layer::Coverage));
    let heat = move || board.view.with(|v| to_map(&v.state, board.scope.now.get(), Layer::Heat));
    view! {
        <section class="card" aria-labelledby="elsewhere-title">
            <h2 id="elsewhere-title">{move || tr!(board.elsewhere)}</h2>
            <p class="card-says">{move || tr!(board.elsewhere_says)}</p>
            <ul class="elsewhere">
                <li>{part(move || behind(board, None))}</li>
                {offers::kinds_of_cases().then(|| kinds(board))}
                <li><a class="button" href=coverage>{move || tr!(board.to_coverage)}</a></li>
                <li><a class="button" href=heat>{move || tr!(board.to_heat)}</a></li>
            </ul>
            {part(move || wider(board))}
        </section>
    }
    .into_any()
}

/// The ways to the cases of each kind.
fn kinds(board: Board) -> Vec<AnyView> {
    let way = |only| view! { <li>{part(move || behind(board, Some(only)))}</li> }.into_any();
    Only::ALL.into_iter().map(way).collect()
}

/// The way to the cases behind, or to those of one kind; of several places one for each.
fn behind(board: Board, only: Option<Only>) -> AnyView {
    let (links, is_wider) =
        board.view.with(|v| (cases_behind(&v.state, board.scope.now.get(), only), is_wider(&v.state.brush)));
    let word = match only {
        Some(Only::Groups) => tr!(board.to_groups),
        Some(Only::Repeats) => tr!(board.to_repeats),
        None if is_wider => tr!(board.to_cases_wider),
        None => tr!(board.to_cases),
    };
    if let [(_, href)] = links.as_slice() {
        return view! { <a class="button" href=href.clone()>{word}</a> }.into_any();
    }
    let each = links.iter().map(|(place, href)| {
        let name = place.as_ref().map(|id| board.place(id)).unwrap_or_default();
        view! { <li><a href=href.clone()>{name}</a></li> }
    });
    let head = tr!(board.to_cases_each, what = word, n = links.len());
    view! { <details class="elsewhere-each"><summary>{head}</summary><ul>{each.collect_view()}</ul></details> }
        .into_any()
}

/// Says what the map cannot narrow down as far as the board does.
fn wider(board: Board) -> AnyView {
    let brush = board.view.with(|v| v.state.brush.clone());
    let place = board.scope.place.get().map(|id| board.place(&id)).unwrap_or_default();
    let hours = is_wider(&brush).then(|| view! { <p class="quiet">{tr!(board.map_all_hours)}</p> });
    let places = (brush.within.len() > 1).then(|| view! { <p class="quiet">{tr!(board.map_whole, place = place)}</p> });
    view! { {hours}{places} }.into_any()
}

/// Whether the map would show more than what is chosen: it knows days, and neither weekdays nor hours.
fn is_wider(brush: &Brush) -> bool {
    !brush.weekdays.is_empty() || !brush.hours.is_empty()
}

/// The cases behind the figures, or those of one kind, in the list of the period: the map looks at one place, so of several each
/// has an address.
fn cases_behind(state: &ViewState, now: DateTime<FixedOffset>, only: Option<Only>) -> Vec<(Option<PlaceId>, String)> {
    let to = |state: &ViewState| {
        let mut map = map_of(state, now, Layer::Cases);
        (map.list, map.narrow.only) = (Some(Layer::Heat), only);
        address(&map)
    };
    let each = |place: &PlaceId| {
        let mut one = state.clone();
        one.brush.within = [place.clone()].into();
        (Some(place.clone()), to(&one))
    };
    let within = &state.brush.within;
    if within.is_empty() { vec![(None, to(state))] } else { within.iter().map(each).collect() }
}

/// The address of the map for what the board shows: the chosen place, its days and causes.
pub fn to_map(state: &ViewState, now: DateTime<FixedOffset>, layer: Layer) -> String {
    address(&map_of(state, now, layer))
}

fn address(map: &ViewState) -> String {
    format!("{}?{}", Page::Map.path(), map.to_query())
}

fn map_of(state: &ViewState, now: DateTime<FixedOffset>, layer: Layer) -> ViewState {
    let (from, to) = days_of(state, now);
    let mut map = ViewState {
        place: only(&state.brush).or_else(|| state.place.clone()),
        // Said even where nobody chose it: left alone, the map counts its days from another hour.
        from: Some(from.to_utc()),
        to: to.map(|to| to.to_utc()),
        categories: state.categories.clone(),
        covered_by: state.covered_by.clone(),
        camera: state.camera,
        theme: state.theme,
        lang: state.lang,
        ..ViewState::default()
    };
    map.layers.insert(layer);
    map
}

/// The period of the board, of it the days that are chosen; its end is absent while it goes on.
fn days_of(state: &ViewState, now: DateTime<FixedOffset>) -> (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>) {
    let (from, to) = period(state, now);
    let Some((first, last)) = state.brush.days else { return (from, to) };
    let offset = *now.offset();
    let (begins, ends) = (midnight(first, offset), midnight(last.succ_opt().unwrap_or(last), offset));
    let until = to.unwrap_or(now);
    if begins >= until || ends <= from {
        // None of them is in the period: the board has no answer, and the map is not to show all of it.
        return (begins, Some(ends));
    }
    (begins.max(from), if ends > until { to } else { Some(ends) })
}

/// Returns the chosen place, if it is one alone.
pub fn only(brush: &Brush) -> Option<PlaceId> {
    let mut all = brush.within.iter();
    all.next().filter(|_| all.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::desk::scope;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    fn day(month: u32, day: u32) -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    /// What the map shows at an address: the start and the end of its period, and the rest.
    fn shown(address: &str) -> (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>, ViewState) {
        let (state, ignored) = ViewState::from_query(address.trim_start_matches("/?"));
        assert_eq!(ignored, 0, "{address}");
        let (from, to) = scope::period(&state, at("2026-03-29T13:00:00+08:00"));
        (from, to, state)
    }

    fn behind(state: &ViewState) -> Vec<(DateTime<FixedOffset>, Option<DateTime<FixedOffset>>, ViewState)> {
        let links = cases_behind(state, at("2026-03-29T12:00:00+08:00"), None);
        links.iter().map(|(_, address)| shown(address)).collect()
    }

    #[test]
    fn the_cases_behind_are_all_of_the_boards_period_and_not_the_newest_alone() {
        let (from, to, state) = behind(&ViewState::default()).remove(0);
        assert_eq!((from, to), (at("2026-03-02T00:00:00+08:00"), None), "the board's 28 days, from their midnight");
        assert_eq!(state.list, Some(Layer::Heat), "the list of the period");
        let past = ViewState { at: Some(at("2026-03-10T00:00:00+08:00").to_utc()), ..ViewState::default() };
        let (from, to, _) = behind(&past).remove(0);
        assert_eq!((from, to), (at("2026-02-11T00:00:00+08:00"), Some(at("2026-03-10T00:00:00+08:00"))));
    }

    #[test]
    fn days_that_are_chosen_are_the_days_of_the_cases_behind() {
        let mut state = ViewState::default();
        state.brush.days = Some((day(3, 10), day(3, 12)));
        let (from, to, _) = behind(&state).remove(0);
        assert_eq!((from, to), (at("2026-03-10T00:00:00+08:00"), Some(at("2026-03-13T00:00:00+08:00"))));
        state.brush.days = Some((day(2, 1), day(3, 29)));
        let (from, to, _) = behind(&state).remove(0);
        assert_eq!((from, to), (at("2026-02-01T00:00:00+08:00"), None), "the period reaches back; today goes on");
        // A brush of an older link, which the period of today would not reach back to by itself.
        state.brush.days = Some((day(1, 1), day(1, 2)));
        let (from, to, _) = behind(&state).remove(0);
        assert_eq!((from, to), (at("2026-01-01T00:00:00+08:00"), Some(at("2026-01-03T00:00:00+08:00"))));
    }

    #[test]
    fn repeats_and_group_matters_have_lists_of_their_own() {
        let of =
            |only| shown(&cases_behind(&ViewState::default(), at("2026-03-29T12:00:00+08:00"), only).remove(0).1).2;
        assert_eq!(Only::ALL.map(|only| of(Some(only)).narrow.only), Only::ALL.map(Some));
        assert_eq!(of(None).narrow.only, None);
    }

    #[test]
    fn of_several_places_each_has_its_own_cases_behind() {
        let mut state = ViewState { place: Some("d".into()), ..ViewState::default() };
        state.brush.within = ["a", "b", "c"].map(PlaceId::from).into();
        let places: Vec<_> = behind(&state).into_iter().map(|(_, _, state)| state.place).collect();
        assert_eq!(places, ["a", "b", "c"].map(|id| Some(PlaceId::from(id))));
        state.brush.within.clear();
        assert_eq!(behind(&state).remove(0).2.place, Some("d".into()));
    }
}
