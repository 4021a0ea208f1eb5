//! Reading lists of which some records may be wrong: those are counted and named, never drawn and never silently dropped.

use std::collections::HashSet;

use fengtu_wire::geojson::{Feature, FeatureType, Geometry, Position};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::dialect::Response;
use super::error::ApiError;

/// A list as it could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The records that are sound, in the server's order.
    pub items: Vec<T>,
    /// Those that are not.
    pub refused: Refused,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are in all, if that was asked.
    pub total: Option<u64>,
}

/// Records that were not taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refused {
    /// How many.
    pub count: usize,
    /// Why, for the first twenty.
    pub reasons: Vec<String>,
}

/// Most reasons that are kept; the count goes on.
const MAX_REASONS: usize = 20;

impl Refused {
    /// Counts one more.
    pub fn add(&mut self, reason: impl FnOnce() -> String) {
        self.count += 1;
        if self.reasons.len() < MAX_REASONS {
            self.reasons.push(reason().chars().take(160).collect());
        }
    }
}

/// What names a record in its list.
pub trait Keyed {
    /// Returns the name, unique in a sound list.
    fn key(&self) -> &str;
}

#[derive(Deserialize)]
struct RawPage<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    #[serde(default)]
    next: Option<String>,
    #[serde(default)]
    total: Option<u64>,
}

#[derive(Deserialize)]
struct RawCollection<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawFeature<'a, P> {
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
    properties: P,
}

/// Reads one JSON value.
pub fn json<T: DeserializeOwned>(what: &'static str, response: &Response) -> Result<T, ApiError> {
    serde_json::from_slice(&response.body).map_err(|error| ApiError::decode(what, error))
}

/// Reads a page, record by record.
pub fn page<T: DeserializeOwned + Keyed>(what: &'static str, response: &Response) -> Result<Listed<T>, ApiError> {
    let raw: RawPage<'_> = serde_json::from_slice(&response.body).map_err(|e| ApiError::decode(what, e))?;
    let (items, refused) = sound(raw.items.into_iter().map(|raw| serde_json::from_str::<T>(raw.get())));
    Ok(Listed { items, refused, next: raw.next, total: raw.total })
}

/// Reads features, one by one. A geometry that cannot be drawn makes the feature "not on the map" and is counted.
pub fn features<P: DeserializeOwned + Keyed>(
    what: &'static str,
    response: &Response,
) -> Result<Listed<Feature<P>>, ApiError> {
    let raw: RawCollection<'_> = serde_json::from_slice(&response.body).map_err(|e| ApiError::decode(what, e))?;
    let mut off_map = Refused::default();
    let read = raw.features.iter().map(|raw| feature::<P>(raw.get(), &mut off_map));
    let (items, mut refused) = sound(read);
    refused.count += off_map.count;
    refused.reasons.extend(off_map.reasons);
    refused.reasons.truncate(MAX_REASONS);
    Ok(Listed { items, refused, next: None, total: None })
}

impl<P: Keyed> Keyed for Feature<P> {
    fn key(&self) -> &str {
        self.properties.key()
    }
}

fn sound<T: Keyed>(read: impl Iterator<Item = serde_json::Result<T>>) -> (Vec<T>, Refused) {
    let (mut items, mut refused) = (Vec::new(), Refused::default());
    let mut seen = HashSet::new();
    for (index, item) in read.enumerate() {
        match item {
            Ok(item) if seen.insert(item.key().to_owned()) => items.push(item),
            Ok(item) => refused.add(|| format!("#{index}: {} a second time", item.key())),
            Err(error) => refused.add(|| format!("#{index}: {error}")),
        }
    }
    (items, refused)
}

fn feature<P: DeserializeOwned + Keyed>(raw: &str, off_map: &mut Refused) -> serde_json::Result<Feature<P>> {
    let raw: RawFeature<'_, P> = serde_json::from_str(raw)?;
    let geometry = raw.geometry.filter(|g| g.get() != "null").and_then(|g| {
        let read = serde_json::from_str::<Geometry>(g.get()).ok().filter(is_drawable);
        if read.is_none() {
            off_map.add(|| format!("{}: its geometry cannot be drawn", raw.properties.key()));
        }
        read
    });
    Ok(Feature { kind: FeatureType::Feature, geometry, properties: raw.properties })
}

/// Whether a position lies on the earth; a swapped pair of Chinese coordinates does not.
pub fn is_on_earth(at: Position) -> bool {
    let [lon, lat] = at;
    lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0 && (lon != 0.0 || lat != 0.0)
}

fn is_drawable(geometry: &Geometry) -> bool {
    let line = |line: &Vec<Position>| line.len() >= 2 && line.iter().all(|p| is_on_earth(*p));
    let rings = |rings: &Vec<Vec<Position>>| {
        !rings.is_empty() && rings.iter().all(|ring| ring.len() >= 4 && ring.iter().all(|p| is_on_earth(*p)))
    };
    match geometry {
        Geometry::Point(at) => is_on_earth(*at),
        Geometry::LineString(positions) => line(positions),
        Geometry::MultiLineString(lines) => !lines.is_empty() && lines.iter().all(line),
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => !polygons.is_empty() && polygons.iter().all(rings),
    }
}
