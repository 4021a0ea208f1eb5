//! The one task per process that reads the change log and keeps board and hub up with it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::time::{MissedTickBehavior, interval};

use super::{Shared, load, seconds};
use crate::db::{Db, Kind};
use crate::store::cases::{CASE_CHANGED, CaseFact};
use crate::store::change_log::{self, Entry};
use crate::store::mediations::CONFIRMATION_CHANGED;
use crate::store::meta;
use crate::store::orders::ORDER_CHANGED;
use crate::store::walls::WALL_TOLD;
use crate::store::warning_actions::WARNING_HANDLED;
use crate::store::write::DATASET_CHANGED;

/// How often the log is looked at even if nobody says that something came: a lost notification costs this much.
const LOOK: Duration = Duration::from_secs(5);
/// How often it is checked whether a new minute has begun.
const TICK: Duration = Duration::from_secs(1);
/// Rows read at once.
const AT_ONCE: u32 = 500;

/// Follows the log for as long as the process lives; an error is logged and tried again.
pub async fn run(shared: Arc<Shared>, db: Db) {
    let mut wake = Wake::new(&db).await;
    let mut minute = minute(&shared);
    loop {
        if let Err(error) = catch_up(&shared, &db).await {
            tracing::error!("cannot follow the change log: {error:#}");
        }
        let now = self::minute(&shared);
        if now != minute {
            minute = now;
            shared.tick();
        }
        wake.wait(&shared, &db).await;
    }
}

fn minute(shared: &Shared) -> i64 {
    seconds((shared.clock)()).div_euclid(60)
}

async fn catch_up(shared: &Shared, db: &Db) -> anyhow::Result<()> {
    loop {
        let position = *shared.applied.borrow();
        let entries = change_log::after(db, position, AT_ONCE).await?;
        let Some(first) = entries.first() else { return Ok(()) };
        if first.sequence > position + 1 {
            tracing::warn!(
                "rows {}..{} of the change log are gone: reading everything again",
                position + 1,
                first.sequence
            );
            reload(shared, db).await?;
            continue;
        }
        for entry in entries {
            take(shared, db, &entry).await?;
        }
    }
}

async fn take(shared: &Shared, db: &Db, entry: &Entry) -> anyhow::Result<()> {
    match entry.kind.as_str() {
        CASE_CHANGED => shared.take(&serde_json::from_str::<CaseFact>(&entry.payload)?),
        ORDER_CHANGED => shared.take_order(&serde_json::from_str(&entry.payload)?),
        CONFIRMATION_CHANGED => shared.take_confirmation(&serde_json::from_str(&entry.payload)?),
        WALL_TOLD => shared.take_told(serde_json::from_str(&entry.payload)?, entry.at),
        WARNING_HANDLED => shared.take_warning_action(&serde_json::from_str(&entry.payload)?),
        DATASET_CHANGED => return reload(shared, db).await,
        // A newer process may log what this one does not know; its rows change nothing here.
        other => tracing::debug!("a change of kind {other:?} is passed over"),
    }
    shared.applied.send_replace(entry.sequence);
    Ok(())
}

async fn reload(shared: &Shared, db: &Db) -> anyhow::Result<()> {
    let now = (shared.clock)();
    let config = Arc::new(meta::config(db, now).await?);
    let (board, position) = load::board(db, &config, now).await?;
    *shared.config.write().unwrap_or_else(std::sync::PoisonError::into_inner) = config;
    shared.replace(board);
    shared.applied.send_replace(position);
    Ok(())
}

/// What the task waits for.
struct Wake {
    look: tokio::time::Interval,
    tick: tokio::time::Interval,
    listener: Option<PgListener>,
}

impl Wake {
    async fn new(db: &Db) -> Self {
        let every = |period| {
            let mut interval = interval(period);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        };
        Self { look: every(LOOK), tick: every(TICK), listener: listen(db).await }
    }

    /// Waits until something may have come, or a second has passed.
    async fn wait(&mut self, shared: &Shared, db: &Db) {
        tokio::select! {
            () = shared.changed.notified() => {}
            _ = self.tick.tick() => {}
            _ = self.look.tick() => {
                if self.listener.is_none() {
                    self.listener = listen(db).await;
                }
            }
            heard = hear(&mut self.listener) => {
                if !heard {
                    self.listener = None;
                }
            }
        }
    }
}

/// Waits for a notification; returns whether the connection is still good.
async fn hear(listener: &mut Option<PgListener>) -> bool {
    match listener {
        Some(listener) => listener.recv().await.is_ok(),
        None => std::future::pending().await,
    }
}

/// Listens on `PostgreSQL`; on failure the log is still looked at every few seconds.
async fn listen(db: &Db) -> Option<PgListener> {
    if db.kind() != Kind::Postgres {
        return None;
    }
    let listening = async {
        let mut listener = PgListener::connect(db.url()).await?;
        listener.listen(change_log::CHANNEL).await?;
        Ok::<_, sqlx::Error>(listener)
    };
    listening.await.inspect_err(|error| tracing::warn!("cannot listen for changes, looking every 5 s: {error}")).ok()
}
