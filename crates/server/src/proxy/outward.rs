//! One other server: how it is asked, followed within its base, and cut off.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use fengtu_wire::problem::kinds;
use reqwest::Url;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::credentials::{NotIn, Ready};
use super::headers::Ours;
use super::rule::{Rule, Rules};
use super::settings::Entry;
use super::stream::{self, Limits, Next};
use super::{Asked, client, headers, path};
use crate::problem::{Answer, Failure};

/// The most redirects within its base.
const MAX_HOPS: usize = 3;
/// An answer that says that a token has ended is short.
const SHORT: usize = 2048;

/// One other server.
#[derive(Clone)]
pub struct Outward(Arc<Inner>);

struct Inner {
    entry: Entry,
    base: Url,
    rules: Rules,
    client: reqwest::Client,
    ready: Ready,
    places: Arc<Semaphore>,
    reading: Arc<Semaphore>,
}

impl std::fmt::Debug for Outward {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Outward").field(&self.0.entry.base).finish()
    }
}

/// An answer, with as much of its body as had to be looked at.
struct Answered {
    response: reqwest::Response,
    start: Bytes,
    /// Whether `start` is all of it.
    is_whole: bool,
    shown: Option<HeaderValue>,
}

impl Outward {
    /// Checks an entry's address, fetches its secrets and makes ready to ask.
    pub fn new(mut entry: Entry) -> anyhow::Result<Self> {
        entry.base.truncate(entry.base.trim_end_matches('/').len());
        let base = client::base(&entry)?;
        let rules = Rules::of(&entry)?;
        let ready = Ready::new(entry.credentials.as_ref())?;
        let many = || Arc::new(Semaphore::new(usize::try_from(entry.at_once).unwrap_or(1)));
        let (places, reading) = (many(), many());
        let client = client::client(&entry)?;
        Ok(Self(Arc::new(Inner { entry, base, rules, client, ready, places, reading })))
    }

    /// Returns what the settings say.
    pub fn entry(&self) -> &Entry {
        &self.0.entry
    }

    /// Returns how a path may be asked, if it may be.
    pub fn way(&self, path: &str) -> Option<&Rule> {
        self.0.rules.way(path)
    }

