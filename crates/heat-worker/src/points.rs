//! Cases as a server sends them, into the engine's columns.

use std::collections::{BTreeSet, VecDeque};

use fengtu_geo::LonLat;
use fengtu_geo::mercator::{self, Metres, nearest};
use fengtu_heat::{Case, Columns, Load, Slot};
use fengtu_wire::heat::{OTHER_CATEGORIES, PointsForm, PointsView};
use fengtu_wire::json::{self, Json};

use crate::command::LiveCase;

/// Columns begin this long before their oldest case, so that an older one that comes live still has a second.
const LEAD_S: u32 = 400 * 86_400;
/// Live cases beyond this push the oldest of them out: a page asks for a load anew long before.
const MOST_LIVE: usize = 200_000;
/// How far from where a live case says it is the same case of a load may stand, metres, beyond what the load rounds.
const SAME_PLACE_M: f64 = 0.5;
/// So many categories have a number of their own in eight bits: the last one is of all others.
const OWN_NAMES: usize = 255;
/// The last second that a case can have here.
const LAST: u32 = u32::MAX - 1;

/// Holds the cases and what the engine's numbers mean.
#[derive(Debug, Clone, Default)]
pub struct Points {
    /// The cases, in Web Mercator metres east and north of the origin, within half a world of it.
    pub columns: Columns,
    /// Web Mercator metres of the columns' origin.
    pub origin: Origin,
    /// Unix seconds of the columns' second 0.
    pub base: i64,
    /// Names that the columns' categories point into.
    pub categories: Vec<String>,
    /// Cases that could not be taken, of the load and live ones.
    pub left_out: u32,
    /// How coarsely the load gives places, metres.
    grain_m: f64,
    /// Slots that stand for a case that came by itself: its own, or the row of the load that it is. No other case is that row.
    spoken_for: BTreeSet<Slot>,
    /// Their own ones from the oldest on: a slot that is free again goes to the next.
    order: VecDeque<Slot>,
}

/// Holds Web Mercator metres, which begin at 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Origin {
    /// East of Greenwich.
    pub x: f64,
    /// North of the equator.
    pub y: f64,
}

/// A live case that is looked for among the rows, projected once.
struct Wanted<'a> {
    second: u32,
    x: f64,
    y: f64,
    number: usize,
    /// What its category is called here.
    category: &'a str,
}

impl Points {
    /// Reads a load; the error is for a log.
    pub fn read(form: PointsForm, bytes: &[u8]) -> Result<Self, String> {
        match form {
            PointsForm::Columns => {
                PointsView::read(bytes).map(|points| Self::of_columns(&points)).map_err(|e| e.to_string())
            }
            PointsForm::GeoJson => Self::of_geojson(bytes),
        }
    }

    /// Takes columns as they lie on the wire straight into the engine's.
    fn of_columns(points: &PointsView) -> Self {
        let [west, south, east, north] = points.bounds;
        let middle = mercator::project(LonLat { lon: f64::midpoint(west, east), lat: f64::midpoint(south, north) });
        let mut taken = Self::beginning(middle, points.base);
        taken.categories = points.categories.iter().map(ToString::to_string).collect();
        let scales = Scales::of(points, taken.origin);
        taken.grain_m = scales.grain();
        let refused = taken.columns.load(&Load {
            // Where they stand says in which order all the rest goes in.
            x: &points.x().map(|x| scales.x(x)).collect::<Vec<_>>(),
            y: &points.y().map(|y| scales.y(y)).collect::<Vec<_>>(),
            time: points.seconds().map(|seconds| seconds.saturating_add(LEAD_S).min(LAST)),
            weight: points.weight.iter().map(|weight| f32::from(*weight)),
            category: points.category,
        });
        // Columns of the wire are equally long; more than there are slots are none of them taken.
        taken.left_out = refused.unwrap_or(points.len()) as u32;
        taken
    }

