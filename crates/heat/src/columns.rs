//! The cases in columns: one array per property, a slot per case, changed one by one.

/// Names a case's place in the columns; valid until the case is removed, then given to another.
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

/// Largest weight of a case: sums of as many cases as there are slots stay finite.
pub const MAX_WEIGHT: f32 = 1e9;

/// Holds all cases. Coordinates are kept as `f32`: within 4 mm at 60 km from the origin, 3 cm at 500 km.
///
/// An empty slot has weight 0, which every reader skips by adding nothing.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    x: Vec<f32>,
    y: Vec<f32>,
    time: Vec<u32>,
    weight: Vec<f32>,
    category: Vec<u8>,
    free: Vec<Slot>,
}

impl Columns {
    /// Makes empty columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes empty columns with room for `cases`, so that filling them moves nothing.
    pub fn with_capacity(cases: usize) -> Self {
        Self {
            x: Vec::with_capacity(cases),
            y: Vec::with_capacity(cases),
            time: Vec::with_capacity(cases),
            weight: Vec::with_capacity(cases),
            category: Vec::with_capacity(cases),
            free: Vec::new(),
        }
    }

    /// Adds a case into a free slot or a new one; `None` for a case that cannot be drawn: a coordinate or weight that is
    /// not finite, or a weight that is not above 0 and up to [`MAX_WEIGHT`].
    pub fn push(&mut self, case: Case) -> Option<Slot> {
        if !is_drawable(&case) {
            return None;
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => self.grow()?,
        };
        self.write(slot, &case);
        Some(slot)
    }

    /// Replaces the case in a slot (a case that moved, aged or changed category); false if the slot is empty or the new
    /// case cannot be drawn, and then nothing changes.
    pub fn replace(&mut self, slot: Slot, case: Case) -> bool {
        let possible = self.is_taken(slot) && is_drawable(&case);
        if possible {
            self.write(slot, &case);
        }
        possible
    }

    /// Moves a case, leaving all else as it is; false as for [`Self::replace`].
    pub fn move_to(&mut self, slot: Slot, x: f64, y: f64) -> bool {
        self.get(slot).is_some_and(|case| self.replace(slot, Case { x, y, ..case }))
    }

    /// Removes a case and frees its slot; false if the slot is empty.
    pub fn remove(&mut self, slot: Slot) -> bool {
        if !self.is_taken(slot) {
            return false;
        }
        if let Some(weight) = self.weight.get_mut(slot.0 as usize) {
            *weight = 0.0;
        }
        self.free.push(slot);
        true
    }

    /// Removes all cases and keeps the memory.
    pub fn clear(&mut self) {
        self.x.clear();
        self.y.clear();
        self.time.clear();
        self.weight.clear();
        self.category.clear();
        self.free.clear();
    }

    /// Gives the case in a slot; `None` if the slot is empty.
    pub fn get(&self, slot: Slot) -> Option<Case> {
        let at = slot.0 as usize;
        let weight = self.weight.get(at).copied().filter(|&weight| weight > 0.0)?;
        Some(Case {
            x: f64::from(*self.x.get(at)?),
            y: f64::from(*self.y.get(at)?),
            time: *self.time.get(at)?,
            weight,
            category: *self.category.get(at)?,
        })
    }

    /// Counts the cases.
    pub fn len(&self) -> usize {
        self.weight.len() - self.free.len()
    }

    /// Tells whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Iterates over all slots in order, empty ones too (their weight is 0), as the engine reads them.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        let places = self.x.iter().zip(&self.y);
        let rest = self.time.iter().zip(&self.weight).zip(&self.category);
        places.zip(rest).map(|((&x, &y), ((&time, &weight), &category))| Row { x, y, time, weight, category })
    }

    fn is_taken(&self, slot: Slot) -> bool {
        self.weight.get(slot.0 as usize).is_some_and(|&weight| weight > 0.0)
    }

    fn grow(&mut self) -> Option<Slot> {
        let slot = Slot(u32::try_from(self.x.len()).ok()?);
        self.x.push(0.0);
        self.y.push(0.0);
        self.time.push(0);
        self.weight.push(0.0);
        self.category.push(0);
        Some(slot)
    }

    fn write(&mut self, slot: Slot, case: &Case) {
        let at = slot.0 as usize;
        set(&mut self.x, at, case.x as f32);
        set(&mut self.y, at, case.y as f32);
        set(&mut self.time, at, case.time);
        set(&mut self.weight, at, case.weight);
        set(&mut self.category, at, case.category);
    }
}

/// Holds one slot as the engine reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub x: f32,
    pub y: f32,
    pub time: u32,
    pub weight: f32,
    pub category: u8,
}

fn is_drawable(case: &Case) -> bool {
    (case.x as f32).is_finite() && (case.y as f32).is_finite() && case.weight > 0.0 && case.weight <= MAX_WEIGHT
}

fn set<T>(column: &mut [T], at: usize, value: T) {
    if let Some(place) = column.get_mut(at) {
        *place = value;
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
