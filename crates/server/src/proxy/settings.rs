//! The proxies' settings file: which servers there are, for whom, and how far a request may go.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use fengtu_domain::sight::Audience;
use fengtu_wire::session::Role;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{headers, path};

/// One server that ours fronts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its address, without a trailing slash: `https://gis.example.gov.cn/ogc`.
    pub base: String,
    /// Who may ask through us.
    #[serde(deserialize_with = "audience")]
    pub who: Audience,
    /// The methods that may be used; reading alone if nothing is said.
    #[serde(default = "reading")]
    pub methods: Vec<String>,
    /// The paths below the base that may be asked, each with all below it; everything if nothing is said.
    #[serde(default = "everything", deserialize_with = "ways")]
    pub paths: Vec<Way>,
    /// Whether it stands in a private network or on this machine.
    #[serde(default)]
    pub private: bool,
    /// Request headers that pages may send to it beyond those of every question, such as `authorization`.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Seconds until its answer must be complete.
    #[serde(default = "default_timeout_s")]
    pub timeout_s: u32,
    /// Seconds for which it may stand still within its answer.
    #[serde(default = "default_idle_s")]
    pub idle_s: u32,
    /// Seconds until the body that a page sends must be complete.
    #[serde(default = "default_body_s")]
    pub body_s: u32,
    /// Seconds for which a question waits for others to end.
    #[serde(default = "default_wait_s")]
    pub wait_s: u32,
    /// The largest body that goes to it.
    #[serde(default = "default_request_bytes")]
    pub max_request_bytes: u32,
    /// The largest answer that is passed on.
    #[serde(default = "default_answer_bytes")]
    pub max_answer_bytes: u64,
    /// Questions on their way at once; more wait, and are then told to come back.
    #[serde(default = "default_at_once")]
    pub at_once: u32,
    /// Certificates (PEM) to trust beside those of the system.
    pub certificates: Option<PathBuf>,
    /// What we show to it.
    #[serde(default)]
    pub credentials: Option<Credentials>,
}

/// A path that may be asked, with all below it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Below the base.
    pub path: String,
    /// The methods that may be used there; those of the entry if nothing is said.
    pub methods: Option<Vec<String>>,
    /// The parameters that pages may send there, `name` or `name=value`; all if nothing is said.
    pub query: Option<Vec<String>>,
    /// The parameters that we send with every question, and nobody else.
    #[serde(default)]
    pub fixed: BTreeMap<String, Secret>,
}

/// What we show to another server. It stays here: no page ever gets it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Credentials {
    /// A header with every question, such as a key.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: Secret,
    },
    /// A name and a password with every question.
    Basic {
        /// The name.
        name: String,
        /// The password.
        password: Secret,
    },
    /// A token that signing in gives, renewed when it has ended.
    Login(Login),
}

/// How a token is got.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Where below the base.
    pub path: String,
    /// What is sent.
    pub fields: BTreeMap<String, Secret>,
    /// Sent as a form; as JSON if nothing is said.
    #[serde(default)]
    pub form: bool,
    /// JSON Pointer to the token in the answer.
    pub token: String,
    /// The header that carries it.
    #[serde(default = "authorization")]
    pub header: String,
    /// What stands before it in the header.
    #[serde(default = "bearer")]
    pub prefix: String,
    /// How an answer of status 200 says that the token has ended; a status 401 always says so.
    pub ended: Option<Ended>,
}

/// How an answer says that a token has ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// JSON Pointer to what tells.
    pub at: String,
    /// What stands there then.
    pub is: serde_json::Value,
}

/// A secret, or where it is; it is never printed.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Secret {
    /// Here.
    Text(String),
    /// In a variable of the environment.
    Env {
        /// Its name.
        env: String,
    },
    /// In a file.
    File {
        /// Which.
        file: PathBuf,
    },
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Fetches it.
    pub fn read(&self) -> anyhow::Result<String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Env { env } => std::env::var(env).with_context(|| format!("没有环境变量 / no variable {env}")),
            Self::File { file } => {
                let text = std::fs::read_to_string(file);
                let text = text.with_context(|| format!("无法读取 / cannot read {}", file.display()))?;
                Ok(text.trim_end().to_owned())
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    proxy: BTreeMap<String, Entry>,
}

/// Reads a settings file.
pub fn parse(text: &str) -> anyhow::Result<BTreeMap<String, Entry>> {
    let text = text.trim_start_matches('\u{feff}');
    let file: File = toml::from_str(text).map_err(|error| without_text(text, &error))?;
    for (name, entry) in &file.proxy {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        ensure!(
            !name.is_empty() && name.chars().all(plain),
            "[proxy.{name}]: 名称只用 a-z 0-9 - _ / a name is of a-z 0-9 - _"
        );
        entry.check().with_context(|| format!("[proxy.{name}]"))?;
    }
    Ok(file.proxy)
}

/// Says where and what, without showing the line: there may be a password in it.
fn without_text(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    anyhow::anyhow!("第 {line} 行 / line {line}: {}", without_value(error.message()))
}

