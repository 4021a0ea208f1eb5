//! The district: its settings, its tree of places, its grids.

use std::collections::HashMap;

use fengtu_wire::config::{Category, Config};
use fengtu_wire::geojson::Feature;
use fengtu_wire::grids::Grid;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::{Place, PlaceLevel};

use super::Loadable;

/// The district as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct DistrictStore {
    /// The settings.
    pub config: Loadable<Config>,
    /// The tree with the outlines of streets and communities.
    pub tree: Loadable<Tree>,
    /// The grids with their polygons.
    pub grids: Loadable<Vec<Feature<Grid>>>,
}

impl DistrictStore {
    /// Returns a category's settings.
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.config.value()?.categories.iter().find(|c| c.id == *id)
    }

    /// Returns a place.
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.tree.value()?.get(id)
    }

    /// Returns the way from the top down to a place, itself included.
    pub fn breadcrumb(&self, id: &PlaceId) -> Vec<&Place> {
        self.tree.value().map(|tree| tree.breadcrumb(id)).unwrap_or_default()
    }

    /// Returns seconds east of UTC in which days begin and times are shown.
    pub fn utc_offset_s(&self) -> i32 {
        self.config.value().map_or(28_800, |config| config.utc_offset_s)
    }
}

/// The organisation tree, indexed.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    features: Vec<Feature<Place>>,
    by_id: HashMap<PlaceId, usize>,
    children: HashMap<Option<PlaceId>, Vec<usize>>,
}

/// Deeper than any tree that people govern by; a cycle in bad data ends here.
const MAX_DEPTH: usize = 16;

impl Tree {
    /// Indexes places; one whose parent is not among them stands at the top.
    pub fn new(features: Vec<Feature<Place>>) -> Self {
        let by_id: HashMap<_, _> = features.iter().enumerate().map(|(i, f)| (f.properties.id.clone(), i)).collect();
        let mut children: HashMap<Option<PlaceId>, Vec<usize>> = HashMap::new();
        for (index, feature) in features.iter().enumerate() {
            let parent = feature.properties.parent.clone().filter(|p| by_id.contains_key(p));
            children.entry(parent).or_default().push(index);
        }
        Self { features, by_id, children }
    }

    /// Returns a place.
    pub fn get(&self, id: &PlaceId) -> Option<&Place> {
        self.feature(id).map(|f| &f.properties)
    }

    /// Returns a place with its outline.
    pub fn feature(&self, id: &PlaceId) -> Option<&Feature<Place>> {
        self.features.get(*self.by_id.get(id)?)
    }

    /// Returns every place.
    pub fn iter(&self) -> impl Iterator<Item = &Feature<Place>> {
        self.features.iter()
    }

    /// Returns the places at the top.
    pub fn roots(&self) -> impl Iterator<Item = &Place> {
        self.below(None)
    }

    /// Returns the places right below one.
    pub fn children(&self, id: &PlaceId) -> impl Iterator<Item = &Place> {
        self.below(Some(id.clone()))
    }

    /// Returns the way from the top down to a place, itself included.
    pub fn breadcrumb(&self, id: &PlaceId) -> Vec<&Place> {
        let up = std::iter::successors(self.get(id), |place| self.get(place.parent.as_ref()?));
        let mut way: Vec<_> = up.take(MAX_DEPTH).collect();
        way.reverse();
        way
    }

    /// Whether `id` is `ancestor` or lies below it.
    pub fn is_within(&self, id: &PlaceId, ancestor: &PlaceId) -> bool {
        self.breadcrumb(id).iter().any(|place| place.id == *ancestor)
    }

    /// Returns the place of a level that `id` is or lies in.
    pub fn ancestor_at(&self, id: &PlaceId, level: PlaceLevel) -> Option<&Place> {
        self.breadcrumb(id).into_iter().find(|place| place.level == level)
    }

    fn below(&self, parent: Option<PlaceId>) -> impl Iterator<Item = &Place> {
        let rows = self.children.get(&parent).map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter_map(|row| self.features.get(*row)).map(|f| &f.properties)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn place(id: &str, level: PlaceLevel, parent: Option<&str>) -> Feature<Place> {
        let place = Place {
            id: id.into(),
            level,
            parent: parent.map(PlaceId::from),
            name: id.to_owned(),
            name_en: None,
            population: None,
            area_m2: None,
            centre: None,
            bounds: None,
        };
        Feature::new(None, place)
    }

    fn tree() -> Tree {
        Tree::new(vec![
            place("d", PlaceLevel::District, None),
            place("s", PlaceLevel::Street, Some("d")),
            place("c", PlaceLevel::Community, Some("s")),
            place("lost", PlaceLevel::Community, Some("nowhere")),
            place("loop1", PlaceLevel::Grid, Some("loop2")),
            place("loop2", PlaceLevel::Grid, Some("loop1")),
        ])
    }

    #[test]
    fn the_breadcrumb_leads_from_the_top_to_the_place() {
        let tree = tree();
        let way: Vec<_> = tree.breadcrumb(&"c".into()).iter().map(|p| p.id.as_str()).collect();
        assert_eq!(way, ["d", "s", "c"]);
        assert!(tree.is_within(&"c".into(), &"d".into()) && !tree.is_within(&"d".into(), &"c".into()));
        assert_eq!(tree.ancestor_at(&"c".into(), PlaceLevel::Street).unwrap().id.as_str(), "s");
    }

    #[test]
    fn a_lost_place_stands_at_the_top_and_a_cycle_ends() {
        let tree = tree();
        assert_eq!(tree.roots().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["d", "lost"]);
        assert_eq!(tree.breadcrumb(&"loop1".into()).len(), MAX_DEPTH);
        assert!(tree.breadcrumb(&"unknown".into()).is_empty());
    }
}
