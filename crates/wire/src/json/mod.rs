//! JSON as a tree, and how a wire type is read from one.
//!
//! A wire type's reader ([`FromJson`]) is compiled once, and each of its fields is one call; serde's derived visitors, compiled for each
//! source and form, made up a third of the residents' page (decision 0006). Of two members of one name the first counts. Lists are taken
//! record by record, so that a tree is never larger than one record.

mod build;
mod read;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeSeed;

use build::Builder;
pub use fengtu_wire_derive::FromJson;
pub use read::FromJson;

/// A JSON value as it came; text without escapes is borrowed from the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number from 0.
    Unsigned(u64),
    /// A whole number below 0.
    Signed(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, in the order that it came in.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Why an answer could not be read: where in it, and what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(String);

/// Reads a whole answer as a tree.
pub fn parse(body: &[u8]) -> Result<Json<'_>, Unreadable> {
    serde_json::from_str(text(body)?).map_err(Unreadable::of)
}

/// Reads a whole answer as one value.
pub fn read<T: FromJson>(body: &[u8]) -> Result<T, Unreadable> {
    parse(body)?.read()
}

/// Hands over the records under `list` one after another, and returns what stands beside the list.
pub fn each<'a>(body: &'a [u8], list: &str, record: &mut dyn FnMut(&Json<'a>)) -> Result<Json<'a>, Unreadable> {
    let mut parser = serde_json::Deserializer::from_str(text(body)?);
    let rest = Builder::Page(list, record).deserialize(&mut parser).and_then(|rest| parser.end().map(|()| rest));
    let rest = rest.map_err(Unreadable::of)?;
    match rest.get(list) {
        Some(Json::List(_)) => Ok(rest),
        _ => Err(Unreadable(format!("an object with the list {list:?} was expected"))),
    }
}

fn text(body: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(body).map_err(Unreadable::of)
}

impl Json<'_> {
    /// Returns a member of an object; `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        let found = members.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        found.filter(|value| **value != Json::Null)
    }

    /// Reads a member that must be there.
    pub fn member<T: FromJson>(&self, name: &'static str) -> Result<T, Unreadable> {
        let member = self.get(name).ok_or_else(|| Unreadable::missing(name))?;
        member.read().map_err(|error| error.inside(name))
    }

    /// Reads a member that may be absent.
    pub fn optional<T: FromJson>(&self, name: &'static str) -> Result<Option<T>, Unreadable> {
        self.get(name).map(|member| member.read().map_err(|error| error.inside(name))).transpose()
    }

    /// Returns the members of an object that is a member itself; an absent one has none.
    pub fn members_of(&self, name: &'static str) -> Result<&[(Cow<'_, str>, Self)], Unreadable> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Json::Object(members)) => Ok(members),
            Some(other) => Err(other.mismatch("an object").inside(name)),
        }
    }

    #[inline(never)]
    fn mismatch(&self, expected: &str) -> Unreadable {
        let here = match self {
            Json::Null => "null",
            Json::Bool(_) => "true or false",
            Json::Unsigned(_) | Json::Signed(_) | Json::Float(_) => "a number",
            Json::Text(_) => "text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        };
        Unreadable(format!("{here} where {expected} was expected"))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Unreadable {
    /// Says what is wrong.
    pub const fn new(message: String) -> Self {
        Self(message)
    }

    /// Says what another reader says.
    pub fn of(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    #[inline(never)]
    fn missing(name: &str) -> Self {
        Self(format!("missing field `{name}`"))
    }

    /// Says that a name is not known.
    #[inline(never)]
    pub fn unknown(name: &str) -> Self {
        Self(format!("unknown variant `{name}`"))
    }

    #[inline(never)]
    fn inside(self, name: &str) -> Self {
        Self(format!("{name}: {}", self.0))
    }
}
