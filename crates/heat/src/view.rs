//! Which part of the plane is on the screen, and how large a pixel is on the ground.

use std::ops::{Range, RangeInclusive};

/// Holds a picture's size and its place in the plane of the columns.
///
/// Pixel (0, 0) is the top left one; its top left corner is at (`west`, `north`); x grows to the east, y to the south.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// x of the left edge, in the plane units of the columns.
    pub west: f64,
    /// y of the top edge, in plane units.
    pub north: f64,
    /// Plane units per pixel.
    pub units_per_px: f64,
    /// Metres on the ground per plane unit: the cosine of the latitude for Web Mercator, 1 for true metres.
    pub metres_per_unit: f64,
    /// Where the kernel ends, pixels; 1 to [`MAX_RADIUS_PX`]. What is drawn is as wide as [`seen_radius_px`] tells.
    pub radius_px: f32,
}

/// Holds a rectangle of a picture, in pixels from its top left corner; fractions count.
///
/// A pixel belongs to it if its middle lies in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub left: f64,
    /// Its top edge.
    pub top: f64,
    /// Its right edge.
    pub right: f64,
    /// Its bottom edge.
    pub bottom: f64,
}

impl Area {
    /// Gives the columns or rows whose middles lie between two edges, out of `size`.
    fn pixels(from: f64, to: f64, size: u32) -> Range<usize> {
        // The cast saturates, and takes NaN to 0.
        let edge = |at: f64| (at - 0.5).ceil().clamp(0.0, f64::from(size)) as usize;
        edge(from)..edge(to)
    }

    /// Gives the columns of a picture that belong to the area.
    pub fn columns(&self, width: u32) -> Range<usize> {
        Self::pixels(self.left, self.right, width)
    }

    /// Gives the rows of a picture that belong to the area.
    pub fn rows(&self, height: u32) -> Range<usize> {
        Self::pixels(self.top, self.bottom, height)
    }
}

/// Smallest radius of the kernel, pixels; smaller ones are drawn as this.
const MIN_RADIUS_PX: f32 = 1.0;
/// Variance, pixels squared, that a case has from being shared between two pixels, each way: a quarter half-way between them,
/// none in the middle of one, and this wherever it may lie.
const SHARED: f64 = 1.0 / 6.0;
/// Largest radius of the kernel, pixels; larger ones are drawn as this. 800 m at the nearest zoom are 6,000 at the equator.
pub const MAX_RADIUS_PX: f32 = 16_384.0;
/// Gives the radius that a picture has where one is asked for, pixels: three times the σ of a case in it. Bins spread a case before
/// the kernel does, which is seen where the radius is a few pixels (2 pixels are drawn as 2.3, none as 1.6).
///
/// The kernel is not made narrower by as much: a case in the very middle of a pixel is not spread, and would stand out all the more
/// (by 67 % at 2 pixels instead of 32 %; clusters by 20 % instead of 5 %).
pub fn seen_radius_px(radius_px: f32) -> f64 {
    let kernel = f64::from(radius_px.clamp(MIN_RADIUS_PX, MAX_RADIUS_PX));
    (kernel * kernel + 9.0 * SHARED).sqrt()
}

/// Most pixels in a picture (one of 8192 × 8192); a larger view is drawn as nothing.
pub const MAX_PIXELS: u64 = 1 << 26;

/// Longest side of a picture, pixels.
pub const MAX_SIDE: u32 = 16_384;
/// Ground resolutions that are drawn, metres: no map goes beyond, and every density stays a finite number.
const METRES_PER_PX: RangeInclusive<f64> = 1e-6..=1e6;

impl View {
    /// Gives the same view with the radius set in metres on the ground.
    #[must_use]
    pub fn with_radius_m(self, metres: f64) -> Self {
        Self { radius_px: (metres / self.metres_per_px()) as f32, ..self }
    }

    /// Gives the metres on the ground that a pixel spans.
    pub fn metres_per_px(&self) -> f64 {
        self.units_per_px * self.metres_per_unit
    }

    /// Gives the area of a pixel on the ground, km².
    pub fn km2_per_px(&self) -> f64 {
        let side = self.metres_per_px() / 1000.0;
        side * side
    }

    /// Gives the place of a plane coordinate in pixels, fractions included.
    pub fn to_px(&self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.west) / self.units_per_px, (self.north - y) / self.units_per_px)
    }

    /// Gives the plane coordinate of a place in pixels.
    pub fn to_plane(&self, px: f64, py: f64) -> (f64, f64) {
        (self.west + px * self.units_per_px, self.north - py * self.units_per_px)
    }

    /// Gives all of the picture.
    pub fn area(&self) -> Area {
        Area { left: 0.0, top: 0.0, right: f64::from(self.width), bottom: f64::from(self.height) }
    }

    /// Gives the radius of the kernel: 1 to [`MAX_RADIUS_PX`].
    pub fn drawn_radius_px(&self) -> f32 {
        self.radius_px.clamp(MIN_RADIUS_PX, MAX_RADIUS_PX)
    }

    /// Tells whether anything can be drawn: a size within bounds, and numbers that are numbers.
    pub fn is_drawable(&self) -> bool {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let sized = (1..=MAX_PIXELS).contains(&pixels) && positive(f64::from(self.radius_px));
        let placed = self.west.is_finite() && self.north.is_finite() && positive(self.units_per_px);
        sized
            && placed
            && self.width <= MAX_SIDE
            && self.height <= MAX_SIDE
            && METRES_PER_PX.contains(&self.metres_per_px())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View {
        width: 960,
        height: 540,
        west: -4800.0,
        north: 2700.0,
        units_per_px: 10.0,
        metres_per_unit: 0.92,
        radius_px: 20.0,
    };

    #[test]
    fn places_go_to_pixels_and_back() {
        assert_eq!(VIEW.to_px(0.0, 0.0), (480.0, 270.0));
        assert_eq!(VIEW.to_plane(480.0, 0.0), (0.0, 2700.0));
        assert!((VIEW.km2_per_px() - 0.000_084_64).abs() < 1e-12);
    }

    #[test]
    fn a_radius_in_metres_is_on_the_ground() {
        assert!((VIEW.with_radius_m(460.0).radius_px - 50.0).abs() < 1e-4);
    }

    #[test]
    fn what_cannot_be_drawn_says_so() {
        assert!(VIEW.is_drawable());
        let bad = [
            View { width: 0, ..VIEW },
            View { width: 20_000, height: 20_000, ..VIEW },
            View { west: f64::NAN, ..VIEW },
            View { units_per_px: 0.0, ..VIEW },
            View { units_per_px: -1.0, ..VIEW },
            View { metres_per_unit: f64::INFINITY, ..VIEW },
            View { metres_per_unit: -1.0, ..VIEW },
            View { units_per_px: 3e-20, ..VIEW },
            View { radius_px: f32::NAN, ..VIEW },
        ];
        assert!(bad.iter().all(|view| !view.is_drawable()));
    }
}