    fn of_geojson(bytes: &[u8]) -> Result<Self, String> {
        let mut rows = Vec::new();
        json::each(bytes, "features", &mut |feature| rows.push(row(feature))).map_err(|e| e.to_string())?;
        let known = || rows.iter().flatten();
        let first = known().next().map_or(LonLat { lon: 0.0, lat: 0.0 }, |row| row.at);
        let base = known().map(|row| row.time).min().unwrap_or(0);
        let mut taken = Self::beginning(mercator::project(first), base);
        for row in &rows {
            let is_taken =
                row.as_ref().is_some_and(|row| taken.push(row.at, row.time, row.weight, &row.category).is_some());
            taken.left_out += u32::from(!is_taken);
        }
        taken.columns.settle();
        Ok(taken)
    }

    fn beginning(origin: Metres, base: i64) -> Self {
        let (origin, base) = (Origin { x: origin.x, y: origin.y }, base.saturating_sub(LEAD_S.into()));
        Self { origin, base, ..Self::default() }
    }

    /// Adds cases that came by themselves; leaves out those that came with the load, and those that cannot be drawn.
    /// Counts the added ones.
    pub fn add(&mut self, cases: &[LiveCase]) -> usize {
        let known = self.known(cases);
        let new = cases.iter().zip(&known).filter(|(_, is_known)| !**is_known);
        let mut added = 0;
        for (case, _) in new {
            let slot = self.push(place_of(case), case.time, case.weight, &case.category);
            added += usize::from(slot.is_some());
            self.left_out += u32::from(slot.is_none());
            self.spoken_for.extend(slot);
            self.order.extend(slot);
            self.forget_oldest();
        }
        added
    }

    fn forget_oldest(&mut self) {
        if self.order.len() > MOST_LIVE
            && let Some(oldest) = self.order.pop_front()
        {
            self.spoken_for.remove(&oldest);
            self.columns.remove(oldest);
        }
    }

    /// Tells which of some cases came with the load: a row of the same second and category at the same place stands for one,
    /// and then for no other: where times are dates alone, the next of that day and door is another case.
    fn known(&mut self, cases: &[LiveCase]) -> Vec<bool> {
        let mut known = vec![false; cases.len()];
        let mut wanted: Vec<_> = (0..).zip(cases).map(|(number, case)| self.wanted(number, case)).collect();
        wanted.sort_unstable_by(|a, b| a.second.cmp(&b.second).then(a.x.total_cmp(&b.x)));
        let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else { return known };
        let reach = self.grain_m + SAME_PLACE_M;
        for (slot, row) in self.columns.within(first.second..=last.second) {
            let (west, east) = (row.x - reach, row.x + reach);
            let from = wanted.partition_point(|one| one.second.cmp(&row.time).then(one.x.total_cmp(&west)).is_lt());
            let near = || wanted.iter().skip(from).take_while(|one| one.second == row.time && one.x <= east);
            // Where many come at once most rows of their second are live cases too.
            if near().next().is_none() || self.spoken_for.contains(&slot) {
                continue;
            }
            let name = self.categories.get(usize::from(row.category)).map(String::as_str);
            let is_same = |one: &Wanted| (one.y - row.y).abs() <= reach && name == Some(one.category);
            let same = near().find(|one| known.get(one.number) == Some(&false) && is_same(one));
            if let Some(is_known) = same.and_then(|one| known.get_mut(one.number)) {
                *is_known = true;
                self.spoken_for.insert(slot);
            }
        }
        known
    }

