//! `config.json` of an installation: which backend serves which resource, and what base maps there are.

use super::dialect::{Dialect, Resource};
use super::error::ApiError;
use super::json::{self, Json};

/// Where an installation's data comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Backends {
    default: Backend,
    by_resource: Vec<(Resource, Backend)>,
    /// The language for people who have not chosen one.
    pub language: Option<String>,
    file: Vec<u8>,
}

/// One backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// What it speaks.
    pub dialect: Dialect,
    /// Where it is: a path on our own origin or an `http(s)` address.
    pub base: String,
}

impl Default for Backends {
    fn default() -> Self {
        let default = Backend { dialect: Dialect::Fengtu, base: "/api/v1".to_owned() };
        Self { default, by_resource: Vec::new(), language: None, file: Vec::new() }
    }
}

impl Backends {
    /// Returns the backend that serves a resource.
    pub fn of(&self, resource: Resource) -> &Backend {
        let found = self.by_resource.iter().find(|(served, _)| *served == resource);
        found.map_or(&self.default, |(_, backend)| backend)
    }

    /// Reads `config.json`; says what in it cannot be used.
    pub fn read(text: &[u8]) -> Result<Self, ApiError> {
        let file = json::parse(text).map_err(bad)?;
        let mut backends = Vec::new();
        for (name, raw) in file.members_of("backends").map_err(bad)? {
            backends.push((name.as_ref(), backend(name, raw)?));
        }
        let default = named("default", &backends)?;
        let mut by_resource = Vec::new();
        for (resource, name) in file.members_of("resources").map_err(bad)? {
            by_resource.push(served(resource, name, &backends)?);
        }
        let language = file.optional("language").map_err(bad)?;
        Ok(Self { default, by_resource, language, file: text.to_vec() })
    }

    /// Reads the base maps beside the built-in one, each as `read` does. Only a face with a map asks.
    pub fn basemaps<T>(&self, read: impl Fn(&Json<'_>) -> T) -> Vec<T> {
        let file = json::parse(&self.file).unwrap_or(Json::Null);
        let Some(Json::List(entries)) = file.get("basemaps") else { return Vec::new() };
        entries.iter().map(read).collect()
    }
}

impl Backends {
    /// Reads a section that one face alone knows, such as `wall`; absent where the file has none.
    pub fn section<T>(&self, name: &str, read: impl Fn(&Json<'_>) -> T) -> Option<T> {
        let file = json::parse(&self.file).ok()?;
        file.get(name).map(read)
    }
}

fn bad(detail: impl core::fmt::Display) -> ApiError {
    ApiError::decode("config.json", detail)
}

fn backend(name: &str, raw: &Json<'_>) -> Result<Backend, ApiError> {
    let member = |part| raw.member::<String>(part).map_err(|error| bad(format_args!("backend {name:?}: {error}")));
    let (dialect, base) = (member("dialect")?, member("base")?);
    let dialect = Dialect::from_name(&dialect)
        .ok_or_else(|| bad(format_args!("backend {name:?} has the unknown dialect {dialect:?}")))?;
    if !is_address(&base) {
        return Err(bad(format_args!("backend {name:?} has the base {base:?}, which is no http address")));
    }
    Ok(Backend { dialect, base })
}

/// Whether it is a path of ours or an http address: `javascript:`, `//elsewhere` and the like are not.
fn is_address(base: &str) -> bool {
    let path = base.starts_with('/') && !base.starts_with("//");
    let host = ["https://", "http://"].iter().find_map(|scheme| base.strip_prefix(scheme));
    let clean = !base.chars().any(|c| c.is_whitespace() || c.is_control() || "\\?#\"<>".contains(c));
    clean && (path || host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')))
}

fn served(resource: &str, name: &Json<'_>, backends: &[(&str, Backend)]) -> Result<(Resource, Backend), ApiError> {
    let known = Resource::ALL.iter().find(|(_, n)| *n == resource).map(|(r, _)| *r);
    let known = known.ok_or_else(|| bad(format_args!("there is no resource {resource:?}")))?;
    let name: String = name.read().map_err(|error| bad(format_args!("resource {resource:?}: {error}")))?;
    Ok((known, named(&name, backends)?))
}

fn named(name: &str, backends: &[(&str, Backend)]) -> Result<Backend, ApiError> {
    let found = backends.iter().find(|(n, _)| *n == name).map(|(_, backend)| backend.clone());
    found.ok_or_else(|| bad(format_args!("there is no backend named {name:?}")))
}
