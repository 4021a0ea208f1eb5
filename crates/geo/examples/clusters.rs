//! Measures clusters natively: `cargo run --release -p fengtu-geo --example clusters`.
#![allow(missing_docs, clippy::print_stdout, reason = "a measurement")]

use std::time::Instant;

use fengtu_geo::LonLat;
use fengtu_geo::cluster::Clusters;
use fengtu_geo::mercator::{self, HALF_WORLD, Metres};

fn main() {
    for count in [60_000, 100_000] {
        let points = heaps(count);
        for zoom in [10, 12, 14, 16, 18] {
            let radius = 60.0 * 2.0 * HALF_WORLD / mercator::world_size(f64::from(zoom));
            let mut times: Vec<_> = (0..9).map(|_| gathered(&points, radius)).collect();
            times.sort_by(|a, b| a.0.total_cmp(&b.0));
            let (ms, clusters) = times.get(times.len() / 2).copied().unwrap_or_default();
            println!("{count} points, zoom {zoom}: {ms:.2} ms, {clusters} clusters");
        }
    }
}

fn gathered(points: &[Metres], radius: f64) -> (f64, usize) {
    let start = Instant::now();
    let mut clusters = Clusters::new(radius);
    (0..).zip(points).for_each(|(number, at)| clusters.add(at.x, at.y, number));
    let found = clusters.finish().len();
    (start.elapsed().as_secs_f64() * 1000.0, found)
}

/// Makes points in 300 heaps over a district.
fn heaps(count: usize) -> Vec<Metres> {
    let mut state = 12_345_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 4_294_967_296.0
    };
    let heaps: Vec<_> =
        (0..300).map(|_| (113.8 + random() * 0.3, 22.65 + random() * 0.2, 0.001 + random() * 0.01)).collect();
    let mut point = || {
        let (lon, lat, spread) = heaps.get((random() * 300.0) as usize).copied().unwrap_or_default();
        let mut off = || (random() + random() + random() - 1.5) * spread;
        mercator::project(LonLat { lon: lon + off(), lat: lat + off() })
    };
    (0..count).map(|_| point()).collect()
}
