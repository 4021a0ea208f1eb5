//! Buildings: rows along the longest side of their grid, with an address on the nearest road and a code on the door.

use fengtu_wire::basemap::BaseClass;
use fengtu_wire::geojson::Position;
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::BuildingCode;

use super::city::City;
use super::dice::Dice;
use super::ground::apportion;
use super::plane::{Metres, distance, inside, to_metres, to_position, to_segment};
use crate::dataset::BuildingRow;

/// Buildings in the district.
pub const BUILDINGS: u32 = 60_000;

/// Writes all buildings, grid by grid.
pub fn rows(city: &City, seed: u64) -> Vec<BuildingRow> {
    let mut dice = Dice::new(seed, 8);
    let counts = counts(city, &mut dice);
    let mut rows = Vec::with_capacity(BUILDINGS as usize);
    for (g, count) in counts.iter().enumerate() {
        rows.extend(grid_rows(city, g, *count as usize, &mut dice));
    }
    rows
}

/// Returns where each grid's buildings begin in the rows, and one past the last.
pub fn starts(city: &City, buildings: &[BuildingRow]) -> Vec<usize> {
    let mut at = 0;
    let mut starts = vec![0];
    for id in &city.ids {
        at += buildings[at..].iter().take_while(|b| b.place.as_ref() == Some(id)).count();
        starts.push(at);
    }
    starts
}

/// Divides the buildings among the grids: at least one each, the rest by use, size and people.
fn counts(city: &City, dice: &mut Dice) -> Vec<u32> {
    let weight = |(g, kind): (usize, &LandUse)| {
        let hectares = (city.partition.cells[g].area / 10_000.0).min(30.0);
        let (most, usual) = usual(*kind);
        (libm::pow(hectares / 7.0, 0.6) * usual * dice.log_normal(1.0, 0.2)).min(most)
    };
    let weights: Vec<f64> = city.ground.uses.iter().enumerate().map(weight).collect();
    let grids = weights.len() as u32;
    apportion(&weights, BUILDINGS - grids).into_iter().map(|n| n + 1).collect()
}

/// Returns the most buildings of a grid of this use, and the usual number at 7 hectares.
fn usual(kind: LandUse) -> (f64, f64) {
    match kind {
        LandUse::UrbanVillage => (150.0, 62.0),
        LandUse::Estate => (90.0, 26.0),
        LandUse::IndustrialPark => (90.0, 28.0),
        LandUse::Commercial => (60.0, 24.0),
        LandUse::School | LandUse::Hospital => (20.0, 9.0),
        LandUse::BuildingSite => (16.0, 7.0),
        LandUse::Other => (40.0, 14.0),
        LandUse::Farmland => (22.0, 6.0),
        LandUse::Green => (6.0, 1.2),
    }
}

fn grid_rows(city: &City, g: usize, count: usize, dice: &mut Dice) -> Vec<BuildingRow> {
    let ring = city.partition.ring(g);
    let positions = spots(city, &ring, count, dice);
    let floors: Vec<u16> = positions.iter().map(|_| floors(city.ground.uses[g], dice)).collect();
    let shares: Vec<f64> = floors.iter().map(|f| f64::from(*f) * dice.between(0.7, 1.3)).collect();
    let people = apportion(&shares, city.ground.people[g]);
    let row = |(i, at): (usize, Position)| BuildingRow {
        code: BuildingCode(format!("{}{:04}", city.ids[g], i + 1)),
        name: name(city, g, i, count),
        address: address(city, g, &ring, to_metres(at)),
        place: Some(city.ids[g].clone()),
        at: Some(at),
        floors: Some(floors[i]),
        population: people[i],
        land_use: city.ground.uses[g],
    };
    positions.into_iter().enumerate().map(row).collect()
}

/// Finds `count` spots inside a ring, in rows along its longest side; closer rows if they do not fit.
fn spots(city: &City, ring: &[Metres], count: usize, dice: &mut Dice) -> Vec<Position> {
    let area = super::plane::area(ring).abs();
    let mut gap = (area / count as f64).sqrt().min(75.0);
    for _ in 0..24 {
        let mut found = lattice(city, ring, gap, dice);
        if found.len() >= count {
            let start = if found.len() > count { dice.below(found.len() - count + 1) } else { 0 };
            return found.drain(start..start + count).collect();
        }
        gap *= 0.88;
    }
    // A grid that is all water still has a pump house: its middle.
    let middle = to_position(super::plane::centroid(ring));
    vec![middle; count]
}

/// Lists the dry spots of a jittered lattice inside a ring.
fn lattice(city: &City, ring: &[Metres], gap: f64, dice: &mut Dice) -> Vec<Position> {
    let (direction, origin) = longest_side(ring);
    let turn = |p: Metres| {
        let d = [p[0] - origin[0], p[1] - origin[1]];
        [d[0] * direction[0] + d[1] * direction[1], d[1] * direction[0] - d[0] * direction[1]]
    };
    let turned: Vec<Metres> = ring.iter().map(|p| turn(*p)).collect();
    let (low, high) = turned.iter().fold(([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]), |(l, h), p| {
        ([l[0].min(p[0]), l[1].min(p[1])], [h[0].max(p[0]), h[1].max(p[1])])
    });
    let steps = |k: usize| ((high[k] - low[k]) / gap).ceil() as u32;
    let middle = super::plane::centroid(ring);
    let margin = (gap * 0.22).clamp(2.0, 9.0);
    let water = city.land.near_water(middle, distance(low, high));
    let mut out = Vec::new();
    for j in 0..steps(1) {
        for i in 0..steps(0) {
            let x = low[0] + (f64::from(i) + 0.5 + dice.between(-0.12, 0.12)) * gap;
            let y = low[1] + (f64::from(j) + 0.5 + dice.between(-0.08, 0.08)) * gap;
            let p = [origin[0] + x * direction[0] - y * direction[1], origin[1] + x * direction[1] + y * direction[0]];
            let at = to_position(p);
            if inside(to_metres(at), ring) && clear(ring, to_metres(at), margin) && !(water && city.land.wet(p, 28.0)) {
                out.push(at);
            }
        }
    }
    out
}

