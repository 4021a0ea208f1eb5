//! What the board in memory needs of every case: read in bulk at the start, and carried by the change log after.

use fengtu_wire::cases::{CaseState, Channel, Class, Sensitivity};
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::{CaseNumber, CategoryId, PlaceId};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyExecutor, Row as _};

/// A case without its texts but the title. Instants are Unix milliseconds UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseFact {
    /// Its number.
    pub number: CaseNumber,
    /// How it came in.
    pub channel: Channel,
    /// What it is about.
    pub category: CategoryId,
    /// Its class.
    pub class: Class,
    /// Its sensitivity.
    pub sensitivity: Sensitivity,
    /// Where it is in the loop.
    pub state: CaseState,
    /// The lowest place known.
    pub place: Option<PlaceId>,
    /// Where it is; absent: not on the map.
    pub at: Option<Position>,
    /// One line.
    pub title: String,
    /// People who are part of it.
    pub people: u32,
    /// Amount in fen.
    pub amount_fen: i64,
    /// An earlier case of the same parties or cause.
    pub repeat_of: Option<CaseNumber>,
    /// The resident's rating, 1–5.
    pub rating: Option<u8>,
    /// When it was reported.
    pub reported_at: i64,
    /// When somebody first answered.
    pub answered_at: Option<i64>,
    /// When it was first accepted.
    pub accepted_at: Option<i64>,
    /// When it was settled; absent while it is open, and again once it was reopened.
    pub resolved_at: Option<i64>,
    /// The states it came into and when, in order; what clocks are computed from.
    pub steps: Vec<(i64, CaseState)>,
}

pub(super) const COLUMNS: &str = "number, channel, category, class, sensitivity, state, place, lon, lat, title, people, \
     amount_fen, repeat_of, rating, reported_at, answered_at, accepted_at, resolved_at, steps";

/// Reads up to `limit` cases with numbers after `after`, in the order of their numbers; call again with the last number
/// until fewer come.
pub async fn facts(db: impl AnyExecutor<'_>, after: Option<&CaseNumber>, limit: u32) -> anyhow::Result<Vec<CaseFact>> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE number > $1 ORDER BY number LIMIT $2");
    let after = after.map_or("", CaseNumber::as_str).to_owned();
    let rows = sqlx::query(&sql).bind(after).bind(i64::from(limit)).fetch_all(db).await?;
    rows.iter().map(fact).collect()
}

/// Reads one case.
pub async fn fact_of(db: impl AnyExecutor<'_>, number: &CaseNumber) -> anyhow::Result<Option<CaseFact>> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE number = $1");
    let row = sqlx::query(&sql).bind(number.as_str().to_owned()).fetch_optional(db).await?;
    row.as_ref().map(fact).transpose()
}

pub(super) fn fact(row: &AnyRow) -> anyhow::Result<CaseFact> {
    Ok(CaseFact {
        number: CaseNumber(row.try_get("number")?),
        channel: row.try_get::<&str, _>("channel")?.parse()?,
        category: CategoryId(row.try_get("category")?),
        class: row.try_get::<&str, _>("class")?.parse()?,
        sensitivity: super::sensitivity(row.try_get("sensitivity")?),
        state: row.try_get::<&str, _>("state")?.parse()?,
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        at: crate::store::position(row.try_get("lon")?, row.try_get("lat")?),
        title: row.try_get("title")?,
        people: super::unsigned(row.try_get("people")?),
        amount_fen: row.try_get("amount_fen")?,
        repeat_of: row.try_get::<Option<String>, _>("repeat_of")?.map(CaseNumber),
        rating: row.try_get::<Option<i64>, _>("rating")?.and_then(|rating| rating.try_into().ok()),
        reported_at: row.try_get("reported_at")?,
        answered_at: row.try_get("answered_at")?,
        accepted_at: row.try_get("accepted_at")?,
        resolved_at: row.try_get("resolved_at")?,
        steps: serde_json::from_str(row.try_get("steps")?)?,
    })
}
