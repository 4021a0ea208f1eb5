//! "Where would the next station cover most": the place whose circle gains most of what no circle covers yet.
//!
//! Candidates lie on a grid a quarter of the radius apart and are ranked by sums over bins; the best of them are then
//! counted exactly and moved, in ever smaller steps, to where they gain more. The answer is deterministic and its gain
//! exact. Up to [`EXACT`] uncovered buildings, no circle of half a metre less gains more (a best circle can always be moved until two buildings
//! lie on its edge, and all such circles are tried); beyond, that is not proved: on random towns of 130 to 220 buildings it
//! reaches at least 85 % of the true best (tested), and the more buildings there are, the less a bin's width matters.

use std::collections::{BTreeMap, HashMap};

use crate::coord::LonLat;
use crate::coverage::{Circle, WeightedPoint, uncovered_points};
use crate::distance;
use crate::ellipsoid;

/// Holds a proposed place and what a station there would newly cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Where.
    pub at: LonLat,
    /// Buildings that no circle covers yet.
    pub gained_buildings: usize,
    /// People in those buildings.
    pub gained_people: f64,
}

impl Candidate {
    /// Tells whether it gains more: by people, then by buildings.
    fn beats(&self, other: &Self) -> bool {
        let people = self.gained_people.total_cmp(&other.gained_people);
        people.then(self.gained_buildings.cmp(&other.gained_buildings)).is_gt()
    }
}

/// Bins per radius; candidates lie on every second corner of bins.
const BINS: i64 = 8;
/// Candidates that are counted exactly, and those of them that are moved to where they gain more.
const COUNTED: usize = 192;
const REFINED: usize = 16;
/// Distance between candidates that are moved, as a share of the radius: nearer ones would end at the same place.
const APART: f64 = 0.3;

/// Finds where a new circle of `radius_m` metres would gain most people (of equals, most buildings).
///
/// `None` if nothing is uncovered or the radius is not a positive number up to 100 km.
pub fn best_next(points: &[WeightedPoint], circles: &[Circle], radius_m: f64) -> Option<Candidate> {
    if radius_m.is_nan() || radius_m <= 0.0 || radius_m > 100_000.0 {
        return None;
    }
    let left = uncovered_points(points, circles).indices;
    let open: Vec<WeightedPoint> = left.into_iter().filter_map(|index| points.get(index)).copied().collect();
    let town = Town::new(&open, radius_m)?;
    let mut places = town.promising();
    if open.len() <= EXACT {
        places.extend(decisive(&open, radius_m));
    }
    let mut counted: Vec<Candidate> = places.into_iter().map(|at| town.count(at)).collect();
    crate::order::sort_by(&mut counted, |a, b| b.beats(a).cmp(&a.beats(b)));
    let refined = spread(&counted, APART * radius_m).into_iter().map(|candidate| town.refine(candidate));
    refined.reduce(|best, next| if next.beats(&best) { next } else { best })
}

/// Up to so many uncovered buildings the best place is found for certain.
pub const EXACT: usize = 128;
/// Metres inside the edge, as the plane that the centres are computed in bends by centimetres.
const MARGIN_M: f64 = 0.2;

/// Gives each building's place, and for each near pair the two centres that have both just inside the edge.
fn decisive(points: &[WeightedPoint], radius_m: f64) -> Vec<LonLat> {
    let mut centers: Vec<LonLat> = points.iter().map(|point| point.at).collect();
    let pairs = points.iter().enumerate().flat_map(|(i, a)| points.iter().skip(i + 1).map(move |b| (a.at, b.at)));
    for (a, b) in pairs {
        let half = ellipsoid::near_metres(a, b) / 2.0;
        let height = (radius_m - MARGIN_M).powi(2) - half * half;
        if height >= 0.0 {
            let middle = LonLat { lon: f64::midpoint(a.lon, b.lon), lat: f64::midpoint(a.lat, b.lat) };
            let (per_lon, per_lat) = ellipsoid::metres_per_degree(middle.lat);
            let bearing = ((b.lon - a.lon) * per_lon).atan2((b.lat - a.lat) * per_lat).to_degrees();
            centers.extend([90.0, -90.0].map(|turn| distance::destination(middle, bearing + turn, height.sqrt())));
        }
    }
    centers
}

