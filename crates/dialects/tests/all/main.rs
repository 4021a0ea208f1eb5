//! Whole conversations with servers that answer from memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc, clippy::indexing_slicing, reason = "tests")]

mod backlog;
mod capabilities;
mod changes;
mod clocks;
mod district;
mod ends;
mod filters;
mod georeport;
mod hostile;
mod json;
mod mapping;
mod media;
mod mixed;
mod mutated;
mod mutated_talk;
mod ogc;
mod order;
mod partial;
mod postgrest;
mod privacy;
mod ready_made;
mod refusals;
mod reports;
mod spoiled;
mod tokens;
mod unanswered;
mod whole;

use fengtu_dialects::{Answer, Call, Installation, Outcome, Request, Step};
use serde_json::{Value, json};

/// A server in memory: what it answers to a call.
pub type Server<'a> = &'a mut dyn FnMut(&Call) -> Outcome;

/// Reads a config file that must be sound.
pub fn installation(config: &Value) -> Installation {
    Installation::read(config.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// Has a request answered; returns the answer and the addresses that were called.
pub fn talk(installation: &Installation, request: Request, server: Server<'_>) -> (Answer, Vec<String>) {
    talk_at(installation, "2026-03-01T09:30:00+08:00", request, server)
}

/// The same at another time.
pub fn talk_at(installation: &Installation, now: &str, request: Request, server: Server<'_>) -> (Answer, Vec<String>) {
    let mut conversation = installation.converse(request, now.parse().unwrap());
    let (mut step, mut called) = (conversation.start(), Vec::new());
    loop {
        match step {
            Step::Done(answer) => return (answer, called),
            Step::Wait => panic!("nobody else signs in"),
            Step::Ask(calls) => {
                called.extend(calls.iter().map(|call| call.url.clone()));
                step = conversation.go_on(calls.iter().map(&mut *server).collect());
            }
        }
    }
}

/// Has a request answered that must be answered well, and reads the answer.
pub fn ask(installation: &Installation, request: Request, server: Server<'_>) -> Value {
    let (answer, called) = talk(installation, request, server);
    assert!(answer.is_good(), "{} {} after {called:?}", answer.status, String::from_utf8_lossy(&answer.body));
    if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body).unwrap() }
}

/// Has a request answered that must be refused; returns the problem.
pub fn refused(installation: &Installation, request: Request, server: Server<'_>) -> Value {
    let (answer, _) = talk(installation, request, server);
    assert!(!answer.is_good(), "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

/// A good answer in JSON.
pub fn good(body: &Value) -> Outcome {
    text(200, &body.to_string())
}

/// An answer with any status and body.
pub fn text(status: u16, body: &str) -> Outcome {
    Outcome::Answered(Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

/// A parameter of an address.
pub fn param(url: &str, name: &str) -> Option<String> {
    Request::of_target(fengtu_dialects::Method::Get, url, Vec::new()).parameter(name).map(str::to_owned)
}

/// The texts at a pointer of each item.
pub fn each(list: &Value, items: &str, pointer: &str) -> Vec<String> {
    let items = list.pointer(items).and_then(Value::as_array).cloned().unwrap_or_default();
    items
        .iter()
        .map(|item| item.pointer(pointer).unwrap_or(&json!(null)).to_string().trim_matches('"').to_owned())
        .collect()
}
