//! Pairing remotes with walls, and what walls are told. A wall is the session of its device, a holder the session of a person.

use chrono::{DateTime, Duration, Utc};
use fengtu_wire::ids::{RemoteId, SessionId};
use fengtu_wire::walls::WallCommand;
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{change_log, instant};
use crate::db::{Db, Tx};

/// The kind of the log's rows that carry a [`Told`].
pub const WALL_TOLD: &str = "wall";
/// For so long a code is good.
pub const CODE: Duration = Duration::minutes(3);
/// For so long a remote is good.
pub const REMOTE: Duration = Duration::hours(4);
/// Commands of one remote within [`SPAN`].
const MOST: i64 = 30;
const SPAN: Duration = Duration::seconds(10);
/// Codes that are tried before it is given up; with three walls in a million codes the first one is free.
const TRIES: usize = 5;

/// A command on its way to a wall; without one, to every wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The wall's session.
    pub wall: Option<SessionId>,
    /// What it is told.
    pub command: WallCommand,
}

/// A remote as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRemote {
    /// Names it.
    pub id: RemoteId,
    /// The wall's session.
    pub wall: SessionId,
    /// What the wall is called.
    pub name: String,
    /// When it was paired.
    pub started_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It is in the log under this number.
    Logged(u64),
    /// There is no such remote, or it has ended.
    Unknown,
    /// There were too many within a short time.
    TooMany,
}

/// Gives a wall a new code in place of its last one; `None` where no code was free.
pub async fn open(db: &Db, wall: &SessionId, now: DateTime<Utc>) -> sqlx::Result<Option<(String, DateTime<Utc>)>> {
    let mut tx = db.begin_write().await?;
    let old = "DELETE FROM wall_pairings WHERE wall = $1 OR ends_at <= $2";
    sqlx::query(old).bind(wall.as_str().to_owned()).bind(now.timestamp_millis()).execute(&mut *tx).await?;
    let ends_at = now + CODE;
    for _ in 0..TRIES {
        let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
        let sql = "INSERT INTO wall_pairings (code, wall, ends_at) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING";
        let query = sqlx::query(sql).bind(code.clone()).bind(wall.as_str().to_owned());
        if query.bind(ends_at.timestamp_millis()).execute(&mut *tx).await?.rows_affected() == 1 {
            tx.commit().await?;
            return Ok(Some((code, ends_at)));
        }
    }
    Ok(None)
}

/// Takes a wall's code and all its remotes away.
pub async fn close(db: &Db, wall: &SessionId) -> sqlx::Result<()> {
    for sql in ["DELETE FROM wall_pairings WHERE wall = $1", "DELETE FROM wall_remotes WHERE wall = $1"] {
        sqlx::query(sql).bind(wall.as_str().to_owned()).execute(db.pool()).await?;
    }
    Ok(())
}

