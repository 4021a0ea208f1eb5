//! What the service circles reach of the node in view, and where the next station would reach most.

use std::sync::Arc;

use fengtu_geo::{BBox, LonLat};
use fengtu_wire::ids::BuildingCode;
use fengtu_wire::stations::CircleKind;

/// Coverage as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct CoverageStore {
    /// What is covered; absent until it was computed.
    pub result: Option<Arc<Coverage>>,
    /// The next station.
    pub siting: Siting,
}

/// What circles reach of one node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coverage {
    /// Area of the node, m².
    pub region_m2: f64,
    /// Area of it inside a circle, m².
    pub covered_m2: f64,
    /// The ground outside every circle, as boxes that do not overlap; for drawing.
    pub ground: Vec<BBox>,
    /// The buildings outside every circle.
    pub uncovered: Vec<UncoveredBuilding>,
    /// Buildings in all.
    pub buildings: usize,
    /// People in them.
    pub people: u64,
    /// People in buildings that each kind of circle reaches.
    pub by_kind: Vec<(CircleKind, u64)>,
}

/// A building outside every circle.
#[derive(Debug, Clone, PartialEq)]
pub struct UncoveredBuilding {
    /// The code on its door.
    pub code: BuildingCode,
    /// Where it is.
    pub at: LonLat,
    /// People who live there.
    pub people: u32,
}

impl Coverage {
    /// Returns people outside every circle.
    pub fn uncovered_people(&self) -> u64 {
        self.uncovered.iter().map(|b| u64::from(b.people)).sum()
    }

    /// Returns the covered part of the ground, 0…1; `None` without ground.
    pub fn share(&self) -> Option<f64> {
        (self.region_m2 > 0.0).then(|| self.covered_m2 / self.region_m2)
    }
}

/// Where the next station would reach most.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Siting {
    /// Nobody has asked.
    #[default]
    NotAsked,
    /// It is being computed.
    Busy,
    /// Here.
    Found(Site),
    /// Everything is covered.
    Nowhere,
}

/// A place for a station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Where.
    pub at: LonLat,
    /// Radius of its circle in metres.
    pub radius_m: f64,
    /// Buildings that it would newly reach.
    pub buildings: usize,
    /// People in them.
    pub people: u64,
}

impl CoverageStore {
    /// Returns the place for the next station, where it was found.
    pub const fn candidate(&self) -> Option<Site> {
        match self.siting {
            Siting::Found(site) => Some(site),
            _ => None,
        }
    }

    /// Forgets what was computed; the buildings stay.
    pub fn outdate(&mut self) {
        self.result = None;
        self.siting = Siting::NotAsked;
    }
}
