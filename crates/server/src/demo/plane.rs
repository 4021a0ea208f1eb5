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

/// Returns whether no two edges of a ring cross; edges that only touch are left to the eye.
pub fn is_simple(ring: &[Metres]) -> bool {
    let edge = |i: usize| (ring[i], ring[(i + 1) % ring.len()]);
    let side = |a: Metres, b: Metres, p: Metres| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    let apart = |a: Metres, b: Metres, p: Metres, q: Metres| side(a, b, p) * side(a, b, q) >= 0.0;
    let crosses = |i: usize, j: usize| {
        let ((a, b), (c, d)) = (edge(i), edge(j));
        !apart(a, b, c, d) && !apart(c, d, a, b)
    };
    (0..ring.len()).all(|i| (i + 2..ring.len()).all(|j| !crosses(i, j)))
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
    let last = points.len() - 1;
    let mut line = Vec::with_capacity(points.len() * steps);
    for i in 0..last {
        let four = [points[i.saturating_sub(1)], points[i], points[i + 1], points[(i + 2).min(last)]];
        line.extend((0..steps).map(|s| catmull(four, s as f64 / steps as f64)));
    }
    line.push(points[last]);
    line
}

/// Interpolates between the second and the third of four points (Catmull–Rom), at share `t`.
pub fn catmull(points: [Metres; 4], t: f64) -> Metres {
    let axis = |k: usize| {
        let [before, from, to, after] = points.map(|p| p[k]);
        let square = (2.0 * before - 5.0 * from + 4.0 * to - after) * t * t;
        let cube = (3.0 * from - before - 3.0 * to + after) * t * t * t;
        0.5 * (2.0 * from + (to - before) * t + square + cube)
    };
    [axis(0), axis(1)]
}
