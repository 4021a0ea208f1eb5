//! How far a question may go: below which paths, and there by which methods and with which parameters.

use std::borrow::Cow;

use anyhow::ensure;
use axum::http::Method;

use super::path;
use super::settings::{Entry, Way};

/// The ways that an entry leaves open.
#[derive(Debug)]
pub struct Rules(Vec<Rule>);

/// One way: a path with all below it.
#[derive(Debug)]
pub struct Rule {
    segments: Vec<Vec<u8>>,
    methods: Vec<String>,
    query: Option<Vec<Allowed>>,
    fixed: Vec<(String, String)>,
}

/// A parameter that may be sent, with any value or with one alone.
#[derive(Debug)]
struct Allowed {
    name: String,
    value: Option<String>,
}

/// A parameter that is not passed on, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its name as it was read, shortened.
    pub name: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Rules {
    /// Makes ready what an entry says, and fetches the values that are kept elsewhere.
    pub fn of(entry: &Entry) -> anyhow::Result<Self> {
        entry.paths.iter().map(|way| Rule::of(way, entry)).collect::<anyhow::Result<_>>().map(Self)
    }

    /// Returns the way for a path, if there is one.
    ///
    /// It is the longest that the path could be read as, by servers that heed no case or cut a segment at `;` too: another
    /// spelling of a narrow way must not go by a wide one. Only the exact spelling is let through.
    pub fn way(&self, path: &str) -> Option<&Rule> {
        let asked = path::segments(path)?;
        let close = self.0.iter().filter(|rule| rule.covers(&asked, is_read_alike));
        let way = close.max_by_key(|rule| (rule.segments.len(), rule.covers(&asked, is_same)))?;
        way.covers(&asked, is_same).then_some(way)
    }

    /// Returns whether the entry sets a parameter on any of its ways: an answer can lead to any.
    pub fn sets(&self, name: &str) -> bool {
        self.0.iter().any(|rule| rule.sets(name))
    }
}

impl Rule {
    fn of(way: &Way, entry: &Entry) -> anyhow::Result<Self> {
        let mut fixed = Vec::new();
        for (name, value) in &way.fixed {
            fixed.push((name.clone(), value.read()?));
        }
        let query: Option<Vec<Allowed>> =
            way.query.as_ref().map(|all| all.iter().map(|text| Allowed::of(text)).collect());
        for Allowed { name, .. } in query.iter().flatten() {
            let twice = fixed.iter().any(|(set, _)| is_read_as(set, name));
            ensure!(!twice, "query, fixed: {name}: 两处只能写一处 / stands in both");
        }
        let segments = path::segments(&way.path).unwrap_or_default();
        let methods = way.methods.as_ref().unwrap_or(&entry.methods).clone();
        Ok(Self { segments, methods, query, fixed })
    }

    /// Returns whether a method may be used. Who may read may ask for the headers alone.
    pub fn takes(&self, method: &Method) -> bool {
        let name = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.methods.iter().any(|listed| listed == name)
    }

    /// Returns the query that goes out: what was asked, as it was written, and what the entry sets.
    pub fn narrowed(&self, query: Option<&str>) -> Result<Option<String>, Refused> {
        let query = query.unwrap_or_default();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            self.check(part)?;
        }
        let asked = Some(query.to_owned()).filter(|query| !query.is_empty());
        let parts: Vec<String> = asked.into_iter().chain(self.fixed.iter().map(|(n, v)| pair(n, v))).collect();
        Ok((!parts.is_empty()).then(|| parts.join("&")))
    }

    /// Returns the query of a redirect, which may repeat what the entry sets.
    pub fn followed(&self, query: Option<&str>) -> Result<Option<String>, Refused> {
        let parts = query.unwrap_or_default().split('&').filter(|part| {
            let read = read(part);
            !self.fixed.iter().any(|(name, value)| *name == read.0 && *value == read.1)
        });
        self.narrowed(Some(&parts.collect::<Vec<_>>().join("&")))
    }

    /// Returns whether the entry sets a parameter here that some server could read under this name.
    pub fn sets(&self, name: &str) -> bool {
        self.fixed.iter().any(|(set, _)| is_read_as(set, name))
    }

    /// Returns whether the entry sets any.
    pub const fn sets_any(&self) -> bool {
        !self.fixed.is_empty()
    }

    fn covers(&self, asked: &[Vec<u8>], same: fn(&[u8], &[u8]) -> bool) -> bool {
        asked.len() >= self.segments.len() && self.segments.iter().zip(asked).all(|(ours, theirs)| same(ours, theirs))
    }

    fn check(&self, part: &str) -> Result<(), Refused> {
        let (name, value) = read(part);
        let refused = |why| Err(Refused::of(&name, why));
        let is_narrow = self.query.is_some() || !self.fixed.is_empty();
        if is_narrow && part.contains(';') {
            // Some servers take it for `&`.
            return refused("holds a semicolon: write it as %3B");
        }
        if self.sets(&name) {
            return Err(Refused::set(&name));
        }
        let Some(listed) = &self.query else { return Ok(()) };
        let mut alike = listed.iter().filter(|allowed| allowed.name == name).peekable();
        if alike.peek().is_none() {
            return refused("may not be sent to that address");
        }
        let fits = alike.any(|allowed| allowed.value.as_ref().is_none_or(|only| *only == value));
        if fits { Ok(()) } else { refused("may not have this value there") }
    }
}

impl Refused {
    fn of(name: &str, why: &'static str) -> Self {
        Self { name: name.chars().take(64).collect(), why }
    }

    /// One that the entry sets.
    pub fn set(name: &str) -> Self {
        Self::of(name, "is set by the server")
    }
}

impl Allowed {
    fn of(text: &str) -> Self {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
        Self { name: name.to_owned(), value }
    }
}

