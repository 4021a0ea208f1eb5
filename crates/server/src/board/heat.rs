//! Where cases are: cells for anyone, points for those who may see them. Restricted cases are in neither.

use std::collections::HashMap;
use std::ops::Range;

use fengtu_domain::sight;
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::geojson::{Bounds, Feature, Geometry, Position};
use fengtu_wire::heat::{HeatPoint, OTHER_CATEGORIES, PointColumns};
use fengtu_wire::ids::{CaseNumber, CategoryId};

use super::facts::Packed;
use super::{Board, Scope, Slot};

/// Which cases are asked for.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Where.
    pub scope: Scope,
    /// Reported when, in Unix seconds.
    pub reported: Range<i64>,
    /// Which category numbers; absent: all.
    pub categories: Option<Vec<bool>>,
}

/// Returns the cases that match and may be drawn at all, oldest first.
pub fn drawn<'a>(board: &'a Board, filter: &'a Filter) -> impl Iterator<Item = (Slot, &'a Packed, Position)> {
    let range = filter.scope.range(&board.tree);
    board.reported(filter.reported.clone()).filter_map(move |(slot, case)| {
        let here = matches!(filter.scope, Scope::All) || range.contains(&case.place());
        let wanted =
            filter.categories.as_ref().is_none_or(|list| list.get(usize::from(case.category())) == Some(&true));
        let allowed = sight::layer_ok(case.sensitivity()) && !board.categories().is_restricted(case.category());
        (here && wanted && allowed).then_some(())?;
        Some((slot, case, case.at()?))
    })
}

/// Returns points as `GeoJSON`; `sees` decides on each case.
pub fn features(board: &Board, filter: &Filter, sees: impl Fn(Slot, &Packed) -> bool) -> Vec<Feature<HeatPoint>> {
    let feature = |(slot, case, at): (Slot, &Packed, Position)| {
        let category = board.categories().id(case.category()).filter(|_| sees(slot, case))?.clone();
        let point = HeatPoint {
            number: CaseNumber::from(board.number(slot)),
            category,
            place: board.tree.id(case.place()).cloned(),
            t: case.reported_at(),
            weight: case.weight(),
        };
        Some(Feature::new(Some(Geometry::Point(at)), point))
    };
    drawn(board, filter).filter_map(feature).collect()
}

/// Returns points in columns; `sees` decides on each case.
pub fn columns(board: &Board, filter: &Filter, sees: impl Fn(Slot, &Packed) -> bool) -> PointColumns {
    let shown: Vec<(&Packed, Position)> =
        drawn(board, filter).filter(|(slot, case, _)| sees(*slot, case)).map(|(_, case, at)| (case, at)).collect();
    let mut out = PointColumns {
        bounds: bounds(shown.iter().map(|(_, at)| *at)),
        base: shown.first().map_or(0, |(case, _)| case.reported_at()),
        ..PointColumns::default()
    };
    let mut names = Names::default();
    for (case, at) in shown {
        let (x, y) = PointColumns::quantise(out.bounds, at);
        out.seconds.push((case.reported_at() - out.base).clamp(0, i64::from(u32::MAX)) as u32);
        out.x.push(x);
        out.y.push(y);
        out.category.push(names.category(board, &mut out.categories, case.category()));
        out.weight.push(case.weight());
    }
    out
}

/// The number in the columns of all categories that have none of their own left.
const REST: u8 = u8::MAX;

/// The tables of an answer: only what its cases use.
#[derive(Default)]
struct Names {
    categories: HashMap<u16, u8>,
}

impl Names {
    fn category(&mut self, board: &Board, table: &mut Vec<CategoryId>, number: u16) -> u8 {
        *self.categories.entry(number).or_insert_with(|| {
            // The last of 256 names stands for all that come then: no case has another category's.
            let next = u8::try_from(table.len()).unwrap_or(REST);
            if usize::from(next) == table.len() {
                let own = board.categories().id(number).filter(|_| next != REST);
                table.push(own.cloned().unwrap_or_else(|| CategoryId::from(OTHER_CATEGORIES)));
            }
            next
        })
    }
}

/// Returns a box around positions that is never empty, as the columns demand.
pub fn bounds(points: impl Iterator<Item = Position>) -> Bounds {
    let around = |[w, s, e, n]: Bounds, [lon, lat]: Position| [w.min(lon), s.min(lat), e.max(lon), n.max(lat)];
    let empty = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let [w, s, e, n] = points.fold(empty, around);
    if w.is_finite() { [w, s, e.max(w + 1e-6), n.max(s + 1e-6)] } else { [0.0, 0.0, 1.0, 1.0] }
}

/// Returns whether a box goes round the world the long way: what it holds lies on both sides of the antimeridian, and one of its
/// 65,536 steps is hundreds of metres.
pub const fn is_round_the_world([west, _, east, _]: Bounds) -> bool {
    east - west > 180.0
}

/// Returns whether a viewer may see a case as a point, given where it lies; as its handler alone nobody does here.
pub fn may_see(
    role: fengtu_wire::session::Role,
    access: sight::Access,
    inside: bool,
    sensitivity: Sensitivity,
    category: &CategoryId,
) -> bool {
    let facts = sight::CaseFacts { sensitivity, category, inside_place: inside, is_handler: false };
    sight::layer_ok(sensitivity) && sight::may_see_case(role, access, &facts)
}

/// Takes what is over a multiple of `k` from each cell to the withheld.
///
/// Two questions that differ by one category would otherwise tell, by subtraction, of the few cases of that category in
/// a cell; in steps of `k` they do not, and heat is drawn the same. What is withheld is told in such steps too: a question
/// about one grid and one day would else be answered by it exactly.
#[must_use]
pub fn coarse(mut cells: fengtu_wire::heat::HeatCells) -> fengtu_wire::heat::HeatCells {
    let k = cells.k.max(1);
    for cell in &mut cells.cells {
        let over = cell.count % k;
        cell.count -= over;
        cells.withheld += u64::from(over);
    }
    cells.cells.retain(|cell| cell.count > 0);
    cells.withheld -= cells.withheld % u64::from(k);
    cells
}
