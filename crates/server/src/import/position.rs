//! Where a row is: its coordinate, checked, in WGS-84.

use fengtu_geo::coord::{CoordError, LonLat};
use fengtu_geo::datum::{self, Datum};
use fengtu_wire::geojson::Position;

use super::atlas::Atlas;
use super::mapping::{Order, Policy};
use super::record::{Refused, Row};
use super::report::Reason;
use super::shape;
use super::source::Nested;

/// A coordinate as it was given, longitude first.
enum Given {
    Nothing,
    Unreadable(String),
    Pair(f64, f64),
}

/// What was put right about a coordinate.
enum Mend {
    None,
    Swapped,
    /// It lies so many metres beyond the border.
    NearBorder(f64),
}

/// Reads where a row is. What cannot be right is left off or refuses the row, as the mapping wants it.
/// A row with no coordinate of its own stands `otherwise`, where that is known, for the reason that is noted.
pub fn read(
    row: &mut Row<'_>,
    atlas: &Atlas,
    otherwise: Option<(Position, Reason)>,
) -> Result<Option<Position>, Refused> {
    let fault = match given(row) {
        Given::Nothing => {
            let (at, reason) = otherwise.map_or((None, Reason::NoCoordinate), |(at, reason)| (Some(at), reason));
            row.note(reason, "position", "");
            return Ok(at);
        }
        Given::Unreadable(text) => (Reason::CoordinateUnreadable, text),
        Given::Pair(lon, lat) => match judge(lon, lat, row.rules.datum(), atlas) {
            Ok((at, mend)) => {
                match mend {
                    Mend::None => {}
                    Mend::Swapped => row.note(Reason::CoordinateSwapped, "position", &format!("{lon}, {lat}")),
                    Mend::NearBorder(metres) => row.note(Reason::NearBorder, "position", &format!("{metres:.1} m")),
                }
                return Ok(Some(at));
            }
            Err(reason) => (reason, format!("{lon}, {lat}")),
        },
    };
    row.by_policy(policy(row, fault.0), fault.0, "position", &fault.1)?;
    Ok(None)
}

/// Rounds degrees to 1e-9, a tenth of a millimetre: what is written and read again stays the same number.
pub fn rounded(point: LonLat) -> Position {
    let round = |degrees: f64| (degrees * 1e9).round() / 1e9;
    [round(point.lon), round(point.lat)]
}

fn policy(row: &Row<'_>, reason: Reason) -> Policy {
    let mapping = row.rules.mapping;
    match reason {
        Reason::Outside => mapping.outside.unwrap_or(Policy::Refuse),
        _ => mapping.bad_coordinate.unwrap_or(Policy::Keep),
    }
}

/// Converts a pair and tells what had to be put right: that it is exchanged only the district's own shape can prove.
fn judge(lon: f64, lat: f64, datum: Datum, atlas: &Atlas) -> Result<(Position, Mend), Reason> {
    let converted = |lon, lat| LonLat::new(lon, lat).map(|point| datum::to_wgs84(datum, point));
    let straight = converted(lon, lat);
    if let Ok(point) = straight
        && atlas.holds(point)
    {
        return Ok((rounded(point), Mend::None));
    }
    match (straight, converted(lat, lon)) {
        (_, Ok(point)) if atlas.has_shapes() && atlas.holds(point) => Ok((rounded(point), Mend::Swapped)),
        (Ok(point), _) => {
            let metres = atlas.metres_beyond(point).ok_or(Reason::Outside)?;
            Ok((rounded(point), Mend::NearBorder(metres)))
        }
        (Err(CoordError::NotFinite), _) => Err(Reason::CoordinateUnreadable),
        (Err(CoordError::NullIsland), _) => Err(Reason::CoordinateZero),
        (Err(CoordError::Swapped { .. }), _) => Err(Reason::CoordinateSuspect),
        (Err(_), _) => Err(Reason::CoordinateOutOfRange),
    }
}

fn given(row: &Row<'_>) -> Given {
    let Some(form) = &row.rules.form else { return Given::Nothing };
    match (&form.lon, &form.lat, &form.column) {
        (Some(lon), Some(lat), _) => two_columns(row.column(lon), row.column(lat)),
        (_, _, Some(column)) => one_column(row.column(column), form.order),
        _ => of_geometry(row),
    }
}

fn two_columns(lon: Option<String>, lat: Option<String>) -> Given {
    let (lon, lat) = match (lon, lat) {
        (None, None) => return Given::Nothing,
        (lon, lat) => (lon.unwrap_or_default(), lat.unwrap_or_default()),
    };
    match (lon.parse(), lat.parse()) {
        (Ok(lon), Ok(lat)) => Given::Pair(lon, lat),
        _ => Given::Unreadable(format!("{lon}, {lat}")),
    }
}

fn one_column(text: Option<String>, order: Option<Order>) -> Given {
    let Some(text) = text else { return Given::Nothing };
    let is_separator = |c: char| c.is_whitespace() || ",;()[]\u{ff0c}\u{ff1b}\u{ff08}\u{ff09}".contains(c);
    let parts: Vec<&str> = text.split(is_separator).filter(|part| !part.is_empty()).collect();
    let numbers: Result<Vec<f64>, _> = parts.iter().map(|part| part.parse::<f64>()).collect();
    match (numbers.as_deref(), order) {
        (Ok([lat, lng]), Some(Order::LatLng)) | (Ok([lng, lat]), _) => Given::Pair(*lng, *lat),
        _ => Given::Unreadable(text),
    }
}

// A building often comes as its outline: its label point stands for it.
fn of_geometry(row: &Row<'_>) -> Given {
    let Some(geometry) = &row.record.geometry else { return Given::Nothing };
    match (geometry.kind.as_str(), &geometry.coordinates) {
        ("Point", &Nested::Pair([lon, lat])) => Given::Pair(lon, lat),
        ("Polygon" | "MultiPolygon", _) => match shape::middle(geometry) {
            Some(point) => Given::Pair(point.lon, point.lat),
            None => Given::Unreadable(geometry.kind.clone()),
        },
        (kind, _) => Given::Unreadable(kind.to_owned()),
    }
}
