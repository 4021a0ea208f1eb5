//! The district's settings where no backend serves them: the built-in ones, with what `config.json` says under `district`.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::defaults;
use fengtu_geo::{BBox, LonLat};
use fengtu_wire::config::Config;
use serde_json::{Value, json};

use super::asked::Asked;
use super::{cases, good, map};
use crate::exchange::{Answer, Outcome, Request};
use crate::mapping::node::{Node, merge};
use crate::problem::{self, Trouble};
use crate::record::told::Told;
use crate::speech::{Backend, Talk};

/// What `config.json` says of the district.
#[derive(Debug, Clone, Default)]
pub(crate) struct District {
    over: Value,
    /// The box that coordinates must lie in or near, where it is said.
    pub bounds: Option<[f64; 4]>,
    pub root: String,
}

/// The id of the top of the tree, where the file names none.
const ROOT: &str = "district";

impl District {
    pub fn read(node: Option<Node<'_>>) -> Self {
        let Some(node) = node else { return Self { root: ROOT.to_owned(), ..Self::default() } };
        let mut over = node.value.clone();
        // A name in one language stands for both.
        if let Some(name) = over.get("name").and_then(Value::as_str).map(str::to_owned)
            && let Some(member) = over.get_mut("name")
        {
            *member = json!({"zh": name, "en": name});
        }
        let bounds = over.get("bounds").and_then(|bounds| serde_json::from_value(bounds.clone()).ok());
        let root = over.get("root").and_then(Value::as_str).unwrap_or(ROOT).to_owned();
        let district = Self { over, bounds, root };
        if let Err(error) = district.merged(DateTime::UNIX_EPOCH.fixed_offset()) {
            node.fault(format!("辖区设置不可用：{error}"), format!("these settings cannot be used: {error}"));
        }
        district
    }

    fn merged(&self, now: DateTime<FixedOffset>) -> Result<Config, serde_json::Error> {
        let mut config =
            serde_json::to_value(Config { root: Some(self.root.as_str().into()), ..defaults::config(now) })?;
        // What a warning's score is made of belongs to a backend that computes one.
        if let Some(config) = config.as_object_mut() {
            config.remove("warning_rules");
        }
        if self.over.is_object() {
            merge(&mut config, &self.over);
        }
        let read: Config = serde_json::from_value(config)?;
        Ok(Config { server_time: now, ..read })
    }

    /// Returns the settings.
    pub fn config(&self, now: DateTime<FixedOffset>) -> Config {
        self.merged(now).unwrap_or_else(|_| defaults::config(now))
    }

    fn names(&self, part: &str) -> bool {
        self.over.get(part).is_some()
    }
}

impl Talk {
    /// Returns the settings, of the backend that serves them if one does. Where that fails, the last ones hold; there being none,
    /// nobody knows which matters are restricted, and nothing that depends on it is shown.
    pub async fn config(&self) -> Result<Config, Trouble> {
        let Some(backend) = self.inner.of("config").filter(|backend| backend.is_ours()) else {
            return Ok(self.inner.district.config(self.now));
        };
        let kept = backend.memory.borrow().config.clone();
        if let Some((at, config)) = kept
            && (self.now.timestamp() - at).abs() < 600
        {
            return Ok(*config);
        }
        match self.config_of(backend).await {
            Ok(config) => {
                backend.memory.borrow_mut().config = Some((self.now.timestamp(), Box::new(config.clone())));
                Ok(config)
            }
            Err(trouble) => {
                let kept = backend.memory.borrow().config.clone();
                kept.map(|(_, config)| *config).ok_or_else(|| trouble.about("settings"))
            }
        }
    }

    async fn config_of(&self, backend: &Backend) -> Result<Config, Trouble> {
        let answer = super::passed_on(self, backend, &Request::get("/config")).await?;
        let answer = problem::checked(Outcome::Answered(answer)).map_err(|trouble| self.said_by(backend, trouble))?;
        let read = serde_json::from_slice::<Config>(&answer.body);
        read.map_err(|error| problem::unreadable(error.to_string()).of(&backend.name))
    }
}

/// `GET /config`.
pub(crate) async fn config(talk: &Talk) -> Result<Answer, Trouble> {
    let mut config = talk.inner.district.config(talk.now);
    let has_places = talk.inner.of("places").is_some_and(|backend| backend.has("places"));
    if !talk.inner.district.names("levels") && !has_places {
        use fengtu_wire::places::PlaceLevel::{District, Grid};
        config.levels = vec![District, Grid];
    }
    if config.bounds.is_none() {
        // Without grids there are none; the page asks again.
        config.bounds = talk.tree().await.bounds().map(|bbox| map::bounds(&bbox.padded(0.002)));
    }
    if config.bounds.is_none() {
        config.bounds = around_cases(talk).await;
    }
    if !talk.inner.district.names("categories")
        && let Some(categories) = super::services::categories(talk).await
    {
        config.categories = categories;
    }
    let value = serde_json::to_value(&config).map_err(|_| problem::internal("settings"))?;
    Ok(good(&value))
}

/// Cases that are looked at for where they are.
const SPOTS: usize = 200;

/// Where the newest cases are, for a district of which nobody gives any ground.
async fn around_cases(talk: &Talk) -> Option<[f64; 4]> {
    let backend = talk.inner.of("cases").filter(|backend| !backend.is_ours())?;
    let newest =
        cases::gather(talk, backend, &Asked { limit: SPOTS, ..Asked::default() }, Told::default()).await.ok()?;
    let spots = newest.known.iter().filter_map(|known| known.case.summary.at);
    let around = BBox::around(spots.map(|[lon, lat]| LonLat { lon, lat }));
    around.map(|bbox| map::bounds(&bbox.padded(0.005)))
}

/// `GET /session`, where nobody signs in: everybody sees what the backends give.
pub(crate) fn session() -> Value {
    json!({"role": "public", "account": null, "place": null, "sees_cases": true, "ends_at": null})
}
