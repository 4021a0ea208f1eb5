//! `config.json` of an installation: which backend serves which resource, and what base maps there are.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::dialect::{Dialect, Resource};
use super::error::ApiError;

/// Where an installation's data comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Backends {
    default: Backend,
    by_resource: BTreeMap<Resource, Backend>,
    /// Base maps beside the built-in one; read by the map.
    pub basemaps: Vec<Value>,
    /// The language for people who have not chosen one.
    pub language: Option<String>,
}

/// One backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// What it speaks.
    pub dialect: Dialect,
    /// Where it is: a path on our own origin or an `http(s)` address.
    pub base: String,
}

#[derive(Deserialize)]
struct File {
    backends: BTreeMap<String, RawBackend>,
    #[serde(default)]
    resources: BTreeMap<String, String>,
    #[serde(default)]
    basemaps: Vec<Value>,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Deserialize)]
struct RawBackend {
    dialect: String,
    base: String,
}

impl Default for Backends {
    fn default() -> Self {
        let default = Backend { dialect: Dialect::Fengtu, base: "/api/v1".to_owned() };
        Self { default, by_resource: BTreeMap::new(), basemaps: Vec::new(), language: None }
    }
}

impl Backends {
    /// Returns the backend that serves a resource.
    pub fn of(&self, resource: Resource) -> &Backend {
        self.by_resource.get(&resource).unwrap_or(&self.default)
    }

    /// Reads `config.json`; says what in it cannot be used.
    pub fn read(text: &[u8]) -> Result<Self, ApiError> {
        let file: File = serde_json::from_slice(text).map_err(bad)?;
        let backends = file.backends.iter().map(|(name, raw)| Ok((name.as_str(), backend(name, raw)?)));
        let backends: BTreeMap<&str, Backend> = backends.collect::<Result<_, ApiError>>()?;
        let default = backends.get("default").cloned().ok_or_else(|| bad("there is no backend named \"default\""))?;
        let served = file.resources.iter().map(|(resource, name)| served(resource, name, &backends));
        let by_resource = served.collect::<Result<_, ApiError>>()?;
        Ok(Self { default, by_resource, basemaps: file.basemaps, language: file.language })
    }
}

fn bad(detail: impl core::fmt::Display) -> ApiError {
    ApiError::decode("config.json", detail)
}

fn backend(name: &str, raw: &RawBackend) -> Result<Backend, ApiError> {
    let dialect = Dialect::from_name(&raw.dialect)
        .ok_or_else(|| bad(format_args!("backend {name:?} has the unknown dialect {:?}", raw.dialect)))?;
    if !is_address(&raw.base) {
        return Err(bad(format_args!("backend {name:?} has the base {:?}, which is no http address", raw.base)));
    }
    Ok(Backend { dialect, base: raw.base.clone() })
}

/// Whether it is a path of ours or an http address: `javascript:`, `//elsewhere` and the like are not.
fn is_address(base: &str) -> bool {
    let path = base.starts_with('/') && !base.starts_with("//");
    let host = ["https://", "http://"].iter().find_map(|scheme| base.strip_prefix(scheme));
    let clean = !base.chars().any(|c| c.is_whitespace() || c.is_control() || "\\?#\"<>".contains(c));
    clean && (path || host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')))
}

fn served(resource: &str, name: &str, backends: &BTreeMap<&str, Backend>) -> Result<(Resource, Backend), ApiError> {
    let known = Resource::ALL.iter().find(|(_, n)| *n == resource).map(|(r, _)| *r);
    let resource = known.ok_or_else(|| bad(format_args!("there is no resource {resource:?}")))?;
    let backend = backends.get(name).ok_or_else(|| bad(format_args!("there is no backend {name:?}")))?;
    Ok((resource, backend.clone()))
}
