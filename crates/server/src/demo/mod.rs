//! The demo district: invented, deterministic in its seed, of Guangming's shape and sizes.
//!
//! Reading order: randomness (`dice`), the plane (`plane`) and words (`words`); the land and how it is divided (`land`,
//! `partition`, `dissolve`, `regions`, `ground`, `roads`), together the `city`; the rows made from it (`places`,
//! `buildings`, `stations`, `basemap`); the cases: what for (`causes`, `texts`), when (`rhythm`), which (`plan`), how they
//! go on (`journey`), as rows (`cases`), what was ordered and mediated in them (`orders`, `mediations`), what went to court (`lawsuits`), and
//! what moves them on from now (`simulator`); who may sign in (`accounts`).

pub mod accounts;
mod basemap;
mod buildings;
mod cases;
mod causes;
mod city;
mod dice;
mod dissolve;
mod ground;
mod journey;
mod land;
mod lawsuits;
mod mediations;
mod orders;
mod partition;
mod places;
mod plan;
mod plane;
mod regions;
mod rhythm;
mod roads;
mod simulator;
mod stations;
mod texts;
mod words;

use chrono::{DateTime, Utc};

use crate::dataset::Dataset;

pub use accounts::{DemoAccount, accounts};
pub use simulator::Simulator;

/// Generates the district of a seed, with `cases` cases in the year that ends at `now`, and those of some months before it.
pub fn generate(seed: u64, cases: usize, now: DateTime<Utc>) -> Dataset {
    let city = city::City::new(seed);
    let buildings = buildings::rows(&city, seed);
    let stations = stations::rows(&city, &buildings, seed);
    let cases = cases::rows(&city, &buildings, seed, cases, now);
    let places = places::rows(&city, seed);
    Dataset {
        lawsuits: lawsuits::rows(&places, &cases, seed, now),
        lawsuits_out: Vec::new(),
        places,
        stations,
        buildings,
        orders: orders::rows(&city, &cases, seed, now),
        mediations: mediations::rows(&cases, seed),
        confirmations: mediations::confirmations(&cases, seed, now),
        cases,
        basemap: basemap::rows(&city),
    }
}

#[cfg(test)]
mod tests;
