//! The kit on backends that are whole and on those that are not, and the guides as written. One binary, so that the server is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod contract;
mod counted;
mod guides;
mod live;
mod mistaken;
mod narrowed;
mod random;
mod searched;
