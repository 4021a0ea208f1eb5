//! Wide kernels on a coarser grid: what is that smooth needs no bin per pixel, and costs no more than a narrow one.
//!
//! The grid's pixels span 2, 4, 8 … of the picture's, as long as the kernel's radius is at least 16 of them; the picture
//! is made of it by linear steps. That differs by less than 2 % of a lone case's peak, and is part of the stated 5 %.

use crate::view::{Area, View};

/// Radius in the grid's pixels from which on a coarser one will do.
const WIDE_PX: f32 = 32.0;
/// Most of the picture's pixels that one of the grid spans.
const MOST: usize = 1024;

/// Holds the grid that a view is drawn on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Grid {
    /// The view in the grid's pixels; if they are larger than the picture's, with one more on each side.
    pub view: View,
    factor: u32,
}

impl Grid {
    /// Chooses the grid for a view and its radius.
    pub fn of(view: &View) -> Self {
        let mut factor = 1;
        while view.drawn_radius_px() / factor as f32 >= WIDE_PX {
            factor *= 2;
        }
        if factor == 1 {
            return Self { view: *view, factor };
        }
        let units_per_px = view.units_per_px * f64::from(factor);
        let view = View {
            width: view.width.div_ceil(factor) + 2,
            height: view.height.div_ceil(factor) + 2,
            west: view.west - units_per_px,
            north: view.north + units_per_px,
            units_per_px,
            radius_px: view.drawn_radius_px() / factor as f32,
            ..*view
        };
        Self { view, factor }
    }

    /// Tells whether the grid's pixels are the picture's.
    pub fn is_fine(&self) -> bool {
        self.factor == 1
    }

    /// Gives an area of the picture in the grid's pixels.
    pub fn area(&self, area: &Area) -> Area {
        let px = |at: f64| if self.is_fine() { at } else { at / f64::from(self.factor) + 1.0 };
        Area { left: px(area.left), top: px(area.top), right: px(area.right), bottom: px(area.bottom) }
    }
}

/// Holds a picture on a grid, and the memory that it takes to enlarge it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coarse {
    /// The picture on the grid.
    pub values: Vec<f32>,
    mixed: Vec<f32>,
    wide: Vec<f32>,
}

impl Coarse {
    /// Enlarges the picture by linear steps to one of `width` columns.
    pub fn enlarge(&mut self, grid: &Grid, out: &mut [f32], width: usize) {
        let columns = grid.view.width as usize;
        let factor = grid.factor as usize;
        let steps: [f32; MOST] = std::array::from_fn(|step| (step as f32 + 0.5) / factor as f32);
        self.mixed.resize(columns, 0.0);
        self.wide.resize(columns * factor, 0.0);
        // A pixel lies between the middles of two of the grid's, the first of which are half of one outside.
        for (y, out) in (factor / 2..).zip(out.chunks_exact_mut(width)) {
            let mut rows = self.values.chunks_exact(columns).skip(y / factor);
            let (Some(above), Some(below), Some(&share)) = (rows.next(), rows.next(), steps.get(y % factor)) else {
                return;
            };
            let mixed = above.iter().zip(below).map(|(above, below)| above + (below - above) * share);
            self.mixed.iter_mut().zip(mixed).for_each(|(to, value)| *to = value);
            self.widen(factor, &steps);
            out.iter_mut().zip(self.wide.iter().skip(factor / 2)).for_each(|(out, value)| *out = *value);
        }
    }

    /// Enlarges one row.
    fn widen(&mut self, factor: usize, steps: &[f32]) {
        let pairs = self.mixed.iter().zip(self.mixed.iter().skip(1));
        for ((left, right), wide) in pairs.zip(self.wide.chunks_exact_mut(factor)) {
            wide.iter_mut().zip(steps).for_each(|(out, share)| *out = left + (right - left) * share);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::MAX_RADIUS_PX;

    #[test]
    fn the_wider_the_kernel_the_smaller_the_grid() {
        let view = View {
            width: 1920,
            height: 1080,
            west: 0.0,
            north: 0.0,
            units_per_px: 0.2,
            metres_per_unit: 0.9,
            radius_px: 0.0,
        };
        let mut bins = f32::INFINITY;
        for radius_px in (5..=14).map(|power| 2.0_f32.powi(power)) {
            let Grid { view, factor } = Grid::of(&View { radius_px, ..view });
            assert!((16.0..WIDE_PX).contains(&view.radius_px) && factor as usize <= MOST, "{radius_px}: {view:?}");
            let now = view.width as f32 * view.height as f32;
            assert!(now < bins);
            bins = now;
        }
        assert!(Grid::of(&View { radius_px: MAX_RADIUS_PX, ..view }).factor as usize <= MOST);
    }
}
