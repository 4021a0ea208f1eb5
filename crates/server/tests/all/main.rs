//! The server over HTTP, on port 0 and on both databases. One binary: linking the server once more for each file would take longer
//! than the tests, and so one `PostgreSQL` serves them all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::missing_panics_doc, clippy::print_stderr, reason = "tests; the seed is shown when one fails")]
#![allow(clippy::cast_possible_wrap, clippy::float_cmp, clippy::format_collect, reason = "tests on small numbers")]

mod client_config;
mod common;
mod cube;
mod demo;
mod district;
mod events;
mod heat;
mod import;
mod kept;
mod openapi;
mod orders;
mod proxy;
mod refusals;
mod resources;
mod restart;
mod snapshot;
mod start;
mod statistics;
mod walls;
mod warning_actions;
mod warnings;
