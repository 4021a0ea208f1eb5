//! What is pointed at, on the map or in a list: both show it.

use crate::routes::Selection;

/// What is pointed at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HoverStore {
    /// The thing.
    pub over: Option<Selection>,
    /// Where the pointer is, in CSS pixels from the left and top edge of the map; absent where a list pointed at it.
    pub pointer: Option<[f64; 2]>,
}

impl HoverStore {
    /// Takes what the map's pointer is over.
    pub fn on_map(&mut self, over: Option<Selection>, x: f64, y: f64) {
        self.pointer = over.as_ref().map(|_| [x, y]);
        self.over = over;
    }

    /// Takes what a list points at.
    pub fn in_list(&mut self, over: Option<Selection>) {
        *self = Self { over, pointer: None };
    }
}
