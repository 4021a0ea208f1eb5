//! One viewer's stream: what the hub has, cut to what they may see.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::response::sse;
use fengtu_domain::sight::Access;
use fengtu_wire::events::{Event, Heartbeat, StreamPosition};
use fengtu_wire::ids::SessionId;
use fengtu_wire::session::Role;
use fengtu_wire::statistics::Figures;
use futures::Stream;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::Shared;
use super::hub::{News, Notice, Reader};
use crate::board::{Board, Scope, heat};

/// How often a heartbeat is sent; the contract allows 15 s.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How often figures may be sent at most, and how often it is checked whether the session has ended.
const BEAT: Duration = Duration::from_secs(1);
/// How many beats lie between two looks at the session.
const BEATS_PER_LOOK: u32 = 2;
/// After how long a browser shall come back.
const RETRY: Duration = Duration::from_secs(2);

/// Who is reading, as far as it decides what is sent.
#[derive(Debug, Clone)]
pub struct Audience {
    /// In what role.
    pub role: Role,
    /// How far the role reaches.
    pub access: Access,
    /// The part of the tree that they see.
    pub scope: Scope,
    /// The node whose figures they are sent.
    pub head: Scope,
    /// Their session, where what is told to it alone is of interest.
    pub session: Option<SessionId>,
}

impl Audience {
    /// Whether counts must be 0, or `k` and more.
    pub const fn is_anonymous(&self) -> bool {
        self.access.is_anonymous()
    }

    /// Whether they may have this case as a point.
    pub fn sees(&self, board: &Board, case: &crate::board::facts::Packed) -> bool {
        let inside = self.scope.holds(&board.tree, case.place());
        let category = board.categories().id(case.category());
        category.is_some_and(|id| heat::may_see(self.role, self.access, inside, case.sensitivity(), id))
    }

    /// Whether they may have this notice.
    fn takes(&self, board: &Board, notice: &Notice, event: &Event) -> bool {
        match event {
            Event::Case(dot) => {
                let inside = self.scope.holds(&board.tree, notice.place);
                heat::may_see(self.role, self.access, inside, notice.sensitivity, &dot.category)
            }
            Event::Warning(_) => self.scope.holds(&board.tree, notice.place),
            Event::Figures(_) | Event::Wall(_) | Event::Heartbeat(_) | Event::Reset(_) => false,
        }
    }

    /// Whether they are the wall that is told something; without one, every wall is.
    fn is_told(&self, wall: Option<&SessionId>) -> bool {
        self.role == Role::Wall && self.session.is_some() && wall.is_none_or(|wall| self.session.as_ref() == Some(wall))
    }
}

/// Counts a stream while it is open.
struct Counted(Arc<Shared>);

impl Counted {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.streams.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Where a stream begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// With what comes next.
    Now,
    /// After a position.
    After(StreamPosition),
    /// After something that is no position of ours.
    Unknown,
}

impl Shared {
    /// Opens a stream. `holds` is asked every 2 s whether the viewer's session still lasts.
    pub fn stream<F>(
        self: Arc<Self>,
        audience: Audience,
        start: Start,
        holds: impl Fn() -> F + Send + 'static,
    ) -> impl Stream<Item = Result<sse::Event, Infallible>> + Send + 'static
    where
        F: Future<Output = bool> + Send + 'static,
    {
        let counted = Counted::new(&self);
        async_stream::stream! {
            let _counted = counted;
            let mut open = Open::new(self, audience);
            if let Some(reset) = open.begin(&start) {
                yield Ok(reset);
            }
            let mut beat = every(BEAT);
            let mut heart = every(HEARTBEAT);
            let mut stopping = open.shared.stopping.subscribe();
            let mut beats = 0_u32;
            loop {
                tokio::select! {
                    () = told(&mut stopping) => return,
                    read = open.reader.next() => {
                        // An error: it slept until the ring had moved on, or everything was read anew.
                        let event = match read {
                            Ok(notice) => open.cut(&notice),
                            Err(_) => Some(open.start_again()),
                        };
                        if let Some(event) = event {
                            yield Ok(event);
                        }
                    }
                    _ = heart.tick() => yield Ok(open.heartbeat()),
                    _ = beat.tick() => {
                        beats += 1;
                        if beats.is_multiple_of(BEATS_PER_LOOK) && !holds().await {
                            return;
                        }
                        if let Some(figures) = open.figures() {
                            yield Ok(figures);
                        }
                    }
                }
            }
        }
    }
}

