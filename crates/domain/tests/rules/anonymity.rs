//! Heat cells that show no single person.

use fengtu_domain::anonymity::cells;
use proptest::prelude::*;

const BOX: [f64; 4] = [113.85, 22.68, 114.0, 22.85];

fn sum(found: &fengtu_wire::heat::HeatCells) -> u64 {
    found.cells.iter().map(|cell| u64::from(cell.count)).sum()
}

#[test]
fn five_cases_in_one_spot_are_a_cell_and_four_are_not() {
    let spot = [113.93, 22.76];
    let five = cells([spot; 5], BOX, 500.0, 5);
    assert_eq!((five.cells.len(), five.cells[0].count, five.withheld), (1, 5, 0));
    let four = cells([spot; 4], BOX, 500.0, 5);
    assert_eq!((four.cells.len(), four.withheld), (0, 4));
}

#[test]
fn the_centre_of_a_cell_is_within_half_its_diagonal_of_its_cases() {
    let spot = [113.931_2, 22.764_5];
    let found = cells([spot; 9], BOX, 500.0, 5);
    let [lon, lat] = found.cells[0].at;
    let (x, y) = ((lon - spot[0]) * 102_700.0, (lat - spot[1]) * 110_750.0);
    assert!(x.hypot(y) <= 354.0, "{}", x.hypot(y));
}

#[test]
fn a_few_beside_a_full_cell_are_counted_there() {
    let full = [[113.93, 22.76]; 20];
    let few = [[113.934, 22.76]; 2];
    let found = cells(full.into_iter().chain(few), BOX, 500.0, 5);
    assert_eq!((found.cells.len(), found.cells[0].count, found.withheld), (1, 22, 0));
}

#[test]
fn a_small_number_far_from_all_does_not_show_as_the_number_withheld() {
    let full = [[113.93, 22.76]; 20];
    let alone = [[113.86, 22.69]];
    let found = cells(full.into_iter().chain(alone), BOX, 500.0, 5);
    assert_eq!((found.cells[0].count, found.withheld), (21, 0));
}

#[test]
fn what_lies_outside_or_nowhere_is_withheld_and_counted() {
    let bad = [[f64::NAN, 22.7], [0.0, 0.0], [22.7, 113.9], [f64::INFINITY, f64::NEG_INFINITY]];
    let found = cells([[113.93, 22.76]; 5].into_iter().chain(bad), BOX, 500.0, 5);
    assert_eq!((sum(&found), found.withheld), (5, 4));
}

#[test]
fn a_cell_size_or_a_box_that_is_none_shows_nothing() {
    let spots = [[113.93, 22.76]; 9];
    for cell_m in [0.0, -1.0, f64::NAN, 0.001] {
        assert_eq!(cells(spots, BOX, cell_m, 5).withheld, 9, "{cell_m}");
    }
    assert_eq!(cells(spots, [114.0, 22.85, 113.85, 22.68], 500.0, 5).withheld, 9);
    assert_eq!(cells(spots, [f64::NAN; 4], 500.0, 5).withheld, 9);
}

proptest! {
    #[test]
    fn every_count_is_k_or_more_and_none_is_lost(
        points in prop::collection::vec((113.84_f64..114.01, 22.67_f64..22.86), 0..400),
        cell_m in 100.0_f64..5_000.0,
        k in 0_u32..12,
    ) {
        let total = points.len() as u64;
        let found = cells(points.into_iter().map(|(lon, lat)| [lon, lat]), BOX, cell_m, k);
        prop_assert!(found.cells.iter().all(|cell| cell.count >= k.max(1)));
        prop_assert_eq!(sum(&found) + found.withheld, total);
    }

    #[test]
    fn the_number_withheld_inside_the_box_is_none_or_k_or_more_beside_any_cell(
        points in prop::collection::vec((113.86_f64..113.99, 22.69_f64..22.84), 0..300), k in 2_u32..9,
    ) {
        let found = cells(points.into_iter().map(|(lon, lat)| [lon, lat]), BOX, 500.0, k);
        prop_assert!(found.cells.is_empty() || found.withheld == 0 || found.withheld >= u64::from(k));
    }
}
