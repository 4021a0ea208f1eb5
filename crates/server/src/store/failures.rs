//! Failed sign-ins per account and source: each makes the next try wait longer; nobody is locked out from elsewhere.

use chrono::{DateTime, Duration, Utc};
use sqlx::Row as _;

use crate::db::Db;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 4;
/// The longest wait between two tries, in seconds.
const LONGEST_S: i64 = 60;
/// After so long without a try all is forgotten.
const MEMORY: Duration = Duration::hours(1);

/// Counts a try before it is made, so that many at once count too. Returns the seconds to wait instead, if it comes too soon.
pub async fn count_try(db: &Db, key: &str, now: DateTime<Utc>) -> sqlx::Result<Option<u32>> {
    let mut tx = db.begin_write().await?;
    // Writing the row as it is locks it: two tries at once are counted one after the other.
    let lock = "INSERT INTO failed_sign_ins (id, failures, last_at) VALUES ($1, 0, 0) \
                ON CONFLICT (id) DO UPDATE SET failures = failed_sign_ins.failures RETURNING failures, last_at";
    let row = sqlx::query(lock).bind(key).fetch_one(&mut *tx).await?;
    let (failures, last_at): (i64, i64) = (row.try_get("failures")?, row.try_get("last_at")?);
    let now_ms = now.timestamp_millis();
    let failures = if now_ms - last_at > MEMORY.num_milliseconds() { 0 } else { failures };
    let left_ms = last_at + wait_s(failures) * 1000 - now_ms;
    if left_ms > 0 {
        return Ok(Some(u32::try_from((left_ms + 999) / 1000).unwrap_or(u32::MAX)));
    }
    let count = "UPDATE failed_sign_ins SET failures = $1, last_at = $2 WHERE id = $3";
    sqlx::query(count).bind(failures + 1).bind(now_ms).bind(key).execute(&mut *tx).await?;
    let old = "DELETE FROM failed_sign_ins WHERE last_at < $1";
    sqlx::query(old).bind(now_ms - MEMORY.num_milliseconds()).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(None)
}

/// Forgets the failures after a success.
pub async fn forget(db: &Db, key: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM failed_sign_ins WHERE id = $1").bind(key).execute(db.pool()).await.map(drop)
}

fn wait_s(failures: i64) -> i64 {
    let above = u32::try_from(failures).unwrap_or_default().saturating_sub(FREE);
    if above == 0 { 0 } else { 1_i64.checked_shl(above).unwrap_or(LONGEST_S).clamp(1, LONGEST_S) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<i64> = (0..13).map(wait_s).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait_s(1_000_000), LONGEST_S);
    }
}
