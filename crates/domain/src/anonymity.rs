//! Heat cells that no single person can be found in: every count is `k` or more.

use std::collections::BTreeMap;

use fengtu_geo::ellipsoid::metres_per_degree;
use fengtu_wire::geojson::{Bounds, Position};
use fengtu_wire::heat::{HeatCell, HeatCells};

/// Column and row of a cell, from the south-west corner.
type Index = (u32, u32);

/// Most cells along one side; a smaller cell size is refused rather than counted.
const MOST_ALONG_A_SIDE: f64 = 10_000.0;

/// Counts positions per cell of `cell_m` metres in a box, and merges or withholds the cells under `k`.
///
/// A small cell goes to the fullest of the eight around it that is itself large enough; else it is withheld. If what is
/// withheld would be a small number itself, it goes to the nearest cell. Positions outside the box are withheld too, so
/// that the cells and `withheld` always sum to the input.
pub fn cells(points: impl IntoIterator<Item = Position>, bounds: Bounds, cell_m: f64, k: u32) -> HeatCells {
    let mut outside = 0;
    let mut counts: BTreeMap<Index, u32> = BTreeMap::new();
    let raster = Raster::new(bounds, cell_m);
    for point in points {
        match raster.as_ref().and_then(|raster| raster.index(point)) {
            Some(index) => *counts.entry(index).or_default() += 1,
            None => outside += 1,
        }
    }
    let (merged, withheld) = merge(&counts, k);
    let centred = |(&index, &count): (&Index, &u32)| Some(HeatCell { at: raster.as_ref()?.centre(index), count });
    let cells = merged.iter().filter_map(centred).collect();
    HeatCells { cell_m, k, cells, withheld: withheld + outside }
}

/// Returns the cells from `k` up, and how many cases no cell shows.
fn merge(counts: &BTreeMap<Index, u32>, k: u32) -> (BTreeMap<Index, u32>, u64) {
    let large: BTreeMap<Index, u32> =
        counts.iter().filter(|(_, count)| **count >= k).map(|(&at, &count)| (at, count)).collect();
    let mut merged = large.clone();
    let mut left: Vec<(Index, u32)> = Vec::new();
    for (&at, &count) in counts.iter().filter(|(_, count)| **count < k) {
        match fullest_around(&large, at).and_then(|host| merged.get_mut(&host)) {
            Some(host) => *host += count,
            None => left.push((at, count)),
        }
    }
    let withheld: u64 = left.iter().map(|&(_, count)| u64::from(count)).sum();
    if withheld >= u64::from(k) || merged.is_empty() {
        return (merged, withheld);
    }
    for (at, count) in left {
        if let Some(host) = nearest(&large, at).and_then(|host| merged.get_mut(&host)) {
            *host += count;
        }
    }
    (merged, 0)
}

fn fullest_around(large: &BTreeMap<Index, u32>, at: Index) -> Option<Index> {
    let near = |&(index, _): &(&Index, &u32)| distance(*index, at) <= 2;
    // Only the three columns around: the map is ordered by column.
    let columns = (at.0.saturating_sub(1), 0)..=(at.0.saturating_add(1), u32::MAX);
    large.range(columns).filter(near).max_by_key(|(_, count)| **count).map(|(&index, _)| index)
}

fn nearest(large: &BTreeMap<Index, u32>, at: Index) -> Option<Index> {
    large.keys().copied().min_by_key(|&index| distance(index, at))
}

/// Returns the squared distance of two cells, in cells.
fn distance(a: Index, b: Index) -> u64 {
    let (dx, dy) = (u64::from(a.0.abs_diff(b.0)), u64::from(a.1.abs_diff(b.1)));
    dx * dx + dy * dy
}

/// A lattice of cells over a box.
struct Raster {
    bounds: Bounds,
    cell_lon: f64,
    cell_lat: f64,
}

impl Raster {
    /// Returns a lattice; `None` for a box or a cell size that is none.
    fn new(bounds: Bounds, cell_m: f64) -> Option<Self> {
        let [west, south, east, north] = bounds;
        let (lon_m, lat_m) = metres_per_degree(f64::midpoint(south, north));
        let raster = Self { bounds, cell_lon: cell_m / lon_m, cell_lat: cell_m / lat_m };
        let sides = [(east - west) / raster.cell_lon, (north - south) / raster.cell_lat];
        let is_usable = cell_m > 0.0 && sides.iter().all(|side| (0.0..=MOST_ALONG_A_SIDE).contains(side));
        is_usable.then_some(raster)
    }

    fn index(&self, [lon, lat]: Position) -> Option<Index> {
        let [west, south, east, north] = self.bounds;
        let inside = (west..=east).contains(&lon) && (south..=north).contains(&lat);
        inside.then(|| (((lon - west) / self.cell_lon) as u32, ((lat - south) / self.cell_lat) as u32))
    }

    fn centre(&self, (column, row): Index) -> Position {
        let [west, south, ..] = self.bounds;
        [west + (f64::from(column) + 0.5) * self.cell_lon, south + (f64::from(row) + 0.5) * self.cell_lat]
    }
}
