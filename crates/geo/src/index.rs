//! Finding fast: the nearest of many points, those within a radius, the polygon around a point.
//!
//! Both indexes lay a uniform grid over their own box. Answers are exact: the grid only skips what cannot matter. A
//! point that is not finite is never found; its number stays taken, so that numbers are the caller's own.

use crate::coord::{BBox, LonLat};
use crate::distance;
use crate::ellipsoid;
use crate::polygon::MultiPolygon;

/// Finds points by place.
#[derive(Debug, Clone)]
pub struct PointIndex {
    points: Vec<LonLat>,
    grid: Grid,
}

/// Holds a found point: its number in the list that the index was made of, and its geodesic distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Number in the caller's list.
    pub index: usize,
    /// Geodesic distance, metres.
    pub metres: f64,
}

impl PointIndex {
    /// Makes an index of points, which keep their numbers in the list.
    pub fn new(points: Vec<LonLat>) -> Self {
        let finite = || points.iter().enumerate().filter(|(_, point)| point.is_finite() && point.in_range());
        let bbox = BBox::around(finite().map(|(_, &point)| point));
        let frame = Frame::over(bbox, points.len() / 2);
        let grid = Grid::new(frame, || finite().map(|(id, &point)| (id, frame.cell_range(&BBox::of(point)))));
        Self { points, grid }
    }

    /// Gives the points of the index, by number.
    pub fn points(&self) -> &[LonLat] {
        &self.points
    }

    /// Gives the nearest point by geodesic distance (of equals, the lowest number); `None` if the index is empty.
    pub fn nearest(&self, at: LonLat) -> Option<Found> {
        self.nearest_some(at, 1).into_iter().next()
    }

    /// Gives the `count` nearest points, nearest first.
    pub fn nearest_some(&self, at: LonLat, count: usize) -> Vec<Found> {
        let mut best = Vec::new();
        if !at.is_finite() || count == 0 {
            return best;
        }
        let frame = &self.grid.frame;
        let home = frame.cell_of(at);
        for ring in 0..=frame.columns.max(frame.rows) {
            for cell in frame.cells_at(home, ring) {
                best.extend(self.grid.ids(cell).filter_map(|id| self.found(id, at)));
            }
            keep_nearest(&mut best, count);
            if best.len() == count
                && best.last().is_some_and(|worst| worst.metres < frame.beyond_metres(at, home, ring))
            {
                break;
            }
        }
        best
    }

    /// Gives every point within `radius_m` metres, nearest first.
    pub fn within(&self, at: LonLat, radius_m: f64) -> Vec<Found> {
        let mut found: Vec<_> = self
            .near(at, radius_m)
            .filter_map(|id| self.found(id, at))
            .filter(|found| found.metres <= radius_m)
            .collect();
        found.sort_by(by_distance);
        found
    }

    /// Gives the numbers of all points whose cell may hold a point within `radius_m` metres.
    fn near(&self, at: LonLat, radius_m: f64) -> impl Iterator<Item = usize> + '_ {
        let frame = self.grid.frame;
        let cells = box_around(at, radius_m).map(|area| frame.cell_range(&area));
        cells.into_iter().flat_map(move |range| range.cells(frame.columns)).flat_map(|cell| self.grid.ids(cell))
    }

    fn found(&self, index: usize, at: LonLat) -> Option<Found> {
        let metres = distance::metres(at, *self.points.get(index)?);
        metres.is_finite().then_some(Found { index, metres })
    }
}

/// Finds the area that holds a point.
#[derive(Debug, Clone)]
pub struct PolygonIndex {
    areas: Vec<MultiPolygon>,
    boxes: Vec<Option<BBox>>,
    grid: Grid,
    /// Areas that would fill too many cells, which are simply always looked at.
    wide: Vec<usize>,
}

/// More cells than this and an area counts as wide: bounds the memory against hostile shapes.
const WIDE_CELLS: usize = 256;

impl PolygonIndex {
    /// Makes an index of areas, which keep their numbers in the list.
    pub fn new(areas: Vec<MultiPolygon>) -> Self {
        let boxes: Vec<_> = areas.iter().map(MultiPolygon::bbox).collect();
        let whole = boxes.iter().flatten().copied().reduce(|all, one| all.union(&one));
        let frame = Frame::over(whole, areas.len().saturating_mul(4));
        let ranges = || boxes.iter().enumerate().filter_map(|(id, bbox)| Some((id, frame.cell_range(&(*bbox)?))));
        let wide = ranges().filter(|(_, range)| range.count() > WIDE_CELLS).map(|(id, _)| id).collect();
        let grid = Grid::new(frame, || ranges().filter(|(_, range)| range.count() <= WIDE_CELLS));
        Self { areas, boxes, grid, wide }
    }

