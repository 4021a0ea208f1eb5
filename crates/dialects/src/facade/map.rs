//! `GeoJSON` of ours.

use fengtu_geo::{BBox, LonLat, MultiPolygon, Polygon};
use fengtu_wire::geojson::Geometry;
use serde_json::{Map, Value, json};

/// Wraps properties and a geometry.
pub(crate) fn feature(geometry: Option<Value>, properties: Map<String, Value>) -> Value {
    json!({"type": "Feature", "geometry": geometry, "properties": properties})
}

/// Reads ground; `None` for points and lines.
pub(crate) fn area(geometry: Option<&Value>) -> Option<MultiPolygon> {
    let geometry: Geometry = serde_json::from_value(geometry?.clone()).ok()?;
    match geometry {
        Geometry::Polygon(rings) => Some(polygon(&rings).into()),
        Geometry::MultiPolygon(parts) => Some(MultiPolygon { polygons: parts.iter().map(|p| polygon(p)).collect() }),
        _ => None,
    }
}

fn polygon(rings: &[Vec<[f64; 2]>]) -> Polygon {
    let mut rings = rings.iter().map(|ring| ring.iter().map(|&[lon, lat]| LonLat { lon, lat }).collect());
    Polygon { outer: rings.next().unwrap_or_default(), holes: rings.collect() }
}

/// Writes a box.
pub(crate) fn bounds(bbox: &BBox) -> [f64; 4] {
    [bbox.west, bbox.south, bbox.east, bbox.north]
}
