//! `/config.json`: which backends the client asks. It is one of the client's files; where the server was given a file of its own for
//! it (`--config`), that one counts, and an administrator may write it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use fengtu_domain::sight::CONFIG_FILE;
use fengtu_wire::problem::kinds;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::app::{AppState, Settings};
use crate::auth::Caller;
use crate::body;
use crate::conditional;
use crate::precondition;
use crate::problem::{Answer, Failure};

/// The largest file, in bytes: a mapping has a table for each list of words.
const MAX_FILE: usize = 512 * 1024;
/// Held from the look at what is there to the end of writing.
static WRITING: Mutex<()> = Mutex::const_new(());

/// What a file must have to be taken, so that pages open at all; what they cannot use of the rest they say themselves.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it is there")]
struct ConfigFile {
    backends: Backends,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it is there")]
struct Backends {
    default: Backend,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it is there")]
struct Backend {
    dialect: String,
    base: String,
}

/// Returns the route by which it is read, which asks nobody who they are, as for any file.
pub fn reading() -> Router<AppState> {
    Router::new().route(CONFIG_FILE, get(read))
}

/// Returns the route by which it is written.
pub fn writing() -> Router<AppState> {
    Router::new().route(CONFIG_FILE, put(write).layer(DefaultBodyLimit::max(MAX_FILE)))
}

/// Returns where the file is that is served: the server's own, if it is there, or the one among the client's files.
pub fn served(settings: &Settings) -> Option<PathBuf> {
    let own = settings.config.clone().filter(|own| own.exists());
    own.or_else(|| Some(settings.dist.as_deref()?.join("config.json")))
}

async fn read(State(state): State<AppState>, headers: HeaderMap) -> Answer {
    let bytes = there(&state.settings).await?.ok_or_else(Failure::not_found)?;
    let tag = tag_of(&bytes);
    let mut response = conditional::tagged(&headers, &tag, "application/json", bytes);
    // The same for everybody.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response.headers_mut().remove(header::VARY);
    Ok(response)
}

async fn write(State(state): State<AppState>, caller: Caller, headers: HeaderMap, request: Request) -> Answer {
    let Some(path) = &state.settings.config else { return Err(not_kept_here()) };
    let bytes = body::json(request).await?;
    body::read::<ConfigFile>(&bytes)?;
    let _alone = WRITING.lock().await;
    match there(&state.settings).await? {
        Some(now) => based_on(&headers, &tag_of(&now))?,
        None => is_first(&headers)?,
    }
    replace(path, &bytes).await.map_err(|error| Failure::internal(&format!("{}: {error}", path.display())))?;
    let by = caller.session.map(|session| session.account.name).unwrap_or_default();
    tracing::info!("{} was written by {by}", path.display());
    Ok(written(&tag_of(&bytes)))
}

/// Returns the file that is served; none where there is none yet.
async fn there(settings: &Settings) -> Answer<Option<Bytes>> {
    let Some(path) = served(settings) else { return Ok(None) };
    match tokio::fs::read(&path).await {
        Ok(bytes) => Ok(Some(bytes.into())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::internal(&format!("{}: {error}", path.display()))),
    }
}

/// A strong tag, as `If-Match` asks for one.
fn tag_of(bytes: &[u8]) -> String {
    conditional::tag_of(bytes).trim_start_matches("W/").to_owned()
}

/// Refuses to write over what the writer has not seen.
fn based_on(headers: &HeaderMap, now: &str) -> Answer<()> {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return Err(changed());
    }
    // Compressed on its way, a strong tag has become a weak one.
    let seen = precondition::if_match(headers)?;
    if seen.trim_start_matches("W/") == now {
        return Ok(());
    }
    Err(changed())
}

fn changed() -> Failure {
    precondition::changed("Somebody else has changed the file meanwhile.")
}

/// Lets the first file be written by whoever says that there is none (RFC 9110 § 13.1.2).
fn is_first(headers: &HeaderMap) -> Answer<()> {
    let title = "There is no file yet: the header If-None-Match: * is missing.";
    let says_so = headers.get(header::IF_NONE_MATCH).is_some_and(|none| none == "*");
    let missing = || Failure::new(StatusCode::PRECONDITION_REQUIRED, kinds::PRECONDITION_REQUIRED, title);
    says_so.then_some(()).ok_or_else(missing)
}

/// Whoever reads meanwhile gets the old file or the new one, and never a part; so does whoever reads after a power cut. A link
/// stays one: what it leads to is replaced.
async fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = match tokio::fs::read_link(path).await {
        Ok(leads_to) => path.parent().unwrap_or(path).join(leads_to),
        Err(_) => path.to_owned(),
    };
    let beside = path.with_extension("json.new");
    tokio::fs::write(&beside, bytes).await?;
    tokio::fs::File::open(&beside).await?.sync_all().await?;
    tokio::fs::rename(&beside, path).await
}

fn written(tag: &str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn not_kept_here() -> Failure {
    let title = "This server was started without a file of its own for the configuration.";
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, kinds::METHOD_NOT_ALLOWED, title)
        .detail("Start it with --config FILE, or put the file among the client's files by hand.")
}
