//! Reading lists of which some records may be wrong: those are counted and named, never drawn and never silently dropped.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use fengtu_wire::geojson::{Feature, FeatureType, Geometry, Position};
use fengtu_wire::json::FromJson;

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
    /// The filters that the backend does not know: they were applied to what it sent, before us.
    pub applied_here: Vec<String>,
}

/// Records that were not taken, and what else an answer says of how whole it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refused {
    /// How many.
    pub count: usize,
    /// Why, for the first twenty; a translator's in both languages, for [`told`](crate::i18n::told).
    pub reasons: Vec<String>,
    /// How many of them were not read at all: the list goes on.
    pub unread: usize,
    /// It was read in pages that have no certain order: some may be missing.
    pub is_unordered: bool,
    /// The backends that did not answer.
    pub silent: Vec<Silent>,
}

/// A backend that did not answer, beside others that did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// Its name in `config.json`.
    pub backend: String,
    /// What it was asked for.
    pub resource: String,
    /// What it said, or how it failed; a translator's in both languages.
    pub detail: String,
    /// When it answered last: that stands in for it; absent: nothing does.
    pub since: Option<DateTime<Utc>>,
}

impl Silent {
    /// Whether it is about the same backend and the same question.
    fn is_of(&self, other: &Self) -> bool {
        (&self.backend, &self.resource) == (&other.backend, &other.resource)
    }
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

    /// Adds those that a translator of another dialect has refused before us; it names them beside the list.
    fn join(&mut self, rest: &Json<'_>) {
        self.silent = silent(rest);
        if let Some(before) = rest.get("refused") {
            self.add_all(&Self::read(before));
        }
    }

    /// Reads what a translator of another dialect has refused.
    pub fn read(told: &Json<'_>) -> Self {
        let number = |name| told.member::<u64>(name).unwrap_or_default() as usize;
        Self {
            count: number("count"),
            reasons: told.member("reasons").unwrap_or_default(),
            unread: number("unread"),
            is_unordered: matches!(told.get("is_unordered"), Some(Json::Bool(true))),
            silent: Vec::new(),
        }
    }

    /// Adds those of another list.
    pub fn add_all(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.unread = self.unread.saturating_add(other.unread);
        self.is_unordered |= other.is_unordered;
        self.reasons.extend(other.reasons.iter().cloned());
        self.reasons.truncate(MAX_REASONS);
        self.add_silent(&other.silent);
    }

    /// Adds another answer of a list of which one was heard already: what both say is counted once.
    pub fn add_beyond(&mut self, heard: &Self, other: &Self) {
        let mut more = other.clone();
        more.count = more.count.saturating_sub(heard.count);
        more.unread = more.unread.saturating_sub(heard.unread);
        more.reasons.retain(|reason| !heard.reasons.contains(reason));
        self.add_all(&more);
    }

    /// Returns the rest where the silence of some backends is said elsewhere on the page.
    #[must_use]
    pub fn without_silent(&self, said: &[Silent]) -> Self {
        let mut rest = self.clone();
        rest.silent.retain(|one| !said.iter().any(|said| said.is_of(one)));
        rest
    }

    /// Adds backends that did not answer, each once for what it was asked for.
    pub fn add_silent(&mut self, silent: &[Silent]) {
        for one in silent {
            if !self.silent.iter().any(|known| known.is_of(one)) {
                self.silent.push(one.clone());
            }
        }
    }

    /// Whether all is there, and in order.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads who did not answer.
pub fn silent(told: &Json<'_>) -> Vec<Silent> {
    let Some(Json::List(failed)) = told.get("failed") else { return Vec::new() };
    let one = |failed: &Json<'_>| {
        let text = |name| failed.optional::<String>(name).ok().flatten();
        let since = text("since").and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
        Some(Silent {
            backend: text("backend")?,
            resource: text("resource")?,
            detail: text("detail").unwrap_or_default(),
            since: since.map(|at| at.to_utc()),
        })
    };
    failed.iter().filter_map(one).collect()
}

/// What names a record in its list.
pub trait Keyed {
    /// Returns the name, unique in a sound list.
    fn key(&self) -> &str;
}

/// Reads one JSON value.
pub fn json<T: FromJson>(what: &'static str, response: &Response) -> Result<T, ApiError> {
    json::read(&response.body).map_err(|error| ApiError::decode(what, error))
}

/// Reads a page, record by record.
pub fn page<T: FromJson + Keyed>(what: &'static str, response: &Response) -> Result<Listed<T>, ApiError> {
    let mut sound = Sound::default();
    let rest = json::each(&response.body, "items", &mut |record| sound.take(record.read::<T>()));
    let rest = rest.map_err(|error| ApiError::decode(what, error))?;
    let beside = |error| ApiError::decode(what, error);
    let (next, total) = (rest.optional("next").map_err(beside)?, rest.optional("total").map_err(beside)?);
    sound.refused.join(&rest);
    Ok(Listed { items: sound.items, refused: sound.refused, next, total, applied_here: applied_here(&rest) })
}

/// Reads features, one by one. A geometry that cannot be drawn makes the feature "not on the map" and is counted.
pub fn features<P: FromJson + Keyed>(what: &'static str, response: &Response) -> Result<Listed<Feature<P>>, ApiError> {
    let (mut sound, mut off_map) = (Sound::default(), Refused::default());
    let read = json::each(&response.body, "features", &mut |record| sound.take(feature::<P>(record, &mut off_map)));
    let rest = read.map_err(|error| ApiError::decode(what, error))?;
    let Sound { items, mut refused, .. } = sound;
    refused.join(&rest);
    refused.add_all(&off_map);
    Ok(Listed { items, refused, next: None, total: None, applied_here: applied_here(&rest) })
}

/// Reads what a translator of another dialect says of the filters.
fn applied_here(rest: &Json<'_>) -> Vec<String> {
    rest.member("applied_here").unwrap_or_default()
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

fn feature<P: FromJson + Keyed>(record: &Json<'_>, off_map: &mut Refused) -> Result<Feature<P>, Unreadable> {
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
