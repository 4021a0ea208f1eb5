//! The stream of events: where to listen, and how to read one. What is done with them is in `state::live`.

use fengtu_wire::events::{Event, StreamPosition};
use serde::de::DeserializeOwned;

use super::dialect::{Dialect, Request};
use super::error::ApiError;

/// Every name that an event may have; a browser listens for each by name.
pub const NAMES: [&str; 5] = ["case", "warning", "figures", "heartbeat", "reset"];

/// Builds the request of the stream that goes on after a position.
pub fn stream(dialect: Dialect, after: Option<&StreamPosition>) -> Result<Request, ApiError> {
    match dialect {
        Dialect::Fengtu => Ok(Request::get("/events").with("after", after)),
    }
}

/// Reads one event from the name and the data that came.
pub fn read(name: &str, data: &str) -> Result<Event, ApiError> {
    match name {
        "case" => payload(data).map(Event::Case),
        "warning" => payload(data).map(Event::Warning),
        "figures" => payload(data).map(Event::Figures),
        "heartbeat" => payload(data).map(Event::Heartbeat),
        "reset" => payload(data).map(Event::Reset),
        other => Err(ApiError::decode("event", format_args!("unknown name {other:?}"))),
    }
}

fn payload<T: DeserializeOwned>(data: &str) -> Result<T, ApiError> {
    serde_json::from_str(data).map_err(|error| ApiError::decode("event", error))
}
