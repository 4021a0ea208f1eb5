//! What stands for a field: a pointer, a constant, several joined; and how what is found there is to be read.

use std::collections::BTreeMap;

use chrono::FixedOffset;
use fengtu_geo::Datum;
use serde_json::Value;

use super::node::Node;

/// How one field of ours is had from a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub source: Source,
    /// Their words for ours; what is not in it is refused, unless there is `otherwise`.
    pub table: Option<BTreeMap<String, String>>,
    pub otherwise: Option<String>,
    pub time: Time,
    /// Of a time that names no offset, where it is not as the mapping has it.
    pub offset: Option<FixedOffset>,
    /// Fen, metres, people … per unit of theirs.
    pub factor: f64,
    /// What stands between the parts of a list that comes as text.
    pub split: Option<String>,
    pub place: PlaceForm,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    /// The first of these pointers at which something stands.
    At(Vec<String>),
    /// Always this.
    Value(Value),
    /// Texts one after another: pointers, and words that stand for themselves.
    Join(Vec<String>),
}

/// How a time is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Time {
    /// RFC 3339, or date and time in one of the usual ways without an offset, which the mapping then gives.
    Usual,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// A format of chrono's.
    Format(String),
}

/// How a position or a shape is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct PlaceForm {
    /// Pointers to longitude and latitude by themselves.
    pub apart: Option<(Vec<String>, Vec<String>)>,
    pub form: Form,
    pub latitude_first: bool,
    pub datum: Option<Datum>,
}

/// The form of a position or shape that stands at one pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Form {
    /// A geometry of RFC 7946, also as text.
    #[default]
    GeoJson,
    /// Well-known text, with or without `SRID=…;`.
    Wkt,
    /// `x`, `y` or `rings` of `ArcGIS`.
    Esri,
    /// Two numbers, in a list or in a text with a comma between.
    Pair,
    /// Corners of one ring: a list of pairs, or a text `lon,lat;lon,lat`.
    Ring,
}

/// What holds for every field of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Setting {
    pub datum: Option<Datum>,
    pub offset: Option<FixedOffset>,
}

/// What says where a field stands: one of these.
pub(crate) const SOURCES: [&[&str]; 4] = [&["at"], &["value"], &["join"], &["lon", "lat"]];

const MEMBERS: [&str; 16] = [
    "at",
    "value",
    "join",
    "table",
    "else",
    "time",
    "utc_offset",
    "unit",
    "times",
    "split",
    "lon",
    "lat",
    "form",
    "order",
    "datum",
    "note",
];

impl Expr {
    fn of(source: Source) -> Self {
        let place = PlaceForm::default();
        let time = Time::Usual;
        Self { source, table: None, otherwise: None, time, offset: None, factor: 1.0, split: None, place }
    }

    /// Reads `"/pointer"`, a list of pointers, or `{"at"|"value"|"join"|"lon"+"lat": …, …}`.
    pub fn read(node: &Node<'_>) -> Option<Self> {
        if !node.value.is_object() {
            return Some(Self::of(Source::At(node.pointers())));
        }
        node.only(&MEMBERS);
        let mut read = Self::of(source(node)?);
        read.table = node.get("table").map(|table| table.pairs().into_iter().collect());
        read.otherwise = node.get("else").and_then(|node| node.plain());
        read.time = node.get("time").and_then(|node| time(&node)).unwrap_or(Time::Usual);
        read.offset = node.get("utc_offset").and_then(|node| offset(&node));
        read.factor = factor(node);
        read.split = node.get("split").and_then(|node| node.text().map(str::to_owned));
        read.place = place(node);
        Some(read)
    }

    /// Returns their words for one of ours.
    pub fn theirs<'a>(&'a self, ours: &'a str) -> Vec<&'a str> {
        match &self.table {
            Some(table) => table.iter().filter(|(_, word)| *word == ours).map(|(raw, _)| raw.as_str()).collect(),
            None => vec![ours],
        }
    }
}

