//! `GeoJSON` (RFC 7946) as far as the protocol uses it: points, polygons, lines; longitude first, CGCS2000.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::json::{FromJson, Json, Unreadable};

/// A position: longitude and latitude in degrees, CGCS2000 (equal to WGS-84 for drawing).
pub type Position = [f64; 2];

/// A box: west, south, east, north in degrees.
pub type Bounds = [f64; 4];

/// The shape of a feature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", content = "coordinates")]
pub enum Geometry {
    /// One position.
    Point(Position),
    /// A line of at least two positions.
    LineString(Vec<Position>),
    /// Several lines.
    MultiLineString(Vec<Vec<Position>>),
    /// A closed outer ring, then its holes.
    Polygon(Vec<Vec<Position>>),
    /// Several polygons.
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

impl<'de> Deserialize<'de> for Geometry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_json(&Json::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl FromJson for Geometry {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        let coordinates = json.get("coordinates").unwrap_or(&Json::Null);
        let read = match json.field::<String>("type")?.as_str() {
            "Point" => position(coordinates).map(Self::Point),
            "LineString" => positions(coordinates).map(Self::LineString),
            "MultiLineString" => lines(coordinates).map(Self::MultiLineString),
            "Polygon" => lines(coordinates).map(Self::Polygon),
            "MultiPolygon" => each(coordinates, lines).map(Self::MultiPolygon),
            _ => None,
        };
        read.ok_or_else(|| Unreadable::new("a geometry of RFC 7946 was expected".to_owned()))
    }
}

fn position(json: &Json<'_>) -> Option<Position> {
    let Json::List(numbers) = json else { return None };
    // RFC 7946 allows a height as a third number; a map has no use for it.
    let (lon, lat) = match numbers.as_slice() {
        [lon, lat] => (lon, lat),
        [lon, lat, height] if height.read::<f64>().is_ok() => (lon, lat),
        _ => return None,
    };
    Some([lon.read().ok()?, lat.read().ok()?])
}

fn positions(json: &Json<'_>) -> Option<Vec<Position>> {
    each(json, position)
}

fn lines(json: &Json<'_>) -> Option<Vec<Vec<Position>>> {
    each(json, positions)
}

fn each<T>(json: &Json<'_>, read: impl Fn(&Json<'_>) -> Option<T>) -> Option<Vec<T>> {
    let Json::List(list) = json else { return None };
    list.iter().map(read).collect()
}

/// A feature with typed properties; the geometry is `null` for what is "not on the map".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feature<P> {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub kind: FeatureType,
    /// Where it is, if that is known and was asked for.
    pub geometry: Option<Geometry>,
    /// What it is.
    pub properties: P,
}

impl<P> Feature<P> {
    /// Joins a geometry and what stands there.
    pub const fn new(geometry: Option<Geometry>, properties: P) -> Self {
        Self { kind: FeatureType::Feature, geometry, properties }
    }
}

/// A list of features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureCollection<P> {
    /// Always `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: CollectionType,
    /// The features.
    pub features: Vec<Feature<P>>,
}

impl<P> FeatureCollection<P> {
    /// Wraps a list of features.
    pub const fn new(features: Vec<Feature<P>>) -> Self {
        Self { kind: CollectionType::FeatureCollection, features }
    }
}

/// The constant `Feature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FeatureType {
    /// The only value.
    #[default]
    Feature,
}

/// The constant `FeatureCollection`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CollectionType {
    /// The only value.
    #[default]
    FeatureCollection,
}

// Written by hand: the derive knows no fixed-size arrays, and nested coordinates say little in a schema anyway.
#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
    use utoipa::openapi::{ArrayBuilder, RefOr};

    impl utoipa::PartialSchema for super::Geometry {
        fn schema() -> RefOr<Schema> {
            let kinds = ["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];
            let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds));
            let any = ObjectBuilder::new().schema_type(utoipa::openapi::schema::SchemaType::AnyValue);
            let object = ObjectBuilder::new()
                .schema_type(Type::Object)
                .property("type", kind)
                .required("type")
                .property("coordinates", ArrayBuilder::new().items(any))
                .required("coordinates")
                .description(Some("A GeoJSON geometry (RFC 7946), longitude first."));
            RefOr::T(Schema::Object(object.build()))
        }
    }

    impl utoipa::ToSchema for super::Geometry {}
}
