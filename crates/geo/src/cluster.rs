//! Clusters: what stands too near to one another on a map to be told apart becomes one, with a count.
//!
//! Points fall into the cells of a grid that is fixed to the world, so that nothing changes while a map pans; then cells are
//! joined, the largest first, until no two clusters stand nearer than the radius. Nothing is built beforehand, so any choice of
//! points costs the same: linear in points, plus the sorting of occupied cells. Sums are whole numbers, so that the same points
//! in any order give the same clusters to the last bit.
//!
//! The world has an edge here: what stands on both sides of the antimeridian is not joined.

use crate::mercator::{HALF_WORLD, Metres};

/// Holds a cluster, or a single point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cluster {
    /// The mean of its points, Web Mercator metres, each rounded to [`GRAIN`].
    pub at: Metres,
    /// Its points.
    pub count: u32,
    /// The box around them: its low corner and its high one.
    pub reach: [Metres; 2],
    /// The least of its points' numbers.
    pub member: u32,
}

/// Metres that places are rounded to.
pub const GRAIN: f64 = 1.0 / 128.0;

/// Gathers points into clusters.
#[derive(Debug, Clone)]
pub struct Clusters {
    radius: f64,
    cells: Cells,
    groups: Vec<Group>,
}

/// Holds what stands in a cell.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Sums of the points' places, in grains from the middle of the world.
    x: i64,
    y: i64,
    /// Points; 0 for a group that has gone into another.
    count: u32,
    member: u32,
    reach: [Metres; 2],
    /// The cell that it stands in.
    cell: usize,
}

impl Clusters {
    /// Begins; what stands nearer than `radius`, Web Mercator metres, will be one. A radius that is none joins only what
    /// stands on one spot.
    pub fn new(radius: f64) -> Self {
        // Smaller, and the world would have more cells than their numbers count.
        let radius = radius.max(2.0 * GRAIN);
        // Any two places of a cell are nearer than the radius.
        Self { radius, cells: Cells::of_side(radius / std::f64::consts::SQRT_2), groups: Vec::new() }
    }

    /// Adds a point by its place in Web Mercator metres and its number; one whose place is no number is left out.
    // Called for each point, from crates that are built for size.
    #[inline(never)]
    pub fn add(&mut self, x: f64, y: f64, number: u32) {
        if !(x.is_finite() && y.is_finite()) {
            return;
        }
        let (x, y) = (x.clamp(-HALF_WORLD, HALF_WORLD), y.clamp(-HALF_WORLD, HALF_WORLD));
        let cell = self.cells.at(self.cells.key(x, y));
        let grains = |at: f64| (at / GRAIN).round() as i64;
        let at = Metres { x, y };
        let point = Group { x: grains(x), y: grains(y), count: 1, member: number, reach: [at, at], cell };
        if let Some(group) = self.cells.owner(cell).and_then(|group| self.groups.get_mut(group)) {
            group.take(&point);
        } else {
            self.cells.give(cell, Some(self.groups.len()));
            self.groups.push(point);
        }
    }

    /// Gives the clusters, the largest first; no two stand nearer than the radius.
    pub fn finish(mut self) -> Vec<Cluster> {
        for group in self.largest_first() {
            while self.join(group) {}
        }
        let left = self.largest_first();
        left.into_iter().filter_map(|group| self.groups.get(group).map(Group::cluster)).collect()
    }

    /// Lists the groups that are left by count, then by where they stand.
    fn largest_first(&self) -> Vec<usize> {
        let alive = self.groups.iter().enumerate().filter(|(_, group)| group.count > 0);
        let mut order: Vec<_> =
            alive.map(|(number, group)| (!group.count, self.cells.key_of(group.cell), number)).collect();
        order.sort_unstable();
        order.into_iter().map(|(.., number)| number).collect()
    }

    /// Takes all that stands too near into a group, which moves by that; tells whether there was any.
    fn join(&mut self, number: usize) -> bool {
        let Some(mut group) = self.groups.get(number).copied().filter(|group| group.count > 0) else { return false };
        let (old, at) = (group.cell, group.at());
        for cell in self.cells.around(old) {
            let near = |other: &Group| other.count > 0 && distance(other.at(), at) < self.radius;
            let other = self.cells.owner(cell).filter(|other| *other != number);
            if let Some(other) = other.and_then(|other| self.groups.get_mut(other)).filter(|other| near(other)) {
                group.take(other);
                other.count = 0;
                self.cells.give(cell, None);
            }
        }
        if self.groups.get(number).is_some_and(|before| before.count == group.count) {
            return false;
        }
        self.settle(number, group, old);
        true
    }

    /// Puts a group that has moved into its new cell; what stands there already is too near, and goes into it.
    fn settle(&mut self, number: usize, mut group: Group, old: usize) {
        self.cells.give(old, None);
        loop {
            let Metres { x, y } = group.at();
            group.cell = self.cells.at(self.cells.key(x, y));
            let Some(other) = self.cells.owner(group.cell).and_then(|other| self.groups.get_mut(other)) else { break };
            group.take(other);
            other.count = 0;
            self.cells.give(group.cell, None);
        }
        self.cells.give(group.cell, Some(number));
        if let Some(place) = self.groups.get_mut(number) {
            *place = group;
        }
    }
}

