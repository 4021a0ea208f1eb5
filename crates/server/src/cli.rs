//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::Utc;
use clap::Parser;

use crate::app::{self, AppState, Settings};
use crate::db::{self, Db};

/// Fengtu 枫图: the reference backend.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder of the embedded database; not used when `DATABASE_URL` is given.
    #[arg(long, default_value = "data", global = true)]
    pub data: PathBuf,
    /// Folder of the client's files; without it the server offers the API alone.
    #[arg(long)]
    pub dist: Option<PathBuf>,
    /// Our own origin as browsers see it, such as `https://map.example.cn`, when a proxy stands in front.
    #[arg(long, env = "FENGTU_PUBLIC_ORIGIN")]
    pub public_origin: Option<String>,
    /// Database address: `sqlite:…` or `postgres://…`; default: `SQLite` in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
}

/// Runs what the command line asks for, until it is done or told to stop.
pub async fn run(args: Args) -> anyhow::Result<()> {
    start_logging();
    serve(args).await
}

async fn serve(args: Args) -> anyhow::Result<()> {
    let db = open(&args).await?;
    let settings = settings(&args);
    let state = AppState::new(db, Arc::new(Utc::now), settings).await?;
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    let service = app::router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop_signal()).await?;
    tracing::info!("stopped");
    Ok(())
}

async fn open(args: &Args) -> anyhow::Result<Db> {
    if let Some(url) = &args.database_url {
        return Db::open(url).await.context("cannot open the database");
    }
    std::fs::create_dir_all(&args.data).with_context(|| format!("cannot create {}", args.data.display()))?;
    Db::open(&db::sqlite_url(&args.data))
        .await
        .with_context(|| format!("cannot open the database in {}", args.data.display()))
}

// Plain HTTP is for loopback only: anywhere else a proxy must speak HTTPS, and the cookie insists on it.
fn settings(args: &Args) -> Settings {
    let https = args.public_origin.as_deref().is_some_and(|origin| origin.starts_with("https:"));
    Settings {
        secure_cookies: https || !args.listen.ip().is_loopback(),
        public_origin: args.public_origin.clone(),
        dist: args.dist.clone(),
    }
}

fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}

async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! { () = interrupt => {}, () = terminate() => {} }
}

#[cfg(unix)]
async fn terminate() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut stream) => drop(stream.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending().await
}
