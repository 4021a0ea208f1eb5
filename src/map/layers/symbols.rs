//! Hatches and symbols that levels share between map and legend: red ▲ dense, yellow ◆ sparse, blue ● plain.

use fengtu_wire::warnings::Level;
use wasm_bindgen::JsCast;
use web_sys::{CanvasPattern, Document, HtmlCanvasElement};

use super::Brush;
use crate::map::ink;
use crate::map::plane::{Placement, Px};

/// Says how close the lines of a hatch stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hatch {
    /// Red.
    Dense,
    /// Yellow.
    Sparse,
    /// Ground that no circle reaches: leans the other way.
    Uncovered,
}

impl Hatch {
    /// Gives the distance of lines along an edge and their width, CSS pixels.
    const fn measures(self) -> (f64, f64) {
        match self {
            Self::Dense => (5.0, 1.5),
            Self::Sparse => (11.0, 1.3),
            Self::Uncovered => (7.0, 1.0),
        }
    }

    /// Tells whether the lines rise to the right.
    const fn rises(self) -> bool {
        !matches!(self, Self::Uncovered)
    }
}

/// Says how much the ground and the lines of a hatch cover, 0–1.
#[derive(Debug, Clone, Copy)]
pub struct Cover {
    /// The ground between and under the lines, in their colour.
    pub ground: f64,
    /// The lines.
    pub lines: f64,
}

/// Makes the pattern of a hatch, ground and lines in one: filling by it costs half of filling twice.
pub fn hatch(brush: &Brush, hatch: Hatch, colour: &str, cover: Cover, place: Placement) -> Option<CanvasPattern> {
    let document = brush.document()?;
    let tile = hatch_tile(&document, hatch, colour, cover, brush.frame.dpr)?;
    brush.ink.pattern(&tile, place, brush.frame.dpr)
}

fn hatch_tile(document: &Document, hatch: Hatch, colour: &str, cover: Cover, dpr: f64) -> Option<HtmlCanvasElement> {
    let (step, width) = hatch.measures();
    let side = (step * dpr).round().max(2.0);
    let (tile, ink) = ink::canvas(document, side as u32, side as u32)?;
    ink.alpha(cover.ground);
    ink.fill_with(colour);
    ink.raw().fill_rect(0.0, 0.0, side, side);
    ink.alpha(cover.lines);
    ink.line_with(colour, width * dpr);
    // The line and its two neighbours, or the corners of the tile would be missing.
    for shift in [-side, 0.0, side] {
        let (low, high) = if hatch.rises() { (side, 0.0) } else { (0.0, side) };
        ink.polyline(&[
            Px { x: shift - side, y: low + (low - high) },
            Px { x: shift, y: low },
            Px { x: shift + side, y: high },
            Px { x: shift + 2.0 * side, y: high + (high - low) },
        ]);
    }
    Some(tile)
}

/// Draws a level's symbol around a point.
pub fn level(brush: &Brush, level: Level, at: Px, size: f64) {
    let Some(colour) = brush.theme.level(level) else { return };
    let corners = corners(level, at, size / 2.0);
    brush.ink.fill_with(colour);
    // Light around it, so that a symbol stands off its own ground.
    brush.ink.line_with(&brush.theme.halo, 3.0);
    if corners.is_empty() {
        brush.ink.ring(at, size * 0.42);
        brush.ink.disc(at, size * 0.42);
    } else {
        let closed: Vec<Px> = corners.iter().chain(corners.first()).copied().collect();
        brush.ink.polyline(&closed);
        brush.ink.polygon(&corners);
    }
}

/// Gives the corners of a level's symbol; none for the disc.
pub fn corners(level: Level, at: Px, half: f64) -> Vec<Px> {
    let corner = |x: f64, y: f64| Px { x: at.x + x * half, y: at.y + y * half };
    match level {
        Level::Red => vec![corner(0.0, -1.0), corner(1.0, 0.85), corner(-1.0, 0.85)],
        Level::Yellow => vec![corner(0.0, -1.1), corner(1.1, 0.0), corner(0.0, 1.1), corner(-1.1, 0.0)],
        _ => Vec::new(),
    }
}

/// Gives the document that a canvas belongs to.
pub fn document_of(canvas: Option<HtmlCanvasElement>) -> Option<Document> {
    canvas.and_then(|canvas| canvas.unchecked_into::<web_sys::Node>().owner_document())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_differ_in_shape_and_hatch() {
        let count = |level| corners(level, Px::default(), 6.0).len();
        assert_eq!([Level::Red, Level::Yellow, Level::Blue].map(count), [3, 4, 0]);
        assert!(Hatch::Dense.measures().0 * 2.0 <= Hatch::Sparse.measures().0);
        assert_ne!(Hatch::Uncovered.rises(), Hatch::Dense.rises());
    }
}
