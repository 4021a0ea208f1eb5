//! The red and the yellow list 红黄榜, which follow from the ranking: nobody who is on one is left off.

use std::sync::Arc;

use fengtu_domain::ranking::Standing;
use fengtu_domain::statistics::{Part, wilson};
use fengtu_wire::cube::Cube;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::down::{To, link};
use super::measures::{ranked, read};
use super::ranking::{Ranked, grid, rank, ranking, rate};
use super::told;
use crate::routes::Rank;
use crate::tr;

/// The red and the yellow list, with the reason of each name on it.
pub fn lists(board: Board) -> AnyView {
    let chart = move || board.answer().map(|cube| two_lists(board, &cube)).into_any();
    card(
        "",
        Parts {
            id: "lists",
            sheet: None,
            controls: None,
            title: || tr!(board.lists),
            says: Arc::new(move || board.answer().map(|cube| sentence(&cube, rank(board))).unwrap_or_default()),
            chart: Arc::new(chart),
            grid: Arc::new(move || board.answer().map(|cube| lists_grid(board, &cube)).unwrap_or_default()),
            file: None,
        },
    )
}

fn sentence(cube: &Cube, rank: Rank) -> String {
    let (rows, whole) = ranking(cube, rank);
    let told = || tr!(board.lists_say, word = (ranked(rank).0)()) + &hidden(&rows);
    whole.filter(|whole| whole.whole > 0).map_or_else(|| told::nothing(cube, whole.is_some()), |_| told())
}

/// Returns the word of where a place stands.
pub fn word_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Red => tr!(board.red_list),
        Standing::Yellow => tr!(board.yellow_list),
        Standing::Few => tr!(board.few),
        Standing::Withheld => tr!(board.hidden_one),
        Standing::Ordinary => "",
    }
}

/// Says how many places are withheld.
pub fn hidden(rows: &[Ranked]) -> String {
    told::hidden(rows.iter().filter(|row| row.standing == Standing::Withheld).count())
}

/// Names of a list that stand at once.
const LISTED: usize = 10;

fn two_lists(board: Board, cube: &Cube) -> AnyView {
    let rank = rank(board);
    let (rows, whole) = ranking(cube, rank);
    // Where some are withheld, nobody knows that there is none.
    let none = if whole.is_some() && hidden(&rows).is_empty() { tr!(board.nobody) } else { "—" };
    let whole = whole.map(rate).unwrap_or_default();
    let list = |wanted: Standing, title: &'static str, class: &'static str| {
        let (found, others) = listed(&rows, wanted);
        let empty = found.is_empty().then(|| view! { <p class="quiet">{none}</p> });
        let item = |row: &&Ranked| {
            let reason = row.share.map(|own| reason(rank, own, whole)).unwrap_or_default();
            view! { <li><b>{link(board, "lists-", To::Place(row.place.clone()), board.place(&row.place))}</b><span class="quiet">{reason}</span></li> }
        };
        let rest = (!others.is_empty()).then(|| {
            view! {
                <details><summary>{tr!(board.lists_others, n = others.len())}</summary>
                    <ol start=(LISTED + 1).to_string()>{others.iter().map(item).collect_view()}</ol></details>
            }
        });
        view! { <section class=class><h3>{title}</h3>{empty}<ol>{found.iter().map(item).collect_view()}</ol>{rest}</section> }
    };
    view! {
        <div class="two-lists">
            {list(Standing::Red, tr!(board.red_list), "list-red")}
            {list(Standing::Yellow, tr!(board.yellow_list), "list-yellow")}
        </div>
    }
    .into_any()
}

/// The names of a list: those that stand at once, and the others.
fn listed(rows: &[Ranked], wanted: Standing) -> (Vec<&Ranked>, Vec<&Ranked>) {
    let mut all: Vec<&Ranked> = of_list(rows, wanted).into_iter().filter_map(|at| rows.get(at)).collect();
    let others = all.split_off(all.len().min(LISTED));
    (all, others)
}

/// Where in the ranking the names of a list stand: those that are praised from the best on, those that are reminded from the
/// worst on.
fn of_list(rows: &[Ranked], wanted: Standing) -> Vec<usize> {
    let is_on = |(at, row): (usize, &Ranked)| (row.standing == wanted).then_some(at);
    let mut all: Vec<usize> = rows.iter().enumerate().filter_map(is_on).collect();
    if wanted == Standing::Yellow {
        all.reverse();
    }
    all
}

/// The two lists as a table.
fn lists_grid(board: Board, cube: &Cube) -> Grid {
    let (Grid { heads, rows }, (ranked, _)) = (grid(board, cube), ranking(cube, rank(board)));
    let on = [Standing::Red, Standing::Yellow].into_iter().flat_map(|wanted| of_list(&ranked, wanted));
    Grid { heads, rows: on.filter_map(|at| rows.get(at).cloned()).collect() }
}

fn reason(rank: Rank, own: Part, whole: f64) -> String {
    let (low, high) = wilson(own).unwrap_or_default();
    let say = read(rank);
    // Lawsuits are of people, of whom many are no evidence yet.
    let n = if rank == Rank::Lawsuits { own.part } else { own.whole };
    tr!(board.reason, rate = say(rate(own)), low = say(low), high = say(high), n = n, whole = say(whole))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::super::ranking::tests::place;
    use super::*;

    #[test]
    fn the_worst_stand_first_on_the_yellow_list_the_best_on_the_red_and_nobody_is_left_off() {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        let bad = (0..12).map(|n| place(&format!("bad{n}"), 100 + 10 * n, 1_000));
        let good = (0..3).map(|n| place(&format!("good{n}"), 9_990 - n, 10_000));
        cube.places = good.chain(bad).collect();
        // A place is chosen, which is not what it is measured by.
        cube.figures = place("chosen", 1, 2).figures;
        let (rows, _) = ranking(&cube, Rank::Settled);
        let ids = |rows: Vec<&Ranked>| rows.iter().map(|row| row.place.to_string()).collect::<Vec<_>>();
        let (first, others) = listed(&rows, Standing::Yellow);
        assert_eq!(ids(first), (0..10).map(|n| format!("bad{n}")).collect::<Vec<_>>(), "the worst first");
        assert_eq!(ids(others), ["bad10", "bad11"], "the others can be had");
        let (first, others) = listed(&rows, Standing::Red);
        assert_eq!((ids(first), others.len()), (["good0", "good1", "good2"].map(str::to_owned).to_vec(), 0));
    }
}
