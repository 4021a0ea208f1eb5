//! `GeoJSON` (RFC 7946) as far as the protocol uses it: points, polygons, lines; longitude first, CGCS2000.

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

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

// By hand: the derived reader of a tagged enum keeps two of everything, for either order of the members.
impl<'de> Deserialize<'de> for Geometry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Raw { kind, coordinates } = Raw::deserialize(from)?;
        let read = match kind.as_str() {
            "Point" => coordinates.position().map(Self::Point),
            "LineString" => coordinates.positions().map(Self::LineString),
            "MultiLineString" => coordinates.lines().map(Self::MultiLineString),
            "Polygon" => coordinates.lines().map(Self::Polygon),
            "MultiPolygon" => coordinates.polygons().map(Self::MultiPolygon),
            _ => None,
        };
        read.ok_or_else(|| D::Error::custom("a geometry of RFC 7946 was expected"))
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Nested,
}

/// Numbers in lists in lists.
enum Nested {
    Number(f64),
    List(Vec<Nested>),
}

impl Nested {
    fn position(&self) -> Option<Position> {
        let Self::List(numbers) = self else { return None };
        match numbers.as_slice() {
            // RFC 7946 allows a height as a third number; a map has no use for it.
            [Self::Number(lon), Self::Number(lat)] | [Self::Number(lon), Self::Number(lat), Self::Number(_)] => {
                Some([*lon, *lat])
            }
            _ => None,
        }
    }

    fn positions(&self) -> Option<Vec<Position>> {
        self.each(Self::position)
    }

    fn lines(&self) -> Option<Vec<Vec<Position>>> {
        self.each(Self::positions)
    }

    fn polygons(&self) -> Option<Vec<Vec<Vec<Position>>>> {
        self.each(Self::lines)
    }

    fn each<T>(&self, read: impl Fn(&Self) -> Option<T>) -> Option<Vec<T>> {
        let Self::List(list) = self else { return None };
        list.iter().map(read).collect()
    }
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NestedVisitor)
    }
}

struct NestedVisitor;

impl<'de> Visitor<'de> for NestedVisitor {
    type Value = Nested;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Nested, E> {
        Ok(Nested::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nested, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = list.next_element()? {
            read.push(element);
        }
        Ok(Nested::List(read))
    }
}

/// A feature with typed properties; the geometry is `null` for what is "not on the map".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FeatureType {
    /// The only value.
    #[default]
    Feature,
}

/// The constant `FeatureCollection`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
