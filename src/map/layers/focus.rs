//! What is chosen and pointed at: outlines in the accent, the rest dimmed a little.

use fengtu_wire::ids::PlaceId;
use web_sys::Path2d;

use super::areas::AreaLayer;
use super::{Brush, Drawn};
use crate::map::ink::add_line;
use crate::map::model::Hit;
use crate::map::plane::{Anchor, Px};

/// Draws selection, pointer and focus on areas.
#[derive(Default)]
pub struct FocusLayer {
    /// The place outside which all is dimmed.
    pub focus: Option<PlaceId>,
    /// What is chosen.
    pub selected: Option<Hit>,
    /// What is pointed at.
    pub hovered: Option<Hit>,
}

impl FocusLayer {
    /// Tells whether there could be anything to draw.
    pub const fn wants(&self) -> bool {
        self.focus.is_some()
            || matches!(self.selected, Some(Hit::Area(_)))
            || matches!(self.hovered, Some(Hit::Area(_)))
    }

    /// Draws over the areas.
    pub fn draw(&self, brush: &Brush, areas: &AreaLayer) -> Drawn {
        let mut drawn = Drawn::Nothing;
        if let Some((path, anchor)) = self.focus.as_ref().and_then(|id| find(areas, id)) {
            dim_outside(brush, path, anchor);
            drawn = Drawn::Still;
        }
        for (hit, width, colour) in [(&self.hovered, 1.5, &brush.theme.ink), (&self.selected, 3.0, &brush.theme.accent)]
        {
            let Some(Hit::Area(id)) = hit else { continue };
            if let Some((path, anchor)) = find(areas, id) {
                outline(brush, path, anchor, colour, width);
                drawn = Drawn::Still;
            }
        }
        drawn
    }
}

fn find<'a>(areas: &'a AreaLayer, id: &PlaceId) -> Option<(&'a Path2d, Anchor)> {
    areas.shown().path(id).or_else(|| areas.above().path(id))
}

fn outline(brush: &Brush, path: &Path2d, anchor: Anchor, colour: &str, width: f64) {
    let place = brush.ink.in_paths(brush.frame, anchor);
    brush.ink.line_with(&brush.theme.halo, (width + 2.0) / place.scale);
    brush.ink.stroke(path);
    brush.ink.line_with(colour, width / place.scale);
    brush.ink.stroke(path);
}

/// Covers everything but a place with the dimming ink.
fn dim_outside(brush: &Brush, path: &Path2d, anchor: Anchor) {
    let Ok(around) = Path2d::new_with_other(path) else { return };
    let place = brush.ink.in_paths(brush.frame, anchor);
    let unplace = |x: f64, y: f64| Px { x: (x - place.x) / place.scale, y: (y - place.y) / place.scale };
    let (width, height) = (brush.frame.width, brush.frame.height);
    let corners = [(-1.0, -1.0), (width + 1.0, -1.0), (width + 1.0, height + 1.0), (-1.0, height + 1.0)];
    add_line(&around, corners.map(|(x, y)| unplace(x, y)), true);
    brush.ink.alpha(0.4);
    brush.ink.fill_with(&brush.theme.dim);
    brush.ink.fill_even_odd(&around);
    brush.ink.alpha(1.0);
}
