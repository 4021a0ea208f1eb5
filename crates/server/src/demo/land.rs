//! The invented land: its outline, where towns, industry, farms and hills lie, and its water.
//!
//! Everything is a smooth function of a point in metres. The outline is a Coons patch: four boundary curves span a
//! map from the unit square, so that whatever divides the square divides the district without a gap or an overlap.

use super::dice::Dice;
use super::plane::{Metres, curve, distance, inside, lerp, to_line};

/// South side, from the south-west corner to the south-east one, in metres.
const SOUTH: &[Metres] = &[
    [-6600.0, -5900.0],
    [-4700.0, -6500.0],
    [-2300.0, -6700.0],
    [400.0, -7500.0],
    [2900.0, -7300.0],
    [5000.0, -5600.0],
];
/// North side, from west to east.
const NORTH: &[Metres] =
    &[[-6500.0, 5000.0], [-3700.0, 5900.0], [-1200.0, 5000.0], [1500.0, 6500.0], [4300.0, 8300.0], [7700.0, 7700.0]];
/// West side, from south to north.
const WEST: &[Metres] = &[
    [-6600.0, -5900.0],
    [-8300.0, -3500.0],
    [-7900.0, -900.0],
    [-8700.0, 1500.0],
    [-7900.0, 3300.0],
    [-6500.0, 5000.0],
];
/// East side, from south to north.
const EAST: &[Metres] =
    &[[5000.0, -5600.0], [5500.0, -2700.0], [7500.0, -700.0], [7500.0, 2300.0], [8700.0, 5000.0], [7700.0, 7700.0]];

/// What the boundary curves are shrunk by, so that the district has its 155 km².
const SCALE: f64 = 0.898;

/// A hump of a field: where, how wide in metres, how high.
type Hump = (f64, f64, f64, f64);

/// Town centres.
const TOWNS: &[Hump] = &[
    (-4700.0, 2100.0, 1500.0, 1.00),
    (-2500.0, 3300.0, 900.0, 0.45),
    (-6500.0, -900.0, 1000.0, 0.85),
    (-5600.0, -3700.0, 1100.0, 0.80),
    (-4300.0, -1900.0, 900.0, 0.60),
    (-2900.0, -4300.0, 1000.0, 0.70),
    (-600.0, -5700.0, 800.0, 0.50),
    (1500.0, -5300.0, 800.0, 0.45),
    (-1500.0, -1300.0, 1000.0, 0.65),
    (900.0, -2700.0, 1100.0, 0.75),
    (3000.0, -1100.0, 1200.0, 0.80),
    (2500.0, 1500.0, 800.0, 0.40),
    (1500.0, 3600.0, 900.0, 0.50),
    (3900.0, 4600.0, 800.0, 0.40),
    (5100.0, 1100.0, 700.0, 0.40),
    (5800.0, 2500.0, 480.0, 1.30),
    (4700.0, 6300.0, 480.0, 0.50),
    (4300.0, -2900.0, 500.0, 0.30),
];
/// Industrial belts.
const INDUSTRY: &[Hump] = &[
    (-7300.0, 1400.0, 1100.0, 0.8),
    (-6300.0, -5200.0, 900.0, 0.8),
    (-3300.0, 300.0, 1100.0, 0.8),
    (-4100.0, -5500.0, 900.0, 0.7),
    (-900.0, -3900.0, 900.0, 0.7),
    (2700.0, -5600.0, 900.0, 0.8),
    (3700.0, -3300.0, 900.0, 0.6),
    (-300.0, 2900.0, 1000.0, 0.7),
    (2900.0, 5700.0, 800.0, 0.6),
    (900.0, 300.0, 900.0, 0.5),
];
/// Wooded hills.
const HILLS: &[Hump] = &[
    (7300.0, 2500.0, 1900.0, 1.0),
    (6600.0, 5900.0, 1700.0, 1.0),
    (6300.0, -700.0, 1500.0, 0.9),
    (4600.0, -4900.0, 1000.0, 0.8),
    (-900.0, 4900.0, 900.0, 0.6),
    (4300.0, 7600.0, 1300.0, 0.9),
    (600.0, -7100.0, 800.0, 0.7),
    (-7900.0, -3000.0, 600.0, 0.6),
    (-4300.0, 4600.0, 800.0, 0.7),
];
/// Farmland.
const FARMS: &[Hump] = &[
    (4300.0, 2700.0, 1300.0, 0.8),
    (200.0, 1300.0, 1000.0, 0.6),
    (1600.0, 5300.0, 900.0, 0.7),
    (5600.0, 300.0, 800.0, 0.5),
];

