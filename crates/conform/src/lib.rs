//! The conformance kit: asks a backend what Fengtu will ask it, and says what works, what is missing and what is wrong, in words
//! that its maker can act on.
//!
//! For our own contract (`fengtu`) the questions come from `docs/openapi.json` and the closed loop of `fengtu_domain`
//! ([`contract`]); for every other dialect they are those that the client's faces ask, through the dialect's own conversations
//! ([`foreign`]). [`http`] carries them, [`report`] keeps what was found.
#![forbid(unsafe_code)]

pub mod contract;
pub mod foreign;
pub mod http;
pub mod options;
pub mod report;
pub mod schema;
