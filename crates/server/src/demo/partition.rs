//! Divides the district into grids that share their borders exactly.
//!
//! The unit square is split in two, again and again, each time by the mass of [`density`](super::land::density) and across the longer
//! side; the lines of the early splits become the long roads, those of the late ones the lanes. Corners are integers,
//! so that a corner of one grid on the side of another is found exactly; the curve between two corners is drawn once.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::dice::Dice;
use super::land::Land;
use super::plane::{Metres, distance, lerp, to_metres, to_position};
use fengtu_wire::geojson::Position;

/// Steps along a side of the unit square.
const STEPS: u32 = 1 << 20;
/// Steps that splits are rounded to.
const SNAP: u32 = 512;
/// Cells of the mass raster along a side.
const RASTER: usize = 400;

/// A line of the partition: what a split drew; a road may run along it.
#[derive(Debug, Clone)]
pub struct SplitLine {
    /// Its curve through all corners on it.
    pub path: Vec<u32>,
    /// Length in metres.
    pub length: f64,
    /// How many splits came before it on the way down.
    pub depth: u32,
}

/// A grid's shape.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Vertices counter-clockwise, not closed: indices into [`Partition::vertices`].
    pub ring: Vec<u32>,
    /// For each vertex, the line that the edge after it lies on; `None`: the district's border.
    pub lines: Vec<Option<u32>>,
    /// The four corners: south-west, south-east, north-east, north-west.
    pub corners: [u32; 4],
    /// Grids across a shared edge, ascending.
    pub neighbours: Vec<u32>,
    /// The middle of its box in the square, mapped into the district.
    pub middle: Metres,
    /// Area in m².
    pub area: f64,
}

/// The district divided.
#[derive(Debug, Clone, Default)]
pub struct Partition {
    /// Shared vertices: longitude and latitude, rounded.
    pub vertices: Vec<Position>,
    /// The same in metres.
    pub metres: Vec<Metres>,
    /// Grids.
    pub cells: Vec<Cell>,
    /// Lines between them.
    pub lines: Vec<SplitLine>,
}

impl Partition {
    /// Divides the land into `count` grids.
    pub fn new(land: &Land, seed: u64, count: usize) -> Self {
        let mut splitter =
            Splitter { mass: Mass::new(land), land, dice: Dice::new(seed, 2), leaves: Vec::new(), lines: Vec::new() };
        splitter.split(Rect { u: [0, STEPS], v: [0, STEPS] }, count, 0, [None; 4]);
        let draw = |rough: f64| Drawing::new(land, seed, &splitter.leaves, &splitter.lines, rough).finish();
        // Ragged edges may cross where a grid is narrow: then all are drawn calmer, in the end smooth.
        let calmer = [1.0, 0.6, 0.3].into_iter().map(draw).find(Self::is_simple);
        calmer.unwrap_or_else(|| draw(0.0))
    }

    /// Returns whether no grid's ring crosses itself.
    fn is_simple(&self) -> bool {
        (0..self.cells.len()).all(|c| super::plane::is_simple(&self.ring(c)))
    }

    /// Returns a grid's ring in metres.
    pub fn ring(&self, cell: usize) -> Vec<Metres> {
        self.cells[cell].ring.iter().map(|v| self.metres[*v as usize]).collect()
    }
}

#[derive(Debug, Clone, Copy)]
struct Rect {
    u: [u32; 2],
    v: [u32; 2],
}

/// A grid before it is drawn: its box and the lines south, east, north and west of it.
struct Leaf {
    rect: Rect,
    lines: [Option<u32>; 4],
}

/// A split: which axis is constant, its value, and its span on the other.
struct Split {
    upright: bool,
    at: u32,
    span: [u32; 2],
    depth: u32,
}

struct Splitter<'a> {
    mass: Mass,
    land: &'a Land,
    dice: Dice,
    leaves: Vec<Leaf>,
    lines: Vec<Split>,
}

