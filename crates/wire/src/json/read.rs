//! From a tree to a wire type.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};

use super::{Json, Unreadable};
use crate::times;

/// What can be read from a tree: an object where a struct is wanted and nothing else, a name where an enum is.
pub trait FromJson: Sized {
    /// Reads it.
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable>;

    /// Returns what it is where it is absent; `None`: it may not be.
    fn absent() -> Option<Self> {
        None
    }
}

impl Json<'_> {
    /// Reads a value of any type.
    pub fn read<T: FromJson>(&self) -> Result<T, Unreadable> {
        T::from_json(self)
    }

    /// Refuses all but objects, in whose place the type of this name stands.
    #[inline(never)]
    pub fn expect_object(&self, name: &str) -> Result<(), Unreadable> {
        if matches!(self, Self::Object(_)) { Ok(()) } else { Err(self.mismatch(&format!("struct {name}"))) }
    }

    /// Reads a member that is absent only where its type may be.
    pub fn field<T: FromJson>(&self, name: &'static str) -> Result<T, Unreadable> {
        match self.named(name) {
            Some(member) => T::from_json(member).map_err(|error| error.inside(name)),
            None => T::absent().ok_or_else(|| Unreadable::missing(name)),
        }
    }

    /// Reads a member that may be absent.
    pub fn field_or_default<T: FromJson + Default>(&self, name: &'static str) -> Result<T, Unreadable> {
        match self.named(name) {
            Some(member) => T::from_json(member).map_err(|error| error.inside(name)),
            None => Ok(T::default()),
        }
    }

    /// Returns a member of an object, `null` too.
    #[inline(never)]
    fn named(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns text.
    #[inline(never)]
    pub fn text(&self, expected: &str) -> Result<&str, Unreadable> {
        if let Self::Text(text) = self { Ok(text) } else { Err(self.mismatch(expected)) }
    }

    #[inline(never)]
    fn list(&self, expected: &str) -> Result<&[Self], Unreadable> {
        if let Self::List(values) = self { Ok(values) } else { Err(self.mismatch(expected)) }
    }

    /// Returns a whole number between two, exact at the ends of 64 bits.
    #[inline(never)]
    fn whole(&self, expected: &str, least: i128, most: i128) -> Result<i128, Unreadable> {
        let number = match self {
            Self::Unsigned(value) => i128::from(*value),
            Self::Signed(value) if least < 0 => i128::from(*value),
            _ => return Err(self.mismatch(expected)),
        };
        if (least..=most).contains(&number) { Ok(number) } else { Err(Unreadable(format!("{expected} was expected"))) }
    }
}

macro_rules! whole {
    ($($number:ident)+) => {$(
        impl FromJson for $number {
            fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
                json.whole(stringify!($number), $number::MIN.into(), $number::MAX.into()).map(|number| number as Self)
            }
        }
    )+};
}
whole! { u8 u16 u32 u64 i32 i64 }

impl FromJson for f64 {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        match json {
            Json::Unsigned(value) => Ok(*value as Self),
            Json::Signed(value) => Ok(*value as Self),
            Json::Float(value) => Ok(*value),
            _ => Err(json.mismatch("f64")),
        }
    }
}

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        if let Json::Bool(value) = json { Ok(*value) } else { Err(json.mismatch("a boolean")) }
    }
}

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        json.text("a string").map(str::to_owned)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        if *json == Json::Null { Ok(None) } else { T::from_json(json).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        let list = json.list("a sequence")?;
        let mut read = Self::with_capacity(list.len());
        // A loop: collecting results is compiled for each type, and five times as long.
        for element in list {
            read.push(T::from_json(element)?);
        }
        Ok(read)
    }
}

impl<T: FromJson, const N: usize> FromJson for [T; N] {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        let expected = || json.mismatch(&format!("an array of length {N}"));
        json.read::<Vec<T>>()?.try_into().map_err(|_| expected())
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        match json.list("a pair")? {
            [first, second] => Ok((A::from_json(first)?, B::from_json(second)?)),
            _ => Err(json.mismatch("a pair")),
        }
    }
}

// RFC 3339 and nothing else; serde's own reader also takes what comes near it.
impl FromJson for DateTime<FixedOffset> {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        times::instant::read(json.text("an instant")?).ok_or_else(|| Unreadable::of(times::instant::EXPECTED))
    }
}

impl FromJson for NaiveDate {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        times::date::read(json.text("a date")?).ok_or_else(|| Unreadable::of(times::date::EXPECTED))
    }
}

impl FromJson for NaiveTime {
    fn from_json(json: &Json<'_>) -> Result<Self, Unreadable> {
        times::time_of_day::read(json.text("a time of day")?)
            .ok_or_else(|| Unreadable::of(times::time_of_day::EXPECTED))
    }
}
