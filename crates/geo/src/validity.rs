//! What can be wrong with a polygon, with a name for each, and what can be repaired without guessing.

use thiserror::Error;

use crate::coord::{BBox, CoordError, LonLat};
use crate::polygon::{MultiPolygon, Polygon, Ring, Side, edges, orientation, side_of, signed_area_m2, within_box};

/// Says why a polygon is refused; `ring` is 0 for the shell and counts the holes from 1.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PolygonError {
    /// A corner is not a usable coordinate.
    #[error("ring {ring}: {reason}")]
    BadCoordinate {
        /// Which ring.
        ring: usize,
        /// What is wrong with the corner.
        reason: CoordError,
    },
    /// A ring has fewer than three different corners.
    #[error("ring {ring} has too few points")]
    TooFewPoints {
        /// Which ring.
        ring: usize,
    },
    /// A ring does not end where it starts.
    #[error("ring {ring} is not closed")]
    Unclosed {
        /// Which ring.
        ring: usize,
    },
    /// A ring crosses or touches itself.
    #[error("ring {ring} crosses itself near {}, {}", at.lon, at.lat)]
    SelfCrossing {
        /// Which ring.
        ring: usize,
        /// A corner of the edge that crosses.
        at: LonLat,
    },
    /// A hole crosses the shell or another hole.
    #[error("rings {ring} and {other} cross near {}, {}", at.lon, at.lat)]
    RingsCross {
        /// Which ring.
        ring: usize,
        /// The other ring.
        other: usize,
        /// A corner of the edge that crosses.
        at: LonLat,
    },
    /// A hole lies outside its shell.
    #[error("hole {ring} is outside its shell")]
    HoleOutside {
        /// Which ring.
        ring: usize,
    },
}

/// Names something that [`repair`] put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// The first point was added at the end.
    Closed {
        /// Which ring.
        ring: usize,
    },
    /// The ring was turned round, to the winding of RFC 7946.
    Rewound {
        /// Which ring.
        ring: usize,
    },
    /// A point that repeats the one before it was dropped.
    Deduplicated {
        /// Which ring.
        ring: usize,
    },
}

/// Checks a polygon; the first fault found, in the order of [`PolygonError`]'s variants.
///
/// Rings may touch one another at points but not cross, and a ring may not touch itself (OGC Simple Features). Takes about
/// n log n for usual shapes and n² for hostile ones: limit the number of points first.
pub fn check(polygon: &Polygon) -> Result<(), PolygonError> {
    for (number, ring) in polygon.rings().enumerate() {
        check_ring(number, ring)?;
    }
    check_crossings(polygon)?;
    let is_outside = |hole: &Ring| {
        let sides = || hole.iter().map(|&corner| side_of(&polygon.outer, corner));
        sides().any(|side| side == Side::Out)
            || sides().all(|side| side == Side::On) && !middle_is_inside(polygon, hole)
    };
    match polygon.holes.iter().position(is_outside) {
        Some(hole) => Err(PolygonError::HoleOutside { ring: hole + 1 }),
        None => Ok(()),
    }
}

/// Checks every part of an area.
pub fn check_all(area: &MultiPolygon) -> Result<(), PolygonError> {
    area.polygons.iter().try_for_each(check)
}

/// Closes open rings, drops repeated points and winds rings as RFC 7946 wants, and says what it did.
pub fn repair(mut polygon: Polygon) -> (Polygon, Vec<Repair>) {
    let mut done = Vec::new();
    repair_ring(0, &mut polygon.outer, &mut done);
    for (hole, ring) in polygon.holes.iter_mut().enumerate() {
        repair_ring(hole + 1, ring, &mut done);
    }
    (polygon, done)
}

fn repair_ring(number: usize, ring: &mut Ring, done: &mut Vec<Repair>) {
    let before = ring.len();
    ring.dedup();
    if ring.len() < before {
        done.push(Repair::Deduplicated { ring: number });
    }
    if ring.len() > 2 && ring.first() != ring.last() {
        ring.extend(ring.first().copied());
        done.push(Repair::Closed { ring: number });
    }
    let area = signed_area_m2(ring);
    let is_shell = number == 0;
    if area != 0.0 && (area > 0.0) != is_shell {
        ring.reverse();
        done.push(Repair::Rewound { ring: number });
    }
}