    /// Takes one of the places for questions on their way.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.taken(&self.0.places).await
    }

    /// Takes one of the places for bodies that are being read.
    pub async fn reading_place(&self) -> Option<OwnedSemaphorePermit> {
        self.taken(&self.0.reading).await
    }

    async fn taken(&self, places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(places).try_acquire_owned() {
            return Some(place);
        }
        let wait = Duration::from_secs(self.entry().wait_s.into());
        timeout(wait, Arc::clone(places).acquire_owned()).await.ok()?.ok()
    }

    /// Asks, and gives the answer as it comes; a token that has ended is renewed once.
    pub async fn ask(&self, asked: &Asked, prefix: &str, place: OwnedSemaphorePermit) -> Answer {
        let limits = self.limits();
        let answered = timeout_at(limits.until, self.answered(asked, limits)).await;
        let answered = answered.unwrap_or_else(|_| Err(self.late("answered not at all in timeout_s")))?;
        self.passed_on(answered, prefix, limits, place)
    }

    fn limits(&self) -> Limits {
        let entry = self.entry();
        let seconds = |s: u32| Duration::from_secs(s.into());
        let until = Instant::now() + seconds(entry.timeout_s);
        Limits { most: entry.max_answer_bytes, idle: seconds(entry.idle_s), until }
    }

    async fn answered(&self, asked: &Asked, limits: Limits) -> Answer<Answered> {
        let answered = self.followed(asked, limits).await?;
        let (Ready::Token(token), Some(shown)) = (&self.0.ready, &answered.shown) else { return Ok(answered) };
        if !token.has_ended(answered.response.status(), answered.is_whole.then_some(&*answered.start)) {
            token.was_of_use(shown);
            return Ok(answered);
        }
        if token.replace(shown).await { self.followed(asked, limits).await } else { Ok(answered) }
    }

    async fn followed(&self, asked: &Asked, limits: Limits) -> Answer<Answered> {
        let mut url = self.url(asked)?;
        for _ in 0..=MAX_HOPS {
            let answered = self.once(&url, asked, limits).await?;
            match self.next(&url, asked, &answered.response)? {
                Some(next) => url = next,
                None => return Ok(answered),
            }
        }
        Err(self.refused("redirects again and again"))
    }

    fn url(&self, asked: &Asked) -> Answer<Url> {
        let query = asked.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let url = Url::parse(&format!("{}{}{query}", self.entry().base, asked.path)).ok();
        url.filter(|url| self.inside(url).is_some()).ok_or_else(Failure::not_found)
    }

    /// Returns the way for an address, if it lies below the base and may be asked.
    fn inside(&self, url: &Url) -> Option<&Rule> {
        let rest = url.path().strip_prefix(self.0.base.path().trim_end_matches('/'))?;
        let is_here = url.origin() == self.0.base.origin() && url.username().is_empty() && url.password().is_none();
        path::checked(rest).filter(|_| is_here).and_then(|rest| self.way(rest))
    }

    async fn once(&self, url: &Url, asked: &Asked, limits: Limits) -> Answer<Answered> {
        let mut out = asked.headers.clone();
        let shown = self.shown().await?;
        if let Some((name, value)) = &shown {
            out.insert(name.clone(), value.clone());
        }
        let request = self.0.client.request(asked.method.clone(), url.clone()).headers(out).body(asked.body.clone());
        let mut response = request.send().await.map_err(|error| self.failed(error))?;
        // An answer that stands still before its first byte can still be told as such.
        let least = if matches!(self.0.ready, Ready::Token(_)) { SHORT } else { 0 };
        let (start, is_whole) = begin(&mut response, least, limits).await.map_err(|next| self.stopped(next))?;
        Ok(Answered { response, start, is_whole, shown: shown.map(|(_, value)| value) })
    }

    async fn shown(&self) -> Answer<Option<(HeaderName, HeaderValue)>> {
        match &self.0.ready {
            Ready::Nothing => Ok(None),
            Ready::Header(name, value) => Ok(Some((name.clone(), value.clone()))),
            Ready::Token(token) => {
                let header = token.header(&self.0.client, &self.entry().base).await;
                header.map(Some).map_err(not_in)
            }
        }
    }

    /// Returns where a redirect leads within the base; one that leads elsewhere is refused.
    fn next(&self, url: &Url, asked: &Asked, response: &reqwest::Response) -> Answer<Option<Url>> {
        if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let reads = matches!(asked.method, Method::GET | Method::HEAD);
        let target = location.filter(|_| reads).and_then(|location| self.target(url, asked, location));
        let shown = || location.map_or_else(|| "nowhere".to_owned(), |location| place(url, location));
        target.map(Some).ok_or_else(|| self.refused(&format!("redirects to {}", shown())))
    }

    fn target(&self, url: &Url, asked: &Asked, location: &str) -> Option<Url> {
        let mut target = url.join(location).ok()?;
        let way = self.inside(&target).filter(|way| way.takes(&asked.method))?;
        let query = way.followed(target.query()).ok()?;
        target.set_query(query.as_deref());
        Some(target)
    }

    fn passed_on(&self, answered: Answered, prefix: &str, limits: Limits, place: OwnedSemaphorePermit) -> Answer {
        let known = answered.response.content_length().unwrap_or_default().max(answered.start.len() as u64);
        if known > limits.most {
            return Err(self.refused("answers with more than max_answer_bytes"));
        }
        if answered.response.status().is_informational() {
            return Err(self.refused("changes the protocol"));
        }
        let ours = Ours { addresses: (&self.entry().base, prefix), rules: &self.0.rules, shown: self.0.ready.name() };
        let mut out = headers::back(answered.response.headers(), ours);
        let kept = out.contains_key(header::ETAG) || out.contains_key(header::LAST_MODIFIED);
        let keep = if kept { "private, no-cache" } else { "no-store" };
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        let mut response = Response::new(Body::empty());
        *response.status_mut() = answered.response.status();
        *response.headers_mut() = out;
        *response.body_mut() = if answered.is_whole {
            Body::from(answered.start)
        } else {
            stream::body(answered.response, answered.start, limits, self.entry().base.clone(), place)
        };
        Ok(response)
    }

    fn stopped(&self, next: Next) -> Failure {
        match next {
            Next::Late => self.late("nothing came for idle_s"),
            Next::Broken(error) => self.failed(error),
        }
    }

    fn failed(&self, error: reqwest::Error) -> Failure {
        // The address has the query in it, and that may have a key.
        let error = error.without_url();
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        if error.is_timeout() {
            return self.late(&format!("{error}: {cause}"));
        }
        tracing::warn!("proxy {}: {error}: {cause}", self.entry().base);
        down()
    }

    fn late(&self, why: &str) -> Failure {
        tracing::warn!("proxy {}: {why}", self.entry().base);
        let title = "The server behind this address did not answer in time.";
        Failure::new(StatusCode::GATEWAY_TIMEOUT, kinds::UPSTREAM_SLOW, title)
    }

    fn refused(&self, why: &str) -> Failure {
        tracing::warn!("proxy {}: {why}", self.entry().base);
        let title = "The answer of the server behind this address was not passed on.";
        Failure::new(StatusCode::BAD_GATEWAY, kinds::UPSTREAM_REFUSED, title)
            .detail("It leads elsewhere or is larger than allowed; the administrator finds the cause in the log.")
    }
}

/// Says where an address leads, without what could open it: names, parameters and what follows a semicolon.
fn place(url: &Url, location: &str) -> String {
    let Some(target) = url.join(location).ok().filter(Url::has_host) else { return "what is no address".to_owned() };
    let path = target.path().split(';').next().unwrap_or_default();
    format!("{}{path}", target.origin().ascii_serialization())
}

fn down() -> Failure {
    let title = "The server behind this address cannot be reached.";
    Failure::new(StatusCode::BAD_GATEWAY, kinds::UPSTREAM_DOWN, title)
}

fn not_in(NotIn { retry_s }: NotIn) -> Failure {
    let title = "The server behind this address did not let ours sign in.";
    let detail =
        format!("It is tried again in {retry_s} s at the earliest; the administrator finds the cause in the log.");
    Failure::new(StatusCode::BAD_GATEWAY, kinds::UPSTREAM_SIGN_IN, title).detail(&detail).retry_after(retry_s)
}

/// Reads the start of an answer, whether or not it says how long it is: its first piece, and pieces until there is more
/// than `least`; returns whether that was all.
async fn begin(response: &mut reqwest::Response, least: usize, limits: Limits) -> Result<(Bytes, bool), Next> {
    let mut start = Vec::new();
    loop {
        match stream::next(response, limits).await? {
            Some(chunk) => start.extend_from_slice(&chunk),
            None => return Ok((start.into(), true)),
        }
        if start.len() > least {
            return Ok((start.into(), false));
        }
    }
}
