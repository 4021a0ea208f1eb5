//! The card of how unevenly cases lie over the places.

use std::sync::Arc;

use fengtu_domain::ranking::{LEAST_TOLD, concentration};
use fengtu_wire::cube::{Cube, PlaceCell};
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::context::Board;
use super::insight::{Led, led, plain, short};
use super::told::{self, Told};
use crate::tr;
use crate::ui::number::{grouped, share};

/// How unevenly cases lie over the places.
pub fn concentrated(board: Board) -> AnyView {
    let rows = move || board.answer().map(|cube| cumulated(board, &cube)).unwrap_or_default();
    let heads = || [tr!(board.place), tr!(board.received), tr!(board.share), tr!(board.cumulated)];
    card(
        "",
        Parts {
            id: "concentration",
            sheet: None,
            controls: None,
            title: || tr!(board.concentration),
            says: Arc::new(move || board.answer().map(|cube| sentence(&cube)).unwrap_or_default()),
            chart: Arc::new(move || short("concentration-", &heads(), rows(), tr!(board.concentration))),
            grid: Arc::new(move || Grid { heads: heads().map(str::to_owned).to_vec(), rows: plain(rows()) }),
            file: None,
        },
    )
}

fn cumulated(board: Board, cube: &Cube) -> Vec<Led> {
    let mut cells: Vec<(u64, &PlaceCell)> =
        cube.places.iter().filter_map(|cell| Some((cell.figures.received?, cell))).collect();
    fengtu_geo::order::sort_by(&mut cells, |a, b| b.0.cmp(&a.0));
    let total = told::whole(cube, &received(cube));
    let part = |n: u64| total.map_or_else(|| "—".to_owned(), |total| share(n as f64 / total.max(1) as f64));
    let mut sum = 0;
    let row = |(n, cell): &(u64, &PlaceCell)| {
        sum += n;
        led(board, cell, vec![grouped(*n), part(*n), part(sum)])
    };
    cells.iter().map(row).collect()
}

fn sentence(cube: &Cube) -> String {
    let parts = received(cube);
    told::of_parts(cube, &parts, usize::MAX, &|Told { whole, of, .. }| {
        let counts: Vec<u64> = parts.iter().flatten().copied().collect();
        let found = concentration(&counts).filter(|_| whole >= LEAST_TOLD);
        let Some(found) = found else { return told::no_most(whole, of) };
        let (fifth, gini) = (share(found.top_fifth), format!("{:.2}", found.gini));
        tr!(board.concentration_says, half = found.half, n = counts.len(), of = of, fifth = fifth, gini = gini)
    })
}

fn received(cube: &Cube) -> Vec<Option<u64>> {
    cube.places.iter().map(|cell| cell.figures.received).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::super::ranking::tests::place;
    use super::*;
    use fengtu_wire::statistics::Figures;

    #[test]
    fn it_is_of_what_is_shown_where_places_are_withheld_and_of_few_cases_nothing_is_said() {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        (cube.exact, cube.figures.received) = (false, Some(100));
        let hidden = PlaceCell { figures: Figures::default(), ..place("hidden", 0, 0) };
        cube.places = vec![place("a", 9, 60), place("b", 9, 20), hidden];
        let told = sentence(&cube);
        assert!(told.contains("2 个地点中的 1 个（仅就所显示的）"), "{told}");
        assert!(told.ends_with("另有 1 项按隐私规则不显示。"), "{told}");
        cube.places.remove(0);
        cube.places.remove(0);
        let told = sentence(&cube);
        assert!(!told.contains("没有") && told.ends_with("另有 1 项按隐私规则不显示。"), "{told}");
        (cube.exact, cube.places) = (true, vec![place("a", 1, 2), place("b", 1, 1)]);
        assert_eq!(sentence(&cube), told::no_most(3, ""));
    }
}
