//! What every handler shares, and the router that holds all of them.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::{Router, middleware};
use chrono::{DateTime, Utc};
use fengtu_wire::config::Config;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::db::Db;
use crate::headers::{self, Headers};
use crate::live::{Live, SharedConfig};
use crate::problem::Failure;
use crate::proxy::{self, Proxies};
use crate::store::meta;
use crate::{auth, client_config, files, kept, routes};

/// The largest body that any address takes, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Tells the time; tests give their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What stays as it was at the start.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether browsers reach us by HTTPS: session cookies are then `__Host-` and `Secure`.
    pub secure_cookies: bool,
    /// Our own origin as browsers see it, such as `https://map.example.cn`; absent: the `Host` they ask for.
    pub public_origin: Option<String>,
    /// The client's files; absent: the API alone.
    pub dist: Option<PathBuf>,
    /// The client's `config.json` in place of the one among its files; an administrator may write it.
    pub config: Option<PathBuf>,
    /// The other servers that ours fronts.
    pub proxies: Proxies,
}

/// What every handler shares.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Tells the time.
    pub clock: Clock,
    /// What stays as it was at the start.
    pub settings: Arc<Settings>,
    /// What is held in memory, and what happens to it.
    pub live: Arc<Live>,
    config: SharedConfig,
}

impl AppState {
    /// Reads what the database says of the district.
    pub async fn new(db: Db, clock: Clock, settings: Settings) -> anyhow::Result<Self> {
        let config = meta::config(&db, clock()).await?;
        let (settings, config) = (Arc::new(settings), Arc::new(RwLock::new(Arc::new(config))));
        let live = Arc::new(Live::start(db.clone(), Arc::clone(&clock), Arc::clone(&config)).await?);
        Ok(Self { db, clock, settings, live, config })
    }

    /// Returns the server's clock.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Returns the district's settings; `server_time` in it is of the moment it was read.
    pub fn config(&self) -> Arc<Config> {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the district's settings again, after an import.
    pub async fn reload_config(&self) -> anyhow::Result<()> {
        let fresh = Arc::new(meta::config(&self.db, self.now()).await?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

/// Returns every resource below `/api/v1`, with its description.
pub fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().nest("/api/v1", routes::all())
}

/// Puts the API, the client's files and everything around them together.
pub fn router(state: AppState) -> Router {
    let (api, _description) = api().split_for_parts();
    let headers = Headers::new(&state.settings);
    api.merge(proxy::router())
        .merge(client_config::writing())
        .route_layer(middleware::from_fn_with_state(state.clone(), kept::keep))
        .route_layer(middleware::from_fn_with_state(state.clone(), auth::guard))
        .merge(client_config::reading())
        .fallback(files::serve)
        .method_not_allowed_fallback(files::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(headers, headers::add))
        .with_state(state)
}

// What a panic says may be anything: the log has it already, the caller gets a problem like any other.
fn panicked(_cause: Box<dyn std::any::Any + Send>) -> Response {
    Failure::internal(&"a handler panicked").into_response()
}
