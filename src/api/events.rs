//! The stream of events: where to listen, and how to read one. What is done with them is in `state::live`.

use fengtu_wire::events::{CaseDot, Event, StreamPosition};
use fengtu_wire::json::FromJson;

use super::dialect::{Dialect, Request};
use super::error::ApiError;
use super::json::{self, Json, Unreadable};
use super::lenient::off_earth;

/// Every name that an event may have; what bears another is for a newer client.
pub const NAMES: [&str; 6] = ["case", "warning", "figures", "wall", "heartbeat", "reset"];
/// The media type of the stream.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// Builds the request of the stream that goes on after a position.
pub fn stream(dialect: Dialect, after: Option<&StreamPosition>) -> Result<Request, ApiError> {
    match dialect {
        Dialect::Fengtu => Ok(Request::get("/events").with("after", after)),
    }
}

/// Reads one event from the name and the data that came; a name that contradicts its data is refused.
pub fn read(name: &str, data: &str) -> Result<Event, ApiError> {
    let event = json::parse(data.as_bytes()).and_then(|event| of_kind(name, &event));
    event.map_err(|error| ApiError::decode("event", error))
}

fn of_kind(name: &str, event: &Json<'_>) -> Result<Event, Unreadable> {
    let kind: String = event.member("kind")?;
    match kind.as_str() {
        _ if kind != name => Err(Unreadable::new(format!("{name:?} carries {kind:?}"))),
        "case" => {
            let mut dot: CaseDot = data(event)?;
            off_earth(&mut dot.at);
            Ok(Event::Case(dot))
        }
        "warning" => data(event).map(Event::Warning),
        "figures" => data(event).map(Event::Figures),
        "wall" => data(event).map(Event::Wall),
        "heartbeat" => data(event).map(Event::Heartbeat),
        "reset" => data(event).map(Event::Reset),
        _ => Err(Unreadable::new(format!("there is no event {kind:?}"))),
    }
}

fn data<T: FromJson>(event: &Json<'_>) -> Result<T, Unreadable> {
    event.member("data")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::events::Heartbeat;

    use super::*;

    #[test]
    fn an_event_is_read_as_the_server_writes_it() {
        let beat = Heartbeat { server_time: "2026-03-01T09:30:00+08:00".parse().unwrap() };
        let event = Event::Heartbeat(beat);
        let data = serde_json::to_string(&event).unwrap();
        assert_eq!(read(event.name(), &data).unwrap(), event);
        assert!(read("case", &data).is_err());
        assert!(read("heartbeat", "{}").is_err());
    }
}
