//! The ranking of places by a rate with its interval.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengtu_domain::ranking::{Better, Standing, key, standing};
use fengtu_domain::statistics::{LEAST_RANKED, Part, wilson};
use fengtu_wire::cube::{Cube, PlaceCell};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::charts::{self, Span};
use super::context::Board;
use super::down::{To, link};
use super::lists::{hidden, word_of};
use super::measures::{part, ranked, read};
use super::told;
use crate::reactive::{memo, part as shown};
use crate::routes::brush::MOST_PLACES;
use crate::routes::{MapLevel, Rank};
use crate::state::{DistrictStore, WarningsStore, use_store};
use crate::tr;
use crate::ui::drawing::Drawing;
use crate::ui::level::LevelBadge;
use crate::ui::number::grouped;
use crate::ui::segmented::{Choice, Segmented};

/// One place of the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The place.
    pub place: PlaceId,
    /// What its rate is of; nothing: withheld.
    pub share: Option<Part>,
    /// Where it stands.
    pub standing: Standing,
    /// What it is ranked by; nothing: too few.
    pub key: Option<f64>,
    /// Received in the period.
    pub received: Option<u64>,
}

/// Returns the places, the best first, those with too few cases last.
pub fn ranking(cube: &Cube, rank: Rank) -> (Vec<Ranked>, Option<Part>) {
    let (_, share, better) = ranked(rank);
    let whole = whole(cube, rank);
    let row = |cell: &PlaceCell| {
        let own = part(share(&cell.figures));
        let key = own.and_then(|own| key(own, better));
        let standing = match (own, whole) {
            (Some(own), Some(whole)) => standing(own, whole, better),
            // Better or worse than what nobody is told.
            (Some(_), None) if key.is_some() => Standing::Ordinary,
            (None, _) if !cube.exact => Standing::Withheld,
            _ => Standing::Few,
        };
        Ranked { place: cell.place.clone(), share: own, standing, key, received: cell.figures.received }
    };
    let mut rows: Vec<Ranked> = cube.places.iter().map(row).collect();
    let order = |row: &Ranked| row.key.unwrap_or(-1.0);
    fengtu_geo::order::sort_by(&mut rows, |a, b| {
        order(b).total_cmp(&order(a)).then_with(|| b.received.cmp(&a.received))
    });
    (rows, whole)
}

/// The node's own rate, which stands large at the top; where places are chosen, that of all of them, so that none is measured by
/// itself alone. What is told of them is no whole where some is withheld.
fn whole(cube: &Cube, rank: Rank) -> Option<Part> {
    let (_, share, _) = ranked(rank);
    let own = part(share(&cube.figures));
    // Lawsuits of the node are told where no place is chosen, and of the months alone that all its places have.
    if !cube.exact || rank == Rank::Lawsuits && own.is_some() {
        return own;
    }
    let parts = cube.places.iter().filter_map(|cell| part(share(&cell.figures)));
    let sum = parts.reduce(|a, b| Part { part: a.part + b.part, whole: a.whole + b.whole });
    sum.into_iter().chain(own).max_by_key(|part| part.whole)
}

/// Returns a rate; of nothing none.
pub fn rate(part: Part) -> f64 {
    if part.whole == 0 { 0.0 } else { part.part as f64 / part.whole as f64 }
}

/// Returns the rank of the address, else the usual one.
pub fn rank(board: Board) -> Rank {
    board.view.with(|v| v.state.rank).unwrap_or(Rank::Settled)
}

/// The ranking.
pub fn places(board: Board) -> AnyView {
    let file = move || {
        let Some(cube) = board.answer() else { return Drawing::default() };
        let (rows, whole) = ranking(&cube, rank(board));
        let spans: Vec<Span> = rows.iter().map(|row| span(row, board.place(&row.place))).collect();
        charts::intervals(&spans, whole.map(rate), 720.0, read(rank(board)))
    };
    let (rank_now, levels_now) = (memo(move || rank(board)), memo(move || level_of(board)));
    let chart = move || board.answer().map(|cube| table(board, &cube)).into_any();
    card(
        "wide",
        Parts {
            id: "places",
            // The server's has every measure of each place, but neither rank nor lists.
            sheet: None,
            controls: Some(Arc::new(move || controls(board, rank_now, levels_now))),
            title: || tr!(board.ranking),
            says: Arc::new(move || board.answer().map(|cube| sentence(&cube, rank(board))).unwrap_or_default()),
            chart: Arc::new(chart),
            grid: Arc::new(move || board.answer().map(|cube| grid(board, &cube)).unwrap_or_default()),
            file: Some(Arc::new(file)),
        },
    )
}

