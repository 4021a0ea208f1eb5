//! Heat: points in columns for those who may see them, cells for the others; new cases are added one by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fengtu_geo::mercator::{self, Metres};
use fengtu_heat::filter::{Categories, Fading};
use fengtu_heat::{Case, Columns, Filter};
use fengtu_wire::config::Category;
use fengtu_wire::events::CaseDot;
use fengtu_wire::geojson::Position;
use fengtu_wire::heat::{HeatCells, PointColumns};
use fengtu_wire::ids::{CaseNumber, CategoryId};

use super::geometry;
use crate::map::model::{Heat, HeatCell};

/// What the heat is drawn of.
#[derive(Debug, Clone)]
pub enum HeatData {
    /// One point a case.
    Points(HeatPoints),
    /// Counts per cell, already filtered by the server.
    Cells {
        /// The cells.
        cells: Arc<Vec<HeatCell>>,
        /// Side of a cell in metres.
        cell_m: f64,
        /// Cases that no cell shows.
        withheld: u64,
    },
}

/// Cases in columns, with what is needed to add one.
#[derive(Debug, Clone)]
pub struct HeatPoints {
    origin: Metres,
    /// Unix seconds of the columns' second 0.
    base: i64,
    categories: Vec<CategoryId>,
    columns: Arc<Columns>,
    /// Unix seconds of the newest case that came in bulk: a live one is new only after that.
    newest: i64,
    added: Vec<CaseNumber>,
}

/// Columns begin this long before their oldest case, so that an older one that comes live still has a second.
const LEAD_S: i64 = 400 * 86_400;

impl HeatPoints {
    /// Projects what the server sent.
    pub fn new(points: &PointColumns) -> Self {
        let origin = mercator::project(geometry::bounds(points.bounds).center());
        let base = points.base - LEAD_S;
        let mut columns = Columns::with_capacity(points.len());
        for row in 0..points.len() {
            if let Some(case) = row_case(points, row, origin, base) {
                columns.push(case);
            }
        }
        let newest = points.seconds.iter().max().map_or(i64::MIN, |s| points.base + i64::from(*s));
        let categories = points.categories.clone();
        Self { origin, base, categories, columns: Arc::new(columns), newest, added: Vec::new() }
    }

    /// Adds a case that came live; returns whether it was new and could be drawn.
    pub fn add(&mut self, dot: &CaseDot) -> bool {
        let time = dot.reported_at.timestamp();
        let (Some(at), false) = (dot.at, time <= self.newest || self.added.contains(&dot.number)) else { return false };
        let Some(category) = self.category(&dot.category) else { return false };
        let case = case(at, self.origin, second(time - self.base), f32::from(dot.weight), category);
        let drawn = Arc::make_mut(&mut self.columns).push(case).is_some();
        if drawn {
            self.added.push(dot.number.clone());
        }
        drawn
    }

    /// Returns how many cases there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Returns the heat to draw.
    pub fn heat(&self, wish: &HeatWish, tree: &[Category]) -> Heat {
        Heat::Points {
            origin: self.origin,
            cases: Arc::clone(&self.columns),
            filter: self.filter(wish, tree),
            radius_m: wish.radius_m,
        }
    }

    fn filter(&self, wish: &HeatWish, tree: &[Category]) -> Filter {
        let at = |time: DateTime<Utc>| second(time.timestamp() - self.base);
        Filter {
            from: at(wish.from),
            // A live picture shows what comes next without a new filter.
            to: wish.to.map_or(u32::MAX, at),
            fading: wish.half_life_s.map(|s| Fading { now: at(wish.now), half_life: s as f32 }),
            categories: self.chosen(&wish.categories, tree),
        }
    }

    fn chosen(&self, wanted: &BTreeSet<CategoryId>, tree: &[Category]) -> Categories {
        if wanted.is_empty() {
            return Categories::ALL;
        }
        let rows = (0_u8..=u8::MAX).zip(&self.categories);
        rows.filter(|(_, id)| is_chosen(id, wanted, tree)).map(|(index, _)| index).collect()
    }

    fn category(&mut self, id: &CategoryId) -> Option<u8> {
        let known = self.categories.iter().position(|known| known == id);
        let index = known.unwrap_or_else(|| {
            self.categories.push(id.clone());
            self.categories.len() - 1
        });
        u8::try_from(index).ok()
    }
}

/// How the heat is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatWish {
    /// Start of the period.
    pub from: DateTime<Utc>,
    /// Its end; `None`: it goes on.
    pub to: Option<DateTime<Utc>>,
    /// The moment from which age is counted.
    pub now: DateTime<Utc>,
    /// Only these categories, of either level; empty: all.
    pub categories: BTreeSet<CategoryId>,
    /// Seconds after which a case counts half; `None`: it does not cool.
    pub half_life_s: Option<u32>,
    /// Kernel radius in metres.
    pub radius_m: f64,
}

