//! Backends of other dialects: a worker turns our requests into theirs and their answers into ours (decision 0013); its calls are
//! made here. The worker's script and wasm are fetched with the first question to such a backend.
//!
//! The messages are those of `crates/dialects-worker`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use fengtu_wire::text::BETWEEN;
use futures::channel::oneshot;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;

use super::backends::Backends;
use super::dialect::{Method, Request, Response};
use super::error::{ApiError, NetworkError};
use super::json::{self, Json};
use super::transport::Transport;
use crate::browser::worker::{Heard, Worker};
use crate::browser::{clock, page};

/// Sends a request of our contract to a foreign backend, through the worker, and returns the good answer.
pub async fn send(backends: &Backends, transport: &Transport, request: &Request) -> Result<Response, ApiError> {
    bridge(backends.file(), transport)?.ask(request).await?.checked()
}

/// What came of trying a file out.
#[derive(Debug, Clone)]
pub enum Tried {
    /// The good answer.
    Answered(Response),
    /// All that is wrong in the file, as the worker tells it.
    Faulty(Vec<u8>),
}

/// Has one request answered by a worker of its own that reads this file: for trying a mapping out.
pub async fn try_out(file: &[u8], transport: &Transport, request: &Request) -> Result<Tried, ApiError> {
    let bridge = Bridge::start(file, transport)?;
    let answer = bridge.ask(request).await;
    let faults = bridge.faults.take();
    if faults.is_empty() { answer?.checked().map(Tried::Answered) } else { Ok(Tried::Faulty(faults)) }
}

thread_local! {
    static BRIDGE: RefCell<Option<Rc<Bridge>>> = const { RefCell::new(None) };
}

fn bridge(file: &[u8], transport: &Transport) -> Result<Rc<Bridge>, ApiError> {
    let kept = BRIDGE.with_borrow(|kept| kept.clone().filter(|bridge| !bridge.is_dead.get() && bridge.file == file));
    if let Some(bridge) = kept {
        return Ok(bridge);
    }
    let bridge = Bridge::start(file, transport)?;
    BRIDGE.replace(Some(Rc::clone(&bridge)));
    Ok(bridge)
}

/// What a request's answer is waited for with.
type Waiting = oneshot::Sender<Result<Response, ApiError>>;

/// A message to the worker: its numbers, and its bytes.
type Said = (Vec<f64>, Vec<u8>);

/// The page's end of a worker.
struct Bridge {
    worker: RefCell<Option<Worker>>,
    file: Vec<u8>,
    transport: Transport,
    waiting: RefCell<HashMap<u32, Waiting>>,
    /// What is to be sent once the worker has read the file; absent: it has.
    before: RefCell<Option<Vec<Said>>>,
    /// What is wrong in the file.
    fault: RefCell<Option<ApiError>>,
    /// All of it, as the worker tells it.
    faults: RefCell<Vec<u8>>,
    /// Headers that the file's mappings read beside the usual ones.
    reads: RefCell<Vec<&'static str>>,
    asked: Cell<u32>,
    is_dead: Cell<bool>,
}

const OPEN: f64 = 0.0;
const REQUEST: f64 = 1.0;
const OUTCOME: f64 = 2.0;
const CANCEL: f64 = 3.0;

impl Bridge {
    fn start(file: &[u8], transport: &Transport) -> Result<Rc<Self>, ApiError> {
        let missing = || ApiError::NotOffered("a Web Worker, which backends of other dialects need");
        let script = page::meta("dialects-worker").ok_or_else(missing)?;
        let bridge = Rc::new(Self {
            worker: RefCell::new(None),
            file: file.to_vec(),
            transport: transport.clone(),
            waiting: RefCell::default(),
            before: RefCell::new(Some(Vec::new())),
            fault: RefCell::new(None),
            faults: RefCell::default(),
            reads: RefCell::default(),
            asked: Cell::new(0),
            is_dead: Cell::new(false),
        });
        let me = Rc::downgrade(&bridge);
        let worker = Worker::start(&script, move |heard| {
            if let Some(bridge) = me.upgrade() {
                bridge.hear(heard);
            }
        });
        bridge.worker.replace(Some(worker.ok_or_else(missing)?));
        Ok(bridge)
    }

