//! A pan by whole bins: what stays on the sheet is moved, and only what has come in is binned.
//!
//! Of the bins on a sheet's edge some shares fell beside it, so that they are not among those that stay.

use std::ops::Range;

use crate::bounds::Bounds;
use crate::sheet::{Place, Sheet};
use crate::view::{MAX_SIDE, View};

/// As good as a whole number of bins: what lies so far off is not seen.
const EXACT: f64 = 1e-3;

/// Says how far a view lies from another of the same scale, in whole bins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shift {
    right: i32,
    down: i32,
}

impl Shift {
    /// Measures the way from one view to another; `None` unless it is one of whole bins.
    pub fn between(from: &View, to: &View) -> Option<Self> {
        // Callers may reckon the same scale anew each time: it is the same if it is so across the whole sheet.
        let same_scale = (to.units_per_px / from.units_per_px - 1.0).abs() * f64::from(MAX_SIDE) < EXACT;
        let whole = |bins: f64| {
            let near = bins.round();
            // The cast loses nothing: no sheet is that long.
            (near.abs() < 1e6 && (bins - near).abs() < EXACT).then_some(near as i32)
        };
        let right = whole((to.west - from.west) / from.units_per_px)?;
        let down = whole((from.north - to.north) / from.units_per_px)?;
        same_scale.then_some(Self { right, down })
    }

    /// Takes away the way that was gone before.
    pub const fn after(self, before: Self) -> Self {
        Self { right: self.right - before.right, down: self.down - before.down }
    }

    /// Tells whether it leads nowhere.
    pub const fn is_none(self) -> bool {
        self.right == 0 && self.down == 0
    }
}

/// Holds which bins of a sheet are what they were before a shift.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    shift: Shift,
    columns: Range<i32>,
    rows: Range<i32>,
}

impl Kept {
    /// Finds what stays on a sheet; `None` where that is less than a half.
    pub fn of(sheet: &Sheet, shift: Shift) -> Option<Self> {
        let span = |len: usize, by: i32| {
            let len = i32::try_from(len).unwrap_or_default();
            (1 - by).max(0)..(len - 1 - by).min(len)
        };
        let kept = Self { shift, columns: span(sheet.columns, shift.right), rows: span(sheet.rows, shift.down) };
        let (wide, high) = (kept.columns.len(), kept.rows.len());
        (2 * wide * high >= sheet.columns * sheet.rows).then_some(kept)
    }

    /// Moves what stays to where it is now, and clears all else.
    pub fn take(&self, sheet: &Sheet, bins: &mut [f32]) {
        let row_of = |row: i32| row as usize * sheet.stride;
        let width = self.columns.len();
        let (to, from) = (self.columns.start as usize, (self.columns.start + self.shift.right) as usize);
        let mut carry = |row: i32| {
            // Both rows are the sheet's, as `of` cut them, and `from` and `to` leave room for the width in each: no range is outside.
            let (source, target) = (row_of(row + self.shift.down) + from, row_of(row) + to);
            bins.copy_within(source..source + width, target);
        };
        // No row is written over before it was read.
        if self.shift.down >= 0 {
            self.rows.clone().for_each(&mut carry);
        } else {
            self.rows.clone().rev().for_each(&mut carry);
        }
        self.clear(sheet, bins);
    }

    fn clear(&self, sheet: &Sheet, bins: &mut [f32]) {
        for (at, row) in (0..).zip(bins.chunks_mut(sheet.stride)) {
            if self.rows.contains(&at) {
                // The first column that stays is one of the row's.
                let (before, after) = row.split_at_mut(self.columns.start as usize);
                before.fill(0.0);
                after.iter_mut().skip(self.columns.len()).for_each(|bin| *bin = 0.0);
            } else {
                row.fill(0.0);
            }
        }
    }

    /// Tells whether nothing in a box has a share in any other bin.
    pub fn covers(&self, sheet: &Sheet, bounds: &Bounds) -> bool {
        let [west, north] = sheet.at(bounds.west, bounds.north);
        let [east, south] = sheet.at(bounds.east, bounds.south);
        let within = |span: &Range<i32>, from: f32, to: f32| from >= span.start as f32 && to < (span.end - 1) as f32;
        within(&self.columns, west, east) && within(&self.rows, north, south)
    }

    /// Leaves of a case's four shares those in other bins.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "without branches, so that the loop is vectorised")]
    pub fn leave(&self, place: &Place, [a, b, c, d]: [f32; 4]) -> [f32; 4] {
        let has = |span: &Range<i32>, at: i32| (at >= span.start) & (at < span.end);
        let [left, right] = [place.column, place.column + 1].map(|at| has(&self.columns, at));
        let [above, below] = [place.row, place.row + 1].map(|at| has(&self.rows, at));
        let unless = |kept: bool, share: f32| if kept { 0.0 } else { share };
        [unless(left & above, a), unless(right & above, b), unless(left & below, c), unless(right & below, d)]
    }
}
