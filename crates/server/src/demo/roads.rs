//! Roads: which lines of the partition are streets, how wide they are, and what they are called.

use super::dice::Dice;
use super::partition::Partition;
use super::regions::Regions;
use super::words::{NUMERALS, place_words};
use fengtu_wire::basemap::BaseClass;

/// A road along one line of the partition.
#[derive(Debug, Clone)]
pub struct Road {
    /// How wide it is: primary, secondary or minor.
    pub class: BaseClass,
    /// Its name.
    pub name: String,
}

/// Names every line of the partition.
pub fn name_roads(partition: &Partition, regions: &Regions, seed: u64) -> Vec<Road> {
    let mut dice = Dice::new(seed, 5);
    let mut words = place_words(&mut dice).into_iter();
    let mut lanes = vec![0_usize; regions.communities.len()];
    let beside = communities_beside(partition, regions);
    let name = |(line, community): (&super::partition::SplitLine, usize)| {
        let class = class_of(line.length, line.depth);
        let name = match class {
            BaseClass::Primary => format!("{}大道", words.next().unwrap_or_default()),
            BaseClass::Secondary => format!("{}路", words.next().unwrap_or_default()),
            _ => lane_name(regions, community, &mut lanes, &mut words),
        };
        Road { class, name }
    };
    partition.lines.iter().zip(beside).map(name).collect()
}

fn class_of(length: f64, depth: u32) -> BaseClass {
    match length {
        l if l > 2600.0 && depth < 7 => BaseClass::Primary,
        l if l > 1050.0 => BaseClass::Secondary,
        _ => BaseClass::Minor,
    }
}

/// Names a lane after its community and a number, or with a word of its own while there are any.
fn lane_name(
    regions: &Regions,
    community: usize,
    lanes: &mut [usize],
    words: &mut impl Iterator<Item = String>,
) -> String {
    let n = lanes[community];
    lanes[community] += 1;
    let base = regions.base_name(community);
    match n % 3 {
        0 => words.next().map_or_else(|| format!("{base}横街{n}号路"), |w| format!("{w}街")),
        1 => format!("{base}{}巷", numeral(n / 3 + 1)),
        _ => format!("{base}{}路", numeral(n / 3 + 1)),
    }
}

/// Writes 1–99 in Chinese.
pub fn numeral(n: usize) -> String {
    match (n / 10, n % 10) {
        (0, _) => NUMERALS[n.clamp(1, 12) - 1].to_owned(),
        (1, 0) => "十".to_owned(),
        (1, u) => format!("十{}", NUMERALS[u - 1]),
        (t, 0) => format!("{}十", NUMERALS[(t - 1).min(8)]),
        (t, u) => format!("{}十{}", NUMERALS[(t - 1).min(8)], NUMERALS[u - 1]),
    }
}

/// Finds a community beside each line.
fn communities_beside(partition: &Partition, regions: &Regions) -> Vec<usize> {
    let mut beside = vec![0; partition.lines.len()];
    for (cell, shape) in partition.cells.iter().enumerate() {
        for line in shape.lines.iter().flatten() {
            beside[*line as usize] = regions.community_of[cell];
        }
    }
    beside
}
