//! Joins grids into one outline by cancelling the edges they share, so that borders of all levels coincide exactly.

use std::collections::{BTreeMap, BTreeSet};

use super::plane::{Metres, area};

/// Walks the directed edges of a ring that is not closed.
pub fn edges(ring: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    ring.iter().enumerate().map(|(i, a)| (*a, ring[(i + 1) % ring.len()]))
}

/// Returns the rings around a set of rings that are counter-clockwise and share whole edges; holes run clockwise.
pub fn outline<'a>(rings: impl Iterator<Item = &'a [u32]>, metres: &[Metres]) -> Vec<Vec<u32>> {
    let all: BTreeSet<(u32, u32)> = rings.flat_map(edges).collect();
    let mut next = BTreeMap::<u32, Vec<u32>>::new();
    for (a, b) in &all {
        if !all.contains(&(*b, *a)) {
            next.entry(*a).or_default().push(*b);
        }
    }
    let mut out = Vec::new();
    while let Some(start) = next.iter().find(|(_, to)| !to.is_empty()).map(|(a, _)| *a) {
        out.push(follow(start, &mut next, metres));
    }
    out
}

/// Takes one ring out of `next`; where rings touch, it turns left-most, so that each stays simple.
fn follow(start: u32, next: &mut BTreeMap<u32, Vec<u32>>, metres: &[Metres]) -> Vec<u32> {
    let mut ring: Vec<u32> = vec![start];
    let mut at = start;
    while let Some(ways) = next.get_mut(&at).filter(|w| !w.is_empty()) {
        let came = ring.len().checked_sub(2).map(|i| ring[i]);
        let i = came.map_or(0, |from| sharpest_left(from, at, ways, metres));
        at = ways.swap_remove(i);
        if at == start {
            break;
        }
        ring.push(at);
    }
    ring
}

/// Returns which way turns most to the left, coming from `from` to `at`.
fn sharpest_left(from: u32, at: u32, ways: &[u32], metres: &[Metres]) -> usize {
    let vector =
        |a: u32, b: u32| [metres[b as usize][0] - metres[a as usize][0], metres[b as usize][1] - metres[a as usize][1]];
    let d = vector(from, at);
    let turn = |to: u32| {
        let e = vector(at, to);
        libm::atan2(d[0] * e[1] - d[1] * e[0], d[0] * e[0] + d[1] * e[1])
    };
    (0..ways.len()).max_by(|i, j| turn(ways[*i]).total_cmp(&turn(ways[*j]))).unwrap_or(0)
}

/// Sorts rings into polygons: each counter-clockwise ring with the clockwise ones inside it.
pub fn polygons(rings: Vec<Vec<u32>>, metres: &[Metres]) -> Vec<Vec<Vec<u32>>> {
    let shape = |ring: &[u32]| ring.iter().map(|v| metres[*v as usize]).collect::<Vec<_>>();
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|r| area(&shape(r)) > 0.0);
    let mut out: Vec<Vec<Vec<u32>>> = outer.into_iter().map(|r| vec![r]).collect();
    for hole in holes {
        let [a, b] = [hole[0], hole[1 % hole.len()]].map(|v| metres[v as usize]);
        let middle = [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])];
        if let Some(shell) = out.iter_mut().find(|p| super::plane::inside(middle, &shape(&p[0]))) {
            shell.push(hole);
        }
    }
    out
}
