//! What the engine's tests share: a view, and cases in it.

use fengtu_heat::{Case, Columns, View};

pub const VIEW: View = View {
    width: 96,
    height: 64,
    west: -480.0,
    north: 320.0,
    units_per_px: 10.0,
    metres_per_unit: 0.9,
    radius_px: 12.0,
};

pub fn case(x: f64, y: f64) -> Case {
    Case { x, y, time: 100, weight: 1.0, category: 1 }
}

pub fn columns(cases: &[Case]) -> Columns {
    let mut columns = Columns::with_capacity(cases.len());
    for &case in cases {
        columns.push(case);
    }
    columns
}
