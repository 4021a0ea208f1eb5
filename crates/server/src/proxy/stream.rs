//! The body of an answer on its way to the page: watched from our side, whether or not the page reads it.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, timeout_at};

/// Pieces that wait for a page that reads slowly.
const AHEAD: usize = 4;

/// How long and how large.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes.
    pub most: u64,
    /// Without a byte from the other server.
    pub idle: Duration,
    /// Until the last byte has been taken.
    pub until: Instant,
}

/// Why an answer was cut off.
#[derive(Debug)]
enum Cut {
    Stalled,
    TooLong,
    TooLarge,
    Broken(reqwest::Error),
    /// Nobody reads it any more, which is nobody's fault.
    Left,
}

/// Reads the next piece, for as long as the other server may stand still.
pub async fn next(response: &mut reqwest::Response, limits: Limits) -> Result<Option<Bytes>, Next> {
    let soonest = limits.until.min(Instant::now() + limits.idle);
    match timeout_at(soonest, response.chunk()).await {
        Ok(read) => read.map_err(Next::Broken),
        Err(_) => Err(Next::Late),
    }
}

/// Why there is no next piece.
#[derive(Debug)]
pub enum Next {
    /// None came in time.
    Late,
    /// The connection has ended.
    Broken(reqwest::Error),
}

/// Passes an answer on; it breaks off when it is longer or later than allowed, and the place is free when it has ended.
pub fn body(
    response: reqwest::Response,
    start: Bytes,
    limits: Limits,
    name: String,
    place: OwnedSemaphorePermit,
) -> Body {
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let pump = tokio::spawn(async move {
        let outcome = pump(response, start, limits, &sender).await;
        drop(place);
        if let Err(cut) = &outcome {
            cut.log(&name);
        }
        outcome.is_ok()
    });
    Body::from_stream(async_stream::stream! {
        while let Some(chunk) = receiver.recv().await {
            yield Ok(chunk);
        }
        // An answer that was cut must not look like one that has ended.
        if !pump.await.unwrap_or(false) {
            yield Err(io::Error::other("the answer was cut off"));
        }
    })
}

async fn pump(
    mut response: reqwest::Response,
    start: Bytes,
    limits: Limits,
    sender: &mpsc::Sender<Bytes>,
) -> Result<(), Cut> {
    let (mut chunk, mut length) = (start, 0);
    loop {
        length += chunk.len() as u64;
        if length > limits.most {
            return Err(Cut::TooLarge);
        }
        if !chunk.is_empty() {
            let sent = timeout_at(limits.until, sender.send(chunk)).await;
            sent.map_err(|_| Cut::TooLong)?.map_err(|_| Cut::Left)?;
        }
        let next = tokio::select! {
            () = sender.closed() => return Err(Cut::Left),
            next = next(&mut response, limits) => next,
        };
        match next {
            Ok(Some(next)) => chunk = next,
            Ok(None) => return Ok(()),
            Err(Next::Broken(error)) => return Err(Cut::Broken(error.without_url())),
            Err(Next::Late) if Instant::now() >= limits.until => return Err(Cut::TooLong),
            Err(Next::Late) => return Err(Cut::Stalled),
        }
    }
}

impl Cut {
    fn log(&self, name: &str) {
        match self {
            Self::Left => {}
            Self::Stalled => tracing::warn!("proxy {name}: the answer was cut off: nothing came for idle_s"),
            Self::TooLong => tracing::warn!("proxy {name}: the answer was cut off: not complete in timeout_s"),
            Self::TooLarge => tracing::warn!("proxy {name}: the answer was cut off: more than max_answer_bytes"),
            Self::Broken(error) => tracing::warn!("proxy {name}: the answer was cut off: {error}"),
        }
    }
}
