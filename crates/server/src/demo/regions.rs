//! Streets and communities as connected unions of grids, grown from seeds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::partition::Partition;
use super::plane::{Metres, distance};

/// A community: codes and names are the National Bureau of Statistics', the place on the map is invented.
#[derive(Debug, Clone)]
pub struct Community {
    /// Its official code.
    pub code: String,
    /// Its Chinese name, such as 东周社区.
    pub name: String,
    /// Its name in pinyin.
    pub name_en: &'static str,
    /// Which street it belongs to.
    pub street: usize,
    /// Where it grows from.
    pub seed: Metres,
}

/// A street: its official code and Chinese name.
#[derive(Debug, Clone)]
pub struct Street {
    /// Its official code.
    pub code: String,
    /// Its Chinese name, such as 光明街道.
    pub name: String,
    /// Its name in pinyin.
    pub name_en: &'static str,
}

/// Who belongs to whom.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    /// The six streets, by code.
    pub streets: Vec<Street>,
    /// The 31 communities, by code.
    pub communities: Vec<Community>,
    /// For each grid its community.
    pub community_of: Vec<usize>,
}

/// The real names and codes.
const PLACES: &str = include_str!("../../data/guangming-places.csv");

/// Where each community grows from, in kilometres, in the order of the file.
const SEEDS: [(f64, f64); 31] = [
    (3.1, -0.7),
    (5.5, 0.7),
    (1.9, 0.7),
    (4.6, -2.6),
    (3.3, 2.0),
    (6.7, 2.7),
    (-4.7, 1.9),
    (-3.3, 2.5),
    (-2.0, 3.7),
    (-6.3, 2.3),
    (-4.4, 3.7),
    (4.1, 4.7),
    (1.0, 3.5),
    (5.0, 6.6),
    (-1.3, 0.0),
    (1.3, -1.6),
    (-2.2, -1.5),
    (-0.1, -2.5),
    (2.5, -3.1),
    (-2.9, -4.4),
    (-1.0, -5.6),
    (1.6, -5.3),
    (-0.6, -4.1),
    (-4.7, -2.5),
    (-5.8, -1.3),
    (-4.9, -0.2),
    (-4.0, -1.3),
    (-7.2, -2.2),
    (-5.2, -4.0),
    (-6.3, -3.9),
    (-7.1, -0.3),
];

/// Pinyin of the streets, in the order of the file.
const STREETS_EN: [&str; 6] = ["Guangming", "Gongming", "Xinhu", "Fenghuang", "Yutang", "Matian"];

/// Pinyin of the communities, in the order of the file.
const COMMUNITIES_EN: [&str; 31] = [
    "Guangming",
    "Biyan",
    "Dongzhou",
    "Baihua",
    "Cuihu",
    "Jingkou",
    "Gongming",
    "Shangcun",
    "Lisonglang",
    "Xiacun",
    "Xitian",
    "Xinqiang",
    "Loucun",
    "Zhenmei",
    "Jiazitang",
    "Dongkeng",
    "Tangwei",
    "Tangjia",
    "Fenghuang",
    "Tianliao",
    "Yulü",
    "Changzhen",
    "Hongxing",
    "Shutianpu",
    "Heshuikou",
    "Genzhuyuan",
    "Mashantou",
    "Shiwei",
    "Jiangwei",
    "Shijia",
    "Xinzhuang",
];

impl Regions {
    /// Grows streets first, then communities within each, so that both are connected.
    pub fn new(partition: &Partition) -> Self {
        let (streets, communities) = read_places();
        let middle = |s: usize| {
            let own: Vec<Metres> = communities.iter().filter(|c| c.street == s).map(|c| c.seed).collect();
            let n = own.len() as f64;
            [own.iter().map(|p| p[0]).sum::<f64>() / n, own.iter().map(|p| p[1]).sum::<f64>() / n]
        };
        let seeds: Vec<Metres> = (0..streets.len()).map(middle).collect();
        let nearest = |street: usize, p: Metres| {
            communities.iter().filter(|c| c.street == street).map(|c| distance(c.seed, p)).fold(f64::INFINITY, f64::min)
        };
        let street_of = grow(partition, &seeds, &nearest, &|_, _| true);
        let seeds: Vec<Metres> = communities.iter().map(|c| c.seed).collect();
        let allowed = |community: usize, cell: usize| street_of[cell] == communities[community].street;
        let community_of = grow(partition, &seeds, &|c, p| distance(communities[c].seed, p), &allowed);
        Self { streets, communities, community_of }
    }

    /// Returns a community's name without 社区.
    pub fn base_name(&self, community: usize) -> &str {
        self.communities[community].name.trim_end_matches("社区")
    }

    /// Returns the street of a grid.
    pub fn street_of(&self, cell: usize) -> usize {
        self.communities[self.community_of[cell]].street
    }
}

fn read_places() -> (Vec<Street>, Vec<Community>) {
    let (mut streets, mut communities) = (Vec::<Street>::new(), Vec::new());
    for (line, seed) in PLACES.lines().skip(1).zip(SEEDS) {
        let mut fields = line.trim().split(',').map(str::to_owned);
        let mut field = || fields.next().unwrap_or_default();
        let (street_code, street_name, code, name) = (field(), field(), field(), field());
        if streets.last().is_none_or(|s| s.code != street_code) {
            let name_en = STREETS_EN.get(streets.len()).copied().unwrap_or_default();
            streets.push(Street { code: street_code, name: street_name, name_en });
        }
        let name_en = COMMUNITIES_EN.get(communities.len()).copied().unwrap_or_default();
        communities.push(Community {
            code,
            name,
            name_en,
            street: streets.len() - 1,
            seed: [seed.0 * 1000.0, seed.1 * 1000.0],
        });
    }
    (streets, communities)
}

/// Gives each grid to a region: from the grid at each seed outwards, always the cheapest step first.
fn grow(
    partition: &Partition,
    seeds: &[Metres],
    cost: &dyn Fn(usize, Metres) -> f64,
    allowed: &dyn Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let cells = &partition.cells;
    let mut of = vec![usize::MAX; cells.len()];
    let mut heap = BinaryHeap::new();
    let price =
        |region: usize, cell: usize| Reverse(((cost(region, cells[cell].middle) * 1000.0) as u64, cell, region));
    for (region, seed) in seeds.iter().enumerate() {
        let near =
            |a: &usize, b: &usize| distance(cells[*a].middle, *seed).total_cmp(&distance(cells[*b].middle, *seed));
        let start = (0..cells.len()).filter(|c| allowed(region, *c)).min_by(near);
        heap.extend(start.map(|cell| price(region, cell)));
    }
    while let Some(Reverse((_, cell, region))) = heap.pop() {
        if of[cell] != usize::MAX {
            continue;
        }
        of[cell] = region;
        let free =
            cells[cell].neighbours.iter().map(|n| *n as usize).filter(|n| of[*n] == usize::MAX && allowed(region, *n));
        heap.extend(free.map(|n| price(region, n)));
    }
    of
}
