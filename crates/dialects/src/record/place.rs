//! Positions and shapes in the forms that servers have, out of their datum into ours.

use fengtu_geo::datum::to_wgs84;
use fengtu_geo::{Datum, LonLat};
use serde_json::{Value, json};

use super::value::{first, number, plain, shown};
use super::{Reader, value};
use crate::mapping::expression::{Expr, Form};

/// Most corners of one shape.
const MAX_CORNERS: usize = 200_000;

/// Reads a position; `None` where the record has none.
pub(crate) fn point(expr: &Expr, raw: &Value, reader: &Reader<'_>) -> Result<Option<[f64; 2]>, String> {
    let pair = match &expr.place.apart {
        Some((lon, lat)) => match (first(lon, raw), first(lat, raw)) {
            (Some(lon), Some(lat)) => Some((number(lon)?.unwrap_or(f64::NAN), number(lat)?.unwrap_or(f64::NAN))),
            _ => None,
        },
        None => match value::find(expr, raw) {
            Some(found) => Some(pair(&found, expr)?),
            None => None,
        },
    };
    pair.map(|(a, b)| ground(expr, reader)?.at(a, b)).transpose()
}

/// Reads a shape as `GeoJSON`; `None` where the record has none.
pub(crate) fn shape(expr: &Expr, raw: &Value, reader: &Reader<'_>) -> Result<Option<Value>, String> {
    let found = match &expr.place.apart {
        Some(_) => return Ok(point(expr, raw, reader)?.map(|at| json!({"type": "Point", "coordinates": at}))),
        None => value::find(expr, raw),
    };
    let Some(found) = found else { return Ok(None) };
    let (kind, nested) = nested(&found, expr.place.form)?;
    let mut corners = 0;
    let moved = ground(expr, reader)?.all(&nested, 0, &mut corners)?;
    Ok(Some(json!({"type": kind, "coordinates": moved})))
}

/// What turns two numbers of theirs into a position of ours.
struct Ground<'a> {
    datum: Datum,
    latitude_first: bool,
    reader: &'a Reader<'a>,
}

fn ground<'a>(expr: &Expr, reader: &'a Reader<'a>) -> Result<Ground<'a>, String> {
    let datum = expr.place.datum.or(reader.setting.datum).ok_or("a coordinate without a datum")?;
    // Two pointers name which is which.
    let latitude_first = expr.place.latitude_first && expr.place.apart.is_none();
    Ok(Ground { datum, latitude_first, reader })
}

impl Ground<'_> {
    fn at(&self, a: f64, b: f64) -> Result<[f64; 2], String> {
        let (lon, lat) = if self.latitude_first { (b, a) } else { (a, b) };
        let sound = match &self.reader.district {
            // Far outside is what a wrong order, datum or unit looks like.
            Some(area) => LonLat::new_within(lon, lat, &area.padded(0.5)),
            None => LonLat::new(lon, lat),
        };
        let at = to_wgs84(self.datum, sound.map_err(|error| error.to_string())?);
        Ok([rounded(at.lon), rounded(at.lat)])
    }

    fn all(&self, nested: &Value, depth: u8, corners: &mut usize) -> Result<Value, String> {
        let Value::Array(list) = nested else { return Err("coordinates were expected".to_owned()) };
        if let [a, b, ..] = list.as_slice()
            && !a.is_array()
        {
            *corners += 1;
            let (a, b) = (number(a)?.unwrap_or(f64::NAN), number(b)?.unwrap_or(f64::NAN));
            return self.at(a, b).map(|at| json!(at));
        }
        if depth > 4 || *corners > MAX_CORNERS || list.is_empty() {
            return Err("coordinates that nest too deep, are too many, or none".to_owned());
        }
        list.iter().map(|inner| self.all(inner, depth + 1, corners)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }
}

/// A hundredth of a millimetre is enough, and travels in half the bytes.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e8).round() / 1e8
}

fn pair(found: &Value, expr: &Expr) -> Result<(f64, f64), String> {
    let (kind, nested) = nested(found, expr.place.form)?;
    let first_of = |list: &Value| list.get(0).cloned().unwrap_or(Value::Null);
    let pair = match kind.as_str() {
        "Point" => nested,
        "MultiPoint" => first_of(&nested),
        _ => return Err(format!("a {kind} where a point was expected")),
    };
    let read = |index: usize| pair.get(index).map(number).transpose().map(Option::flatten);
    match (read(0)?, read(1)?) {
        (Some(a), Some(b)) => Ok((a, b)),
        _ => Err("two numbers were expected".to_owned()),
    }
}

/// Returns the kind of geometry and its coordinates, nested as `GeoJSON` nests them.
fn nested(found: &Value, form: Form) -> Result<(String, Value), String> {
    match form {
        Form::GeoJson => geojson(found),
        Form::Esri => esri(found),
        Form::Wkt => wkt(&plain(found).ok_or_else(|| format!("{} where text was expected", shown(found)))?),
        Form::Pair => numbers(found).map(|pair| ("Point".to_owned(), pair)),
        Form::Ring => ring(found),
    }
}