/// Lakes and reservoirs: middle, mean radius in metres, length over width, name.
const LAKES: &[(f64, f64, f64, f64, &str)] = &[
    (6300.0, 3600.0, 620.0, 1.7, "鹅颈水库"),
    (5900.0, 6500.0, 450.0, 1.4, "罗村湖水库"),
    (-900.0, 4500.0, 330.0, 1.5, "莲塘湖"),
    (4500.0, -4400.0, 360.0, 1.6, "桂坑水库"),
    (5700.0, -900.0, 280.0, 1.3, "碧眼湖"),
    (2100.0, -300.0, 190.0, 1.8, "科学公园湖"),
];
/// The main river and its tributaries, from the source on; the first is the main one.
const RIVERS: &[(&str, &[Metres])] = &[
    (
        "茅溪河",
        &[
            [4500.0, -4400.0],
            [3300.0, -4000.0],
            [2200.0, -3900.0],
            [1500.0, -1900.0],
            [300.0, -500.0],
            [-900.0, 700.0],
            [-2600.0, 900.0],
            [-3700.0, -500.0],
            [-5300.0, -600.0],
            [-6900.0, 400.0],
            [-7750.0, 300.0],
        ],
    ),
    (
        "鹅颈水",
        &[
            [6300.0, 3600.0],
            [5200.0, 3400.0],
            [4100.0, 3500.0],
            [3000.0, 2700.0],
            [1600.0, 2400.0],
            [400.0, 2000.0],
            [-900.0, 700.0],
        ],
    ),
    (
        "罗溪",
        &[
            [5900.0, 6500.0],
            [4700.0, 6000.0],
            [3100.0, 6300.0],
            [2100.0, 5000.0],
            [700.0, 4500.0],
            [0.0, 3400.0],
            [400.0, 2000.0],
        ],
    ),
    ("上坪水", &[[-4300.0, 4900.0], [-3800.0, 3700.0], [-3500.0, 2600.0], [-2900.0, 1700.0], [-2600.0, 900.0]]),
    (
        "玉津水",
        &[
            [300.0, -7400.0],
            [-300.0, -6500.0],
            [-1700.0, -5300.0],
            [-1900.0, -3500.0],
            [-3300.0, -2900.0],
            [-3600.0, -1500.0],
            [-3700.0, -500.0],
        ],
    ),
    ("碧溪", &[[5700.0, -900.0], [4700.0, -500.0], [4000.0, -1900.0], [2900.0, -2500.0], [1800.0, -2500.0]]),
];

/// The land of one seed.
#[derive(Debug, Clone)]
pub struct Land {
    noise: Noise,
    /// Lakes: ring and name.
    pub lakes: Vec<(Vec<Metres>, &'static str)>,
    /// Rivers: line and name, the main one first.
    pub rivers: Vec<(Vec<Metres>, &'static str)>,
}

impl Land {
    /// Shapes the land of a seed, about 155 km².
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 1);
        let noise = Noise::new(&mut dice);
        let lakes = LAKES.iter().map(|l| (blob([l.0, l.1], l.2, l.3, &mut dice), l.4)).collect();
        let rivers = RIVERS.iter().map(|(name, points)| (wander(points, &mut dice), *name)).collect();
        Self { noise, lakes, rivers }
    }

    /// Maps a point of the unit square into the district.
    pub fn place(&self, u: f64, v: f64) -> Metres {
        let (south, north, west, east) = (along(SOUTH, u), along(NORTH, u), along(WEST, v), along(EAST, v));
        let corners = lerp(lerp(SOUTH[0], SOUTH[SOUTH.len() - 1], u), lerp(NORTH[0], NORTH[NORTH.len() - 1], u), v);
        let (across, up) = (lerp(west, east, u), lerp(south, north, v));
        let p = [across[0] + up[0] - corners[0], across[1] + up[1] - corners[1]];
        let bend = self.noise.bend([p[0] * SCALE, p[1] * SCALE]);
        [p[0] * SCALE + bend[0], p[1] * SCALE + bend[1]]
    }

    /// Returns whether any water may lie within `radius` metres of a point; cheap, to spare the exact question.
    pub fn near_water(&self, p: Metres, radius: f64) -> bool {
        let lakes = self.lakes.iter().any(|(ring, _)| ring.iter().any(|v| distance(*v, p) < radius + 500.0));
        lakes || self.rivers.iter().any(|(line, _)| to_line(p, line) < radius)
    }

    /// Returns whether a point lies in a lake or within `margin` metres of a river.
    pub fn wet(&self, p: Metres, margin: f64) -> bool {
        let near = |line: &[Metres]| to_line(p, line) < margin;
        self.lakes.iter().any(|(ring, _)| inside(p, ring)) || self.rivers.iter().any(|(line, _)| near(line))
    }
}

/// Returns how much of a town a point is, about 0–1.5.
pub fn town(p: Metres) -> f64 {
    field(TOWNS, p)
}