impl Group {
    fn at(&self) -> Metres {
        let mean = |sum: i64| sum as f64 / f64::from(self.count.max(1)) * GRAIN;
        Metres { x: mean(self.x), y: mean(self.y) }
    }

    fn take(&mut self, other: &Self) {
        self.x += other.x;
        self.y += other.y;
        self.count = self.count.saturating_add(other.count);
        self.member = self.member.min(other.member);
        let ([low, high], [other_low, other_high]) = (self.reach, other.reach);
        self.reach = [
            Metres { x: low.x.min(other_low.x), y: low.y.min(other_low.y) },
            Metres { x: high.x.max(other_high.x), y: high.y.max(other_high.y) },
        ];
    }

    fn cluster(&self) -> Cluster {
        Cluster { at: self.at(), count: self.count, reach: self.reach, member: self.member }
    }
}

fn distance(a: Metres, b: Metres) -> f64 {
    // Not by `hypot`: it takes care of numbers that no map has, and takes its time.
    let (x, y) = (a.x - b.x, a.y - b.y);
    (x * x + y * y).sqrt()
}

/// Holds the cells in which anything ever stood, and which group stands there now: a table with open addressing.
#[derive(Debug, Clone)]
struct Cells {
    per_metre: f64,
    /// Where a key's cell is, by the key's hash; `FREE` where there is none.
    table: Vec<u32>,
    known: Vec<(u64, u32)>,
}

/// Marks a place of the table, or a cell, that has nothing.
const FREE: u32 = u32::MAX;
/// Places of an empty table; always a power of two.
const SMALLEST: usize = 1 << 10;

impl Cells {
    fn of_side(side: f64) -> Self {
        Self { per_metre: 1.0 / side, table: vec![FREE; SMALLEST], known: Vec::new() }
    }

    /// Gives the column and the row of a place, one in each half.
    fn key(&self, x: f64, y: f64) -> u64 {
        // The casts saturate.
        let number = |at: f64| ((at + HALF_WORLD) * self.per_metre) as u32;
        u64::from(number(x)) << 32 | u64::from(number(y))
    }

    fn key_of(&self, cell: usize) -> u64 {
        self.known.get(cell).map_or(0, |(key, _)| *key)
    }

    /// Gives the number of a key's cell, which is made where it is new.
    fn at(&mut self, key: u64) -> usize {
        if self.known.len() * 2 >= self.table.len() {
            self.grow();
        }
        match self.find(key) {
            Ok(cell) => cell,
            Err(place) => {
                if let Some(free) = self.table.get_mut(place) {
                    *free = self.known.len() as u32;
                }
                self.known.push((key, FREE));
                self.known.len() - 1
            }
        }
    }

    /// Finds a key's cell; else the place in the table that it would have.
    fn find(&self, key: u64) -> Result<usize, usize> {
        let mask = self.table.len() - 1;
        let mut place = hash(key) & mask;
        while let Some(cell) = self.table.get(place).filter(|cell| **cell != FREE) {
            if self.key_of(*cell as usize) == key {
                return Ok(*cell as usize);
            }
            place = (place + 1) & mask;
        }
        Err(place)
    }

    fn grow(&mut self) {
        self.table = vec![FREE; self.table.len() * 4];
        for (number, (key, _)) in (0..).zip(&self.known) {
            let Err(place) = self.find(*key) else { continue };
            if let Some(free) = self.table.get_mut(place) {
                *free = number;
            }
        }
    }

    fn owner(&self, cell: usize) -> Option<usize> {
        self.known.get(cell).filter(|(_, owner)| *owner != FREE).map(|(_, owner)| *owner as usize)
    }

    fn give(&mut self, cell: usize, owner: Option<usize>) {
        if let Some((_, place)) = self.known.get_mut(cell) {
            *place = owner.map_or(FREE, |owner| owner as u32);
        }
    }

    /// Lists the cells around one that hold places nearer than the radius to any of its own: two rings, and itself.
    fn around(&self, cell: usize) -> impl Iterator<Item = usize> + use<> {
        let key = self.key_of(cell);
        let (column, row) = ((key >> 32) as u32, key as u32);
        let mut found = [FREE; 25];
        let offsets = (-2..=2).flat_map(|east: i32| (-2..=2).map(move |north: i32| (east, north)));
        for (place, (east, north)) in found.iter_mut().zip(offsets) {
            let (Some(x), Some(y)) = (column.checked_add_signed(east), row.checked_add_signed(north)) else { continue };
            if let Ok(near) = self.find(u64::from(x) << 32 | u64::from(y)) {
                *place = near as u32;
            }
        }
        found.into_iter().filter(|found| *found != FREE).map(|found| found as usize)
    }
}

