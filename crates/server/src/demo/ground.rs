//! What each grid's ground is used for, and how many people live there.

use fengtu_wire::grids::LandUse;

use super::dice::Dice;
use super::land::Land;
use super::partition::Partition;

/// People in the district.
pub const PEOPLE: u32 = 1_400_000;

/// How many grids of the kinds that are placed one by one: kind, count, how much they seek the middle of towns.
const PLACED: &[(LandUse, usize, f64)] = &[
    (LandUse::Hospital, 12, 1.0),
    (LandUse::School, 72, 0.8),
    (LandUse::Commercial, 118, 3.0),
    (LandUse::BuildingSite, 58, 0.3),
    (LandUse::Other, 46, 0.2),
];

/// What a grid is used for and its people.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Land use of each grid.
    pub uses: Vec<LandUse>,
    /// People in each grid.
    pub people: Vec<u32>,
}

impl Ground {
    /// Decides by the land's fields, a patchwork of noise, and the kinds that are placed one by one.
    pub fn new(land: &Land, partition: &Partition, seed: u64) -> Self {
        let mut dice = Dice::new(seed, 4);
        let mut uses: Vec<LandUse> =
            partition.cells.iter().map(|c| broad_use(land, c.middle, c.area, &mut dice)).collect();
        for (kind, count, pull) in PLACED {
            place_kind(partition, &mut uses, *kind, *count, *pull, &mut dice);
        }
        let people = people(partition, &uses, &mut dice);
        Self { uses, people }
    }
}

/// Decides between the broad kinds.
fn broad_use(land: &Land, p: [f64; 2], area: f64, dice: &mut Dice) -> LandUse {
    let mut jitter = |width: f64| dice.between(-width, width);
    let lake = land.lakes.iter().any(|(ring, _)| super::plane::inside(p, ring));
    let (town, industry) = (super::land::town(p) + jitter(0.15), super::land::industry(p) * 1.05 + jitter(0.2));
    let (hill, farm) = (super::land::hill(p) * 0.95 + jitter(0.1), super::land::farm(p) * 0.75 + jitter(0.15));
    let large = if area > 350_000.0 { 0.5 } else { 0.0 };
    let best = town.max(industry);
    if lake || hill + large > best.max(farm + large) {
        LandUse::Green
    } else if farm + large > best {
        LandUse::Farmland
    } else if industry > town {
        LandUse::IndustrialPark
    } else if town + jitter(0.35) > 0.92 || jitter(1.0) > 0.35 {
        LandUse::Estate
    } else {
        LandUse::UrbanVillage
    }
}

/// Turns `count` built-up grids into one kind, drawn by how much of a town they are.
fn place_kind(partition: &Partition, uses: &mut [LandUse], kind: LandUse, count: usize, pull: f64, dice: &mut Dice) {
    let built = |u: LandUse| matches!(u, LandUse::Estate | LandUse::UrbanVillage | LandUse::IndustrialPark);
    let mut left = count;
    while left > 0 {
        let weight = |(i, c): (usize, &super::partition::Cell)| {
            let fits = built(uses[i]) && (kind == LandUse::BuildingSite || uses[i] != LandUse::IndustrialPark);
            if fits { libm::pow(super::land::town(c.middle).max(0.02), pull) } else { 0.0 }
        };
        let weights: Vec<f64> = partition.cells.iter().enumerate().map(weight).collect();
        uses[dice.weighted(&weights)] = kind;
        left -= 1;
    }
}

/// People per hectare, before the total is fixed, and the least and the most hectares that count.
fn crowding(kind: LandUse) -> f64 {
    match kind {
        LandUse::UrbanVillage => 400.0,
        LandUse::Estate => 300.0,
        LandUse::Commercial => 150.0,
        LandUse::IndustrialPark => 110.0,
        LandUse::School => 60.0,
        LandUse::Hospital | LandUse::BuildingSite => 45.0,
        LandUse::Other => 70.0,
        LandUse::Farmland => 2.5,
        LandUse::Green => 0.6,
    }
}

fn people(partition: &Partition, uses: &[LandUse], dice: &mut Dice) -> Vec<u32> {
    let weight = |(cell, kind): (&super::partition::Cell, &LandUse)| {
        let hectares = (cell.area / 10_000.0).min(60.0);
        crowding(*kind) * libm::pow(hectares, 0.75) * dice.log_normal(1.0, 0.3)
    };
    let weights: Vec<f64> = partition.cells.iter().zip(uses).map(weight).collect();
    let total: f64 = weights.iter().sum();
    apportion(&weights.iter().map(|w| w / total).collect::<Vec<_>>(), PEOPLE)
}

/// Divides a whole number by shares, exactly (largest remainder).
pub fn apportion(shares: &[f64], total: u32) -> Vec<u32> {
    let sum: f64 = shares.iter().sum();
    let exact: Vec<f64> = shares.iter().map(|s| if sum > 0.0 { s / sum * f64::from(total) } else { 0.0 }).collect();
    let mut out: Vec<u32> = exact.iter().map(|e| *e as u32).collect();
    let mut order: Vec<usize> = (0..out.len()).collect();
    order.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())).then(a.cmp(b)));
    let missing = total.saturating_sub(out.iter().sum()) as usize;
    for i in order.iter().cycle().take(if out.is_empty() { 0 } else { missing }) {
        out[*i] += 1;
    }
    out
}
