//! Areas: polygons with holes, several of them as one; area, centroid, containment.
//!
//! Edges are straight in longitude/latitude, as RFC 7946 has them. Rings are best closed (last point = first), but every
//! function here closes an open one by itself. The boundary of a polygon, its holes' edges too, belongs to the polygon.

use crate::coord::{BBox, LonLat};
use crate::ellipsoid;
use crate::scanline;

/// Lists the corners of a closed line, first = last.
pub type Ring = Vec<LonLat>;

/// Holds one area: what is inside `outer` and outside every hole.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Polygon {
    /// The shell, counter-clockwise by RFC 7946.
    pub outer: Ring,
    /// The holes, clockwise by RFC 7946.
    pub holes: Vec<Ring>,
}

/// Holds an area of several parts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MultiPolygon {
    /// The parts, which do not overlap.
    pub polygons: Vec<Polygon>,
}

impl From<Polygon> for MultiPolygon {
    fn from(polygon: Polygon) -> Self {
        Self { polygons: vec![polygon] }
    }
}

impl Polygon {
    /// Iterates over the shell and then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.outer).chain(&self.holes)
    }

    /// Gives the box around the shell; `None` if it has no finite point.
    pub fn bbox(&self) -> Option<BBox> {
        BBox::around(self.outer.iter().copied())
    }

    /// Gives the area in square metres, holes taken off, whatever way the rings wind.
    pub fn area_m2(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(|hole| signed_area_m2(hole).abs()).sum();
        signed_area_m2(&self.outer).abs() - holes
    }

    /// Tells whether a point is inside or on the boundary.
    pub fn contains(&self, point: LonLat) -> bool {
        let mut inside = false;
        for ring in self.rings() {
            match side_of(ring, point) {
                Side::On => return true,
                Side::In => inside = !inside,
                Side::Out => {}
            }
        }
        inside
    }

    /// Gives the centre of gravity (which may lie outside a bent area); `None` without area.
    pub fn centroid(&self) -> Option<LonLat> {
        MultiPolygon::weighted_centroid(std::slice::from_ref(self))
    }

    /// Gives a point that is inside, for a label: the middle of the widest stretch at the centroid's latitude.
    pub fn interior_point(&self) -> Option<LonLat> {
        let lat = self.centroid()?.lat;
        let widest = |a: &(f64, f64), b: &(f64, f64)| (a.1 - a.0).total_cmp(&(b.1 - b.0));
        let (west, east) = scanline::spans(std::slice::from_ref(self), lat).into_iter().max_by(widest)?;
        Some(LonLat { lon: f64::midpoint(west, east), lat })
    }
}

impl MultiPolygon {
    /// Gives the box around all parts; `None` if there is no finite point.
    pub fn bbox(&self) -> Option<BBox> {
        self.polygons.iter().filter_map(Polygon::bbox).reduce(|all, one| all.union(&one))
    }

    /// Gives the area in square metres.
    pub fn area_m2(&self) -> f64 {
        self.polygons.iter().map(Polygon::area_m2).sum()
    }

    /// Tells whether a point is inside or on the boundary of any part.
    pub fn contains(&self, point: LonLat) -> bool {
        self.polygons.iter().any(|polygon| polygon.contains(point))
    }

    /// Gives the centre of gravity of all parts; `None` without area.
    pub fn centroid(&self) -> Option<LonLat> {
        Self::weighted_centroid(&self.polygons)
    }

    /// Gives a point inside the largest part, for a label.
    pub fn interior_point(&self) -> Option<LonLat> {
        self.polygons.iter().max_by(|a, b| a.area_m2().total_cmp(&b.area_m2()))?.interior_point()
    }

    fn weighted_centroid(polygons: &[Polygon]) -> Option<LonLat> {
        // Relative to a corner near by, so that the sums keep their digits.
        let origin = *polygons.iter().find_map(|polygon| polygon.outer.first())?;
        let mut sum = Moment::default();
        for polygon in polygons {
            for (number, ring) in polygon.rings().enumerate() {
                let moment = Moment::of(ring, origin);
                let is_hole = number > 0;
                sum.add(&moment, if is_hole == (moment.area > 0.0) { -1.0 } else { 1.0 });
            }
        }
        let (lon, lat) = (sum.lon / sum.area, sum.lat / sum.area);
        (lon.is_finite() && lat.is_finite()).then_some(LonLat { lon: origin.lon + lon, lat: origin.lat + lat })
    }
}

/// Gives the area of a ring in square metres on the ellipsoid: positive counter-clockwise, negative clockwise.
pub fn signed_area_m2(ring: &[LonLat]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let base = ellipsoid::equal_area_y(origin.lat);
    let plane = |point: LonLat| {
        ((point.lon - origin.lon).to_radians() * ellipsoid::A, ellipsoid::equal_area_y(point.lat) - base)
    };
    let cross = |(a, b)| {
        let ((ax, ay), (bx, by)) = (plane(a), plane(b));
        ax * by - bx * ay
    };
    edges(ring).map(cross).sum::<f64>() / 2.0
}

/// Tells on which side of a ring a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Strictly inside.
    In,
    /// On an edge or corner.
    On,
    /// Strictly outside.
    Out,
}

