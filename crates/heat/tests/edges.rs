//! The engine at the poles of the map, and with more cases than a city has.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{VIEW, case, columns};
use fengtu_heat::{Bulk, Columns, Engine, Filled, Filter, Slot, View};

/// Half the width of the world in Web Mercator metres.
const HALF_WORLD: f64 = 20_037_508.342_789_244;

#[test]
fn near_the_poles_of_the_map_a_metre_is_still_a_metre() {
    for latitude in [-85.051_f64, 0.0, 85.051] {
        let north = latitude.signum() * HALF_WORLD * latitude.abs().min(1.0) + 320.0;
        let view = View { metres_per_unit: latitude.to_radians().cos(), north, ..VIEW }.with_radius_m(20.0);
        let cases = columns(&[case(0.0, north - 320.0)]);
        let mut engine = Engine::new();
        let density = engine.render(&cases, &view, &Filter::ALL);
        let total = density.values.iter().copied().map(f64::from).sum::<f64>() * view.km2_per_px();
        assert!((total - 1.0).abs() < 1e-3, "{latitude}: {total}");
        // The kernel's peak depends on the ground alone, but for where in its pixel the case lies.
        let peak = (3.0 * 0.375 / 0.02_f64).powi(2);
        assert!(latitude == 0.0 || (f64::from(density.max) / peak - 1.0).abs() < 0.1, "{} {peak}", density.max);
    }
}

#[test]
fn ten_million_cases_are_drawn() {
    const MANY: u32 = 10_000_000;
    let x: Vec<f32> = (0..MANY).map(|n| (n.wrapping_mul(2_654_435_761) >> 12) as f32 / 1700.0 - 308.0).collect();
    let y: Vec<f32> = (0..MANY).map(|n| (n.wrapping_mul(2_246_822_519) >> 12) as f32 / 3400.0 - 154.0).collect();
    let many = MANY as usize;
    let mut columns = Columns::with_capacity(many);
    let filled =
        columns.fill(&Bulk { x: &x, y: &y, time: &vec![1; many], weight: &vec![1.0; many], category: &vec![0; many] });
    assert_eq!(filled, Some(Filled { first: Slot(0), refused: 0 }));
    columns.settle();
    let mut engine = Engine::new();
    let density = engine.render(&columns, &VIEW, &Filter::ALL);
    assert_eq!((density.cases, density.weight), (MANY, f64::from(MANY)));
    let total = density.values.iter().copied().map(f64::from).sum::<f64>() * VIEW.km2_per_px();
    assert!((total / f64::from(MANY) - 1.0).abs() < 1e-2, "{total}");
}
