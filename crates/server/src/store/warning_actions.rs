//! What was done about warnings: rows are added and never changed.

use chrono::{DateTime, Utc};
use fengtu_wire::ids::{AccountId, PlaceId};
use fengtu_wire::session::Role;
use fengtu_wire::warnings::{Level, WarningAction};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyExecutor, Row as _};

use super::instant;
use crate::db::Tx;

/// The kind of the change-log rows whose payload is a [`WarningFact`].
pub const WARNING_HANDLED: &str = "warning_action";

/// One thing that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionRow {
    /// The place whose warning it is.
    pub place: PlaceId,
    /// Counts from 1 for each place.
    pub version: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub action: WarningAction,
    /// The level that the warning had.
    pub level: Level,
    /// The score that it had.
    pub score: f64,
    /// By which account.
    pub account: AccountId,
    /// What that account was called then.
    pub name: String,
    /// In what role.
    pub role: Role,
    /// Why, or what was done.
    pub note: Option<String>,
    /// To which place it was handed down.
    pub handed_to: Option<PlaceId>,
    /// The `Idempotency-Key` of the request.
    pub request_key: String,
    /// A hash of what the request asked for.
    pub request_hash: String,
}

/// What the board needs of the last thing that was done about a place's warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningFact {
    /// The place.
    pub place: PlaceId,
    /// How many things were done.
    pub version: u32,
    /// When the last was, in Unix seconds.
    pub at: i64,
    /// What it was.
    pub action: WarningAction,
    /// The level that the warning had.
    pub level: Level,
    /// To which place it was handed down last.
    pub handed_to: Option<PlaceId>,
}

impl From<&ActionRow> for WarningFact {
    fn from(row: &ActionRow) -> Self {
        Self {
            place: row.place.clone(),
            version: row.version,
            at: row.at.timestamp(),
            action: row.action,
            level: row.level,
            handed_to: row.handed_to.clone(),
        }
    }
}

const SELECT: &str = "SELECT place, version, at, action, level, score, account, name, role, note, handed_to, \
    request_key, request_hash FROM warning_actions";

/// Returns what a request of an account has done already.
pub async fn by_request(tx: &mut Tx, account: &AccountId, key: &str) -> anyhow::Result<Option<ActionRow>> {
    let sql = format!("{SELECT} WHERE account = $1 AND request_key = $2");
    let row = sqlx::query(&sql).bind(account.as_str()).bind(key).fetch_optional(&mut **tx).await?;
    row.as_ref().map(read).transpose()
}

/// Returns the last thing that was done about a place's warning.
pub async fn last(tx: &mut Tx, place: &PlaceId) -> anyhow::Result<Option<ActionRow>> {
    let sql = format!("{SELECT} WHERE place = $1 ORDER BY version DESC LIMIT 1");
    let row = sqlx::query(&sql).bind(place.as_str()).fetch_optional(&mut **tx).await?;
    row.as_ref().map(read).transpose()
}

/// Returns what was done about a place's warning, newest first, at most a thousand.
pub async fn of_place(db: impl AnyExecutor<'_>, place: &PlaceId) -> anyhow::Result<Vec<ActionRow>> {
    let sql = format!("{SELECT} WHERE place = $1 ORDER BY version DESC LIMIT 1000");
    let rows = sqlx::query(&sql).bind(place.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Returns the last thing that was done about each place's warning.
pub async fn facts(db: impl AnyExecutor<'_>) -> anyhow::Result<Vec<WarningFact>> {
    let newest =
        "version = (SELECT MAX(version) FROM warning_actions AS other WHERE other.place = warning_actions.place)";
    let rows = sqlx::query(&format!("{SELECT} WHERE {newest}")).fetch_all(db).await?;
    rows.iter().map(|row| read(row).map(|row| WarningFact::from(&row))).collect()
}

/// Adds a row.
pub async fn add(tx: &mut Tx, row: &ActionRow) -> sqlx::Result<()> {
    let sql = "INSERT INTO warning_actions (place, version, at, action, level, score, account, name, role, note, handed_to, \
        request_key, request_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    // Not kept prepared: PostgreSQL keeps the types of the first values, and a NULL has another than a text.
    let query = sqlx::query(sql).persistent(false);
    let query = query.bind(row.place.as_str()).bind(i64::from(row.version)).bind(row.at.timestamp_millis());
    let query = query.bind(row.action.as_str()).bind(row.level.as_str()).bind(row.score);
    let query = query.bind(row.account.as_str()).bind(row.name.as_str()).bind(row.role.as_str());
    let query = query.bind(row.note.as_deref()).bind(row.handed_to.as_ref().map(PlaceId::as_str));
    query.bind(row.request_key.as_str()).bind(row.request_hash.as_str()).execute(&mut **tx).await.map(drop)
}

fn read(row: &AnyRow) -> anyhow::Result<ActionRow> {
    Ok(ActionRow {
        place: PlaceId(row.try_get("place")?),
        version: u32::try_from(row.try_get::<i64, _>("version")?)?,
        at: instant(row.try_get("at")?),
        action: row.try_get::<&str, _>("action")?.parse()?,
        level: row.try_get::<&str, _>("level")?.parse()?,
        score: row.try_get("score")?,
        account: AccountId(row.try_get("account")?),
        name: row.try_get("name")?,
        role: row.try_get::<&str, _>("role")?.parse()?,
        note: row.try_get("note")?,
        handed_to: row.try_get::<Option<String>, _>("handed_to")?.map(PlaceId),
        request_key: row.try_get("request_key")?,
        request_hash: row.try_get("request_hash")?,
    })
}
