//! The cases in columns: one array per property, a slot per case, filled in bulk and changed one by one.
//!
//! A slot is a name that stays; where its case lies in memory (its *place*) is the columns' own affair: places are kept
//! in spatial order, in blocks with a box around each, and what comes later lies behind them until it is worth sorting in.

use std::ops::RangeInclusive;

use crate::bounds::Bounds;
use crate::journal::Journal;
use crate::order::{self, BLOCK, NONE};
use crate::rows::{Row, Rows, set};

mod load;

pub use load::Load;

/// Names a case's slot in the columns; valid until the case is removed, then given to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u32);

/// Holds one case as it goes in and comes out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// East of the columns' origin, in plane units.
    pub x: f64,
    /// North of the columns' origin, in plane units.
    pub y: f64,
    /// Seconds since a base of the caller's choice.
    pub time: u32,
    /// Weight, above 0 and up to [`MAX_WEIGHT`].
    pub weight: f32,
    /// Category, for the filter's set.
    pub category: u8,
}

/// Holds cases to fill in, one slice per property, all equally long; coordinates as `f32` or `f64`.
#[derive(Debug, Clone, Copy)]
pub struct Bulk<'a, T> {
    /// East of the columns' origin, in plane units.
    pub x: &'a [T],
    /// North of the columns' origin, in plane units.
    pub y: &'a [T],
    /// Seconds since a base of the caller's choice.
    pub time: &'a [u32],
    /// Weights, above 0 and up to [`MAX_WEIGHT`].
    pub weight: &'a [f32],
    /// Categories.
    pub category: &'a [u8],
}

/// Says what became of a bulk: row `i` has slot `first` + `i`; the slots of refused rows are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Slot of the first row.
    pub first: Slot,
    /// Rows that cannot be drawn, as for [`Columns::push`].
    pub refused: usize,
}

/// Largest weight of a case: sums of as many cases as there are slots stay finite.
pub const MAX_WEIGHT: f32 = 1e9;

/// Cases out of order that are never worth sorting in.
const LOOSE: usize = 1 << 13;

/// Holds all cases, in 25 bytes each. Coordinates are kept as `f32`: within 4 mm at 60 km from the origin, 3 cm at 500 km.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    rows: Rows,
    /// The slot of each place; `NONE` for a hole, whose weight is 0.
    slots: Vec<u32>,
    /// The place of each slot; `NONE` for an empty one.
    places: Vec<u32>,
    free: Vec<u32>,
    /// A box around each [`BLOCK`] of places.
    blocks: Vec<Bounds>,
    /// Places in spatial order; the others come behind them.
    settled: usize,
    journal: Journal,
}

impl Columns {
    /// Makes empty columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes empty columns with room for `cases`, so that filling them moves nothing.
    pub fn with_capacity(cases: usize) -> Self {
        Self {
            rows: Rows::with_capacity(cases),
            slots: Vec::with_capacity(cases),
            places: Vec::with_capacity(cases),
            blocks: Vec::with_capacity(cases.div_ceil(BLOCK)),
            ..Self::default()
        }
    }

    /// Adds a case into a free slot or a new one; `None` for a case that cannot be drawn: a coordinate or weight that is
    /// not finite, or a weight that is not above 0 and up to [`MAX_WEIGHT`].
    pub fn push(&mut self, case: Case) -> Option<Slot> {
        let row = Row::of(&case)?;
        // One less than 32 bits hold, as the last stands for none.
        let room = self.slots.len() < NONE as usize && self.places.len() < NONE as usize;
        let slot = self.free.pop().or_else(|| room.then(|| self.new_slot()))?;
        self.append(slot, row);
        self.settle_if_worth_it();
        Some(Slot(slot))
    }

    /// Adds cases in bulk, each into a new slot; `None`, and nothing changes, if the slices are not equally long or there
    /// are more than slots. [`Self::settle`] after the last bulk makes every picture faster.
    pub fn fill<T: Copy + Into<f64>>(&mut self, bulk: &Bulk<T>) -> Option<Filled> {
        let len = bulk.x.len();
        let lengths = [bulk.y.len(), bulk.time.len(), bulk.weight.len(), bulk.category.len()];
        let end = self.slots.len().max(self.places.len()).checked_add(len)?;
        if lengths != [len; 4] || end >= NONE as usize {
            return None;
        }
        let (first, from) = (self.places.len() as u32, self.rows.len());
        self.rows.extend(bulk);
        self.slots.extend(first..first + len as u32);
        self.places.extend(from as u32..(from + len) as u32);
        let refused = self.refuse(from);
        self.box_from(from);
        self.journal.forget();
        Some(Filled { first: Slot(first), refused })
    }

