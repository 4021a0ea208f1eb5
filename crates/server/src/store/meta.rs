//! Facts about the database as a whole: its epoch, and the district's own settings.

use chrono::{DateTime, FixedOffset, Utc};
use fengtu_domain::{calendar, defaults, warnings};
use fengtu_wire::config::Config;
use fengtu_wire::geojson::Bounds;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use sqlx::{AnyExecutor, Row as _};

use crate::db::Db;

/// Reads one fact.
pub async fn get(db: impl AnyExecutor<'_>, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(name.to_owned()).fetch_optional(db).await
}

/// Writes one fact.
pub async fn set(db: impl AnyExecutor<'_>, name: &str, value: &str) -> sqlx::Result<()> {
    let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(name.to_owned()).bind(value.to_owned()).execute(db).await.map(drop)
}

/// Reads the district's settings: what was stored, else the built-in defaults; the tree's shape from the places.
pub async fn config(db: &Db, now: DateTime<Utc>) -> anyhow::Result<Config> {
    let mut config = stored_config(db.pool(), now).await?;
    // What was stored of a year that this release has is of an older one; a year that it has not was set by somebody.
    config.calendar = calendar::with_later(&config.calendar);
    config.server_time = local(now, config.utc_offset_s);
    config.root = root(db).await?;
    config.levels = levels(db).await?;
    config.bounds = bounds(db).await?;
    Ok(config)
}

/// Reads the settings alone: what was stored, else the built-in defaults.
pub async fn stored_config(db: impl AnyExecutor<'_>, now: DateTime<Utc>) -> anyhow::Result<Config> {
    let mut config: Config = match get(db, "config").await? {
        Some(text) => serde_json::from_str(&text)?,
        None => defaults::config(now.fixed_offset()),
    };
    // Stored by a version in which nobody could set them.
    config.warning_rules.get_or_insert_with(warnings::rules);
    config.confirmation_s.get_or_insert(defaults::CONFIRMATION_S);
    if config.orders.is_empty() {
        config.orders = defaults::orders();
    }
    Ok(config)
}

/// Keeps the district's own settings; what follows from the places is read anew each time.
pub async fn set_config(db: impl AnyExecutor<'_>, config: &Config) -> anyhow::Result<()> {
    Ok(set(db, "config", &serde_json::to_string(config)?).await?)
}

/// Returns an instant with the district's offset.
pub fn local(at: DateTime<Utc>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    let utc = at.fixed_offset();
    FixedOffset::east_opt(utc_offset_s).map_or(utc, |offset| at.with_timezone(&offset))
}

async fn root(db: &Db) -> sqlx::Result<Option<PlaceId>> {
    let tops: Vec<String> =
        sqlx::query_scalar("SELECT id FROM places WHERE parent IS NULL LIMIT 2").fetch_all(db.pool()).await?;
    Ok(<[String; 1]>::try_from(tops).ok().map(|[id]| PlaceId(id)))
}

async fn levels(db: &Db) -> sqlx::Result<Vec<PlaceLevel>> {
    let names: Vec<String> = sqlx::query_scalar("SELECT DISTINCT level FROM places").fetch_all(db.pool()).await?;
    let mut levels: Vec<PlaceLevel> = names.iter().filter_map(|name| name.parse().ok()).collect();
    levels.sort_unstable();
    Ok(levels)
}

async fn bounds(db: &Db) -> sqlx::Result<Option<Bounds>> {
    let sql = "SELECT MIN(west) AS w, MIN(south) AS s, MAX(east) AS e, MAX(north) AS n FROM places";
    let row = sqlx::query(sql).fetch_one(db.pool()).await?;
    let edge = |name: &str| row.try_get::<Option<f64>, _>(name);
    let edges = (edge("w")?, edge("s")?, edge("e")?, edge("n")?);
    Ok(match edges {
        (Some(w), Some(s), Some(e), Some(n)) => Some([w, s, e, n]),
        _ => None,
    })
}
