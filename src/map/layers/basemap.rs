//! The built-in base map: ground, green, water, roads in three weights, rail; no tile server at all.

use std::sync::Arc;

use fengtu_geo::{BBox, LonLat, MultiPolygon};
use fengtu_wire::basemap::BaseClass;
use web_sys::Path2d;

use super::{Brush, Drawn};
use crate::map::ink::add_line;
use crate::map::model::{BaseGeometry, BaseMap, BaseShape};
use crate::map::patches::Patches;
use crate::map::plane::Anchor;
use crate::map::theme::MapTheme;

/// Draws the base map.
#[derive(Default)]
pub struct BaseLayer {
    map: Option<Paths>,
    names: Vec<BaseName>,
    ground: bool,
}

/// Holds a label of the base map.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseName {
    /// What it names.
    pub class: BaseClass,
    /// The name.
    pub text: String,
    /// Where.
    pub at: LonLat,
}

struct Paths {
    anchor: Anchor,
    green: Patches,
    water: Patches,
    river: Patches,
    rail: Patches,
    roads: [Patches; 3],
}

impl BaseLayer {
    /// Takes a new base map.
    pub fn set(&mut self, map: Option<&Arc<BaseMap>>) {
        self.names = map.map(|map| names(&map.shapes)).unwrap_or_default();
        self.map = map.and_then(|map| Paths::of(&map.shapes));
    }

    /// Says whether the ground and its features are drawn; they are not where a tile server's pictures lie.
    pub fn show_ground(&mut self, show: bool) {
        self.ground = show;
    }

    /// Gives the labels to place.
    pub fn names(&self) -> &[BaseName] {
        if self.ground { &self.names } else { &[] }
    }

    /// Tells whether there is ground to draw.
    pub const fn wants(&self) -> bool {
        self.ground && self.map.is_some()
    }

    /// Draws all but the labels.
    pub fn draw(&self, brush: &Brush) -> Drawn {
        let Some(map) = self.map.as_ref().filter(|_| self.ground) else { return Drawn::Nothing };
        map.draw(brush);
        Drawn::Still
    }
}

impl Paths {
    fn of(shapes: &[BaseShape]) -> Option<Self> {
        let anchor = Anchor::at(shapes.iter().find_map(|shape| first_point(&shape.geometry))?);
        let gather = |class: BaseClass| {
            let features = shapes.iter().filter(|shape| shape.class == class);
            let paths: Vec<_> = features.filter_map(|shape| path_of(&shape.geometry, anchor)).collect();
            Patches::gather(anchor, paths.iter().map(|(reach, path)| (*reach, path)))
        };
        Some(Self {
            anchor,
            green: gather(BaseClass::Green)?,
            water: gather(BaseClass::Water)?,
            river: gather(BaseClass::River)?,
            rail: gather(BaseClass::Rail)?,
            roads: [gather(BaseClass::Minor)?, gather(BaseClass::Secondary)?, gather(BaseClass::Primary)?],
        })
    }

    fn draw(&self, brush: &Brush) {
        let (ink, theme, zoom) = (brush.ink, brush.theme, brush.frame.zoom);
        let place = ink.in_paths(brush.frame, self.anchor);
        ink.fill_with(&theme.green);
        self.green.seen(&brush.part).for_each(|path| ink.fill_even_odd(path));
        ink.fill_with(&theme.water);
        self.water.seen(&brush.part).for_each(|path| ink.fill_even_odd(path));
        stroke(brush, &self.river, &theme.water, river_width(zoom) / place.scale);
        self.draw_roads(brush, theme, place.scale);
        self.draw_rail(brush, place.scale);
    }

    fn draw_roads(&self, brush: &Brush, theme: &MapTheme, scale: f64) {
        let widths = road_widths(brush.frame.zoom);
        for (paths, width) in self.roads.iter().zip(widths).filter(|(_, width)| *width > 1.5) {
            stroke(brush, paths, &theme.road_edge, (width + 1.5) / scale);
        }
        for ((paths, width), colour) in self.roads.iter().zip(widths).zip(&theme.roads) {
            // A road too thin for an edge is drawn in the edge's ink, or it would be lost on the ground.
            let colour = if width > 1.5 { colour } else { &theme.road_edge };
            if width > 0.0 {
                stroke(brush, paths, colour, width / scale);
            }
        }
    }

