//! Positions and shapes in the forms that servers have, out of their datum into ours.

use fengtu_geo::datum::to_wgs84;
use fengtu_geo::{CoordError, Datum, LonLat};
use serde_json::{Value, json};

use super::reason::Reason;
use super::value::{first, number, plain, unexpected};
use super::{Reader, value};
use crate::mapping::expression::{Expr, Form};

/// Most corners of one shape.
const MAX_CORNERS: usize = 200_000;

/// Reads a position; `None` where the record has none.
pub(crate) fn point(expr: &Expr, raw: &Value, reader: &Reader<'_>) -> Result<Option<[f64; 2]>, Reason> {
    let pair = match &expr.place.apart {
        Some((lon, lat)) => match (first(lon, raw), first(lat, raw)) {
            (Some(lon), Some(lat)) => Some((number(lon)?.unwrap_or(f64::NAN), number(lat)?.unwrap_or(f64::NAN))),
            (None, None) => None,
            _ => return Err(Reason::new("经度与纬度只有一个", "one of two coordinates is missing")),
        },
        None => match value::find(expr, raw) {
            Some(found) => Some(pair(&found, expr)?),
            None => None,
        },
    };
    pair.map(|(a, b)| ground(expr, reader)?.at(a, b)).transpose()
}

/// Reads a shape as `GeoJSON`; `None` where the record has none.
pub(crate) fn shape(expr: &Expr, raw: &Value, reader: &Reader<'_>) -> Result<Option<Value>, Reason> {
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

fn ground<'a>(expr: &Expr, reader: &'a Reader<'a>) -> Result<Ground<'a>, Reason> {
    let datum = expr.place.datum.or(reader.setting.datum);
    let datum = datum.ok_or_else(|| Reason::new("坐标没有写明坐标系", "a coordinate without a datum"))?;
    // Two pointers name which is which.
    let latitude_first = expr.place.latitude_first && expr.place.apart.is_none();
    Ok(Ground { datum, latitude_first, reader })
}

impl Ground<'_> {
    fn at(&self, a: f64, b: f64) -> Result<[f64; 2], Reason> {
        let (lon, lat) = if self.latitude_first { (b, a) } else { (a, b) };
        let sound = match &self.reader.district {
            // Far outside is what a wrong order, datum or unit looks like.
            Some(area) => LonLat::new_within(lon, lat, &area.padded(0.5)),
            None => LonLat::new(lon, lat),
        };
        let at = to_wgs84(self.datum, sound.map_err(unsound)?);
        Ok([rounded(at.lon), rounded(at.lat)])
    }

    fn all(&self, nested: &Value, depth: u8, corners: &mut usize) -> Result<Value, Reason> {
        let Value::Array(list) = nested else {
            return Err(Reason::new("这里应为坐标", "coordinates were expected"));
        };
        if let [a, b, ..] = list.as_slice()
            && !a.is_array()
        {
            *corners += 1;
            let (a, b) = (number(a)?.unwrap_or(f64::NAN), number(b)?.unwrap_or(f64::NAN));
            return self.at(a, b).map(|at| json!(at));
        }
        if depth > 4 || *corners > MAX_CORNERS || list.is_empty() {
            return Err(Reason::new(
                "坐标嵌套过深、过多，或者一个也没有",
                "coordinates that nest too deep, are too many, or none",
            ));
        }
        list.iter().map(|inner| self.all(inner, depth + 1, corners)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }
}

/// Says why a pair of numbers is no position.
fn unsound(error: CoordError) -> Reason {
    let zh = match error {
        CoordError::NotFinite => "坐标不是有限的数".to_owned(),
        CoordError::OutOfRange { lon, lat } => format!("坐标 {lon}, {lat} 超出经纬度的范围"),
        CoordError::Swapped { lon, lat } => format!("经度与纬度像是写反了：{lon}, {lat}"),
        CoordError::NullIsland => "坐标是 0, 0：多半是没有填写".to_owned(),
        CoordError::Outside { lon, lat } => format!("坐标 {lon}, {lat} 在应有的范围之外"),
    };
    Reason::new(zh, error.to_string())
}

/// A hundredth of a millimetre is enough, and travels in half the bytes.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e8).round() / 1e8
}

