//! Any REST backend as Fengtu's own contract.
//!
//! An [`Installation`] is read from `config.json`. It takes a [`Request`] of our contract (`GET /cases?from=…`, as the client
//! builds it anyway) and holds a [`Conversation`]: [`Step::Ask`] names calls to foreign servers, whoever holds the conversation
//! makes them and hands in their [`Outcome`]s, until [`Step::Done`] is our contract's answer, or a problem of RFC 9457, whose title
//! and detail are in both languages (`LocalText::apart`). Where several are held at once, [`Step::Wait`] says that another signs in.
//!
//! ```
//! use fengtu_dialects::{Answer, Installation, Outcome, Request, Step};
//!
//! let config = br#"{
//!   "backends": {"default": {"dialect": "ogc-features", "base": "/proxy/gis"}},
//!   "resources": {}
//! }"#;
//! let installation = Installation::read(config).expect("what is wrong in it stands in the faults");
//! let now = "2026-03-01T09:30:00+08:00".parse().expect("an instant");
//! let mut conversation = installation.converse(Request::get("/grids"), now);
//! let mut step = conversation.start();
//! while let Step::Ask(calls) = step {
//!     // Here an HTTP client makes the calls; in the browser it is the page's `fetch`.
//!     let answer = |_| Outcome::Answered(Answer { status: 200, headers: vec![], body: br#"{"features": []}"#.to_vec() });
//!     step = conversation.go_on(calls.iter().map(answer).collect());
//! }
//! let Step::Done(answer) = step else { return };
//! assert_eq!(answer.status, 200);
//! ```
//!
//! Beside what our contract has, lists carry `refused` (`{"count": n, "reasons": […], "is_cut": …, "unread": n, "is_unordered":
//! …}`: records that could not be understood, or, where it is cut, were not read; they are in no list; one that was read in
//! pages without the order that was to be asked for may lack some, and is not to be called the newest), `applied_here` (the
//! names of filters that the foreign server does not know and that were applied to what it sent) and `failed` (`[{"resource",
//! "backend", "type", "detail", "since"}]`: what the answer is joined by and could not be had now; what was had at `since` stands in
//! for it). Cases that figures, heat and the state are made of are kept, and brought up to date by what has changed where a
//! mapping has a filter `updated_since`; pages of our own origin that came with an `ETag` or a date are asked for on the condition
//! that they have changed. One case has `media` (links to what is attached) and `media_refused` (how many addresses there are no links to).
//! Requests beyond the contract: `GET /backends` tells who serves what, what each can do, and when it last answered; `GET
//! /services`, `GET /services/{code}`, `POST /reports`, `GET /reports/{number}` are a resident's report; `POST
//! /cases/{number}/actions/{action}` moves a case on; `GET /sample/{resource}` shows raw records beside what was understood.
//!
//! Pure: no I/O, no clock; time is an argument. What an installation remembers (tokens, the tree of places for joining) is inside it.
//!
//! Reading order: [`exchange`], [`conversation`], [`installation`]; then what a config file says ([`mapping`]), how one record is
//! understood (`record`), how a server is spoken to (`speech`), and what our contract's requests become (`facade`).
#![forbid(unsafe_code)]

pub mod capabilities;
pub mod conversation;
pub mod exchange;
mod facade;
pub mod installation;
pub mod mapping;
mod problem;
mod record;
mod speech;
mod xml;

pub use conversation::{Conversation, Step};
pub use exchange::{Answer, Call, Failure, Method, Outcome, READ_HEADERS, Request};
pub use installation::{Fault, Installation};
