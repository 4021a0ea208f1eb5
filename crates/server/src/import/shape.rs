//! The shapes of places: taken apart, converted, repaired where that guesses nothing, else refused.

use fengtu_geo::coord::LonLat;
use fengtu_geo::datum;
use fengtu_geo::polygon::{MultiPolygon, Polygon, Ring};
use fengtu_geo::validity::{self, PolygonError, Repair};
use fengtu_wire::geojson::{Geometry, Position};

use super::position::rounded;
use super::record::{Refused, Row};
use super::report::Reason;
use super::source::{Nested, RawGeometry};

/// No boundary on earth needs more; a check of one takes up to n² steps.
const MAX_CORNERS: usize = 200_000;

/// Reads the shape of a row, in WGS-84; nothing where there is none.
pub fn read(row: &mut Row<'_>) -> Result<Option<Geometry>, Refused> {
    let Some(raw) = &row.record.geometry else { return Ok(None) };
    let polygons = match polygons(raw) {
        Ok(polygons) => polygons,
        Err(reason) => return Err(row.refuse(reason, "geometry", &raw.kind)),
    };
    if polygons.iter().flat_map(Polygon::rings).map(Vec::len).sum::<usize>() > MAX_CORNERS {
        return Err(row.refuse(Reason::ShapeTooBig, "geometry", ""));
    }
    let parts = polygons.into_iter().map(|polygon| sound(row, polygon)).collect::<Result<Vec<_>, _>>()?;
    Ok(match <[Vec<Vec<Position>>; 1]>::try_from(parts) {
        Ok([rings]) => Some(Geometry::Polygon(rings)),
        Err(parts) if parts.is_empty() => None,
        Err(parts) => Some(Geometry::MultiPolygon(parts)),
    })
}

/// Returns a point inside an area, in the file's own datum.
pub fn middle(raw: &RawGeometry) -> Option<LonLat> {
    MultiPolygon { polygons: polygons(raw).ok()? }.interior_point()
}

fn sound(row: &mut Row<'_>, mut polygon: Polygon) -> Result<Vec<Vec<Position>>, Refused> {
    let datum = row.rules.datum();
    for point in polygon_points(&mut polygon) {
        let [lon, lat] = rounded(datum::to_wgs84(datum, *point));
        *point = LonLat { lon, lat };
    }
    let (polygon, repairs) = validity::repair(polygon);
    for repair in repairs {
        let (reason, ring) = repaired(repair);
        row.note(reason, "geometry", &format!("ring {ring}"));
    }
    if let Err(fault) = validity::check(&polygon) {
        return Err(row.refuse(reason(&fault), "geometry", &fault.to_string()));
    }
    Ok(polygon.rings().map(|ring| ring.iter().map(|point| [point.lon, point.lat]).collect()).collect())
}

fn polygon_points(polygon: &mut Polygon) -> impl Iterator<Item = &mut LonLat> {
    std::iter::once(&mut polygon.outer).chain(&mut polygon.holes).flatten()
}

const fn repaired(repair: Repair) -> (Reason, usize) {
    match repair {
        Repair::Closed { ring } => (Reason::RingUnclosed, ring),
        Repair::Rewound { ring } => (Reason::RingRewound, ring),
        Repair::Deduplicated { ring } => (Reason::RingRepeats, ring),
    }
}

const fn reason(fault: &PolygonError) -> Reason {
    match fault {
        PolygonError::BadCoordinate { .. } => Reason::ShapeCoordinate,
        PolygonError::TooFewPoints { .. } | PolygonError::Unclosed { .. } => Reason::ShapeTooFew,
        PolygonError::SelfCrossing { .. } => Reason::RingCrossing,
        PolygonError::RingsCross { .. } => Reason::RingsCross,
        PolygonError::HoleOutside { .. } => Reason::HoleOutside,
    }
}

fn polygons(raw: &RawGeometry) -> Result<Vec<Polygon>, Reason> {
    match (raw.kind.as_str(), &raw.coordinates) {
        ("Polygon", Nested::List(rings)) => Ok(vec![polygon(rings)?]),
        ("MultiPolygon", Nested::List(parts)) => parts.iter().map(|part| polygon(list(part)?)).collect(),
        _ => Err(Reason::ShapeKind),
    }
}

fn polygon(rings: &[Nested]) -> Result<Polygon, Reason> {
    let mut rings = rings.iter().map(ring).collect::<Result<Vec<_>, _>>()?.into_iter();
    Ok(Polygon { outer: rings.next().ok_or(Reason::ShapeTooFew)?, holes: rings.collect() })
}

fn ring(points: &Nested) -> Result<Ring, Reason> {
    let point = |point: &Nested| match *point {
        Nested::Pair([lon, lat]) => Ok(LonLat { lon, lat }),
        _ => Err(Reason::ShapeCoordinate),
    };
    list(points)?.iter().map(point).collect()
}

fn list(nested: &Nested) -> Result<&[Nested], Reason> {
    match nested {
        Nested::List(items) => Ok(items),
        _ => Err(Reason::ShapeCoordinate),
    }
}
