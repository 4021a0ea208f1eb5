//! What goes into the live machine and what comes out of it.

use fengtu_wire::events::{Event, StreamPosition};
use fengtu_wire::snapshot::Snapshot;

use super::message::Message;
use crate::api::sse::RawEvent;

/// What happens to the client.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The page is ready; `shared` says whether tabs can talk and choose a leader.
    Started {
        /// Whether this browser has locks and channels.
        shared: bool,
    },
    /// This tab now holds the lock, or lost it.
    Leading(bool),
    /// The stream runs.
    Opened,
    /// Events came on the stream, as many as had gathered.
    Events(Vec<RawEvent>),
    /// The stream broke or did not open.
    Failed,
    /// A snapshot came.
    Snapshot(Box<Snapshot>),
    /// A snapshot could not be had; `signed_out`: nobody is signed in any more.
    NoSnapshot {
        /// Whether asking again is useless.
        signed_out: bool,
    },
    /// Another tab said something.
    Message(Message),
    /// The wait that was asked for is over.
    Waited,
    /// A second or so has passed.
    Tick,
    /// The tab was shown or hidden.
    Visible(bool),
    /// The device has a network again.
    Online,
}

/// What the client does.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a handful live at a time; a box per event would cost more")]
pub enum Output {
    /// Opens the stream after a position, in place of any other.
    Connect {
        /// The position.
        after: StreamPosition,
    },
    /// Closes the stream.
    Disconnect,
    /// Asks for a snapshot, unless one is on its way.
    FetchSnapshot,
    /// Replaces the state by a snapshot.
    Replace(Box<Snapshot>),
    /// Changes the state.
    Apply(Event),
    /// Tells the other tabs.
    Broadcast(Message),
    /// Gives `Waited` after so many milliseconds, in place of any earlier wait.
    Wait {
        /// Milliseconds.
        ms: u32,
    },
    /// Takes the lock from a tab that has fallen silent.
    Steal,
    /// The session is over.
    SignedOut,
}

/// The two clocks of the machine that it runs on, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now {
    /// Never runs backwards; may stand still in sleep.
    pub mono_ms: f64,
    /// The machine's own time; may jump.
    pub wall_ms: f64,
    /// A number in 0…1, new with each input.
    pub random: f64,
}
