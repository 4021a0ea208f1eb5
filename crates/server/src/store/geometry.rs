//! What a shape tells about a place: its extent, its area, where its label stands.

use fengtu_geo::coord::{BBox, LonLat};
use fengtu_geo::polygon::{MultiPolygon, Polygon};
use fengtu_wire::geojson::{Bounds, Geometry, Position};

/// What is stored beside a shape.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// Ground area in m².
    pub area_m2: Option<f64>,
    /// Where the label stands, inside the shape.
    pub centre: Option<Position>,
    /// West, south, east, north.
    pub bounds: Option<Bounds>,
}

/// Computes what is stored beside a shape.
pub fn facts(geometry: Option<&Geometry>) -> Facts {
    let Some(geometry) = geometry else { return Facts::default() };
    let area = area(geometry);
    Facts {
        area_m2: area.as_ref().map(MultiPolygon::area_m2),
        centre: area.as_ref().and_then(MultiPolygon::interior_point).map(|p| [p.lon, p.lat]),
        bounds: bounds(geometry),
    }
}

/// Returns the extent of any shape; nothing where it has no usable position.
pub fn bounds(geometry: &Geometry) -> Option<Bounds> {
    let points = positions(geometry).filter_map(|&[lon, lat]| LonLat::new(lon, lat).ok());
    BBox::around(points).map(|b| [b.west, b.south, b.east, b.north])
}

/// Returns the area of a shape; a point or a line has none.
pub fn area(geometry: &Geometry) -> Option<MultiPolygon> {
    match geometry {
        Geometry::Polygon(rings) => Some(polygon(rings).into()),
        Geometry::MultiPolygon(parts) => {
            Some(MultiPolygon { polygons: parts.iter().map(|rings| polygon(rings)).collect() })
        }
        _ => None,
    }
}

fn polygon(rings: &[Vec<Position>]) -> Polygon {
    let mut rings = rings.iter().map(|ring| ring.iter().map(|&[lon, lat]| LonLat { lon, lat }).collect());
    Polygon { outer: rings.next().unwrap_or_default(), holes: rings.collect() }
}

fn positions(geometry: &Geometry) -> Box<dyn Iterator<Item = &Position> + '_> {
    match geometry {
        Geometry::Point(at) => Box::new(std::iter::once(at)),
        Geometry::LineString(line) => Box::new(line.iter()),
        Geometry::MultiLineString(lines) | Geometry::Polygon(lines) => Box::new(lines.iter().flatten()),
        Geometry::MultiPolygon(parts) => Box::new(parts.iter().flatten().flatten()),
    }
}
