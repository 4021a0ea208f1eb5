//! The dialects behind messages. A Web Worker runs them in a wasm of its own, which is fetched only where `config.json` names a
//! backend that does not speak our own contract; `src/api/foreign.rs` is the page's end, which makes the calls.
//!
//! A message is a row of numbers and a block of bytes. The first number says what it is:
//!
//! | to the worker | numbers | bytes |
//! |---|---|---|
//! | 0 open | | `config.json` |
//! | 1 request | id, index into [`Method::ALL`], Unix ms, length of the target | target below `/api/v1`, then the body |
//! | 2 outcome | id, index of the call, status, length of the headers | headers, a line each, then the body |
//! | 3 cancel | id | |
//!
//! A status of 0, 1, 2 is no answer: not reached, timed out, too large.
//!
//! | from the worker | numbers | bytes |
//! |---|---|---|
//! | 0 ready | | |
//! | 1 opened | | JSON `{"faults": […], "can": {resource: abilities}, "reads": [headers beside `READ_HEADERS`]}` |
//! | 2 ask | id | JSON `[{"method", "url", "headers": [[name, value]], "body"}]` |
//! | 3 done | id, status, length of the headers | headers, a line each, then the body |
#![forbid(unsafe_code)]

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, FixedOffset};
use fengtu_dialects::{Answer, Call, Conversation, Failure, Installation, Method, Outcome, Request, Step};
use serde_json::{Map, Value, json};

/// A message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    /// What it is, and its numbers.
    pub numbers: Vec<f64>,
    /// What is no number.
    pub bytes: Vec<u8>,
}

impl Message {
    /// The worker can be spoken to.
    pub fn ready() -> Self {
        Self { numbers: vec![0.0], bytes: Vec::new() }
    }

    fn whole(&self, index: usize) -> usize {
        self.numbers.get(index).map_or(0, |number| *number as usize)
    }
}

/// One conversation, and the outcomes that have come of its last calls.
#[derive(Debug)]
struct Open {
    conversation: Conversation,
    outcomes: Vec<Option<Outcome>>,
}

/// What the worker does.
#[derive(Debug, Default)]
pub struct Service {
    installation: Option<Installation>,
    open: HashMap<usize, Open>,
    /// The conversation that gathers many cases, and those that wait for what it will have gathered.
    gathering: Option<usize>,
    waiting: VecDeque<Message>,
    /// Conversations that wait until another has signed in, the first first.
    parked: Vec<usize>,
}

/// China's; instants are told apart from it by their own offsets.
const OFFSET_S: i32 = 28_800;

impl Service {
    /// Takes a message and returns what is to be told.
    pub fn take(&mut self, message: &Message) -> Vec<Message> {
        let parked = std::mem::take(&mut self.parked);
        let mut told = match message.whole(0) {
            0 => vec![self.set_up(&message.bytes)],
            1 => self.begin(message),
            2 => self.outcome(message),
            3 => self.cancel(message.whole(1)),
            _ => Vec::new(),
        };
        // Those that wait already stay before those that came with this message.
        let come = std::mem::take(&mut self.parked);
        told.extend(parked.into_iter().flat_map(|id| self.go_on(id, Vec::new())));
        self.parked.extend(come);
        told
    }

    fn set_up(&mut self, config: &[u8]) -> Message {
        *self = Self::default();
        let (mut can, mut faults, mut reads) = (Map::new(), Vec::new(), Vec::new());
        match Installation::read(config) {
            Ok(installation) => {
                for resource in fengtu_dialects::installation::RESOURCES {
                    can.insert(resource.to_owned(), installation.capabilities(resource).json());
                }
                reads = installation.reads();
                self.installation = Some(installation);
            }
            Err(wrong) => {
                let each = wrong.iter().map(|f| json!({"pointer": f.pointer, "zh": f.says.zh, "en": f.says.en}));
                faults = each.collect::<Vec<Value>>();
            }
        }
        Message {
            numbers: vec![1.0],
            bytes: json!({"faults": faults, "can": can, "reads": reads}).to_string().into_bytes(),
        }
    }

