//! A sheet as `GeoJSON` (RFC 7946) that says its datum, its time and its source.

use fengtu_wire::geojson::Geometry;
use serde_json::{Map, Value, json};

use crate::desk::list::sheet::{Cell, Row, Sheet};

/// What a file says of itself beside its features.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The layer and the place, as people read it.
    pub title: String,
    /// When the state that it shows held, RFC 3339.
    pub time: String,
    /// Where the map comes from.
    pub source: String,
    /// The review number, where the map has one.
    pub review_number: Option<String>,
    /// Whether everything in it is invented.
    pub demo: bool,
}

/// Writes a sheet; `shape` returns the ground of a row that has one, others are points, those off the map `null`.
pub fn geojson(sheet: &Sheet, about: &About, shape: impl Fn(&Row) -> Option<Geometry>) -> String {
    let features: Vec<Value> = sheet.rows.iter().map(|row| feature(sheet, row, shape(row))).collect();
    let whole = json!({
        "type": "FeatureCollection",
        "title": about.title,
        "datum": "CGCS2000",
        "time": about.time,
        "source": about.source,
        "review_number": about.review_number,
        "demo": about.demo,
        "features": features,
    });
    whole.to_string()
}

fn feature(sheet: &Sheet, row: &Row, shape: Option<Geometry>) -> Value {
    let geometry = shape.or(row.at.map(Geometry::Point));
    let pairs = sheet.columns.iter().zip(&row.cells).map(|(column, cell)| (column.key.to_owned(), value(cell)));
    let properties: Map<String, Value> = pairs.collect();
    json!({ "type": "Feature", "id": row.key(), "geometry": geometry, "properties": properties })
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Count(n) => json!(n),
        Cell::Measure(value) => json!(value),
        Cell::Level(level) => json!(level.as_str()),
        Cell::Time(at) => json!(at.to_rfc3339()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::desk::list::sheet::tests::sheet;

    #[test]
    fn a_file_says_its_datum_and_keeps_what_is_not_on_the_map() {
        let about =
            About { title: "站点".to_owned(), time: "2026-03-01T00:00:00+08:00".to_owned(), ..About::default() };
        let text = geojson(&sheet(&[("甲", Cell::Measure(1.5)), ("lost", Cell::Empty)]), &about, |_| None);
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&whole["datum"], &whole["time"]), (&json!("CGCS2000"), &json!("2026-03-01T00:00:00+08:00")));
        assert_eq!(whole["features"][0]["geometry"], json!({"type": "Point", "coordinates": [113.9, 22.7]}));
        assert_eq!(whole["features"][0]["properties"], json!({"name": "甲", "n": 1.5}));
        assert_eq!((&whole["features"][1]["geometry"], &whole["features"][1]["id"]), (&Value::Null, &json!("lost")));
    }
}
