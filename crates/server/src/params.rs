//! Query parameters: read by name, counted, and refused where nobody asked for them.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Datelike as _, FixedOffset};
use fengtu_wire::geojson::Bounds;
use fengtu_wire::paging::{DEFAULT_LIMIT, MAX_LIMIT};
use fengtu_wire::problem::FieldError;

use crate::problem::{Answer, Failure};

/// The longest value of a parameter, in bytes; longer ones are refused before they are looked at.
const MAX_VALUE: usize = 512;
/// The years of an instant: seconds of any of them can be added to and taken from each other.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;
/// The most errors that one answer names.
const MAX_ERRORS: usize = 16;

/// The parameters of one request. Take each that the address knows, then [`Params::finish`].
#[derive(Debug, Default)]
pub struct Params {
    left: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Params {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        Self { left: form_urlencoded::parse(query.as_bytes()).into_owned().collect(), errors: Vec::new() }
    }

    /// Takes a parameter that may come once, as text; empty counts as absent.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.single(name).filter(|value| !value.is_empty())
    }

    fn single(&mut self, name: &str) -> Option<String> {
        let mut all = self.texts(name);
        if all.len() > 1 {
            self.wrong(name, "may be given once only");
        }
        all.pop()
    }

    /// Takes a parameter that may be repeated.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let (found, left) = std::mem::take(&mut self.left).into_iter().partition(|(key, _)| key == name);
        self.left = left;
        let found: Vec<(String, String)> = found;
        if found.iter().any(|(_, value)| value.len() > MAX_VALUE || value.contains('\0')) {
            self.wrong(name, "is too long or holds a character that cannot be used");
            return Vec::new();
        }
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// Takes a parameter that may come once, as any type that reads itself from text; nothing is no value of one.
    pub fn one<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let text = self.single(name)?;
        self.read(name, &text)
    }

    /// Takes a parameter that may be repeated, each as any type that reads itself from text.
    pub fn many<T: FromStr>(&mut self, name: &str) -> Vec<T> {
        let texts = self.texts(name);
        texts.iter().filter_map(|text| self.read(name, text)).collect()
    }

    /// Takes `true` or `false`; absent: false.
    pub fn flag(&mut self, name: &str) -> bool {
        self.one(name).unwrap_or(false)
    }

    /// Takes an instant, RFC 3339 with offset, of a year that cases can be of.
    pub fn instant(&mut self, name: &str) -> Option<DateTime<FixedOffset>> {
        let text = self.single(name)?;
        let instant = DateTime::parse_from_rfc3339(&text).ok().filter(|at| YEARS.contains(&at.year()));
        if instant.is_none() {
            self.wrong(name, "must be an RFC 3339 instant with offset, of the years 1970 to 2100");
        }
        instant
    }

    /// Takes a box: west, south, east, north in degrees.
    pub fn bounds(&mut self, name: &str) -> Option<Bounds> {
        let text = self.text(name)?;
        let bounds = read_bounds(&text);
        if bounds.is_none() {
            self.wrong(name, "must be west,south,east,north in degrees, west ≤ east and south ≤ north");
        }
        bounds
    }

    /// Takes a count of at most so many.
    pub fn count(&mut self, name: &str, most: u32) -> Option<u32> {
        let count = self.one(name);
        if count.is_some_and(|count| count > most) {
            self.wrong(name, &format!("must be 0 to {most}"));
        }
        count
    }

    /// Takes `limit`, within what one page may hold.
    pub fn limit(&mut self) -> u32 {
        let limit = self.one("limit").unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            self.wrong("limit", &format!("must be 1 to {MAX_LIMIT}"));
        }
        limit
    }

    /// Notes that a parameter has a value that cannot be used.
    pub fn wrong(&mut self, name: &str, detail: &str) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(FieldError { pointer: format!("?{name}"), detail: detail.to_owned() });
        }
    }

    /// Refuses the request if a parameter is left that nobody took, or one had a value that cannot be used.
    pub fn finish(self) -> Answer<()> {
        if !self.left.is_empty() {
            let unknown = |(name, _): &(String, String)| {
                let name: String = name.chars().take(64).collect();
                FieldError { pointer: format!("?{name}"), detail: "is not a parameter of this address".to_owned() }
            };
            return Err(Failure::unknown_parameters(self.left.iter().take(MAX_ERRORS).map(unknown).collect()));
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::invalid(self.errors)) }
    }

    fn read<T: FromStr>(&mut self, name: &str, text: &str) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(name, "is not one of the values that this parameter takes");
        }
        value
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

/// The last part of the path; one that is no text is nothing that exists.
#[derive(Debug)]
pub struct Segment(pub String);

impl<S: Sync + Send> FromRequestParts<S> for Segment {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(text)| Self(text)).map_err(|_| Failure::not_found())
    }
}

fn read_bounds(text: &str) -> Option<Bounds> {
    let edges: Vec<f64> = text.split(',').map(|edge| edge.trim().parse().ok()).collect::<Option<_>>()?;
    let [west, south, east, north] = <[f64; 4]>::try_from(edges).ok()?;
    let ordered = -180.0 <= west && west <= east && east <= 180.0 && -90.0 <= south && south <= north && north <= 90.0;
    ordered.then_some([west, south, east, north])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_took_is_named() {
        let mut params = Params::parse("a=1&b=2&b=3");
        assert_eq!(params.one::<u32>("a"), Some(1));
        let text = format!("{:?}", params.finish().unwrap_err());
        assert!(text.contains("?b") && text.contains("unknown-parameter"), "{text}");
    }

    #[test]
    fn boxes_are_checked() {
        for wrong in ["1,2,3", "1,2,3,4,5", "NaN,0,1,1", "2,0,1,1", "0,0,181,1", "a,b,c,d", "inf,0,1,1"] {
            assert_eq!(read_bounds(wrong), None, "{wrong}");
        }
        assert_eq!(read_bounds("113.8, 22.6,114,22.9"), Some([113.8, 22.6, 114.0, 22.9]));
    }

    #[test]
    fn repeated_wrong_and_empty_values() {
        let mut params = Params::parse("x=1&x=2&y=&z=no&n=");
        assert_eq!(params.text("x"), Some("2".to_owned()));
        assert_eq!(params.text("y"), None);
        assert!(!params.flag("z"));
        assert_eq!(params.one::<u32>("n"), None);
        let failure = params.finish().unwrap_err();
        assert_eq!(format!("{failure:?}").matches("pointer").count(), 3);
    }
}
