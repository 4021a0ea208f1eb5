//! `/proxy/NAME/…`: other servers under our own origin, each by an entry of a settings file and by nothing else.
//!
//! Most servers let no page of another origin read them, and their keys must not be in a page. So ours asks them:
//! only the named ones, only by the methods, paths and parameters that their entry allows, with the credentials that it keeps,
//! at addresses that were looked up and checked, and with limits on time and size.

mod address;
mod attempts;
mod body;
mod client;
mod credentials;
mod headers;
mod outward;
mod path;
mod rule;
mod scrub;
pub mod settings;
mod stream;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{Method, StatusCode};
use axum::routing::any;
use fengtu_domain::sight::{self, PROXY};
use fengtu_wire::problem::{FieldError, kinds};
use tokio::sync::OwnedSemaphorePermit;

use crate::app::AppState;
use crate::auth::Caller;
use crate::files;
use crate::problem::{Answer, Failure};
use outward::Outward;
use rule::{Refused, Rule};
use settings::Entry;

/// Every server that ours fronts, by name.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<BTreeMap<String, Outward>>);

impl Proxies {
    /// Reads a settings file; says where and what in it cannot be used.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let shown = file.display();
        let text = std::fs::read_to_string(file).with_context(|| format!("无法读取 / cannot read {shown}"))?;
        Self::parse(&text).with_context(|| format!("代理设置无法使用 / the proxies' settings cannot be used: {shown}"))
    }

    /// Reads the text of a settings file.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut all = BTreeMap::new();
        for (name, entry) in settings::parse(text)? {
            let outward = Outward::new(entry).with_context(|| format!("[proxy.{name}]"))?;
            all.insert(name, outward);
        }
        Ok(Self(Arc::new(all)))
    }

    /// Returns the names, for the greeting.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, outward)| (name.as_str(), outward.entry().base.as_str()))
    }
}

/// Returns the one route; the guard before it has checked who calls and that a change comes from our own page.
pub fn router() -> Router<AppState> {
    Router::new().route(PROXY, any(pass))
}

/// Carries a request to the server of that name, and its answer back.
async fn pass(State(state): State<AppState>, caller: Caller, params: RawPathParams, request: Request) -> Answer {
    let name = params.iter().find(|(key, _)| *key == "name").map_or("", |(_, name)| name);
    let outward = state.settings.proxies.0.get(name).ok_or_else(Failure::not_found)?;
    admit(outward.entry(), &caller)?;
    let prefix = format!("/proxy/{name}");
    let path = request.uri().path().strip_prefix(&prefix).and_then(path::checked).ok_or_else(Failure::not_found)?;
    let way = outward.way(path).ok_or_else(Failure::not_found)?;
    if !way.takes(request.method()) {
        return Ok(files::method_not_allowed().await);
    }
    if headers::has_been_here(request.headers()) {
        return Err(in_a_circle());
    }
    let path = path.to_owned();
    let (asked, reading) = read(request, path, way, outward).await?;
    let place = outward.place().await.ok_or_else(busy)?;
    drop(reading);
    outward.ask(&asked, &prefix, place).await
}

fn admit(entry: &Entry, caller: &Caller) -> Answer<()> {
    match (sight::may_use(&entry.who, caller.viewer.role), &caller.session) {
        (true, _) => Ok(()),
        (false, None) => Err(Failure::unauthenticated()),
        (false, Some(_)) => Err(Failure::forbidden()),
    }
}

/// What is asked of another server.
#[derive(Debug)]
struct Asked {
    method: Method,
    /// Below the base, checked, as it was written.
    path: String,
    query: Option<String>,
    headers: axum::http::HeaderMap,
    body: Bytes,
}

/// Reads what goes out, as far as it may.
async fn read(
    request: Request,
    path: String,
    way: &Rule,
    outward: &Outward,
) -> Answer<(Asked, Option<OwnedSemaphorePermit>)> {
    let (parts, body) = request.into_parts();
    let query = way.narrowed(parts.uri.query()).map_err(|refused| not_passed('?', &refused))?;
    let headers = headers::outward(&parts.headers, outward.entry());
    let (body, reading) = body::read(body, &parts.method, outward).await?;
    body::check(way, &headers, &body)?;
    Ok((Asked { method: parts.method, path, query, headers, body }, reading))
}

/// Says which parameter is not passed on: `?` for one of the address, `/` for one of the body.
fn not_passed(place: char, refused: &Refused) -> Failure {
    let Refused { name, why } = refused;
    let error = FieldError { pointer: format!("{place}{name}"), detail: (*why).to_owned() };
    let title = format!("The parameter {name} {why}.");
    Failure::new(StatusCode::FORBIDDEN, kinds::UNKNOWN_PARAMETER, &title).errors(vec![error])
}

fn busy() -> Failure {
    let title = "Too many questions to that server are on their way.";
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, kinds::UNAVAILABLE, title).retry_after(2)
}

fn in_a_circle() -> Failure {
    let title = "The settings of the proxies lead back to this server.";
    Failure::new(StatusCode::LOOP_DETECTED, kinds::UPSTREAM_REFUSED, title)
}