/// Says what kind of thing was found and what was expected, without the value.
fn without_value(message: &str) -> String {
    let shows = ["unknown variant", "invalid type", "invalid value", "invalid length"];
    if !shows.iter().any(|start| message.contains(start)) {
        return message.to_owned();
    }
    let (found, expected) = message.rsplit_once(", expected ").unwrap_or((message, "another"));
    let kind = found.split(['`', '"']).next().unwrap_or_default().trim_end();
    format!("{kind}, expected {expected}")
}

/// What stands before anything that may be a value.
fn name_in(text: &str) -> &str {
    text.split(['?', '#', ';', '=', ':', ' ']).next().unwrap_or_default()
}

impl Entry {
    fn check(&self) -> anyhow::Result<()> {
        check_methods(&self.methods)?;
        ensure!(
            !self.paths.is_empty(),
            "paths: 一条也没有;要放开全部就不写 / is empty; leave it out to allow everything"
        );
        for (index, way) in self.paths.iter().enumerate() {
            way.check().with_context(|| format!("paths: {}", name_in(&way.path)))?;
            let twice =
                self.paths.iter().skip(index + 1).any(|other| path::segments(&other.path) == path::segments(&way.path));
            ensure!(!twice, "paths: {}: 写了两次 / stands there twice", way.path);
        }
        for name in &self.headers {
            ensure!(headers::may_pass(name), "headers: {}: 不允许转发 / may not be passed on", name_in(name));
        }
        self.check_limits()
    }

    fn check_limits(&self) -> anyhow::Result<()> {
        for (name, value, least, most) in [
            ("timeout_s", self.timeout_s, 1, 300),
            ("idle_s", self.idle_s, 1, 300),
            ("body_s", self.body_s, 1, 300),
            ("wait_s", self.wait_s, 0, 60),
            ("at_once", self.at_once, 1, 1024),
            ("max_request_bytes", self.max_request_bytes, 0, 64 << 20),
        ] {
            ensure!((least..=most).contains(&value), "{name}: {value}: {least}–{most}");
        }
        ensure!(self.max_answer_bytes > 0, "max_answer_bytes: 0");
        Ok(())
    }
}

impl Way {
    fn whole(path: &str) -> Self {
        Self { path: path.to_owned(), methods: None, query: None, fixed: BTreeMap::new() }
    }

    fn check(&self) -> anyhow::Result<()> {
        let path = &self.path;
        ensure!(path.starts_with('/'), "以 / 开头 / must begin with /");
        ensure!(!path.contains(['?', '#']), "参数写在 query / parameters belong into query");
        ensure!(path::segments(path).is_some(), "没有这样的路径 / no request has such a path");
        self.methods.as_deref().map_or(Ok(()), check_methods)?;
        let names = self.query.iter().flatten().chain(self.fixed.keys());
        for name in names {
            ensure!(
                !name.is_empty() && !name.starts_with('='),
                "query, fixed: 没有参数名 / a parameter without a name"
            );
        }
        Ok(())
    }
}

fn check_methods(methods: &[String]) -> anyhow::Result<()> {
    ensure!(!methods.is_empty(), "methods: 一个也没有 / is empty");
    for method in methods {
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str());
        ensure!(known, "methods: {method}: GET POST PUT PATCH DELETE");
    }
    Ok(())
}

/// Reads the ways: each a text, which is the path alone, or a table.
fn ways<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<Way>, D::Error> {
    Ok(Vec::<Told>::deserialize(reader)?.into_iter().map(|Told(way)| way).collect())
}

struct Told(Way);

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(WayVisitor)
    }
}

struct WayVisitor;

impl<'de> Visitor<'de> for WayVisitor {
    type Value = Told;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a path, or { path, methods, query, fixed }")
    }

    fn visit_str<E: de::Error>(self, path: &str) -> Result<Told, E> {
        Ok(Told(Way::whole(path)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Told, A::Error> {
        Way::deserialize(MapAccessDeserializer::new(map)).map(Told)
    }
}

fn audience<'de, D: Deserializer<'de>>(reader: D) -> Result<Audience, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw {
        Word(String),
        Roles(Vec<Role>),
    }
    match Raw::deserialize(reader)? {
        Raw::Roles(roles) => Ok(Audience::Roles(roles)),
        Raw::Word(word) => match word.as_str() {
            "everyone" => Ok(Audience::Everyone),
            "signed_in" => Ok(Audience::SignedIn),
            "staff" => Ok(Audience::Staff),
            _ => Err(de::Error::custom("who: everyone, signed_in, staff, or a list of roles")),
        },
    }
}

fn everything() -> Vec<Way> {
    vec![Way::whole("/")]
}

fn reading() -> Vec<String> {
    vec!["GET".to_owned()]
}

fn authorization() -> String {
    "authorization".to_owned()
}

fn bearer() -> String {
    "Bearer ".to_owned()
}

const fn default_timeout_s() -> u32 {
    20
}

const fn default_idle_s() -> u32 {
    10
}

const fn default_body_s() -> u32 {
    10
}

const fn default_wait_s() -> u32 {
    2
}

const fn default_request_bytes() -> u32 {
    64 * 1024
}

const fn default_answer_bytes() -> u64 {
    32 * 1024 * 1024
}

const fn default_at_once() -> u32 {
    32
}