    fn draw_rail(&self, brush: &Brush, scale: f64) {
        let width = if brush.frame.zoom < 13.0 { 1.0 } else { 2.0 };
        stroke(brush, &self.rail, &brush.theme.rail, width / scale);
        brush.ink.dash(&[5.0 / scale, 5.0 / scale]);
        stroke(brush, &self.rail, &brush.theme.ground, (width - 0.8) / scale);
        brush.ink.dash(&[]);
    }
}

fn stroke(brush: &Brush, paths: &Patches, colour: &str, width: f64) {
    brush.ink.line_with(colour, width);
    paths.seen(&brush.part).for_each(|path| brush.ink.stroke(path));
}

/// Gives the widths of lane, street and main road in CSS pixels at a zoom; 0 is not drawn.
pub fn road_widths(zoom: f64) -> [f64; 3] {
    let grow = |from: f64, start: f64, most: f64| {
        if zoom < from { 0.0 } else { (start * ((zoom - from) * 0.55).exp2()).min(most) }
    };
    [grow(13.25, 0.7, 12.0), grow(11.5, 0.8, 18.0), grow(9.0, 0.9, 24.0)]
}

fn river_width(zoom: f64) -> f64 {
    (1.2 * ((zoom - 10.5) * 0.5).exp2()).clamp(0.8, 24.0)
}

/// Gives a feature's box and path; `None` for a spot, which is a label only.
fn path_of(geometry: &BaseGeometry, anchor: Anchor) -> Option<(BBox, Path2d)> {
    let path = Path2d::new().ok()?;
    let reach = match geometry {
        BaseGeometry::Point(_) => None,
        BaseGeometry::Lines(lines) => {
            for line in lines {
                add_line(&path, line.iter().map(|&point| anchor.path_point(point)), false);
            }
            BBox::around(lines.iter().flatten().copied())
        }
        BaseGeometry::Area(area) => {
            add_area(&path, area, anchor);
            area.bbox()
        }
    };
    Some((reach?, path))
}

/// Adds all rings of an area to a path.
pub fn add_area(path: &Path2d, area: &MultiPolygon, anchor: Anchor) {
    for ring in area.polygons.iter().flat_map(fengtu_geo::Polygon::rings) {
        add_line(path, ring.iter().map(|&point| anchor.path_point(point)), true);
    }
}

fn first_point(geometry: &BaseGeometry) -> Option<LonLat> {
    match geometry {
        BaseGeometry::Point(point) => Some(*point),
        BaseGeometry::Lines(lines) => lines.iter().flatten().copied().next(),
        BaseGeometry::Area(area) => area.polygons.iter().find_map(|polygon| polygon.outer.first().copied()),
    }
}

fn names(shapes: &[BaseShape]) -> Vec<BaseName> {
    let named = shapes.iter().filter_map(|shape| {
        let text = shape.name.clone().filter(|name| !name.trim().is_empty())?;
        Some(BaseName { class: shape.class, text, at: label_point(&shape.geometry)? })
    });
    named.collect()
}

/// Gives where a feature's label stands: at the spot, inside the ground, or at the middle corner of the longest line.
fn label_point(geometry: &BaseGeometry) -> Option<LonLat> {
    match geometry {
        BaseGeometry::Point(point) => Some(*point),
        BaseGeometry::Area(area) => area.interior_point(),
        BaseGeometry::Lines(lines) => {
            let longest = lines.iter().max_by_key(|line| line.len())?;
            longest.get(longest.len() / 2).copied()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roads_keep_their_order_of_weight_at_every_zoom() {
        for quarter in 36..80 {
            let [minor, secondary, primary] = road_widths(f64::from(quarter) / 4.0);
            assert!(minor <= secondary && secondary <= primary, "zoom {}", f64::from(quarter) / 4.0);
        }
        assert!(road_widths(10.0)[0].abs() < f64::EPSILON, "no lanes on the district's own scale");
    }

    #[test]
    fn a_label_stands_on_its_feature() {
        let at = |lon: f64| LonLat { lon, lat: 22.7 };
        let lines = BaseGeometry::Lines(vec![vec![at(113.0)], vec![at(113.9), at(113.95), at(114.0)]]);
        assert_eq!(label_point(&lines), Some(at(113.95)));
        let shape =
            |name: &str| BaseShape { class: BaseClass::Primary, name: Some(name.into()), geometry: lines.clone() };
        assert_eq!(names(&[shape(" "), shape("光明大道")]).len(), 1, "a blank name is none");
    }
}
