//! What the heat layer draws, and what it tells.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use fengtu_geo::LonLat;
use fengtu_heat_worker::{Choice, LiveCase};
use fengtu_wire::heat::PointsAsSent;

use crate::browser::buffer::Buffer;

/// Holds what the heat layer draws.
#[derive(Debug, Clone, Default)]
pub enum Heat {
    /// Nothing.
    #[default]
    Off,
    /// Cases one by one, for those who may see them.
    Points {
        /// The cases.
        points: CasePoints,
        /// Kernel radius in metres on the ground.
        radius_m: f64,
    },
    /// Counts per cell, safe for anyone.
    Cells {
        /// The cells.
        cells: Arc<Vec<HeatCell>>,
        /// Side of a cell in metres.
        cell_m: f64,
    },
}

/// Holds cases one by one, for those who may see them.
#[derive(Debug, Clone)]
pub struct CasePoints {
    /// The cases as the server sent them.
    pub cases: Arc<PointsAsSent<Buffer>>,
    /// Those that have come since.
    pub live: LiveCases,
    /// Which of them count.
    pub choice: Choice,
}

/// Holds what the heat is at a place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatHere {
    /// Density, cases per km², as the legend counts.
    pub per_km2: f64,
    /// Cases that it is made of.
    pub cases: u32,
    /// The most frequent of their categories, with their cases; empty where nobody knows.
    pub causes: Vec<(String, u32)>,
}

/// Holds one cell of aggregated heat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatCell {
    /// Its centre.
    pub at: LonLat,
    /// Cases in it.
    pub count: u32,
}

/// Holds what the heat picture's colours mean.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatLegend {
    /// Density of the ramp's end, cases per km²; 0: nothing to show.
    pub max_per_km2: f64,
    /// Cases in the picture.
    pub cases: u64,
    /// Whether the densities are of weights: urgent cases count more than one, cold ones less.
    pub is_weighted: bool,
    /// Cases that cannot be drawn.
    pub left_out: u32,
    /// What is amiss with the engine.
    pub trouble: Option<HeatTrouble>,
    /// Round densities from 0 up with their colours.
    pub stops: Vec<HeatStop>,
    /// Colours of the ramp at even steps, from nothing to its end.
    pub ramp: Vec<String>,
}

/// Says what is amiss with the heat engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeatTrouble {
    /// It stood still or failed, and is being started again.
    Restarting,
    /// The browser runs it in the page, which is slower.
    InPage,
    /// It failed too often on these cases, and is left alone.
    Lost,
    /// What the server sent cannot be read.
    Unreadable,
}

impl HeatTrouble {
    /// Tells whether nothing that is drawn or counted says how many cases there are.
    pub const fn leaves_nothing(self) -> bool {
        !matches!(self, Self::InPage)
    }
}

/// Holds cases that came one by one, and is handed about without copying it. It forgets the oldest of too many: whoever fills
/// it takes a load anew before that matters.
#[derive(Debug, Clone, Default)]
pub struct LiveCases(Arc<RwLock<Kept>>);

/// In pieces of one size, and forgotten by the piece: one ring would be twice as large each time it is full, and such large
/// blocks leave holes that nothing else fits into.
#[derive(Debug, Default)]
struct Kept {
    /// Cases that were forgotten.
    forgotten: usize,
    pieces: VecDeque<Vec<LiveCase>>,
}

/// Live cases that are kept: some 130 bytes each.
pub const MOST_LIVE: usize = 50_000;
/// Cases of a piece.
pub const PIECE: usize = 1_000;

impl Kept {
    fn count(&self) -> usize {
        self.forgotten + self.pieces.iter().map(Vec::len).sum::<usize>()
    }

    fn push(&mut self, case: LiveCase) {
        if self.pieces.back().is_none_or(|piece| piece.len() == PIECE) {
            self.pieces.push_back(Vec::with_capacity(PIECE));
        }
        if let Some(piece) = self.pieces.back_mut() {
            piece.push(case);
        }
        if self.pieces.len() > MOST_LIVE / PIECE {
            self.forgotten += self.pieces.pop_front().map_or(0, |piece| piece.len());
        }
    }
}

impl LiveCases {
    /// Adds one.
    pub fn push(&self, case: LiveCase) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(case);
    }

    /// Counts those that ever came.
    pub fn count(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).count()
    }

    /// Gives those after the first `known`, but for those that were forgotten.
    pub fn after(&self, known: usize) -> Vec<LiveCase> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.pieces.iter().flatten().skip(known.saturating_sub(kept.forgotten)).cloned().collect()
    }
}

/// Holds one step of the heat's legend.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatStop {
    /// Cases per km².
    pub per_km2: f64,
    /// Its colour, as CSS.
    pub colour: String,
}