    async fn ask(self: &Rc<Self>, request: &Request) -> Result<Response, ApiError> {
        if let Some(fault) = self.fault.borrow().clone() {
            return Err(fault);
        }
        let id = self.asked.get().wrapping_add(1);
        self.asked.set(id);
        let (tell, told) = oneshot::channel();
        self.waiting.borrow_mut().insert(id, tell);
        let target = request.url("");
        let method = f64::from(request.method as u8);
        let numbers = vec![REQUEST, f64::from(id), method, clock::wall_ms(), target.len() as f64];
        let mut bytes = target.into_bytes();
        bytes.extend_from_slice(request.body.as_deref().unwrap_or_default().as_bytes());
        self.say(numbers, bytes);
        // Whoever leaves takes the question back.
        let _left = Left { bridge: Rc::clone(self), id };
        told.await.unwrap_or(Err(ApiError::Network(NetworkError::Failed)))
    }

    fn say(&self, numbers: Vec<f64>, bytes: Vec<u8>) {
        if let Some(before) = self.before.borrow_mut().as_mut() {
            return before.push((numbers, bytes));
        }
        self.post(&numbers, &bytes);
    }

    fn post(&self, numbers: &[f64], bytes: &[u8]) {
        let sent = self.worker.borrow().as_ref().is_some_and(|worker| worker.send(numbers, bytes));
        if !sent {
            self.bury();
        }
    }

    fn hear(self: &Rc<Self>, heard: Heard) {
        let (numbers, bytes) = match heard {
            Heard::Died => return self.bury(),
            Heard::Message { numbers, more } => (numbers, read(&more)),
        };
        let number = |index: usize| numbers.get(index).copied().unwrap_or_default() as u32;
        match number(0) {
            0 => self.post(&[OPEN], &self.file),
            1 => self.opened(&bytes),
            2 => self.call(number(1), &bytes),
            3 => {
                let (headers, body) = split(&bytes, number(3) as usize);
                self.settle(number(1), Ok(Response { status: number(2) as u16, headers, body, apart: None }));
            }
            _ => {}
        }
    }

    /// Sends what has waited, or says what is wrong in the file.
    fn opened(&self, bytes: &[u8]) {
        let told = json::parse(bytes).unwrap_or(Json::Null);
        self.reads.replace(told.member::<Vec<String>>("reads").unwrap_or_default().into_iter().map(known).collect());
        let fault = fault(&told);
        if let Some(fault) = fault {
            self.fault.replace(Some(fault.clone()));
            self.faults.replace(bytes.to_vec());
            return self.settle_all(&fault);
        }
        for (numbers, bytes) in self.before.take().unwrap_or_default() {
            self.post(&numbers, &bytes);
        }
    }

    /// Makes the calls that a conversation wants, all at once.
    fn call(self: &Rc<Self>, id: u32, told: &[u8]) {
        // Whoever has left asks for nothing: a log-in in their name would be one too many.
        if !self.waiting.borrow().contains_key(&id) {
            return;
        }
        let Ok(Json::List(calls)) = json::parse(told) else { return };
        for (index, call) in calls.iter().filter_map(as_request).enumerate() {
            let me = Rc::downgrade(self);
            let (transport, reads) = (self.transport.clone(), self.reads.borrow().clone());
            leptos::task::spawn_local(async move {
                let answer = transport.carry(&call.path, &call, &reads).await;
                if let Some(bridge) = me.upgrade() {
                    bridge.outcome(id, index, &answer);
                }
            });
        }
    }

