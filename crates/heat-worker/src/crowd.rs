//! Clusters and single cases, and how they travel: a row of seven 32-bit words each.

use fengtu_geo::cluster::{Cluster, Clusters};
use fengtu_geo::mercator::{Metres, nearest};
use fengtu_heat::{Filter, Slot};

use crate::command::Gather;
use crate::packet::{Numbers, Packet, join, split};
use crate::points::Points;

/// Holds the chosen cases, gathered, of a box.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Crowd {
    /// The clusters and single cases, the largest first.
    pub items: Vec<Item>,
    /// All chosen cases, those outside of the box too.
    pub count: u64,
    /// Names that the items' categories point into.
    pub categories: Vec<String>,
}

/// Holds a cluster or a single case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Where: the mean of its cases, Web Mercator metres.
    pub at: Metres,
    /// What it is.
    pub kind: Kind,
}

/// Says what an item is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A single case.
    One {
        /// When it was reported, Unix seconds.
        time: i64,
        /// What it is about, by number among the names.
        category: u8,
    },
    /// A cluster.
    Many {
        /// Its cases, two at least.
        count: u32,
        /// The box around them, Web Mercator metres: its low corner and its high one.
        reach: [Metres; 2],
    },
}

/// Bytes of an item.
const ITEM: usize = 28;

impl Crowd {
    /// Gathers cases; what stands nearer than `radius`, Web Mercator metres, becomes one.
    pub fn gather(points: &Points, filter: &Filter, Gather { radius, within, .. }: &Gather) -> Self {
        let mut clusters = Clusters::new(*radius);
        let (origin, last) = (points.origin, filter.to.saturating_sub(1));
        for (slot, case) in points.columns.within(filter.from..=last) {
            if filter.weight(case.time, case.weight, case.category) > 0.0 {
                // On the one world that the map has: what stands on both sides of its edge is not joined.
                clusters.add(nearest(origin.x + case.x, 0.0), origin.y + case.y, slot.0);
            }
        }
        let clusters = clusters.finish();
        let placed = clusters.iter().map(|cluster| turned_to(*cluster, within));
        let shown = placed.filter(|cluster| is_within(cluster.at, within));
        let items = shown.filter_map(|cluster| item(points, &cluster)).collect();
        let count = clusters.iter().map(|cluster| u64::from(cluster.count)).sum();
        Self { items, count, categories: points.categories.clone() }
    }

    /// Makes the rest of a message that begins with some numbers.
    pub(crate) fn into_packet(self, mut numbers: Vec<f64>) -> Packet {
        // From the first item, so that 32 bits hold centimetres.
        let origin = self.items.first().map_or(Metres { x: 0.0, y: 0.0 }, |item| item.at);
        numbers.extend([origin.x, origin.y, self.items.len() as f64, self.categories.len() as f64]);
        let base = self.items.iter().filter_map(Item::time).min().unwrap_or(0);
        numbers.extend([base as f64, self.count as f64]);
        let mut bytes: Vec<u8> = Vec::with_capacity(self.items.len() * ITEM);
        for item in &self.items {
            bytes.extend(item.words(origin, base).iter().flat_map(|word| word.to_le_bytes()));
        }
        bytes.extend(join(self.categories.iter().map(String::as_str)));
        Packet { numbers, bytes }
    }

    /// Reads the rest of a message.
    pub(crate) fn of_packet(rest: &mut Numbers, bytes: &[u8]) -> Option<Self> {
        let origin = Metres { x: rest.number()?, y: rest.number()? };
        let (items, names, base) = (rest.count()? as usize, rest.count()? as usize, rest.whole()?);
        let count = u64::try_from(rest.whole()?).ok()?;
        let (rows, joined) = bytes.split_at_checked(items.checked_mul(ITEM)?)?;
        let item = |row: &[u8; ITEM]| {
            let word = |number: usize| row.as_chunks::<4>().0.get(number).map_or(0, |word| u32::from_le_bytes(*word));
            Item::of_words(std::array::from_fn(word), origin, base)
        };
        let items = rows.as_chunks::<ITEM>().0.iter().map(item).collect();
        Some(Self { items, count, categories: split(joined, names)? })
    }
}