/// Spreads keys that lie side by side over the table.
const fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 29) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gathered(points: &[(f64, f64)], radius: f64) -> Vec<Cluster> {
        let mut clusters = Clusters::new(radius);
        (0..).zip(points).for_each(|(number, (x, y))| clusters.add(*x, *y, number));
        clusters.finish()
    }

    #[test]
    fn what_is_near_is_one_and_what_is_far_is_not() {
        let points = [(10.0, 10.0), (14.0, 10.0), (200.0, 10.0)];
        let clusters = gathered(&points, 60.0);
        let told: Vec<_> = clusters.iter().map(|c| (c.count, c.at.x, c.member)).collect();
        assert_eq!(told, [(2, 12.0, 0), (1, 200.0, 2)]);
        assert_eq!(clusters[0].reach, [Metres { x: 10.0, y: 10.0 }, Metres { x: 14.0, y: 10.0 }]);
    }

    #[test]
    fn odd_numbers_bring_nothing_down() {
        let odd = [(f64::NAN, 0.0), (0.0, f64::INFINITY), (1e300, -1e300), (0.0, 0.0)];
        for radius in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e-300, 1e300] {
            let clusters = gathered(&odd, radius);
            assert_eq!(clusters.iter().map(|c| c.count).sum::<u32>(), 2, "{radius}");
        }
        assert!(gathered(&[], 60.0).is_empty());
        assert_eq!(gathered(&[(5.0, 5.0); 1000], 0.0).first().map(|c| c.count), Some(1000));
    }

    /// Points in heaps, over either side of the world's middle, so that cells of both signs are met.
    fn heaps() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let heap = (-3000.0..3000.0_f64, -3000.0..3000.0_f64, 1.0..400.0_f64, 1..60_usize);
        let points = |(x, y, spread, count): (f64, f64, f64, usize)| {
            proptest::collection::vec((x - spread..x + spread, y - spread..y + spread), count)
        };
        proptest::collection::vec(heap.prop_flat_map(points), 0..12).prop_map(|heaps| heaps.concat())
    }

    proptest! {
        #[test]
        fn counts_add_up_and_no_two_stand_nearer_than_the_radius(points in heaps(), radius in 1.0..500.0_f64) {
            let clusters = gathered(&points, radius);
            prop_assert_eq!(clusters.iter().map(|c| c.count as usize).sum::<usize>(), points.len());
            for (number, a) in clusters.iter().enumerate() {
                prop_assert!(clusters.iter().skip(number + 1).all(|b| distance(a.at, b.at) >= radius));
                prop_assert!(clusters.iter().skip(number + 1).all(|b| b.count <= a.count));
            }
        }

        #[test]
        fn the_same_points_in_any_order_give_the_same_clusters(points in heaps(), radius in 1.0..500.0_f64, turn in 1..50_usize) {
            let plain = |clusters: Vec<Cluster>| clusters.into_iter().map(|c| Cluster { member: 0, ..c }).collect::<Vec<_>>();
            let mut others: Vec<_> = points.iter().rev().copied().collect();
            let turn = turn % others.len().max(1);
            others.rotate_left(turn);
            prop_assert_eq!(plain(gathered(&points, radius)), plain(gathered(&others, radius)));
        }

        #[test]
        fn a_centre_is_the_mean_of_points_that_its_box_holds(points in heaps(), radius in 1.0..500.0_f64) {
            let clusters = gathered(&points, radius);
            let sum = |of: &dyn Fn(&Cluster) -> f64| clusters.iter().map(|c| of(c) * f64::from(c.count)).sum::<f64>();
            let grains = points.len() as f64 * GRAIN;
            prop_assert!((sum(&|c| c.at.x) - points.iter().map(|p| p.0).sum::<f64>()).abs() <= grains);
            prop_assert!((sum(&|c| c.at.y) - points.iter().map(|p| p.1).sum::<f64>()).abs() <= grains);
            for Cluster { at, reach: [low, high], .. } in &clusters {
                prop_assert!(low.x - GRAIN <= at.x && at.x <= high.x + GRAIN && low.y - GRAIN <= at.y && at.y <= high.y + GRAIN);
            }
            // Of a cluster alone: one radius around all of them.
            let all = gathered(&points, 1e6);
            prop_assert_eq!(all.len(), usize::from(!points.is_empty()));
            let mean = points.iter().map(|p| p.0).sum::<f64>() / points.len() as f64;
            prop_assert!(all.iter().all(|c| (c.at.x - mean).abs() <= GRAIN));
        }

        #[test]
        fn clusters_are_gathered_no_further(points in heaps(), radius in 1.0..500.0_f64) {
            let clusters = gathered(&points, radius);
            let centres: Vec<_> = clusters.iter().map(|c| (c.at.x, c.at.y)).collect();
            // A centre is rounded when it comes in as a point.
            let again = gathered(&centres, radius - 2.0 * GRAIN);
            prop_assert_eq!(again.len(), clusters.len());
            prop_assert!(again.iter().all(|c| c.count == 1));
        }
    }
}