    /// Gives the number of the area that holds a point; where several do (a shared boundary), the lowest.
    pub fn containing(&self, at: LonLat) -> Option<usize> {
        self.candidates(at).filter(|&id| self.holds(id, at)).min()
    }

    /// Gives the numbers of all areas that hold a point, ascending.
    pub fn all_containing(&self, at: LonLat) -> Vec<usize> {
        let mut all: Vec<_> = self.candidates(at).filter(|&id| self.holds(id, at)).collect();
        all.sort_unstable();
        all
    }

    /// Gives the areas of the index, by number.
    pub fn areas(&self) -> &[MultiPolygon] {
        &self.areas
    }

    fn candidates(&self, at: LonLat) -> impl Iterator<Item = usize> + '_ {
        self.grid.ids(self.grid.frame.index(self.grid.frame.cell_of(at))).chain(self.wide.iter().copied())
    }

    fn holds(&self, id: usize, at: LonLat) -> bool {
        let in_box = self.boxes.get(id).copied().flatten().is_some_and(|bbox| bbox.contains(at));
        in_box && self.areas.get(id).is_some_and(|area| area.contains(at))
    }
}

fn by_distance(a: &Found, b: &Found) -> std::cmp::Ordering {
    a.metres.total_cmp(&b.metres).then(a.index.cmp(&b.index))
}

fn keep_nearest(best: &mut Vec<Found>, count: usize) {
    best.sort_by(by_distance);
    best.truncate(count);
}

/// Gives a box that surely holds the circle; `None` for a radius or centre that is not a number.
fn box_around(at: LonLat, radius_m: f64) -> Option<BBox> {
    if !at.is_finite() || radius_m.is_nan() || radius_m < 0.0 {
        return None;
    }
    let lat = radius_m / SHORTEST_DEGREE * SAFETY;
    let poleward = (at.lat.abs() + lat).min(90.0);
    let (per_lon, _) = ellipsoid::metres_per_degree(poleward);
    let lon = radius_m * SAFETY / per_lon.max(1e-6);
    // Where the circle may reach a pole or the antimeridian, every longitude is looked at.
    let lon = if at.lon.abs() + lon > 180.0 || poleward >= 90.0 { 720.0 } else { lon };
    Some(BBox { west: at.lon - lon, south: at.lat - lat, east: at.lon + lon, north: at.lat + lat })
}

/// Least metres in a degree of latitude anywhere: at the equator.
const SHORTEST_DEGREE: f64 = 110_574.0;
/// Slack on every bound, which costs a little time and saves a proof about the ellipsoid.
const SAFETY: f64 = 1.01;
/// A frame wider than this, or a question farther off, is answered by looking at everything: the bounds are local.
const LOCAL_DEGREES: f64 = 20.0;

/// Names a cell by column and row.
type Cell = (usize, usize);

/// Lays columns and rows over a box.
#[derive(Debug, Clone, Copy)]
struct Frame {
    bbox: BBox,
    columns: usize,
    rows: usize,
}

impl Frame {
    /// Makes a frame of about `cells` near-square cells, a million at most.
    fn over(bbox: Option<BBox>, cells: usize) -> Self {
        let bbox = bbox.unwrap_or(BBox { west: 0.0, south: 0.0, east: 0.0, north: 0.0 });
        let (per_lon, per_lat) = ellipsoid::metres_per_degree(bbox.center().lat.clamp(-85.0, 85.0));
        let (width, height) = ((bbox.east - bbox.west) * per_lon, (bbox.north - bbox.south) * per_lat);
        let cells = cells.clamp(1, 1 << 20);
        // A thin box gets one row of cells, or one column; a box of no size or of no number gets one cell.
        let columns = (cells as f64 * width / height.max(1e-9)).sqrt().ceil() as usize;
        let columns = columns.clamp(1, cells);
        Self { bbox, columns, rows: cells.div_ceil(columns) }
    }

    fn cell_of(&self, at: LonLat) -> Cell {
        // The cast saturates below 0 and takes NaN to 0.
        let place = |value: f64, low: f64, high: f64, count: usize| {
            (((value - low) / (high - low).max(f64::MIN_POSITIVE) * count as f64) as usize).min(count - 1)
        };
        (
            place(at.lon, self.bbox.west, self.bbox.east, self.columns),
            place(at.lat, self.bbox.south, self.bbox.north, self.rows),
        )
    }

    fn index(&self, (column, row): Cell) -> usize {
        row * self.columns + column
    }

