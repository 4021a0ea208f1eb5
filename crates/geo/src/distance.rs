//! Geodesics on WGS-84: distance, destination, circle.
//!
//! Vincenty's formulae (*Survey Review* XXIII, 1975), good to under a millimetre; the inverse does not converge for nearly
//! antipodal points, which fall back to the sphere (within 0.6 %).

use std::f64::consts::PI;

use crate::coord::{LonLat, nearest};
use crate::ellipsoid::{B, E2, F, MEAN_RADIUS};

/// Gives the geodesic distance in metres; NaN if a coordinate is not finite.
pub fn metres(from: LonLat, to: LonLat) -> f64 {
    vincenty_inverse(from, to).unwrap_or_else(|| haversine_metres(from, to))
}

/// Gives the great-circle distance in metres on the mean sphere.
pub fn haversine_metres(from: LonLat, to: LonLat) -> f64 {
    let (lat1, lat2) = (from.lat.to_radians(), to.lat.to_radians());
    let half_lat = ((lat2 - lat1) / 2.0).sin();
    let half_lon = ((to.lon - from.lon).to_radians() / 2.0).sin();
    let h = half_lat * half_lat + lat1.cos() * lat2.cos() * half_lon * half_lon;
    2.0 * MEAN_RADIUS * h.clamp(0.0, 1.0).sqrt().asin()
}

/// Gives the length of a path in metres, as a ruler on the map needs it.
pub fn path_metres(path: &[LonLat]) -> f64 {
    path.iter().zip(path.iter().skip(1)).map(|(&a, &b)| metres(a, b)).sum()
}

/// Gives the point that lies `distance_m` metres from `from` in the direction `bearing_deg` (degrees clockwise from north).
pub fn destination(from: LonLat, bearing_deg: f64, distance_m: f64) -> LonLat {
    let (sin_bearing, cos_bearing) = bearing_deg.to_radians().sin_cos();
    let tan_u1 = (1.0 - F) * from.lat.to_radians().tan();
    let cos_u1 = 1.0 / (1.0 + tan_u1 * tan_u1).sqrt();
    let sin_u1 = tan_u1 * cos_u1;
    let sigma1 = tan_u1.atan2(cos_bearing);
    let sin_alpha = cos_u1 * sin_bearing;
    let cos2_alpha = 1.0 - sin_alpha * sin_alpha;
    let sigma = arc_for(distance_m, sigma1, cos2_alpha);
    let cos_2m = (2.0 * sigma1 + sigma).cos();
    let (sin_s, cos_s) = sigma.sin_cos();
    let across = sin_u1 * sin_s - cos_u1 * cos_s * cos_bearing;
    let lat = (sin_u1 * cos_s + cos_u1 * sin_s * cos_bearing).atan2((1.0 - F) * sin_alpha.hypot(across));
    let lambda = (sin_s * sin_bearing).atan2(cos_u1 * cos_s - sin_u1 * sin_s * cos_bearing);
    let lon = lambda - longitude_correction(sigma, sin_alpha, cos2_alpha, cos_2m);
    LonLat { lon: nearest(from.lon + lon.to_degrees(), 0.0), lat: lat.to_degrees() }
}

/// Draws a geodesic circle as a closed ring of `vertices` (3 to 4096) points, counter-clockwise from the east.
///
/// Every vertex is at `radius_m` to within millimetres; with 64 vertices and 500 m the chords stay within 0.7 m.
pub fn circle(center: LonLat, radius_m: f64, vertices: usize) -> Vec<LonLat> {
    let vertices = vertices.clamp(3, 4096);
    let step = 360.0 / vertices as f64;
    let mut ring: Vec<_> = (0..vertices).map(|i| destination(center, 90.0 - i as f64 * step, radius_m)).collect();
    ring.extend(ring.first().copied());
    ring
}

/// Gives the geodesic distance in metres, or `None` where the iteration does not converge.
fn vincenty_inverse(from: LonLat, to: LonLat) -> Option<f64> {
    let (sin_u1, cos_u1) = reduced_latitude(from.lat);
    let (sin_u2, cos_u2) = reduced_latitude(to.lat);
    // The short way round, so that the antimeridian is no obstacle.
    let lon = nearest(to.lon - from.lon, 0.0).to_radians();
    let mut lambda = lon;
    for _ in 0..100 {
        let (sin_l, cos_l) = lambda.sin_cos();
        let sin_s = (cos_u2 * sin_l).hypot(cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_l);
        let cos_s = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_l;
        if sin_s == 0.0 {
            // The same point is no distance away; its exact antipode has to fall back.
            return (cos_s > 0.0).then_some(0.0);
        }
        let sigma = sin_s.atan2(cos_s);
        let sin_alpha = cos_u1 * cos_u2 * sin_l / sin_s;
        let cos2_alpha = 1.0 - sin_alpha * sin_alpha;
        // On the equator cos²α is 0 and the middle of the line is undefined.
        let cos_2m = if cos2_alpha > 1e-15 { cos_s - 2.0 * sin_u1 * sin_u2 / cos2_alpha } else { 0.0 };
        let next = lon + longitude_correction(sigma, sin_alpha, cos2_alpha, cos_2m);
        if (next - lambda).abs() < 1e-12 {
            let (a, b) = series(cos2_alpha);
            return Some(B * a * (sigma - delta_sigma(b, sigma, cos_2m)));
        }
        if next.abs() > PI {
            return None;
        }
        lambda = next;
    }
    None
}

/// Gives sine and cosine of the latitude on the auxiliary sphere.
fn reduced_latitude(lat: f64) -> (f64, f64) {
    let tan = (1.0 - F) * lat.to_radians().tan();
    let cos = 1.0 / (1.0 + tan * tan).sqrt();
    (tan * cos, cos)
}

