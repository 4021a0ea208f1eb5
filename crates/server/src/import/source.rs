//! The two formats, taken apart into rows of named cells.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::Value;

use super::mapping::Mapping;
use super::report::FileError;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// A `FeatureCollection`.
    GeoJson,
}

impl Format {
    /// Tells the format by the mapping, else by the file's name.
    pub fn of(mapping: &Mapping, name: &str) -> Result<Self, FileError> {
        let ending = name.rsplit('.').next().unwrap_or_default();
        match mapping.format.as_deref().unwrap_or(ending).to_ascii_lowercase().as_str() {
            "csv" | "txt" | "tsv" => Ok(Self::Csv),
            "geojson" | "json" => Ok(Self::GeoJson),
            _ => Err(FileError::UnknownFormat),
        }
    }
}

/// A file taken apart.
pub struct Table {
    /// Which of the two it was.
    pub format: Format,
    /// Its rows.
    pub records: Vec<Record>,
    columns: Vec<String>,
    by_name: HashMap<String, usize>,
}

/// A row.
pub struct Record {
    /// The line of a CSV file, the number of a feature; from 1.
    pub row: u64,
    /// The shape, in `GeoJSON`.
    pub geometry: Option<RawGeometry>,
    cells: Cells,
}

enum Cells {
    Csv(csv::StringRecord),
    Json(Value),
}

/// A geometry before anything is believed of it.
#[derive(Deserialize)]
pub struct RawGeometry {
    /// Its kind, such as `Polygon`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Its coordinates.
    #[serde(default)]
    pub coordinates: Nested,
}

/// Coordinates, nested as deep as they come.
#[derive(Default)]
pub enum Nested {
    /// What is neither number nor list.
    #[default]
    Bad,
    /// A number.
    Number(f64),
    /// A position; heights are left off.
    Pair([f64; 2]),
    /// A list.
    List(Vec<Nested>),
}

/// Takes a file apart.
pub fn table(bytes: &[u8], format: Format, mapping: &Mapping) -> Result<Table, FileError> {
    let text = decode(bytes, mapping.encoding.as_deref())?;
    let table = match format {
        Format::Csv => csv_table(&text, mapping)?,
        Format::GeoJson => geojson_table(&text)?,
    };
    if table.records.is_empty() {
        return Err(FileError::Empty);
    }
    match mapping.columns().into_iter().find(|column| !table.has(column)) {
        Some(column) => Err(FileError::MissingColumn { column: column.to_owned(), has: table.columns.join(", ") }),
        None => Ok(table),
    }
}

impl Table {
    /// Returns a cell as text without space around it; numbers and booleans of `GeoJSON` as they are written.
    pub fn cell<'a>(&self, record: &'a Record, column: &str) -> Option<Cow<'a, str>> {
        match &record.cells {
            Cells::Csv(cells) => cells.get(*self.by_name.get(column)?).map(|cell| Cow::Borrowed(cell.trim())),
            Cells::Json(properties) => text_of(property(properties, column)?),
        }
    }

    /// Tells whether a row has as many cells as the header.
    pub fn is_whole(&self, record: &Record) -> bool {
        match &record.cells {
            Cells::Csv(cells) => cells.len() == self.columns.len(),
            Cells::Json(_) => true,
        }
    }

    /// Lists the columns that the mapping neither uses nor ignores.
    pub fn unused(&self, mapping: &Mapping) -> Vec<String> {
        let used = mapping.columns();
        let is_used = |column: &str| {
            let top = |path: &&str| path.trim_start_matches('/').split(['.', '/']).next() == Some(column);
            used.contains(column) || self.format == Format::GeoJson && used.iter().any(top)
        };
        let is_ignored = |column: &String| mapping.ignore.contains(column);
        self.columns.iter().filter(|column| !is_used(column) && !is_ignored(column)).cloned().collect()
    }

    // In GeoJSON a property may be left out of any feature: that one feature has it is enough.
    fn has(&self, column: &str) -> bool {
        let has = |record: &Record| matches!(&record.cells, Cells::Json(value) if property(value, column).is_some());
        self.by_name.contains_key(column) || self.records.iter().any(has)
    }
}

fn decode<'a>(bytes: &'a [u8], encoding: Option<&str>) -> Result<Cow<'a, str>, FileError> {
    let name = encoding.unwrap_or("utf-8");
    let encoding =
        encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| FileError::UnknownEncoding(name.to_owned()))?;
    let (text, _, had_errors) = encoding.decode(bytes);
    if had_errors { Err(FileError::WrongEncoding(name.to_owned())) } else { Ok(text) }
}

fn csv_table(text: &str, mapping: &Mapping) -> Result<Table, FileError> {
    let unreadable = |error: csv::Error| FileError::Unreadable(error.to_string());
    let delimiter = mapping.delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let columns: Vec<String> =
        reader.headers().map_err(unreadable)?.iter().map(|name| name.trim().to_owned()).collect();
    let by_name = numbered(&columns)?;
    if ends_in_quotes(text, delimiter) {
        return Err(FileError::Unreadable("the last record ends inside quotes".to_owned()));
    }
    let mut records = Vec::new();
    for cells in reader.into_records() {
        let cells = cells.map_err(unreadable)?;
        let row = cells.position().map_or(0, csv::Position::line);
        records.push(Record { row, geometry: None, cells: Cells::Csv(cells) });
    }
    Ok(Table { format: Format::Csv, records, columns, by_name })
}

