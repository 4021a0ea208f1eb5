//! Every area of the district in the map's own form, by level, made once when places and grids arrive.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use fengtu_geo::{BBox, MultiPolygon};
use fengtu_wire::geojson::Feature;
use fengtu_wire::grids::Grid;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};

use super::geometry;
use crate::map::model::{Area, Shared};
use crate::state::district::Tree;

/// The areas of a district.
#[derive(Debug, Clone, Default)]
pub struct Atlas {
    levels: BTreeMap<PlaceLevel, Shared<Area>>,
    outlines: BTreeMap<PlaceLevel, Shared<Area>>,
    bounds: HashMap<PlaceId, BBox>,
    at: HashMap<PlaceId, (PlaceLevel, usize)>,
    off_map: usize,
}

impl Atlas {
    /// Takes every place and grid that has ground; those without are counted.
    pub fn new(tree: Option<&Tree>, grids: &[Feature<Grid>], english: bool) -> Self {
        let mut atlas = Self::default();
        let mut levels: BTreeMap<PlaceLevel, Vec<Area>> = BTreeMap::new();
        for feature in tree.into_iter().flat_map(Tree::iter) {
            atlas.note_bounds(&feature.properties);
            if feature.properties.level < PlaceLevel::Grid {
                take(&mut levels, place_area(feature, english), &mut atlas.off_map);
            }
        }
        for feature in grids {
            take(&mut levels, grid_area(feature), &mut atlas.off_map);
        }
        atlas.index(levels);
        atlas
    }

    /// Returns the areas of a level.
    pub fn areas(&self, level: PlaceLevel) -> Shared<Area> {
        self.levels.get(&level).cloned().unwrap_or_default()
    }

    /// Returns the areas of all levels above, the highest first.
    pub fn outlines(&self, level: PlaceLevel) -> Shared<Area> {
        self.outlines.get(&level).cloned().unwrap_or_default()
    }

    /// Returns the level nearest to the one wanted that has areas: a district may lack any.
    pub fn nearest(&self, wanted: PlaceLevel) -> PlaceLevel {
        let rank = |level: PlaceLevel| level as usize;
        let near = self.levels.keys().min_by_key(|level| (rank(**level).abs_diff(rank(wanted)), **level < wanted));
        near.copied().unwrap_or(wanted)
    }

    /// Returns the box around a place.
    pub fn bounds(&self, place: &PlaceId) -> Option<BBox> {
        self.bounds.get(place).copied()
    }

    /// Returns a place's area.
    pub fn area(&self, place: &PlaceId) -> Option<&Area> {
        let (level, index) = self.at.get(place)?;
        self.levels.get(level)?.get(*index)
    }

    /// Returns a place's ground; where it has no outline of its own, that of all areas below it is not made up.
    pub fn ground(&self, place: &PlaceId) -> Option<&MultiPolygon> {
        self.area(place).map(|area| &area.shape)
    }

    /// Returns the box around everything.
    pub fn extent(&self) -> Option<BBox> {
        self.bounds.values().copied().reduce(|a, b| a.union(&b))
    }

    /// Returns how many places and grids have no ground that can be drawn.
    pub const fn off_map(&self) -> usize {
        self.off_map
    }

    /// Whether there is no area at all.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    fn note_bounds(&mut self, place: &Place) {
        if let Some(bounds) = place.bounds {
            self.bounds.insert(place.id.clone(), geometry::bounds(bounds));
        }
    }

    fn index(&mut self, levels: BTreeMap<PlaceLevel, Vec<Area>>) {
        let mut above: Vec<Area> = Vec::new();
        for (level, areas) in levels {
            for (index, area) in areas.iter().enumerate() {
                self.at.insert(area.id.clone(), (level, index));
                if let Some(bounds) = area.shape.bbox() {
                    self.bounds.insert(area.id.clone(), bounds);
                }
            }
            self.outlines.insert(level, Arc::new(above.clone()));
            above.extend(areas.iter().cloned());
            self.levels.insert(level, Arc::new(areas));
        }
    }
}

fn take(levels: &mut BTreeMap<PlaceLevel, Vec<Area>>, area: Option<Area>, off_map: &mut usize) {
    match area {
        Some(area) => levels.entry(area.level).or_default().push(area),
        None => *off_map += 1,
    }
}