/// Whether a category is among those wanted: none wanted is all, and one of the first level stands for all below it.
pub fn is_chosen(id: &CategoryId, wanted: &BTreeSet<CategoryId>, tree: &[Category]) -> bool {
    let parent = || tree.iter().find(|c| c.id == *id).and_then(|c| c.parent.as_ref());
    wanted.is_empty() || wanted.contains(id) || parent().is_some_and(|parent| wanted.contains(parent))
}

/// Reads cells.
pub fn cells(heat: &HeatCells) -> HeatData {
    let cells = heat.cells.iter().map(|cell| HeatCell { at: geometry::place(cell.at), count: cell.count }).collect();
    HeatData::Cells { cells: Arc::new(cells), cell_m: heat.cell_m, withheld: heat.withheld }
}

fn row_case(points: &PointColumns, row: usize, origin: Metres, base: i64) -> Option<Case> {
    let time = second(points.base + i64::from(*points.seconds.get(row)?) - base);
    let (weight, category) = (*points.weight.get(row)?, *points.category.get(row)?);
    Some(case(points.position(row)?, origin, time, f32::from(weight), category))
}

fn case(at: Position, origin: Metres, time: u32, weight: f32, category: u8) -> Case {
    let metres = mercator::project(geometry::place(at));
    Case { x: metres.x - origin.x, y: metres.y - origin.y, time, weight, category }
}

/// Seconds outside what 32 bits hold lie at their ends.
fn second(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::cases::{CaseState, Class, Sensitivity};
    use fengtu_wire::text::LocalText;

    use super::*;

    const BASE: i64 = 1_770_000_000;

    fn points() -> PointColumns {
        PointColumns {
            bounds: [113.8, 22.6, 114.0, 22.8],
            base: BASE,
            categories: vec!["wages".into(), "noise".into()],
            places: Vec::new(),
            seconds: vec![0, 86_400],
            x: vec![0, 65_535],
            y: vec![0, 65_535],
            place: vec![u16::MAX, u16::MAX],
            category: vec![0, 1],
            weight: vec![2, 3],
        }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(BASE + seconds, 0).unwrap()
    }

    fn wish(category: Option<&str>) -> HeatWish {
        HeatWish {
            from: at(0),
            to: None,
            now: at(86_400),
            categories: category.map(CategoryId::from).into_iter().collect(),
            half_life_s: Some(86_400),
            radius_m: 150.0,
        }
    }

    fn counted(heat: &Heat) -> Vec<f32> {
        let Heat::Points { cases, filter, .. } = heat else { return Vec::new() };
        let slots = (0..cases.len()).filter_map(|slot| cases.get(fengtu_heat::Slot(slot as u32)));
        slots.map(|case| filter.weight(case.time, case.weight, case.category)).collect()
    }

    fn dot(number: &str, seconds: i64) -> CaseDot {
        CaseDot {
            number: number.into(),
            category: "lift".into(),
            class: Class::Ordinary,
            state: CaseState::Reported,
            place: None,
            at: Some([113.9, 22.7]),
            reported_at: at(seconds).fixed_offset(),
            weight: 5,
            title: String::new(),
        }
    }

    #[test]
    fn cases_cool_and_categories_filter_without_asking_again() {
        let points = HeatPoints::new(&points());
        assert_eq!(counted(&points.heat(&wish(None), &[])), [1.0, 3.0]);
        assert_eq!(counted(&points.heat(&wish(Some("noise")), &[])), [0.0, 3.0]);
        let labour = Category {
            id: "wages".into(),
            parent: Some("dispute".into()),
            name: LocalText::new("欠薪", "Wages"),
            sensitivity: Sensitivity::Internal,
        };
        assert_eq!(counted(&points.heat(&wish(Some("dispute")), &[labour])), [1.0, 0.0]);
    }

    #[test]
    fn a_period_that_has_ended_leaves_out_what_came_later() {
        let past = HeatWish { to: Some(at(10)), half_life_s: None, ..wish(None) };
        assert_eq!(counted(&HeatPoints::new(&points()).heat(&past, &[])), [2.0, 0.0]);
    }

    #[test]
    fn a_live_case_is_added_once_and_an_old_one_that_changed_is_not() {
        let mut points = HeatPoints::new(&points());
        assert!(points.add(&dot("a", 90_000)) && !points.add(&dot("a", 90_000)));
        assert!(!points.add(&dot("old", 500)), "it came in bulk already");
        assert!(!points.add(&CaseDot { at: None, ..dot("nowhere", 90_001) }));
        assert_eq!(points.len(), 3);
        assert_eq!(counted(&points.heat(&wish(Some("lift")), &[])), [0.0, 0.0, 5.0]);
    }
}
