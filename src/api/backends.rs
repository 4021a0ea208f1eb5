//! `config.json` of an installation: which backend serves which resource, and what base maps there are.

use super::capabilities::Capabilities;
use super::dialect::{Dialect, Resource};
use super::error::ApiError;
use super::json::{self, Json};

/// Where an installation's data comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Backends {
    default: Backend,
    by_resource: Vec<(Resource, Backend)>,
    /// What backends of other dialects can do, once their worker has told it.
    known: Vec<(Resource, Capabilities)>,
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
    /// Whether it speaks another dialect, which the worker of `super::foreign` turns into ours.
    pub is_foreign: bool,
}

/// The dialects that the worker speaks; its own reader says what is wrong with the rest of such an entry.
const FOREIGN: [&str; 4] = ["json", "ogc-features", "georeport", "postgrest"];

impl Default for Backends {
    fn default() -> Self {
        let default = Backend { dialect: Dialect::Fengtu, base: "/api/v1".to_owned(), is_foreign: false };
        Self { default, by_resource: Vec::new(), known: Vec::new(), language: None, file: Vec::new() }
    }
}

impl Backends {
    /// Returns the backend that serves a resource. A resident's report goes where the cases are, and what is made of cases comes
    /// from there, unless it is said otherwise.
    pub fn of(&self, resource: Resource) -> &Backend {
        let named = |resource| self.by_resource.iter().find(|(served, _)| *served == resource);
        let found = named(resource).or_else(|| match resource {
            Resource::Services => named(Resource::Reports).or_else(|| named(Resource::Cases)),
            Resource::Reports | Resource::Heat | Resource::Statistics | Resource::Live => named(Resource::Cases),
            _ => None,
        });
        found.map_or(&self.default, |(_, backend)| backend)
    }

    /// Reads `config.json`; says what in it cannot be used.
    pub fn read(text: &[u8]) -> Result<Self, ApiError> {
        let file = json::parse(text).map_err(bad)?;
        let mut backends = Vec::new();
        // `null` takes one away, as it does in a mapping.
        for (name, raw) in file.members_of("backends").map_err(bad)? {
            if !matches!(raw, Json::Null) {
                backends.push((name.as_ref(), backend(name, raw)?));
            }
        }
        let default = named("default", &backends)?;
        let mut by_resource = Vec::new();
        for (resource, name) in file.members_of("resources").map_err(bad)? {
            if !matches!(name, Json::Null) {
                by_resource.push(served(resource, name, &backends)?);
            }
        }
        let language = file.optional("language").map_err(bad)?;
        Ok(Self { default, by_resource, known: Vec::new(), language, file: text.to_vec() })
    }

    /// Whether any backend speaks another dialect.
    pub fn has_foreign(&self) -> bool {
        self.default.is_foreign || self.by_resource.iter().any(|(_, backend)| backend.is_foreign)
    }

    /// Takes what the worker of other dialects tells.
    pub fn learn(&mut self, known: Vec<(Resource, Capabilities)>) {
        self.known = known;
    }

    /// Returns what the backend of a resource can do with it.
    pub fn capabilities(&self, resource: Resource) -> &Capabilities {
        const OURS: &Capabilities = &Capabilities::OURS;
        const UNKNOWN: &Capabilities = &Capabilities::UNKNOWN;
        if !self.of(resource).is_foreign {
            return OURS;
        }
        self.known.iter().find(|(known, _)| *known == resource).map_or(UNKNOWN, |(_, can)| can)
    }

    /// Whether residents can report: as far as the file tells, so that nothing is fetched to know it.
    pub fn takes_reports(&self) -> bool {
        let file = json::parse(&self.file).unwrap_or(Json::Null);
        let resources = file.get("resources").unwrap_or(&Json::Null);
        let named = |resource| resources.member::<String>(resource).ok();
        let name = named("reports").or_else(|| named("cases")).unwrap_or_else(|| "default".to_owned());
        let Some(backend) = file.get("backends").and_then(|all| all.get(&name)) else { return false };
        let dialect = backend.member::<String>("dialect").unwrap_or_default();
        // `null` takes away what a ready-made mapping has.
        let creates = |resource| {
            let Json::Object(map) = mapped(backend, resource)? else { return None };
            map.iter().find(|(name, _)| name == "create").map(|(_, create)| !matches!(create, Json::Null))
        };
        match dialect.as_str() {
            "fengtu" => false,
            "georeport" => creates("reports") != Some(false),
            _ => [creates("reports"), creates("cases")].contains(&Some(true)),
        }
    }

