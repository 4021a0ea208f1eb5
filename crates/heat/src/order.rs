//! Spatial order: cases that are near in the plane become near in memory, so that a block of them touches few pixels and
//! can be passed over when it is out of sight.
//!
//! A counting sort into cells, row by row and back again; within a cell the order stays as it was. The cells span where
//! most cases are: strays far off lie in the outermost cells and do not coarsen the others.

use crate::bounds::Bounds;

/// Cases in a block: enough that a block's own cost vanishes, few enough that it is small on the map.
pub(crate) const BLOCK: usize = 256;
/// Stands for "no place" and "no slot".
pub(crate) const NONE: u32 = u32::MAX;

/// Most cells on a side.
const MAX_SIDE: usize = 256;
/// Cases looked at to find where most are.
const SAMPLE: usize = 512;

/// Gives each place's new place, those that are not kept left out (`NONE`), and how many places there are then.
pub(crate) fn spatial(x: &[f32], y: &[f32], keep: impl Iterator<Item = bool>) -> (Vec<u32>, usize) {
    let cells = Cells::over(x, y);
    let mut counts = vec![0_u32; cells.side * cells.side];
    let mut places = Vec::with_capacity(x.len());
    for ((&x, &y), keep) in x.iter().zip(y).zip(keep) {
        let cell = if keep { cells.of(x, y) } else { NONE };
        places.push(cell);
        if let Some(count) = counts.get_mut(cell as usize) {
            *count += 1;
        }
    }
    let total = starts(&mut counts);
    for place in &mut places {
        if let Some(start) = counts.get_mut(*place as usize) {
            *place = *start;
            *start += 1;
        }
    }
    (places, total as usize)
}

/// Turns counts into where each begins, and gives the sum.
fn starts(counts: &mut [u32]) -> u32 {
    let mut sum = 0;
    for count in counts {
        sum += std::mem::replace(count, sum);
    }
    sum
}

/// Puts a column's values into their new places; `spare` is memory to use, and holds the old column after.
pub(crate) fn permute<T: Copy + Default>(column: &mut Vec<T>, places: &[u32], len: usize, spare: &mut Vec<T>) {
    spare.reserve_exact(column.capacity().max(len).saturating_sub(spare.len()));
    scatter(column.iter().copied(), places, len, spare);
    std::mem::swap(column, spare);
}

/// Puts values into their places in a column of `len`; what it held is gone.
pub(crate) fn scatter<T: Copy + Default>(
    values: impl Iterator<Item = T>,
    places: &[u32],
    len: usize,
    column: &mut Vec<T>,
) {
    column.clear();
    column.resize(len, T::default());
    for (value, &place) in values.zip(places) {
        if let Some(new) = column.get_mut(place as usize) {
            *new = value;
        }
    }
}

/// Holds a square of cells laid over the cases.
struct Cells {
    side: usize,
    west: f32,
    south: f32,
    per_x: f32,
    per_y: f32,
}

impl Cells {
    fn over(x: &[f32], y: &[f32]) -> Self {
        let side = ((x.len() / BLOCK) as f64).sqrt() as usize;
        let side = side.clamp(1, MAX_SIDE);
        let Bounds { west, south, east, north } = most(x, y);
        let per = |from: f32, to: f32| if to > from { side as f32 / (to - from) } else { 0.0 };
        Self { side, west, south, per_x: per(west, east), per_y: per(south, north) }
    }

    /// Gives a case's cell, counted along the rows: every other row runs back, so that the next cell is always beside.
    #[inline]
    fn of(&self, x: f32, y: f32) -> u32 {
        let last = self.side as u32 - 1;
        // The casts saturate: what is west or south of all cells, or not a number, lies in the first.
        let column = (((x - self.west) * self.per_x) as u32).min(last);
        let row = (((y - self.south) * self.per_y) as u32).min(last);
        row * (last + 1) + if row.is_multiple_of(2) { column } else { last - column }
    }
}

/// Gives a box that holds most cases: the middle 96 % of a sample each way, and an eighth more on each side.
fn most(x: &[f32], y: &[f32]) -> Bounds {
    let (west, east) = spread(x);
    let (south, north) = spread(y);
    Bounds { west, south, east, north }
}

fn spread(column: &[f32]) -> (f32, f32) {
    // Sorted as it is gathered: so few that a sort of the library's would be the largest part of this module's code.
    let mut sample: Vec<f32> = Vec::with_capacity(SAMPLE);
    for &value in column.iter().step_by(column.len() / SAMPLE + 1) {
        sample.insert(sample.partition_point(|&other| other < value), value);
    }
    let cut = sample.len() / 50;
    let end = |at: usize| sample.get(at).copied().unwrap_or(0.0);
    let (low, high) = (end(cut), end(sample.len().saturating_sub(1 + cut)));
    let more = (high - low) / 8.0;
    (low - more, high + more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_the_plane_become_neighbours_in_memory() {
        let places = |seed: u32| (0..40_000_u32).map(move |n| (n.wrapping_mul(seed) >> 8) as f32 / 1e4);
        let (x, y): (Vec<f32>, Vec<f32>) = (places(2_654_435_761).collect(), places(2_246_822_519).collect());
        let (order, len) = spatial(&x, &y, x.iter().map(|_| true));
        let size = |bounds: Bounds| (bounds.east - bounds.west) * (bounds.north - bounds.south);
        let mean = |x: &[f32], y: &[f32]| {
            let blocks = x.chunks(BLOCK).zip(y.chunks(BLOCK)).map(|(x, y)| size(Bounds::around(x, y)));
            blocks.sum::<f32>() / (x.len() / BLOCK) as f32
        };
        let (mut near_x, mut near_y) = (x.clone(), y.clone());
        permute(&mut near_x, &order, len, &mut Vec::new());
        permute(&mut near_y, &order, len, &mut Vec::new());
        assert_eq!(len, x.len());
        assert!(mean(&near_x, &near_y) < mean(&x, &y) / 20.0, "{} {}", mean(&near_x, &near_y), mean(&x, &y));
    }

    #[test]
    fn a_stray_does_not_coarsen_the_cells_and_the_empty_are_left_out() {
        let x: Vec<f32> = (0..10_000_u16).map(f32::from).chain([1e30, -1e30]).collect();
        let cells = Cells::over(&x, &x);
        assert!(cells.of(9_000.0, 0.0) != cells.of(5_000.0, 0.0), "all in one cell");
        let (order, len) = spatial(&x, &x, (0..x.len()).map(|n| n % 2 == 0));
        assert_eq!((len, order.iter().filter(|&&place| place != NONE).count()), (5_001, 5_001));
        let mut seen: Vec<u32> = order.into_iter().filter(|&place| place != NONE).collect();
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..5_001));
    }
}