/// Solves for the arc on the auxiliary sphere that a distance in metres spans.
fn arc_for(distance_m: f64, sigma1: f64, cos2_alpha: f64) -> f64 {
    let (a, b) = series(cos2_alpha);
    let start = distance_m / (B * a);
    let mut sigma = start;
    for _ in 0..100 {
        let next = start + delta_sigma(b, sigma, (2.0 * sigma1 + sigma).cos());
        let change = (next - sigma).abs();
        sigma = next;
        if change < 1e-13 {
            break;
        }
    }
    sigma
}

/// Gives Vincenty's A and B (equations 3 and 4).
fn series(cos2_alpha: f64) -> (f64, f64) {
    let u2 = cos2_alpha * E2 / (1.0 - E2);
    let a = 1.0 + u2 / 16_384.0 * (4096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2)));
    let b = u2 / 1024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)));
    (a, b)
}

/// Gives Vincenty's Δσ (equation 6).
fn delta_sigma(b: f64, sigma: f64, cos_2m: f64) -> f64 {
    let (sin_s, cos_s) = sigma.sin_cos();
    let twice = 2.0 * cos_2m * cos_2m;
    let inner = cos_s * (twice - 1.0) - b / 6.0 * cos_2m * (4.0 * sin_s * sin_s - 3.0) * (2.0 * twice - 3.0);
    b * sin_s * (cos_2m + b / 4.0 * inner)
}

/// Gives the difference of longitude between the auxiliary sphere and the ellipsoid (equations 10 and 11), radians.
fn longitude_correction(sigma: f64, sin_alpha: f64, cos2_alpha: f64, cos_2m: f64) -> f64 {
    let (sin_s, cos_s) = sigma.sin_cos();
    let c = F / 16.0 * cos2_alpha * (4.0 + F * (4.0 - 3.0 * cos2_alpha));
    (1.0 - c) * F * sin_alpha * (sigma + c * sin_s * (cos_2m + c * cos_s * (2.0 * cos_2m * cos_2m - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    fn dms(d: f64, m: f64, s: f64) -> f64 {
        d.signum() * (d.abs() + m / 60.0 + s / 3600.0)
    }

    /// Flinders Peak to Buninyong, the worked example of the Geocentric Datum of Australia manual.
    #[test]
    fn distance_agrees_with_the_survey_example() {
        let flinders = LonLat { lon: dms(144.0, 25.0, 29.524_40), lat: dms(-37.0, 57.0, 3.720_30) };
        let buninyong = LonLat { lon: dms(143.0, 55.0, 35.383_90), lat: dms(-37.0, 39.0, 10.156_10) };
        assert!((metres(flinders, buninyong) - 54_972.271).abs() < 0.01);
        let reached = destination(flinders, dms(306.0, 52.0, 5.37), 54_972.271);
        assert!(metres(reached, buninyong) < 0.01, "{reached:?}");
    }

    #[test]
    fn a_degree_of_equator_and_of_meridian() {
        let origin = LonLat { lon: 0.0, lat: 0.0 };
        assert!((metres(origin, LonLat { lon: 1.0, lat: 0.0 }) - crate::ellipsoid::A.to_radians()).abs() < 1e-4);
        assert!((metres(origin, LonLat { lon: 0.0, lat: 90.0 }) - 10_001_965.729).abs() < 0.01);
    }

    #[test]
    fn same_point_poles_antipodes_and_antimeridian() {
        assert!(metres(HALL, HALL).abs() < 1e-9);
        let antipode = LonLat { lon: 180.0, lat: 0.0 };
        let far = metres(LonLat { lon: 0.0, lat: 0.0 }, antipode);
        assert!((far / 20_003_931.0 - 1.0).abs() < 0.006, "{far}");
        let nearly = metres(LonLat { lon: 0.0, lat: 0.0 }, LonLat { lon: 179.7, lat: 0.5 });
        assert!((nearly / 19_936_288.6 - 1.0).abs() < 0.006, "{nearly}");
        let poles = metres(LonLat { lon: 0.0, lat: -90.0 }, LonLat { lon: 50.0, lat: 90.0 });
        assert!((poles / 20_003_931.0 - 1.0).abs() < 0.006, "{poles}");
        let over = metres(LonLat { lon: 179.999, lat: 10.0 }, LonLat { lon: -179.999, lat: 10.0 });
        assert!((over - 219.28).abs() < 0.1, "{over}");
        assert!(metres(HALL, LonLat { lon: f64::NAN, lat: 0.0 }).is_nan());
    }

    #[test]
    fn circle_is_closed_counter_clockwise_and_round() {
        let ring = circle(HALL, 500.0, 64);
        assert_eq!(ring.len(), 65);
        assert_eq!(ring.first(), ring.last());
        assert!(ring.iter().all(|&vertex| (metres(HALL, vertex) - 500.0).abs() < 0.001));
        let chord = |pair: &[LonLat]| LonLat {
            lon: f64::midpoint(pair[0].lon, pair[1].lon),
            lat: f64::midpoint(pair[0].lat, pair[1].lat),
        };
        assert!(ring.windows(2).all(|pair| metres(HALL, chord(pair)) > 499.3));
        assert!(ring[1].lat > ring[0].lat, "north after east");
    }

    #[test]
    fn a_path_is_the_sum_of_its_legs() {
        let (b, c) = (destination(HALL, 10.0, 300.0), destination(destination(HALL, 10.0, 300.0), 80.0, 200.0));
        assert!((path_metres(&[HALL, b, c]) - 500.0).abs() < 1e-3);
        assert!(path_metres(&[HALL]).abs() < f64::EPSILON);
    }
}
