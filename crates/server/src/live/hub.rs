//! The last events in a ring that every stream reads at its own pace.
//!
//! There is no queue per reader: a reader holds a position and nothing else, so one that does not read costs no
//! memory, and one that falls behind the ring is told that its position is gone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::events::{Event, StreamPosition};
use fengtu_wire::ids::SessionId;
use tokio::sync::watch;

use crate::board::tree::Ix;

/// Events kept for readers that come back.
pub const KEPT: usize = 10_000;

/// One event, with what decides who may have it.
#[derive(Debug)]
pub struct Notice {
    /// Its place in the stream.
    pub sequence: u64,
    /// What happened.
    pub news: News,
    /// The lowest node that it is about.
    pub place: Ix,
    /// Who may know of it at all.
    pub sensitivity: Sensitivity,
}

/// What a notice brings.
#[derive(Debug)]
pub enum News {
    /// Something to send on, written out once for all readers.
    Event {
        /// The event.
        event: Box<Event>,
        /// Its JSON.
        json: Box<str>,
    },
    /// Something that only moves figures, such as a restricted case.
    Quiet,
    /// What a wall is told, and nobody else.
    Wall {
        /// The wall's session; absent: every wall.
        wall: Option<SessionId>,
        /// A wall that comes back after this is not told: what was wanted then is not wanted any more.
        until: DateTime<Utc>,
        /// The event's JSON.
        json: Box<str>,
    },
}

impl News {
    /// Wraps an event, writing its JSON once.
    pub fn event(event: Event) -> Self {
        match serde_json::to_string(&event) {
            Ok(json) => Self::Event { event: Box::new(event), json: json.into_boxed_str() },
            // Plain structs of text and numbers always serialise; were one not to, its figures still move.
            Err(_) => Self::Quiet,
        }
    }
}

/// The position asked for is not in the ring, or of another history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the position is gone")]
pub struct Gone;

/// The ring.
#[derive(Debug)]
pub struct Hub {
    epoch: String,
    ring: Mutex<Ring>,
    head: watch::Sender<u64>,
    kept: usize,
}

#[derive(Debug, Default)]
struct Ring {
    last: u64,
    notices: VecDeque<Arc<Notice>>,
}

impl Hub {
    /// Starts an empty history that keeps at most `kept` notices.
    pub fn new(epoch: String, kept: usize) -> Self {
        Self { epoch, ring: Mutex::default(), head: watch::Sender::new(0), kept: kept.max(1) }
    }

    /// Returns the position of the last notice.
    pub fn position(&self) -> StreamPosition {
        StreamPosition { epoch: self.epoch.clone(), sequence: self.ring().last }
    }

    /// Adds a notice and wakes the readers.
    pub fn publish(&self, news: News, place: Ix, sensitivity: Sensitivity) -> u64 {
        let mut ring = self.ring();
        ring.last += 1;
        let sequence = ring.last;
        ring.notices.push_back(Arc::new(Notice { sequence, news, place, sensitivity }));
        while ring.notices.len() > self.kept {
            ring.notices.pop_front();
        }
        drop(ring);
        self.head.send_replace(sequence);
        sequence
    }

    /// Declares everything before now gone: every reader has to start from a snapshot.
    pub fn lose(&self) {
        let mut ring = self.ring();
        ring.last += 1;
        ring.notices.clear();
        let last = ring.last;
        drop(ring);
        self.head.send_replace(last);
    }

    /// Reads on after a position, or says that it is gone.
    pub fn after(self: &Arc<Self>, position: &StreamPosition) -> Result<Reader, Gone> {
        let reader = Reader { hub: Arc::clone(self), read: position.sequence, head: self.head.subscribe() };
        let known = position.epoch == self.epoch && position.sequence <= self.ring().last;
        if known && reader.reaches() { Ok(reader) } else { Err(Gone) }
    }