impl Item {
    /// Counts its cases.
    pub const fn count(&self) -> u32 {
        match self.kind {
            Kind::One { .. } => 1,
            Kind::Many { count, .. } => count,
        }
    }

    const fn time(&self) -> Option<i64> {
        match self.kind {
            Kind::One { time, .. } => Some(time),
            Kind::Many { .. } => None,
        }
    }

    fn words(&self, origin: Metres, base: i64) -> [u32; 7] {
        let away = |at: Metres| [(at.x - origin.x) as f32, (at.y - origin.y) as f32].map(f32::to_bits);
        let [x, y] = away(self.at);
        match self.kind {
            Kind::One { time, category } => [x, y, 1, (time - base) as u32, u32::from(category), 0, 0],
            Kind::Many { count, reach: [low, high] } => {
                let ([west, south], [east, north]) = (away(low), away(high));
                [x, y, count, west, south, east, north]
            }
        }
    }

    fn of_words([x, y, count, more @ ..]: [u32; 7], origin: Metres, base: i64) -> Self {
        let number = |word| f64::from(f32::from_bits(word));
        let place = |x, y| Metres { x: origin.x + number(x), y: origin.y + number(y) };
        let [west, south, east, north] = more;
        let kind = match count {
            1 => Kind::One { time: base + i64::from(west), category: south as u8 },
            _ => Kind::Many { count, reach: [place(west, south), place(east, north)] },
        };
        Self { at: place(x, y), kind }
    }
}

/// Takes a cluster round the world to where a box has it: the map may look across the antimeridian, from either side.
fn turned_to(cluster: Cluster, [low, high]: &[Metres; 2]) -> Cluster {
    let by = nearest(cluster.at.x, f64::midpoint(low.x, high.x)) - cluster.at.x;
    let turned = |at: Metres| Metres { x: at.x + by, ..at };
    Cluster { at: turned(cluster.at), reach: cluster.reach.map(turned), ..cluster }
}

fn is_within(at: Metres, [low, high]: &[Metres; 2]) -> bool {
    (low.x..=high.x).contains(&at.x) && (low.y..=high.y).contains(&at.y)
}

fn item(points: &Points, cluster: &Cluster) -> Option<Item> {
    let kind = if cluster.count == 1 {
        let case = points.columns.get(Slot(cluster.member))?;
        Kind::One { time: points.base + i64::from(case.time), category: case.category }
    } else {
        Kind::Many { count: cluster.count, reach: cluster.reach }
    };
    Some(Item { at: cluster.at, kind })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_crowd_comes_through_a_message() {
        let at = |x, y| Metres { x: 12_683_000.0 + x, y: 2_600_000.0 + y };
        let many = Kind::Many { count: 70_000, reach: [at(-10.5, -20.25), at(30.0, 40.0)] };
        let items = vec![
            Item { at: at(0.0, 0.0), kind: many },
            Item { at: at(9.5, -8.0), kind: Kind::One { time: 1_770_000_000, category: 255 } },
            Item { at: at(1.0, 2.0), kind: Kind::One { time: 1_770_086_400, category: 0 } },
        ];
        let crowd = Crowd { items, count: 90_000, categories: vec!["wages".into(), String::new()] };
        let Packet { numbers, bytes } = crowd.clone().into_packet(Vec::new());
        assert_eq!(Crowd::of_packet(&mut Numbers::of(&numbers), &bytes), Some(crowd));
        assert_eq!(Crowd::of_packet(&mut Numbers::of(&numbers), &bytes[..40]), None);
        let numbers = [0.0, 0.0, f64::from(u32::MAX), 1.0, 0.0, 0.0];
        assert_eq!(Crowd::of_packet(&mut Numbers::of(&numbers), &bytes), None);
    }
}