    fn outcome(&self, id: u32, index: usize, answer: &Result<Response, ApiError>) {
        let (status, head, body) = match answer {
            Ok(answer) => (f64::from(answer.status), head(answer), answer.body.as_slice()),
            Err(ApiError::Network(NetworkError::TimedOut)) => (1.0, String::new(), [].as_slice()),
            Err(ApiError::Network(NetworkError::SentOn)) => (3.0, String::new(), [].as_slice()),
            Err(_) => (0.0, String::new(), [].as_slice()),
        };
        let numbers = [OUTCOME, f64::from(id), index as f64, status, head.len() as f64];
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.post(&numbers, &bytes);
    }

    fn settle(&self, id: u32, answer: Result<Response, ApiError>) {
        let waiting = self.waiting.borrow_mut().remove(&id);
        if let Some(waiting) = waiting {
            // Whoever has left wants no answer.
            let _ = waiting.send(answer);
        }
    }

    fn settle_all(&self, error: &ApiError) {
        for (_, waiting) in self.waiting.take() {
            let _ = waiting.send(Err(error.clone()));
        }
    }

    /// A worker that failed answers nobody any more; the next question starts another.
    fn bury(&self) {
        self.is_dead.set(true);
        self.settle_all(&ApiError::Network(NetworkError::Failed));
    }
}

/// Takes a question back when it is dropped unanswered.
struct Left {
    bridge: Rc<Bridge>,
    id: u32,
}

impl Drop for Left {
    fn drop(&mut self) {
        let unanswered = self.bridge.waiting.borrow_mut().remove(&self.id).is_some();
        if unanswered && !self.bridge.is_dead.get() {
            self.bridge.say(vec![CANCEL, f64::from(self.id)], Vec::new());
        }
    }
}

thread_local! {
    static NAMES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the name of a header for as long as the page lives: a file has few of them, and each is kept once.
fn known(name: String) -> &'static str {
    NAMES.with_borrow_mut(|names| {
        if let Some(known) = names.iter().find(|known| **known == name) {
            return *known;
        }
        let name: &'static str = name.leak();
        names.push(name);
        name
    })
}

fn read(more: &wasm_bindgen::JsValue) -> Vec<u8> {
    more.dyn_ref::<ArrayBuffer>().map_or_else(Vec::new, |buffer| Uint8Array::new(buffer).to_vec())
}

/// Words the first thing that is wrong in the file.
fn fault(told: &Json<'_>) -> Option<ApiError> {
    let Some(Json::List(faults)) = told.get("faults") else { return None };
    let first = faults.first()?;
    let part = |name| first.member::<String>(name).unwrap_or_default();
    let (pointer, zh, en) = (part("pointer"), part("zh"), part("en"));
    Some(ApiError::decode("config.json", format_args!("{pointer}: {zh}{BETWEEN}{pointer}: {en}")))
}

/// Reads a call as a request whose path is the whole address.
fn as_request(call: &Json<'_>) -> Option<Request> {
    let method = match call.member::<String>("method").ok()?.as_str() {
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        _ => Method::Get,
    };
    let mut request = Request::new(method, call.member::<String>("url").ok()?);
    request.body = call.optional("body").ok()?;
    let headers: Vec<(String, String)> = call.member("headers").ok()?;
    request.headers = headers.into_iter().map(|(name, value)| (name.into(), value)).collect();
    Some(request)
}

/// Writes headers, a line each.
fn head(answer: &Response) -> String {
    let mut head = String::new();
    for (name, value) in &answer.headers {
        for part in [*name, ": ", value.as_str(), "\n"] {
            head.push_str(part);
        }
    }
    head
}

/// Takes headers and body apart; of the headers only those that the client reads are kept.
fn split(bytes: &[u8], head: usize) -> (Vec<(&'static str, String)>, Vec<u8>) {
    let (head, body) = bytes.split_at_checked(head).unwrap_or((&[], bytes));
    let lines = String::from_utf8_lossy(head);
    let after = lines.lines().find_map(|line| line.strip_prefix("retry-after: "));
    (after.map(|after| ("retry-after", after.to_owned())).into_iter().collect(), body.to_vec())
}