fn pair(found: &Value, expr: &Expr) -> Result<(f64, f64), Reason> {
    let (kind, nested) = nested(found, expr.place.form)?;
    let first_of = |list: &Value| list.get(0).cloned().unwrap_or(Value::Null);
    let pair = match kind.as_str() {
        "Point" => nested,
        "MultiPoint" => first_of(&nested),
        _ => {
            let (zh, en) = (format!("这里是 {kind}，应为点"), format!("a {kind} where a point was expected"));
            return Err(Reason::new(zh, en));
        }
    };
    let read = |index: usize| pair.get(index).map(number).transpose().map(Option::flatten);
    match (read(0)?, read(1)?) {
        (Some(a), Some(b)) => Ok((a, b)),
        _ => Err(Reason::new("这里应为两个数", "two numbers were expected")),
    }
}

/// Returns the kind of geometry and its coordinates, nested as `GeoJSON` nests them.
fn nested(found: &Value, form: Form) -> Result<(String, Value), Reason> {
    match form {
        Form::GeoJson => geojson(found),
        Form::Esri => esri(found),
        Form::Wkt => wkt(&plain(found).ok_or_else(|| unexpected(found, "文字", "text was"))?),
        Form::Pair => numbers(found).map(|pair| ("Point".to_owned(), pair)),
        Form::Ring => ring(found),
    }
}

/// The geometries that can be read.
const KINDS: [&str; 6] = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];

fn geojson(found: &Value) -> Result<(String, Value), Reason> {
    if let Value::String(text) = found {
        let read: Option<Value> = serde_json::from_str(text).ok().filter(Value::is_object);
        return geojson(&read.ok_or_else(|| Reason::new("这段文字不是 GeoJSON", "the text is no GeoJSON"))?);
    }
    let kind = found.get("type").and_then(Value::as_str).unwrap_or_default();
    match found.get("coordinates") {
        Some(coordinates) if KINDS.contains(&kind) => Ok((kind.to_owned(), coordinates.clone())),
        _ => Err(Reason::new("这里应为 GeoJSON 的几何", "a geometry of GeoJSON was expected")),
    }
}

fn esri(found: &Value) -> Result<(String, Value), Reason> {
    if let (Some(x), Some(y)) = (found.get("x"), found.get("y")) {
        return Ok(("Point".to_owned(), json!([x, y])));
    }
    if let Some(Value::Array(rings)) = found.get("rings") {
        let mut parts = super::rings::parts(rings);
        return Ok(match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => ("Polygon".to_owned(), only),
            (last, _) => ("MultiPolygon".to_owned(), parts.into_iter().chain(last).collect()),
        });
    }
    found.get("paths").map_or_else(
        || Err(Reason::new("这里应为 ArcGIS 的几何", "a geometry of ArcGIS was expected")),
        |paths| Ok(("MultiLineString".to_owned(), paths.clone())),
    )
}

/// Two numbers in a list, or in a text with a comma, a semicolon or a space between.
fn numbers(found: &Value) -> Result<Value, Reason> {
    match found {
        Value::Array(_) => Ok(found.clone()),
        Value::Object(_) => {
            let either = |names: [&str; 3]| names.iter().find_map(|name| found.get(*name)).cloned();
            match (either(["lng", "lon", "longitude"]), either(["lat", "latitude", "y"])) {
                (Some(lon), Some(lat)) => Ok(json!([lon, lat])),
                _ => Err(Reason::new("对象中没有 lng 与 lat", "an object without lng and lat")),
            }
        }
        Value::String(text) => {
            let parts = text.split([',', '，', ';', ' ']).map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(|part| json!(part)).collect()))
        }
        other => Err(unexpected(other, "两个数", "two numbers were")),
    }
}

fn ring(found: &Value) -> Result<(String, Value), Reason> {
    let corners: Vec<Value> = match found {
        Value::Array(list) => list.clone(),
        Value::String(text) => {
            text.split([';', '|']).filter(|part| !part.trim().is_empty()).map(|part| json!(part)).collect()
        }
        other => return Err(unexpected(other, "角点", "corners were")),
    };
    let mut corners = corners.iter().map(numbers).collect::<Result<Vec<_>, _>>()?;
    if corners.first() != corners.last() {
        corners.extend(corners.first().cloned());
    }
    if corners.len() < 4 {
        return Err(Reason::new("角点不足三个", "fewer than three corners"));
    }
    Ok(("Polygon".to_owned(), json!([corners])))
}

/// Reads `POLYGON((113.9 22.7, …))` by turning it into nested lists.
fn wkt(text: &str) -> Result<(String, Value), Reason> {
    let wrong = || Reason::new("这里应为 WKT", "well-known text was expected");
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