    fn begin(&mut self, message: &Message) -> Vec<Message> {
        let id = message.whole(1);
        let method = Method::ALL.get(message.whole(2)).map_or(Method::Get, |(method, _)| *method);
        let (target, body) = message.bytes.split_at_checked(message.whole(4)).unwrap_or((&message.bytes, &[]));
        let request = Request::of_target(method, &String::from_utf8_lossy(target), body.to_vec());
        if self.installation.as_ref().is_some_and(|installation| installation.gathers(&request.path)) {
            if self.gathering.is_some() {
                self.waiting.push_back(message.clone());
                return Vec::new();
            }
            self.gathering = Some(id);
        }
        let Some(installation) = &self.installation else {
            return self.done(id, &Answer { status: 503, ..Answer::default() });
        };
        let zone = FixedOffset::east_opt(OFFSET_S).unwrap_or_else(|| DateTime::UNIX_EPOCH.fixed_offset().timezone());
        let ms = message.numbers.get(3).copied().unwrap_or_default() as i64;
        let now = DateTime::from_timestamp_millis(ms).unwrap_or_default().with_timezone(&zone);
        let mut conversation = installation.converse(request, now);
        let step = conversation.start();
        self.open.insert(id, Open { conversation, outcomes: Vec::new() });
        self.tell(id, step)
    }

    fn outcome(&mut self, message: &Message) -> Vec<Message> {
        let (id, index) = (message.whole(1), message.whole(2));
        let Some(open) = self.open.get_mut(&id) else { return Vec::new() };
        if let Some(place) = open.outcomes.get_mut(index) {
            *place = Some(read_outcome(message));
        }
        if open.outcomes.is_empty() || open.outcomes.iter().any(Option::is_none) {
            return Vec::new();
        }
        let outcomes = std::mem::take(&mut open.outcomes).into_iter().flatten().collect();
        self.go_on(id, outcomes)
    }

    fn go_on(&mut self, id: usize, outcomes: Vec<Outcome>) -> Vec<Message> {
        let Some(open) = self.open.get_mut(&id) else { return Vec::new() };
        let step = open.conversation.go_on(outcomes);
        self.tell(id, step)
    }

    fn tell(&mut self, id: usize, step: Step) -> Vec<Message> {
        match step {
            Step::Done(answer) => self.done(id, &answer),
            Step::Wait => {
                self.parked.push(id);
                Vec::new()
            }
            Step::Ask(calls) => {
                if let Some(open) = self.open.get_mut(&id) {
                    open.outcomes = vec![None; calls.len()];
                }
                let calls: Vec<Value> = calls.iter().map(written).collect();
                vec![Message { numbers: vec![2.0, id as f64], bytes: Value::Array(calls).to_string().into_bytes() }]
            }
        }
    }

    fn done(&mut self, id: usize, answer: &Answer) -> Vec<Message> {
        self.open.remove(&id);
        let mut head = String::new();
        for (name, value) in &answer.headers {
            for part in [name.as_str(), ": ", value.as_str(), "\n"] {
                head.push_str(part);
            }
        }
        let numbers = vec![3.0, id as f64, f64::from(answer.status), head.len() as f64];
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&answer.body);
        let mut told = vec![Message { numbers, bytes }];
        told.extend(self.after(id));
        told
    }

    fn cancel(&mut self, id: usize) -> Vec<Message> {
        self.open.remove(&id);
        self.waiting.retain(|message| message.whole(1) != id);
        self.after(id)
    }

    /// Lets the next one in that waits for gathered cases.
    fn after(&mut self, id: usize) -> Vec<Message> {
        if self.gathering != Some(id) {
            return Vec::new();
        }
        self.gathering = None;
        self.waiting.pop_front().map(|next| self.begin(&next)).unwrap_or_default()
    }
}

fn written(call: &Call) -> Value {
    json!({"method": call.method.name(), "url": call.url, "headers": call.headers, "body": call.body})
}

fn read_outcome(message: &Message) -> Outcome {
    let (head, body) = message.bytes.split_at_checked(message.whole(4)).unwrap_or((&[], &message.bytes));
    let status = match message.whole(3) {
        0 => return Outcome::Failed(Failure::Unreachable),
        1 => return Outcome::Failed(Failure::TimedOut),
        2 => return Outcome::Failed(Failure::TooLarge),
        3 => return Outcome::Failed(Failure::SentOn),
        status => status as u16,
    };
    let lines = String::from_utf8_lossy(head);
    let headers = lines.lines().filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Outcome::Answered(Answer { status, headers, body: body.to_vec() })
}

#[cfg(test)]
mod tests;
