//! Columns, view and filter to a density picture: bin, blur, divide by the area of a pixel.
//!
//! Each case is shared between the four nearest pixels (bilinear), so it does not jump from pixel to pixel as the map
//! moves. Cases just outside of the picture count as far as the kernel reaches. After the first picture of a size nothing
//! is allocated.

use crate::blur::{ExtendedBox, Workspace, zeroed};
use crate::columns::Columns;
use crate::filter::Filter;
use crate::view::View;

/// Holds a picture of densities, row by row from the top left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Density {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Weighted cases per km² at each pixel; never negative.
    pub values: Vec<f32>,
    /// The greatest of the values; 0 for an empty picture.
    pub max: f32,
    /// How many chosen cases lie in the picture.
    pub cases: u32,
    /// What they count together after fading.
    pub weight: f64,
}

impl Density {
    /// Gives the density that a share (0 to 1) of the pixels with any cases do not exceed, rounded up to 1/256 of the
    /// greatest; 0 for an empty picture.
    ///
    /// A scale that ends at, say, 0.99 keeps one extreme place from paling all others.
    pub fn quantile(&self, share: f64) -> f32 {
        if self.max <= 0.0 {
            return 0.0;
        }
        let mut counts = [0_u32; 256];
        for value in self.values.iter().filter(|&&value| value > self.max * NOTHING) {
            // The cast saturates and a u8 is in bounds.
            counts[usize::from((value / self.max * 256.0) as u8)] += 1;
        }
        let wanted = f64::from(counts.iter().sum::<u32>()) * share.clamp(0.0, 1.0);
        let mut seen = 0.0;
        let reached = |count: &u32| {
            seen += f64::from(*count);
            seen >= wanted
        };
        let bin = counts.iter().position(reached).unwrap_or(255);
        self.max * (bin + 1) as f32 / 256.0
    }
}

/// Below this share of the greatest density a pixel has no cases, only rounding.
const NOTHING: f32 = 1e-4;

/// Draws densities, and keeps the memory it needs from one picture to the next.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    bins: Vec<f32>,
    touched_rows: Vec<bool>,
    workspace: Workspace,
    density: Density,
}

impl Engine {
    /// Makes an engine that has drawn nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws the chosen cases; a view that cannot be drawn gives an empty picture (0 × 0).
    pub fn render(&mut self, columns: &Columns, view: &View, filter: &Filter) -> &Density {
        if view.is_drawable() {
            let kernel = ExtendedBox::for_radius(view.drawn_radius_px());
            let sheet = Sheet::around(view, kernel.reach() + 1);
            self.bin(columns, view, filter, &sheet);
            let touched = &self.touched_rows;
            let is_empty = |y: usize| touched.get(y) == Some(&false);
            self.workspace.blur(&mut self.bins, sheet.width, &kernel, is_empty);
            self.crop(view, &sheet);
        } else {
            self.reset(0, 0);
        }
        &self.density
    }

    /// Gives the last picture.
    pub fn density(&self) -> &Density {
        &self.density
    }

    fn reset(&mut self, width: u32, height: u32) {
        let Density { values, .. } = &mut self.density;
        zeroed(values, width as usize * height as usize);
        self.density = Density { width, height, values: std::mem::take(values), ..Density::default() };
    }

    fn bin(&mut self, columns: &Columns, view: &View, filter: &Filter, sheet: &Sheet) {
        self.reset(view.width, view.height);
        zeroed(&mut self.bins, sheet.width * sheet.height);
        self.touched_rows.clear();
        self.touched_rows.resize(sheet.height, false);
        for row in columns.rows() {
            let weight = filter.weight(row.time, row.weight, row.category);
            if weight > 0.0 {
                let (x, y) = sheet.place(row.x, row.y);
                if sheet.share(x, y, weight, &mut self.bins, &mut self.touched_rows) && sheet.shows(x, y, view) {
                    self.density.cases += 1;
                    self.density.weight += f64::from(weight);
                }
            }
        }
    }

    fn crop(&mut self, view: &View, sheet: &Sheet) {
        let per_km2 = (1.0 / view.km2_per_px()) as f32;
        let from = self.bins.chunks_exact(sheet.width).skip(sheet.margin);
        let to = self.density.values.chunks_exact_mut(view.width as usize);
        let mut max = 0.0_f32;
        for (from, to) in from.zip(to) {
            for (&bin, out) in from.iter().skip(sheet.margin).zip(to) {
                // Adding and taking away may leave a rounding error below 0.
                *out = (bin * per_km2).max(0.0);
                max = max.max(*out);
            }
        }
        self.density.max = max;
    }
}

/// Holds the picture with a margin, as wide as the kernel reaches.
struct Sheet {
    width: usize,
    height: usize,
    margin: usize,
    scale: f64,
    offset: (f64, f64),
}

impl Sheet {
    fn around(view: &View, margin: usize) -> Self {
        let scale = 1.0 / view.units_per_px;
        // Half a pixel, as a bin's place is its middle.
        let shift = margin as f64 - 0.5;
        Self {
            width: view.width as usize + 2 * margin,
            height: view.height as usize + 2 * margin,
            margin,
            scale,
            offset: (shift - view.west * scale, shift + view.north * scale),
        }
    }

    /// Gives the place of a case in bins, from the middle of the first.
    #[inline]
    fn place(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x) * self.scale + self.offset.0, self.offset.1 - f64::from(y) * self.scale)
    }

    /// Tells whether a place in bins is inside of the picture proper.
    #[inline]
    fn shows(&self, x: f64, y: f64, view: &View) -> bool {
        let from = self.margin as f64 - 0.5;
        let inside = |at: f64, size: u32| at >= from && at < from + f64::from(size);
        inside(x, view.width) && inside(y, view.height)
    }

    /// Shares a weight between the four bins around a place; false if they are not all on the sheet.
    #[inline]
    fn share(&self, x: f64, y: f64, weight: f32, bins: &mut [f32], touched: &mut [bool]) -> bool {
        // Written so that NaN is off the sheet.
        if !(x >= 0.0 && y >= 0.0 && x < (self.width - 1) as f64 && y < (self.height - 1) as f64) {
            return false;
        }
        let (column, row) = (x as usize, y as usize);
        let (right, below) = ((x - column as f64) as f32, (y - row as f64) as f32);
        for (row, part) in [(row, 1.0 - below), (row + 1, below)] {
            let at = row * self.width + column;
            if let (Some([a, b]), Some(touched)) = (bins.get_mut(at..at + 2), touched.get_mut(row)) {
                *a += weight * part * (1.0 - right);
                *b += weight * part * right;
                *touched = true;
            }
        }
        true
    }
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
