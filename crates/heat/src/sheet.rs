//! The picture with a margin as wide as the kernel reaches, in bins: where each case lies on it.
//!
//! Sizes are rounded up to whole tiles, so that every loop over it is over whole tiles.

use crate::bounds::Bounds;
use crate::view::{Area, View};

/// Bins on a side of a tile: a cache line of them.
pub(crate) const TILE: usize = 16;

/// Holds a sheet's measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sheet {
    /// Columns of the picture, rounded up.
    pub width: usize,
    /// Rows of the picture, rounded up.
    pub height: usize,
    /// Bins around the picture.
    pub margin: usize,
    /// Bins in a row of the sheet.
    pub columns: usize,
    /// Bins from one row of the sheet to the next.
    pub stride: usize,
    /// Rows of the sheet.
    pub rows: usize,
    x: Axis,
    y: Axis,
}

/// Takes one plane coordinate to bins, counted from the middle of the first.
///
/// In `f32` and as exact as the columns: the difference to a base near the picture is taken first, and has no more of an
/// error than the coordinate itself.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    base: f32,
    scale: f32,
    shift: f32,
}

/// Holds a place in bins: the bin above and left of it, and how far it is on the way to the next ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub bin: u32,
    pub column: i32,
    pub row: i32,
    pub right: f32,
    pub below: f32,
    /// Whether all four bins around it are on the sheet.
    pub on: bool,
}

/// Strides that there are: few, so that the innermost loop can be compiled for each. None is a multiple of a
/// memory page: bins one above the other would share a place in the processor's cache.
const STRIDES: [usize; 7] = [272, 400, 528, 784, 1040, 1552, 2064];

/// Gives the stride for a width in whole tiles.
fn stride(width: usize) -> usize {
    let wide = if width.is_multiple_of(1024) { width + TILE } else { width };
    STRIDES.into_iter().find(|&stride| stride >= width).unwrap_or(wide)
}

impl Sheet {
    /// Measures the sheet for a view and the bins that the kernel reaches.
    pub fn around(view: &View, margin: usize) -> Self {
        let tiles = |bins: usize| bins.next_multiple_of(TILE);
        let (width, height) = (tiles(view.width as usize), tiles(view.height as usize));
        let columns = tiles(width + 2 * margin);
        let scale = 1.0 / view.units_per_px;
        // Half a pixel, as a bin's place is its middle.
        let shift = margin as f64 - 0.5;
        Self {
            width,
            height,
            margin,
            columns,
            stride: stride(columns),
            rows: tiles(height + 2 * margin),
            x: Axis::new(view.west, scale, shift),
            y: Axis::new(view.north, -scale, shift),
        }
    }

    /// Gives a place's bins; its first bin is 0 where it is off the sheet or not a number.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "without branches, so that the loop is vectorised")]
    #[expect(clippy::cast_possible_wrap, reason = "no sheet is as wide as 31 bits hold")]
    pub fn place(&self, x: f32, y: f32) -> Place {
        let (x, y) = (self.x.at(x), self.y.at(y));
        let (width, height) = ((self.columns - 1) as f32, (self.rows - 1) as f32);
        // Written so that NaN is off the sheet.
        let on = (x >= 0.0) & (x < width) & (y >= 0.0) & (y < height);
        let (x, y) = if on { (x, y) } else { (0.0, 0.0) };
        let (column, row) = (x as i32, y as i32);
        let bin = row * self.stride as i32 + column;
        Place { bin: bin as u32, column, row, right: x - column as f32, below: y - row as f32, on }
    }

    /// Gives a place in the plane in bins, fractions included.
    pub fn at(&self, x: f32, y: f32) -> [f32; 2] {
        [self.x.at(x), self.y.at(y)]
    }

    /// Tells whether another has as many bins in the same order, and as many of them around the picture.
    pub const fn is_as_large(&self, other: &Self) -> bool {
        let same_sides = self.columns == other.columns && self.rows == other.rows && self.stride == other.stride;
        same_sides && self.margin == other.margin
    }

    /// Tells whether a box has nothing that could be on the sheet.
    pub fn misses(&self, bounds: &Bounds) -> bool {
        let (west, east) = (self.x.at(bounds.west), self.x.at(bounds.east));
        let (north, south) = (self.y.at(bounds.north), self.y.at(bounds.south));
        !(east >= 0.0 && south >= 0.0 && west < self.columns as f32 && north < self.rows as f32)
    }

    /// Gives an area of the picture in bins.
    pub fn window(&self, area: &Area) -> Window {
        let bins = |px: f64| (px + self.margin as f64 - 0.5) as f32;
        Window {
            sheet: *self,
            left: bins(area.left),
            top: bins(area.top),
            right: bins(area.right),
            bottom: bins(area.bottom),
        }
    }
}

/// Holds an area of the picture, in bins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    sheet: Sheet,
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Window {
    /// Tells whether a place in the plane is in the area: on its left or top edge it is, on the others not.
    #[inline]
    pub fn shows(&self, x: f32, y: f32) -> bool {
        let (x, y) = (self.sheet.x.at(x), self.sheet.y.at(y));
        x >= self.left && x < self.right && y >= self.top && y < self.bottom
    }

    /// Tells whether all of a box is in the area.
    pub fn covers(&self, bounds: &Bounds) -> bool {
        self.shows(bounds.west, bounds.north) && self.shows(bounds.east, bounds.south)
    }

    /// Tells whether none of a box is in the area.
    pub fn misses(&self, bounds: &Bounds) -> bool {
        let (west, east) = (self.sheet.x.at(bounds.west), self.sheet.x.at(bounds.east));
        let (north, south) = (self.sheet.y.at(bounds.north), self.sheet.y.at(bounds.south));
        !(east >= self.left && west < self.right && south >= self.top && north < self.bottom)
    }
}

impl Axis {
    fn new(start: f64, scale: f64, shift: f64) -> Self {
        let base = start as f32;
        let shift = shift + (f64::from(base) - start) * scale;
        Self { base, scale: scale as f32, shift: shift as f32 }
    }

    #[inline]
    fn at(&self, value: f32) -> f32 {
        (value - self.base) * self.scale + self.shift
    }
}
