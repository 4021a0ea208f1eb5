//! What the tabs of one browser tell one another. All but `Hello` come from the tab that holds the stream.

use fengtu_wire::events::StreamPosition;
use serde::Serialize;

use crate::api::json;

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
    /// An event, after the position that the leader had before it.
    Event {
        /// The leader's position before it; a tab behind that has missed something.
        after: String,
        /// The event's own position, if it has one.
        id: String,
        /// Its name.
        name: String,
        /// Its data.
        data: String,
    },
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
            "event" => {
                Some(Self::Event { after: part("after")?, id: part("id")?, name: part("name")?, data: part("data")? })
            }
            "reset" => Some(Self::Reset),
            _ => None,
        }
    }
}

/// Whether `a` is at or past `b` in the same history; `None` if the histories differ.
pub fn reached(a: &StreamPosition, b: &StreamPosition) -> Option<bool> {
    (a.epoch == b.epoch).then_some(a.sequence >= b.sequence)
}
