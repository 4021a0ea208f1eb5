//! The columns themselves: what is at each place.

use crate::columns::{Bulk, Case, Load, MAX_WEIGHT};
use crate::order::{self, BLOCK};

/// Holds the columns of the places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    pub time: Vec<u32>,
    pub weight: Vec<f32>,
    pub category: Vec<u8>,
}

impl Rows {
    /// Makes empty columns with room.
    pub fn with_capacity(cases: usize) -> Self {
        Self {
            x: Vec::with_capacity(cases),
            y: Vec::with_capacity(cases),
            time: Vec::with_capacity(cases),
            weight: Vec::with_capacity(cases),
            category: Vec::with_capacity(cases),
        }
    }

    /// Counts the places.
    pub fn len(&self) -> usize {
        self.weight.len()
    }

    /// Gives what is at a place; a hole has weight 0.
    pub fn get(&self, place: usize) -> Option<Row> {
        Some(Row {
            x: *self.x.get(place)?,
            y: *self.y.get(place)?,
            time: *self.time.get(place)?,
            weight: *self.weight.get(place)?,
            category: *self.category.get(place)?,
        })
    }

    /// Replaces what is at a place.
    pub fn set(&mut self, place: usize, row: Row) {
        set(&mut self.x, place, row.x);
        set(&mut self.y, place, row.y);
        set(&mut self.time, place, row.time);
        set(&mut self.weight, place, row.weight);
        set(&mut self.category, place, row.category);
    }

    /// Adds a place.
    pub fn push(&mut self, row: Row) {
        self.x.push(row.x);
        self.y.push(row.y);
        self.time.push(row.time);
        self.weight.push(row.weight);
        self.category.push(row.category);
    }

    /// Adds as many places as a bulk has rows, drawable or not.
    pub fn extend<T: Copy + Into<f64>>(&mut self, bulk: &Bulk<T>) {
        let narrow = |&value: &T| -> f32 { value.into() as f32 };
        self.x.extend(bulk.x.iter().map(narrow));
        self.y.extend(bulk.y.iter().map(narrow));
        self.time.extend_from_slice(bulk.time);
        self.weight.extend_from_slice(bulk.weight);
        self.category.extend_from_slice(bulk.category);
    }

    /// Replaces all by the rows of a load, each in its place among `len`.
    pub fn load<T, W>(&mut self, load: &Load<T, W>, places: &[u32], len: usize)
    where
        T: Iterator<Item = u32> + Clone,
        W: Iterator<Item = f32> + Clone,
    {
        order::scatter(load.x.iter().copied(), places, len, &mut self.x);
        order::scatter(load.y.iter().copied(), places, len, &mut self.y);
        order::scatter(load.time.clone(), places, len, &mut self.time);
        order::scatter(load.weight.clone(), places, len, &mut self.weight);
        order::scatter(load.category.iter().copied(), places, len, &mut self.category);
    }

    /// Lists the places, from one on, of what cannot be drawn.
    pub fn undrawable(&self, from: usize) -> Vec<usize> {
        let columns = self.x.chunks(BLOCK).zip(self.y.chunks(BLOCK)).zip(self.weight.chunks(BLOCK));
        let mut found = Vec::new();
        for (block, ((x, y), weight)) in columns.enumerate().skip(from / BLOCK) {
            let fine = || x.iter().zip(y).zip(weight).map(|((&x, &y), &weight)| is_drawable(x, y, weight));
            // All of a block in one loop without branches: hardly ever is there one that cannot.
            if !fine().fold(true, |all, fine| all & fine) {
                found.extend(
                    (block * BLOCK..).zip(fine()).filter(|&(place, fine)| !fine && place >= from).map(|(at, _)| at),
                );
            }
        }
        found
    }

    /// Puts the places into a new order of `len` places.
    pub fn permute(&mut self, order: &[u32], len: usize) {
        let mut spare = Vec::new();
        for column in [&mut self.x, &mut self.y, &mut self.weight] {
            order::permute(column, order, len, &mut spare);
        }
        drop(spare);
        order::permute(&mut self.time, order, len, &mut Vec::new());
        order::permute(&mut self.category, order, len, &mut Vec::new());
    }

    /// Removes all places and keeps the memory.
    pub fn clear(&mut self) {
        self.x.clear();
        self.y.clear();
        self.time.clear();
        self.weight.clear();
        self.category.clear();
    }
}

/// Holds what is at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub x: f32,
    pub y: f32,
    pub time: u32,
    pub weight: f32,
    pub category: u8,
}

impl Row {
    /// Is what a place of no case holds.
    pub const HOLE: Self = Self { x: 0.0, y: 0.0, time: 0, weight: 0.0, category: 0 };

    /// Reads a case; `None` for one that cannot be drawn.
    pub fn of(case: &Case) -> Option<Self> {
        let &Case { x, y, time, weight, category } = case;
        Some(Self { x: x as f32, y: y as f32, time, weight, category }).filter(Self::is_drawable)
    }

    /// Gives it as a case.
    pub fn case(self) -> Case {
        let Self { x, y, time, weight, category } = self;
        Case { x: f64::from(x), y: f64::from(y), time, weight, category }
    }

    fn is_drawable(&self) -> bool {
        is_drawable(self.x, self.y, self.weight)
    }
}

/// Tells whether coordinates and weight are finite, and the weight within its bounds.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "without branches, so that the loop is vectorised")]
pub(crate) fn is_drawable(x: f32, y: f32, weight: f32) -> bool {
    (x.abs() < f32::INFINITY) & (y.abs() < f32::INFINITY) & (weight > 0.0) & (weight <= MAX_WEIGHT)
}

/// Replaces a value of a column; nothing where there is no such place.
pub(crate) fn set<T>(column: &mut [T], at: usize, value: T) {
    if let Some(place) = column.get_mut(at) {
        *place = value;
    }
}
