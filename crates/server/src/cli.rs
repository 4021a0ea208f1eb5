//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::Utc;
use clap::{Parser, Subcommand};

use crate::account::{self, AccountArgs};
use crate::app::{self, AppState, Settings};
use crate::db::{self, Db};
use crate::import::run::{ImportArgs, run as import};
use crate::live::stall::{self, StallGuard};
use crate::proxy::Proxies;
use crate::settings::{self, SettingsArgs};
use crate::start_demo;
use crate::store::write;

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
    /// The client's `config.json`, in place of the one among its files once it is there; an administrator may write it from
    /// the page “backends and mappings”.
    #[arg(long, env = "FENGTU_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Fills an empty database with an invented district, marked as such on every screen.
    #[arg(long, value_name = "DISTRICT")]
    pub demo: Option<DemoDistrict>,
    /// Seed of the demo district: the same seed gives the same district.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Cases of the demo district's last year; some months before it have as many as fit them.
    #[arg(long, default_value_t = 80_000)]
    pub cases: usize,
    /// Changes a second by which the demo district moves on; 0: it stands still.
    #[arg(long, value_name = "EVENTS_PER_SECOND", default_value_t = 0.0)]
    pub live: f64,
    /// Our own origin as browsers see it, such as `https://map.example.cn`, when a proxy stands in front.
    #[arg(long, env = "FENGTU_PUBLIC_ORIGIN")]
    pub public_origin: Option<String>,
    /// Other servers to offer under `/proxy/NAME/`: a TOML file.
    #[arg(long, env = "FENGTU_PROXIES", value_name = "FILE")]
    pub proxies: Option<PathBuf>,
    /// Database address: `sqlite:…` or `postgres://…`; default: `SQLite` in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the binary does beside serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Imports a district's own places, grids, stations, buildings, cases or lawsuits from a `GeoJSON` or CSV file.
    Import(ImportArgs),
    /// Sets how warnings are computed, from a TOML file.
    Settings(SettingsArgs),
    /// Makes an account of staff or of a wall, or gives it a new password, read from standard input.
    Account(AccountArgs),
}

/// A district that can be invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DemoDistrict {
    /// Guangming 光明区, Shenzhen: its streets and communities, and nothing else that is real.
    Guangming,
}

/// Runs what the command line asks for, until it is done or told to stop.
pub async fn run(args: Args) -> anyhow::Result<()> {
    start_logging();
    match &args.command {
        Some(Command::Import(import)) => import_file(&args, import).await,
        Some(Command::Settings(what)) => {
            settings::run(&open(&args).await?, what, Utc::now(), &mut std::io::stdout()).await
        }
        Some(Command::Account(what)) => {
            account::run(&open(&args).await?, what, &mut std::io::BufReader::new(std::io::stdin())).await
        }
        None => serve(args).await,
    }
}

async fn import_file(args: &Args, what: &ImportArgs) -> anyhow::Result<()> {
    // A dry run makes no database either.
    let nothing_there = args.database_url.is_none() && !db::sqlite_file(&args.data).exists();
    let db = if what.dry_run && nothing_there { None } else { Some(open(args).await?) };
    import(db.as_ref(), what, Utc::now(), &mut std::io::stdout()).await?;
    Ok(())
}

async fn serve(args: Args) -> anyhow::Result<()> {
    // What is wrong with the settings is told before anything is made or filled.
    let settings = settings(&args)?;
    let db = open(&args).await?;
    if let Some(district) = args.demo {
        start_demo::fill(&db, district, args.seed, args.cases, Utc::now()).await?;
    }
    let state = AppState::new(db, Arc::new(Utc::now), settings).await?;
    let listener = bind(args.listen).await?;
    greet(&state, &format!("http://{}", listener.local_addr()?)).await?;
    let moves = args.demo.is_some() && args.live > 0.0;
    let moving = moves.then(|| tokio::spawn(start_demo::move_on(state.clone(), args.live)));
    let service = stall::service(app::router(state.clone()));
    let listener = StallGuard::new(listener, Duration::from_secs(stall::WRITE_STALL_S));
    let stop = async move {
        stop_signal().await;
        // The next server may move the demo already while this one answers its last requests.
        if let Some(moving) = moving {
            moving.abort();
        }
        // Open streams would keep the server from ending.
        state.live.stop();
    };
    axum::serve(listener, service).with_graceful_shutdown(stop).await?;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: SocketAddr) -> anyhow::Result<tokio::net::TcpListener> {
    tokio::net::TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn greet(state: &AppState, base: &str) -> anyhow::Result<()> {
    tracing::info!("listening on {base}");
    if state.settings.dist.is_some() {
        tracing::info!("desk {base}/   portal {base}/report/");
    }
    for (name, other) in state.settings.proxies.names() {
        tracing::info!("proxy {base}/proxy/{name}/ → {other}");
    }
    if write::is_empty(&state.db).await? {
        tracing::info!("the district is empty: import it with `fengtu-server import`, or start with --demo guangming");
    }
    for account in &state.config().demo_accounts {
        tracing::info!("demo account {:<11} password {}   {}", account.name, account.password, account.title.en);
    }
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
fn settings(args: &Args) -> anyhow::Result<Settings> {
    let https = args.public_origin.as_deref().is_some_and(|origin| origin.starts_with("https:"));
    Ok(Settings {
        secure_cookies: https || !args.listen.ip().is_loopback(),
        public_origin: args.public_origin.clone(),
        dist: args.dist.clone(),
        config: args.config.clone(),
        proxies: args.proxies.as_deref().map(Proxies::read).transpose()?.unwrap_or_default(),
    })
}

fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false)
        .init();
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