fn span(row: &Ranked, label: String) -> Span {
    let rate_of = |part: Part| wilson(part).map(|(low, high)| (low, rate(part), high));
    Span { label, rate: row.share.filter(|part| part.whole >= LEAST_RANKED).and_then(rate_of) }
}

fn controls(board: Board, now: Memo<Rank>, levels_now: Memo<(PlaceLevel, PlaceLevel)>) -> AnyView {
    let option = |rank: &Rank| {
        let (rank, (word, ..)) = (*rank, ranked(*rank));
        view! { <option value=rank.as_str() prop:selected=move || now.get() == rank>{word()}</option> }
    };
    let choose = move |event: leptos::ev::Event| {
        let chosen = Rank::from_name(&event_target_value(&event));
        board.change(|state| state.rank = chosen.filter(|rank| *rank != Rank::Settled));
    };
    view! {
        <div class="card-controls">
            <label>{tr!(board.rank_by)}" "<select class="field-input" id="rank-by" on:change=choose>{Rank::ALL.iter().map(option).collect_view()}</select></label>
            {levels(board, levels_now)}
        </div>
    }
    .into_any()
}

/// The level of the node in view, and that of the places that are shown.
fn level_of(board: Board) -> (PlaceLevel, PlaceLevel) {
    let level = |id: &PlaceId| board.district.with(|d: &DistrictStore| d.place(id).map(|place| place.level));
    let top = board.scope.place.get().and_then(|id| level(&id)).unwrap_or(PlaceLevel::District);
    let first = board.answer().and_then(|cube| cube.places.first().map(|cell| cell.place.clone()));
    (top, first.and_then(|id| level(&id)).unwrap_or(PlaceLevel::Grid))
}

/// The levels of places that there are below the one in view.
fn levels(board: Board, now: Memo<(PlaceLevel, PlaceLevel)>) -> AnyView {
    use PlaceLevel as L;
    let top = memo(move || now.get().0);
    let all = [(L::Street, MapLevel::Street), (L::Community, MapLevel::Community), (L::Grid, MapLevel::Grid)];
    let choose = Callback::new(move |chosen: L| {
        let level = all.iter().find(|(l, _)| *l == chosen).map(|(_, level)| *level);
        board.change(|state| {
            state.level = level;
            state.brush.within.clear();
        });
    });
    let inside = shown(move || {
        let below = all.iter().filter(|(l, _)| *l > top.get());
        let choices: Vec<Choice<L>> =
            below.map(|&(l, _)| Choice::new(l, move || crate::desk::words::place_level(l))).collect();
        if choices.len() < 2 {
            return ().into_any();
        }
        let chosen = Signal::derive(move || now.get().1);
        view! { <Segmented name="board-level" legend=move || tr!(board.level_of_places) choices chosen on_choose=choose /> }
            .into_any()
    });
    view! { <div>{inside}</div> }.into_any()
}

/// Rows that stand at once; of a district's grids only the best and the worst.
const MOST_ROWS: usize = 60;

/// Returns which rows stand: all, or the best and the worst of those that are ranked. Below the worst come those with too few
/// cases, who are many and say nothing.
fn rows_shown(rows: &[Ranked]) -> Vec<usize> {
    let ranked = rows.iter().filter(|row| row.key.is_some()).count();
    if rows.len() <= MOST_ROWS || ranked <= MOST_ROWS {
        return (0..rows.len().min(MOST_ROWS)).collect();
    }
    (0..MOST_ROWS / 2).chain(ranked - MOST_ROWS / 2..ranked).collect()
}