fn check_ring(number: usize, ring: &[LonLat]) -> Result<(), PolygonError> {
    for &corner in ring {
        // A corner may lie on 0/0: only a single point there is suspect.
        match LonLat::new(corner.lon, corner.lat) {
            Ok(_) | Err(CoordError::NullIsland) => {}
            Err(reason) => return Err(PolygonError::BadCoordinate { ring: number, reason }),
        }
    }
    if edges(ring).filter(|(a, b)| a != b).count() < 3 {
        return Err(PolygonError::TooFewPoints { ring: number });
    }
    if ring.first() != ring.last() {
        return Err(PolygonError::Unclosed { ring: number });
    }
    Ok(())
}

/// Holds an edge with its place in its ring.
#[derive(Clone, Copy)]
struct Edge {
    ring: usize,
    place: usize,
    ring_len: usize,
    from: LonLat,
    to: LonLat,
}

/// Sweeps all edges from west to east and compares those whose boxes meet.
fn check_crossings(polygon: &Polygon) -> Result<(), PolygonError> {
    let mut sorted: Vec<Edge> =
        polygon.rings().enumerate().flat_map(|(number, ring)| numbered_edges(number, ring)).collect();
    sorted.sort_by(|a, b| a.west().total_cmp(&b.west()));
    let mut active: Vec<Edge> = Vec::new();
    for edge in sorted {
        active.retain(|other| other.east() >= edge.west());
        if let Some(other) = active.iter().find(|other| edge.conflicts_with(other)) {
            return Err(edge.error_with(other));
        }
        active.push(edge);
    }
    Ok(())
}

fn numbered_edges(number: usize, ring: &[LonLat]) -> Vec<Edge> {
    let real: Vec<_> = edges(ring).filter(|(a, b)| a != b).collect();
    let ring_len = real.len();
    let numbered = |(place, (from, to))| Edge { ring: number, place, ring_len, from, to };
    real.into_iter().enumerate().map(numbered).collect()
}

impl Edge {
    fn west(&self) -> f64 {
        self.from.lon.min(self.to.lon)
    }

    fn east(&self) -> f64 {
        self.from.lon.max(self.to.lon)
    }

    fn bbox(&self) -> BBox {
        BBox::of(self.from).extended(self.to)
    }

    fn conflicts_with(&self, other: &Self) -> bool {
        if !self.bbox().intersects(&other.bbox()) {
            return false;
        }
        if self.ring != other.ring {
            return self.crosses(other);
        }
        if self.follows(other) {
            return other.folds_back_on(self);
        }
        if other.follows(self) {
            return self.folds_back_on(other);
        }
        self.crosses(other) || self.touches(other)
    }

    fn follows(&self, other: &Self) -> bool {
        (other.place + 1) % other.ring_len == self.place
    }

    /// Tells whether the next edge runs back along this one.
    fn folds_back_on(&self, next: &Self) -> bool {
        let back = (self.from.lon - self.to.lon) * (next.to.lon - next.from.lon)
            + (self.from.lat - self.to.lat) * (next.to.lat - next.from.lat);
        orientation(self.from, self.to, next.to) == 0.0 && back > 0.0
    }

    /// Tells whether the two edges cross at a point inside both.
    fn crosses(&self, other: &Self) -> bool {
        let (c, d) = (orientation(self.from, self.to, other.from), orientation(self.from, self.to, other.to));
        let (a, b) = (orientation(other.from, other.to, self.from), orientation(other.from, other.to, self.to));
        // By sign, as a product of two tiny areas could underflow to 0.
        c != 0.0 && d != 0.0 && a != 0.0 && b != 0.0 && (c > 0.0) != (d > 0.0) && (a > 0.0) != (b > 0.0)
    }

    /// Tells whether an end of one lies on the other.
    fn touches(&self, other: &Self) -> bool {
        self.holds(other.from) || self.holds(other.to) || other.holds(self.from) || other.holds(self.to)
    }

    fn holds(&self, point: LonLat) -> bool {
        orientation(self.from, self.to, point) == 0.0 && within_box(self.from, self.to, point)
    }

    fn error_with(&self, other: &Self) -> PolygonError {
        if self.ring == other.ring {
            PolygonError::SelfCrossing { ring: self.ring, at: self.from }
        } else {
            let (ring, other) = (self.ring.min(other.ring), self.ring.max(other.ring));
            PolygonError::RingsCross { ring, other, at: self.from }
        }
    }
}