impl Splitter<'_> {
    fn split(&mut self, rect: Rect, count: usize, depth: u32, around: [Option<u32>; 4]) {
        if count <= 1 {
            self.leaves.push(Leaf { rect, lines: around });
            return;
        }
        let first = ((count as f64 * self.dice.between(0.40, 0.60)) as usize).clamp(1, count - 1);
        let upright = self.wider(rect);
        let at = self.mass.cut(rect, upright, first as f64 / count as f64);
        let line = self.lines.len() as u32;
        self.lines.push(Split { upright, at, span: if upright { rect.v } else { rect.u }, depth });
        let [south, east, north, west] = around;
        let (a, b, left, right) = if upright {
            let (a, b) = (Rect { u: [rect.u[0], at], ..rect }, Rect { u: [at, rect.u[1]], ..rect });
            (a, b, [south, Some(line), north, west], [south, east, north, Some(line)])
        } else {
            let (a, b) = (Rect { v: [rect.v[0], at], ..rect }, Rect { v: [at, rect.v[1]], ..rect });
            (a, b, [south, east, Some(line), west], [Some(line), east, north, west])
        };
        self.split(a, first, depth + 1, left);
        self.split(b, count - first, depth + 1, right);
    }

    /// Returns whether a box is wider than high on the ground.
    fn wider(&mut self, rect: Rect) -> bool {
        let (u, v) =
            (f64::midpoint(share(rect.u[0]), share(rect.u[1])), f64::midpoint(share(rect.v[0]), share(rect.v[1])));
        let width = distance(self.land.place(share(rect.u[0]), v), self.land.place(share(rect.u[1]), v));
        let height = distance(self.land.place(u, share(rect.v[0])), self.land.place(u, share(rect.v[1])));
        width * self.dice.between(0.85, 1.18) > height
    }
}

fn share(step: u32) -> f64 {
    f64::from(step) / f64::from(STEPS)
}

/// Sums of mass over the unit square (a summed-area table).
struct Mass(Vec<f64>);

impl Mass {
    fn new(land: &Land) -> Self {
        let n = RASTER;
        let nodes: Vec<Metres> = (0..=n)
            .flat_map(|j| (0..=n).map(move |i| (i, j)))
            .map(|(i, j)| land.place(i as f64 / n as f64, j as f64 / n as f64))
            .collect();
        let mut sums = vec![0.0; (n + 1) * (n + 1)];
        for j in 0..n {
            let mut row = 0.0;
            for i in 0..n {
                let at = |i: usize, j: usize| nodes[j * (n + 1) + i];
                let corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
                row += super::plane::area(&corners).abs() * super::land::density(corners[0]);
                sums[(j + 1) * (n + 1) + i + 1] = sums[j * (n + 1) + i + 1] + row;
            }
        }
        Self(sums)
    }

    /// Returns the mass south-west of a point (bilinear).
    fn below(&self, u: f64, v: f64) -> f64 {
        let (x, y) = (u * RASTER as f64, v * RASTER as f64);
        let (column, row) = ((x as usize).min(RASTER - 1), (y as usize).min(RASTER - 1));
        let (right, up) = (x - column as f64, y - row as f64);
        let at = |i: usize, j: usize| self.0[(row + j) * (RASTER + 1) + column + i];
        let mix = |a: f64, b: f64, t: f64| a * (1.0 - t) + b * t;
        mix(mix(at(0, 0), at(1, 0), right), mix(at(0, 1), at(1, 1), right), up)
    }

    fn of(&self, u: [f64; 2], v: [f64; 2]) -> f64 {
        self.below(u[1], v[1]) - self.below(u[0], v[1]) - self.below(u[1], v[0]) + self.below(u[0], v[0])
    }

    /// Returns where to cut a box so that `part` of its mass lies before the cut (bisection on integers).
    fn cut(&self, rect: Rect, upright: bool, part: f64) -> u32 {
        let (u, v) = ([share(rect.u[0]), share(rect.u[1])], [share(rect.v[0]), share(rect.v[1])]);
        let goal = self.of(u, v) * part;
        let [low, high] = if upright { rect.u } else { rect.v };
        let before = |at: u32| if upright { self.of([u[0], share(at)], v) } else { self.of(u, [v[0], share(at)]) };
        let (mut a, mut b) = (low, high);
        while b - a > 1 {
            let middle = a + (b - a) / 2;
            if before(middle) < goal { a = middle } else { b = middle }
        }
        // A sliver would be no grid: at least a fifth of the box on either side.
        let fifth = (high - low) / 5;
        let at = b.clamp(low + fifth, high - fifth);
        // On a raster of about 7 m, crossings either coincide or lie well apart.
        ((at + SNAP / 2) / SNAP * SNAP).clamp(low + 1, high - 1)
    }
}

