//! Changes joined until the next picture: of each thing only the last value counts.

use std::collections::HashMap;

use fengtu_wire::events::{CaseDot, Event, WarningLevel};
use fengtu_wire::ids::{CaseNumber, PlaceId};
use fengtu_wire::statistics::Figures;

/// The changes since the last picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    cases: HashMap<CaseNumber, (usize, CaseDot)>,
    warnings: HashMap<PlaceId, WarningLevel>,
    /// The newest figures, if any came.
    pub figures: Option<Figures>,
}

impl Batch {
    /// Takes an event; returns whether it was the first of this batch.
    pub fn push(&mut self, event: Event) -> bool {
        let first = self.is_empty();
        match event {
            Event::Case(dot) => {
                let order = self.cases.len();
                self.cases.entry(dot.number.clone()).and_modify(|(_, old)| *old = dot.clone()).or_insert((order, dot));
            }
            Event::Warning(level) => {
                self.warnings.insert(level.place.clone(), level);
            }
            Event::Figures(figures) => self.figures = Some(figures),
            Event::Wall(_) | Event::Heartbeat(_) | Event::Reset(_) => {}
        }
        first && !self.is_empty()
    }

    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.warnings.is_empty() && self.figures.is_none()
    }

    /// Returns how many cases and places have changed.
    pub fn len(&self) -> usize {
        self.cases.len() + self.warnings.len()
    }

    /// Returns the cases in the order in which they first came.
    pub fn take_cases(&mut self) -> Vec<CaseDot> {
        let mut cases: Vec<_> = self.cases.drain().map(|(_, case)| case).collect();
        fengtu_geo::order::sort_by(&mut cases, |a, b| a.0.cmp(&b.0));
        cases.into_iter().map(|(_, dot)| dot).collect()
    }

    /// Returns the levels that changed.
    pub fn take_warnings(&mut self) -> Vec<WarningLevel> {
        self.warnings.drain().map(|(_, level)| level).collect()
    }
}