/// Chooses the first candidates that are at least some metres apart.
fn spread(ranked: &[Candidate], apart_m: f64) -> Vec<Candidate> {
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in ranked {
        let is_new = chosen.iter().all(|other| ellipsoid::near_metres(other.at, candidate.at) >= apart_m);
        if is_new && chosen.len() < REFINED {
            chosen.push(*candidate);
        }
    }
    chosen
}

/// Names a bin by column and row.
type Bin = (i64, i64);

/// Holds the points of a bin and their sum.
#[derive(Default)]
struct Members {
    points: Vec<WeightedPoint>,
    people: f64,
}

/// Holds the uncovered points, sorted into bins.
struct Town {
    bins: BTreeMap<Bin, Members>,
    origin: LonLat,
    radius_m: f64,
    /// Size of a bin, degrees.
    step: (f64, f64),
}

/// Tells how a bin lies to a circle.
enum Overlap {
    Whole,
    Partly,
    None,
}

impl Town {
    fn new(points: &[WeightedPoint], radius_m: f64) -> Option<Self> {
        let origin = points.first()?.at;
        let lat = points.iter().map(|point| point.at.lat.abs()).fold(0.0, f64::max).min(85.0);
        let (per_lon, per_lat) = ellipsoid::metres_per_degree(lat);
        let side = radius_m / BINS as f64;
        let mut town = Self { bins: BTreeMap::new(), origin, radius_m, step: (side / per_lon, side / per_lat) };
        for point in points {
            let members = town.bins.entry(town.bin(point.at)).or_default();
            members.people += point.counted_people();
            members.points.push(*point);
        }
        Some(town)
    }

    fn bin(&self, at: LonLat) -> Bin {
        // Far more bins than the earth needs, and far from overflow.
        let along = |value: f64, origin: f64, step: f64| ((value - origin) / step).floor().clamp(-1e12, 1e12) as i64;
        (along(at.lon, self.origin.lon, self.step.0), along(at.lat, self.origin.lat, self.step.1))
    }

    /// Gives the place of a bin's south-western corner.
    fn corner(&self, (column, row): Bin) -> LonLat {
        LonLat { lon: self.origin.lon + self.step.0 * column as f64, lat: self.origin.lat + self.step.1 * row as f64 }
    }

    /// Gives the most promising places, best first: corners of fours of bins, ranked by the fours around them.
    fn promising(&self) -> Vec<LonLat> {
        let mut fours: BTreeMap<Bin, (f64, usize)> = BTreeMap::new();
        for (&(column, row), members) in &self.bins {
            add(
                fours.entry((column.div_euclid(2), row.div_euclid(2))).or_default(),
                (members.people, members.points.len()),
            );
        }
        // A hash map for speed; its order does not show, as what comes out is sorted.
        let mut sums: HashMap<Bin, (f64, usize)> = HashMap::new();
        let offsets = disc_offsets(BINS / 2);
        for (&(column, row), &sum) in &fours {
            for &(dx, dy) in &offsets {
                add(sums.entry((column - dx, row - dy)).or_default(), sum);
            }
        }
        let mut ranked: Vec<_> = sums.into_iter().collect();
        crate::order::sort_by(&mut ranked, |(at, a), (bt, b)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(at.cmp(bt)));
        ranked.into_iter().take(COUNTED).map(|((x, y), _)| self.corner((2 * x, 2 * y))).collect()
    }

    /// Counts exactly what a circle at a place gains.
    fn count(&self, at: LonLat) -> Candidate {
        let mut sum = Candidate { at, gained_buildings: 0, gained_people: 0.0 };
        let circle = Circle { center: at, radius_m: self.radius_m };
        let degree = ellipsoid::metres_per_degree(at.lat);
        for (&bin, members) in self.near(at) {
            match self.overlap(at, bin, degree) {
                Overlap::Whole => {
                    sum.gained_buildings += members.points.len();
                    sum.gained_people += members.people;
                }
                Overlap::Partly => {
                    for point in members.points.iter().filter(|point| circle.covers(point.at)) {
                        sum.gained_buildings += 1;
                        sum.gained_people += point.counted_people();
                    }
                }
                Overlap::None => {}
            }
        }
        sum
    }

