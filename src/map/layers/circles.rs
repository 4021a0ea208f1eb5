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
    paths: Vec<(CircleKind, Paths)>,
    anchor: Anchor,
}

/// Holds the circles of a kind in one path, for near and for far.
struct Paths {
    fine: Path2d,
    coarse: Path2d,
}

impl Paths {
    fn new() -> Option<Self> {
        Some(Self { fine: Path2d::new().ok()?, coarse: Path2d::new().ok()? })
    }

    fn add(&self, circle: &CircleMark, anchor: Anchor) {
        add_circle(&self.fine, circle, VERTICES, anchor);
        add_circle(&self.coarse, circle, FEW, anchor);
    }

    /// Gives the one whose corners cannot be seen at a zoom.
    fn at(&self, zoom: f64) -> &Path2d {
        if zoom < FINE_FROM { &self.coarse } else { &self.fine }
    }
}

/// Corners of a circle: at 500 m the chord leaves the arc by 15 cm.
const VERTICES: usize = 128;
/// Corners where it is small: at 500 m the chord leaves the arc by 60 cm, an eighth of a pixel.
const FEW: usize = 64;
/// The zoom from which corners count, at which a pixel is 4.4 m.
const FINE_FROM: f64 = 15.0;
/// Width of an edge, CSS pixels: no more than one of the screen's, or without a GPU a browser draws it five times as slowly.
const EDGE_PX: f64 = 0.99;
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
        for (kind, paths) in &self.paths {
            let path = paths.at(brush.frame.zoom);
            let colour = brush.theme.circle(*kind);
            brush.ink.alpha(FILL_ALPHA);
            brush.ink.fill_with(colour);
            brush.ink.fill(path);
            brush.ink.alpha(0.9);
            brush.ink.line_with(colour, EDGE_PX / place.scale);
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
            let (_, paths) = paths.entry(key).or_insert_with(|| (circle.kind, Paths::new()));
            if let Some(paths) = paths {
                paths.add(circle, self.anchor);
            }
        }
        self.paths = paths.into_values().filter_map(|(kind, paths)| Some((kind, paths?))).collect();
    }
}

fn add_circle(path: &Path2d, circle: &CircleMark, vertices: usize, anchor: Anchor) {
    let ring = distance::circle(circle.center, circle.radius_m, vertices);
    add_line(path, ring.into_iter().map(|point| anchor.path_point(point)), true);
}
