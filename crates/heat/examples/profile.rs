//! What each part of the engine costs natively: `cargo run --release -p fengtu-heat --example profile [CASES…]`.
//!
//! `examples/profile.mjs` prints the same of the wasm module.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]

#[path = "redraw.rs"]
mod redraw;

use std::time::Instant;

fn main() {
    let sizes: Vec<u32> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    for cases in if sizes.is_empty() { vec![0, 100_000, 1_000_000, 4_000_000] } else { sizes } {
        profile(cases);
    }
}

fn profile(cases: u32) {
    redraw::invent(cases);
    let fill = median(5, |_| {
        redraw::fill();
    });
    let settle = median(5, |_| redraw::settle());
    redraw::choose(0, u32::MAX, 0.0);
    let draw = |step: u32, px: f64| redraw::redraw(960, 540, -2400.0 - f64::from(step) * 40.0, 22_000.0, px, 12.5);
    let [wide, close] = [50.0, 8.0].map(|px| median(20, |step| assert_ne!(draw(step, px), 0)));
    // There and back by whole bins, as a hand moves the map.
    let slide = median(20, |step| {
        let (west, north) = (-2400.0 - f64::from(step % 2) * 1000.0, 22_000.0 + f64::from(step % 3) * 500.0);
        assert_ne!(redraw::redraw(960, 540, west, north, 50.0, 12.5), 0);
    });
    let play = median(20, |step| {
        redraw::choose(step * 86_400, (step + 30) * 86_400, 0.0);
        draw(0, 50.0);
    });
    let fade = median(20, |step| {
        redraw::choose(0, (step + 300) * 86_400, 30.0 * 86_400.0);
        draw(0, 50.0);
    });
    redraw::choose(0, u32::MAX, 0.0);
    let live = median(20, |_| {
        redraw::live(167);
        draw(0, 50.0);
    });
    let colour = median(20, |_| {
        redraw::recolour();
    });
    let near = median(20, |step| {
        redraw::near(f64::from(step) * 20.0, 200.0, 12.5);
    });
    println!(
        "{cases:>9}: fill {fill:.2}  settle {settle:.2}  pan {wide:.2}, close {close:.2}  slide {slide:.2}  period {play:.2}  fading {fade:.2}  live {live:.2}  colour {colour:.2}  near {near:.3} ms"
    );
}

fn median(times: u32, mut what: impl FnMut(u32)) -> f64 {
    let mut all: Vec<f64> = (0..times + 2)
        .map(|step| {
            let began = Instant::now();
            what(step);
            began.elapsed().as_secs_f64() * 1e3
        })
        .skip(2)
        .collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
