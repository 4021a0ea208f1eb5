//! Where a line of latitude runs inside polygons.

use crate::coord::LonLat;
use crate::polygon::{Polygon, edges};

/// Gives the stretches (west, east), in degrees and in order, at which a latitude runs inside any of the polygons.
pub fn spans(polygons: &[Polygon], lat: f64) -> Vec<(f64, f64)> {
    let mut all: Vec<_> = polygons.iter().flat_map(|polygon| spans_of(polygon, lat)).collect();
    merge(&mut all);
    all
}

/// Sorts stretches and joins those that overlap or touch, in place.
pub fn merge(spans: &mut Vec<(f64, f64)>) {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1;
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
}

/// Gives what is common to two sorted lists of separate stretches.
pub fn intersection(a: &[(f64, f64)], b: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut common = Vec::new();
    while let (Some(&&left), Some(&&right)) = (a.peek(), b.peek()) {
        let (start, end) = (left.0.max(right.0), left.1.min(right.1));
        if start < end {
            common.push((start, end));
        }
        if left.1 < right.1 {
            a.next()
        } else {
            b.next()
        };
    }
    common
}

/// Sums the lengths of separate stretches.
pub fn length(spans: &[(f64, f64)]) -> f64 {
    spans.iter().map(|span| span.1 - span.0).sum()
}

/// Pairs the crossings of one polygon's rings by the even-odd rule.
fn spans_of(polygon: &Polygon, lat: f64) -> Vec<(f64, f64)> {
    let mut crossings: Vec<f64> =
        polygon.rings().flat_map(|ring| edges(ring)).filter_map(|edge| crossing(edge, lat)).collect();
    crossings.sort_by(f64::total_cmp);
    crossings.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Gives the longitude at which an edge crosses a latitude; half open, so that a corner counts once.
fn crossing((a, b): (LonLat, LonLat), lat: f64) -> Option<f64> {
    ((a.lat <= lat) != (b.lat <= lat))
        .then(|| a.lon + (lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
        .filter(|lon| lon.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coord::BBox;

    #[test]
    fn a_hole_splits_the_line() {
        let square = |low: f64, high: f64| BBox { west: low, south: low, east: high, north: high }.ring();
        let frame = Polygon { outer: square(0.0, 4.0), holes: vec![square(1.0, 3.0)] };
        assert_eq!(spans(std::slice::from_ref(&frame), 2.0), vec![(0.0, 1.0), (3.0, 4.0)]);
        assert_eq!(spans(&[frame], 9.0), vec![]);
    }

    #[test]
    fn stretches_join_meet_and_measure() {
        let mut all = vec![(3.0, 5.0), (0.0, 1.0), (4.0, 6.0), (1.0, 2.0)];
        merge(&mut all);
        assert_eq!(all, vec![(0.0, 2.0), (3.0, 6.0)]);
        let common = intersection(&all, &[(1.5, 3.5), (5.0, 9.0)]);
        assert_eq!(common, vec![(1.5, 2.0), (3.0, 3.5), (5.0, 6.0)]);
        assert!((length(&common) - 2.0).abs() < 1e-12);
    }
}
