//! What is pointed at, on the map or in a list: both show it.

use chrono::{DateTime, Utc};
use fengtu_wire::ids::CategoryId;

use crate::routes::Selection;

/// What is pointed at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HoverStore {
    /// The thing.
    pub over: Option<Selection>,
    /// What has no name of its own.
    pub many: Option<Many>,
    /// The heat under the pointer, where it rests.
    pub heat: Option<HeatHere>,
    /// Where the pointer is, in CSS pixels from the left and top edge of the map; absent where a list pointed at it.
    pub pointer: Option<[f64; 2]>,
    /// Whether the map's keys brought it under the cross-hair: then it is spoken too.
    pub by_key: bool,
}

/// Many things drawn as one, or one out of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Many {
    /// So many cases.
    Cases(u32),
    /// So many buildings.
    Buildings(u32),
    /// A case.
    Case {
        /// What it is about.
        category: CategoryId,
        /// When it was reported.
        at: DateTime<Utc>,
    },
}

/// What the heat is at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatHere {
    /// Cases per km².
    pub per_km2: f64,
    /// Cases that it is made of.
    pub cases: u32,
    /// The most frequent of their categories, with their cases.
    pub causes: Vec<(CategoryId, u32)>,
}

impl HoverStore {
    /// Takes what the map's pointer or cross-hair is over.
    pub fn on_map(&mut self, over: Option<Selection>, many: Option<Many>, at: [f64; 2], by_key: bool) {
        let heat = self.heat.take();
        self.pointer = (over.is_some() || many.is_some() || heat.is_some()).then_some(at);
        *self = Self { over, many, heat, pointer: self.pointer, by_key };
    }

    /// Takes the heat where the pointer rests; `None`: it has moved on.
    pub fn on_heat(&mut self, heat: Option<HeatHere>, at: [f64; 2], by_key: bool) {
        self.heat = heat;
        if self.heat.is_some() {
            (self.pointer, self.by_key) = (Some(at), by_key);
        } else if self.over.is_none() && self.many.is_none() {
            self.pointer = None;
        }
    }

    /// Takes what a list points at.
    pub fn in_list(&mut self, over: Option<Selection>) {
        *self = Self { over, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heat_keeps_the_card_where_there_is_nothing_else_and_leaves_it_when_the_pointer_moves() {
        let mut hover = HoverStore::default();
        let here = HeatHere { per_km2: 2.5, cases: 3, causes: Vec::new() };
        hover.on_heat(Some(here.clone()), [5.0, 6.0], false);
        assert_eq!((hover.pointer, &hover.heat), (Some([5.0, 6.0]), &Some(here)));
        hover.on_heat(None, [0.0; 2], false);
        assert_eq!(hover, HoverStore::default());
        hover.on_map(None, Some(Many::Cases(7)), [1.0, 2.0], true);
        hover.on_heat(None, [0.0; 2], false);
        assert_eq!((hover.pointer, hover.by_key), (Some([1.0, 2.0]), true), "a cluster has its card all the same");
        hover.on_map(None, None, [0.0; 2], false);
        assert_eq!(hover, HoverStore::default());
    }
}