    fn cell_range(&self, area: &BBox) -> CellRange {
        let first = self.cell_of(LonLat { lon: area.west, lat: area.south });
        let last = self.cell_of(LonLat { lon: area.east, lat: area.north });
        CellRange { first, last }
    }

    /// Gives the cells whose larger distance in columns or rows from `home` is exactly `ring`.
    fn cells_at(self, home: Cell, ring: usize) -> impl Iterator<Item = usize> {
        let rows = home.1.saturating_sub(ring)..=(home.1 + ring).min(self.rows - 1);
        rows.flat_map(move |row| {
            let whole_row = row.abs_diff(home.1) == ring;
            let left = home.0.checked_sub(ring);
            let right = Some(home.0 + ring).filter(|&column| column < self.columns && ring > 0);
            let from = home.0.saturating_sub(ring);
            let to = (home.0 + ring).min(self.columns - 1);
            let all = whole_row.then_some(from..=to).into_iter().flatten();
            let ends = [left, right].into_iter().flatten().filter(move |_| !whole_row);
            all.chain(ends).map(move |column| row * self.columns + column)
        })
    }

    /// Gives a distance in metres that every point outside the first `ring` rings of cells is beyond.
    fn beyond_metres(&self, at: LonLat, home: Cell, ring: usize) -> f64 {
        let far = BBox::of(at).union(&self.bbox);
        if far.east - far.west > LOCAL_DEGREES
            || far.north - far.south > LOCAL_DEGREES
            || far.north.abs().max(far.south.abs()) > 85.0
        {
            return if ring >= self.columns.max(self.rows) { f64::INFINITY } else { 0.0 };
        }
        let step_lon = (self.bbox.east - self.bbox.west) / self.columns as f64;
        let step_lat = (self.bbox.north - self.bbox.south) / self.rows as f64;
        let line = |low: f64, step: f64, cell: usize| low + step * cell as f64;
        let (per_lon, _) = ellipsoid::metres_per_degree(far.north.abs().max(far.south.abs()));
        let sides = [
            (home.0 > ring).then(|| (at.lon - line(self.bbox.west, step_lon, home.0 - ring)) * per_lon),
            (home.0 + ring + 1 < self.columns)
                .then(|| (line(self.bbox.west, step_lon, home.0 + ring + 1) - at.lon) * per_lon),
            (home.1 > ring).then(|| (at.lat - line(self.bbox.south, step_lat, home.1 - ring)) * SHORTEST_DEGREE),
            (home.1 + ring + 1 < self.rows)
                .then(|| (line(self.bbox.south, step_lat, home.1 + ring + 1) - at.lat) * SHORTEST_DEGREE),
        ];
        sides.into_iter().flatten().fold(f64::INFINITY, f64::min) / SAFETY
    }
}

/// Names a rectangle of cells, ends included.
#[derive(Debug, Clone, Copy)]
struct CellRange {
    first: Cell,
    last: Cell,
}

impl CellRange {
    fn count(&self) -> usize {
        (self.last.0 + 1).saturating_sub(self.first.0) * (self.last.1 + 1).saturating_sub(self.first.1)
    }

    fn cells(self, columns: usize) -> impl Iterator<Item = usize> {
        (self.first.1..=self.last.1)
            .flat_map(move |row| (self.first.0..=self.last.0).map(move |column| row * columns + column))
    }
}

/// Lists the numbers in each cell, all in one column of memory.
#[derive(Debug, Clone)]
struct Grid {
    frame: Frame,
    /// Where each cell's numbers start; one more than there are cells.
    starts: Vec<usize>,
    ids: Vec<usize>,
}

impl Grid {
    /// Fills the cells: counts first, then places, so that nothing is moved twice.
    fn new<I: Iterator<Item = (usize, CellRange)>>(frame: Frame, entries: impl Fn() -> I) -> Self {
        let mut starts = vec![0; frame.columns * frame.rows + 1];
        let cells = || entries().flat_map(|(id, range)| range.cells(frame.columns).map(move |cell| (id, cell)));
        for (_, cell) in cells() {
            starts[cell + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let mut next = starts.clone();
        let mut ids = vec![0; starts.last().copied().unwrap_or(0)];
        for (id, cell) in cells() {
            ids[next[cell]] = id;
            next[cell] += 1;
        }
        Self { frame, starts, ids }
    }

    fn ids(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let range = self.starts.get(cell).zip(self.starts.get(cell + 1)).map_or(0..0, |(&from, &to)| from..to);
        self.ids.get(range).unwrap_or_default().iter().copied()
    }
}