/// Finds the side of a ring that a point is on, by the even-odd rule.
pub fn side_of(ring: &[LonLat], point: LonLat) -> Side {
    let mut inside = false;
    for (a, b) in edges(ring) {
        let turn = orientation(a, b, point);
        if turn == 0.0 && within_box(a, b, point) {
            return Side::On;
        }
        let upward = a.lat <= point.lat && point.lat < b.lat;
        let downward = b.lat <= point.lat && point.lat < a.lat;
        if (upward && turn > 0.0) || (downward && turn < 0.0) {
            inside = !inside;
        }
    }
    if inside { Side::In } else { Side::Out }
}

/// Iterates over a ring's edges, with the closing one if the ring is open.
pub fn edges(ring: &[LonLat]) -> impl Iterator<Item = (LonLat, LonLat)> + '_ {
    let closing = match (ring.last(), ring.first()) {
        (Some(&last), Some(&first)) if last != first => Some((last, first)),
        _ => None,
    };
    ring.iter().zip(ring.iter().skip(1)).map(|(&a, &b)| (a, b)).chain(closing)
}

/// Gives twice the area, in square degrees, of a triangle: positive if it turns left at `b`.
pub fn orientation(a: LonLat, b: LonLat, c: LonLat) -> f64 {
    (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon)
}

/// Tells whether a point that is in line with `a` and `b` lies between them.
pub(crate) fn within_box(a: LonLat, b: LonLat, point: LonLat) -> bool {
    BBox::of(a).extended(b).contains(point)
}

/// Holds an area and its first moments in degrees: near enough to the equal-area plane for the size of a district.
#[derive(Default)]
struct Moment {
    area: f64,
    lon: f64,
    lat: f64,
}

impl Moment {
    fn of(ring: &[LonLat], origin: LonLat) -> Self {
        let mut sum = Self::default();
        for (a, b) in edges(ring) {
            let (ax, ay, bx, by) = (a.lon - origin.lon, a.lat - origin.lat, b.lon - origin.lon, b.lat - origin.lat);
            let cross = ax * by - bx * ay;
            sum.area += cross / 2.0;
            sum.lon += (ax + bx) * cross / 6.0;
            sum.lat += (ay + by) * cross / 6.0;
        }
        sum
    }

    fn add(&mut self, other: &Self, factor: f64) {
        self.area += factor * other.area;
        self.lon += factor * other.lon;
        self.lat += factor * other.lat;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance;

    fn square(west: f64, south: f64, side: f64) -> Ring {
        BBox { west, south, east: west + side, north: south + side }.ring()
    }

    fn frame() -> Polygon {
        let mut hole = square(113.91, 22.71, 0.02);
        hole.reverse();
        Polygon { outer: square(113.9, 22.7, 0.04), holes: vec![hole] }
    }

    #[test]
    fn area_of_a_circle_is_pi_r_squared() {
        let center = LonLat { lon: 113.93, lat: 22.75 };
        let area = signed_area_m2(&distance::circle(center, 500.0, 720));
        assert!((area / (std::f64::consts::PI * 250_000.0) - 1.0).abs() < 2e-5, "{area}");
        let mut backwards = distance::circle(center, 500.0, 720);
        backwards.reverse();
        assert!((signed_area_m2(&backwards) + area).abs() < 1e-3);
    }

    #[test]
    fn holes_are_taken_off_whatever_their_winding() {
        let one = frame();
        let mut other = one.clone();
        other.holes[0].reverse();
        let expected = signed_area_m2(&square(113.9, 22.7, 0.04)) - signed_area_m2(&square(113.91, 22.71, 0.02));
        assert!((one.area_m2() - expected).abs() < 1e-3 && (other.area_m2() - expected).abs() < 1e-3);
        assert_eq!(one.centroid(), other.centroid());
    }

    #[test]
    fn inside_hole_edge_and_corner() {
        let polygon = frame();
        let at = |lon, lat| polygon.contains(LonLat { lon, lat });
        assert!(at(113.905, 22.705));
        assert!(!at(113.92, 22.72), "in the hole");
        assert!(at(113.91, 22.72), "a hole's edge belongs to the polygon");
        assert!(at(113.9, 22.7) && at(113.9, 22.71), "corner and edge belong to it");
        assert!(!at(113.899, 22.7) && !at(f64::NAN, 22.7));
    }

    #[test]
    fn an_open_ring_is_closed_by_itself() {
        let closed = frame();
        let mut open = closed.clone();
        open.outer.pop();
        assert!((open.area_m2() - closed.area_m2()).abs() < 1e-6);
        assert!(open.contains(LonLat { lon: 113.9, lat: 22.72 }));
    }

    #[test]
    fn centroid_and_label_point() {
        let polygon = frame();
        assert!(polygon.centroid().is_some_and(|c| (c.lon - 113.92).abs() < 1e-9 && (c.lat - 22.72).abs() < 1e-9));
        let label = polygon.interior_point();
        assert!(label.is_some_and(|point| polygon.contains(point)), "the centroid is in the hole, the label is not");
        assert_eq!(Polygon::default().centroid(), None);
        assert_eq!(MultiPolygon::default().interior_point(), None);
    }

    #[test]
    fn parts_add_up() {
        let far = Polygon { outer: square(114.0, 22.7, 0.04), holes: vec![] };
        let both = MultiPolygon { polygons: vec![frame(), far.clone()] };
        assert!((both.area_m2() - frame().area_m2() - far.area_m2()).abs() < 1e-6);
        assert!(
            both.contains(LonLat { lon: 114.01, lat: 22.71 }) && !both.contains(LonLat { lon: 113.95, lat: 22.71 })
        );
        assert_eq!(both.bbox(), Some(BBox { west: 113.9, south: 22.7, east: 114.04, north: 22.74 }));
    }
}
