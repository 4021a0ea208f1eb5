//! What is under a pixel: the density there, and the cases near it.

use std::collections::BinaryHeap;

use crate::bounds::Bounds;
use crate::columns::{Columns, Slot};
use crate::density::Density;
use crate::filter::Filter;
use crate::order::BLOCK;
use crate::view::View;

/// Gives the density at a place in pixels; `None` outside of the picture.
pub fn density_at(density: &Density, px: f64, py: f64) -> Option<f32> {
    let inside = |at: f64, size: u32| at >= 0.0 && at < f64::from(size);
    if !inside(px, density.width) || !inside(py, density.height) {
        return None;
    }
    density.values.get(py as usize * density.width as usize + px as usize).copied()
}

/// Lists the chosen cases within `radius_px` of a place in pixels, nearest first, `limit` at most.
///
/// Only blocks of cases that come that near are read: where the columns are settled, a few thousand cases of a million.
pub fn cases_near(
    columns: &Columns,
    view: &View,
    filter: &Filter,
    at: (f64, f64),
    radius_px: f64,
    limit: usize,
) -> Vec<Slot> {
    let mut nearest = BinaryHeap::new();
    near(columns, view, filter, at, radius_px, &mut |away, slot, _| {
        // The bits of numbers that are not below 0 are in the numbers' order.
        nearest.push((away.to_bits(), slot));
        if nearest.len() > limit {
            nearest.pop();
        }
    });
    nearest.into_sorted_vec().into_iter().map(|(_, slot)| slot).collect()
}

/// Counts the chosen cases within `radius_px` of a place in pixels, as [`cases_near`] lists them, by category.
pub fn count_near(columns: &Columns, view: &View, filter: &Filter, at: (f64, f64), radius_px: f64) -> [u32; 256] {
    let mut counts = [0_u32; 256];
    near(columns, view, filter, at, radius_px, &mut |_, _, category| {
        let count = &mut counts[usize::from(category)];
        *count = count.saturating_add(1);
    });
    counts
}

/// Visits the chosen cases near a place: how far away in pixels each is, its slot and its category.
fn near(
    columns: &Columns,
    view: &View,
    filter: &Filter,
    (px, py): (f64, f64),
    radius_px: f64,
    visit: &mut dyn FnMut(f64, Slot, u8),
) {
    let comes_near = |bounds: &Bounds| {
        let away = |at: f64, from: f64, to: f64| (from - at).max(at - to).max(0.0);
        let (west, north) = view.to_px(f64::from(bounds.west), f64::from(bounds.north));
        let (east, south) = view.to_px(f64::from(bounds.east), f64::from(bounds.south));
        away(px, west, east).hypot(away(py, north, south)) <= radius_px
    };
    for (block, _) in columns.blocks().iter().enumerate().filter(|(_, bounds)| comes_near(bounds)) {
        for place in block * BLOCK..(block + 1) * BLOCK {
            let (Some(row), Some(slot)) = (columns.rows().get(place), columns.slot_at(place)) else { continue };
            let (at_x, at_y) = view.to_px(f64::from(row.x), f64::from(row.y));
            let away = (at_x - px).hypot(at_y - py);
            if away <= radius_px && filter.weight(row.time, row.weight, row.category) > 0.0 {
                visit(away, slot, row.category);
            }
        }
    }
}