/// Returns whether a point keeps its distance from the ring.
fn clear(ring: &[Metres], p: Metres, margin: f64) -> bool {
    (0..ring.len()).all(|i| to_segment(p, ring[i], ring[(i + 1) % ring.len()]) > margin)
}

/// Returns the unit vector along the longest edge, and where that edge begins.
fn longest_side(ring: &[Metres]) -> (Metres, Metres) {
    let edge = |i: usize| (ring[i], ring[(i + 1) % ring.len()]);
    let longest = (0..ring.len()).max_by(|i, j| {
        let (a, b) = (edge(*i), edge(*j));
        distance(a.0, a.1).total_cmp(&distance(b.0, b.1))
    });
    let (a, b) = edge(longest.unwrap_or(0));
    let length = distance(a, b).max(1e-9);
    ([(b[0] - a[0]) / length, (b[1] - a[1]) / length], a)
}

fn floors(kind: LandUse, dice: &mut Dice) -> u16 {
    let (low, high) = match kind {
        LandUse::Estate => {
            if dice.chance(0.6) {
                (17, 34)
            } else {
                (6, 9)
            }
        }
        LandUse::UrbanVillage => (3, 9),
        LandUse::IndustrialPark => (3, 8),
        LandUse::Commercial => (2, 22),
        LandUse::School => (3, 6),
        LandUse::Hospital => (4, 14),
        LandUse::Other => (1, 6),
        LandUse::BuildingSite | LandUse::Green | LandUse::Farmland => (1, 2),
    };
    dice.whole(low, high) as u16
}

/// Names the i-th building of a grid.
fn name(city: &City, g: usize, i: usize, count: usize) -> String {
    let (site, n) = (&city.sites[g], i + 1);
    let letter = char::from(b'A' + (i % 26) as u8);
    match city.ground.uses[g] {
        LandUse::Estate => format!("{site}{n}栋"),
        LandUse::UrbanVillage | LandUse::Other => format!("{site}{n}号楼"),
        LandUse::IndustrialPark if i * 4 >= count * 3 => format!("{site}宿舍{n}栋"),
        LandUse::IndustrialPark if count <= 26 => format!("{site}{letter}栋"),
        LandUse::IndustrialPark => format!("{site}厂房{n}栋"),
        LandUse::Commercial => {
            if count <= 26 {
                format!("{site}{letter}座")
            } else {
                format!("{site}{n}号楼")
            }
        }
        LandUse::School => format!(
            "{site}{}",
            ["教学楼", "综合楼", "实验楼", "体育馆", "食堂", "宿舍楼"]
                .get(i)
                .map_or_else(|| format!("{n}号楼"), |s| (*s).to_owned())
        ),
        LandUse::Hospital => format!(
            "{site}{}",
            ["门诊楼", "住院楼", "医技楼", "行政楼"].get(i).map_or_else(|| format!("{n}号楼"), |s| (*s).to_owned())
        ),
        LandUse::BuildingSite => format!("{site}工人生活区{n}栋"),
        LandUse::Green => format!("{site}管护房{n}"),
        LandUse::Farmland => format!("{site}{n}号房"),
    }
}

/// Writes an address: street, community, nearest road and a number that grows along it, odd on one side.
fn address(city: &City, g: usize, ring: &[Metres], p: Metres) -> String {
    let regions = &city.regions;
    let community = &regions.communities[regions.community_of[g]];
    let area = format!("光明区{}{}", regions.streets[community.street].name, community.name);
    match nearest_road(city, g, ring, p) {
        Some(line) => format!("{area}{}{}号", city.roads[line].name, door_number(city, line, p)),
        None => format!("{area}{}", city.sites[g]),
    }
}

/// Returns the line of the nearest side that has a road.
fn nearest_road(city: &City, g: usize, ring: &[Metres], p: Metres) -> Option<usize> {
    let side = |(i, line): (usize, &Option<u32>)| {
        let line = (*line)? as usize;
        // A wider road draws addresses from further away.
        let pull = match city.roads[line].class {
            BaseClass::Primary => 0.7,
            BaseClass::Secondary => 0.85,
            _ => 1.0,
        };
        Some((to_segment(p, ring[i], ring[(i + 1) % ring.len()]) * pull, line))
    };
    let sides = city.partition.cells[g].lines.iter().enumerate().filter_map(side);
    sides.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, line)| line)
}

fn door_number(city: &City, line: usize, p: Metres) -> u32 {
    let path = &city.partition.lines[line].path;
    let at = |v: Option<&u32>| v.map_or(p, |v| city.partition.metres[*v as usize]);
    let (a, b) = (at(path.first()), at(path.last()));
    let left = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0.0;
    2 * (distance(a, p) / 11.0) as u32 + if left { 1 } else { 2 }
}
