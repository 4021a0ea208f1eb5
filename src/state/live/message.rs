//! What the tabs of one browser tell one another. All but `Hello` and `Present` come from the tab that holds the stream.

use fengtu_wire::events::StreamPosition;
use serde::Serialize;

use crate::api::json::{self, Json};
use crate::api::sse::RawEvent;

/// A message to the other tabs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "m", rename_all = "snake_case")]
pub enum Message {
    /// A tab has come and would like to know where the stream stands.
    Hello,
    /// Where the stream stands: a tab that is behind it must take a snapshot.
    Here {
        /// The leader's position, as text.
        at: String,
    },
    /// Events that came together, after the position that the leader had before them.
    Events {
        /// The leader's position before the first; a tab behind that has missed something.
        after: String,
        /// The events in order.
        events: Vec<RawEvent>,
    },
    /// A tab that is fed is there: without one, nothing is passed on.
    Present,
    /// The position is gone: everybody takes a snapshot.
    Reset,
}

impl Message {
    /// Writes it for the channel.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it; a tab of another version may say what this one cannot.
    pub fn from_text(text: &str) -> Option<Self> {
        let message = json::parse(text.as_bytes()).ok()?;
        let part = |name| message.member::<String>(name).ok();
        match part("m")?.as_str() {
            "hello" => Some(Self::Hello),
            "here" => Some(Self::Here { at: part("at")? }),
            "events" => {
                let Json::List(events) = message.get("events")? else { return None };
                Some(Self::Events { after: part("after")?, events: events.iter().map(raw).collect::<Option<_>>()? })
            }
            "present" => Some(Self::Present),
            "reset" => Some(Self::Reset),
            _ => None,
        }
    }
}

fn raw(event: &Json<'_>) -> Option<RawEvent> {
    let part = |name| event.member::<String>(name).ok();
    Some(RawEvent { id: part("id")?, name: part("name")?, data: part("data")? })
}

/// Whether `a` is at or past `b` in the same history; `None` if the histories differ.
pub fn reached(a: &StreamPosition, b: &StreamPosition) -> Option<bool> {
    (a.epoch == b.epoch).then_some(a.sequence >= b.sequence)
}