/// Waits until the server is told to stop.
async fn told(stopping: &mut watch::Receiver<bool>) {
    // Without a sender there is nothing left to read from either.
    drop(stopping.wait_for(|stop| *stop).await);
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// An open stream.
struct Open {
    shared: Arc<Shared>,
    audience: Audience,
    reader: Reader,
    sent: Option<Figures>,
}

impl Open {
    fn new(shared: Arc<Shared>, audience: Audience) -> Self {
        let reader = shared.hub.from_now();
        Self { shared, audience, reader, sent: None }
    }

    /// Goes to where the stream begins; returns a reset if that is gone.
    fn begin(&mut self, start: &Start) -> Option<sse::Event> {
        let position = match start {
            Start::Now => return None,
            Start::Unknown => return Some(self.reset()),
            Start::After(position) => position,
        };
        match self.shared.hub.after(position) {
            Ok(reader) => self.reader = reader,
            Err(_) => return Some(self.reset()),
        }
        None
    }

    /// Goes on from now; says that a snapshot is due.
    fn start_again(&mut self) -> sse::Event {
        self.reader = self.shared.hub.from_now();
        self.sent = None;
        self.reset()
    }

    fn cut(&self, notice: &Notice) -> Option<sse::Event> {
        let (event, json) = match &notice.news {
            News::Event { event, json } => (event, json),
            News::Wall { wall, until, json } => {
                let is_told = self.audience.is_told(wall.as_ref()) && (self.shared.clock)() < *until;
                return is_told.then(|| frame("wall", json, &self.reader.position()));
            }
            News::Quiet => return None,
        };
        let board = self.shared.board();
        if !self.audience.takes(&board, notice, event) {
            return None;
        }
        let position = self.reader.position();
        match &**event {
            Event::Warning(level) if self.audience.is_anonymous() => {
                let thresholds = self.shared.config().warning_thresholds;
                let coarse = super::coarse(level.clone(), &thresholds);
                Some(write(&Event::Warning(coarse), &position))
            }
            event => Some(frame(event.name(), json, &position)),
        }
    }

    fn heartbeat(&self) -> sse::Event {
        let beat = Heartbeat { server_time: self.shared.now() };
        write(&Event::Heartbeat(beat), &self.reader.position()).retry(RETRY)
    }

    fn reset(&self) -> sse::Event {
        let beat = Heartbeat { server_time: self.shared.now() };
        write(&Event::Reset(beat), &self.reader.position()).retry(RETRY)
    }

    /// Returns today's figures if they are not the ones sent last.
    fn figures(&mut self) -> Option<sse::Event> {
        let board = self.shared.board();
        let figures = self.shared.today(&board, self.audience.head, self.audience.is_anonymous());
        drop(board);
        if self.sent.as_ref() == Some(&figures) {
            return None;
        }
        self.sent = Some(figures.clone());
        Some(write(&Event::Figures(figures), &self.reader.position()))
    }
}

fn write(event: &Event, position: &StreamPosition) -> sse::Event {
    // Plain structs of text and numbers always serialise.
    let json = serde_json::to_string(event).unwrap_or_default();
    frame(event.name(), &json, position)
}

fn frame(name: &str, json: &str, position: &StreamPosition) -> sse::Event {
    sse::Event::default().event(name).id(position.to_string()).data(json)
}
