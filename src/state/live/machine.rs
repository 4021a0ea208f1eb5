//! The live client as a state machine: inputs in, commands out; no I/O, no clock, no chance of its own.
//!
//! The invariants I1…I12 of docs/SPEC-live.md hold after every input; `tests.rs` names a test for each.

use std::collections::VecDeque;

use fengtu_wire::events::{Event, StreamPosition};
use fengtu_wire::snapshot::Snapshot;

use super::freshness::{STOPPED_MS, ServerClock};
use super::message::{Message, reached};
pub use super::signal::{Input, Now, Output};
use crate::api::events;
use crate::api::sse::RawEvent;

mod tabs;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Another tab has the stream, or nobody yet.
    Follower,
    /// This tab has it.
    Leader,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Closed,
    Opening,
    Open,
    /// Waiting to try again.
    Resting,
}

/// The client.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "four facts that vary independently of one another")]
pub struct Live {
    role: Role,
    stream: Stream,
    position: Option<StreamPosition>,
    /// Another tab is known to be there.
    others: bool,
    awaiting_snapshot: bool,
    /// A snapshot is needed and has not come.
    stale: bool,
    /// Messages that came while a snapshot was on its way.
    held: VecDeque<Message>,
    failures: u32,
    snapshot_failures: u32,
    visible: bool,
    over: bool,
    last_tick: Option<Now>,
    last_life_ms: f64,
    /// When the stream came to stand as it does.
    stream_ms: f64,
    clock: ServerClock,
    unreadable: u32,
}

const BASE_MS: f64 = 500.0;
const CAP_MS: f64 = 15_000.0;
/// A tick that comes this much later than it should means that the machine slept.
const SLEPT_MS: f64 = 10_000.0;
/// After so many failures in a row a snapshot is asked for: its answer tells why, which the stream's does not.
const ASK_WHY_AFTER: u32 = 3;

impl Default for Live {
    fn default() -> Self {
        Self {
            role: Role::Follower,
            stream: Stream::Closed,
            position: None,
            others: false,
            awaiting_snapshot: false,
            stale: true,
            held: VecDeque::new(),
            failures: 0,
            snapshot_failures: 0,
            visible: true,
            over: false,
            last_tick: None,
            last_life_ms: 0.0,
            stream_ms: 0.0,
            clock: ServerClock::default(),
            unreadable: 0,
        }
    }
}

impl Live {
    /// Takes an input and returns what is to be done, in order.
    pub fn step(&mut self, now: Now, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        if self.over {
            return out;
        }
        let before = self.stream;
        match input {
            Input::Started { shared } => self.started(shared, &mut out),
            Input::Leading(true) => self.lead(&mut out),
            Input::Leading(false) => self.follow(&mut out),
            Input::Opened => self.opened(),
            Input::Events(events) => self.on_stream(now, events, &mut out),
            Input::Failed => self.failed(now, &mut out),
            Input::Snapshot(snapshot) => self.snapshot(now, snapshot, &mut out),
            Input::NoSnapshot { signed_out } => self.no_snapshot(now, signed_out, &mut out),
            Input::Message(message) => self.on_message(now, message, &mut out),
            Input::Waited => self.waited(&mut out),
            Input::Tick => self.tick(now, &mut out),
            Input::Visible(visible) => self.visible = visible,
            Input::Online => self.again(&mut out),
        }
        if self.stream != before || out.iter().any(|output| matches!(output, Output::Connect { .. })) {
            self.stream_ms = now.mono_ms;
        }
        out
    }

    /// Returns the server's clock as it is known here.
    pub const fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// Returns the last event that the state contains.
    pub const fn position(&self) -> Option<&StreamPosition> {
        self.position.as_ref()
    }

    /// Returns how many events could not be read.
    pub const fn unreadable(&self) -> u32 {
        self.unreadable
    }

    fn started(&mut self, shared: bool, out: &mut Vec<Output>) {
        if shared {
            out.push(Output::Broadcast(Message::Hello));
        } else {
            self.role = Role::Leader;
        }
        self.ask_snapshot(out);
    }

    fn lead(&mut self, out: &mut Vec<Output>) {
        self.role = Role::Leader;
        self.say_where(out);
        self.connect(out);
    }

    fn follow(&mut self, out: &mut Vec<Output>) {
        self.role = Role::Follower;
        self.close(out);
    }

    fn close(&mut self, out: &mut Vec<Output>) {
        if self.stream != Stream::Closed {
            self.stream = Stream::Closed;
            out.push(Output::Disconnect);
        }
    }

    /// Opens the stream if this tab should have one and knows from where; else sees that it will know.
    fn connect(&mut self, out: &mut Vec<Output>) {
        if self.role == Role::Follower {
            return;
        }
        match &self.position {
            Some(after) => {
                self.stream = Stream::Opening;
                out.push(Output::Connect { after: after.clone() });
            }
            None => self.ask_snapshot(out),
        }
    }

    fn ask_snapshot(&mut self, out: &mut Vec<Output>) {
        self.stale = true;
        if !self.awaiting_snapshot {
            self.awaiting_snapshot = true;
            out.push(Output::FetchSnapshot);
        }
    }

    const fn opened(&mut self) {
        if matches!(self.stream, Stream::Opening) {
            self.stream = Stream::Open;
        }
    }

    /// Takes events in order, and passes on what it took in one message.
    fn on_stream(&mut self, now: Now, mut events: Vec<RawEvent>, out: &mut Vec<Output>) {
        let after = self.position.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut taken = 0;
        for event in &events {
            if matches!(self.stream, Stream::Closed | Stream::Resting) {
                break;
            }
            self.stream = Stream::Open;
            self.failures = 0;
            if event.name == "reset" {
                self.close(out);
                out.push(Output::Broadcast(Message::Reset));
                return self.reset(out);
            }
            self.take(now, event, out);
            taken += 1;
        }
        events.truncate(taken);
        if self.others && !events.is_empty() {
            out.push(Output::Broadcast(Message::Events { after, events }));
        }
    }

