//! No frame allocates: once a view of a size has been drawn, neither a pan, a step of time, a live event nor the colours do.
#![allow(unsafe_code, reason = "an allocator that counts is unsafe to write; it only passes on")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use fengtu_heat::filter::{Categories, Fading};
use fengtu_heat::{Area, Case, Columns, Engine, Filter, Ramp, Slot, View, paint};

struct Counting;

thread_local! {
    // Of this thread alone: the one that runs the tests allocates when it likes.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // A thread that ends has no count any more.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn no_frame_allocates() {
    let mut columns = Columns::new();
    for n in 0..5_000_u32 {
        let (x, y) = (f64::from(n * 37 % 1001), f64::from(n * 53 % 703));
        columns.push(Case { x, y, time: n, weight: 1.0, category: (n % 5) as u8 }).unwrap();
    }
    for radius_px in [12.0, 40.0, 6_000.0] {
        frames(&mut columns, radius_px);
    }
}

fn frames(columns: &mut Columns, radius_px: f32) {
    let (mut engine, ramp) = (Engine::new(), Ramp::day());
    let mut pixels = vec![0; 200 * 150 * 4];
    let area = Area { left: 20.0, top: 20.0, right: 180.0, bottom: 130.0 };
    let mut frame = |columns: &Columns, west: f64, filter: &Filter| {
        let view =
            View { width: 200, height: 150, west, north: 700.0, units_per_px: 5.0, metres_per_unit: 1.0, radius_px };
        let density = engine.render_seen(columns, &view, &area, filter);
        assert!(paint(density, &ramp, density.quantile(0.99), &mut pixels) && density.cases > 0);
    };
    frame(columns, 0.0, &Filter::ALL);
    let chosen = |to: u32| {
        let fading = Some(Fading { now: to, half_life: 900.0 });
        Filter { from: 0, to, fading, categories: Categories::from_bits(0b1011) }
    };
    let mut expect_none = |what: &str, columns: &Columns, west: f64, filter: &Filter| {
        let before = ALLOCATIONS.get();
        frame(columns, west, filter);
        assert_eq!(ALLOCATIONS.get() - before, 0, "{what}");
    };
    for step in 0..10_u32 {
        // By part of a bin, where all are binned anew, and by whole ones, where most are kept.
        let west = f64::from(step) * 8.0;
        expect_none("a pan", columns, west - 5.0, &Filter::ALL);
        expect_none("a pan of a whole bin", columns, west, &Filter::ALL);
        expect_none("a step of time", columns, west, &chosen(4_000 + step));
        columns.move_to(Slot(step), f64::from(step), 300.0);
        expect_none("a live event", columns, west, &chosen(4_000 + step));
        expect_none("the same again", columns, west, &chosen(4_000 + step));
    }
}