fn table(board: Board, cube: &Arc<Cube>) -> AnyView {
    let (rows, whole) = ranking(cube, rank(board));
    let spans: Vec<Span> = rows.iter().map(|row| span(row, String::new())).collect();
    let scale = charts::scale(&spans, whole.map(rate));
    let within = board.view.with(|v| v.state.brush.within.clone());
    let shown = rows_shown(&rows);
    let left_out = rows.len() - shown.len();
    let one = |at: usize| {
        let interval = charts::interval(spans.get(at)?, whole.map(rate), scale, 180.0);
        Some(line(board, at + 1, rows.get(at)?, interval, &within))
    };
    let lines: Vec<AnyView> = shown.into_iter().filter_map(one).collect();
    let (word, ..) = ranked(rank(board));
    view! {
        <div class="card-scroll" tabindex="0" role="group" aria-label=tr!(board.ranking)>
            <table class="table ranking">
                <caption class="sr-only">{tr!(board.ranking)}</caption>
                <thead><tr>
                    <th scope="col" class="figure">{tr!(board.number)}</th><th scope="col">{tr!(board.place)}</th>
                    <th scope="col">{tr!(board.level_now)}</th><th scope="col" class="figure">{tr!(board.received)}</th>
                    <th scope="col" class="figure">{word()}</th><th scope="col">{tr!(board.interval)}</th><th scope="col">{tr!(board.list)}</th>
                    <th scope="col"><span class="sr-only">{tr!(board.actions)}</span></th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        <p class="quiet">{tr!(board.ranking_hint, n = LEAST_RANKED)}{(left_out > 0).then(|| tr!(board.left_out, n = left_out))}</p>
    }
    .into_any()
}

fn line(board: Board, number: usize, row: &Ranked, interval: Drawing, within: &BTreeSet<PlaceId>) -> AnyView {
    let warnings = use_store::<WarningsStore>();
    let (id, name) = (row.place.clone(), board.place(&row.place));
    let level = warnings.with(|w| w.level(&id));
    let brush = id.clone();
    let on = within.contains(&id);
    let down = link(board, "", To::Place(id.clone()), name.clone());
    let choose = move |_| {
        board.change(|state| {
            // One more beside those that are chosen, as with causes.
            if !state.brush.within.remove(&brush) && state.brush.within.len() < MOST_PLACES {
                state.brush.within.insert(brush.clone());
            }
        });
    };
    let say = read(rank(board));
    let text = row.share.filter(|part| part.whole > 0).map_or_else(|| "—".to_owned(), |part| say(rate(part)));
    let place = row.key.map_or_else(|| "—".to_owned(), |_| number.to_string());
    view! {
        <tr class:chosen=on>
            <td class="figure">{place}</td>
            <th scope="row">{down}</th>
            <td><LevelBadge level /></td>
            <td class="figure">{row.received.map_or_else(|| "—".to_owned(), grouped)}</td>
            <td class="figure">{text}</td>
            <td>{interval.view(None)}</td>
            <td>{badge(row.standing)}</td>
            <td><button type="button" class="button small" id=format!("within-{id}") aria-pressed=on.to_string() aria-label=tr!(board.only, name = name) on:click=choose>{tr!(board.filter)}</button></td>
        </tr>
    }
    .into_any()
}

fn badge(standing: Standing) -> AnyView {
    let class = match standing {
        Standing::Red => "badge standing-red",
        Standing::Yellow => "badge standing-yellow",
        Standing::Few | Standing::Withheld => "quiet",
        Standing::Ordinary => return ().into_any(),
    };
    view! { <span class=class>{word_of(standing)}</span> }.into_any()
}

fn sentence(cube: &Cube, rank: Rank) -> String {
    let (rows, whole) = ranking(cube, rank);
    let ((word, _, better), say) = (ranked(rank), read(rank));
    let of = |wanted: Standing| rows.iter().filter(|row| row.standing == wanted).count();
    let Some(known) = whole.filter(|whole| whole.whole > 0) else { return told::nothing(cube, whole.is_some()) };
    let good = if better == Better::More { tr!(board.more_better) } else { tr!(board.less_better) };
    let (red, yellow) = (of(Standing::Red), of(Standing::Yellow));
    tr!(
        board.ranking_says,
        word = word(),
        rate = say(rate(known)),
        good = good,
        red = red,
        yellow = yellow,
        few = of(Standing::Few)
    ) + &hidden(&rows)
}