fn place_area(feature: &Feature<Place>, english: bool) -> Option<Area> {
    let place = &feature.properties;
    Some(Area {
        id: place.id.clone(),
        level: place.level,
        shape: geometry::area(feature.geometry.as_ref()?)?,
        name: place_name(place, english),
        label_at: place.centre.map(geometry::place),
    })
}

fn grid_area(feature: &Feature<Grid>) -> Option<Area> {
    let grid = &feature.properties;
    Some(Area {
        id: grid.id.clone(),
        level: PlaceLevel::Grid,
        shape: geometry::area(feature.geometry.as_ref()?)?,
        name: grid.name.clone(),
        label_at: None,
    })
}

/// Returns a place's name in the reader's language, in Chinese where there is no other.
pub fn place_name(place: &Place, english: bool) -> String {
    let english = place.name_en.as_ref().filter(|name| english && !name.is_empty());
    english.unwrap_or(&place.name).clone()
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::geojson::Geometry;
    use fengtu_wire::grids::LandUse;

    use super::*;

    pub fn square(west: f64, size: f64) -> Geometry {
        let (south, east) = (22.0, west + size);
        let north = south + size;
        Geometry::Polygon(vec![vec![[west, south], [east, south], [east, north], [west, north], [west, south]]])
    }

    pub fn place(id: &str, level: PlaceLevel, parent: Option<&str>, geometry: Option<Geometry>) -> Feature<Place> {
        let place = Place {
            id: id.into(),
            level,
            parent: parent.map(PlaceId::from),
            name: format!("{id}区"),
            name_en: Some(id.to_uppercase()),
            population: None,
            area_m2: None,
            centre: None,
            bounds: None,
        };
        Feature::new(geometry, place)
    }

    pub fn grid(id: &str, parent: &str, geometry: Option<Geometry>) -> Feature<Grid> {
        let grid = Grid {
            id: id.into(),
            parent: Some(parent.into()),
            name: id.to_owned(),
            land_use: LandUse::Estate,
            population: 900,
            buildings: 30,
            area_m2: 1.0,
            member: None,
            telephone: None,
        };
        Feature::new(geometry, grid)
    }

    fn atlas(english: bool) -> Atlas {
        let tree = Tree::new(vec![
            place("d", PlaceLevel::District, None, Some(square(113.0, 1.0))),
            place("c", PlaceLevel::Community, Some("d"), Some(square(113.0, 0.5))),
            place("lost", PlaceLevel::Community, Some("d"), None),
            place("g", PlaceLevel::Grid, Some("c"), None),
        ]);
        Atlas::new(Some(&tree), &[grid("g", "c", Some(square(113.0, 0.1)))], english)
    }

    #[test]
    fn levels_hold_their_areas_and_what_has_no_ground_is_counted() {
        let atlas = atlas(false);
        assert_eq!(atlas.areas(PlaceLevel::Grid).len(), 1);
        assert_eq!(atlas.areas(PlaceLevel::Street).len(), 0);
        assert_eq!(atlas.off_map(), 1, "the place of a grid is no second grid");
        let above: Vec<_> = atlas.outlines(PlaceLevel::Grid).iter().map(|a| a.id.0.clone()).collect();
        assert_eq!(above, ["d", "c"]);
        assert_eq!(atlas.area(&"c".into()).unwrap().name, "c区");
        assert!(atlas.bounds(&"g".into()).is_some_and(|b| (b.east - 113.1).abs() < 1e-9));
    }

    #[test]
    fn a_level_that_the_district_lacks_is_shown_by_the_next_one_down() {
        let atlas = atlas(true);
        assert_eq!(atlas.nearest(PlaceLevel::Street), PlaceLevel::Community);
        assert_eq!(atlas.nearest(PlaceLevel::Grid), PlaceLevel::Grid);
        assert_eq!(atlas.nearest(PlaceLevel::SubGrid), PlaceLevel::Grid);
        assert_eq!(Atlas::default().nearest(PlaceLevel::Street), PlaceLevel::Street);
        assert_eq!(atlas.area(&"c".into()).unwrap().name, "C");
    }
}
