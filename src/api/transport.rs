//! The one transport: carries a [`Request`] with `fetch`. The only place that names `gloo_net`.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{Either, select};
use gloo_net::http::{Request as Fetch, RequestBuilder};

use super::cache::EtagCache;
use super::dialect::{Method, Request, Response};
use super::error::{ApiError, NetworkError};
use super::retry;
use crate::browser::{abort::Abort, buffer::Buffer, clock, online, redirect};

/// Longest wait for an answer, in milliseconds.
const TIME_OUT_MS: u32 = 20_000;
/// The headers of an answer that anybody reads.
const READ_HEADERS: [&str; 10] = [
    "etag",
    "last-modified",
    "retry-after",
    "link",
    "content-type",
    "content-range",
    "x-total-count",
    "x-result-count",
    "x-page-count",
    "x-next-page-url",
];

/// What is asked, and how.
struct Asked<'a> {
    url: &'a str,
    request: &'a Request,
    /// Headers of the answer that are read beside the usual ones.
    more: &'a [&'static str],
    /// An answer that leads elsewhere is not followed.
    is_bound: bool,
    /// What was waited for in vain is not asked for again: what others have to say waits with it.
    gives_up: bool,
}

/// Carries requests; clones share one cache.
#[derive(Debug, Clone, Default)]
pub struct Transport {
    cache: Arc<Mutex<EtagCache>>,
}

impl Transport {
    /// Sends a request and returns its good answer. Reads are tried again; dropping the future aborts the request.
    pub async fn send(&self, base: &str, request: &Request) -> Result<Response, ApiError> {
        let url = request.url(base);
        self.go(&Asked { url: &url, request, more: &[], is_bound: is_foreign(&url), gives_up: false }).await?.checked()
    }

    /// Sends a request to another backend's address and returns its answer, good or bad, with the headers in `more` too. An answer
    /// that leads elsewhere is not followed, on our own origin neither.
    pub async fn carry(&self, url: &str, request: &Request, more: &[&'static str]) -> Result<Response, ApiError> {
        self.go(&Asked { url, request, more, is_bound: true, gives_up: true }).await
    }

    async fn go(&self, asked: &Asked<'_>) -> Result<Response, ApiError> {
        let mut attempt = 0;
        loop {
            let answer = self.once(asked).await;
            let error = match &answer {
                Ok(response) if response.is_good() => return answer,
                Ok(response) => response.clone().checked().err(),
                Err(error) => Some(error.clone()),
            };
            attempt += 1;
            let is_worth_it = |error: &ApiError| !(asked.gives_up && error.is_time_out());
            let error = error.filter(|error| asked.request.method == Method::Get && is_worth_it(error));
            match error.and_then(|error| retry::delay_ms(attempt, &error, clock::random())) {
                Some(ms) => clock::sleep(ms).await,
                None => return answer,
            }
        }
    }

    /// Forgets every kept answer.
    pub fn forget(&self) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn once(&self, asked: &Asked<'_>) -> Result<Response, ApiError> {
        if !online::is_online() {
            return Err(ApiError::Network(NetworkError::Offline));
        }
        let abort = Abort::new();
        let fetch = std::pin::pin!(fetch(self.builder(asked, &abort), asked));
        let response = match select(fetch, std::pin::pin!(clock::sleep(TIME_OUT_MS))).await {
            Either::Left((response, _)) => response.map_err(|_| ApiError::Network(NetworkError::Failed))?,
            Either::Right(((), _)) => return Err(ApiError::Network(NetworkError::TimedOut)),
        };
        // No server has this status: it is a browser's word for an answer that leads elsewhere.
        if response.status == 0 {
            return Err(ApiError::Network(NetworkError::SentOn));
        }
        Ok(self.settled(asked, response))
    }

    fn settled(&self, &Asked { url, request, .. }: &Asked<'_>, response: Response) -> Response {
        if !is_kept(url, request) {
            return response;
        }
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).settle(url, response)
    }

    fn builder(&self, &Asked { url, request, is_bound, .. }: &Asked<'_>, abort: &Abort) -> RequestBuilder {
        let builder = match request.method {
            Method::Get => Fetch::get(url),
            Method::Post => Fetch::post(url),
            Method::Put => Fetch::put(url),
            Method::Patch => Fetch::patch(url),
            Method::Delete => Fetch::delete(url),
        };
        let builder = builder.abort_signal(abort.signal().as_ref());
        let builder = request.headers.iter().fold(builder, |b, (name, value)| b.header(name, value));
        // A token and a report's words are for this server alone: a browser would carry both on to wherever a 307 points.
        let builder = if is_bound { builder.redirect(redirect::none()) } else { builder };
        if request.method != Method::Get && !is_foreign(url) {
            // A header that no foreign form can send: the server's guard against forged requests.
            return builder.header("x-fengtu", "1");
        }
        if !is_kept(url, request) {
            return builder;
        }
        let etag = self.cache.lock().unwrap_or_else(PoisonError::into_inner).etag(url);
        etag.into_iter().fold(builder, |b, etag| b.header("if-none-match", &etag))
    }
}

async fn fetch(builder: RequestBuilder, asked: &Asked<'_>) -> Result<Response, gloo_net::Error> {
    let request = asked.request;
    let answer = match &request.body {
        Some(body) if has_type(request) => builder.body(body.as_str())?.send().await?,
        Some(body) => builder.header("content-type", "application/json").body(body.as_str())?.send().await?,
        None => builder.send().await?,
    };
    let headers = answer.headers();
    let headers = READ_HEADERS.iter().chain(asked.more).filter_map(|name| Some((*name, headers.get(name)?))).collect();
    let (status, is_apart) = (answer.status(), request.is_handed_on && answer.ok());
    let held = Buffer::of(answer).await.ok_or_else(|| gloo_net::Error::GlooError(String::new()))?;
    let (body, apart) = if is_apart { (Vec::new(), Some(held)) } else { (held.to_vec(), None) };
    Ok(Response { status, headers, body, apart })
}

/// Whether an address leads away from where the page came from.
fn is_foreign(url: &str) -> bool {
    !url.starts_with('/') || url.starts_with("//")
}

/// Whether an answer is kept and asked for on condition. Whoever sends a condition keeps the answer that it is about; to another
/// origin none is sent: a browser would ask that server for leave first, and one that gives none would seem not to be there.
fn is_kept(url: &str, request: &Request) -> bool {
    request.method == Method::Get && !is_conditional(request) && !is_foreign(url)
}

fn is_conditional(request: &Request) -> bool {
    request.headers.iter().any(|(name, _)| name == "if-none-match" || name == "if-modified-since")
}

fn has_type(request: &Request) -> bool {
    request.headers.iter().any(|(name, _)| name == "content-type")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_elsewhere_is_foreign() {
        for (url, is_away) in
            [("/api/v1/cases", false), ("/proxy/gis", false), ("https://x.example/y", true), ("//x.example/y", true)]
        {
            assert_eq!(is_foreign(url), is_away, "{url}");
        }
    }

    #[test]
    fn a_condition_is_sent_to_our_own_origin_alone() {
        let get = Request::get("/cases");
        assert!(is_kept("/api/v1/cases", &get) && is_kept("/proxy/gis/cases", &get));
        assert!(!is_kept("https://x.example/cases", &get) && !is_kept("//x.example/cases", &get));
        assert!(!is_kept("/api/v1/cases", &Request::new(Method::Post, "/cases")));
        let mut own = get;
        own.headers.push(("if-none-match".into(), "\"1\"".to_owned()));
        assert!(!is_kept("/api/v1/cases", &own), "whoever sends one keeps the answer");
    }
}
