//! Reading lists of which some records may be wrong: those are counted and named, never drawn and never silently dropped.

use std::collections::HashSet;

use fengtu_wire::geojson::{Feature, FeatureType, Geometry, Position};
use serde::de::DeserializeOwned;

use super::dialect::Response;
use super::error::ApiError;
use super::json::{self, Json, Unreadable};

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
    pub fn add(&mut self, reason: &str) {
        self.count += 1;
        if self.reasons.len() < MAX_REASONS {
            self.reasons.push(reason.chars().take(160).collect());
        }
    }
}

/// What names a record in its list.
pub trait Keyed {
    /// Returns the name, unique in a sound list.
    fn key(&self) -> &str;
}

/// Reads one JSON value.
pub fn json<T: DeserializeOwned>(what: &'static str, response: &Response) -> Result<T, ApiError> {
    json::read(&response.body).map_err(|error| ApiError::decode(what, error))
}

/// Reads a page, record by record.
pub fn page<T: DeserializeOwned + Keyed>(what: &'static str, response: &Response) -> Result<Listed<T>, ApiError> {
    let mut sound = Sound::default();
    let rest = json::each(&response.body, "items", &mut |record| sound.take(record.read::<T>()));
    let rest = rest.map_err(|error| ApiError::decode(what, error))?;
    let beside = |error| ApiError::decode(what, error);
    let (next, total) = (rest.optional("next").map_err(beside)?, rest.optional("total").map_err(beside)?);
    Ok(Listed { items: sound.items, refused: sound.refused, next, total })
}

/// Reads features, one by one. A geometry that cannot be drawn makes the feature "not on the map" and is counted.
pub fn features<P: DeserializeOwned + Keyed>(
    what: &'static str,
    response: &Response,
) -> Result<Listed<Feature<P>>, ApiError> {
    let (mut sound, mut off_map) = (Sound::default(), Refused::default());
    let read = json::each(&response.body, "features", &mut |record| sound.take(feature::<P>(record, &mut off_map)));
    read.map_err(|error| ApiError::decode(what, error))?;
    let Sound { items, mut refused, .. } = sound;
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

/// Takes records as they come: the sound ones, each once.
struct Sound<T> {
    items: Vec<T>,
    refused: Refused,
    seen: HashSet<String>,
    index: usize,
}

impl<T> Default for Sound<T> {
    fn default() -> Self {
        Self { items: Vec::new(), refused: Refused::default(), seen: HashSet::new(), index: 0 }
    }
}

impl<T: Keyed> Sound<T> {
    fn take(&mut self, record: Result<T, Unreadable>) {
        let index = self.index;
        self.index += 1;
        match record {
            Ok(item) if self.seen.insert(item.key().to_owned()) => self.items.push(item),
            Ok(item) => self.refused.add(&format!("#{index}: {} a second time", item.key())),
            Err(error) => self.refused.add(&format!("#{index}: {error}")),
        }
    }
}

fn feature<P: DeserializeOwned + Keyed>(record: &Json<'_>, off_map: &mut Refused) -> Result<Feature<P>, Unreadable> {
    let properties: P = record.member("properties")?;
    let geometry = record.get("geometry").and_then(|geometry| {
        let read = geometry.read::<Geometry>().ok().filter(is_drawable);
        if read.is_none() {
            off_map.add(&format!("{}: its geometry cannot be drawn", properties.key()));
        }
        read
    });
    Ok(Feature { kind: FeatureType::Feature, geometry, properties })
}

/// Takes a position off what does not lie on the earth: it stands in lists as "not on the map", and is never drawn.
pub fn off_earth(at: &mut Option<Position>) {
    *at = at.filter(|at| is_on_earth(*at));
}

/// Whether a position lies on the earth; a swapped pair of Chinese coordinates does not.
pub fn is_on_earth(at: Position) -> bool {
    let [lon, lat] = at;
    lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0 && (lon != 0.0 || lat != 0.0)
}

/// Whether every position of a shape lies on the earth, and there are enough of them.
pub fn is_drawable(geometry: &Geometry) -> bool {
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