/// Returns how industrial a point is, about 0–1.
pub fn industry(p: Metres) -> f64 {
    field(INDUSTRY, p)
}

/// Returns how much of a wooded hill a point is, about 0–1.
pub fn hill(p: Metres) -> f64 {
    field(HILLS, p)
}

/// Returns how much of a field a point is, about 0–1.
pub fn farm(p: Metres) -> f64 {
    field(FARMS, p)
}

/// Returns how many grids there should be per area, in arbitrary units: fine in towns, coarse in hills.
pub fn density(p: Metres) -> f64 {
    let built = town(p) + 0.45 * industry(p);
    let wild = hill(p) + 0.5 * farm(p);
    0.035 + built * built / (0.25 + built) / (1.0 + 2.5 * wild * wild)
}

/// Sums humps, each falling off with the fourth power of the distance: near a bell, with no exponential.
fn field(humps: &[Hump], p: Metres) -> f64 {
    humps
        .iter()
        .map(|(x, y, s, h)| {
            let d = distance(p, [*x, *y]) / s;
            h / ((1.0 + d * d) * (1.0 + d * d)) * 1.3
        })
        .sum()
}

/// Returns the point at share `t` of a boundary curve.
fn along(points: &[Metres], t: f64) -> Metres {
    let pieces = points.len() - 1;
    let i = ((t * pieces as f64) as usize).min(pieces - 1);
    let local = t * pieces as f64 - i as f64;
    let end = points.len() - 1;
    let four = [points[i.saturating_sub(1)], points[i], points[i + 1], points[(i + 2).min(end)]];
    super::plane::catmull(four, local)
}

/// Draws a lake: an ellipse with a ragged shore.
fn blob(middle: Metres, radius: f64, stretch: f64, dice: &mut Dice) -> Vec<Metres> {
    let turn = dice.between(0.0, core::f64::consts::PI);
    let waves: Vec<(f64, f64)> = (2..7)
        .map(|k| (dice.between(0.0, core::f64::consts::TAU), dice.between(0.03, 0.20) / f64::from(k).sqrt()))
        .collect();
    (0..56)
        .map(|i| {
            let a = f64::from(i) / 56.0 * core::f64::consts::TAU;
            let r = radius
                * (1.0
                    + waves
                        .iter()
                        .enumerate()
                        .map(|(k, (phase, amp))| amp * libm::cos((k as f64 + 2.0) * a + phase))
                        .sum::<f64>());
            let (x, y) = (r * libm::cos(a) * stretch.sqrt(), r * libm::sin(a) / stretch.sqrt());
            [
                middle[0] + x * libm::cos(turn) - y * libm::sin(turn),
                middle[1] + x * libm::sin(turn) + y * libm::cos(turn),
            ]
        })
        .collect()
}

/// Draws a river through points with small bends of its own.
fn wander(points: &[Metres], dice: &mut Dice) -> Vec<Metres> {
    let mut bent = vec![points[0]];
    for pair in points.windows(2) {
        let middle = lerp(pair[0], pair[1], dice.between(0.4, 0.6));
        let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
        let side = dice.between(-0.14, 0.14);
        bent.push([middle[0] - dy * side, middle[1] + dx * side]);
        bent.push(pair[1]);
    }
    curve(&bent, 6)
}

/// Smooth noise that bends straight lines a little.
#[derive(Debug, Clone)]
struct Noise(Vec<Metres>);

/// Lattice points of the noise a side.
const LATTICE: usize = 32;

impl Noise {
    fn new(dice: &mut Dice) -> Self {
        Self((0..LATTICE * LATTICE).map(|_| [dice.between(-1.0, 1.0), dice.between(-1.0, 1.0)]).collect())
    }

    /// Returns by how many metres a point is moved: long bends and short ones.
    fn bend(&self, p: Metres) -> Metres {
        let (long, short) = (self.at(p, 3600.0), self.at([p[0] + 40_000.0, p[1]], 1100.0));
        [long[0] * 420.0 + short[0] * 65.0, long[1] * 420.0 + short[1] * 65.0]
    }

    fn at(&self, p: Metres, wave: f64) -> Metres {
        let (x, y) = (p[0] / wave + 1000.0, p[1] / wave + 1000.0);
        let (column, row) = (x as usize, y as usize);
        let (right, up) = (smooth(x - column as f64), smooth(y - row as f64));
        let node = |i: usize, j: usize| self.0[((row + j) % LATTICE) * LATTICE + (column + i) % LATTICE];
        lerp(lerp(node(0, 0), node(1, 0), right), lerp(node(0, 1), node(1, 1), right), up)
    }
}

/// Eases 0..1 with flat ends (quintic).
fn smooth(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}
