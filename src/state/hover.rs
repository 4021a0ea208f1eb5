//! What is pointed at, on the map or in a list: both show it.

use crate::routes::Selection;

/// What is pointed at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HoverStore {
    /// The thing.
    pub over: Option<Selection>,
    /// Where the pointer is, in CSS pixels from the left and top edge of the map; absent where a list pointed at it.
    pub pointer: Option<[f64; 2]>,
    /// Whether the map's keys brought it under the cross-hair: then it is spoken too.
    pub by_key: bool,
}

impl HoverStore {
    /// Takes what the map's pointer or cross-hair is over.
    pub fn on_map(&mut self, over: Option<Selection>, at: [f64; 2], by_key: bool) {
        self.pointer = over.as_ref().map(|_| at);
        self.over = over;
        self.by_key = by_key;
    }

    /// Takes what a list points at.
    pub fn in_list(&mut self, over: Option<Selection>) {
        *self = Self { over, ..Self::default() };
    }
}
