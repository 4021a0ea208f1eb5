//! The shaded areas: colour, hatch and shape by level; exact hit testing; borders.

use std::sync::Arc;

use fengtu_geo::index::PolygonIndex;
use fengtu_geo::{LonLat, MultiPolygon};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::warnings::Level;
use web_sys::Path2d;

use super::basemap::add_area;
use super::symbols::{self, Cover, Hatch};
use super::{Brush, Drawn};
use crate::map::labels::Rect;
use crate::map::model::{Area, Levels, Shared};
use crate::map::patches::Patches;
use crate::map::plane::{Anchor, Px};
use crate::map::theme::level_alpha;

/// Draws the areas of one level and the borders of the levels above.
#[derive(Default)]
pub struct AreaLayer {
    shown: AreaSet,
    above: AreaSet,
    levels: Arc<Levels>,
    /// The paths of each level, made anew when levels change and not when the map moves.
    by_level: Option<[Patches; 3]>,
}

/// Holds areas with what is worth computing once.
#[derive(Default)]
pub struct AreaSet {
    areas: Shared<Area>,
    anchor: Anchor,
    /// Each area's own path, by number; fewer than areas only where the browser has no paths.
    paths: Vec<Path2d>,
    borders: Patches,
    /// Where label and symbol stand, and the area's size in path units.
    spots: Vec<Option<Spot>>,
    index: Option<PolygonIndex>,
}

/// Holds where an area's label and symbol stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// The place.
    pub at: LonLat,
    /// Width of the area's box in path units.
    pub width: f64,
    /// Height of the area's box in path units.
    pub height: f64,
}

impl AreaLayer {
    /// Takes the areas of the shown level.
    pub fn set_areas(&mut self, areas: Shared<Area>) {
        self.shown = AreaSet::new(areas);
        self.by_level = None;
    }

    /// Takes the areas of the levels above.
    pub fn set_outlines(&mut self, areas: Shared<Area>) {
        self.above = AreaSet::new(areas);
    }

    /// Takes the warning levels.
    pub fn set_levels(&mut self, levels: Arc<Levels>) {
        self.levels = levels;
        self.by_level = None;
    }

    /// Gives the shown areas.
    pub const fn shown(&self) -> &AreaSet {
        &self.shown
    }

    /// Gives the areas above.
    pub const fn above(&self) -> &AreaSet {
        &self.above
    }

    /// Tells whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.shown.areas.is_empty() && self.above.areas.is_empty()
    }

    /// Names the shown area at a place, exactly.
    pub fn hit(&self, at: LonLat) -> Option<&PlaceId> {
        let number = self.shown.index.as_ref()?.containing(at)?;
        self.shown.areas.get(number).map(|area| &area.id)
    }

    /// Draws fills, hatches and symbols.
    pub fn draw(&mut self, brush: &Brush) -> Drawn {
        self.draw_levels(brush);
        brush.ink.in_pixels(brush.frame);
        for (level, at, size) in self.symbols(brush) {
            symbols::level(brush, level, at, size);
        }
        Drawn::Still
    }

    /// Draws borders: a picture of their own, which costs as much as the fills and stays when levels change.
    pub fn draw_borders(&self, brush: &Brush) -> Drawn {
        self.shown.stroke(brush, &brush.theme.border, border_width(brush.frame.zoom));
        self.above.stroke(brush, &brush.theme.border_strong, 1.6);
        Drawn::Still
    }

    /// Gives the boxes that symbols take, so that labels keep clear of them.
    pub fn symbol_boxes(&self, brush: &Brush) -> Vec<Rect> {
        self.symbols(brush).map(|(_, at, size)| Rect::centered(at, size + 4.0, size + 4.0)).collect()
    }

    fn draw_levels(&mut self, brush: &Brush) {
        let Some(paths) = self.by_level.get_or_insert_with_ok(|| level_paths(&self.shown, &self.levels)) else {
            return;
        };
        let place = brush.ink.in_paths(brush.frame, self.shown.anchor);
        let (ground, lines) = level_alpha(brush.frame.zoom);
        for ((paths, colour), hatch) in
            paths.iter().zip(&brush.theme.levels).zip([None, Some(Hatch::Sparse), Some(Hatch::Dense)])
        {
            let cover = Cover { ground, lines };
            if let Some(pattern) = hatch.and_then(|hatch| symbols::hatch(brush, hatch, colour, cover, place)) {
                brush.ink.alpha(1.0);
                brush.ink.fill_with_pattern(&pattern);
            } else {
                brush.ink.alpha(ground);
                brush.ink.fill_with(colour);
            }
            paths.seen(&brush.part).for_each(|path| brush.ink.fill_even_odd(path));
        }
        brush.ink.alpha(1.0);
    }

    fn symbols<'a>(&'a self, brush: &'a Brush) -> impl Iterator<Item = (Level, Px, f64)> + 'a {
        let scale = brush.frame.placement(self.shown.anchor).scale;
        self.shown.spots().filter_map(move |(area, spot)| {
            let level = *self.levels.get(&area.id).filter(|&&level| level != Level::None)?;
            let at = brush.frame.px(spot.at);
            let room = spot.width.min(spot.height) * scale;
            let size = (room * 0.5).min(SYMBOL_PX);
            (size >= SMALLEST_PX && brush.in_part(at, SYMBOL_PX)).then_some((level, at, size))
        })
    }
}