/// A corner in the square.
type Corner = (u32, u32);

/// Draws leaves as polygons over shared vertices.
struct Drawing<'a> {
    land: &'a Land,
    dice: Dice,
    rough: f64,
    leaves: &'a [Leaf],
    splits: &'a [Split],
    on_row: BTreeMap<u32, BTreeSet<u32>>,
    on_column: BTreeMap<u32, BTreeSet<u32>>,
    corners: BTreeMap<Corner, u32>,
    edges: BTreeMap<(Corner, Corner), Vec<u32>>,
    out: Partition,
}

impl<'a> Drawing<'a> {
    fn new(land: &'a Land, seed: u64, leaves: &'a [Leaf], splits: &'a [Split], rough: f64) -> Self {
        let (mut on_row, mut on_column) =
            (BTreeMap::<u32, BTreeSet<u32>>::new(), BTreeMap::<u32, BTreeSet<u32>>::new());
        for leaf in leaves {
            for (u, v) in [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(i, j)| (leaf.rect.u[i], leaf.rect.v[j])) {
                on_row.entry(v).or_default().insert(u);
                on_column.entry(u).or_default().insert(v);
            }
        }
        let (corners, edges, out) = (BTreeMap::new(), BTreeMap::new(), Partition::default());
        Self { land, dice: Dice::new(seed, 3), rough, leaves, splits, on_row, on_column, corners, edges, out }
    }

    fn finish(mut self) -> Partition {
        for leaf in self.leaves {
            let cell = self.cell(leaf);
            self.out.cells.push(cell);
        }
        for split in self.splits {
            let path = if split.upright {
                self.side(true, split.at, split.span)
            } else {
                self.side(false, split.at, split.span)
            };
            let length =
                path.windows(2).map(|p| distance(self.out.metres[p[0] as usize], self.out.metres[p[1] as usize])).sum();
            self.out.lines.push(SplitLine { path, length, depth: split.depth });
        }
        join_neighbours(&mut self.out.cells);
        self.out
    }

    fn cell(&mut self, leaf: &Leaf) -> Cell {
        let Rect { u, v } = leaf.rect;
        let (south, north) = (self.side(false, v[0], u), self.side(false, v[1], u));
        let (west, east) = (self.side(true, u[0], v), self.side(true, u[1], v));
        let (mut ring, mut lines) = (Vec::new(), Vec::new());
        let corners = [south[0], east[0], *north.last().unwrap_or(&0), north[0]];
        let back = |mut path: Vec<u32>| {
            path.reverse();
            path
        };
        for (path, line) in [south, east, back(north), back(west)].into_iter().zip(leaf.lines) {
            lines.extend(core::iter::repeat_n(line, path.len() - 1));
            ring.extend(&path[..path.len() - 1]);
        }
        let middle = self.land.place(f64::midpoint(share(u[0]), share(u[1])), f64::midpoint(share(v[0]), share(v[1])));
        let shape: Vec<Metres> = ring.iter().map(|i| self.out.metres[*i as usize]).collect();
        Cell { area: super::plane::area(&shape), ring, lines, corners, neighbours: Vec::new(), middle }
    }

    /// Returns the vertices along a side of a box, from its low end to its high one, both ends included.
    fn side(&mut self, upright: bool, at: u32, span: [u32; 2]) -> Vec<u32> {
        let stops: Vec<u32> = if upright { &self.on_column } else { &self.on_row }
            .get(&at)
            .map(|s| s.range(span[0]..=span[1]).copied().collect())
            .unwrap_or_default();
        let corner = |s: u32| if upright { (at, s) } else { (s, at) };
        let mut path = Vec::new();
        for pair in stops.windows(2) {
            let edge = self.edge(corner(pair[0]), corner(pair[1]));
            path.extend(edge.into_iter().skip(usize::from(!path.is_empty())));
        }
        path
    }

