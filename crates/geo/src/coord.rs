//! A checked coordinate and a box of coordinates.

use thiserror::Error;

/// Holds a place as WGS-84 (≈ CGCS2000) longitude and latitude in degrees.
///
/// The fields are open so that a literal is easy; whatever comes from outside goes through [`LonLat::new`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct LonLat {
    /// Degrees east of Greenwich, −180 to 180.
    pub lon: f64,
    /// Degrees north of the equator, −90 to 90.
    pub lat: f64,
}

/// Says why a pair of numbers is not a usable coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum CoordError {
    /// A number is NaN or infinite.
    #[error("coordinate is not a finite number")]
    NotFinite,
    /// A number is outside ±180 or ±90 degrees, in whichever order it is read.
    #[error("coordinate {lon}, {lat} is outside the range of longitude and latitude")]
    OutOfRange {
        /// Longitude as given, degrees.
        lon: f64,
        /// Latitude as given, degrees.
        lat: f64,
    },
    /// The pair makes sense only the other way round.
    #[error("longitude and latitude look swapped: {lon}, {lat}")]
    Swapped {
        /// Longitude as given, degrees.
        lon: f64,
        /// Latitude as given, degrees.
        lat: f64,
    },
    /// The pair is 0/0, which is what an empty field turns into.
    #[error("coordinate is 0, 0: most likely an empty field")]
    NullIsland,
    /// The pair is valid but lies outside the area where it is expected.
    #[error("coordinate {lon}, {lat} is outside the expected area")]
    Outside {
        /// Longitude as given, degrees.
        lon: f64,
        /// Latitude as given, degrees.
        lat: f64,
    },
}

/// A difference that no source means: about 0.1 mm.
const NULL_ISLAND_DEGREES: f64 = 1e-9;

impl LonLat {
    /// Checks a pair of degrees.
    pub fn new(lon: f64, lat: f64) -> Result<Self, CoordError> {
        let here = Self { lon, lat };
        if !here.is_finite() {
            return Err(CoordError::NotFinite);
        }
        if lon.abs() < NULL_ISLAND_DEGREES && lat.abs() < NULL_ISLAND_DEGREES {
            return Err(CoordError::NullIsland);
        }
        match (here.in_range(), here.swapped().in_range()) {
            (true, _) => Ok(here),
            (false, true) => Err(CoordError::Swapped { lon, lat }),
            (false, false) => Err(CoordError::OutOfRange { lon, lat }),
        }
    }

    /// Checks a pair of degrees that must lie inside `area`; tells a swapped pair from a far one.
    pub fn new_within(lon: f64, lat: f64, area: &BBox) -> Result<Self, CoordError> {
        let here = Self::new(lon, lat)?;
        if area.contains(here) {
            Ok(here)
        } else if area.contains(here.swapped()) {
            Err(CoordError::Swapped { lon, lat })
        } else {
            Err(CoordError::Outside { lon, lat })
        }
    }

    /// Tells whether both numbers are finite.
    pub fn is_finite(self) -> bool {
        self.lon.is_finite() && self.lat.is_finite()
    }

    /// Tells whether both numbers are in the range of a longitude and a latitude.
    pub fn in_range(self) -> bool {
        self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0
    }

    /// Exchanges the two numbers.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { lon: self.lat, lat: self.lon }
    }
}

/// Takes a longitude round the world to where it is nearest to another, degrees: to −180 to 180 where the other is 0. What is nearest
/// as it is stays so, to the last bit.
pub fn nearest(lon: f64, to: f64) -> f64 {
    round_the_world(lon, to, 360.0)
}

pub(crate) fn round_the_world(x: f64, to: f64, world: f64) -> f64 {
    x + ((to - x) / world).round_ties_even() * world
}

/// Holds a box of degrees; never crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BBox {
    /// Least longitude, degrees.
    pub west: f64,
    /// Least latitude, degrees.
    pub south: f64,
    /// Greatest longitude, degrees.
    pub east: f64,
    /// Greatest latitude, degrees.
    pub north: f64,
}

impl BBox {
    /// Makes the box of a single point.
    pub fn of(point: LonLat) -> Self {
        Self { west: point.lon, south: point.lat, east: point.lon, north: point.lat }
    }

