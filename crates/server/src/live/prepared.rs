//! Answers kept ready for a moment, compressed: when a whole command centre reconnects, all ask for the same snapshot.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Request, Response, header};
use fengtu_domain::sight::Access;
use fengtu_wire::session::Role;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::compression::CompressionLayer;

use crate::board::Scope;

/// For so long a kept answer may be given, in milliseconds: the server's clock in it is no older than that.
const KEPT_MS: i64 = 250;
/// Answers kept at once; more kinds of viewer than this within a moment are answered without.
const MOST: usize = 256;

/// Whom an answer is for: viewers of one kind get the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// In what role.
    pub role: Role,
    /// How far the role reaches.
    pub access: Access,
    /// The part of the tree that they see.
    pub scope: Scope,
}

/// When an answer was made: of which version of the board, after which event, at what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The board's version.
    pub version: u64,
    /// The sequence of the last event.
    pub sequence: u64,
    /// The server's clock, Unix milliseconds.
    pub at_ms: i64,
}

impl Moment {
    fn serves(&self, now: &Self) -> bool {
        let age = now.at_ms - self.at_ms;
        (self.version, self.sequence) == (now.version, now.sequence) && (0..KEPT_MS).contains(&age)
    }
}

/// A body as it goes out.
#[derive(Debug, Clone)]
pub struct Prepared {
    body: Bytes,
    encoding: Option<HeaderValue>,
}

impl Prepared {
    /// Compresses a JSON body in the way that a request likes best.
    pub async fn new(json: Vec<u8>, accept: Coding) -> Self {
        let plain = Bytes::from(json);
        let Some(accept) = accept.header() else { return Self { body: plain, encoding: None } };
        let answer =
            Response::builder().header(header::CONTENT_TYPE, "application/json").body(Body::from(plain.clone()));
        let answer = answer.unwrap_or_default();
        let mut answers = Some(answer);
        let inner = service_fn(move |_: Request<Body>| {
            let answer = answers.take().unwrap_or_default();
            async move { Ok::<_, Infallible>(answer) }
        });
        let mut request = Request::new(Body::empty());
        request.headers_mut().insert(header::ACCEPT_ENCODING, accept);
        let Ok(response) = CompressionLayer::new().layer(inner).oneshot(request).await;
        let encoding = response.headers().get(header::CONTENT_ENCODING).cloned();
        match axum::body::to_bytes(Body::new(response.into_body()), usize::MAX).await {
            Ok(body) => Self { body, encoding },
            Err(_) => Self { body: plain, encoding: None },
        }
    }

    /// Writes the answer.
    pub fn response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = self.encoding {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

/// A way of compressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// None.
    Plain,
}

impl Coding {
    /// Returns the best that a request takes.
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = |name: &str| {
            let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
            let mut codings = lines.flat_map(|line| line.split(',')).map(str::trim);
            codings.any(|coding| {
                let (coding, quality) = coding.split_once(';').unwrap_or((coding, ""));
                let refused = matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
                coding.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        match (accepted("br"), accepted("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Plain,
        }
    }

    const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Plain => None,
        }
    }
}

/// The answers that are ready.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<HashMap<(Kind, Coding), (Moment, Prepared)>>);

impl Shelf {
    /// Returns the answer for a kind of viewer, if there is one of this moment.
    pub fn get(&self, kind: &Kind, coding: Coding, now: &Moment) -> Option<Prepared> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (moment, answer) = kept.get(&(kind.clone(), coding))?;
        moment.serves(now).then(|| answer.clone())
    }

    /// Keeps an answer; what is out of date goes.
    pub fn put(&self, kind: Kind, coding: Coding, made: Moment, answer: Prepared) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.retain(|_, (moment, _)| moment.serves(&made));
        }
        if kept.len() < MOST {
            kept.insert((kind, coding), (made, answer));
        }
    }
}