    /// Reads what comes from now on.
    pub fn from_now(self: &Arc<Self>) -> Reader {
        let read = self.ring().last;
        Reader { hub: Arc::clone(self), read, head: self.head.subscribe() }
    }

    /// Returns the notice after `sequence`: `None` if it has not come yet.
    fn next_after(&self, sequence: u64) -> Result<Option<Arc<Notice>>, Gone> {
        let ring = self.ring();
        if sequence >= ring.last {
            return Ok(None);
        }
        let first = ring.notices.front().map_or(ring.last + 1, |notice| notice.sequence);
        let row = (sequence + 1).checked_sub(first).ok_or(Gone)?;
        ring.notices.get(row as usize).cloned().map(Some).ok_or(Gone)
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // Nothing in here panics half way through a change, so a poisoned ring is still whole.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One stream's place in the ring.
#[derive(Debug)]
pub struct Reader {
    hub: Arc<Hub>,
    read: u64,
    head: watch::Receiver<u64>,
}

impl Reader {
    /// Waits for the next notice; may be dropped while waiting without losing one.
    pub async fn next(&mut self) -> Result<Arc<Notice>, Gone> {
        loop {
            // Marked before looking, so that a notice which comes in between wakes the wait below.
            self.head.borrow_and_update();
            if let Some(notice) = self.hub.next_after(self.read)? {
                self.read = notice.sequence;
                return Ok(notice);
            }
            self.head.changed().await.map_err(|_| Gone)?;
        }
    }

    /// Returns the position read so far.
    pub fn position(&self) -> StreamPosition {
        StreamPosition { epoch: self.hub.epoch.clone(), sequence: self.read }
    }

    fn reaches(&self) -> bool {
        self.hub.next_after(self.read).is_ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::board::tree::NOWHERE;

    fn hub(kept: usize) -> Arc<Hub> {
        Arc::new(Hub::new("e".to_owned(), kept))
    }

    fn publish(hub: &Hub, times: usize) {
        for _ in 0..times {
            hub.publish(News::Quiet, NOWHERE, Sensitivity::Public);
        }
    }

    fn at(sequence: u64) -> StreamPosition {
        StreamPosition { epoch: "e".to_owned(), sequence }
    }

    #[tokio::test]
    async fn a_reader_that_comes_back_gets_each_notice_once_and_in_order() {
        let hub = hub(10);
        publish(&hub, 7);
        let mut reader = hub.after(&at(3)).unwrap();
        publish(&hub, 2);
        let mut got = Vec::new();
        for _ in 0..6 {
            got.push(reader.next().await.unwrap().sequence);
        }
        assert_eq!(got, [4, 5, 6, 7, 8, 9]);
        assert!(futures::FutureExt::now_or_never(reader.next()).is_none());
    }

    #[test]
    fn positions_too_old_too_new_or_of_another_history_are_gone() {
        let hub = hub(4);
        publish(&hub, 10);
        assert!(hub.after(&at(6)).is_ok());
        assert!(hub.after(&at(10)).is_ok());
        assert_eq!(hub.after(&at(5)).unwrap_err(), Gone);
        assert_eq!(hub.after(&at(11)).unwrap_err(), Gone);
        assert_eq!(hub.after(&at(u64::MAX)).unwrap_err(), Gone);
        assert_eq!(hub.after(&StreamPosition { epoch: "f".to_owned(), sequence: 8 }).unwrap_err(), Gone);
    }

    #[tokio::test]
    async fn a_reader_that_falls_behind_is_told_and_costs_nothing() {
        let hub = hub(4);
        let mut slow = hub.from_now();
        let mut fast = hub.from_now();
        for n in 1..=20 {
            publish(&hub, 1);
            assert_eq!(fast.next().await.unwrap().sequence, n);
        }
        assert_eq!(slow.next().await.unwrap_err(), Gone);
        assert_eq!(hub.ring().notices.len(), 4);
    }
}
