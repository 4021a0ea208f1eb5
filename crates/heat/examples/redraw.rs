//! The engine as a module by itself, for `cargo xtask bench`: fill it, then redraw a view and read the picture.
//!
//! Plain functions over numbers, so that the page needs no glue: `add` once per case, `redraw` per frame, and the picture
//! is `width × height × 4` bytes from the address that it returns.
#![allow(unsafe_code, reason = "naming an export is unsafe where two could have the same name; these have not")]

use std::cell::RefCell;

use fengtu_heat::{Case, Columns, Engine, Filter, Ramp, View, paint};

/// The same share as the map's heat layer: what the ramp ends at.
const FULL_AT: f64 = 0.995;

#[derive(Default)]
struct Bench {
    cases: Columns,
    engine: Engine,
    pixels: Vec<u8>,
    ramp: Option<Ramp>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

/// Adds a case at a place in metres; returns how many there are not.
#[unsafe(no_mangle)]
pub extern "C" fn add(x: f64, y: f64, time: u32, weight: f32, category: u32) -> u32 {
    let case = Case { x, y, time, weight, category: (category % 256) as u8 };
    BENCH.with_borrow_mut(|bench| u32::from(bench.cases.push(case).is_none()))
}

/// Draws a view and returns the address of its picture; 0 for none.
#[unsafe(no_mangle)]
pub extern "C" fn redraw(width: u32, height: u32, west: f64, north: f64, units_per_px: f64, radius_px: f32) -> usize {
    let view = View { width, height, west, north, units_per_px, metres_per_unit: 0.92, radius_px };
    BENCH.with_borrow_mut(|bench| {
        let Bench { cases, engine, pixels, ramp } = bench;
        let density = engine.render(cases, &view, &Filter::ALL);
        let full = density.quantile(FULL_AT);
        pixels.resize(width as usize * height as usize * 4, 0);
        let drawn = paint(density, ramp.get_or_insert_with(Ramp::day), full, pixels);
        if drawn { pixels.as_ptr().addr() } else { 0 }
    })
}