fn read(part: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    form_urlencoded::parse(part.as_bytes()).next().unwrap_or_default()
}

fn pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

fn is_same(ours: &[u8], theirs: &[u8]) -> bool {
    ours == theirs
}

fn is_read_alike(ours: &[u8], theirs: &[u8]) -> bool {
    let name = |segment: &[u8]| -> Vec<u8> {
        segment.split(|byte| *byte == b';').next().unwrap_or_default().to_ascii_lowercase()
    };
    name(ours) == name(theirs)
}

/// Whether some server could take one name for the other: by letters alone, from the first of them up to a bracket or
/// an end of text.
fn is_read_as(ours: &str, theirs: &str) -> bool {
    let plain = |name: &str| -> String {
        let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
        let name = name.split(['[', '\0']).next().unwrap_or_default();
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    plain(ours) == plain(theirs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::proxy::settings;

    fn rules(lines: &str) -> Rules {
        let text = format!("[proxy.a]\nbase = \"https://a.example\"\nwho = \"everyone\"\n{lines}");
        Rules::of(&settings::parse(&text).unwrap()["a"]).unwrap()
    }

    fn narrow(query: &str) -> Result<Option<String>, Refused> {
        let rules = rules(
            "paths = [{ path = \"/wfs\", query = [\"request=GetFeature\", \"request=GetCapabilities\", \"count\"], \
             fixed = { key = \"k&1\" } }]",
        );
        rules.way("/wfs").unwrap().narrowed(Some(query))
    }

    fn wrong(query: &str) -> Refused {
        narrow(query).unwrap_err()
    }

    #[test]
    fn listed_parameters_pass_as_written_and_fixed_ones_are_added() {
        assert_eq!(narrow("").unwrap().unwrap(), "key=k%261");
        let both = narrow("request=GetFeature&&count=%31&count=2").unwrap().unwrap();
        assert_eq!(both, "request=GetFeature&&count=%31&count=2&key=k%261");
        assert_eq!(narrow("%72equest=GetCapabilities").unwrap().unwrap(), "%72equest=GetCapabilities&key=k%261");
        assert_eq!(rules("").way("/x").unwrap().narrowed(Some("a;b=1")).unwrap().unwrap(), "a;b=1");
    }

    #[test]
    fn every_other_parameter_is_refused_by_name() {
        for (query, name) in [
            ("filter=1", "filter"),
            ("count=1&$where=1", "$where"),
            ("COUNT=1", "COUNT"),
            ("count[]=1", "count[]"),
            ("count%00=1", "count\0"),
            ("%2572equest=GetFeature", "%72equest"),
            ("filter", "filter"),
            ("=1", ""),
        ] {
            assert_eq!(
                wrong(query),
                Refused { name: name.to_owned(), why: "may not be sent to that address" },
                "{query}"
            );
        }
        for query in ["request=Transaction", "request=GetFeature&request=Transaction", "request", "request=getfeature"]
        {
            assert_eq!(wrong(query).why, "may not have this value there", "{query}");
        }
        assert!(wrong("count=1;request=Transaction").why.contains("%3B"));
        assert_eq!(wrong(&"x".repeat(1_000)).name.len(), 64);
    }

    #[test]
    fn what_the_entry_sets_nobody_else_sets() {
        for query in ["key=k%261", "KEY=2", "key[]=2", "+key=2", "k%65y=2", "key%00=2", "key", "[key]=2", "%00key=2"] {
            assert_eq!(wrong(query).why, "is set by the server", "{query}");
        }
        let open = rules("paths = [{ path = \"/\", fixed = { api_key = \"s\" } }]");
        let way = open.way("/any/where").unwrap();
        assert_eq!(way.narrowed(Some("a=1")).unwrap().unwrap(), "a=1&api_key=s");
        for query in ["api_key=2", "api.key=2", "a=1;api_key=2"] {
            assert!(way.narrowed(Some(query)).is_err(), "{query}");
        }
        assert_eq!(way.followed(Some("a=1&api_key=s")).unwrap().unwrap(), "a=1&api_key=s");
        assert!(way.followed(Some("api_key=2")).is_err());
    }

    #[test]
    fn no_spelling_of_a_narrow_way_goes_by_a_wide_one() {
        let rules = rules("paths = [\"/\", { path = \"/t_gd\", query = [\"select=id\"] }, \"/%E6%A1%88/\"]");
        let is_narrow = |path| rules.way(path).map(|way| way.query.is_some());
        for path in ["/t_gd", "/t_gd/", "/t%5Fgd", "/t_gd/below"] {
            assert_eq!(is_narrow(path), Some(true), "{path}");
        }
        for path in ["/T_GD", "/t_gd;v=1", "/T%5fgd;x/below"] {
            assert_eq!(is_narrow(path), None, "{path}");
        }
        for path in ["/t_gds", "/other", "/", "/%e6%a1%88/1"] {
            assert_eq!(is_narrow(path), Some(false), "{path}");
        }
    }

    #[test]
    fn a_way_may_take_fewer_methods() {
        let rules = rules(
            "methods = [\"GET\", \"POST\"]\npaths = [{ path = \"/t\", methods = [\"GET\"] }, { path = \"/rpc/f\", methods = [\"POST\"] }, \"/x\"]",
        );
        let takes = |path, method: Method| rules.way(path).unwrap().takes(&method);
        assert!(takes("/t", Method::GET) && takes("/t", Method::HEAD) && !takes("/t", Method::POST));
        assert!(takes("/rpc/f", Method::POST) && !takes("/rpc/f", Method::GET) && takes("/x", Method::POST));
        assert!(rules.way("/rpc").is_none() && rules.way("/rpc/g").is_none());
    }
}