    /// Takes an event, from wherever it came, unless it is contained already.
    fn take(&mut self, now: Now, event: &RawEvent, out: &mut Vec<Output>) {
        if !events::NAMES.contains(&event.name.as_str()) {
            return;
        }
        let at: Option<StreamPosition> = event.id.parse().ok();
        self.last_life_ms = now.mono_ms;
        let event = events::read(&event.name, &event.data);
        if let Ok(Event::Heartbeat(beat)) = &event {
            self.clock.sample(beat.server_time.to_utc(), now.mono_ms);
        } else {
            self.clock.alive(now.mono_ms);
        }
        if let (Some(at), Some(position)) = (&at, &self.position) {
            // Figures and heartbeats are no entries of the history: they bear the position that they describe.
            let is_entry = !matches!(event, Ok(Event::Figures(_) | Event::Heartbeat(_)));
            match reached(position, at) {
                Some(true) if is_entry || position != at => return,
                Some(_) => self.position = Some(at.clone()),
                None => return self.reset(out),
            }
        }
        match event {
            Ok(Event::Heartbeat(_) | Event::Reset(_)) => {}
            Ok(event) => out.push(Output::Apply(event)),
            // It cannot be understood, so the state without it would be wrong for ever.
            Err(_) => {
                self.unreadable = self.unreadable.saturating_add(1);
                self.ask_snapshot(out);
            }
        }
    }

    fn reset(&mut self, out: &mut Vec<Output>) {
        self.position = None;
        self.close(out);
        self.ask_snapshot(out);
    }

    fn failed(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.role == Role::Follower || self.stream == Stream::Closed {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures.is_multiple_of(ASK_WHY_AFTER) {
            self.ask_snapshot(out);
        }
        self.stream = Stream::Resting;
        out.push(Output::Disconnect);
        out.push(Output::Wait { ms: rest_ms(self.failures, now.random) });
    }

    fn snapshot(&mut self, now: Now, snapshot: Box<Snapshot>, out: &mut Vec<Output>) {
        self.awaiting_snapshot = false;
        self.snapshot_failures = 0;
        self.clock.sample(snapshot.server_time.to_utc(), now.mono_ms);
        self.last_life_ms = now.mono_ms;
        let Ok(at) = snapshot.position.parse::<StreamPosition>() else {
            self.unreadable = self.unreadable.saturating_add(1);
            return self.no_snapshot(now, false, out);
        };
        // An answer that was long on its way must not undo what has been applied since.
        self.stale = false;
        if !self.position.as_ref().is_some_and(|p| p.epoch == at.epoch && p.sequence > at.sequence) {
            self.position = Some(at);
            out.push(Output::Replace(snapshot));
        }
        for message in std::mem::take(&mut self.held) {
            self.on_message(now, message, out);
        }
        if matches!(self.stream, Stream::Closed) {
            self.connect(out);
        }
    }

    fn no_snapshot(&mut self, now: Now, signed_out: bool, out: &mut Vec<Output>) {
        self.awaiting_snapshot = false;
        if signed_out {
            self.over = true;
            self.close(out);
            out.push(Output::SignedOut);
            return;
        }
        self.snapshot_failures = self.snapshot_failures.saturating_add(1);
        if !matches!(self.stream, Stream::Resting) {
            out.push(Output::Wait { ms: rest_ms(self.snapshot_failures, now.random) });
        }
    }

    fn waited(&mut self, out: &mut Vec<Output>) {
        if self.stale {
            self.ask_snapshot(out);
        }
        if matches!(self.stream, Stream::Resting | Stream::Closed) {
            self.connect(out);
        }
    }

    fn again(&mut self, out: &mut Vec<Output>) {
        self.failures = 0;
        self.waited(out);
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Output>) {
        let slept = self.last_tick.replace(now).is_some_and(|last| {
            let (wall, mono) = (now.wall_ms - last.wall_ms, now.mono_ms - last.mono_ms);
            wall - mono > SLEPT_MS || mono > STOPPED_MS
        });
        if slept {
            return self.woke(now, out);
        }
        let silent = now.mono_ms - self.last_life_ms > STOPPED_MS;
        match self.role {
            // A stream that is silent since it was opened, or does not open at all, is dead, whatever the browser thinks.
            Role::Leader if silent && self.is_long_standing(now) => self.failed(now, out),
            Role::Follower if silent && self.visible && self.position.is_some() => {
                self.last_life_ms = now.mono_ms;
                out.push(Output::Steal);
            }
            _ => {}
        }
    }

    fn is_long_standing(&self, now: Now) -> bool {
        matches!(self.stream, Stream::Opening | Stream::Open) && now.mono_ms - self.stream_ms > STOPPED_MS
    }

    fn woke(&mut self, now: Now, out: &mut Vec<Output>) {
        self.clock.distrust();
        self.last_life_ms = now.mono_ms;
        self.failures = 0;
        match self.role {
            Role::Leader if self.stream != Stream::Closed => self.connect(out),
            _ => self.ask_snapshot(out),
        }
    }
}

/// Full jitter: no two browsers come back at the same moment after an outage.
fn rest_ms(failures: u32, random: f64) -> u32 {
    let ceiling = (BASE_MS * f64::from(1_u32 << failures.saturating_sub(1).min(16))).min(CAP_MS);
    (ceiling * (0.2 + 0.8 * random.clamp(0.0, 1.0))) as u32
}
