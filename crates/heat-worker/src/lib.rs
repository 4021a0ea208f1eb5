//! The heat engine behind messages: commands go in, pictures come out. A Web Worker runs it in a wasm of its own, so that the
//! map never waits; where a browser has no worker, or three of them never began, the page runs the same code itself.
//!
//! Modules, in reading order:
//!
//! * [`packet`]: what a message is made of: a row of numbers and a block of bytes;
//! * [`command`]: what is asked, and [`reply`]: what is answered;
//! * [`points`]: cases as a server sends them, in columns or as `GeoJSON`, into the engine's columns;
//! * [`crowd`]: cases gathered into clusters;
//! * [`service`]: the state, and what each command does to it.
//!
//! The binary `heat-worker` is the worker's end of the messages; `src/browser/worker.rs` and `src/map/heat_link.rs` are the page's.
#![forbid(unsafe_code)]

pub mod command;
pub mod crowd;
pub mod packet;
pub mod points;
pub mod reply;
pub mod service;

pub use command::{Choice, Command, Draw, Gather, LiveCase, Look};
pub use crowd::{Crowd, Item, Kind};
pub use packet::Packet;
pub use reply::{Loaded, Looked, Pictured, Reply};
pub use service::Service;
