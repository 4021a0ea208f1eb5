//! All cases at once, from where they are narrow into the columns, in spatial order.

use super::Columns;
use crate::order::{self, NONE};
use crate::rows::is_drawable;

/// Holds all cases of a load, one sequence per property, all equally long: what is narrow where it comes from is widened
/// on its way into the columns, and nowhere kept in between.
#[derive(Debug, Clone)]
pub struct Load<'a, T, W> {
    /// East of the columns' origin, in plane units.
    pub x: &'a [f32],
    /// North of the columns' origin, in plane units.
    pub y: &'a [f32],
    /// Seconds since a base of the caller's choice.
    pub time: T,
    /// Weights, above 0 and up to [`crate::columns::MAX_WEIGHT`].
    pub weight: W,
    /// Categories.
    pub category: &'a [u8],
}

impl Columns {
    /// Replaces all cases by those of a load, in spatial order at once: what [`Self::fill`] and [`Self::settle`] do in two
    /// passes over all columns. Row `i` has slot `i`; gives how many cannot be drawn, as for [`Self::push`], and `None`, and
    /// nothing changes, if the sequences are not equally long or there are more than slots.
    pub fn load<T, W>(&mut self, load: &Load<T, W>) -> Option<usize>
    where
        T: ExactSizeIterator<Item = u32> + Clone,
        W: ExactSizeIterator<Item = f32> + Clone,
    {
        let rows = load.x.len();
        let lengths = [load.y.len(), load.time.len(), load.weight.len(), load.category.len()];
        if lengths != [rows; 4] || rows >= NONE as usize {
            return None;
        }
        let drawable = load.x.iter().zip(load.y).zip(load.weight.clone()).map(|((&x, &y), w)| is_drawable(x, y, w));
        let (places, len) = order::spatial(load.x, load.y, drawable);
        self.rows.load(load, &places, len);
        order::scatter(0..rows as u32, &places, len, &mut self.slots);
        self.free = (0..).zip(&places).filter(|&(_, &place)| place == NONE).map(|(slot, _)| slot).collect();
        self.places = places;
        self.settled = len;
        self.box_from(0);
        self.journal.forget();
        Some(self.free.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::columns::{Bulk, Case, Slot};

    const CASE: Case = Case { x: 29_999.5, y: -30_000.25, time: 7, weight: 1.5, category: 3 };

    #[test]
    fn a_load_is_what_a_bulk_is_when_it_is_settled() {
        let spread = |n: u32, by: u32| (n.wrapping_mul(by) >> 8) as f32 / 300.0;
        let x: Vec<f32> = (0..5_000).map(|n| if n == 77 { f32::NAN } else { spread(n, 2_654_435_761) }).collect();
        let y: Vec<f32> = (0..5_000).map(|n| spread(n, 2_246_822_519)).collect();
        let weight: Vec<f32> = (0..5_000_u16).map(|n| f32::from(n % 5)).collect();
        let (time, category): (Vec<u32>, Vec<u8>) = ((0..5_000).collect(), vec![3; 5_000]);
        let (mut bulk, mut loaded) = (Columns::new(), Columns::new());
        let filled = bulk.fill(&Bulk { x: &x, y: &y, time: &time, weight: &weight, category: &category }).unwrap();
        bulk.settle();
        loaded.push(CASE).unwrap();
        let load =
            Load { x: &x, y: &y, time: time.iter().copied(), weight: weight.iter().copied(), category: &category };
        assert_eq!(loaded.load(&load), Some(filled.refused));
        assert_eq!(loaded.len(), bulk.len());
        assert!((0..5_001).all(|slot| loaded.get(Slot(slot)) == bulk.get(Slot(slot))));
        assert_eq!(loaded.push(CASE).and_then(|slot| loaded.get(slot)), Some(CASE));
        assert_eq!(loaded.load(&Load { x: &x, y: &y[1..], ..load }), None);
    }
}
