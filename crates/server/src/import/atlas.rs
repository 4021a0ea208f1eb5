//! The tree as a map: which place lies where, and what lies within what.

use std::collections::{BTreeMap, HashMap};

use fengtu_geo::coord::{BBox, LonLat};
use fengtu_geo::index::PolygonIndex;
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use super::border;
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
    /// The box of each area.
    boxes: Vec<Option<BBox>>,
    bounds: Option<BBox>,
    tolerance_m: f64,
}

struct Node {
    id: PlaceId,
    level: PlaceLevel,
    parent: Option<PlaceId>,
}

impl Atlas {
    /// Makes a map of places.
    pub fn new<'a>(places: impl IntoIterator<Item = &'a PlaceRow>) -> Self {
        let (mut nodes, mut areas, mut boxes, mut owners) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
        for (number, place) in places.into_iter().enumerate() {
            nodes.push(Node { id: place.id.clone(), level: place.level, parent: place.parent.clone() });
            by_id.insert(place.id.clone(), number);
            by_name.entry(place.name.clone()).and_modify(|one| *one = None).or_insert(Some(number));
            if let Some(area) = place.geometry.as_ref().and_then(area) {
                boxes.push(area.bbox());
                areas.push(area);
                owners.push(number);
            }
        }
        let bounds = boxes.iter().flatten().copied().reduce(|all, one| all.union(&one));
        Self { nodes, by_id, by_name, index: PolygonIndex::new(areas), owners, boxes, bounds, tolerance_m: 0.0 }
    }

    /// Takes a point that lies this many metres beyond every border for one of the nearest area.
    #[must_use]
    pub fn with_tolerance(mut self, metres: f64) -> Self {
        self.tolerance_m = metres;
        self
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

    /// Lists the places around a point, the lowest first; of one a little beyond the border, those that it is beside.
    pub fn around(&self, [lon, lat]: Position) -> Vec<&PlaceId> {
        let at = LonLat { lon, lat };
        let mut areas = self.index.all_containing(at);
        if areas.is_empty() {
            areas = self.beside(at).map(|(area, _)| area).collect();
        }
        let mut nodes: Vec<&Node> = areas.iter().filter_map(|&area| self.owner(area)).collect();
        nodes.sort_by_key(|node| std::cmp::Reverse(node.level));
        nodes.into_iter().map(|node| &node.id).collect()
    }

    /// Returns the metres to the nearest area, for a point in none, if they are within the tolerance.
    pub fn metres_beyond(&self, at: LonLat) -> Option<f64> {
        self.beside(at).map(|(_, metres)| metres).reduce(f64::min)
    }

    /// Lists the nearest area of each level that lies within the tolerance, with its distance.
    fn beside(&self, at: LonLat) -> impl Iterator<Item = (usize, f64)> + use<> {
        let mut nearest: BTreeMap<PlaceLevel, (usize, f64)> = BTreeMap::new();
        // A degree is not shorter than this to 60° north or south: the box is at least as wide as the tolerance.
        let reach = self.tolerance_m / 55_000.0;
        let is_near = |bbox: Option<BBox>| bbox.is_some_and(|bbox| bbox.padded(reach).contains(at));
        if self.tolerance_m <= 0.0 || !is_near(self.bounds) {
            return nearest.into_values();
        }
        for (number, (area, bbox)) in self.index.areas().iter().zip(&self.boxes).enumerate() {
            let Some(node) = self.owner(number).filter(|_| is_near(*bbox)) else { continue };
            let metres = border::metres_to(area, at);
            let best = nearest.get(&node.level).map_or(self.tolerance_m, |(_, metres)| *metres);
            if metres <= best {
                nearest.insert(node.level, (number, metres));
            }
        }
        nearest.into_values()
    }

    fn owner(&self, area: usize) -> Option<&Node> {
        self.nodes.get(*self.owners.get(area)?)
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
