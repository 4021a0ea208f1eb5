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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;
    use fengtu_wire::cases::{CaseState, Class};
    use fengtu_wire::events::Heartbeat;
    use fengtu_wire::warnings::Level;
    use proptest::prelude::*;

    use super::*;

    /// What a picture is drawn of: the cases in the order in which they first came, the levels by their places.
    #[derive(Debug, Clone, Default, PartialEq)]
    struct Plain {
        cases: Vec<CaseDot>,
        warnings: BTreeMap<PlaceId, WarningLevel>,
        figures: Option<Figures>,
    }

    impl Plain {
        fn push(&mut self, event: Event) {
            match event {
                Event::Case(dot) => match self.cases.iter_mut().find(|old| old.number == dot.number) {
                    Some(old) => *old = dot,
                    None => self.cases.push(dot),
                },
                Event::Warning(level) => drop(self.warnings.insert(level.place.clone(), level)),
                Event::Figures(figures) => self.figures = Some(figures),
                _ => {}
            }
        }

        fn len(&self) -> usize {
            self.cases.len() + self.warnings.len()
        }
    }

    fn case(number: u8, weight: u8) -> CaseDot {
        CaseDot {
            number: number.to_string().into(),
            category: "noise".into(),
            class: Class::Ordinary,
            state: CaseState::Reported,
            place: None,
            at: None,
            reported_at: DateTime::default(),
            weight,
            title: String::new(),
        }
    }

    fn warning(place: u8, score: u8) -> WarningLevel {
        WarningLevel { place: place.to_string().into(), level: Level::Red, score: f64::from(score) }
    }

    fn heartbeat() -> Event {
        Event::Heartbeat(Heartbeat { server_time: DateTime::default() })
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let figures = |n| Event::Figures(Figures { received: Some(n), ..Figures::default() });
        prop_oneof![
            4 => (0..9_u8, any::<u8>()).prop_map(|(number, weight)| Event::Case(case(number, weight))),
            3 => (0..5_u8, any::<u8>()).prop_map(|(place, score)| Event::Warning(warning(place, score))),
            1 => any::<u64>().prop_map(figures),
            1 => Just(heartbeat()),
        ]
    }

    /// Empties a batch, as a picture does.
    fn take(batch: &mut Batch) -> (Vec<CaseDot>, Vec<WarningLevel>, Option<Figures>) {
        let (cases, mut warnings, figures) = (batch.take_cases(), batch.take_warnings(), batch.figures.take());
        warnings.sort_by_key(|level| level.place.clone());
        (cases, warnings, figures)
    }

    proptest! {
        /// Of each thing the last value, once; cases in the order in which they first came since the last picture; and nothing is lost.
        #[test]
        fn a_batch_is_what_a_plain_map_holds(steps in prop::collection::vec((any_event(), prop::bool::weighted(0.1)), 0..200)) {
            let (mut batch, mut plain) = (Batch::default(), Plain::default());
            for (event, is_drawn) in steps.into_iter().chain([(heartbeat(), true)]) {
                let was_empty = plain == Plain::default();
                plain.push(event.clone());
                let is_empty = plain == Plain::default();
                prop_assert_eq!(batch.push(event), was_empty && !is_empty, "the first is what a picture waits for");
                prop_assert_eq!((batch.len(), batch.is_empty()), (plain.len(), is_empty));
                if is_drawn {
                    let Plain { cases, warnings, figures } = std::mem::take(&mut plain);
                    prop_assert_eq!(take(&mut batch), (cases, warnings.into_values().collect(), figures));
                    prop_assert_eq!(&batch, &Batch::default());
                }
            }
        }
    }
}
