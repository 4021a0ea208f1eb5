//! The picture of densities, and what can be read off it.

use crate::view::Area;

/// Holds a picture of densities, row by row from the top left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Density {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Weighted cases per km² at each pixel; never negative.
    pub values: Vec<f32>,
    /// The part that is seen, where the picture has a margin; `None`: all of it. The figures below are of this part.
    pub seen: Option<Area>,
    /// The greatest of the values seen; 0 where there are none.
    pub max: f32,
    /// How many chosen cases lie in what is seen.
    pub cases: u32,
    /// What they count together after fading.
    pub weight: f64,
}

impl Density {
    /// Gives the density that a share (0 to 1) of the pixels seen with any cases do not exceed, rounded up to 1/256 of the
    /// greatest; 0 for an empty picture.
    ///
    /// A scale that ends at, say, 0.99 keeps one extreme place from paling all others.
    pub fn quantile(&self, share: f64) -> f32 {
        self.quantile_of(self.seen, self.max, share)
    }

    /// Gives the same of the whole picture, its margin with it: the scale of what lies there while nothing is seen.
    pub fn quantile_with_margin(&self, share: f64) -> f32 {
        self.quantile_of(None, self.greatest_of(None), share)
    }

    fn quantile_of(&self, area: Option<Area>, max: f32, share: f64) -> f32 {
        if max <= 0.0 {
            return 0.0;
        }
        let counts = self.histogram(area, max);
        let wanted = f64::from(counts.iter().sum::<u32>()) * share.clamp(0.0, 1.0);
        let mut seen = 0.0;
        let reached = |count: &u32| {
            seen += f64::from(*count);
            seen >= wanted
        };
        let bin = counts.iter().position(reached).unwrap_or(255);
        max * (bin + 1) as f32 / 256.0
    }

    /// Gives the greatest density of a part of the picture, or of all of it.
    pub(crate) fn greatest_of(&self, area: Option<Area>) -> f32 {
        self.rows(area).fold(0.0, |max, row| greatest(row, max))
    }

    /// Gives the rows of a part of the picture, or of all of it.
    fn rows(&self, area: Option<Area>) -> impl Iterator<Item = &[f32]> {
        let whole = || (0..self.width as usize, 0..self.height as usize);
        let (columns, rows) = area.map_or_else(whole, |area| (area.columns(self.width), area.rows(self.height)));
        let all = self.values.chunks_exact(self.width.max(1) as usize);
        all.skip(rows.start).take(rows.len()).map(move |row| row.get(columns.clone()).unwrap_or_default())
    }

    /// Counts the pixels with any cases by their share of the greatest, in 256 steps.
    #[inline(never)]
    #[cfg_attr(all(feature = "simd", target_arch = "wasm32"), target_feature(enable = "simd128"))]
    fn histogram(&self, area: Option<Area>, max: f32) -> [u32; 256] {
        // Neighbours are alike: counted in turns, so that one count need not wait for the one before.
        let mut counts = [[0_u32; 512]; 4];
        let (per, nothing) = (256.0 / max, max * NOTHING);
        let step = |value: f32| {
            let share = value * per;
            let step = if share < 255.0 { share as i32 } else { 255 };
            if value > nothing { step } else { UNCOUNTED }
        };
        let mut steps = [UNCOUNTED; RUN];
        for values in self.rows(area).flat_map(|row| row.chunks(RUN)) {
            steps.iter_mut().zip(values).for_each(|(at, &value)| *at = step(value));
            for four in steps.chunks(4).take(values.len().div_ceil(4)) {
                counts.iter_mut().zip(four).for_each(|(counts, &at)| counts[at as usize % 512] += 1);
            }
            steps.fill(UNCOUNTED);
        }
        std::array::from_fn(|at| counts.iter().map(|counts| counts[at]).sum())
    }
}

/// Stands for the step of a pixel that has no cases.
const UNCOUNTED: i32 = 256;
/// Pixels counted at once.
const RUN: usize = 256;

/// Below this share of the greatest density a pixel has no cases, only rounding.
const NOTHING: f32 = 1e-4;

/// Gives the greatest of values that are none of them below 0, several at a time.
fn greatest(values: &[f32], so_far: f32) -> f32 {
    let mut lanes = [so_far; 16];
    let mut see = |values: &[f32]| {
        for (lane, &value) in lanes.iter_mut().zip(values) {
            *lane = if value > *lane { value } else { *lane };
        }
    };
    let (whole, rest) = values.as_chunks::<16>();
    for values in whole {
        see(values);
    }
    see(rest);
    lanes.into_iter().fold(so_far, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_leaves_out_empty_pixels_and_extremes() {
        let values: Vec<f32> = (0_u8..=100).map(f32::from).chain([0.0; 50]).chain([1000.0]).collect();
        let density = Density { width: 152, height: 1, values, max: 1000.0, ..Density::default() };
        assert!((density.quantile(0.5) - 50.0).abs() < 5.0, "{}", density.quantile(0.5));
        assert!((density.quantile(0.98) - 99.0).abs() < 5.0);
        assert!((density.quantile(1.0) - 1000.0).abs() < f32::EPSILON);
        assert!(density.quantile(f64::NAN) <= 1000.0 && Density::default().quantile(0.5).abs() < f32::EPSILON);
    }
}