/// Turns a code into a remote of `holder`; a code serves once. The wall is told.
pub async fn claim(
    db: &Db,
    code: &str,
    holder: &SessionId,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<(u64, StoredRemote)>> {
    let mut tx = db.begin_write().await?;
    let sequence = change_log::take_number(&mut tx).await?;
    let sql = "DELETE FROM wall_pairings WHERE code = $1 AND ends_at > $2 RETURNING wall";
    let taken: Option<String> =
        sqlx::query_scalar(sql).bind(code.to_owned()).bind(now.timestamp_millis()).fetch_optional(&mut *tx).await?;
    let Some(wall) = taken else { return Ok(None) };
    let id = insert(&mut tx, &wall, holder, now).await?;
    let Some(remote) = find(&mut tx, &id, holder, now).await? else { return Ok(None) };
    let paired = WallCommand::of(fengtu_wire::walls::WallAction::Paired);
    log(&mut tx, db, sequence, now, Some(&remote.wall), paired).await?;
    tx.commit().await?;
    Ok(Some((sequence, remote)))
}

/// One person's session has one remote of a wall.
async fn insert(tx: &mut Tx, wall: &str, holder: &SessionId, now: DateTime<Utc>) -> sqlx::Result<String> {
    let sql = "DELETE FROM wall_remotes WHERE (wall = $1 AND holder = $2) OR ends_at <= $3";
    let query = sqlx::query(sql).bind(wall.to_owned()).bind(holder.as_str().to_owned());
    query.bind(now.timestamp_millis()).execute(&mut **tx).await?;
    let id = format!("{:032x}", rand::random::<u128>());
    let sql = "INSERT INTO wall_remotes (id, wall, holder, started_at, ends_at, counted_from, sent) \
               VALUES ($1, $2, $3, $4, $5, $4, 0)";
    let query = sqlx::query(sql).bind(id.clone()).bind(wall.to_owned()).bind(holder.as_str().to_owned());
    query.bind(now.timestamp_millis()).bind((now + REMOTE).timestamp_millis()).execute(&mut **tx).await?;
    Ok(id)
}

const SELECT: &str = "SELECT r.id, r.wall, r.started_at, r.ends_at, a.display_name FROM wall_remotes r \
    JOIN sessions s ON s.id = r.wall JOIN accounts a ON a.id = s.account \
    WHERE a.disabled = 0 AND r.holder = $1 AND r.ends_at > $2 AND s.ends_at > $2";

async fn find(tx: &mut Tx, id: &str, holder: &SessionId, now: DateTime<Utc>) -> sqlx::Result<Option<StoredRemote>> {
    let sql = format!("{SELECT} AND r.id = $3");
    let query = sqlx::query(&sql).bind(holder.as_str().to_owned()).bind(now.timestamp_millis()).bind(id.to_owned());
    query.fetch_optional(&mut **tx).await?.as_ref().map(stored).transpose()
}

/// Lists the remotes of a session, the newest first.
pub async fn of_holder(db: &Db, holder: &SessionId, now: DateTime<Utc>) -> sqlx::Result<Vec<StoredRemote>> {
    let sql = format!("{SELECT} ORDER BY r.started_at DESC, r.id");
    let query = sqlx::query(&sql).bind(holder.as_str().to_owned()).bind(now.timestamp_millis());
    query.fetch_all(db.pool()).await?.iter().map(stored).collect()
}

/// Ends a remote of a session; returns whether there was one.
pub async fn end(db: &Db, id: &str, holder: &SessionId) -> sqlx::Result<bool> {
    let sql = "DELETE FROM wall_remotes WHERE id = $1 AND holder = $2";
    let query = sqlx::query(sql).bind(id.to_owned()).bind(holder.as_str().to_owned());
    Ok(query.execute(db.pool()).await?.rows_affected() > 0)
}

/// Sends a command of a remote to its wall.
pub async fn command(
    db: &Db,
    id: &str,
    holder: &SessionId,
    command: WallCommand,
    now: DateTime<Utc>,
) -> anyhow::Result<Sent> {
    let mut tx = db.begin_write().await?;
    let sequence = change_log::take_number(&mut tx).await?;
    let Some(remote) = find(&mut tx, id, holder, now).await? else { return Ok(Sent::Unknown) };
    let since = (now - SPAN).timestamp_millis();
    let sql = "UPDATE wall_remotes SET sent = CASE WHEN counted_from < $1 THEN 1 ELSE sent + 1 END, \
               counted_from = CASE WHEN counted_from < $1 THEN $2 ELSE counted_from END WHERE id = $3 RETURNING sent";
    let query = sqlx::query_scalar(sql).bind(since).bind(now.timestamp_millis()).bind(id.to_owned());
    let sent: i64 = query.fetch_one(&mut *tx).await?;
    if sent > MOST {
        return Ok(Sent::TooMany);
    }
    log(&mut tx, db, sequence, now, Some(&remote.wall), command).await?;
    tx.commit().await?;
    Ok(Sent::Logged(sequence))
}

/// Tells every wall something.
pub async fn tell_all(db: &Db, command: WallCommand, now: DateTime<Utc>) -> anyhow::Result<u64> {
    let mut tx = db.begin_write().await?;
    let sequence = change_log::take_number(&mut tx).await?;
    log(&mut tx, db, sequence, now, None, command).await?;
    tx.commit().await?;
    Ok(sequence)
}

async fn log(
    tx: &mut Tx,
    db: &Db,
    sequence: u64,
    now: DateTime<Utc>,
    wall: Option<&SessionId>,
    command: WallCommand,
) -> anyhow::Result<()> {
    let told = Told { wall: wall.cloned(), command };
    change_log::record(tx, db.kind(), sequence, now, WALL_TOLD, &told).await
}

/// Counts the remotes of each wall that has some.
pub async fn counts(db: &Db, now: DateTime<Utc>) -> sqlx::Result<Vec<(SessionId, u32)>> {
    let sql = "SELECT wall, COUNT(*) AS n FROM wall_remotes WHERE ends_at > $1 GROUP BY wall";
    let rows = sqlx::query(sql).bind(now.timestamp_millis()).fetch_all(db.pool()).await?;
    let one = |row: &AnyRow| {
        let n: i64 = row.try_get("n")?;
        Ok((SessionId(row.try_get("wall")?), u32::try_from(n).unwrap_or(u32::MAX)))
    };
    rows.iter().map(one).collect()
}

fn stored(row: &AnyRow) -> sqlx::Result<StoredRemote> {
    Ok(StoredRemote {
        id: RemoteId(row.try_get("id")?),
        wall: SessionId(row.try_get("wall")?),
        name: row.try_get("display_name")?,
        started_at: instant(row.try_get("started_at")?),
        ends_at: instant(row.try_get("ends_at")?),
    })
}
