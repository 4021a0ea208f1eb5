//! The reference backend of Fengtu: real, small, and what a district can start with on one machine.
//!
//! Reading order: what a district is made of (`dataset`), then where it comes from, how it is kept, and how it is served.

pub mod dataset;
