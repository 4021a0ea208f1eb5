//! The edge of a raster mask as rings for drawing.

use std::collections::BTreeMap;

use crate::coverage::{Cell, Mask};
use crate::polygon::Ring;

/// Names a corner of cells by column and row.
type Corner = (usize, usize);

/// Traces the cells of a kind into closed rings, shells counter-clockwise and holes clockwise.
///
/// Drawn together in one path (even-odd or non-zero) they fill exactly those cells. Corners within a straight stretch are
/// left out; two areas that meet only at a corner stay apart.
pub fn rings(mask: &Mask, kind: Cell) -> Vec<Ring> {
    let mut ways = edges(mask, kind);
    let mut rings = Vec::new();
    while let Some((&start, _)) = ways.first_key_value() {
        let corners = trace(&mut ways, start);
        rings.push(corners.into_iter().map(|(column, row)| mask.corner(column, row)).collect());
    }
    rings
}

/// Collects the directed edges between cells of the kind and others: the kind is always on the left, north being row 0.
fn edges(mask: &Mask, kind: Cell) -> BTreeMap<Corner, Vec<Corner>> {
    let mut ways: BTreeMap<Corner, Vec<Corner>> = BTreeMap::new();
    let is = |column: usize, row: usize| mask.cell(column, row) == kind;
    for row in 0..mask.rows {
        for column in (0..mask.columns).filter(|&column| is(column, row)) {
            let (right, below) = (column + 1, row + 1);
            let mut add = |from, to| ways.entry(from).or_default().push(to);
            // `wrapping_sub` of 0 is past every raster, where `cell` answers `Outside`.
            if !is(column, row.wrapping_sub(1)) {
                add((right, row), (column, row));
            }
            if !is(column.wrapping_sub(1), row) {
                add((column, row), (column, below));
            }
            if !is(column, below) {
                add((column, below), (right, below));
            }
            if !is(right, row) {
                add((right, below), (right, row));
            }
        }
    }
    ways
}

/// Follows edges from a corner back to it, taking them out of `ways`.
fn trace(ways: &mut BTreeMap<Corner, Vec<Corner>>, start: Corner) -> Vec<Corner> {
    let mut ring: Vec<Corner> = vec![start];
    let mut here = start;
    while let Some(next) = take_next(ways, ring.iter().rev().nth(1).copied(), here) {
        push_straightened(&mut ring, next);
        here = next;
        if here == start {
            break;
        }
    }
    ring
}

/// Takes an edge out of a corner; where two leave it, the left turn, which keeps diagonal neighbours apart.
fn take_next(ways: &mut BTreeMap<Corner, Vec<Corner>>, before: Option<Corner>, here: Corner) -> Option<Corner> {
    let choices = ways.get_mut(&here)?;
    let is_left = |next: &Corner| before.is_some_and(|before| turns_left(before, here, *next));
    let place = choices.iter().position(is_left).unwrap_or(0);
    let next = (place < choices.len()).then(|| choices.swap_remove(place));
    if choices.is_empty() {
        ways.remove(&here);
    }
    next
}

fn turns_left(a: Corner, b: Corner, c: Corner) -> bool {
    let step = |from: usize, to: usize| to.cmp(&from) as i8;
    // Rows grow to the south, so a left turn is a negative cross product.
    step(a.0, b.0) * step(b.1, c.1) - step(a.1, b.1) * step(b.0, c.0) < 0
}

/// Adds a corner, and drops the one before it if all three are in line.
fn push_straightened(ring: &mut Vec<Corner>, next: Corner) {
    if let [.., a, b] = ring.as_slice() {
        let in_line = (a.0 == b.0 && b.0 == next.0) || (a.1 == b.1 && b.1 == next.1);
        if in_line {
            ring.pop();
        }
    }
    ring.push(next);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coord::BBox;
    use crate::polygon::signed_area_m2;

    /// `#` is uncovered.
    fn mask(rows: &[&str]) -> Mask {
        let cell = |c| if c == '#' { Cell::Uncovered } else { Cell::Covered };
        let cells = rows.iter().flat_map(|row| row.chars().map(cell)).collect();
        let columns = rows[0].len();
        let bbox = BBox { west: 0.0, south: 0.0, east: columns as f64, north: rows.len() as f64 };
        Mask { bbox, columns, rows: rows.len(), cells }
    }

    #[test]
    fn a_block_is_four_corners() {
        let rings = rings(&mask(&["....", ".##.", ".##.", "...."]), Cell::Uncovered);
        assert_eq!(rings.len(), 1);
        assert_eq!(rings[0].len(), 5, "{rings:?}");
        assert!(signed_area_m2(&rings[0]) > 0.0);
    }

    #[test]
    fn a_hole_is_a_second_ring_the_other_way() {
        let rings = rings(&mask(&["####", "#..#", "####"]), Cell::Uncovered);
        let mut signs: Vec<_> = rings.iter().map(|ring| signed_area_m2(ring) > 0.0).collect();
        signs.sort_unstable();
        assert_eq!(signs, vec![false, true]);
    }

    #[test]
    fn cells_that_meet_at_a_corner_stay_apart() {
        for rows in [["#.", ".#"], [".#", "#."]] {
            let rings = rings(&mask(&rows), Cell::Uncovered);
            assert_eq!(rings.len(), 2, "{rings:?}");
            assert!(rings.iter().all(|ring| signed_area_m2(ring) > 0.0 && ring.first() == ring.last()));
        }
    }
}