/// Tells whether a hole whose every corner is on the shell runs inside it.
fn middle_is_inside(polygon: &Polygon, hole: &Ring) -> bool {
    let middle = |(a, b): (LonLat, LonLat)| BBox::of(a).extended(b).center();
    edges(hole).all(|edge| side_of(&polygon.outer, middle(edge)) != Side::Out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> Ring {
        corners.iter().map(|&(lon, lat)| LonLat { lon, lat }).collect()
    }

    fn square(low: f64, high: f64) -> Ring {
        BBox { west: low, south: low, east: high, north: high }.ring()
    }

    fn polygon(outer: Ring, holes: Vec<Ring>) -> Polygon {
        Polygon { outer, holes }
    }

    #[test]
    fn good_polygons_pass() {
        assert_eq!(
            check(&polygon(square(1.0, 5.0), vec![square(2.0, 3.0), square(3.0, 4.0)])),
            Ok(()),
            "holes may touch at a point"
        );
        assert_eq!(check(&polygon(square(0.0, 5.0), vec![])), Ok(()), "a corner on 0/0 is none of our business");
        let repeated = ring(&[(1.0, 1.0), (2.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)]);
        assert_eq!(check(&polygon(repeated, vec![])), Ok(()));
    }

    #[test]
    fn each_fault_has_its_name() {
        let bow = ring(&[(1.0, 1.0), (3.0, 3.0), (3.0, 1.0), (1.0, 3.0), (1.0, 1.0)]);
        assert!(matches!(check(&polygon(bow, vec![])), Err(PolygonError::SelfCrossing { ring: 0, .. })));
        let spike = ring(&[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (3.0, 5.0), (3.0, 2.0), (1.0, 3.0), (1.0, 1.0)]);
        assert!(matches!(check(&polygon(spike, vec![])), Err(PolygonError::SelfCrossing { ring: 0, .. })));
        let eight = ring(&[(1.0, 1.0), (2.0, 2.0), (3.0, 1.0), (3.0, 3.0), (2.0, 2.0), (1.0, 3.0), (1.0, 1.0)]);
        assert!(matches!(check(&polygon(eight, vec![])), Err(PolygonError::SelfCrossing { ring: 0, .. })));
        let mut open = square(1.0, 2.0);
        open.pop();
        assert_eq!(check(&polygon(open, vec![])), Err(PolygonError::Unclosed { ring: 0 }));
        assert_eq!(
            check(&polygon(ring(&[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)]), vec![])),
            Err(PolygonError::TooFewPoints { ring: 0 })
        );
        assert_eq!(check(&Polygon::default()), Err(PolygonError::TooFewPoints { ring: 0 }));
        let swapped = ring(&[(22.0, 113.0), (22.0, 114.0), (23.0, 114.0), (22.0, 113.0)]);
        let reason = CoordError::Swapped { lon: 22.0, lat: 113.0 };
        assert_eq!(check(&polygon(swapped, vec![])), Err(PolygonError::BadCoordinate { ring: 0, reason }));
    }

    #[test]
    fn holes_must_be_inside() {
        let check_hole = |hole| check(&polygon(square(1.0, 5.0), vec![hole]));
        assert_eq!(check_hole(square(6.0, 7.0)), Err(PolygonError::HoleOutside { ring: 1 }));
        assert!(matches!(check_hole(square(4.0, 6.0)), Err(PolygonError::RingsCross { ring: 0, other: 1, .. })));
        let around = check(&polygon(square(2.0, 3.0), vec![square(1.0, 5.0)]));
        assert_eq!(around, Err(PolygonError::HoleOutside { ring: 1 }));
    }

    #[test]
    fn repair_closes_and_rewinds_and_says_so() {
        let mut outer = square(1.0, 5.0);
        outer.reverse();
        outer.pop();
        let (fixed, done) = repair(polygon(outer, vec![square(2.0, 3.0)]));
        assert_eq!(check(&fixed), Ok(()));
        assert_eq!(done, vec![Repair::Closed { ring: 0 }, Repair::Rewound { ring: 0 }, Repair::Rewound { ring: 1 }]);
        assert!(signed_area_m2(&fixed.outer) > 0.0 && signed_area_m2(&fixed.holes[0]) < 0.0);
        assert_eq!(repair(fixed.clone()), (fixed, vec![]));
    }
}
