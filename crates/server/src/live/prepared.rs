//! Answers kept ready for a moment, compressed: when a whole command centre reconnects, all ask for the same snapshot.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Request, Response, header};
use fengtu_domain::sight::Access;
use fengtu_wire::session::Role;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::compression::CompressionLayer;

use crate::board::Scope;
use crate::problem::Answer;

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

    /// Returns the body and how it is compressed, if it is.
    pub fn into_parts(self) -> (Bytes, Option<HeaderValue>) {
        (self.body, self.encoding)
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

/// Whom an answer is for, and how it is compressed.
type Key = (Kind, Coding);
/// Held by the one that makes an answer while the others wait for it.
type Turn = Arc<tokio::sync::Mutex<()>>;

/// The answers that are ready, and whose turn it is to make one.
#[derive(Debug, Default)]
pub struct Shelf {
    ready: Mutex<HashMap<Key, (Moment, Prepared)>>,
    turns: Mutex<HashMap<Key, Turn>>,
}

/// An answer before it is compressed.
#[derive(Debug)]
pub struct Made {
    /// Whom it is for.
    pub kind: Kind,
    /// When it was made.
    pub moment: Moment,
    /// What it says.
    pub json: Vec<u8>,
}

impl Shelf {
    /// Returns the answer of this moment: the one that is ready, else one that is made now, by one for all who ask
    /// meanwhile.
    pub async fn answer(
        &self,
        coding: Coding,
        now: impl Fn() -> (Kind, Moment),
        make: impl FnOnce() -> Answer<Made>,
    ) -> Answer<Prepared> {
        let (kind, moment) = now();
        if let Some(ready) = self.get(&kind, coding, &moment) {
            return Ok(ready);
        }
        let turn = self.turn(&kind, coding);
        let _mine = turn.lock().await;
        let (kind, moment) = now();
        if let Some(ready) = self.get(&kind, coding, &moment) {
            return Ok(ready);
        }
        let Made { kind, moment, json } = make()?;
        let answer = Prepared::new(json, coding).await;
        self.put(kind, coding, moment, answer.clone());
        Ok(answer)
    }

    fn get(&self, kind: &Kind, coding: Coding, now: &Moment) -> Option<Prepared> {
        let kept = hold(&self.ready);
        let (moment, answer) = kept.get(&(kind.clone(), coding))?;
        moment.serves(now).then(|| answer.clone())
    }

    fn turn(&self, kind: &Kind, coding: Coding) -> Turn {
        let mut turns = hold(&self.turns);
        if turns.len() >= MOST {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        Arc::clone(turns.entry((kind.clone(), coding)).or_default())
    }

    /// Keeps an answer; what is out of date goes.
    fn put(&self, kind: Kind, coding: Coding, made: Moment, answer: Prepared) {
        let mut kept = hold(&self.ready);
        if kept.len() >= MOST {
            kept.retain(|_, (moment, _)| moment.serves(&made));
        }
        if kept.len() < MOST {
            kept.insert((kind, coding), (made, answer));
        }
    }
}

fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn moment(sequence: u64, at_ms: i64) -> (Kind, Moment) {
        let kind = Kind { role: Role::DistrictLeader, access: Access::District, scope: Scope::All };
        (kind, Moment { version: 1, sequence, at_ms })
    }

    /// Asks, and counts how often an answer is made.
    async fn ask(shelf: &Shelf, made: &AtomicU64, (kind, moment): (Kind, Moment)) -> Bytes {
        let now = || (kind.clone(), moment);
        let answer = || {
            let json = format!("[{}]", made.fetch_add(1, Ordering::SeqCst)).into_bytes();
            Ok(Made { kind: kind.clone(), moment, json })
        };
        shelf.answer(Coding::Gzip, now, answer).await.unwrap().body
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_makes_the_answer_for_all_who_ask_meanwhile() {
        let (shelf, made) = (Arc::new(Shelf::default()), Arc::new(AtomicU64::new(0)));
        let together = Arc::new(Barrier::new(4));
        let one = || {
            let (shelf, made, together) = (Arc::clone(&shelf), Arc::clone(&made), Arc::clone(&together));
            tokio::spawn(async move {
                // All four ask before anything is ready.
                together.wait();
                ask(&shelf, &made, moment(7, 1_000)).await
            })
        };
        let all = futures::future::join_all((0..4).map(|_| one())).await;
        assert_eq!(made.load(Ordering::SeqCst), 1);
        let first = all[0].as_ref().unwrap();
        assert!(all.iter().all(|body| body.as_ref().unwrap() == first));
    }

    #[tokio::test]
    async fn an_answer_serves_its_moment_and_no_other() {
        let (shelf, made) = (Shelf::default(), AtomicU64::new(0));
        for (at, times) in [
            (moment(7, 1_000), 1),
            (moment(7, 1_000 + KEPT_MS - 1), 1),
            (moment(8, 1_000 + KEPT_MS - 1), 2),
            (moment(8, 1_000 + 2 * KEPT_MS), 3),
        ] {
            ask(&shelf, &made, at).await;
            assert_eq!(made.load(Ordering::SeqCst), times);
        }
    }
}
