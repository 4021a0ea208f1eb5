//! The flat plane in which the district is drawn: metres east and north of its middle.
//!
//! One fixed scale for the whole district (20 km): the demo needs no better, and the same bits everywhere need no cosine.

use fengtu_wire::geojson::Position;

/// A point in metres east and north of [`ORIGIN`].
pub type Metres = [f64; 2];

/// The middle of the district: longitude and latitude in degrees.
pub const ORIGIN: Position = [113.925, 22.775];

/// Metres in a degree of longitude at [`ORIGIN`].
const PER_LON: f64 = 102_690.0;
/// Metres in a degree of latitude at [`ORIGIN`].
const PER_LAT: f64 = 110_745.0;

/// Turns metres into longitude and latitude, rounded to 6 decimals.
pub fn to_position(p: Metres) -> Position {
    [round6(ORIGIN[0] + p[0] / PER_LON), round6(ORIGIN[1] + p[1] / PER_LAT)]
}

/// Turns longitude and latitude into metres.
pub fn to_metres(p: Position) -> Metres {
    [(p[0] - ORIGIN[0]) * PER_LON, (p[1] - ORIGIN[1]) * PER_LAT]
}

/// Rounds a coordinate to 6 decimals (0.1 m), through an integer so that equal places get equal bits.
pub fn round6(degrees: f64) -> f64 {
    libm::round(degrees * 1e6) / 1e6
}

/// Returns the distance of two points in metres.
pub fn distance(a: Metres, b: Metres) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    (x * x + y * y).sqrt()
}

/// Returns the point at share `t` of the way from `a` to `b`.
pub fn lerp(a: Metres, b: Metres, t: f64) -> Metres {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// Returns the distance from a point to a segment in metres.
pub fn to_segment(p: Metres, a: Metres, b: Metres) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    distance(p, lerp(a, b, t))
}

/// Returns the distance from a point to a polyline in metres.
pub fn to_line(p: Metres, line: &[Metres]) -> f64 {
    line.windows(2).map(|s| to_segment(p, s[0], s[1])).fold(f64::INFINITY, f64::min)
}

/// Returns the signed area of a ring (closed or not) in m²; positive if it runs counter-clockwise.
pub fn area(ring: &[Metres]) -> f64 {
    let next = |i: usize| ring[(i + 1) % ring.len()];
    ring.iter().enumerate().map(|(i, a)| a[0] * next(i)[1] - next(i)[0] * a[1]).sum::<f64>() / 2.0
}

/// Returns whether a point lies in a ring, by counting crossings.
pub fn inside(p: Metres, ring: &[Metres]) -> bool {
    let mut odd = false;
    let mut b = ring[ring.len() - 1];
    for a in ring {
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] {
            odd = !odd;
        }
        b = *a;
    }
    odd
}

/// Returns the centre of gravity of a ring's area.
pub fn centroid(ring: &[Metres]) -> Metres {
    let o = ring[0];
    let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
    for (i, a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        let cross = (a[0] - o[0]) * (b[1] - o[1]) - (b[0] - o[0]) * (a[1] - o[1]);
        x += cross * (a[0] + b[0] - 2.0 * o[0]);
        y += cross * (a[1] + b[1] - 2.0 * o[1]);
        sum += cross;
    }
    if sum.abs() < 1e-9 { o } else { [o[0] + x / (3.0 * sum), o[1] + y / (3.0 * sum)] }
}

/// Draws a smooth curve through points (Catmull–Rom), `steps` pieces between two of them.
pub fn curve(points: &[Metres], steps: usize) -> Vec<Metres> {
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut line = Vec::with_capacity(points.len() * steps);
    for i in 0..points.len() as isize - 1 {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        line.extend((0..steps).map(|s| catmull(a, b, c, d, s as f64 / steps as f64)));
    }
    line.push(at(points.len() as isize - 1));
    line
}

/// Interpolates between `b` and `c` (Catmull–Rom), at share `t`.
pub fn catmull(a: Metres, b: Metres, c: Metres, d: Metres, t: f64) -> Metres {
    let axis = |k: usize| {
        let (a, b, c, d) = (a[k], b[k], c[k], d[k]);
        0.5 * (2.0 * b
            + (c - a) * t
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
            + (3.0 * b - a - 3.0 * c + d) * t * t * t)
    };
    [axis(0), axis(1)]
}