    fn edge(&mut self, a: Corner, b: Corner) -> Vec<u32> {
        if let Some(edge) = self.edges.get(&(a, b)) {
            return edge.clone();
        }
        let (from, to) = ([share(a.0), share(a.1)], [share(b.0), share(b.1)]);
        let mut inner = Vec::new();
        self.bend(from, to, 4, &mut inner);
        let (first, last) = (self.corner(a), self.corner(b));
        let mut line = vec![self.out.metres[first as usize]];
        line.extend(inner);
        line.push(self.out.metres[last as usize]);
        let rough = self.rough * self.roughness(a, b);
        let line = if rough > 0.0 { self.roughen(&line, rough) } else { line };
        let mut edge = vec![first];
        edge.extend(line[1..line.len() - 1].iter().map(|p| self.out.add(*p)).collect::<Vec<_>>());
        edge.push(last);
        self.edges.insert((a, b), edge.clone());
        edge
    }

    /// Adds the points that a curve between two points of the square needs to stay within 5 m.
    fn bend(&self, from: Metres, to: Metres, left: u32, out: &mut Vec<Metres>) {
        let middle = lerp(from, to, 0.5);
        let [a, m, b] = [from, middle, to].map(|p| self.land.place(p[0], p[1]));
        if left == 0 || (super::plane::to_segment(m, a, b) < 5.0 && distance(a, b) < 900.0) {
            return;
        }
        self.bend(from, middle, left - 1, out);
        out.push(m);
        self.bend(middle, to, left - 1, out);
    }

    /// Returns how ragged an edge is: the district's border and edges in the hills are, streets are not.
    fn roughness(&self, a: Corner, b: Corner) -> f64 {
        let border = (a.0 == b.0 && (a.0 == 0 || a.0 == STEPS)) || (a.1 == b.1 && (a.1 == 0 || a.1 == STEPS));
        let middle = self.land.place(f64::midpoint(share(a.0), share(b.0)), f64::midpoint(share(a.1), share(b.1)));
        let wild = super::land::density(middle) < 0.16;
        match (border, wild) {
            (true, true) => 0.13,
            (true, false) | (false, true) => 0.09,
            (false, false) => 0.0,
        }
    }

    /// Displaces midpoints, down to pieces of about 90 m.
    fn roughen(&mut self, line: &[Metres], rough: f64) -> Vec<Metres> {
        let mut out = vec![line[0]];
        for pair in line.windows(2) {
            self.displace(pair[0], pair[1], rough, &mut out);
            out.push(pair[1]);
        }
        out
    }

    fn displace(&mut self, a: Metres, b: Metres, rough: f64, out: &mut Vec<Metres>) {
        if distance(a, b) < 180.0 {
            return;
        }
        let (middle, side) = (lerp(a, b, self.dice.between(0.4, 0.6)), self.dice.between(-rough, rough));
        let p = [middle[0] - (b[1] - a[1]) * side, middle[1] + (b[0] - a[0]) * side];
        self.displace(a, p, rough, out);
        out.push(p);
        self.displace(p, b, rough, out);
    }

    fn corner(&mut self, c: Corner) -> u32 {
        if let Some(v) = self.corners.get(&c) {
            return *v;
        }
        let v = self.out.add(self.land.place(share(c.0), share(c.1)));
        self.corners.insert(c, v);
        v
    }
}

impl Partition {
    /// Adds a vertex; its metres are those of the rounded position, so that both say the same.
    fn add(&mut self, p: Metres) -> u32 {
        let position = to_position(p);
        self.vertices.push(position);
        self.metres.push(to_metres(position));
        self.vertices.len() as u32 - 1
    }
}

/// Finds the grids across each shared edge.
fn join_neighbours(cells: &mut [Cell]) {
    let mut owner = BTreeMap::new();
    for (i, cell) in cells.iter().enumerate() {
        for (a, b) in super::dissolve::edges(&cell.ring) {
            owner.insert((a, b), i as u32);
        }
    }
    for cell in cells.iter_mut() {
        let across: BTreeSet<u32> =
            super::dissolve::edges(&cell.ring).filter_map(|(a, b)| owner.get(&(b, a)).copied()).collect();
        cell.neighbours = across.into_iter().collect();
    }
}