    /// Makes the smallest box around all finite points; `None` if there is none.
    pub fn around(points: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        let mut finite = points.into_iter().filter(|point| point.is_finite());
        let first = Self::of(finite.next()?);
        Some(finite.fold(first, Self::extended))
    }

    /// Grows the box to hold a point; a point that is not finite changes nothing.
    pub fn extend(&mut self, point: LonLat) {
        *self = self.extended(point);
    }

    /// Makes the smallest box around this one and a point.
    #[must_use]
    pub fn extended(self, point: LonLat) -> Self {
        if point.is_finite() { self.union(&Self::of(point)) } else { self }
    }

    /// Makes the smallest box around two boxes.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Makes a box that is wider by `degrees` on every side.
    #[must_use]
    pub fn padded(&self, degrees: f64) -> Self {
        Self {
            west: self.west - degrees,
            south: self.south - degrees,
            east: self.east + degrees,
            north: self.north + degrees,
        }
    }

    /// Tells whether a point is inside or on the edge.
    pub fn contains(&self, point: LonLat) -> bool {
        (self.west..=self.east).contains(&point.lon) && (self.south..=self.north).contains(&point.lat)
    }

    /// Tells whether two boxes share at least a point.
    pub fn intersects(&self, other: &Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    /// Gives the middle in degrees.
    pub fn center(&self) -> LonLat {
        LonLat { lon: f64::midpoint(self.west, self.east), lat: f64::midpoint(self.south, self.north) }
    }

    /// Gives the corners as a closed ring, counter-clockwise from the south-west.
    pub fn ring(&self) -> Vec<LonLat> {
        let corner = |lon, lat| LonLat { lon, lat };
        vec![
            corner(self.west, self.south),
            corner(self.east, self.south),
            corner(self.east, self.north),
            corner(self.west, self.north),
            corner(self.west, self.south),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUANGMING: BBox = BBox { west: 113.8, south: 22.6, east: 114.1, north: 22.9 };

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(LonLat::new(f64::NAN, 1.0), Err(CoordError::NotFinite));
        assert_eq!(LonLat::new(1.0, f64::INFINITY), Err(CoordError::NotFinite));
        assert_eq!(LonLat::new(0.0, -0.0), Err(CoordError::NullIsland));
        assert_eq!(LonLat::new(22.7, 113.9), Err(CoordError::Swapped { lon: 22.7, lat: 113.9 }));
        assert_eq!(LonLat::new(181.0, 22.0), Err(CoordError::OutOfRange { lon: 181.0, lat: 22.0 }));
        assert_eq!(LonLat::new(1e9, 1e9), Err(CoordError::OutOfRange { lon: 1e9, lat: 1e9 }));
        assert!(LonLat::new(113.9, 22.7).is_ok());
    }

    #[test]
    fn the_expected_area_tells_swapped_from_far() {
        let chicago = BBox { west: -88.0, south: 41.6, east: -87.5, north: 42.1 };
        assert!(LonLat::new_within(-87.6, 41.9, &chicago).is_ok());
        assert_eq!(LonLat::new_within(41.9, -87.6, &chicago), Err(CoordError::Swapped { lon: 41.9, lat: -87.6 }));
        assert_eq!(LonLat::new_within(-87.6, 41.9, &GUANGMING), Err(CoordError::Outside { lon: -87.6, lat: 41.9 }));
    }

    #[test]
    fn boxes_grow_meet_and_contain() {
        let points =
            [LonLat { lon: 114.0, lat: 22.8 }, LonLat { lon: f64::NAN, lat: 0.0 }, LonLat { lon: 113.9, lat: 22.7 }];
        let all = BBox::around(points);
        assert_eq!(all, Some(BBox { west: 113.9, south: 22.7, east: 114.0, north: 22.8 }));
        assert_eq!(BBox::around([]), None);
        assert!(all.is_some_and(|all| all.intersects(&GUANGMING) && GUANGMING.contains(all.center())));
        assert!(!GUANGMING.contains(LonLat { lon: 114.0, lat: f64::NAN }));
    }

    #[test]
    fn boxes_apart_do_not_meet() {
        let east = BBox { west: 115.0, east: 116.0, ..GUANGMING };
        assert!(!GUANGMING.intersects(&east));
        assert!(GUANGMING.intersects(&BBox { west: GUANGMING.east, ..east }), "a shared edge counts");
    }
}
