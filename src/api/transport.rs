//! The one transport: carries a [`Request`] with `fetch`. The only place that names `gloo_net`.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{Either, select};
use gloo_net::http::{Request as Fetch, RequestBuilder};

use super::cache::EtagCache;
use super::dialect::{Method, Request, Response};
use super::error::{ApiError, NetworkError};
use super::retry;
use crate::browser::{abort::Abort, clock, online};

/// Longest wait for an answer, in milliseconds.
const TIME_OUT_MS: u32 = 20_000;
/// The headers of an answer that anybody reads.
const READ_HEADERS: [&str; 4] = ["etag", "retry-after", "link", "content-type"];

/// Carries requests; clones share one cache.
#[derive(Debug, Clone, Default)]
pub struct Transport {
    cache: Arc<Mutex<EtagCache>>,
}

impl Transport {
    /// Sends a request and returns its good answer. Reads are tried again; dropping the future aborts the request.
    pub async fn send(&self, base: &str, request: &Request) -> Result<Response, ApiError> {
        let url = request.url(base);
        let mut attempt = 0;
        loop {
            let error = match self.once(&url, request).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            attempt += 1;
            let wait = (request.method == Method::Get).then(|| retry::delay_ms(attempt, &error, clock::random()));
            match wait.flatten() {
                Some(ms) => clock::sleep(ms).await,
                None => return Err(error),
            }
        }
    }

    /// Forgets every kept answer.
    pub fn forget(&self) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn once(&self, url: &str, request: &Request) -> Result<Response, ApiError> {
        if !online::is_online() {
            return Err(ApiError::Network(NetworkError::Offline));
        }
        let abort = Abort::new();
        let fetch = std::pin::pin!(fetch(self.builder(url, request, &abort), request));
        let response = match select(fetch, std::pin::pin!(clock::sleep(TIME_OUT_MS))).await {
            Either::Left((response, _)) => response.map_err(|_| ApiError::Network(NetworkError::Failed))?,
            Either::Right(((), _)) => return Err(ApiError::Network(NetworkError::TimedOut)),
        };
        self.settled(url, request, response).checked()
    }

    fn settled(&self, url: &str, request: &Request, response: Response) -> Response {
        if request.method != Method::Get {
            return response;
        }
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).settle(url, response)
    }

    fn builder(&self, url: &str, request: &Request, abort: &Abort) -> RequestBuilder {
        let builder = match request.method {
            Method::Get => Fetch::get(url),
            Method::Post => Fetch::post(url),
            Method::Delete => Fetch::delete(url),
        };
        let builder = builder.abort_signal(abort.signal().as_ref());
        let builder = request.headers.iter().fold(builder, |b, (name, value)| b.header(name, value));
        if request.method != Method::Get {
            // A header that no foreign form can send: the server's guard against forged requests.
            return builder.header("x-fengtu", "1");
        }
        let etag = self.cache.lock().unwrap_or_else(PoisonError::into_inner).etag(url);
        etag.into_iter().fold(builder, |b, etag| b.header("if-none-match", &etag))
    }
}

async fn fetch(builder: RequestBuilder, request: &Request) -> Result<Response, gloo_net::Error> {
    let answer = match &request.body {
        Some(body) => builder.header("content-type", "application/json").body(body.as_str())?.send().await?,
        None => builder.send().await?,
    };
    let headers = answer.headers();
    let headers = READ_HEADERS.iter().filter_map(|name| Some((*name, headers.get(name)?))).collect();
    Ok(Response { status: answer.status(), headers, body: answer.binary().await? })
}
