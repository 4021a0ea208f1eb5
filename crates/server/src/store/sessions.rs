//! Sessions of accounts: found by the hash of their token, ended by time, by their owner, or by disabling the account.

use chrono::{DateTime, Duration, Utc};
use fengtu_domain::sight::Viewer;
use fengtu_wire::ids::{PlaceId, SessionId};
use fengtu_wire::session::{Account, Role};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::accounts::{self, StoredAccount};
use super::instant;
use crate::db::{Db, Tx};

/// A session ends so long after it was last used; a wall's does not.
pub const IDLE: Duration = Duration::minutes(30);
/// A session ends so long after it began, whatever happens.
pub const ABSOLUTE: Duration = Duration::hours(12);
/// A wall is a device that nobody signs in at for months.
pub const ABSOLUTE_WALL: Duration = Duration::days(365);

// Written at most once a minute: a busy screen would write with every request.
const TOUCH: Duration = Duration::minutes(1);

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// Names it.
    pub id: SessionId,
    /// Whose it is.
    pub account: Account,
    /// The account's role.
    pub role: Role,
    /// The top of the part of the tree that they see.
    pub place: Option<PlaceId>,
    /// The office they belong to.
    pub office: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub ends_at: DateTime<Utc>,
    /// What browser it said it was.
    pub user_agent: String,
}

impl LiveSession {
    /// Returns who is looking.
    pub fn viewer(&self) -> Viewer {
        Viewer { role: self.role, place: self.place.clone(), account: Some(self.account.id.clone()) }
    }

    fn is_alive(&self, now: DateTime<Utc>) -> bool {
        now < self.ends_at && (self.role == Role::Wall || now < self.seen_at + IDLE)
    }
}

const SELECT: &str = "SELECT s.id, s.account AS account_id, s.started_at, s.seen_at, s.ends_at, s.user_agent, \
    a.name, a.display_name, a.staff_number, a.role, a.place, a.office \
    FROM sessions s JOIN accounts a ON a.id = s.account WHERE a.disabled = 0";

/// Begins a session; `token_hash` is all that is kept of its token.
pub async fn begin(
    db: &Db,
    account: &StoredAccount,
    token_hash: &str,
    user_agent: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<LiveSession> {
    let session = LiveSession {
        id: SessionId(format!("{:032x}", rand::random::<u128>())),
        account: account.account.clone(),
        role: account.role,
        place: account.place.clone(),
        office: account.office.clone(),
        started_at: now,
        seen_at: now,
        ends_at: now + if account.role == Role::Wall { ABSOLUTE_WALL } else { ABSOLUTE },
        user_agent: user_agent.chars().filter(|c| !c.is_control()).take(200).collect(),
    };
    forget_ended(db, now).await?;
    insert(db, &session, token_hash).await?;
    Ok(session)
}

// Who closes the browser never asks again, and what is not asked for would stay for ever.
async fn forget_ended(db: &Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE ends_at <= $1 \
               OR (seen_at <= $2 AND account NOT IN (SELECT id FROM accounts WHERE role = $3))";
    let (now, idle) = (now.timestamp_millis(), (now - IDLE).timestamp_millis());
    sqlx::query(sql).bind(now).bind(idle).bind(Role::Wall.as_str()).execute(db.pool()).await.map(drop)
}

async fn insert(db: &Db, session: &LiveSession, token_hash: &str) -> sqlx::Result<()> {
    let sql = "INSERT INTO sessions (id, account, token_hash, started_at, seen_at, ends_at, user_agent) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    sqlx::query(sql)
        .bind(session.id.as_str().to_owned())
        .bind(session.account.id.as_str().to_owned())
        .bind(token_hash.to_owned())
        .bind(session.started_at.timestamp_millis())
        .bind(session.seen_at.timestamp_millis())
        .bind(session.ends_at.timestamp_millis())
        .bind(session.user_agent.clone())
        .execute(db.pool())
        .await
        .map(drop)
}

/// Finds the live session of a token and notes that it was used.
pub async fn find(db: &Db, token_hash: &str, now: DateTime<Utc>) -> sqlx::Result<Option<LiveSession>> {
    let sql = format!("{SELECT} AND s.token_hash = $1");
    let row = sqlx::query(&sql).bind(token_hash.to_owned()).fetch_optional(db.pool()).await?;
    let Some(session) = row.as_ref().map(live).transpose()? else { return Ok(None) };
    if !session.is_alive(now) {
        end(db, &session.id).await?;
        return Ok(None);
    }
    if now - session.seen_at >= TOUCH {
        let sql = "UPDATE sessions SET seen_at = $1 WHERE id = $2";
        sqlx::query(sql).bind(now.timestamp_millis()).bind(session.id.as_str().to_owned()).execute(db.pool()).await?;
    }
    Ok(Some(session))
}

/// Returns whether a session still lives, without counting as use: a stream asks this while it is open.
pub async fn is_alive(db: &Db, id: &SessionId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let sql = format!("{SELECT} AND s.id = $1");
    let row = sqlx::query(&sql).bind(id.as_str().to_owned()).fetch_optional(db.pool()).await?;
    Ok(row.as_ref().map(live).transpose()?.is_some_and(|session| session.is_alive(now)))
}

/// Ends all sessions of an account.
pub async fn end_all(tx: &mut Tx, account: &str) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE account = $1";
    sqlx::query(sql).bind(account.to_owned()).execute(&mut **tx).await.map(drop)
}

/// Lists an account's live sessions, newest first.
pub async fn of_account(db: &Db, account: &Account, now: DateTime<Utc>) -> sqlx::Result<Vec<LiveSession>> {
    let sql = format!("{SELECT} AND s.account = $1 ORDER BY s.started_at DESC, s.id");
    let rows = sqlx::query(&sql).bind(account.id.as_str().to_owned()).fetch_all(db.pool()).await?;
    let all: Vec<LiveSession> = rows.iter().map(live).collect::<sqlx::Result<_>>()?;
    Ok(all.into_iter().filter(|session| session.is_alive(now)).collect())
}

/// Lists the live sessions of a role, newest first.
pub async fn of_role(db: &Db, role: Role, now: DateTime<Utc>) -> sqlx::Result<Vec<LiveSession>> {
    let sql = format!("{SELECT} AND a.role = $1 ORDER BY s.started_at DESC, s.id");
    let rows = sqlx::query(&sql).bind(role.as_str()).fetch_all(db.pool()).await?;
    let all: Vec<LiveSession> = rows.iter().map(live).collect::<sqlx::Result<_>>()?;
    Ok(all.into_iter().filter(|session| session.is_alive(now)).collect())
}

/// Ends a session.
pub async fn end(db: &Db, id: &SessionId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.as_str().to_owned()).execute(db.pool()).await.map(drop)
}

fn live(row: &AnyRow) -> sqlx::Result<LiveSession> {
    Ok(LiveSession {
        id: SessionId(row.try_get("id")?),
        account: accounts::account(row)?,
        role: accounts::role(row)?,
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        office: row.try_get("office")?,
        started_at: instant(row.try_get("started_at")?),
        seen_at: instant(row.try_get("seen_at")?),
        ends_at: instant(row.try_get("ends_at")?),
        user_agent: row.try_get("user_agent")?,
    })
}
