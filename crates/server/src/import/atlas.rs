//! The tree as a map: which place lies where, and what lies within what.

use std::collections::HashMap;

use fengtu_geo::coord::{BBox, LonLat};
use fengtu_geo::index::PolygonIndex;
use fengtu_geo::polygon::MultiPolygon;
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use super::record::Row;
use super::report::Reason;
use crate::dataset::PlaceRow;
use crate::store::geometry::area;

/// The places that are known.
pub struct Atlas {
    nodes: Vec<Node>,
    by_id: HashMap<PlaceId, usize>,
    /// Names that stand for one place only.
    by_name: HashMap<String, Option<usize>>,
    index: PolygonIndex,
    /// The node of each area in the index.
    owners: Vec<usize>,
    bounds: Option<BBox>,
}

struct Node {
    id: PlaceId,
    level: PlaceLevel,
    parent: Option<PlaceId>,
}

impl Atlas {
    /// Makes a map of places.
    pub fn new<'a>(places: impl IntoIterator<Item = &'a PlaceRow>) -> Self {
        let (mut nodes, mut areas, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
        for (number, place) in places.into_iter().enumerate() {
            nodes.push(Node { id: place.id.clone(), level: place.level, parent: place.parent.clone() });
            by_id.insert(place.id.clone(), number);
            by_name.entry(place.name.clone()).and_modify(|one| *one = None).or_insert(Some(number));
            if let Some(area) = place.geometry.as_ref().and_then(area) {
                areas.push(area);
                owners.push(number);
            }
        }
        let bounds = areas.iter().filter_map(MultiPolygon::bbox).reduce(|all, one| all.union(&one));
        Self { nodes, by_id, by_name, index: PolygonIndex::new(areas), owners, bounds }
    }

    /// Finds a place by its id, else by a name that no other has.
    pub fn find(&self, id_or_name: &str) -> Option<&PlaceId> {
        let number = self.by_id.get(&PlaceId::from(id_or_name)).copied();
        let number = number.or_else(|| self.by_name.get(id_or_name).copied().flatten());
        number.and_then(|number| self.nodes.get(number)).map(|node| &node.id)
    }

    /// Returns the level of a place.
    pub fn level(&self, id: &PlaceId) -> Option<PlaceLevel> {
        self.node(id).map(|node| node.level)
    }

    /// Tells whether any place has a shape.
    pub const fn has_shapes(&self) -> bool {
        self.bounds.is_some()
    }

    /// Tells whether a point lies in any place; in a tree without shapes, everything does.
    pub fn holds(&self, at: LonLat) -> bool {
        self.bounds.is_none_or(|bounds| bounds.contains(at) && self.index.containing(at).is_some())
    }

    /// Lists the places around a point, the lowest first.
    pub fn around(&self, [lon, lat]: Position) -> Vec<&PlaceId> {
        let areas = self.index.all_containing(LonLat { lon, lat });
        let mut nodes: Vec<&Node> = areas.iter().filter_map(|&area| self.nodes.get(*self.owners.get(area)?)).collect();
        nodes.sort_by_key(|node| std::cmp::Reverse(node.level));
        nodes.into_iter().map(|node| &node.id).collect()
    }

    /// Tells whether a place is, or lies below, another.
    pub fn is_within(&self, id: &PlaceId, above: &PlaceId) -> bool {
        let mut here = Some(id);
        // No tree is deeper than it has nodes: an unsound one must not hang the import.
        for _ in 0..=self.nodes.len() {
            match here {
                Some(id) if id == above => return true,
                Some(id) => here = self.node(id).and_then(|node| node.parent.as_ref()),
                None => return false,
            }
        }
        false
    }

    /// Returns the one node above all others, if there is one.
    pub fn root(&self) -> Option<&PlaceId> {
        let mut tops = self.nodes.iter().filter(|node| node.parent.is_none());
        let first = tops.next()?;
        tops.next().is_none().then_some(&first.id)
    }

    /// Places a row: in the place that it names, unless geometry knows better.
    ///
    /// A named place that is coarser than what lies around the point is refined; one that is finer is kept.
    pub fn place(&self, row: &mut Row<'_>, at: Option<Position>) -> Option<PlaceId> {
        let around = at.map(|at| self.around(at)).unwrap_or_default();
        let lowest = around.first().copied();
        let Some(own) = row.translated("place") else {
            return self.or_top(row, lowest);
        };
        let Some(named) = self.find(&own) else {
            row.note(Reason::UnknownPlace, "place", &own);
            return self.or_top(row, lowest);
        };
        let placed = match lowest {
            Some(here) if self.is_within(here, named) => here,
            Some(here) if !self.is_within(named, here) && !around.contains(&named) => {
                row.note(Reason::WrongPlace, "place", &format!("{own} → {here}"));
                here
            }
            _ => named,
        };
        Some(placed.clone())
    }

    fn or_top(&self, row: &mut Row<'_>, place: Option<&PlaceId>) -> Option<PlaceId> {
        if place.is_none() {
            row.note(Reason::NoPlace, "place", "");
        }
        place.or_else(|| self.root()).cloned()
    }

    fn node(&self, id: &PlaceId) -> Option<&Node> {
        self.by_id.get(id).and_then(|&number| self.nodes.get(number))
    }
}