/// Tells whether a quoted field is never closed: all rows after its start would be read as one.
fn ends_in_quotes(text: &str, delimiter: u8) -> bool {
    let mut bytes = text.trim_start_matches('\u{feff}').bytes().peekable();
    let (mut quoted, mut at_start) = (false, true);
    while let Some(byte) = bytes.next() {
        match byte {
            // A doubled quote is one of the text.
            b'"' if quoted => quoted = bytes.next_if_eq(&b'"').is_some(),
            b'"' if at_start => quoted = true,
            _ => {}
        }
        at_start = !quoted && (byte == delimiter || byte == b'\n' || byte == b'\r');
    }
    quoted
}

fn numbered(columns: &[String]) -> Result<HashMap<String, usize>, FileError> {
    let mut by_name = HashMap::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        if by_name.insert(column.clone(), index).is_some() && !column.is_empty() {
            return Err(FileError::DuplicateColumn(column.clone()));
        }
    }
    Ok(by_name)
}

#[derive(Deserialize)]
struct RawCollection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    crs: Value,
    features: Vec<RawFeature>,
}

#[derive(Deserialize)]
struct RawFeature {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    geometry: Option<RawGeometry>,
    #[serde(default)]
    properties: Value,
}

fn geojson_table(text: &str) -> Result<Table, FileError> {
    let all: RawCollection = serde_json::from_str(text).map_err(|error| FileError::Unreadable(error.to_string()))?;
    if all.kind != "FeatureCollection" {
        return Err(FileError::Unreadable(format!("GeoJSON {}: not a FeatureCollection", all.kind)));
    }
    check_crs(&all.crs)?;
    let records: Vec<Record> = all.features.into_iter().zip(1..).map(feature_record).collect();
    let names: BTreeSet<String> = records.iter().flat_map(property_names).collect();
    let columns: Vec<String> = names.into_iter().collect();
    let by_name = numbered(&columns)?;
    Ok(Table { format: Format::GeoJson, records, columns, by_name })
}

// A feature's own id is read under the name "id", unless a property has that name.
fn feature_record((feature, row): (RawFeature, u64)) -> Record {
    let mut properties = feature.properties;
    if let Value::Object(map) = &mut properties
        && !feature.id.is_null()
    {
        map.entry("id").or_insert(feature.id);
    }
    Record { row, geometry: feature.geometry, cells: Cells::Json(properties) }
}

fn property_names(record: &Record) -> Vec<String> {
    match &record.cells {
        Cells::Json(Value::Object(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

// The old GeoJSON could name its coordinate system; one in metres would be nonsense as degrees.
fn check_crs(crs: &Value) -> Result<(), FileError> {
    let Some(name) = crs.pointer("/properties/name").and_then(Value::as_str) else { return Ok(()) };
    let plain = name.rsplit(':').next().unwrap_or_default();
    if matches!(plain, "CRS84" | "4326" | "4490" | "84") {
        Ok(())
    } else {
        Err(FileError::ProjectedCrs(name.to_owned()))
    }
}

fn property<'a>(properties: &'a Value, path: &str) -> Option<&'a Value> {
    if path.starts_with('/') {
        return properties.pointer(path);
    }
    let dotted = || path.split('.').try_fold(properties, |value, name| value.get(name));
    properties.get(path).or_else(dotted)
}

fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => Some(Cow::Borrowed("")),
        Value::String(text) => Some(Cow::Borrowed(text.trim())),
        Value::Bool(_) | Value::Number(_) => Some(Cow::Owned(value.to_string())),
        Value::Array(items) => {
            let parts: Vec<_> = items.iter().filter_map(text_of).collect();
            Some(Cow::Owned(parts.join(",")))
        }
        Value::Object(_) => None,
    }
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NestedVisitor)
    }
}

struct NestedVisitor;

impl<'de> Visitor<'de> for NestedVisitor {
    type Value = Nested;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Nested, E> {
        Ok(Nested::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    // Numbers in quotation marks are common, and mean what they say.
    fn visit_str<E>(self, text: &str) -> Result<Nested, E> {
        Ok(text.trim().parse().map_or(Nested::Bad, Nested::Number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Nested, E> {
        Ok(Nested::Bad)
    }

    fn visit_unit<E>(self) -> Result<Nested, E> {
        Ok(Nested::Bad)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, _: A) -> Result<Nested, A::Error> {
        Err(A::Error::custom("an object among coordinates"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Nested, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(match list.as_slice() {
            [Nested::Number(x), Nested::Number(y), ..] => Nested::Pair([*x, *y]),
            _ => Nested::List(list),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ends_in_quotes;

    #[test]
    fn only_a_quote_that_is_never_closed_is_found() {
        for sound in
            ["a,b\n1,2\n", "\u{feff}\"a\",b\n", "a\n\"one \"\"two\"\"\"\n", "a,b\n5\" pipe,\"x\ny\"\n", "a\n\"\"\n"]
        {
            assert!(!ends_in_quotes(sound, b','), "{sound:?}");
        }
        for open in ["a,b\n1,\"2\n3,4\n", "\"", "a\n\"\"\"x\n"] {
            assert!(ends_in_quotes(open, b','), "{open:?}");
        }
    }
}
