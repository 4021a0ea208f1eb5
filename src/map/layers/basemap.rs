//! The built-in base map: ground, green, water, roads in three weights, rail; no tile server at all.

use std::sync::Arc;

use fengtu_geo::{LonLat, MultiPolygon};
use fengtu_wire::basemap::BaseClass;
use web_sys::Path2d;

use super::{Brush, Drawn};
use crate::map::ink::add_line;
use crate::map::model::{BaseGeometry, BaseMap, BaseShape};
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
    green: Path2d,
    water: Path2d,
    river: Path2d,
    rail: Path2d,
    roads: [Path2d; 3],
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
            let path = Path2d::new().ok()?;
            for shape in shapes.iter().filter(|shape| shape.class == class) {
                add(&path, &shape.geometry, anchor);
            }
            Some(path)
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
        ink.fill_even_odd(&self.green);
        ink.fill_with(&theme.water);
        ink.fill_even_odd(&self.water);
        ink.line_with(&theme.water, river_width(zoom) / place.scale);
        ink.stroke(&self.river);
        self.draw_roads(brush, theme, place.scale);
        self.draw_rail(brush, place.scale);
    }

    fn draw_roads(&self, brush: &Brush, theme: &MapTheme, scale: f64) {
        let zoom = brush.frame.zoom;
        let widths = road_widths(zoom);
        for (path, width) in self.roads.iter().zip(widths).filter(|(_, width)| *width > 1.5) {
            brush.ink.line_with(&theme.road_edge, (width + 1.5) / scale);
            brush.ink.stroke(path);
        }
        for ((path, width), colour) in self.roads.iter().zip(widths).zip(&theme.roads) {
            // A road too thin for an edge is drawn in the edge's ink, or it would be lost on the ground.
            let colour = if width > 1.5 { colour } else { &theme.road_edge };
            if width > 0.0 {
                brush.ink.line_with(colour, width / scale);
                brush.ink.stroke(path);
            }
        }
    }

    fn draw_rail(&self, brush: &Brush, scale: f64) {
        let width = if brush.frame.zoom < 13.0 { 1.0 } else { 2.0 };
        brush.ink.line_with(&brush.theme.rail, width / scale);
        brush.ink.stroke(&self.rail);
        brush.ink.line_with(&brush.theme.ground, (width - 0.8) / scale);
        brush.ink.dash(&[5.0 / scale, 5.0 / scale]);
        brush.ink.stroke(&self.rail);
        brush.ink.dash(&[]);
    }
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

fn add(path: &Path2d, geometry: &BaseGeometry, anchor: Anchor) {
    match geometry {
        BaseGeometry::Point(_) => {}
        BaseGeometry::Lines(lines) => {
            for line in lines {
                add_line(path, line.iter().map(|&point| anchor.path_point(point)), false);
            }
        }
        BaseGeometry::Area(area) => add_area(path, area, anchor),
    }
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
