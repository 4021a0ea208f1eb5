//! The ground: the built-in base map, and the tile servers of `config.json`.

use fengtu_geo::Datum;
use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::geojson::FeatureCollection;
use fengtu_wire::json::FromJson;
use fengtu_wire::text::LocalText;

use super::geometry;
use crate::api::backends::Backends;
use crate::api::json::Json;
use crate::map::model::{BaseMap, BaseShape, TileScheme, TileSource};

/// Reads the built-in base map; what has no geometry has nothing to draw.
pub fn base_map(features: &FeatureCollection<BaseFeature>) -> BaseMap {
    let shape = |feature: &fengtu_wire::geojson::Feature<BaseFeature>| {
        let geometry = geometry::base(feature.geometry.as_ref()?);
        Some(BaseShape { class: feature.properties.class, name: feature.properties.name.clone(), geometry })
    };
    BaseMap { shapes: features.features.iter().filter_map(shape).collect() }
}

/// A base map that an installation offers beside the built-in one.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseChoice {
    /// Its id in the address.
    pub id: String,
    /// What people read.
    pub name: LocalText,
    /// Where its tiles come from.
    pub source: TileSource,
}

#[derive(FromJson)]
struct Entry {
    id: String,
    url: String,
    datum: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    subdomains: Vec<String>,
    #[serde(default)]
    max_zoom: Option<u8>,
    #[serde(default)]
    cors: bool,
    #[serde(default)]
    attribution: String,
    #[serde(default)]
    review_number: Option<String>,
}

/// Reads `basemaps` of `config.json`; returns those that can be used, and how many cannot.
///
/// One without a known datum is refused: tiles that are 500 m off look right and are wrong.
pub fn choices(backends: &Backends) -> (Vec<BaseChoice>, usize) {
    let entries = backends.basemaps(choice);
    let all = entries.len();
    let read: Vec<BaseChoice> = entries.into_iter().flatten().collect();
    let refused = all - read.len();
    (read, refused)
}

fn choice(entry: &Json<'_>) -> Option<BaseChoice> {
    let name = name(entry.get("name")?)?;
    let entry: Entry = entry.read().ok()?;
    let attribution = [entry.attribution, entry.review_number.unwrap_or_default()];
    let source = TileSource {
        scheme: scheme(entry.kind.as_deref())?,
        datum: entry.datum.parse::<Datum>().ok()?,
        template: is_address(&entry.url).then_some(entry.url)?,
        subdomains: entry.subdomains,
        max_zoom: entry.max_zoom.unwrap_or(18),
        cors: entry.cors,
        attribution: attribution.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
    };
    Some(BaseChoice { id: entry.id, name, source })
}

/// Reads a name: in both languages, or one text for both.
fn name(value: &Json<'_>) -> Option<LocalText> {
    match value {
        Json::Text(text) => Some(LocalText::new(text.as_ref(), text.as_ref())),
        other => other.read().ok(),
    }
}

fn scheme(name: Option<&str>) -> Option<TileScheme> {
    match name {
        None | Some("xyz") => Some(TileScheme::Xyz),
        Some("tms") => Some(TileScheme::Tms),
        Some("wmts") => Some(TileScheme::Wmts),
        Some(_) => None,
    }
}

/// Whether a template can only be a picture over HTTP or a path of our own.
fn is_address(template: &str) -> bool {
    let web = ["https://", "http://"].iter().any(|start| template.starts_with(start));
    web || (template.starts_with('/') && !template.starts_with("//"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_base_map_without_a_datum_or_with_a_script_is_refused() {
        let good = json!({"id": "t", "name": "天地图", "url": "/tiles/{z}/{x}/{y}.png", "datum": "CGCS2000"});
        let no_datum = json!({"id": "a", "name": "A", "url": "/t/{z}"});
        let script = json!({"id": "b", "name": "B", "url": "javascript:1", "datum": "GCJ02"});
        let odd = json!({"id": "c", "name": "C", "url": "/t", "datum": "WGS84", "kind": "quadkey"});
        let default = json!({"dialect": "fengtu", "base": "/api/v1"});
        let file = json!({"backends": {"default": default}, "basemaps": [good, no_datum, script, odd, 7]});
        let (read, refused) = choices(&Backends::read(file.to_string().as_bytes()).unwrap());
        assert_eq!((read.len(), refused), (1, 4));
        assert_eq!(read.first().map(|c| (c.source.datum, c.source.max_zoom)), Some((Datum::Cgcs2000, 18)));
    }

    /// Every example of the guide, as somebody would copy it.
    #[test]
    fn what_the_guide_shows_can_be_used() {
        for guide in [include_str!("../../docs/guide/zh/config.md"), include_str!("../../docs/guide/en/config.md")] {
            let examples: Vec<serde_json::Value> = guide
                .split("```json")
                .skip(1)
                .filter_map(|rest| serde_json::from_str(rest.split("```").next()?).ok())
                .filter(|value: &serde_json::Value| value.get("url").is_some())
                .collect();
            let default = json!({"dialect": "fengtu", "base": "/api/v1"});
            let file = json!({"backends": {"default": default}, "basemaps": examples});
            let (read, refused) = choices(&Backends::read(file.to_string().as_bytes()).unwrap());
            assert_eq!((read.len(), refused), (4, 0));
            let schemes: Vec<_> = read.iter().map(|choice| choice.source.scheme).collect();
            assert_eq!(schemes, [TileScheme::Wmts, TileScheme::Xyz, TileScheme::Xyz, TileScheme::Tms]);
            assert_eq!(read.first().map(|choice| choice.source.attribution.contains(" · ")), Some(true));
        }
    }
}