    /// Replaces the case in a slot (a case that moved, aged or changed category); false if the slot is empty or the new
    /// case cannot be drawn, and then nothing changes.
    pub fn replace(&mut self, slot: Slot, case: Case) -> bool {
        let (Some(place), Some(row)) = (self.place(slot), Row::of(&case)) else { return false };
        let stays = place >= self.settled || self.blocks.get(place / BLOCK).is_some_and(|b| b.holds(row.x, row.y));
        self.take_out(place);
        if stays {
            self.put(place, slot.0, row);
        } else {
            self.append(slot.0, row);
            self.settle_if_worth_it();
        }
        true
    }

    /// Moves a case, leaving all else as it is; false as for [`Self::replace`].
    pub fn move_to(&mut self, slot: Slot, x: f64, y: f64) -> bool {
        self.get(slot).is_some_and(|case| self.replace(slot, Case { x, y, ..case }))
    }

    /// Removes a case and frees its slot; false if the slot is empty.
    pub fn remove(&mut self, slot: Slot) -> bool {
        let Some(place) = self.place(slot) else { return false };
        self.take_out(place);
        set(&mut self.places, slot.0 as usize, NONE);
        self.free.push(slot.0);
        self.settle_if_worth_it();
        true
    }

    /// Removes all cases and keeps the memory.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.slots.clear();
        self.places.clear();
        self.free.clear();
        self.blocks.clear();
        self.settled = 0;
        self.journal.forget();
    }

    /// Gives the case in a slot; `None` if the slot is empty.
    pub fn get(&self, slot: Slot) -> Option<Case> {
        Some(self.rows.get(self.place(slot)?)?.case())
    }

    /// Iterates over the cases of some seconds with their slots, in the order in which they lie in memory.
    pub fn within(&self, seconds: RangeInclusive<u32>) -> impl Iterator<Item = (Slot, Case)> {
        let times = self.rows.time.iter().zip(&self.slots);
        let places = times.enumerate().filter(move |(_, (time, slot))| seconds.contains(time) && **slot != NONE);
        places.filter_map(|(place, (_, slot))| Some((Slot(*slot), self.rows.get(place)?.case())))
    }

    /// Counts the cases.
    pub fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Tells whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts all cases in spatial order and gives up what removed ones left; slots stay as they are.
    ///
    /// It costs some 50 ns a case, and comes about by itself where single changes have left too many out of order.
    pub fn settle(&mut self) {
        let kept = self.rows.weight.iter().map(|weight| *weight > 0.0);
        let (order, len) = order::spatial(&self.rows.x, &self.rows.y, kept);
        self.rows.permute(&order, len);
        order::permute(&mut self.slots, &order, len, &mut Vec::new());
        for (place, &slot) in (0..).zip(&self.slots) {
            set(&mut self.places, slot as usize, place);
        }
        self.settled = len;
        self.box_from(0);
        self.journal.forget();
    }

    /// Gives the places' columns, as the engine reads them.
    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Gives the box around each block of places.
    pub(crate) fn blocks(&self) -> &[Bounds] {
        &self.blocks
    }

    /// Gives the slot of a place; `None` for a hole.
    pub(crate) fn slot_at(&self, place: usize) -> Option<Slot> {
        self.slots.get(place).copied().filter(|&slot| slot != NONE).map(Slot)
    }

    /// Gives the record of what changed.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    fn place(&self, slot: Slot) -> Option<usize> {
        self.places.get(slot.0 as usize).filter(|&&place| place != NONE).map(|&place| place as usize)
    }

    fn new_slot(&mut self) -> u32 {
        self.places.push(NONE);
        self.places.len() as u32 - 1
    }

    fn append(&mut self, slot: u32, row: Row) {
        let place = self.rows.len();
        self.rows.push(row);
        self.slots.push(slot);
        if place.is_multiple_of(BLOCK) {
            self.blocks.push(Bounds::EMPTY);
        }
        set(&mut self.places, slot as usize, place as u32);
        self.put(place, slot, row);
    }

    fn put(&mut self, place: usize, slot: u32, row: Row) {
        self.rows.set(place, row);
        set(&mut self.slots, place, slot);
        if let Some(bounds) = self.blocks.get_mut(place / BLOCK) {
            *bounds = bounds.with(row.x, row.y);
        }
        self.journal.note(place, row, true);
    }

    fn take_out(&mut self, place: usize) {
        if let Some(row) = self.rows.get(place) {
            self.journal.note(place, row, false);
        }
        set(&mut self.rows.weight, place, 0.0);
        set(&mut self.slots, place, NONE);
    }

    /// Makes holes of the new rows that cannot be drawn, and counts them.
    fn refuse(&mut self, from: usize) -> usize {
        let refused = self.rows.undrawable(from);
        for &place in &refused {
            let slot = self.slots.get(place).copied().unwrap_or(NONE);
            self.rows.set(place, Row::HOLE);
            set(&mut self.slots, place, NONE);
            set(&mut self.places, slot as usize, NONE);
            self.free.push(slot);
        }
        refused.len()
    }

    /// Lays a box around each block from that of a place on.
    fn box_from(&mut self, place: usize) {
        let from = place / BLOCK;
        self.blocks.truncate(from);
        let chunks = self.rows.x.chunks(BLOCK).zip(self.rows.y.chunks(BLOCK)).skip(from);
        self.blocks.extend(chunks.map(|(x, y)| Bounds::around(x, y)));
    }

    /// Settles when more places are out of order, or holes, than half of those in order.
    fn settle_if_worth_it(&mut self) {
        let holes = self.rows.len() - self.len();
        let loose = self.rows.len() - self.settled + holes;
        if loose > LOOSE.max(self.settled / 2) {
            self.settle();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const CASE: Case = Case { x: 29_999.5, y: -30_000.25, time: 7, weight: 1.5, category: 3 };

    #[test]
    fn a_case_comes_back_and_its_slot_is_used_again() {
        let mut columns = Columns::with_capacity(4);
        let first = columns.push(CASE).unwrap();
        let second = columns.push(Case { time: 8, ..CASE }).unwrap();
        assert_eq!((columns.get(first), columns.len()), (Some(CASE), 2));
        assert!(columns.remove(first) && !columns.remove(first));
        assert_eq!((columns.get(first), columns.len()), (None, 1));
        assert_eq!(columns.push(Case { time: 9, ..CASE }), Some(first));
        assert_eq!(columns.get(second).unwrap().time, 8);
        columns.clear();
        assert!(columns.is_empty());
    }

    #[test]
    fn cases_of_some_seconds_are_found_and_holes_are_not() {
        let mut columns = Columns::new();
        let slots: Vec<_> = (0..6).filter_map(|time| columns.push(Case { time, ..CASE })).collect();
        columns.remove(slots[3]);
        let found: Vec<_> = columns.within(2..=4).map(|(slot, case)| (slot, case.time)).collect();
        assert_eq!(found, [(slots[2], 2), (slots[4], 4)]);
    }

    #[test]
    fn a_case_moves_and_is_replaced() {
        let mut columns = Columns::new();
        let slot = columns.push(CASE).unwrap();
        assert!(columns.move_to(slot, 1.0, 2.0));
        assert_eq!(columns.get(slot), Some(Case { x: 1.0, y: 2.0, ..CASE }));
        assert!(!columns.move_to(slot, f64::NAN, 2.0) && !columns.move_to(Slot(9), 1.0, 2.0));
        assert!(columns.replace(slot, CASE) && columns.get(slot) == Some(CASE));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let mut columns = Columns::new();
        for weight in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e30] {
            assert_eq!(columns.push(Case { weight, ..CASE }), None);
        }
        for x in [f64::NAN, f64::INFINITY, f64::MAX] {
            assert_eq!(columns.push(Case { x, ..CASE }), None);
        }
        assert!(columns.is_empty());
    }

    #[test]
    fn precision_is_half_a_metre_and_better_over_sixty_kilometres() {
        let mut columns = Columns::new();
        for step in 0..1000 {
            let x = 60_000.0 - f64::from(step) * 0.123_456_7;
            let slot = columns.push(Case { x, ..CASE }).unwrap();
            assert!((columns.get(slot).unwrap().x - x).abs() < 0.004);
        }
    }
}