/// The ranking as a table.
pub fn grid(board: Board, cube: &Cube) -> Grid {
    let (rows, _) = ranking(cube, rank(board));
    let ((word, ..), say) = (ranked(rank(board)), read(rank(board)));
    let row = |(number, row): (usize, &Ranked)| {
        let ends = row
            .share
            .and_then(wilson)
            .map_or_else(|| "—".to_owned(), |(low, high)| format!("{}–{}", say(low), say(high)));
        let rate = row.share.filter(|part| part.whole > 0).map_or_else(|| "—".to_owned(), |part| say(rate(part)));
        let number = row.key.map_or_else(|| "—".to_owned(), |_| number.to_string());
        let received = row.received.map_or_else(|| "—".to_owned(), grouped);
        vec![board.place(&row.place), number, received, rate, ends, word_of(row.standing).to_owned()]
    };
    let heads =
        [tr!(board.place), tr!(board.number), tr!(board.received), word(), tr!(board.interval), tr!(board.list)];
    Grid { heads: heads.map(str::to_owned).to_vec(), rows: (1..).zip(&rows).map(row).collect() }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use fengtu_wire::statistics::{Figures, Share};

    /// A place with as many cases.
    pub fn place(id: &str, settled: u64, received: u64) -> PlaceCell {
        let figures = Figures {
            received: Some(received),
            settled: Some(settled),
            settled_in_time: Share { part: Some(settled), whole: Some(received) },
            ..Figures::default()
        };
        PlaceCell {
            place: id.into(),
            figures,
            before: None,
            groups: None,
            lawsuits_before: None,
            lawsuits_year_before: None,
        }
    }

    #[test]
    fn few_cases_come_last_and_the_whole_is_that_of_the_places_where_one_is_chosen() {
        let mut cube = cube(&place("chosen", 60, 100));
        cube.places = vec![place("lucky", 3, 3), place("worst", 60, 100), place("best", 990, 1_000)];
        let (rows, whole) = ranking(&cube, Rank::Settled);
        let ids: Vec<&str> = rows.iter().map(|row| row.place.as_str()).collect();
        assert_eq!(ids, ["best", "worst", "lucky"]);
        assert_eq!(whole, Some(Part { part: 1_053, whole: 1_103 }));
        assert_eq!(
            rows.iter().map(|row| row.standing).collect::<Vec<_>>(),
            [Standing::Red, Standing::Yellow, Standing::Few]
        );
    }

    /// The answer of a node with the figures of a place.
    fn cube(whole: &PlaceCell) -> Cube {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        Cube { figures: whole.figures.clone(), ..serde_json::from_str(text).unwrap() }
    }

    #[test]
    fn places_are_measured_by_the_nodes_own_rate_and_what_is_withheld_is_no_small_sample() {
        let mut cube = cube(&place("whole", 800, 1_000));
        let hidden = PlaceCell { figures: Figures::default(), ..place("hidden", 0, 0) };
        cube.places = vec![place("told", 300, 400), place("few", 3, 7), hidden];
        cube.exact = false;
        let standings = |cube: &Cube| {
            let (rows, whole) = ranking(cube, Rank::Settled);
            (whole, rows.iter().map(|row| row.standing).collect::<Vec<_>>())
        };
        let expected = vec![Standing::Yellow, Standing::Few, Standing::Withheld];
        assert_eq!(standings(&cube), (Some(Part { part: 800, whole: 1_000 }), expected));
        let said = sentence(&cube, Rank::Settled);
        assert!(said.contains("总体 80%") && said.contains("1 个样本不足"), "{said}");
        assert!(said.ends_with("另有 1 项按隐私规则不显示。"), "{said}");
        // Nobody is listed against what is not told.
        cube.figures.settled = None;
        let expected = vec![Standing::Ordinary, Standing::Few, Standing::Withheld];
        assert_eq!(standings(&cube), (None, expected));
        assert_eq!(sentence(&cube, Rank::Settled), tr!(board.withheld));
        assert_eq!(sentence(&Cube { exact: true, ..cube }, Rank::Rebounds), tr!(board.nothing));
    }

    #[test]
    fn lawsuits_of_the_places_are_measured_by_the_nodes_own_whatever_months_they_have() {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        let mut known = cube.figures.lawsuits.unwrap();
        let own = part(fengtu_domain::statistics::lawsuit_rate(Some(known)));
        known.months = 9;
        cube.places[0].figures.lawsuits = Some(known);
        assert_eq!((ranking(&cube, Rank::Lawsuits).1, own.is_some()), (own, true));
    }

    #[test]
    fn of_many_places_the_worst_stand_and_not_those_with_too_few_cases() {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        let many = (0..70).map(|n| place(&format!("{n}"), 10_000 - 100 * n, 10_000));
        cube.places = many.chain((0..500).map(|n| place(&format!("few{n}"), 1, 2))).collect();
        let (rows, _) = ranking(&cube, Rank::Settled);
        let shown = rows_shown(&rows);
        assert_eq!((shown.len(), shown.first(), shown.last()), (60, Some(&0), Some(&69)), "the worst is the 70th");
        assert!(rows.iter().take(70).all(|row| row.key.is_some()));
        cube.places.drain(..40);
        let (rows, _) = ranking(&cube, Rank::Settled);
        assert_eq!(rows_shown(&rows), (0..60).collect::<Vec<_>>(), "where few are ranked all of them stand");
    }
}
