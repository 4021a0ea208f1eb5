//! Places, grids, stations, buildings.

use std::collections::BTreeSet;

use fengtu_geo::LonLat;
use serde_json::{Map, Value, json};

use super::asked::{Asked, is_inside};
use super::failed::{self, Failed};
use super::tree::Tree;
use super::{good, map};
use crate::exchange::{Answer, Request};
use crate::problem::Trouble;
use crate::record::Understood;
use crate::record::refused::Refused;
use crate::speech::list::{Cursor, Gathered, MAX_PAGES, Wanted};
use crate::speech::{Backend, Talk};

/// Most places of one kind.
const MAX_FEATURES: usize = 100_000;

/// What stands beside the features of an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    pub refused: Refused,
    pub applied_here: BTreeSet<&'static str>,
    /// What they are joined by and could not be had now.
    pub failed: Vec<Failed>,
}

/// Returns all features of a resource in our contract's shape.
pub(crate) async fn features(talk: &Talk, resource: &str) -> Result<(Vec<Value>, Beside), Trouble> {
    asked_features(talk, resource, &Asked { limit: MAX_FEATURES, ..Asked::default() }).await
}

async fn asked_features(talk: &Talk, resource: &str, asked: &Asked) -> Result<(Vec<Value>, Beside), Trouble> {
    let root = talk.inner.district.root.clone();
    let found =
        talk.inner.of(resource).and_then(|backend| Some((backend, backend.mapping.as_ref()?.resources.get(resource)?)));
    let Some((backend, mapped)) = found else {
        // Where nobody serves places, the district itself is one; of the rest there is none.
        let only = if resource == "places" { vec![top(talk)] } else { Vec::new() };
        return Ok((only, Beside::default()));
    };
    let fails = |fields: &Map<String, Value>| outside(fields, resource, asked);
    let start = Cursor::START;
    let wanted = Wanted {
        resource,
        filters: &asked.filters,
        names: &[],
        limit: MAX_FEATURES,
        start,
        fails: &fails,
        most_pages: MAX_PAGES,
        is_whole: true,
        secret: None,
    };
    let Gathered { items, refused, applied_here, .. } = talk.gather(backend, mapped, wanted).await?;
    let mut features: Vec<Value> = items.into_iter().map(|item| shaped(resource, item, &root)).collect();
    if resource == "places" && !features.iter().any(|f| f.pointer("/properties/id") == Some(&json!(root))) {
        features.insert(0, top(talk));
    }
    Ok((features, Beside { refused, applied_here, failed: Vec::new() }))
}

fn outside(fields: &Map<String, Value>, resource: &str, asked: &Asked) -> Option<&'static str> {
    let bbox = asked.filters.bbox?;
    let is_in = if resource == "stations" {
        is_inside(fields.get("geometry"), bbox)
    } else {
        let [west, south, east, north] = bbox;
        let asked = fengtu_geo::BBox { west, south, east, north };
        map::area(fields.get("geometry")).and_then(|area| area.bbox()).is_some_and(|b| b.intersects(&asked))
    };
    (!is_in).then_some("bbox")
}

/// The top of the tree.
fn top(talk: &Talk) -> Value {
    let config = talk.inner.district.config(talk.now);
    let bounds = config.bounds;
    let centre = bounds.map(|[west, south, east, north]| [f64::midpoint(west, east), f64::midpoint(south, north)]);
    json!({"type": "Feature", "geometry": null, "properties": {
        "id": talk.inner.district.root, "level": "district", "parent": null, "name": config.name.zh,
        "name_en": config.name.en, "population": null, "area_m2": null, "centre": centre, "bounds": bounds}})
}

/// Makes a feature of our contract out of our fields.
fn shaped(resource: &str, item: Understood, root: &str) -> Value {
    let mut fields = item.fields;
    let geometry = fields.remove("geometry");
    match resource {
        "grids" => grid(&mut fields, geometry.as_ref(), root),
        "places" => place(&mut fields, geometry.as_ref(), root),
        _ => {}
    }
    let geometry = match geometry {
        Some(at @ Value::Array(_)) => Some(json!({"type": "Point", "coordinates": at})),
        other => other,
    };
    map::feature(geometry, fields)
}

fn grid(fields: &mut Map<String, Value>, geometry: Option<&Value>, root: &str) {
    fields.entry("parent").or_insert_with(|| json!(root));
    let area = || map::area(geometry).map(|area| area.area_m2()).filter(|area| area.is_finite()).unwrap_or_default();
    fields.entry("area_m2").or_insert_with(|| json!(area().round()));
    let id = fields.get("id").cloned().unwrap_or_default();
    if fields.get("name").is_none_or(|name| name == "") {
        fields.insert("name".to_owned(), id);
    }
}

