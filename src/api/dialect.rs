//! The seam between questions and any REST backend: a dialect turns a typed question into a [`Request`] and a
//! [`Response`] into wire types, in pure functions; what carries them is in `transport`.

use std::borrow::Cow;

use fengtu_wire::problem::Problem;

use super::error::ApiError;
use super::json;
use crate::browser::buffer::Buffer;

/// The language that a backend speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// Fengtu's own contract, the full loop.
    Fengtu,
}

/// A part of the contract that a backend can serve; `config.json` names them so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// The district's settings.
    Config,
    /// Signing in and out.
    Session,
    /// The organisation tree.
    Places,
    /// Grids with their polygons.
    Grids,
    /// Service stations.
    Stations,
    /// Buildings and addresses.
    Buildings,
    /// Cases.
    Cases,
    /// Case heat.
    Heat,
    /// Risk warnings.
    Warnings,
    /// Figures of supervision.
    Statistics,
    /// The built-in base map.
    Basemap,
    /// The state now, and what changes it.
    Live,
    /// What residents can report.
    Services,
    /// What residents report.
    Reports,
}

impl Resource {
    /// Every resource, with its name in `config.json`.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Config, "config"),
        (Self::Session, "session"),
        (Self::Places, "places"),
        (Self::Grids, "grids"),
        (Self::Stations, "stations"),
        (Self::Buildings, "buildings"),
        (Self::Cases, "cases"),
        (Self::Heat, "heat"),
        (Self::Warnings, "warnings"),
        (Self::Statistics, "statistics"),
        (Self::Basemap, "basemap"),
        (Self::Live, "live"),
        (Self::Services, "services"),
        (Self::Reports, "reports"),
    ];
}

/// A typed question to one resource.
pub trait Question {
    /// What the answer is made of.
    type Answer;
    /// The resource that it goes to.
    const RESOURCE: Resource;

    /// Builds the request in a dialect.
    fn request(&self, dialect: Dialect) -> Result<Request, ApiError>;

    /// Reads the answer of a dialect; the status is already known to be good.
    fn answer(&self, dialect: Dialect, response: &Response) -> Result<Self::Answer, ApiError>;
}

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Removes.
    Delete,
}

/// A request that no transport has touched yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// The path below the backend's base, each segment already encoded.
    pub path: String,
    /// Parameters in order, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    /// Headers beyond those that the transport always sends.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body of a write: JSON, unless a header says otherwise.
    pub body: Option<String>,
    /// A good answer is only handed on: its body stays with the browser, as [`Response::apart`].
    pub is_handed_on: bool,
}

impl Request {
    /// Starts a request that reads.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path)
    }

    /// Starts a request of any method.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Vec::new(), headers: Vec::new(), body: None, is_handed_on: false }
    }

    /// Adds a parameter if there is a value for it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// Adds a parameter once for each value.
    #[must_use]
    pub fn with_each(mut self, name: &'static str, values: impl IntoIterator<Item = impl ToString>) -> Self {
        self.query.extend(values.into_iter().map(|value| (name, value.to_string())));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Says that a good answer is only handed on.
    #[must_use]
    pub fn handed_on(mut self) -> Self {
        self.is_handed_on = true;
        self
    }

    /// Sets the JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl serde::Serialize) -> Self {
        // Plain data always serialises; an empty body would be refused by the server, not misread.
        self.body = Some(serde_json::to_string(body).unwrap_or_default());
        self
    }

    /// Returns the address under `base`, percent-encoded.
    pub fn url(&self, base: &str) -> String {
        let mut url = format!("{}{}", base.trim_end_matches('/'), self.path);
        for (index, (name, value)) in self.query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.push_str(&encode(value));
        }
        url
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986; Chinese goes as UTF-8.
pub fn encode(text: &str) -> String {
    use core::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers that the client reads, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body instead, where it is only handed on.
    pub apart: Option<Buffer>,
}

impl Response {
    /// Returns a header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// Returns how many bytes its body has.
    pub fn body_len(&self) -> usize {
        self.apart.as_ref().map_or(self.body.len(), Buffer::len)
    }

    /// Whether its status is good.
    pub const fn is_good(&self) -> bool {
        200 <= self.status && self.status < 300
    }

    /// Returns the answer if its status is good, else the problem that it tells of.
    pub fn checked(self) -> Result<Self, ApiError> {
        if self.is_good() {
            return Ok(self);
        }
        let retry_after_ms = self.header("retry-after").and_then(retry_after_ms);
        Err(ApiError::Problem { problem: Box::new(problem(&self)), retry_after_ms })
    }
}

/// Reads `Retry-After` in seconds; the date form is not used by the backends we speak to.
fn retry_after_ms(value: &str) -> Option<u32> {
    value.trim().parse::<u32>().ok().map(|s| s.min(3600) * 1000)
}

/// Reads a problem; a proxy's HTML page becomes one that has the status alone.
fn problem(response: &Response) -> Problem {
    json::read(&response.body).map_or_else(
        |_| Problem {
            kind: "about:blank".to_owned(),
            status: response.status,
            title: String::new(),
            detail: None,
            errors: Vec::new(),
        },
        |problem: Problem| Problem { status: response.status, ..problem },
    )
}
