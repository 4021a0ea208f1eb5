//! Starts the real server for tests: on port 0, over a fresh `SQLite` file and over a fresh `PostgreSQL` database.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use fengtu_server::app::{AppState, Settings, router};
use fengtu_server::db::{Db, sqlite_url};
use fengtu_wire::session::Role;

pub mod fixture;
mod postgres;
pub mod upstream;

/// The instant at which every test's clock stands at first: a Wednesday, 10:00 in China.
pub const NOW: &str = "2026-03-11T10:00:00+08:00";

/// A database server to test on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// Embedded.
    Sqlite,
    /// A cluster of our own.
    Postgres,
}

/// Returns the database servers that can be tested on here. With `FENGTU_TEST_PG`, the folder of its binaries, a missing one is a failure.
pub fn backends() -> Vec<Backend> {
    let mut all = vec![Backend::Sqlite];
    if postgres::available() {
        all.push(Backend::Postgres);
    }
    all
}

/// An empty database, gone with the test.
pub struct Database {
    /// Its address.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// Makes one.
    pub async fn fresh(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                Self { url: sqlite_url(folder.path()), _folder: Some(folder) }
            }
            Backend::Postgres => Self { url: postgres::fresh_database().await, _folder: None },
        }
    }
}

/// A clock that moves only when told.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl TestClock {
    /// Starts at [`NOW`].
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(NOW.parse().unwrap())))
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }

    /// Reads it.
    pub fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A running server.
pub struct Server {
    /// Its address, such as `http://127.0.0.1:40000`.
    pub base: String,
    /// What its handlers share.
    pub state: AppState,
    /// Its clock.
    pub clock: TestClock,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts one over a database.
    pub async fn start(url: &str) -> Self {
        Self::start_with(url, Settings::default()).await
    }

    /// Starts one over a database with settings of its own.
    pub async fn start_with(url: &str, settings: Settings) -> Self {
        let clock = TestClock::new();
        let reader = clock.clone();
        let db = Db::open(url).await.unwrap();
        let state = AppState::new(db, Arc::new(move || reader.now()), settings).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { base, state, clock, task }
    }

    /// Starts one over a fresh database with the fixture in it.
    pub async fn filled(backend: Backend) -> (Self, Database) {
        let database = Database::fresh(backend).await;
        let db = Db::open(&database.url).await.unwrap();
        fixture::fill(&db, NOW.parse::<DateTime<Utc>>().unwrap()).await;
        (Self::start(&database.url).await, database)
    }

    /// Signs in as the fixture's account of a role; nobody for the public.
    pub async fn client_as(&self, role: Role) -> reqwest::Client {
        let client = client();
        if role != Role::Public {
            let response = self.sign_in(&client, role.as_str(), fixture::PASSWORD).await;
            assert_eq!(response.status(), 201, "{role}");
        }
        client
    }

    /// Sends a name and a password as our own page does.
    pub async fn sign_in(&self, client: &reqwest::Client, name: &str, password: &str) -> reqwest::Response {
        let body = serde_json::json!({ "name": name, "password": password });
        let request = client.post(self.url("/api/v1/session")).header("x-fengtu", "1").header("origin", &self.base);
        request.json(&body).send().await.unwrap()
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns a client that keeps cookies and uses no proxy.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().cookie_store(true).build().unwrap()
}
