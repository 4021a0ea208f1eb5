//! Points that lie a little beyond a drawn border: how far, and beyond which area's.

use fengtu_geo::coord::LonLat;
use fengtu_geo::ellipsoid;
use fengtu_geo::polygon::{self, MultiPolygon, Polygon};

/// Metres that a point may lie beyond the border, unless the mapping says other: what a telephone's position is off,
/// and more than a border is off that two offices have drawn.
pub const DEFAULT_M: f64 = 10.0;
/// The most that a mapping may ask for, in metres: beyond, it is another place and no border that is a little off.
pub const MOST_M: f64 = 500.0;

/// Returns the metres from a point to the nearest edge of an area; infinite for one without edges.
pub fn metres_to(area: &MultiPolygon, at: LonLat) -> f64 {
    let scale = ellipsoid::metres_per_degree(at.lat);
    let rings = area.polygons.iter().flat_map(Polygon::rings);
    rings.flat_map(|ring| polygon::edges(ring)).map(|edge| to_edge(edge, at, scale)).fold(f64::INFINITY, f64::min)
}

fn to_edge((from, to): (LonLat, LonLat), at: LonLat, (per_lon, per_lat): (f64, f64)) -> f64 {
    let plane = |point: LonLat| ((point.lon - at.lon) * per_lon, (point.lat - at.lat) * per_lat);
    let ((ax, ay), (bx, by)) = (plane(from), plane(to));
    let (dx, dy) = (bx - ax, by - ay);
    let along = (-(ax * dx + ay * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    // An edge without a length has no direction: its corner is as near as it gets.
    let along = if along.is_nan() { 0.0 } else { along };
    (ax + along * dx).hypot(ay + along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> MultiPolygon {
        let corner = |lon, lat| LonLat { lon, lat };
        let outer = vec![
            corner(113.0, 22.0),
            corner(114.0, 22.0),
            corner(114.0, 23.0),
            corner(113.0, 23.0),
            corner(113.0, 22.0),
        ];
        MultiPolygon { polygons: vec![Polygon { outer, holes: vec![] }] }
    }

    fn is_near(found: f64, metres: f64) -> bool {
        (found - metres).abs() < 0.01
    }

    #[test]
    fn distances_are_metres_to_the_nearest_edge_or_corner() {
        let (per_lon, per_lat) = ellipsoid::metres_per_degree(22.5);
        let east = LonLat { lon: 114.0 + 5.0 / per_lon, lat: 22.5 };
        assert!(is_near(metres_to(&square(), east), 5.0));
        let inside = LonLat { lon: 113.5, lat: 23.0 - 7.0 / per_lat };
        assert!((metres_to(&square(), inside) - 7.0).abs() < 0.1);
        let (per_lon, per_lat) = ellipsoid::metres_per_degree(23.0);
        let corner = LonLat { lon: 114.0 + 3.0 / per_lon, lat: 23.0 + 4.0 / per_lat };
        assert!(is_near(metres_to(&square(), corner), 5.0));
    }

    #[test]
    fn what_has_no_edges_is_infinitely_far_and_a_point_is_as_far_as_it_is() {
        let at = LonLat { lon: 113.0, lat: 22.0 };
        assert!(metres_to(&MultiPolygon { polygons: vec![] }, at).is_infinite());
        let same = MultiPolygon { polygons: vec![Polygon { outer: vec![at, at, at], holes: vec![] }] };
        assert!(is_near(metres_to(&same, at), 0.0));
    }
}
