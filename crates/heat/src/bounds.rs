//! Boxes around cases, so that whole blocks of them can be passed over.

/// Holds a box in plane units; the empty one has its west east of its east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub west: f32,
    pub south: f32,
    pub east: f32,
    pub north: f32,
}

impl Bounds {
    /// Holds nothing.
    pub const EMPTY: Self =
        Self { west: f32::INFINITY, south: f32::INFINITY, east: f32::NEG_INFINITY, north: f32::NEG_INFINITY };

    /// Gives the box around places.
    pub fn around(x: &[f32], y: &[f32]) -> Self {
        x.iter().zip(y).fold(Self::EMPTY, |bounds, (&x, &y)| bounds.with(x, y))
    }

    /// Gives the box with one more place in it.
    #[inline]
    #[must_use]
    pub fn with(self, x: f32, y: f32) -> Self {
        // Not `min` and `max`: what those do with what is not a number costs a call.
        let (least, most) = (|a: f32, b: f32| if b < a { b } else { a }, |a: f32, b: f32| if b > a { b } else { a });
        Self {
            west: least(self.west, x),
            south: least(self.south, y),
            east: most(self.east, x),
            north: most(self.north, y),
        }
    }

    /// Tells whether a place is in the box or on its edge.
    #[inline]
    pub fn holds(&self, x: f32, y: f32) -> bool {
        x >= self.west && x <= self.east && y >= self.south && y <= self.north
    }
}
