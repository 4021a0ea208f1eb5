//! An estimate of walking, for "how far is the next station": no street network is asked.
//!
//! The two figures are ours: streets make a way about 1.3 times the straight line, and an elderly person walks about
//! 1.2 m/s. Shown to residents as an estimate (约).

use crate::coord::LonLat;
use crate::distance;

/// Length of a way on streets over the straight line.
pub const DETOUR_FACTOR: f64 = 1.3;
/// Walking speed, metres per second.
pub const SPEED: f64 = 1.2;

/// Holds an estimated walk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Walk {
    /// Length of the way, metres.
    pub metres: f64,
    /// Time on the way, minutes.
    pub minutes: f64,
}

/// Estimates the walk between two points.
pub fn between(from: LonLat, to: LonLat) -> Walk {
    along(distance::metres(from, to))
}

/// Estimates the walk for a straight distance in metres.
pub fn along(straight_m: f64) -> Walk {
    let metres = straight_m * DETOUR_FACTOR;
    Walk { metres, minutes: metres / SPEED / 60.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_hundred_metres_are_nine_minutes() {
        let start = LonLat { lon: 113.93, lat: 22.75 };
        let walk = between(start, distance::destination(start, 45.0, 500.0));
        assert!((walk.metres - 650.0).abs() < 0.01 && (walk.minutes - 9.03).abs() < 0.01);
    }
}
