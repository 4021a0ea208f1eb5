//! What happened, numbered in the order it was committed: the memory that snapshot + events rest on.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::Row as _;

use super::meta;
use crate::db::{Db, Kind, Tx};

/// The newest rows that are kept; a reader further behind starts again from a snapshot.
pub const KEPT: u64 = 100_000;

/// The channel on which `PostgreSQL` tells other processes that something was committed.
pub const CHANNEL: &str = "fengtu_changes";

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1; the order of numbers is the order of commits, without gaps.
    pub sequence: u64,
    /// When it was written, by the server's clock.
    pub at: DateTime<Utc>,
    /// What kind of change it was.
    pub kind: String,
    /// JSON.
    pub payload: String,
}

/// Takes the next number and, with it, the right to write: whoever takes one waits until the transaction that took the
/// one before has ended. Take it first, then read what the change depends on.
pub async fn take_number(tx: &mut Tx) -> sqlx::Result<u64> {
    let next = "UPDATE counters SET value = value + 1 WHERE name = 'change_log' RETURNING value";
    let sequence: i64 = sqlx::query_scalar(next).fetch_one(&mut **tx).await?;
    Ok(sequence.unsigned_abs())
}

/// Writes the row of a number within the transaction that took it and makes the change.
pub async fn record(
    tx: &mut Tx,
    database: Kind,
    sequence: u64,
    at: DateTime<Utc>,
    kind: &str,
    payload: &(impl Serialize + Sync),
) -> anyhow::Result<()> {
    let sql = "INSERT INTO change_log (sequence, at, kind, payload) VALUES ($1, $2, $3, $4)";
    let (number, payload) = (sequence.cast_signed(), serde_json::to_string(payload)?);
    sqlx::query(sql).bind(number).bind(at.timestamp_millis()).bind(kind).bind(payload).execute(&mut **tx).await?;
    trim(tx, number).await?;
    if database == Kind::Postgres {
        sqlx::query(&format!("NOTIFY {CHANNEL}")).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Returns up to `limit` rows after a number, oldest first.
pub async fn after(db: &Db, sequence: u64, limit: u32) -> sqlx::Result<Vec<Entry>> {
    let sql = "SELECT sequence, at, kind, payload FROM change_log WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    let rows = sqlx::query(sql).bind(sequence.cast_signed()).bind(i64::from(limit)).fetch_all(db.pool()).await?;
    rows.iter().map(entry).collect()
}

/// Returns the newest number; 0 while nothing has happened.
pub async fn latest(db: &Db) -> sqlx::Result<u64> {
    let value: i64 =
        sqlx::query_scalar("SELECT value FROM counters WHERE name = 'change_log'").fetch_one(db.pool()).await?;
    Ok(value.unsigned_abs())
}

/// Returns the oldest number still kept; nothing while the log is empty.
pub async fn oldest(db: &Db) -> sqlx::Result<Option<u64>> {
    let value: Option<i64> = sqlx::query_scalar("SELECT MIN(sequence) FROM change_log").fetch_one(db.pool()).await?;
    Ok(value.map(i64::unsigned_abs))
}

/// Returns the name of this history of the database, made when it was first opened.
pub async fn epoch(db: &Db) -> sqlx::Result<String> {
    // Two processes may come at once: the first to write wins, and both read what it wrote.
    let sql = "INSERT INTO meta (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING";
    if let Some(epoch) = meta::get(db.pool(), "epoch").await? {
        return Ok(epoch);
    }
    sqlx::query(sql).bind(new_epoch()).execute(db.pool()).await?;
    Ok(meta::get(db.pool(), "epoch").await?.unwrap_or_default())
}

fn new_epoch() -> String {
    format!("{:016x}", rand::random::<u64>())
}

// Once in 1,000 rows, so that a busy hour does not pay for it with every row.
async fn trim(tx: &mut Tx, sequence: i64) -> sqlx::Result<()> {
    if sequence % 1_000 != 0 {
        return Ok(());
    }
    let last_gone = sequence - KEPT.cast_signed();
    sqlx::query("DELETE FROM change_log WHERE sequence <= $1").bind(last_gone).execute(&mut **tx).await.map(drop)
}

fn entry(row: &sqlx::any::AnyRow) -> sqlx::Result<Entry> {
    Ok(Entry {
        sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
        at: super::instant(row.try_get("at")?),
        kind: row.try_get("kind")?,
        payload: row.try_get("payload")?,
    })
}
