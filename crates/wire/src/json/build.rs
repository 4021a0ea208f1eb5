//! From text to a tree.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Json;

/// Hands over the records of a list as they are read.
pub(super) type Taker<'r, 'a> = &'r mut dyn FnMut(&Json<'a>);

/// What to do with a value.
///
/// One visitor takes whatever stands there: a second one that takes objects alone would bring the parser's words for what
/// stands there instead, and with them the printing of every kind of number.
pub(super) enum Builder<'r, 'a> {
    /// Keep it.
    Tree,
    /// Keep it, but hand over the records of the list of this name.
    Page(&'r str, Taker<'r, 'a>),
    /// Hand over the records, and keep nothing of a list.
    Records(Taker<'r, 'a>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Builder::Tree)
    }
}

impl<'de> DeserializeSeed<'de> for Builder<'_, 'de> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Builder<'_, 'de> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut kept = Vec::new();
        while let Some(value) = list.next_element::<Json<'de>>()? {
            match &mut self {
                Self::Records(take) => take(&value),
                Self::Tree | Self::Page(..) => kept.push(value),
            }
        }
        Ok(Json::List(kept))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = object.next_key::<Json<'de>>()? {
            let name = name_of(key);
            let how = match &mut self {
                Self::Page(list, take) if *list == name => Builder::Records(&mut **take),
                _ => Builder::Tree,
            };
            let value = object.next_value_seed(how)?;
            members.push((name, value));
        }
        Ok(Json::Object(members))
    }
}

/// Returns a key's text; JSON has no other keys.
fn name_of(key: Json<'_>) -> Cow<'_, str> {
    match key {
        Json::Text(name) => name,
        _ => Cow::Borrowed(""),
    }
}
