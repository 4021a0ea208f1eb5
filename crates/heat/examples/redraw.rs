//! The engine as a module by itself: fill it, then redraw a view and read the picture.
//!
//! For `cargo xtask bench`, for the profile (`examples/profile.rs`), and for the test that a build with vector instructions
//! draws what one without draws. Plain functions over numbers, so that no glue is needed.
#![allow(unsafe_code, reason = "naming an export is unsafe where two could have the same name; these have not")]

use std::cell::RefCell;

use fengtu_heat::filter::{Categories, Fading};
use fengtu_heat::{Bulk, Case, Columns, Engine, Filter, Ramp, Slot, View, hit, paint};

/// The same share as the map's heat layer: what the ramp ends at.
const FULL_AT: f64 = 0.995;
/// Seconds of a year.
const YEAR: u32 = 365 * 86_400;

#[derive(Default)]
struct Bench {
    cases: Columns,
    invented: Invented,
    engine: Engine,
    filter: Filter,
    view: Option<View>,
    pixels: Vec<u8>,
    ramp: Option<Ramp>,
    chance: u32,
}

#[derive(Default)]
struct Invented {
    x: Vec<f32>,
    y: Vec<f32>,
    time: Vec<u32>,
    weight: Vec<f32>,
    category: Vec<u8>,
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

/// Invents cases for [`fill`]: 400 clusters over 24 km × 22 km, over a year, in 16 categories.
#[unsafe(no_mangle)]
pub extern "C" fn invent(count: u32) {
    BENCH.with_borrow_mut(|bench| {
        bench.chance = 1;
        let centres: Vec<[f32; 3]> =
            (0..400).map(|_| [bench.share(), bench.share(), 0.002 + 0.03 * bench.share()]).collect();
        bench.invented = Invented::default();
        for _ in 0..count {
            let [east, north, size] = centres[(bench.share() * 399.9) as usize];
            let mut off = || (bench.share() + bench.share() + bench.share() - 1.5) * size;
            let (x, y) = ((east + off()) * 24_000.0, (north + off()) * 22_000.0);
            let (time, weight) = ((bench.share() * YEAR as f32) as u32, 1.0 + (bench.share() * 5.0).floor());
            let category = (bench.share() * 16.0) as u8;
            bench.invented.push(x, y, time, weight, category);
        }
    });
}

/// Replaces all cases by the invented ones, in bulk; returns how many there are.
#[unsafe(no_mangle)]
pub extern "C" fn fill() -> usize {
    BENCH.with_borrow_mut(|bench| {
        bench.cases.clear();
        let Invented { x, y, time, weight, category } = &bench.invented;
        bench.cases.fill(&Bulk { x, y, time, weight, category });
        bench.cases.len()
    })
}

/// Puts all cases in spatial order.
#[unsafe(no_mangle)]
pub extern "C" fn settle() {
    BENCH.with_borrow_mut(|bench| bench.cases.settle());
}

/// Gives up the invented cases' memory.
#[unsafe(no_mangle)]
pub extern "C" fn forget() {
    BENCH.with_borrow_mut(|bench| bench.invented = Invented::default());
}

/// Sets the filter: a period, and a half-life in seconds counted from its end (0: none).
#[unsafe(no_mangle)]
pub extern "C" fn choose(from: u32, to: u32, half_life: f32) {
    let fading = (half_life > 0.0).then_some(Fading { now: to, half_life });
    BENCH.with_borrow_mut(|bench| bench.filter = Filter { from, to, fading, ..Filter::ALL });
}

/// Leaves only so many of the 16 categories, from the first on, in the filter.
#[unsafe(no_mangle)]
pub extern "C" fn mask(categories: u8) {
    BENCH.with_borrow_mut(|bench| bench.filter.categories = (0..categories).collect::<Categories>());
}

/// Moves as many cases a little, as live events do; returns how many were moved.
#[unsafe(no_mangle)]
pub extern "C" fn live(events: u32) -> usize {
    BENCH.with_borrow_mut(|bench| {
        let move_one = |bench: &mut Bench| {
            let slot = Slot((bench.share() * bench.cases.len() as f32) as u32);
            let Some(case) = bench.cases.get(slot) else { return false };
            let (x, y) = (case.x + f64::from(bench.share() - 0.5) * 900.0, case.y);
            bench.cases.move_to(slot, x, y)
        };
        (0..events).filter(|_| move_one(bench)).count()
    })
}

/// Draws a view and returns the address of its picture, `width × height × 4` bytes; 0 for none.
#[unsafe(no_mangle)]
pub extern "C" fn redraw(width: u32, height: u32, west: f64, north: f64, units_per_px: f64, radius_px: f32) -> usize {
    BENCH.with_borrow_mut(|bench| {
        let view = View { width, height, west, north, units_per_px, metres_per_unit: 0.92, radius_px };
        bench.view = Some(view);
        bench.engine.render(&bench.cases, &view, &bench.filter);
        bench.colour()
    })
}

/// Colours the last picture again, as [`redraw`] does.
#[unsafe(no_mangle)]
pub extern "C" fn recolour() -> usize {
    BENCH.with_borrow_mut(Bench::colour)
}

/// Returns the address of the last picture's densities, `width × height` 32-bit numbers.
#[unsafe(no_mangle)]
pub extern "C" fn densities() -> usize {
    BENCH.with_borrow(|bench| bench.engine.density().values.as_ptr().addr())
}

/// Counts the cases within a radius of a pixel of the last picture.
#[unsafe(no_mangle)]
pub extern "C" fn near(px: f64, py: f64, radius_px: f64) -> usize {
    BENCH.with_borrow_mut(|bench| {
        let Some(view) = &bench.view else { return 0 };
        hit::cases_near(&bench.cases, view, &bench.filter, (px, py), radius_px, 100).len()
    })
}

impl Bench {
    fn colour(&mut self) -> usize {
        let Self { engine, pixels, ramp, .. } = self;
        let density = engine.density();
        pixels.resize(density.values.len() * 4, 0);
        let drawn = paint(density, ramp.get_or_insert_with(Ramp::day), density.quantile(FULL_AT), pixels);
        if drawn { pixels.as_ptr().addr() } else { 0 }
    }

    /// Gives a number from 0 to 1, the same ones after each [`invent`].
    fn share(&mut self) -> f32 {
        self.chance = self.chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.chance >> 8) as f32 / (1 << 24) as f32
    }
}

impl Invented {
    fn push(&mut self, x: f32, y: f32, time: u32, weight: f32, category: u8) {
        self.x.push(x);
        self.y.push(y);
        self.time.push(time);
        self.weight.push(weight);
        self.category.push(category);
    }
}