/// Side of a level's symbol where its area has room, CSS pixels.
const SYMBOL_PX: f64 = 12.0;
/// Side below which a triangle can no longer be told from a disc, CSS pixels.
const SMALLEST_PX: f64 = 6.0;

impl AreaSet {
    fn new(areas: Shared<Area>) -> Self {
        let first = areas.iter().find_map(|area| area.shape.polygons.first()?.outer.first().copied());
        let anchor = first.map(Anchor::at).unwrap_or_default();
        let paths: Vec<_> = areas.iter().map_while(|area| path_of(&area.shape, anchor)).collect();
        let borders = patches(anchor, areas.iter().zip(&paths)).unwrap_or_default();
        let spots = areas.iter().map(|area| spot_of(area, anchor)).collect();
        let index = Some(PolygonIndex::new(areas.iter().map(|area| area.shape.clone()).collect()));
        Self { areas, anchor, paths, borders, spots, index }
    }

    /// Gives the path of a place and the anchor it is laid by.
    pub fn path(&self, id: &PlaceId) -> Option<(&Path2d, Anchor)> {
        let number = self.areas.iter().position(|area| area.id == *id)?;
        Some((self.paths.get(number)?, self.anchor))
    }

    /// Iterates over the areas that have a spot for a label.
    pub fn spots(&self) -> impl Iterator<Item = (&Area, &Spot)> {
        self.areas.iter().zip(&self.spots).filter_map(|(area, spot)| Some((area, spot.as_ref()?)))
    }

    fn stroke(&self, brush: &Brush, colour: &str, width: f64) {
        let place = brush.ink.in_paths(brush.frame, self.anchor);
        brush.ink.line_with(colour, width / place.scale);
        self.borders.seen(&brush.part).for_each(|path| brush.ink.stroke(path));
    }
}

/// Gives the width of area borders at a zoom: a hairline until areas are large on the screen, then just under a pixel, which
/// without a GPU is drawn many times as fast as one that is just over.
fn border_width(zoom: f64) -> f64 {
    if zoom < 12.5 { 0.5 } else { 0.99 }
}

fn path_of(shape: &MultiPolygon, anchor: Anchor) -> Option<Path2d> {
    let path = Path2d::new().ok()?;
    add_area(&path, shape, anchor);
    Some(path)
}

fn patches<'a>(anchor: Anchor, areas: impl Iterator<Item = (&'a Area, &'a Path2d)>) -> Option<Patches> {
    Patches::gather(anchor, areas.filter_map(|(area, path)| Some((area.shape.bbox()?, path))))
}

fn level_paths(shown: &AreaSet, levels: &Levels) -> Option<[Patches; 3]> {
    let of = |wanted: Level| {
        let all = shown.areas.iter().zip(&shown.paths);
        patches(shown.anchor, all.filter(|(area, _)| levels.get(&area.id) == Some(&wanted)))
    };
    Some([of(Level::Blue)?, of(Level::Yellow)?, of(Level::Red)?])
}

fn spot_of(area: &Area, anchor: Anchor) -> Option<Spot> {
    let bounds = area.shape.bbox()?;
    let at = area.label_at.or_else(|| area.shape.interior_point())?;
    let corner = |lon, lat| anchor.path_point(LonLat { lon, lat });
    let (low, high) = (corner(bounds.west, bounds.north), corner(bounds.east, bounds.south));
    Some(Spot { at, width: high.x - low.x, height: high.y - low.y })
}

/// Gives the rank of an area's name among all labels: higher levels first.
pub const fn name_rank(level: PlaceLevel) -> u32 {
    match level {
        PlaceLevel::District => 0,
        PlaceLevel::Street => 1,
        PlaceLevel::Community => 2,
        _ => 4,
    }
}

/// Fills an option by something that may fail.
trait GetOrInsertOk<T> {
    fn get_or_insert_with_ok(&mut self, make: impl FnOnce() -> Option<T>) -> Option<&mut T>;
}

impl<T> GetOrInsertOk<T> for Option<T> {
    fn get_or_insert_with_ok(&mut self, make: impl FnOnce() -> Option<T>) -> Option<&mut T> {
        if self.is_none() {
            *self = make();
        }
        self.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengtu_geo::{BBox, Polygon};

    fn square(west: f64) -> Area {
        let outer = BBox { west, south: 22.7, east: west + 0.01, north: 22.71 }.ring();
        let shape = Polygon { outer, holes: Vec::new() }.into();
        Area { id: PlaceId(west.to_string()), level: PlaceLevel::Grid, shape, name: String::new(), label_at: None }
    }

    #[test]
    fn a_spot_is_inside_and_knows_its_size() {
        let area = square(113.9);
        let anchor = Anchor::at(LonLat { lon: 113.9, lat: 22.7 });
        let spot = spot_of(&area, anchor);
        assert!(spot.is_some_and(|spot| area.shape.contains(spot.at)));
        // 0.01 degrees at zoom 20: 2^28 / 36,000 pixels.
        assert!(spot.is_some_and(|spot| (spot.width - 7456.54).abs() < 0.1 && spot.height > spot.width));
    }

    #[test]
    fn an_area_without_ground_has_no_spot() {
        let nothing = Area { shape: MultiPolygon::default(), ..square(113.9) };
        assert_eq!(spot_of(&nothing, Anchor::default()), None);
    }
}
