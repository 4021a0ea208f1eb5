//! Service circles, geodesic: one hue per kind, overlapping ones darken nothing.

use std::collections::BTreeMap;

use fengtu_geo::distance;
use fengtu_wire::stations::CircleKind;
use web_sys::Path2d;

use super::{Brush, Drawn};
use crate::map::ink::add_line;
use crate::map::model::{CircleMark, Shared};
use crate::map::plane::Anchor;

/// Draws the circles.
#[derive(Default)]
pub struct CircleLayer {
    circles: Shared<CircleMark>,
    kinds: Vec<CircleKind>,
    paths: Vec<(CircleKind, Path2d)>,
    anchor: Anchor,
}

/// Corners of a circle: at 500 m the chord leaves the arc by 15 cm.
const VERTICES: usize = 128;
/// How strongly a kind tints the ground.
const FILL_ALPHA: f64 = 0.10;

impl CircleLayer {
    /// Takes all circles.
    pub fn set(&mut self, circles: Shared<CircleMark>) {
        self.circles = circles;
        self.build();
    }

    /// Takes the kinds that are switched on.
    pub fn show(&mut self, kinds: Vec<CircleKind>) {
        self.kinds = kinds;
        self.build();
    }

    /// Tells whether there is anything to draw.
    pub const fn wants(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Draws tints, then edges.
    pub fn draw(&self, brush: &Brush) -> Drawn {
        let place = brush.ink.in_paths(brush.frame, self.anchor);
        for (kind, path) in &self.paths {
            let colour = brush.theme.circle(*kind);
            brush.ink.alpha(FILL_ALPHA);
            brush.ink.fill_with(colour);
            brush.ink.fill(path);
            brush.ink.alpha(0.9);
            brush.ink.line_with(colour, 1.25 / place.scale);
            brush.ink.stroke(path);
        }
        brush.ink.alpha(1.0);
        Drawn::Still
    }

    fn build(&mut self) {
        self.anchor = self.circles.first().map(|circle| Anchor::at(circle.center)).unwrap_or_default();
        let mut paths = BTreeMap::new();
        for circle in self.circles.iter().filter(|circle| self.kinds.contains(&circle.kind)) {
            let key = self.kinds.iter().position(|kind| *kind == circle.kind);
            let (_, path) = paths.entry(key).or_insert_with(|| (circle.kind, Path2d::new().ok()));
            if let Some(path) = path {
                add_circle(path, circle, self.anchor);
            }
        }
        self.paths = paths.into_values().filter_map(|(kind, path)| Some((kind, path?))).collect();
    }
}

fn add_circle(path: &Path2d, circle: &CircleMark, anchor: Anchor) {
    let ring = distance::circle(circle.center, circle.radius_m, VERTICES);
    add_line(path, ring.into_iter().map(|point| anchor.path_point(point)), true);
}
