//! The database: `SQLite` embedded, or `PostgreSQL`, through one driver and one text of SQL.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Executor as _, Transaction};

/// A transaction on either database.
pub type Tx = Transaction<'static, Any>;

/// Which database it is; few places need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `SQLite`, in a file of ours.
    Sqlite,
    /// `PostgreSQL`, shared by several processes.
    Postgres,
}

/// A pool of connections to a migrated database.
#[derive(Debug, Clone)]
pub struct Db {
    pool: AnyPool,
    kind: Kind,
    url: String,
}

impl Db {
    /// Connects to `url` (`sqlite:…` or `postgres://…`), creating the `SQLite` file if missing, and migrates.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let kind = kind_of(url)?;
        let pool = options(kind).connect(&complete(kind, url)).await?;
        sqlx::migrate!().run(&pool).await?;
        Ok(Self { pool, kind, url: url.to_owned() })
    }

    /// Returns the pool, for reading.
    pub const fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Returns which database it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the address, for what the common driver lacks (LISTEN). It may hold a password: never log it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Begins a transaction that writes. On `SQLite` it takes the write lock at once: a read lock that is raised later
    /// fails instead of waiting.
    pub async fn begin_write(&self) -> sqlx::Result<Tx> {
        match self.kind {
            Kind::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.pool.begin().await,
        }
    }
}

/// Returns the address of the `SQLite` file in the data folder.
pub fn sqlite_url(data: &Path) -> String {
    format!("sqlite://{}", sqlite_file(data).display())
}

/// Returns the `SQLite` file in the data folder.
pub fn sqlite_file(data: &Path) -> PathBuf {
    data.join("fengtu.db")
}

fn kind_of(url: &str) -> anyhow::Result<Kind> {
    match url.split(':').next() {
        Some("sqlite") => Ok(Kind::Sqlite),
        Some("postgres" | "postgresql") => Ok(Kind::Postgres),
        _ => anyhow::bail!("DATABASE_URL must begin with sqlite: or postgres:"),
    }
}

fn complete(kind: Kind, url: &str) -> String {
    match kind {
        Kind::Sqlite if !url.contains('?') => format!("{url}?mode=rwc"),
        _ => url.to_owned(),
    }
}

fn options(kind: Kind) -> AnyPoolOptions {
    let options = AnyPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(5));
    match kind {
        Kind::Sqlite => options.after_connect(|connection, _| Box::pin(set_pragmas(connection))),
        Kind::Postgres => options,
    }
}

// WAL: readers never wait for the writer. FULL: a commit that was answered survives a power cut.
// secure_delete: what is deleted is overwritten (GB/T 22239, residual information).
async fn set_pragmas(connection: &mut AnyConnection) -> sqlx::Result<()> {
    let pragmas = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                   PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000";
    connection.execute(pragmas).await.map(drop)
}