fn source(node: &Node<'_>) -> Option<Source> {
    let pointers = |name: &str| node.get(name).map(|at| at.pointers());
    let is_named = |names: &&&[&str]| names.iter().any(|name| node.get(name).is_some());
    if SOURCES.iter().filter(is_named).count() > 1 {
        node.fault(
            "“at”、“value”、“join”、“lon” 加 “lat” 只能写一种：多写的不会被读取",
            "only one of \"at\", \"value\", \"join\", \"lon\" with \"lat\" can hold: what is written beside it would not be read",
        );
    }
    if let Some(value) = node.get("value") {
        return Some(Source::Value(value.value.clone()));
    }
    if let Some(parts) = node.get("join") {
        return Some(Source::Join(parts.texts()));
    }
    if let Some(at) = pointers("at") {
        return Some(Source::At(at));
    }
    if node.get("lon").is_some() && node.get("lat").is_some() {
        return Some(Source::At(Vec::new()));
    }
    node.fault(
        "需要 “at”、“value”、“join”，或 “lon” 加 “lat” 之一",
        "one of \"at\", \"value\", \"join\", or \"lon\" with \"lat\" is needed",
    );
    None
}

fn time(node: &Node<'_>) -> Option<Time> {
    match node.text()? {
        "iso" => Some(Time::Usual),
        "unix" => Some(Time::Unix),
        "unix_ms" => Some(Time::UnixMs),
        format if is_format(format) => Some(Time::Format(format.to_owned())),
        _ => {
            node.fault(
                "应为 “iso”“unix”“unix_ms”，或 “%Y-%m-%d %H:%M:%S” 这样的格式",
                "\"iso\", \"unix\", \"unix_ms\", or a format such as \"%Y-%m-%d %H:%M:%S\" was expected",
            );
            None
        }
    }
}

pub(crate) fn is_format(format: &str) -> bool {
    use chrono::format::{Item, StrftimeItems};
    format.contains('%') && !StrftimeItems::new(format).any(|item| matches!(item, Item::Error))
}

/// Money comes in several units, anything else may be scaled.
fn factor(node: &Node<'_>) -> f64 {
    const UNITS: [(&str, f64); 3] = [("fen", 1.0), ("yuan", 100.0), ("wan_yuan", 1_000_000.0)];
    let unit = node.get("unit").and_then(|node| node.one_of(&UNITS)).unwrap_or(1.0);
    let times = node.get("times").map_or(Some(1.0), |node| {
        let times = node.value.as_f64().filter(|times| times.is_finite());
        if times.is_none() {
            node.fault("这里应为数字", "a number was expected");
        }
        times
    });
    unit * times.unwrap_or(1.0)
}

fn place(node: &Node<'_>) -> PlaceForm {
    const FORMS: [(&str, Form); 5] = [
        ("geojson", Form::GeoJson),
        ("wkt", Form::Wkt),
        ("esri", Form::Esri),
        ("pair", Form::Pair),
        ("ring", Form::Ring),
    ];
    const ORDERS: [(&str, bool); 2] = [("lonlat", false), ("latlon", true)];
    let apart = node.get("lon").zip(node.get("lat")).map(|(lon, lat)| (lon.pointers(), lat.pointers()));
    PlaceForm {
        apart,
        form: node.get("form").and_then(|node| node.one_of(&FORMS)).unwrap_or_default(),
        latitude_first: node.get("order").and_then(|node| node.one_of(&ORDERS)).unwrap_or_default(),
        datum: node.get("datum").and_then(|node| datum(&node)),
    }
}

/// Reads the name of a datum.
pub(crate) fn datum(node: &Node<'_>) -> Option<Datum> {
    let read = node.text()?.parse().ok();
    if read.is_none() {
        node.fault("应为 WGS84、CGCS2000、GCJ02 或 BD09", "WGS84, CGCS2000, GCJ02 or BD09 was expected");
    }
    read
}

/// Reads an offset such as `+08:00`.
pub(crate) fn offset(node: &Node<'_>) -> Option<FixedOffset> {
    let read = node.text()?.parse().ok();
    if read.is_none() {
        node.fault("应为 “+08:00” 这样的时区", "an offset such as \"+08:00\" was expected");
    }
    read
}