fn place(fields: &mut Map<String, Value>, geometry: Option<&Value>, root: &str) {
    let is_root = fields.get("id").and_then(Value::as_str) == Some(root);
    let area = map::area(geometry);
    let bbox = area.as_ref().and_then(fengtu_geo::MultiPolygon::bbox);
    let centre = area.as_ref().and_then(fengtu_geo::MultiPolygon::interior_point);
    fields.entry("bounds").or_insert_with(|| json!(bbox.map(|bbox| map::bounds(&bbox))));
    fields.entry("centre").or_insert_with(|| json!(centre.map(|LonLat { lon, lat }| [lon, lat])));
    let parent = if is_root { Value::Null } else { json!(root) };
    fields.entry("parent").or_insert(parent);
    for absent in ["name_en", "population", "area_m2"] {
        fields.entry(absent).or_insert(Value::Null);
    }
}

/// Writes an answer of features.
fn collection(features: Vec<Value>, beside: &Beside) -> Answer {
    good(&json!({"type": "FeatureCollection", "features": features,
        "refused": beside.refused.json(), "applied_here": beside.applied_here,
        "failed": failed::listed(&beside.failed)}))
}

/// `GET /places`.
pub(crate) async fn places(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let asked = Asked::read(request)?;
    let (mut features, mut beside) = features(talk, "places").await?;
    let text = |feature: &Value, name: &str| {
        feature.pointer(&format!("/properties/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    for name in ["level", "parent"] {
        let wanted: Vec<&str> = request.parameters(name).collect();
        features.retain(|feature| wanted.is_empty() || wanted.contains(&text(feature, name).as_str()));
    }
    if let Some(q) = asked.q.as_ref().map(|q| q.to_lowercase()) {
        features.retain(|f| ["id", "name", "name_en"].iter().any(|name| text(f, name).to_lowercase().contains(&q)));
    }
    if let Some(bbox) = asked.filters.bbox {
        features.retain(|feature| meets(feature.pointer("/properties/bounds"), bbox));
    }
    within(talk, &mut features, &mut beside, asked.place.as_deref(), "id").await?;
    if request.parameter("geometry") != Some("true") {
        features.iter_mut().filter_map(|feature| feature.get_mut("geometry")).for_each(|shape| *shape = Value::Null);
    }
    Ok(collection(features, &beside))
}

/// Whether a box of ours meets another.
fn meets(bounds: Option<&Value>, [west, south, east, north]: [f64; 4]) -> bool {
    let bounds: Option<[f64; 4]> = bounds.and_then(|bounds| serde_json::from_value(bounds.clone()).ok());
    bounds.is_some_and(|[w, s, e, n]| w <= east && e >= west && s <= north && n >= south)
}

/// `GET /grids`.
pub(crate) async fn grids(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let asked = Asked::read(request)?;
    let (mut features, mut beside) = asked_features(talk, "grids", &asked).await?;
    within(talk, &mut features, &mut beside, asked.place.as_deref(), "id").await?;
    Ok(collection(features, &beside))
}

/// `GET /stations`: one without a place, or of a place that there is not, belongs to the grid that it stands in.
pub(crate) async fn stations(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let asked = Asked::read(request)?;
    let (mut features, mut beside) = asked_features(talk, "stations", &asked).await?;
    if !features.is_empty() {
        // Where each names its place nobody waits for a tree; what is known of it tells of places that there are not.
        let lacks = |feature: &Value| feature.pointer("/properties/place").is_none_or(Value::is_null);
        let tree = if features.iter().any(lacks) {
            let tree = talk.tree().await;
            beside.failed.clone_from(&tree.failed);
            tree
        } else {
            talk.known_tree()
        };
        for feature in &mut features {
            let at = feature.pointer("/geometry/coordinates").and_then(|at| serde_json::from_value(at.clone()).ok());
            let named = feature.pointer("/properties/place").and_then(Value::as_str);
            let place = json!(tree.place_of(named, at, &talk.inner.district.root));
            if let Some(properties) = feature.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("place".to_owned(), place);
            }
        }
    }
    keep_words(&mut features, &asked);
    within(talk, &mut features, &mut beside, asked.place.as_deref(), "place").await?;
    Ok(collection(features, &beside))
}

fn keep_words(features: &mut Vec<Value>, asked: &Asked) {
    for (name, field) in [("level", "level"), ("service", "services"), ("circle", "circles")] {
        let words: Vec<&str> = asked.words(name).collect();
        let has = |value: &Value| match value {
            Value::Array(list) => list.iter().any(|one| one.as_str().is_some_and(|one| words.contains(&one))),
            one => one.as_str().is_some_and(|one| words.contains(&one)),
        };
        features.retain(|f| words.is_empty() || f.pointer(&format!("/properties/{field}")).is_some_and(has));
    }
}

/// Keeps what lies in a node of the tree.
async fn within(
    talk: &Talk,
    features: &mut Vec<Value>,
    beside: &mut Beside,
    place: Option<&str>,
    field: &str,
) -> Result<(), Trouble> {
    let Some(place) = place.filter(|place| *place != talk.inner.district.root) else { return Ok(()) };
    let tree = talk.tree().await;
    tree.is_had()?;
    let is_in = |id: &Value| id.as_str().is_some_and(|id| tree.is_within(id, place));
    features.retain(|feature| feature.pointer(&format!("/properties/{field}")).is_some_and(is_in));
    beside.applied_here.insert("place");
    beside.failed.clone_from(&tree.failed);
    Ok(())
}

async fn doors(talk: &Talk, backend: &Backend, asked: &Asked, is_whole: bool) -> Result<Option<Gathered>, Trouble> {
    let Some(mapped) = backend.mapping.as_ref().and_then(|mapping| mapping.resources.get("buildings")) else {
        return Ok(None);
    };
    let searches = mapped.filters.contains_key("q");
    let place = asked.place.as_deref().filter(|place| *place != talk.inner.district.root);
    let tree = if place.is_some() { Some(talk.tree().await) } else { None };
    tree.as_ref().map(|tree| tree.is_had()).transpose()?;
    let is_outside = |fields: &Map<String, Value>| {
        place.zip(tree.as_ref()).is_some_and(|(place, tree)| !lies_in(tree, fields, place, &talk.inner.district.root))
    };
    let fails = |fields: &Map<String, Value>| {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let wanted = asked.q.as_ref().filter(|_| !searches).map(|q| q.to_lowercase());
        let is_found =
            wanted.is_none_or(|q| ["code", "name", "address"].into_iter().any(|name| text(name).contains(&q)));
        let is_in = asked.filters.bbox.is_none_or(|bbox| is_inside(fields.get("at"), bbox));
        match (is_found, is_in) {
            (false, _) => Some("q"),
            (_, false) => Some("bbox"),
            _ => is_outside(fields).then_some("place"),
        }
    };
    let start = asked.cursor.clone().unwrap_or(Cursor::START);
    let wanted = Wanted {
        resource: "buildings",
        filters: &asked.filters,
        names: &[],
        limit: asked.limit,
        start,
        fails: &fails,
        most_pages: MAX_PAGES,
        is_whole,
        secret: None,
    };
    let mut found = talk.gather(backend, mapped, wanted).await?;
    if place.is_some() {
        found.applied_here.insert("place");
        found.total = None;
    }
    Ok(Some(found))
}

/// Whether a building's place, or the grid around it, lies in a place.
fn lies_in(tree: &Tree, fields: &Map<String, Value>, place: &str, root: &str) -> bool {
    let at = fields.get("at").and_then(|at| serde_json::from_value(at.clone()).ok());
    let own = tree.place_of(fields.get("place").and_then(Value::as_str), at, root);
    own.is_some_and(|own| tree.is_within(own, place))
}

/// `GET /buildings`: none where no backend has them.
pub(crate) async fn buildings(talk: &Talk, backend: &Backend, request: &Request) -> Result<Answer, Trouble> {
    let found = doors(talk, backend, &Asked::read(request)?, false).await?.unwrap_or_default();
    let items: Vec<Value> = found.items.into_iter().map(|item| Value::Object(item.fields)).collect();
    let next = found.next.map(|cursor| cursor.write());
    Ok(good(&json!({"items": items, "next": next, "total": found.total, "refused": found.refused.json(),
        "applied_here": found.applied_here})))
}

/// `GET /buildings/points`.
pub(crate) async fn building_points(talk: &Talk, backend: &Backend, request: &Request) -> Result<Answer, Trouble> {
    let asked = Asked { limit: MAX_FEATURES, ..Asked::read(request)? };
    let found = doors(talk, backend, &asked, true).await?.unwrap_or_default();
    let refused = found.refused.json();
    let (mut columns, mut off_map) = ((Vec::new(), Vec::new(), Vec::new(), Vec::new()), 0);
    for fields in found.items.into_iter().map(|item| item.fields) {
        let number = |index: usize| fields.get("at").and_then(|at| at.get(index)).and_then(Value::as_f64);
        let (Some(lon), Some(lat)) = (number(0), number(1)) else {
            off_map += 1;
            continue;
        };
        columns.0.push(fields.get("code").cloned().unwrap_or_default());
        columns.1.push(lon);
        columns.2.push(lat);
        columns.3.push(fields.get("population").and_then(Value::as_u64).unwrap_or_default());
    }
    Ok(good(&json!({"codes": columns.0, "lon": columns.1, "lat": columns.2, "population": columns.3,
        "not_on_map": off_map, "refused": refused})))
}