    /// Finds how a bin lies to the circle around a place, doubtful ones being [`Overlap::Partly`].
    fn overlap(&self, at: LonLat, bin: Bin, (per_lon, per_lat): (f64, f64)) -> Overlap {
        let corner = self.corner(bin);
        let reach = |from: f64, size: f64, per: f64| {
            let (low, high) = (from * per, (from + size) * per);
            let nearest = if low <= 0.0 && high >= 0.0 { 0.0 } else { low.abs().min(high.abs()) };
            (nearest, low.abs().max(high.abs()))
        };
        let (near_x, far_x) = reach(corner.lon - at.lon, self.step.0, per_lon);
        let (near_y, far_y) = reach(corner.lat - at.lat, self.step.1, per_lat);
        // The degree lengths are those of the centre; across the largest circles they change by less than this slack.
        let slack = if self.radius_m <= 5000.0 && at.lat.abs() < 60.0 { 0.01 } else { f64::INFINITY };
        if far_x.hypot(far_y) * (1.0 + slack) < self.radius_m {
            Overlap::Whole
        } else if near_x.hypot(near_y) > self.radius_m * (1.0 + slack) {
            Overlap::None
        } else {
            Overlap::Partly
        }
    }

    /// Gives the bins that may reach into the circle around a place, and some more.
    fn near(&self, at: LonLat) -> impl Iterator<Item = (&Bin, &Members)> {
        let (column, row) = self.bin(at);
        let reach = BINS + 2;
        (column - reach..=column + reach).flat_map(move |x| self.bins.range((x, row - reach)..=(x, row + reach)))
    }

    /// Moves a candidate to the best of its eight neighbours until none is better, then with half the step.
    fn refine(&self, mut best: Candidate) -> Candidate {
        let mut step = 2.0;
        while step > 1.0 / 32.0 {
            let neighbours = COMPASS.iter().map(|&(dx, dy)| LonLat {
                lon: best.at.lon + dx * step * self.step.0,
                lat: best.at.lat + dy * step * self.step.1,
            });
            let next = neighbours
                .map(|at| self.count(at))
                .fold(best, |best, next| if next.beats(&best) { next } else { best });
            if !next.beats(&best) {
                step /= 2.0;
            }
            best = next;
        }
        best
    }
}

const COMPASS: [(f64, f64); 8] =
    [(1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (-1.0, 1.0), (-1.0, 0.0), (-1.0, -1.0), (0.0, -1.0), (1.0, -1.0)];

fn add(sum: &mut (f64, usize), more: (f64, usize)) {
    *sum = (sum.0 + more.0, sum.1 + more.1);
}

/// Lists the bins, relative to a corner, whose middle is within `reach` bins of it.
fn disc_offsets(reach: i64) -> Vec<Bin> {
    let inside = |&(x, y): &Bin| (x as f64 + 0.5).hypot(y as f64 + 0.5) <= reach as f64;
    (-reach..reach).flat_map(|x| (-reach..reach).map(move |y| (x, y))).filter(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance;

    const CENTER: LonLat = LonLat { lon: 113.93, lat: 22.75 };

    /// Scatters a disc of buildings by the golden angle, `people` in each.
    fn estate(center: LonLat, buildings: usize, radius_m: f64, people: f64) -> Vec<WeightedPoint> {
        let at = |i: usize| {
            let share = (i as f64 + 0.5) / buildings as f64;
            distance::destination(center, i as f64 * 137.508, radius_m * share.sqrt())
        };
        (0..buildings).map(|i| WeightedPoint { at: at(i), people }).collect()
    }

    #[test]
    fn a_whole_estate_is_found() {
        let far = distance::destination(CENTER, 70.0, 4000.0);
        let mut points = estate(CENTER, 300, 400.0, 10.0);
        points.extend(estate(far, 200, 480.0, 20.0));
        let best = best_next(&points, &[], 500.0);
        assert!(best.is_some_and(|c| c.gained_buildings == 200 && (c.gained_people - 4000.0).abs() < 1e-6), "{best:?}");
        let served = Circle { center: far, radius_m: 500.0 };
        let next = best_next(&points, &[served], 500.0);
        assert!(next.is_some_and(|c| c.gained_buildings == 300), "{next:?}");
    }

    #[test]
    fn without_people_buildings_decide_and_nothing_left_is_nothing() {
        let points = estate(CENTER, 50, 300.0, f64::NAN);
        assert!(best_next(&points, &[], 500.0).is_some_and(|c| c.gained_buildings == 50));
        assert_eq!(best_next(&points, &[Circle { center: CENTER, radius_m: 400.0 }], 500.0), None);
        assert_eq!(best_next(&points, &[], f64::NAN), None);
        assert_eq!(best_next(&[], &[], 500.0), None);
    }
}