/// The geometries that can be read.
const KINDS: [&str; 6] = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];

fn geojson(found: &Value) -> Result<(String, Value), String> {
    if let Value::String(text) = found {
        let read: Value = serde_json::from_str(text).map_err(|_| "the text is no GeoJSON".to_owned())?;
        return if read.is_object() { geojson(&read) } else { Err("the text is no GeoJSON".to_owned()) };
    }
    let kind = found.get("type").and_then(Value::as_str).unwrap_or_default();
    match found.get("coordinates") {
        Some(coordinates) if KINDS.contains(&kind) => Ok((kind.to_owned(), coordinates.clone())),
        _ => Err("a geometry of GeoJSON was expected".to_owned()),
    }
}

fn esri(found: &Value) -> Result<(String, Value), String> {
    if let (Some(x), Some(y)) = (found.get("x"), found.get("y")) {
        return Ok(("Point".to_owned(), json!([x, y])));
    }
    if let Some(rings) = found.get("rings") {
        // Every ring as a part of its own would fill holes: they are few in grids, and one shell is the rule.
        return Ok(("Polygon".to_owned(), rings.clone()));
    }
    found.get("paths").map_or_else(
        || Err("a geometry of ArcGIS was expected".to_owned()),
        |paths| Ok(("MultiLineString".to_owned(), paths.clone())),
    )
}

/// Two numbers in a list, or in a text with a comma, a semicolon or a space between.
fn numbers(found: &Value) -> Result<Value, String> {
    match found {
        Value::Array(_) => Ok(found.clone()),
        Value::Object(_) => {
            let either = |names: [&str; 3]| names.iter().find_map(|name| found.get(*name)).cloned();
            match (either(["lng", "lon", "longitude"]), either(["lat", "latitude", "y"])) {
                (Some(lon), Some(lat)) => Ok(json!([lon, lat])),
                _ => Err("an object without lng and lat".to_owned()),
            }
        }
        Value::String(text) => {
            let parts = text.split([',', '，', ';', ' ']).map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(|part| json!(part)).collect()))
        }
        other => Err(format!("{} where two numbers were expected", shown(other))),
    }
}

fn ring(found: &Value) -> Result<(String, Value), String> {
    let corners: Vec<Value> = match found {
        Value::Array(list) => list.clone(),
        Value::String(text) => {
            text.split([';', '|']).filter(|part| !part.trim().is_empty()).map(|part| json!(part)).collect()
        }
        other => return Err(format!("{} where corners were expected", shown(other))),
    };
    let mut corners = corners.iter().map(numbers).collect::<Result<Vec<_>, _>>()?;
    if corners.first() != corners.last() {
        corners.extend(corners.first().cloned());
    }
    if corners.len() < 4 {
        return Err("fewer than three corners".to_owned());
    }
    Ok(("Polygon".to_owned(), json!([corners])))
}

/// Reads `POLYGON((113.9 22.7, …))` by turning it into nested lists.
fn wkt(text: &str) -> Result<(String, Value), String> {
    let wrong = || "well-known text was expected".to_owned();
    let text = text.rsplit(';').next().unwrap_or_default().trim();
    let at = text.find('(').ok_or_else(wrong)?;
    let (name, rest) = text.split_at(at);
    let name = name.trim().trim_end_matches(['Z', 'M', 'z', 'm']).trim().to_ascii_uppercase();
    let kind = match name.as_str() {
        "POINT" => "Point",
        "LINESTRING" => "LineString",
        "POLYGON" => "Polygon",
        "MULTIPOLYGON" => "MultiPolygon",
        "MULTILINESTRING" => "MultiLineString",
        _ => return Err(wrong()),
    };
    let json = as_json(rest).ok_or_else(wrong)?;
    let read: Value = serde_json::from_str(&json).map_err(|_| wrong())?;
    // A point has its numbers in one pair of brackets too many.
    let coordinates = if kind == "Point" { read.get(0).cloned().ok_or_else(wrong)? } else { read };
    Ok((kind.to_owned(), coordinates))
}

/// Turns `((1 2, 3 4))` into `[[[1,2],[3,4]]]`.
fn as_json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len() * 2);
    let mut numbers: Vec<f64> = Vec::new();
    let mut word = String::new();
    let flush = |word: &mut String, numbers: &mut Vec<f64>| -> Option<()> {
        if !word.is_empty() {
            numbers.push(std::mem::take(word).parse().ok().filter(|n: &f64| n.is_finite())?);
        }
        Some(())
    };
    for c in text.chars() {
        match c {
            '(' => json.push('['),
            ')' | ',' => {
                flush(&mut word, &mut numbers)?;
                if !numbers.is_empty() {
                    json.push_str(&serde_json::to_string(&numbers).ok()?);
                    numbers.clear();
                }
                json.push(if c == ')' { ']' } else { ',' });
            }
            c if c.is_whitespace() => flush(&mut word, &mut numbers)?,
            c => word.push(c),
        }
    }
    Some(json)
}
