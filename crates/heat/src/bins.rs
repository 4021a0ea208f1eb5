//! The cases in bins: each weight is shared between the four nearest pixels, so that it does not jump as the map moves.

use crate::columns::Columns;
use crate::order::BLOCK;
use crate::rows::Row;
use crate::sheet::{Place, Sheet, Window};
use crate::shift::Kept;
use crate::weights::{Sum, Weights};

/// Writes all cases of the columns into bins, which come in as zeros.
#[inline(never)]
#[cfg_attr(all(feature = "simd", target_arch = "wasm32"), target_feature(enable = "simd128"))]
pub(crate) fn scatter(columns: &Columns, weights: &Weights, sheet: &Sheet, bins: &mut [f32]) {
    let rows = columns.rows();
    let places = rows.x.chunks(BLOCK).zip(rows.y.chunks(BLOCK));
    let mut shares = Shares::default();
    for ((bounds, (x, y)), (weights, sum)) in columns.blocks().iter().zip(places).zip(weights.blocks()) {
        if sum.cases > 0 && !sheet.misses(bounds) {
            let len = shares.read(sheet, x, y, weights, |_, all| all);
            shares.add(len, sheet.stride, bins);
        }
    }
}

/// Writes what all cases have in other bins than those that were kept, into zeros there.
#[inline(never)]
#[cfg_attr(all(feature = "simd", target_arch = "wasm32"), target_feature(enable = "simd128"))]
pub(crate) fn fill_in(columns: &Columns, weights: &Weights, sheet: &Sheet, kept: &Kept, bins: &mut [f32]) {
    let rows = columns.rows();
    let places = rows.x.chunks(BLOCK).zip(rows.y.chunks(BLOCK));
    let mut shares = Shares::default();
    for ((bounds, (x, y)), (weights, sum)) in columns.blocks().iter().zip(places).zip(weights.blocks()) {
        if sum.cases > 0 && !sheet.misses(bounds) && !kept.covers(sheet, bounds) {
            let len = shares.read(sheet, x, y, weights, |place, all| kept.leave(place, all));
            shares.add(len, sheet.stride, bins);
        }
    }
}

/// Adds one case to the bins, or takes it away by a weight below 0.
pub(crate) fn touch(sheet: &Sheet, row: &Row, weight: f32, bins: &mut [f32]) {
    let place = sheet.place(row.x, row.y);
    if place.on {
        add(bins, place.bin, sheet.stride, split(&place, weight));
    }
}

/// Counts what an area of the picture shows.
pub(crate) fn count(columns: &Columns, weights: &Weights, window: &Window) -> Sum {
    let rows = columns.rows();
    let places = rows.x.chunks(BLOCK).zip(rows.y.chunks(BLOCK));
    let mut sum = Sum::default();
    for ((bounds, (x, y)), (weights, all)) in columns.blocks().iter().zip(places).zip(weights.blocks()) {
        if window.covers(bounds) {
            sum.join(all);
        } else if !window.misses(bounds) {
            let cases = x.iter().zip(y).zip(weights);
            cases.filter(|((x, y), _)| window.shows(**x, **y)).for_each(|(_, &weight)| sum.add(weight));
        }
    }
    sum
}

/// Holds a block's shares, worked out before they are added: the one is arithmetic alone, the other memory alone.
struct Shares {
    bins: [u32; BLOCK],
    /// Top left, top right, bottom left, bottom right.
    parts: [[f32; BLOCK]; 4],
}

impl Default for Shares {
    fn default() -> Self {
        Self { bins: [0; BLOCK], parts: [[0.0; BLOCK]; 4] }
    }
}

impl Shares {
    /// Works out the shares of as many cases as there are.
    #[inline]
    fn read(
        &mut self,
        sheet: &Sheet,
        x: &[f32],
        y: &[f32],
        weights: &[f32],
        leave: impl Fn(&Place, [f32; 4]) -> [f32; 4],
    ) -> usize {
        let [above, above_right, below, below_right] = &mut self.parts;
        let out = above.iter_mut().zip(above_right).zip(below.iter_mut().zip(below_right));
        let out = self.bins.iter_mut().zip(out);
        let cases = x.iter().zip(y).zip(weights);
        for ((bin, ((a, b), (c, d))), ((&x, &y), &weight)) in out.zip(cases) {
            let place = sheet.place(x, y);
            *bin = place.bin;
            [*a, *b, *c, *d] = leave(&place, split(&place, if place.on { weight } else { 0.0 }));
        }
        weights.len()
    }

    /// Adds the first `len` cases' shares to the bins.
    fn add(&self, len: usize, stride: usize, bins: &mut [f32]) {
        match stride {
            272 => self.add_strided::<272>(len, bins),
            400 => self.add_strided::<400>(len, bins),
            528 => self.add_strided::<528>(len, bins),
            784 => self.add_strided::<784>(len, bins),
            1040 => self.add_strided::<1040>(len, bins),
            1552 => self.add_strided::<1552>(len, bins),
            2064 => self.add_strided::<2064>(len, bins),
            _ => self.add_wide(len, stride, bins),
        }
    }

    fn add_strided<const STRIDE: usize>(&self, len: usize, bins: &mut [f32]) {
        self.add_wide(len, STRIDE, bins);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the stride must be known within")]
    fn add_wide(&self, len: usize, stride: usize, bins: &mut [f32]) {
        let [a, b, c, d] = &self.parts;
        let parts = a.iter().zip(b).zip(c.iter().zip(d));
        for (&bin, ((&a, &b), (&c, &d))) in self.bins.iter().zip(parts).take(len) {
            add(bins, bin, stride, [a, b, c, d]);
        }
    }
}

/// Shares a weight between four bins.
#[inline]
fn split(place: &Place, weight: f32) -> [f32; 4] {
    let (right, below) = (weight * place.right, place.below);
    let left = weight - right;
    let (below_left, below_right) = (left * below, right * below);
    [left - below_left, right - below_right, below_left, below_right]
}

/// Adds four shares: the bin's, its right neighbour's, and those of the row below.
///
/// With a stride that the compiler knows there is one check of bounds for all four.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the stride must be known within")]
fn add(bins: &mut [f32], bin: u32, stride: usize, [a, b, c, d]: [f32; 4]) {
    let Some(quad) = bins.get_mut(bin as usize..).and_then(|from| from.get_mut(..stride + 2)) else { return };
    quad[0] += a;
    quad[1] += b;
    quad[stride] += c;
    quad[stride + 1] += d;
}
