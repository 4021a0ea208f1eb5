//! What no circle reaches: the ground hatched, the buildings as small marks; and where the next station would cover most.

use std::sync::Arc;

use fengtu_geo::{BBox, distance};
use web_sys::Path2d;

use super::symbols::{self, Cover, Hatch};
use super::{Brush, Drawn};
use crate::map::ink::add_line;
use crate::map::model::{Candidate, Uncovered};
use crate::map::plane::{Anchor, Px};

/// Draws what is uncovered.
#[derive(Default)]
pub struct CoverageLayer {
    uncovered: Option<Arc<Uncovered>>,
    ground: Option<(Path2d, Anchor)>,
    candidate: Option<Candidate>,
}

/// From this zoom single buildings are marked; below, the hatch says it.
const BUILDINGS_FROM: f64 = 13.0;

impl CoverageLayer {
    /// Takes what is uncovered.
    pub fn set(&mut self, uncovered: Option<Arc<Uncovered>>) {
        self.ground = uncovered.as_ref().and_then(|uncovered| boxes(&uncovered.ground));
        self.uncovered = uncovered;
    }

    /// Takes where the next station would be.
    pub fn set_candidate(&mut self, candidate: Option<Candidate>) {
        self.candidate = candidate;
    }

    /// Tells whether there is anything to draw.
    pub const fn wants(&self) -> bool {
        self.uncovered.is_some() || self.candidate.is_some()
    }

    /// Draws ground, buildings, candidate.
    pub fn draw(&self, brush: &Brush) -> Drawn {
        if let Some((path, anchor)) = &self.ground {
            let place = brush.ink.in_paths(brush.frame, *anchor);
            let cover = Cover { ground: 0.0, lines: 0.6 };
            if let Some(pattern) = symbols::hatch(brush, Hatch::Uncovered, &brush.theme.uncovered, cover, place) {
                brush.ink.fill_with_pattern(&pattern);
                brush.ink.fill(path);
            }
        }
        brush.ink.in_pixels(brush.frame);
        if let Some(uncovered) = self.uncovered.as_ref().filter(|_| brush.frame.zoom >= BUILDINGS_FROM) {
            buildings(brush, uncovered);
        }
        if let Some(candidate) = &self.candidate {
            draw_candidate(brush, candidate);
        }
        Drawn::Still
    }
}

/// Marks each uncovered building with a small cross.
fn buildings(brush: &Brush, uncovered: &Uncovered) {
    let Ok(path) = Path2d::new() else { return };
    let arm = ((brush.frame.zoom - 12.0) * 0.7).clamp(1.0, 4.0);
    let seen = uncovered.buildings.iter().map(|&at| brush.frame.px(at)).filter(|&at| brush.in_part(at, arm + 1.0));
    for Px { x, y } in seen {
        add_line(&path, [Px { x: x - arm, y: y - arm }, Px { x: x + arm, y: y + arm }], false);
        add_line(&path, [Px { x: x - arm, y: y + arm }, Px { x: x + arm, y: y - arm }], false);
    }
    brush.ink.line_with(&brush.theme.uncovered, 1.2);
    brush.ink.stroke(&path);
}

/// Draws the circle that a next station would have, dashed, with a plus in the middle and its word below.
fn draw_candidate(brush: &Brush, candidate: &Candidate) {
    let ring = distance::circle(candidate.at, candidate.radius_m, 96);
    let corners: Vec<Px> = ring.into_iter().map(|point| brush.frame.px(point)).collect();
    brush.ink.line_with(&brush.theme.accent, 2.0);
    brush.ink.dash(&[6.0, 5.0]);
    brush.ink.polyline(&corners);
    brush.ink.dash(&[]);
    let at = brush.frame.px(candidate.at);
    brush.ink.line_with(&brush.theme.halo, 6.0);
    plus(brush, at);
    brush.ink.line_with(&brush.theme.accent, 2.5);
    plus(brush, at);
    brush.ink.font(&format!("12px {}", brush.theme.font));
    brush.ink.label(&candidate.label, Px { y: at.y + 20.0, ..at }, &brush.theme.ink, &brush.theme.halo);
}

fn plus(brush: &Brush, at: Px) {
    brush.ink.polyline(&[Px { x: at.x - 8.0, ..at }, Px { x: at.x + 8.0, ..at }]);
    brush.ink.polyline(&[Px { y: at.y - 8.0, ..at }, Px { y: at.y + 8.0, ..at }]);
}

fn boxes(ground: &[BBox]) -> Option<(Path2d, Anchor)> {
    let anchor = Anchor::at(ground.first()?.center());
    let path = Path2d::new().ok()?;
    for area in ground {
        add_line(&path, area.ring().into_iter().map(|corner| anchor.path_point(corner)), true);
    }
    Some((path, anchor))
}