    fn wanted<'a>(&self, number: usize, case: &'a LiveCase) -> Wanted<'a> {
        let (x, y) = self.east_north(place_of(case));
        Wanted { second: self.second_of_case(case.time), x, y, number, category: self.name_of(&case.category) }
    }

    /// Gives a Unix second as the columns count; what lies outside of 32 bits lies at their ends.
    pub fn second(&self, time: i64) -> u32 {
        u32::try_from(time.saturating_sub(self.base).max(0)).unwrap_or(u32::MAX)
    }

    /// The same of a case: the last second is an end that is open, and no case lies beyond it.
    fn second_of_case(&self, time: i64) -> u32 {
        self.second(time).min(LAST)
    }

    fn push(&mut self, at: LonLat, time: i64, weight: f32, category: &str) -> Option<Slot> {
        let on_earth = at.lon.abs() <= 180.0 && at.lat.abs() <= 90.0;
        let category = self.category(category).filter(|_| on_earth)?;
        let (x, y) = self.east_north(at);
        self.columns.push(Case { x, y, time: self.second_of_case(time), weight, category })
    }

    /// Gives how far east and north of the origin a place is.
    fn east_north(&self, at: LonLat) -> (f64, f64) {
        let metres = mercator::project(at);
        (metres.x - nearest(self.origin.x, metres.x), metres.y - self.origin.y)
    }

    /// Gives what a category is called here: where no number is left for its own name, by the one that all such share.
    fn name_of<'a>(&self, category: &'a str) -> &'a str {
        let mut numbered = self.categories.iter().take(OWN_NAMES + 1);
        let has_own = self.categories.len() < OWN_NAMES || numbered.any(|known| known == category);
        if has_own { category } else { OTHER_CATEGORIES }
    }

    fn category(&mut self, category: &str) -> Option<u8> {
        let name = self.name_of(category);
        let known = self.categories.iter().position(|known| known == name);
        // A server's table may be full, and without a name for the others.
        let place = u8::try_from(known.unwrap_or(self.categories.len())).ok()?;
        if known.is_none() {
            self.categories.push(name.to_owned());
        }
        Some(place)
    }
}

fn place_of(case: &LiveCase) -> LonLat {
    LonLat { lon: case.lon, lat: case.lat }
}

/// Takes a box's 65,536 steps to metres: evenly to the east, by a table to the north, where a projected degree is not one.
struct Scales {
    west: f64,
    per_step: f64,
    north: Vec<f32>,
}

impl Scales {
    fn of(points: &PointsView, origin: Origin) -> Self {
        let [west, south, east, north] = points.bounds;
        let x = |lon| mercator::project(LonLat { lon, lat: 0.0 }).x - origin.x;
        let y = |step: u16| {
            let lat = south + (north - south) * f64::from(step) / 65_535.0;
            (mercator::project(LonLat { lon: west, lat }).y - origin.y) as f32
        };
        Self { west: x(west), per_step: (x(east) - x(west)) / 65_535.0, north: (0..=u16::MAX).map(y).collect() }
    }

    /// Gives the larger side of a step, metres.
    fn grain(&self) -> f64 {
        let [bottom, top] = [self.north.first(), self.north.last()].map(|y| f64::from(y.copied().unwrap_or_default()));
        self.per_step.abs().max((top - bottom).abs() / 65_535.0)
    }

    fn x(&self, step: u16) -> f32 {
        (self.west + self.per_step * f64::from(step)) as f32
    }

    fn y(&self, step: u16) -> f32 {
        // The table has a row for every step.
        self.north.get(usize::from(step)).copied().unwrap_or(f32::NAN)
    }
}

struct Row {
    at: LonLat,
    time: i64,
    weight: f32,
    category: String,
}

/// Reads a feature; `None` for one that is no point of a case.
fn row(feature: &Json) -> Option<Row> {
    let (geometry, properties) = (feature.get("geometry")?, feature.get("properties")?);
    if !matches!(geometry.get("type")?, Json::Text(kind) if kind == "Point") {
        return None;
    }
    let coordinates = geometry.member::<Vec<f64>>("coordinates").ok()?;
    Some(Row {
        at: LonLat { lon: *coordinates.first()?, lat: *coordinates.get(1)? },
        time: properties.member("t").ok()?,
        weight: properties.member::<u8>("weight").ok().map(f32::from)?,
        category: properties.member("category").ok()?,
    })
}
