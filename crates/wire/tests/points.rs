//! The columnar form of case points, on good and on hostile bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use fengtu_wire::heat::{BYTES_PER_CASE, PointColumns, PointsError};
use fengtu_wire::ids::CategoryId;
use proptest::prelude::*;

fn columns() -> impl Strategy<Value = PointColumns> {
    let row = (any::<u32>(), any::<u16>(), any::<u16>(), 0_u8..2, any::<u8>());
    (any::<i64>(), prop::collection::vec(row, 0..50)).prop_map(|(base, rows)| {
        let mut columns = PointColumns {
            bounds: [113.85, 22.68, 114.0, 22.85],
            base,
            categories: vec![CategoryId::from("mediation.wages"), CategoryId::from("噪声")],
            ..PointColumns::default()
        };
        for (seconds, x, y, category, weight) in rows {
            columns.seconds.push(seconds);
            columns.x.push(x);
            columns.y.push(y);
            columns.category.push(category);
            columns.weight.push(weight);
        }
        columns
    })
}

fn sample() -> PointColumns {
    PointColumns {
        bounds: [113.0, 22.0, 114.0, 23.0],
        base: 1_759_024_800,
        categories: vec![CategoryId::from("a")],
        seconds: vec![1, 2],
        x: vec![0, 65_535],
        y: vec![65_535, 0],
        category: vec![0, 0],
        weight: vec![1, 9],
    }
}

#[test]
fn the_bytes_are_those_of_the_table_in_the_documentation() {
    let bytes = sample().encode();
    let table = br#"{"categories":["a"]}"#;
    let padded = table.len().next_multiple_of(4);
    assert_eq!(&bytes[..8], b"FTP2\x02\x00\x00\x00");
    assert_eq!(&bytes[8..16], 1_759_024_800_i64.to_le_bytes());
    assert_eq!(&bytes[16..24], 113.0_f64.to_le_bytes());
    assert_eq!(&bytes[48..52], u32::try_from(padded).unwrap().to_le_bytes());
    assert_eq!(&bytes[52..52 + table.len()], table);
    let rows = &bytes[52 + padded..];
    assert_eq!(rows, [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 1, 9]);
    assert_eq!(rows.len(), 2 * BYTES_PER_CASE);
}

#[test]
fn a_case_lies_where_its_columns_say() {
    let columns = sample();
    assert_eq!(columns.position(0), Some([113.0, 23.0]));
    assert_eq!(columns.position(1), Some([114.0, 22.0]));
    assert_eq!(columns.position(2), None);
}

#[test]
fn each_wrong_part_is_named() {
    let good = sample().encode();
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        PointColumns::decode(&bytes)
    };
    assert_eq!(with(0, b'X'), Err(PointsError::Magic));
    assert!(matches!(with(4, 3), Err(PointsError::Length { .. })));
    assert_eq!(with(52, b'['), Err(PointsError::Table));
    assert!(matches!(with(23, 0xff), Err(PointsError::Bounds(_))), "west is not on the earth any more");
    let not_a_number = PointColumns { bounds: [f64::NAN, 22.0, 114.0, 23.0], ..sample() };
    assert!(matches!(PointColumns::decode(&not_a_number.encode()), Err(PointsError::Bounds(_))));
    let category = good.len() - 4;
    assert_eq!(with(category, 1), Err(PointsError::Index { row: 0 }));
}

#[test]
fn a_header_that_promises_four_billion_cases_costs_nothing() {
    let mut bytes = sample().encode();
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(PointColumns::decode(&bytes), Err(PointsError::Length { .. })));
    bytes[48..52].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(PointColumns::decode(&bytes), Err(PointsError::Length { .. })));
}

proptest! {
    #[test]
    fn what_is_written_is_read(columns in columns()) {
        prop_assert_eq!(PointColumns::decode(&columns.encode()), Ok(columns));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = PointColumns::decode(&bytes);
    }

    #[test]
    fn a_changed_byte_is_refused_or_gives_columns_that_hold_together(columns in columns(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = columns.encode();
        let spot = at.index(bytes.len());
        bytes[spot] = byte;
        if let Ok(read) = PointColumns::decode(&bytes) {
            prop_assert!(read.category.iter().all(|&index| usize::from(index) < read.categories.len()));
            prop_assert_eq!(read.x.len(), read.len());
        }
    }

    #[test]
    fn bytes_that_end_early_or_go_on_are_refused(columns in columns(), cut in any::<prop::sample::Index>(), extra in 1_usize..20) {
        let mut bytes = columns.encode();
        prop_assert!(PointColumns::decode(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.extend(vec![0; extra]);
        prop_assert!(PointColumns::decode(&bytes).is_err());
    }

    #[test]
    fn a_position_comes_back_within_half_a_step(lon in 113.85_f64..114.0, lat in 22.68_f64..22.85) {
        let bounds = [113.85, 22.68, 114.0, 22.85];
        let (x, y) = PointColumns::quantise(bounds, [lon, lat]);
        let columns = PointColumns { bounds, seconds: vec![0], x: vec![x], y: vec![y], ..PointColumns::default() };
        let [east, north] = columns.position(0).unwrap();
        prop_assert!((east - lon).abs() <= 0.15 / 65_535.0 / 2.0 + 1e-12);
        prop_assert!((north - lat).abs() <= 0.17 / 65_535.0 / 2.0 + 1e-12);
    }

    #[test]
    fn no_position_and_no_box_make_quantising_panic(bounds in any::<[f64; 4]>(), at in any::<[f64; 2]>()) {
        let _ = PointColumns::quantise(bounds, at);
    }
}
