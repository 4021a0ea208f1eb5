//! What is under a pixel: the density there, and the cases near it.

use crate::columns::{Columns, Slot};
use crate::engine::Density;
use crate::filter::Filter;
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
pub fn cases_near(
    columns: &Columns,
    view: &View,
    filter: &Filter,
    (px, py): (f64, f64),
    radius_px: f64,
    limit: usize,
) -> Vec<Slot> {
    let distance = |x: f32, y: f32| {
        let (at_x, at_y) = view.to_px(f64::from(x), f64::from(y));
        (at_x - px).hypot(at_y - py)
    };
    let mut found: Vec<(f64, Slot)> = (0_u32..)
        .zip(columns.rows())
        .map(|(slot, row)| (distance(row.x, row.y), slot, filter.weight(row.time, row.weight, row.category)))
        .filter(|&(away, _, weight)| away <= radius_px && weight > 0.0)
        .map(|(away, slot, _)| (away, Slot(slot)))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found.truncate(limit);
    found.into_iter().map(|(_, slot)| slot).collect()
}
