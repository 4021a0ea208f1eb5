//! The WGS-84 ellipsoid: what a degree measures, and the true area of a quadrangle.

use crate::coord::LonLat;

/// Semi-major axis, metres.
pub const A: f64 = 6_378_137.0;
/// Flattening.
pub const F: f64 = 1.0 / 298.257_223_563;
/// Semi-minor axis, metres.
pub const B: f64 = A * (1.0 - F);
/// First eccentricity squared.
pub const E2: f64 = F * (2.0 - F);
/// Mean radius (2a + b) / 3, metres.
pub const MEAN_RADIUS: f64 = (2.0 * A + B) / 3.0;

/// Gives the metres in one degree of longitude and one degree of latitude at a latitude in degrees.
pub fn metres_per_degree(lat: f64) -> (f64, f64) {
    let (sin, cos) = lat.to_radians().sin_cos();
    let w2 = 1.0 - E2 * sin * sin;
    let normal = A / w2.sqrt();
    let meridional = normal * (1.0 - E2) / w2;
    ((normal * cos).to_radians(), meridional.to_radians())
}

/// Gives the distance of two near points in metres by the degree lengths at their middle latitude.
///
/// Within 1 cm of the geodesic up to 5 km and within 10 m up to 50 km, at latitudes to 60°; some twenty times faster.
pub fn near_metres(a: LonLat, b: LonLat) -> f64 {
    let (per_lon, per_lat) = metres_per_degree(f64::midpoint(a.lat, b.lat));
    ((b.lon - a.lon) * per_lon).hypot((b.lat - a.lat) * per_lat)
}

/// Gives the height over the equator, in metres, of a latitude on the cylindrical equal-area projection.
///
/// With `x = A × longitude in radians`, areas in the (x, y) plane are areas on the ellipsoid
/// (Snyder, *Map Projections: A Working Manual*, eq. 3-12 and 10-15).
pub fn equal_area_y(lat: f64) -> f64 {
    let e = E2.sqrt();
    let sin = lat.to_radians().sin();
    let es = e * sin;
    let q = (1.0 - E2) * (sin / (1.0 - es * es) + es.atanh() / e);
    A * q / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_measure_what_the_tables_say() {
        let (lon, lat) = metres_per_degree(0.0);
        assert!((lon - 111_319.49).abs() < 0.01 && (lat - 110_574.28).abs() < 0.01);
        // The published radii of curvature at 45°: 6 388 838.290 m across and 6 367 381.816 m along the meridian.
        let (lon, lat) = metres_per_degree(45.0);
        let across = 6_388_838.290 * std::f64::consts::FRAC_1_SQRT_2;
        assert!((lon - across.to_radians()).abs() < 1e-4 && (lat - 6_367_381.816_f64.to_radians()).abs() < 1e-4);
    }

    #[test]
    fn the_whole_earth_has_its_area() {
        let area = 2.0 * std::f64::consts::PI * A * (equal_area_y(90.0) - equal_area_y(-90.0));
        assert!((area / 510_065_621_724_088.0 - 1.0).abs() < 1e-9, "{area}");
    }
}
