//! Geometry as it travels to geometry as the map takes it.

use fengtu_geo::{BBox, LonLat, MultiPolygon, Polygon, Ring};
use fengtu_wire::geojson::{Bounds, Geometry, Position};

use crate::map::model::BaseGeometry;

/// Reads a position; the client has checked that it lies on the earth.
pub const fn place(at: Position) -> LonLat {
    LonLat { lon: at[0], lat: at[1] }
}

/// Reads a box.
pub const fn bounds(bounds: Bounds) -> BBox {
    let [west, south, east, north] = bounds;
    BBox { west, south, east, north }
}

/// Reads ground; `None` for lines and points.
pub fn area(geometry: &Geometry) -> Option<MultiPolygon> {
    match geometry {
        Geometry::Polygon(rings) => Some(polygon(rings).into()),
        Geometry::MultiPolygon(parts) => {
            Some(MultiPolygon { polygons: parts.iter().map(|rings| polygon(rings)).collect() })
        }
        _ => None,
    }
}

/// Reads a single position.
pub const fn point(geometry: &Geometry) -> Option<LonLat> {
    match geometry {
        Geometry::Point(at) => Some(place(*at)),
        _ => None,
    }
}

/// Reads any geometry of the base map.
pub fn base(geometry: &Geometry) -> BaseGeometry {
    match geometry {
        Geometry::Point(at) => BaseGeometry::Point(place(*at)),
        Geometry::LineString(line) => BaseGeometry::Lines(vec![ring(line)]),
        Geometry::MultiLineString(lines) => BaseGeometry::Lines(lines.iter().map(|line| ring(line)).collect()),
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => BaseGeometry::Area(area(geometry).unwrap_or_default()),
    }
}

fn polygon(rings: &[Vec<Position>]) -> Polygon {
    let mut rings = rings.iter().map(|line| ring(line));
    Polygon { outer: rings.next().unwrap_or_default(), holes: rings.collect() }
}

fn ring(line: &[Position]) -> Ring {
    line.iter().map(|at| place(*at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_stay_holes_and_lines_are_no_ground() {
        let ring = |lo: f64, hi: f64| vec![[lo, lo], [hi, lo], [hi, hi], [lo, lo]];
        let ground = area(&Geometry::Polygon(vec![ring(0.0, 9.0), ring(1.0, 2.0)])).unwrap_or_default();
        assert_eq!(ground.polygons.len(), 1);
        assert_eq!(ground.polygons.first().map(|p| (p.outer.len(), p.holes.len())), Some((4, 1)));
        assert_eq!(area(&Geometry::LineString(ring(0.0, 1.0))), None);
        assert!(matches!(base(&Geometry::MultiPolygon(vec![vec![ring(0.0, 1.0)]])), BaseGeometry::Area(_)));
    }
}
