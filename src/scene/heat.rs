//! Heat: points for those who may see them, cells for the others; new cases are added one by one.

use std::collections::{BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fengtu_heat_worker::{Choice, LiveCase};
use fengtu_wire::config::Category;
use fengtu_wire::events::CaseDot;
use fengtu_wire::heat::{HeatCells, PointsAsSent};
use fengtu_wire::ids::{CaseNumber, CategoryId};

use super::geometry;
use crate::browser::buffer::Buffer;
use crate::map::model::{CasePoints, HeatCell, LiveCases, MOST_LIVE};

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

/// So many categories are kept as one text each; the engine draws no more than fit into eight bits.
const MOST_NAMES: usize = 256;

/// Cases as the server sent them, and those that have come since.
#[derive(Debug, Clone)]
pub struct HeatPoints {
    sent: Arc<PointsAsSent<Buffer>>,
    live: LiveCases,
    /// Which cases have been added, by their hash: of fifty thousand two are taken for one once in ten thousand million times.
    added: BTreeSet<u64>,
    /// The same from the oldest on, so that no more are kept than there are live cases.
    order: VecDeque<u64>,
    /// The categories of live cases, each text once.
    names: BTreeSet<Arc<str>>,
}

impl HeatData {
    /// Counts the live cases since the load came.
    pub fn came(&self) -> usize {
        match self {
            Self::Points(points) => points.live.count(),
            Self::Cells { .. } => 0,
        }
    }

    /// Returns how many times the live cases have grown to half of what is kept of them since the load came.
    pub fn fills(&self) -> usize {
        self.came() / (MOST_LIVE / 2)
    }
}

impl HeatPoints {
    /// Takes what the server sent.
    pub fn new(sent: PointsAsSent<Buffer>) -> Self {
        Self {
            sent: Arc::new(sent),
            live: LiveCases::default(),
            added: BTreeSet::new(),
            order: VecDeque::new(),
            names: BTreeSet::new(),
        }
    }

    /// Keeps what came live before this load, but for the first `known`, which the server had when it was asked.
    pub fn carry(&mut self, before: &Self, known: usize) {
        let live = before.live.after(known);
        // Both are in the order in which they came, and no live case is kept longer than its hash.
        self.order = before.order.iter().skip(before.order.len().saturating_sub(live.len())).copied().collect();
        self.added = self.order.iter().copied().collect();
        for case in live {
            self.live.push(case);
        }
    }

    /// Adds a case that came live; the engine leaves it out if it came in bulk. Returns whether it stands somewhere and is new.
    pub fn add(&mut self, dot: &CaseDot) -> bool {
        let Some([lon, lat]) = dot.at else { return false };
        let number = hash_of(&dot.number);
        if !self.added.insert(number) {
            return false;
        }
        self.order.push_back(number);
        if self.order.len() > MOST_LIVE
            && let Some(oldest) = self.order.pop_front()
        {
            self.added.remove(&oldest);
        }
        let (time, weight) = (dot.reported_at.timestamp(), f32::from(dot.weight));
        let category = self.name(dot.category.as_str());
        self.live.push(LiveCase { lon, lat, time, weight, category });
        true
    }

    fn name(&mut self, category: &str) -> Arc<str> {
        let known = self.names.get(category).cloned();
        known.unwrap_or_else(|| {
            let name = Arc::<str>::from(category);
            if self.names.len() < MOST_NAMES {
                self.names.insert(Arc::clone(&name));
            }
            name
        })
    }

    /// Returns the cases to draw.
    pub fn points(&self, wish: &HeatWish, tree: &[Category]) -> CasePoints {
        CasePoints { cases: Arc::clone(&self.sent), live: self.live.clone(), choice: choice(wish, tree) }
    }
}

fn hash_of(number: &CaseNumber) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

fn choice(wish: &HeatWish, tree: &[Category]) -> Choice {
    Choice {
        from: wish.from.timestamp(),
        // A live picture shows what comes next without a new choice.
        to: wish.to.map(|to| to.timestamp()),
        now: wish.now.timestamp(),
        half_life_s: wish.half_life_s.map(f64::from),
        categories: (!wish.categories.is_empty()).then(|| chosen(&wish.categories, tree)),
    }
}

/// Returns the categories that are wanted and all below them.
fn chosen(wanted: &BTreeSet<CategoryId>, tree: &[Category]) -> Vec<String> {
    let below = tree.iter().filter(|category| category.parent.as_ref().is_some_and(|parent| wanted.contains(parent)));
    let names: BTreeSet<_> = wanted.iter().chain(below.map(|category| &category.id)).collect();
    names.into_iter().map(ToString::to_string).collect()
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

#[cfg(test)]
pub mod tests {
    #![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::cases::{CaseState, Class, Sensitivity};
    use fengtu_wire::heat::PointsForm;
    use fengtu_wire::text::LocalText;

    use super::*;
    use crate::map::model::PIECE;

    const BASE: i64 = 1_770_000_000;

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

    /// Makes cases to draw, without any.
    pub fn case_points() -> CasePoints {
        points().points(&wish(None), &[])
    }

    fn points() -> HeatPoints {
        HeatPoints::new(PointsAsSent { form: PointsForm::Columns, bytes: Buffer::default() })
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
    fn a_category_of_the_first_level_stands_for_all_below_it() {
        let labour = Category {
            id: "wages".into(),
            parent: Some("dispute".into()),
            name: LocalText::new("欠薪", "Wages"),
            sensitivity: Sensitivity::Internal,
        };
        assert_eq!(choice(&wish(None), std::slice::from_ref(&labour)).categories, None);
        assert_eq!(
            choice(&wish(Some("noise")), std::slice::from_ref(&labour)).categories,
            Some(vec!["noise".to_owned()])
        );
        let both = Some(vec!["dispute".to_owned(), "wages".to_owned()]);
        assert_eq!(choice(&wish(Some("dispute")), &[labour]).categories, both);
    }

    #[test]
    fn a_period_that_has_ended_has_an_end() {
        assert_eq!(choice(&wish(None), &[]).to, None);
        let past = HeatWish { to: Some(at(10)), half_life_s: None, ..wish(None) };
        let told = choice(&past, &[]);
        assert_eq!((told.from, told.to, told.now, told.half_life_s), (BASE, Some(BASE + 10), BASE + 86_400, None));
    }

    #[test]
    fn a_live_case_is_added_once() {
        let mut points = points();
        assert!(points.add(&dot("a", 90_000)) && !points.add(&dot("a", 90_000)));
        assert!(!points.add(&CaseDot { at: None, ..dot("nowhere", 90_001) }));
        let CasePoints { live, .. } = points.points(&wish(None), &[]);
        assert_eq!(live.count(), 1);
        assert_eq!(live.after(0).first().map(|case| (case.time, &*case.category)), Some((BASE + 90_000, "lift")));
        assert!(live.after(1).is_empty() && live.after(9).is_empty());
    }

    #[test]
    fn a_load_keeps_what_came_while_it_was_on_its_way() {
        let mut old = points();
        let add = |points: &mut HeatPoints, n: i64| points.add(&dot(&n.to_string(), n));
        assert!((0..3).all(|n| add(&mut old, n)));
        let asked_at = HeatData::Points(old.clone()).came();
        assert!((3..1_803).all(|n| add(&mut old, n)));
        let mut new = points();
        new.carry(&old, asked_at);
        assert!(!add(&mut new, 3) && !add(&mut new, 1_802) && add(&mut new, 1_803), "each once");
        let times: Vec<_> = new.live.after(0).iter().map(|case| case.time - BASE).collect();
        assert_eq!(times, (3..1_804).collect::<Vec<_>>());
        assert_eq!((new.added.len(), new.order.len()), (1_801, 1_801));
    }

    #[test]
    fn live_cases_without_end_are_forgotten_from_the_oldest_and_ask_for_a_load() {
        let mut points = points();
        for number in 0..MOST_LIVE + 3 {
            assert!(points.add(&dot(&number.to_string(), 0)));
        }
        assert_eq!((points.live.count(), points.live.after(0).len()), (MOST_LIVE + 3, MOST_LIVE - PIECE + 3));
        assert_eq!(points.live.after(MOST_LIVE + 1).len(), 2);
        assert_eq!((points.added.len(), points.order.len()), (MOST_LIVE, MOST_LIVE));
        assert!(!points.add(&dot("3", 0)) && points.add(&dot("2", 0)), "what was forgotten is not known");
        assert_eq!(HeatData::Points(points).fills(), 2);
    }
}