    /// Returns the file as it came.
    pub fn file(&self) -> &[u8] {
        &self.file
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

/// Finds what an entry's mapping says of a resource.
fn mapped<'a, 'b>(backend: &'a Json<'b>, resource: &str) -> Option<&'a Json<'b>> {
    backend.get("mapping")?.get("resources")?.get(resource)
}

fn bad(detail: impl core::fmt::Display) -> ApiError {
    ApiError::decode("config.json", detail)
}

fn backend(name: &str, raw: &Json<'_>) -> Result<Backend, ApiError> {
    let member = |part| raw.member::<String>(part).map_err(|error| bad(format_args!("backend {name:?}: {error}")));
    let (dialect, base) = (member("dialect")?, member("base")?);
    let is_foreign = FOREIGN.contains(&dialect.as_str());
    if !is_foreign && dialect != "fengtu" {
        return Err(bad(format_args!("backend {name:?} has the unknown dialect {dialect:?}")));
    }
    if !is_address(&base) {
        return Err(bad(format_args!("backend {name:?} has the base {base:?}, which is no http address")));
    }
    Ok(Backend { dialect: Dialect::Fengtu, base, is_foreign })
}

/// Whether it is a path of ours or an http address: `javascript:`, `//elsewhere` and the like are not.
fn is_address(base: &str) -> bool {
    let path = base.starts_with('/') && !base.starts_with("//");
    let host = ["https://", "http://"].iter().find_map(|scheme| base.strip_prefix(scheme));
    let clean = !base.chars().any(|c| c.is_whitespace() || c.is_control() || "\\?#\"<>".contains(c));
    clean && (path || host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')))
}

type Served = (Resource, Backend);

fn served(resource: &str, name: &Json<'_>, backends: &[(&str, Backend)]) -> Result<Served, ApiError> {
    let known = Resource::ALL.iter().find(|(_, n)| *n == resource).map(|(r, _)| *r);
    let known = known.ok_or_else(|| bad(format_args!("there is no resource {resource:?}")))?;
    let name: String = name.read().map_err(|error| bad(format_args!("resource {resource:?}: {error}")))?;
    Ok((known, named(&name, backends)?))
}

fn named(name: &str, backends: &[(&str, Backend)]) -> Result<Backend, ApiError> {
    let found = backends.iter().find(|(n, _)| *n == name).map(|(_, backend)| backend.clone());
    found.ok_or_else(|| bad(format_args!("there is no backend named {name:?}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(theirs: &str, resources: &str) -> Backends {
        let own = r#"{"dialect": "fengtu", "base": "/api/v1"}"#;
        let text = format!(r#"{{"backends": {{"default": {own}, "x": {theirs}}}, "resources": {resources}}}"#);
        Backends::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn reports_are_taken_where_they_lead_to_something_that_makes_new_ones() {
        let report = r#"{"dialect": "georeport", "base": "/x"}"#;
        let json =
            r#"{"dialect": "json", "base": "/x", "mapping": {"resources": {"cases": {"create": {"to": "POST /c"}}}}}"#;
        let reads = r#"{"dialect": "json", "base": "/x", "mapping": {"resources": {"cases": {"list": "/c"}}}}"#;
        let takes = |theirs, resources| read(theirs, resources).takes_reports();
        assert!(
            takes(report, r#"{"reports": "x"}"#)
                && takes(report, r#"{"cases": "x"}"#)
                && takes(json, r#"{"cases": "x"}"#)
        );
        let without =
            r#"{"dialect": "georeport", "base": "/x", "mapping": {"resources": {"reports": {"create": null}}}}"#;
        assert!(!takes(without, r#"{"cases": "x"}"#));
        assert!(!takes(report, "{}") && !takes(report, r#"{"stations": "x"}"#) && !takes(reads, r#"{"cases": "x"}"#));
        let to_ours = read(report, r#"{"cases": "x", "reports": "default"}"#);
        assert!(!to_ours.takes_reports());
        let beside = read(report, r#"{"reports": "x"}"#);
        assert!(beside.of(Resource::Services).is_foreign && !beside.of(Resource::Cases).is_foreign);
    }

    #[test]
    fn what_is_made_of_cases_comes_from_where_they_are() {
        let json = r#"{"dialect": "json", "base": "/x"}"#;
        let foreign = |resources, resource| read(json, resources).of(resource).is_foreign;
        for made in [Resource::Heat, Resource::Statistics, Resource::Live, Resource::Reports] {
            assert!(foreign(r#"{"cases": "x"}"#, made) && !foreign(r#"{"grids": "x"}"#, made), "{made:?}");
        }
        assert!(!foreign(r#"{"cases": "x", "live": "default"}"#, Resource::Live));
        assert!(!foreign(r#"{"cases": "x"}"#, Resource::Warnings));
    }

    #[test]
    fn a_backend_can_do_what_its_worker_tells() {
        let mut backends = read(r#"{"dialect": "json", "base": "/x"}"#, r#"{"cases": "x"}"#);
        assert!(backends.capabilities(Resource::Warnings).history && !backends.capabilities(Resource::Live).pushed);
        assert!(backends.capabilities(Resource::Cases).read, "who is not known yet is asked");
        let nothing = Capabilities { read: false, one: false, ..Capabilities::UNKNOWN };
        backends.learn(vec![(Resource::Cases, nothing.clone()), (Resource::Warnings, nothing)]);
        assert!(!backends.capabilities(Resource::Cases).read);
        assert!(backends.capabilities(Resource::Warnings).read, "ours is not the worker's to tell of");
    }
}
