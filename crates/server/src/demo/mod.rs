//! The demo district: invented, deterministic in its seed, of Guangming's shape and sizes.
//!
//! Reading order: randomness (`dice`) and the plane (`plane`); the land and how it is divided (`land`, `partition`,
//! `dissolve`, `regions`, `ground`).

pub mod dice;
mod dissolve;
mod ground;
mod land;
mod partition;
mod plane;
mod regions;
#[cfg(test)]
mod peek;
